import { isWithin, labelledResource, resourceLabel } from '@dms/api-schema';
import { nearNames } from '@dms/diagnostics';
import { pathName } from '@dms/translation';
import { compareBy } from '@dms/values';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { typeConversion } from '../matching/type-conversion.ts';
import type { Rename, Renaming } from './renaming.ts';
import { membersWithOwnNames, type PathObject, type SchemaObjects, schemaObjects } from './schema-objects.ts';

/**
 * Proposed renames: a removed and a new object of the same kind, type and place, with similar names, if no other object
 * matches either of them. Projects match too if they declare much the same. Contents of a removed object are proposed
 * once the object itself is renamed (design 12 §11).
 */
export function renameCandidates(before: ComparedSet, after: ComparedSet, renaming: Renaming): readonly Rename[] {
  const earlier = schemaObjects(before);
  const later = schemaObjects(after);
  return sorted([
    ...projectCandidates(earlier, later, renaming),
    ...resourceCandidates(earlier, later, renaming),
    ...pathCandidates(before, earlier, later, renaming),
  ]);
}

const sorted = (renames: readonly Rename[]) =>
  [...renames].sort(
    compareBy(
      ({ before: name }) => name,
      ({ after: name }) => name,
    ),
  );

function projectCandidates(before: SchemaObjects, after: SchemaObjects, renaming: Renaming): Rename[] {
  const names = new Set([...before.projects.keys()].map(renaming.project));
  const left = [...before.projects.keys()].filter((name) => !after.projects.has(renaming.project(name)));
  const added = [...after.projects.keys()].filter((name) => !names.has(name));
  if (left.length === 0 || added.length === 0) return [];
  const then = declared(before, renaming.resource);
  const now = declared(after, (label) => label);
  const mayBe = (from: string, to: string) =>
    before.projects.get(from) === after.projects.get(to) &&
    (areSimilar(from, to) || shareHalf(then.get(from) ?? new Set(), now.get(to) ?? new Set()));
  return pairs(left, added, mayBe).map(([from, to]) => ({ before: from, after: to }));
}

/** The names that each project declares: its resources, and the objects that it adds to resources of other projects. */
function declared({ resources, paths }: SchemaObjects, resource: (label: string) => string) {
  const found = new Map<string, Set<string>>();
  const add = (project: string, name: string) =>
    found.set(project, (found.get(project) ?? new Set<string>()).add(name));
  for (const label of resources.keys()) add(labelledResource(label).projectName, labelledResource(label).resourceName);
  for (const [label, objects] of paths)
    for (const { project, path } of objects.values())
      if (project !== labelledResource(label).projectName)
        // the member of _ext has the name of the project's endpoint
        add(project, `${resource(label)}.${path.replace(/\._ext\.[^.[]+/g, '._ext')}`);
  return found;
}

/** Whether two names may mean the same thing: they are spelled alike, or share at least half of their words. */
function areSimilar(left: string, right: string): boolean {
  const mine = wordsOf(left);
  const theirs = wordsOf(right);
  if (shareHalf(mine, theirs)) return true;
  // long names are compared without their common words, which make any two of them look alike
  const rest = (words: ReadonlySet<string>, others: ReadonlySet<string>) =>
    [...words].filter((word) => !others.has(word)).join('');
  return nearNames(rest(mine, theirs), [rest(theirs, mine)]).length > 0;
}

/** Words for the kind of an object, or without a meaning of their own. */
const emptyWords: ReadonlySet<string> = new Set(['a', 'an', 'of', 'the', 'id', 'descriptor', 'reference', 'ext']);

/** The words of a name: `birthCity` and `cityOfBirth` have the same words. */
function wordsOf(name: string): ReadonlySet<string> {
  const words = name.replace(/([\p{Ll}\p{Nd}])(?=\p{Lu})/gu, '$1 ').split(/[^\p{L}\p{Nd}]+/u);
  return new Set(words.map((word) => word.toLowerCase()).filter((word) => word !== '' && !emptyWords.has(word)));
}

/** Whether two sets have something in common, and at least half of the larger one. */
function shareHalf(mine: ReadonlySet<string>, theirs: ReadonlySet<string>): boolean {
  const common = [...mine].filter((each) => theirs.has(each)).length;
  return common > 0 && common * 2 >= Math.max(mine.size, theirs.size);
}

/** Pairs of a removed and a new object that can only be matched with each other. */
function pairs<Object>(
  left: readonly Object[],
  added: readonly Object[],
  mayBe: (before: Object, after: Object) => boolean,
): (readonly [Object, Object])[] {
  return left.flatMap((before) => {
    const [after, ...others] = added.filter((each) => mayBe(before, each));
    if (after === undefined || others.length > 0) return [];
    const rivals = left.filter((each) => mayBe(each, after));
    return rivals.length === 1 ? [[before, after] as const] : [];
  });
}

function resourceCandidates(before: SchemaObjects, after: SchemaObjects, renaming: Renaming): Rename[] {
  const moved = movedResources(before, after, renaming).flatMap((move) => [move.before, move.after]);
  const unmatched = unmatchedResources(before, after, renaming);
  const left = unmatched.left.filter((label) => !moved.includes(label));
  const added = unmatched.added.filter((label) => !moved.includes(label));
  const mayBe = (from: string, to: string) => {
    const then = labelledResource(from);
    const now = labelledResource(to);
    return (
      before.resources.get(from) === after.resources.get(to) &&
      renaming.project(then.projectName) === now.projectName &&
      areSimilar(then.resourceName, now.resourceName)
    );
  };
  return pairs(left, added, mayBe).map(([from, to]) => ({ before: from, after: to }));
}

