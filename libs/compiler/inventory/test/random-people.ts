import type { DocumentReferenceBinding, RelationalModelSet, ResourceModel } from '@dms/model';
import { handMade, path, random } from '@dms/testing';
import type { PersonKind } from '../src/inventory.ts';

const { binding, descriptorResource, modelSet, reference, resource, rootTable } = handMade;

const kinds = ['student', 'contact', 'staff'] as const;

/** A reference of a random resource: its path, and the label of its target. */
interface WayToPerson {
  readonly path: string;
  readonly to: string;
}

function withWays(
  label: string,
  id: number,
  ways: readonly WayToPerson[],
  people: Readonly<Record<(typeof kinds)[number], readonly string[]>>,
): ResourceModel {
  const name = `s${id}.T${id}`;
  const columns = ways.map(({ to }, index) => reference(`Ref${index}_DocumentId`, `$.ref${index}Reference`, to));
  const bindings = ways.map(
    (way, index): DocumentReferenceBinding =>
      binding(name, `Ref${index}_DocumentId`, `$.ref${index}Reference`, way.to, [[way.path, `Ref${index}_Id`]]),
  );
  const { securableElements, ...rest } = resource(label, [rootTable(name, columns)], { id, references: bindings });
  const paths = Object.fromEntries(kinds.map((kind) => [kind, people[kind].map((text) => path(text))]));
  return { ...rest, securableElements: { ...securableElements, ...paths } };
}

/**
 * A random model whose resources refer to one another and to people: in circles, over descriptors and unknown
 * resources, over one path to several resources, over arrays.
 */
export function randomPeople(seed: number): RelationalModelSet {
  const next = random(seed);
  const upTo = (count: number) => Math.floor(next() * count);
  const core = next() < 0.8 ? 'Ed-Fi' : 'ED-FI';
  const labels = [
    ...['Student', 'Contact', 'Staff']
      .filter(() => next() < 0.6)
      .map((name) => `${next() < 0.85 ? core : 'Sample'}:${name}`),
    ...Array.from({ length: 2 + upTo(6) }, (_, index) => `${next() < 0.5 ? core : 'Sample'}:R${index}`),
  ];
  const resources = labels.map((label, index) => {
    const ways = Array.from({ length: upTo(4) }, (_, way): WayToPerson => {
      const to =
        next() < 0.06
          ? 'Ed-Fi:Unknown'
          : next() < 0.06
            ? 'Ed-Fi:KindDescriptor'
            : (labels[upTo(labels.length)] as string);
      const shared = way > 0 && next() < 0.15 ? 0 : way;
      return { to, path: `$.ref${shared}Reference.id` };
    });
    const known = [...ways.map((way) => way.path), '$.lost.id', '$.items[*].id', '$.studentUniqueId'];
    const some = () => known.filter(() => next() < 0.6).sort(() => next() - 0.5);
    return withWays(label, index + 1, ways, { student: some(), contact: some(), staff: some() });
  });
  return modelSet([...resources, descriptorResource('Ed-Fi:KindDescriptor', labels.length + 1)]);
}

/** Resources that all refer to each other; the last one refers to a student, or to nobody. */
export function densePeople(count: number, hasStudent: boolean): RelationalModelSet {
  const labels = Array.from({ length: count }, (_, index) => `Ed-Fi:R${index}`);
  const resources = labels.map((label, index) => {
    const isLast = index === count - 1;
    const others = labels.filter((other) => other !== label);
    const targets = isLast && hasStudent ? [...others, 'Ed-Fi:Student'] : others;
    const ways = targets.map((to, way) => ({ to, path: `$.ref${way}Reference.id` }));
    return withWays(label, index + 1, ways, { student: ways.map((way) => way.path), contact: [], staff: [] });
  });
  const none = { student: [], contact: [], staff: [] };
  return modelSet([...resources, ...(hasStudent ? [withWays('Ed-Fi:Student', count + 1, [], none)] : [])]);
}

const isCore = (projectName: string) => projectName.toLowerCase() === 'ed-fi';
const labelOf = ({ projectName, resourceName }: { projectName: string; resourceName: string }) =>
  `${projectName}:${resourceName}`;

/** The chain of a path by the definition of design 15a §2, found by trying every candidate: `table.column` per step. */
export function chainByTheChapter(
  model: RelationalModelSet,
  resource: ResourceModel,
  text: string,
  person: PersonKind,
): readonly string[] | undefined {
  const bindingOf = (of: ResourceModel, at: string) => {
    const root = of.tablesInDependencyOrder[0];
    return of.documentReferenceBindings.find(
      (candidate) =>
        root &&
        labelOf({ projectName: candidate.table.schema, resourceName: candidate.table.name }) ===
          labelOf({ projectName: root.table.schema, resourceName: root.table.name }) &&
        candidate.identityBindings.some(({ referenceJsonPath }) => referenceJsonPath.canonical === at),
    );
  };
  const targetOf = (found: DocumentReferenceBinding) =>
    model.resources.find(
      ({ resourceKey, tablesInDependencyOrder }) =>
        labelOf(resourceKey) === labelOf(found.targetResource) && tablesInDependencyOrder.length > 0,
    );
  const isPerson = ({ resourceKey }: ResourceModel) =>
    resourceKey.resourceName === person && isCore(resourceKey.projectName);
  const step = ({ table, fkColumn }: DocumentReferenceBinding) => `${table.schema}.${table.name}.${fkColumn}`;
  const pathsOf = ({ securableElements: { student, contact, staff } }: ResourceModel) =>
    ({ Student: student, Contact: contact, Staff: staff })[person].map(({ canonical }) => canonical);
  const rest = (from: ResourceModel, visited: readonly ResourceModel[]): readonly string[] | undefined => {
    if (isPerson(from)) return [];
    let shortest: readonly string[] | undefined;
    for (const at of pathsOf(from)) {
      const found = at.includes('[*]') ? undefined : bindingOf(from, at);
      const target = found && targetOf(found);
      if (!found || !target || visited.includes(target)) continue;
      const further = rest(target, [...visited, target]);
      const candidate = further && [step(found), ...further];
      if (candidate && (!shortest || candidate.length < shortest.length)) shortest = candidate;
    }
    return shortest;
  };
  const found = text.includes('[*]') ? undefined : bindingOf(resource, text);
  const target = found && targetOf(found);
  if (!found || !target) return undefined;
  if (isPerson(target)) return [step(found)];
  const further = rest(target, [resource, target]);
  return further && [step(found), ...further];
}
