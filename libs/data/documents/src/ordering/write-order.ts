import { resourceLabel } from '@dms/api-schema';
import { append } from '@dms/diagnostics';
import { modelIndex, type RelationalModelSet } from '@dms/model';
import { cachedByObject } from '@dms/values';

/**
 * Labels of the relational resources in an order in which documents can be written (design 14a §1): targets before their
 * referrers and, within a circle, required targets before optional ones. References that a circle leaves unresolved can
 * be written when their targets exist.
 */
export const writeOrder = (model: RelationalModelSet): string[] => writeGroups(model).flatMap(({ labels }) => labels);

/** The concrete resources of each abstract one, by label. */
export const concreteMembers = cachedByObject(
  ({ abstractUnionViews }: RelationalModelSet): ReadonlyMap<string, readonly string[]> =>
    new Map(
      abstractUnionViews.map(({ resourceKey, unionArms }) => [
        resourceLabel(resourceKey),
        unionArms.map(({ concreteMember }) => resourceLabel(concreteMember)),
      ]),
    ),
);

/** Resources that are written together: a single one, or the resources of a circle. */
export interface WriteGroup {
  /** Within a circle, required targets come before optional ones. */
  readonly labels: readonly string[];
  /** Whether a document of the group may refer to another one in the group. */
  readonly isCircle: boolean;
  /** The positions of the groups to which its documents refer. */
  readonly after: readonly number[];
}

/**
 * The groups in which the relational resources can be written, each after the groups to which it refers (design 14a §1).
 */
export const writeGroups = cachedByObject((model: RelationalModelSet): readonly WriteGroup[] => {
  const graph = referenceGraph(model);
  const groups = circles(graph);
  const positions = new Map(groups.flatMap((group, position) => group.map((label) => [label, position] as const)));
  return groups.map((group, position) => {
    const own = new Set(group);
    // an abstract resource with a member in another group needs no document of this group
    const required = new Map(
      group.map((label) => [
        label,
        (graph.get(label)?.required ?? []).filter((targets) => targets.every((target) => own.has(target))),
      ]),
    );
    const labels = afterOneTarget(
      depthFirst(group, (label) => (required.get(label) ?? []).flat()),
      (label) => required.get(label) ?? [],
    );
    const targets = new Set(group.flatMap((label) => graph.get(label)?.all ?? []));
    const after = new Set([...targets].flatMap((label) => positions.get(label) ?? []));
    after.delete(position);
    return { labels, isCircle: labels.some((label) => targets.has(label)), after: [...after] };
  });
});

interface WrittenTargets {
  /** For each required reference, the resources one of whose documents must exist. */
  readonly required: readonly (readonly string[])[];
  readonly all: readonly string[];
}

/** The resources that a document of each resource may refer to, and those that it must refer to. */
function referenceGraph(model: RelationalModelSet): ReadonlyMap<string, WrittenTargets> {
  const members = concreteMembers(model);
  return new Map(
    modelIndex(model).relational.map(({ resourceKey, tablesInDependencyOrder: [root], documentReferenceBindings }) => {
      const required: (readonly string[])[] = [];
      const all: string[] = [];
      const rootColumns = new Map(root?.columns.map(({ name, isNullable }) => [name, isNullable]));
      for (const { table, fkColumn, targetResource } of documentReferenceBindings) {
        const label = resourceLabel(targetResource);
        const targets = members.get(label) ?? [label];
        const isOnRoot = table.name === root?.table.name && table.schema === root.table.schema;
        append(all, targets);
        if (isOnRoot && rootColumns.get(fkColumn) === false) required.push(targets);
      }
      return [resourceLabel(resourceKey), { required, all }];
    }),
  );
}

/**
 * Groups of resources that refer to each other, directly or through others; a group comes after the groups to which it
 * refers.
 */
function circles(graph: ReadonlyMap<string, WrittenTargets>): string[][] {
  const reversed = new Map([...graph.keys()].map((label) => [label, [] as string[]]));
  for (const [label, { all }] of graph) for (const target of all) reversed.get(target)?.push(label);
  // Kosaraju's algorithm: each group is found by a walk over targets, in the reverse order of a walk over referrers
  const byNaming = depthFirst(graph.keys(), (label) => reversed.get(label) ?? []).reverse();
  const known = new Set<string>();
  return byNaming.flatMap((start) => {
    if (known.has(start)) return [];
    const group = depthFirst([start], (label) => (graph.get(label)?.all ?? []).filter((target) => !known.has(target)));
    for (const label of group) known.add(label);
    return [group];
  });
}

/**
 * Labels in the given order, except that each comes after one target of each of its references: any member will do for
 * a reference to an abstract resource. If no order has that, the first label that is left comes next.
 */
function afterOneTarget(
  labels: readonly string[],
  referencesOf: (label: string) => readonly (readonly string[])[],
): string[] {
  const placed = new Set<string>();
  for (let waiting = labels; waiting.length > 0; ) {
    const later: string[] = [];
    for (const label of waiting) {
      const isReady = referencesOf(label).every((targets) => targets.some((target) => placed.has(target)));
      if (isReady) placed.add(label);
      else later.push(label);
    }
    const [first] = later;
    if (first !== undefined && later.length === waiting.length) placed.add(first);
    waiting = later.filter((label) => !placed.has(label));
  }
  return [...placed];
}

/** Depth-first, targets before their referrers; a circle is cut where the walk returns to it. */
function depthFirst(labels: Iterable<string>, targetsOf: (label: string) => readonly string[]): string[] {
  const known = new Set<string>();
  const ordered: string[] = [];
  const visit = (label: string) => {
    if (known.has(label)) return;
    known.add(label);
    for (const target of targetsOf(label)) visit(target);
    ordered.push(label);
  };
  for (const label of labels) visit(label);
  return ordered;
}