/** Resources of one kind and name in different projects. */
function movedResources(before: SchemaObjects, after: SchemaObjects, renaming: Renaming): Rename[] {
  const { left, added } = unmatchedResources(before, after, renaming);
  const mayBe = (from: string, to: string) =>
    before.resources.get(from) === after.resources.get(to) &&
    labelledResource(from).resourceName === labelledResource(to).resourceName;
  return pairs(left, added, mayBe).map(([from, to]) => ({ before: from, after: to }));
}

/** The resources that only one of the sets has. */
function unmatchedResources(before: SchemaObjects, after: SchemaObjects, renaming: Renaming) {
  const names = new Set([...before.resources.keys()].map(renaming.resource));
  return {
    left: [...before.resources.keys()].filter((label) => !after.resources.has(renaming.resource(label))),
    added: [...after.resources.keys()].filter((label) => !names.has(label)),
  };
}

function pathCandidates(
  { model }: ComparedSet,
  before: SchemaObjects,
  after: SchemaObjects,
  renaming: Renaming,
): readonly Rename[] {
  const found = [...before.paths].flatMap(([resource, objects]) => {
    const later = after.paths.get(renaming.resource(resource));
    if (!later) return [];
    const names = new Set([...objects.keys()].map((path) => renaming.path(resource, path)));
    const left = outermost([...objects.values()].filter(({ path }) => !later.has(renaming.path(resource, path))));
    const added = outermost([...later.values()].filter(({ path }) => !names.has(path)));
    return pairs(left, added, isSameKind(resource, renaming)).map(([from, to]) => ({ resource, from, to }));
  });
  const places = new Set(found.map(({ resource, from, to }) => `${resource}\n${from.path}\n${to.path}`));
  return found.flatMap(({ resource, from, to }) => {
    // the identity of an abstract resource follows its members, so a rename of its own would change nothing
    const members = membersWithOwnNames(model, resource).map(({ resourceKey }) => resourceLabel(resourceKey));
    const follows = members.every((member) => places.has(`${member}\n${from.path}\n${to.path}`));
    return members.length > 0 && follows
      ? []
      : [{ before: pathName(resource, from.path), after: pathName(renaming.resource(resource), to.path) }];
  });
}

/** The objects of a list that lie in no other object of it. */
const outermost = (objects: readonly PathObject[]) =>
  objects.filter(({ path }) => objects.every((other) => other.path === path || !isWithin(path, other.path)));

/** Whether one object may have become the other: same kind and type, same rows, similar names. */
function isSameKind(resource: string, renaming: Renaming) {
  return (before: PathObject, after: PathObject): boolean =>
    before.kind === after.kind &&
    renaming.path(resource, before.scope) === after.scope &&
    renaming.project(before.project) === after.project &&
    (before.target === null ? null : renaming.resource(before.target)) === after.target &&
    (before.type === null || after.type === null
      ? before.type === after.type
      : typeConversion(before.type, after.type).kind !== 'other') &&
    areSimilar(lastName(before.path), lastName(after.path));
}

/** The last name of a path. */
const lastName = (path: string) => path.slice(path.lastIndexOf('.') + 1).replace('[*]', '');

/**
 * Removed and new objects that may be the same although they lie in another project, resource or object: of the same
 * kind, type and name, if no other object matches either of them. A rename cannot express this (design 12 §11.1), but a
 * translation can.
 */
export function moveCandidates(before: ComparedSet, after: ComparedSet, renaming: Renaming): readonly Rename[] {
  const earlier = schemaObjects(before);
  const later = schemaObjects(after);
  return sorted([...movedResources(earlier, later, renaming), ...movedPaths(earlier, later, renaming)]);
}

/** An object of documents, and the resource that has it. */
interface OwnedObject {
  readonly resource: string;
  readonly object: PathObject;
}

/** Objects of one kind, type and name that are gone from one place and new at another, in the same resource or not. */
function movedPaths(before: SchemaObjects, after: SchemaObjects, renaming: Renaming): Rename[] {
  const moves = new Map(movedResources(before, after, renaming).map((move) => [move.before, move.after]));
  const laterName = (label: string) => moves.get(label) ?? renaming.resource(label);
  const names = new Map([...before.paths.keys()].map((label) => [laterName(label), label]));
  const left = [...before.paths].flatMap(([resource, objects]): OwnedObject[] => {
    const later = after.paths.get(renaming.resource(resource));
    // a removed resource must be matched before its objects
    if (later === undefined) return [];
    const gone = [...objects.values()].filter(({ path }) => !later.has(renaming.path(resource, path)));
    return outermost(gone).map((object) => ({ resource, object }));
  });
  const added = [...after.paths].flatMap(([resource, objects]): OwnedObject[] => {
    const earlier = names.get(resource);
    if (moves.has(earlier ?? '')) return [];
    const known = new Set(
      earlier === undefined ? [] : [...(before.paths.get(earlier) ?? [])].map(([path]) => renaming.path(earlier, path)),
    );
    return outermost([...objects.values()].filter(({ path }) => !known.has(path))).map((object) => ({
      resource,
      object,
    }));
  });
  const mayBe = (from: OwnedObject, to: OwnedObject) =>
    from.object.kind === to.object.kind &&
    lastName(from.object.path) === lastName(to.object.path) &&
    (from.object.target === null ? null : laterName(from.object.target)) === to.object.target &&
    (from.object.type === null || to.object.type === null
      ? from.object.type === to.object.type
      : typeConversion(from.object.type, to.object.type).kind !== 'other');
  const isNear = ([from, to]: readonly [OwnedObject, OwnedObject]) =>
    renaming.resource(from.resource) === to.resource || !names.has(to.resource);
  return pairs(left, added, mayBe)
    .filter(isNear)
    .map(([from, to]) => ({
      before: pathName(from.resource, from.object.path),
      after: pathName(to.resource, to.object.path),
    }));
}
