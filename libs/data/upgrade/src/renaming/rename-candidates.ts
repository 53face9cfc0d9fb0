import { labelledResource } from '@dms/api-schema';
import { nearNames } from '@dms/diagnostics';
import { compareBy } from '@dms/files';
import { isWithin, pathName } from '@dms/translation';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { typeConversion } from '../matching/type-conversion.ts';
import type { Rename, Renaming } from './renaming.ts';
import { type PathObject, type SchemaObjects, schemaObjects } from './schema-objects.ts';

/** Words that say what kind of thing a name stands for, or nothing. */
const emptyWords: ReadonlySet<string> = new Set(['a', 'an', 'of', 'the', 'id', 'descriptor', 'reference', 'ext']);

/** The words of a name: `birthCity` and `cityOfBirth` have the same. */
function wordsOf(name: string): ReadonlySet<string> {
  const words = name.replace(/([\p{Ll}\p{Nd}])(?=\p{Lu})/gu, '$1 ').split(/[^\p{L}\p{Nd}]+/u);
  return new Set(words.map((word) => word.toLowerCase()).filter((word) => word !== '' && !emptyWords.has(word)));
}

/** Whether two sets have something in common, and at least half of the larger one. */
function shareHalf(mine: ReadonlySet<string>, theirs: ReadonlySet<string>): boolean {
  const common = [...mine].filter((each) => theirs.has(each)).length;
  return common > 0 && common * 2 >= Math.max(mine.size, theirs.size);
}

/** Whether two names may mean the same thing: they are spelled alike, or share at least half of their words. */
function areSimilar(left: string, right: string): boolean {
  const mine = wordsOf(left);
  const theirs = wordsOf(right);
  if (shareHalf(mine, theirs)) return true;
  return nearNames([...mine].join(''), [[...theirs].join('')]).length > 0;
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

/** The last name of a path. */
const lastName = (path: string) => path.slice(path.lastIndexOf('.') + 1).replace('[*]', '');

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

function pathCandidates(before: SchemaObjects, after: SchemaObjects, renaming: Renaming): Rename[] {
  return [...before.paths].flatMap(([resource, objects]) => {
    const later = after.paths.get(renaming.resource(resource));
    if (!later) return [];
    const names = new Set([...objects.keys()].map((path) => renaming.path(resource, path)));
    const left = outermost([...objects.values()].filter(({ path }) => !later.has(renaming.path(resource, path))));
    const added = outermost([...later.values()].filter(({ path }) => !names.has(path)));
    return pairs(left, added, isSameKind(resource, renaming)).map(([from, to]) => ({
      before: pathName(resource, from.path),
      after: pathName(renaming.resource(resource), to.path),
    }));
  });
}

function resourceCandidates(before: SchemaObjects, after: SchemaObjects, renaming: Renaming): Rename[] {
  const names = new Set([...before.resources.keys()].map(renaming.resource));
  const left = [...before.resources.keys()].filter((label) => !after.resources.has(renaming.resource(label)));
  const added = [...after.resources.keys()].filter((label) => !names.has(label));
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

/** The names of what each project declares: its resources, and what it adds to resources of other projects. */
function declared({ resources, paths }: SchemaObjects, resource: (label: string) => string) {
  const found = new Map<string, Set<string>>();
  const add = (project: string, name: string) =>
    found.set(project, (found.get(project) ?? new Set<string>()).add(name));
  for (const label of resources.keys()) add(labelledResource(label).projectName, labelledResource(label).resourceName);
  for (const [label, objects] of paths)
    for (const { project, path } of objects.values())
      if (project !== labelledResource(label).projectName)
        // the member of _ext is called like the endpoint of the project
        add(project, `${resource(label)}.${path.replace(/\._ext\.[^.[]+/g, '._ext')}`);
  return found;
}

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

/**
 * Proposed renames: a removed and a new object of the same kind, type and place, with similar names, if no other object
 * matches either of them. Projects match too if they declare much the same. Contents of a removed object are proposed
 * once the object itself is renamed (design 12 §11).
 */
export function renameCandidates(before: ComparedSet, after: ComparedSet, renaming: Renaming): readonly Rename[] {
  const earlier = schemaObjects(before);
  const later = schemaObjects(after);
  return [
    ...projectCandidates(earlier, later, renaming),
    ...resourceCandidates(earlier, later, renaming),
    ...pathCandidates(earlier, later, renaming),
  ].sort(
    compareBy(
      ({ before: name }) => name,
      ({ after: name }) => name,
    ),
  );
}
