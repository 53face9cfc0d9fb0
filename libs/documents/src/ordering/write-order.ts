import { resourceLabel } from '@dms/api-schema';
import type { RelationalModelSet } from '@dms/model';

interface Targets {
  readonly required: readonly string[];
  readonly all: readonly string[];
}

/** Which resources a document of each resource may name, and which it has to. */
function referenceGraph(model: RelationalModelSet): ReadonlyMap<string, Targets> {
  const members = new Map(
    model.abstractUnionViews.map(({ resourceKey, unionArms }) => [
      resourceLabel(resourceKey),
      unionArms.map(({ concreteMember }) => resourceLabel(concreteMember)),
    ]),
  );
  const relational = model.resources.filter(({ storageKind }) => storageKind === 'RelationalTables');
  return new Map(
    relational.map(({ resourceKey, tablesInDependencyOrder: [root], documentReferenceBindings }) => {
      const required: string[] = [];
      const all: string[] = [];
      const rootColumns = new Map(root?.columns.map(({ name, isNullable }) => [name, isNullable]));
      for (const { table, fkColumn, targetResource } of documentReferenceBindings) {
        const label = resourceLabel(targetResource);
        const targets = members.get(label) ?? [label];
        const isOnRoot = table.name === root?.table.name && table.schema === root.table.schema;
        all.push(...targets);
        if (isOnRoot && rootColumns.get(fkColumn) === false) required.push(...targets);
      }
      return [resourceLabel(resourceKey), { required, all }];
    }),
  );
}

/** Depth-first, targets before those that name them; a circle is cut where it is met again. */
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

/** Groups of resources that name each other over any number of others; a group comes after those it names. */
function circles(graph: ReadonlyMap<string, Targets>): string[][] {
  const reversed = new Map([...graph.keys()].map((label) => [label, [] as string[]]));
  for (const [label, { all }] of graph) for (const target of all) reversed.get(target)?.push(label);
  // Kosaraju: who names a group is found from the end of a walk over those who are named
  const byNaming = depthFirst(graph.keys(), (label) => reversed.get(label) ?? []).reverse();
  const known = new Set<string>();
  return byNaming.flatMap((start) => {
    if (known.has(start)) return [];
    const group = depthFirst([start], (label) => (graph.get(label)?.all ?? []).filter((target) => !known.has(target)));
    for (const label of group) known.add(label);
    return [group];
  });
}

/** Resources that are written together: one, or those of a circle. */
export interface WriteGroup {
  /** Within a circle those that must be there before those that may. */
  readonly labels: readonly string[];
  /** Whether a document of the group may name another one of it. */
  readonly isCircle: boolean;
  /** Positions of the groups whose documents it names. */
  readonly after: readonly number[];
}

/** The groups in which the relational resources can be written, each after those that it names (design 14 §4). */
export function writeGroups(model: RelationalModelSet): WriteGroup[] {
  const graph = referenceGraph(model);
  const groups = circles(graph);
  const positions = new Map(groups.flatMap((group, position) => group.map((label) => [label, position] as const)));
  return groups.map((group, position) => {
    const own = new Set(group);
    const labels = depthFirst(group, (label) => (graph.get(label)?.required ?? []).filter((target) => own.has(target)));
    const targets = new Set(group.flatMap((label) => graph.get(label)?.all ?? []));
    const after = new Set([...targets].flatMap((label) => positions.get(label) ?? []));
    after.delete(position);
    return { labels, isCircle: labels.some((label) => targets.has(label)), after: [...after] };
  });
}

/**
 * Labels of the relational resources so that documents can be written in that order (design 14 §4): targets of references before
 * those that name them, within a circle those that must be there before those that may. What a circle leaves unresolved needs
 * another round.
 */
export const writeOrder = (model: RelationalModelSet): string[] => writeGroups(model).flatMap(({ labels }) => labels);
