import { labelledResource, resourceLabel } from '@dms/api-schema';
import { alternatives, type Diagnostic, type DiagnosticCode, diagnostic, failIfAny } from '@dms/diagnostics';
import { groupBy } from '@dms/files';
import {
  type DocumentReferenceBinding,
  mustExist,
  qualified,
  type RelationalModelSet,
  type ResourceModel,
} from '@dms/model';
import { type PlaceName, pathName } from '@dms/translation';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { familyConversion, typeConversion } from '../matching/type-conversion.ts';
import { renameCandidates } from './rename-candidates.ts';
import {
  makeRenaming,
  type Names,
  parseObjectName,
  type Rename,
  type RenamedNames,
  type Renaming,
  renameText,
} from './renaming.ts';
import { membersWithOwnNames, type PathObject, type SchemaObjects, schemaObjects } from './schema-objects.ts';

/** A rename with the objects that its two names stand for. */
interface ParsedRename {
  readonly rename: Rename;
  readonly before: PlaceName;
  readonly after: PlaceName;
}

type NameKind = 'project' | 'resource' | 'path';

const nameKind = ({ resource, path }: PlaceName): NameKind =>
  path !== null ? 'path' : resource !== null ? 'resource' : 'project';

type Sides = Readonly<Record<'before' | 'after', SchemaObjects>>;

type Models = Readonly<Record<'before' | 'after', RelationalModelSet>>;

/** Both sets, and the renaming that all renames make together. */
interface RenamedSets {
  readonly sides: Sides;
  readonly models: Models;
  readonly all: Renaming;
}

function renameError(code: DiagnosticCode, rename: Rename, text: string): Diagnostic {
  return diagnostic(
    code,
    `--rename ${renameText(rename)}: ${text}`,
    {},
    { before: rename.before, after: rename.after },
  );
}

/** The objects of a set that have the same kind as a given object; for paths, those of the same resource. */
function objectsLike(
  { projects, resources, paths }: SchemaObjects,
  { project, resource, path }: PlaceName,
): PlaceName[] {
  if (resource === null) return [...projects.keys()].map((each) => ({ project: each, resource: null, path: null }));
  if (path !== null) return [...(paths.get(resource)?.keys() ?? [])].map((each) => ({ project, resource, path: each }));
  return [...resources.keys()].map((each) => ({
    project: labelledResource(each).projectName,
    resource: each,
    path: null,
  }));
}

const textOf = ({ project, resource, path }: PlaceName) =>
  resource === null ? project : path === null ? resource : pathName(resource, path);

const namesLike = (objects: SchemaObjects, name: PlaceName) => objectsLike(objects, name).map(textOf);

function* unknownNames({ rename, before, after }: ParsedRename, sides: Sides): Generator<Diagnostic> {
  const places = [
    ['earlier', rename.before, namesLike(sides.before, before)],
    ['later', rename.after, namesLike(sides.after, after)],
  ] as const;
  for (const [which, name, known] of places) {
    if (known.includes(name)) continue;
    const text = `the ${which} set has nothing called ${name}${alternatives(name, known)}`;
    yield renameError('UPGRADE_RENAME_UNKNOWN', rename, text);
  }
}

/** Reports objects that two renames name on the same side. */
function* repeatedNames(renames: readonly Rename[]): Generator<Diagnostic> {
  for (const side of ['before', 'after'] as const)
    for (const [name, entries] of groupBy(renames, (rename) => rename[side])) {
      const [first, second] = entries;
      if (!first || !second) continue;
      const which = side === 'before' ? 'earlier' : 'later';
      const text = `${renameText(second)} also names ${name} of the ${which} set; name each object in one rename only`;
      yield renameError('UPGRADE_RENAME_AMBIGUOUS', first, `${text}.`);
    }
}

/** The members of `_ext` whose project has another name or another endpoint name, by resource of the earlier set. */
function extensionKeys(models: Models, renaming: Renaming): RenamedNames['extensionKeys'] {
  const keysOf = ({ projects, resources }: RelationalModelSet) => {
    const projectOf = new Map(
      projects.map(({ physicalSchema, projectName }) => [physicalSchema as string, projectName]),
    );
    return new Map(
      resources.map(({ resourceKey, tablesInDependencyOrder }) => [
        resourceLabel(resourceKey),
        new Map(
          tablesInDependencyOrder.flatMap(({ table, jsonScope }): [string, string][] => {
            const [, key] = /^.*\._ext\.([^.[]+)/.exec(jsonScope.canonical) ?? [];
            return key === undefined
              ? []
              : [[mustExist(projectOf.get(table.schema), `the project of ${qualified(table)}`), key]];
          }),
        ),
      ]),
    );
  };
  const later = keysOf(models.after);
  return new Map(
    [...keysOf(models.before)].map(([resource, keys]) => [
      resource,
      new Map(
        [...keys].flatMap(([project, key]): [string, string][] => {
          const name = later.get(renaming.resource(resource))?.get(renaming.project(project));
          return name === undefined || name === key ? [] : [[key, name]];
        }),
      ),
    ]),
  );
}

/** The names that result from all renames except `but`. */
function resultingNames(parsed: readonly ParsedRename[], but?: ParsedRename): RenamedNames {
  const of = (kind: NameKind) => parsed.filter((entry) => entry !== but && nameKind(entry.before) === kind);
  const ofProjects: Names = new Map(of('project').map(({ rename }) => [rename.before, rename.after]));
  const ofResources: Names = new Map(of('resource').map(({ rename }) => [rename.before, rename.after]));
  const paths = new Map<string, Map<string, string>>();
  for (const { before, after } of of('path')) {
    const resource = mustExist(before.resource, 'the resource of a path');
    const own = paths.get(resource) ?? new Map<string, string>();
    // an object of another kind has no path, and is refused later
    paths.set(resource, own.set(mustExist(before.path, `a path of ${resource}`), after.path ?? ''));
  }
  return { projects: ofProjects, resources: ofResources, paths, extensionKeys: new Map(), implied: new Map() };
}

/** The names that result from renames, with the members of `_ext` that follow from project names. */
function namesWithKeys(parsed: readonly ParsedRename[], models: Models, but?: ParsedRename): RenamedNames {
  const names = resultingNames(parsed, but);
  return { ...names, extensionKeys: extensionKeys(models, makeRenaming(names, [])) };
}

/** What an object of the earlier set is called in the later one, as a user writes it. */
function laterName(renaming: Renaming, { project, resource, path }: PlaceName): string {
  if (resource === null) return renaming.project(project);
  return path === null
    ? renaming.resource(resource)
    : pathName(renaming.resource(resource), renaming.path(resource, path));
}

/**
 * Reports a rename whose old name the later set still has, or whose new name another object of the earlier set has
 * there.
 */
function* clashes(
  entry: ParsedRename,
  parsed: readonly ParsedRename[],
  { sides, models, all }: RenamedSets,
): Generator<Diagnostic> {
  const { rename, before, after } = entry;
  const others = objectsLike(sides.before, before).filter((each) => textOf(each) !== rename.before);
  const taken = new Map(others.map((each) => [laterName(all, each), textOf(each)]));
  const name = taken.get(rename.after);
  if (name !== undefined) {
    const text = `${name} of the earlier set is called ${rename.after} in the later set; a rename leads from a name that only the earlier set has to a name that only the later set has.`;
    yield renameError('UPGRADE_RENAME_AMBIGUOUS', rename, text);
  }
  const unrenamed = laterName(makeRenaming(namesWithKeys(parsed, models, entry), []), before);
  if (taken.has(unrenamed) || !namesLike(sides.after, after).includes(unrenamed) || unrenamed === rename.after) return;
  const text = `the later set also has ${unrenamed}; a rename leads from a name that only the earlier set has to a name that only the later set has.`;
  yield renameError('UPGRADE_RENAME_AMBIGUOUS', rename, text);
}

/**
 * The renames without which everything is called the same in the later set, each with the nearest that changes
 * something.
 */
function unusedRenames(
  before: ComparedSet,
  after: ComparedSet,
  parsed: readonly ParsedRename[],
  { sides, models, all }: RenamedSets,
): readonly Diagnostic[] {
  const unused = parsed.filter((entry) => {
    const names = namesWithKeys(parsed, models, entry);
    const isAbstract = sides.before.resources.get(entry.before.resource ?? '') === 'abstract resource';
    const renaming = makeRenaming(isAbstract ? { ...names, implied: impliedPaths(models, names) } : names, []);
    return laterName(renaming, entry.before) === entry.rename.after;
  });
  if (unused.length === 0) return [];
  const candidates = renameCandidates(before, after, all).map(renameText);
  return unused.map(({ rename }) => {
    const nearest = candidates.length === 0 ? '.' : alternatives(renameText(rename), candidates, 'perhaps renamed');
    return renameError(
      'UPGRADE_RENAME_UNUSED',
      rename,
      `it has that name without this rename, which changes nothing${nearest}`,
    );
  });
}

/** Why the object at one path cannot become the object at another path; undefined if it can. */
function otherObject(before: PathObject, after: PathObject, resource: string, renaming: Renaming): string | undefined {
  if (before.kind !== after.kind) return `a ${before.kind} cannot become a ${after.kind}`;
  const scope = renaming.path(resource, before.scope);
  if (scope !== after.scope || renaming.project(before.project) !== after.project)
    return `in the later set it belongs to ${scope} of ${renaming.project(before.project)}, not to ${after.scope} of ${after.project}`;
  if (before.target !== null && after.target !== null && renaming.resource(before.target) !== after.target)
    return `it refers to documents of ${before.target}, and cannot refer to documents of ${after.target}`;
  const from = before.type;
  const to = after.type;
  if (from === null || to === null || typeConversion(from, to).kind !== 'other' || familyConversion(from, to) !== null)
    return undefined;
  return `values of type ${from} have no unique form in type ${to}`;
}

/** Why the object at one path of a resource cannot become the object at another place; undefined if it can. */
export function otherPlace(before: PlaceName, after: PlaceName, sides: Sides, renaming: Renaming): string | undefined {
  if (before.path === null || after.path === null || before.resource === null || after.resource === null)
    return undefined;
  if (renaming.resource(before.resource) !== after.resource)
    return `a path stays in its resource, which is ${renaming.resource(before.resource)} in the later set`;
  const from = sides.before.paths.get(before.resource)?.get(before.path);
  const to = sides.after.paths.get(after.resource)?.get(after.path);
  return from && to && otherObject(from, to, before.resource, renaming);
}

/** Why one object cannot become the other; undefined if it can. */
function difference({ before, after }: ParsedRename, sides: Sides, renaming: Renaming): string | undefined {
  if (before.path === null || after.path === null || before.resource === null || after.resource === null) {
    const kindOf = ({ projects, resources }: SchemaObjects, { project, resource }: PlaceName) =>
      resource === null ? projects.get(project) : resources.get(resource);
    const then = kindOf(sides.before, before);
    const now = kindOf(sides.after, after);
    if (then !== now) return `${describe(then)} cannot become ${describe(now)}`;
    const project = renaming.project(before.project);
    return before.resource === null || project === after.project
      ? undefined
      : `a resource stays in its project, which is ${project} in the later set`;
  }
  return otherPlace(before, after, sides, renaming);
}

const describe = (kind: string | undefined) =>
  kind === undefined ? 'nothing' : `${/^[aeo]/.test(kind) ? 'an' : 'a'} ${kind}`;

/** Each rename once. */
const unique = (renames: readonly Rename[]) => [
  ...new Map(renames.map((rename) => [renameText(rename), rename])).values(),
];

/** Refuses renames that cannot be made; `names` are the names that result from all of them. */
function checkRenames(
  before: ComparedSet,
  after: ComparedSet,
  parsed: readonly ParsedRename[],
  names: RenamedNames,
): void {
  const [first] = parsed;
  if (first && before.info.effectiveSchemaHash === after.info.effectiveSchemaHash) {
    const text = 'both sets are the same schema set, so a database does not show whether the rename was already made.';
    failIfAny([renameError('UPGRADE_RENAME_AMBIGUOUS', first.rename, text)]);
  }
  const models = { before: before.model, after: after.model };
  const sides = { before: schemaObjects(before), after: schemaObjects(after) };
  const mixed = parsed.filter((entry) => nameKind(entry.before) !== nameKind(entry.after));
  failIfAny([
    ...mixed.map(({ rename, ...both }) =>
      renameError(
        'UPGRADE_RENAME_DIFFERS',
        rename,
        `a ${nameKind(both.before)} cannot become a ${nameKind(both.after)}; name the same kind of object on both sides.`,
      ),
    ),
    ...repeatedNames(parsed.map(({ rename }) => rename)),
    ...parsed.flatMap((entry) => [...unknownNames(entry, sides)]),
  ]);
  const direct = makeRenaming(names, []);
  failIfAny(
    parsed.flatMap((entry) => {
      const text = difference(entry, sides, direct);
      if (text !== undefined) return [renameError('UPGRADE_RENAME_DIFFERS', entry.rename, `${text}.`)];
      return [...clashes(entry, parsed, { sides, models, all: direct })];
    }),
  );
  failIfAny(unusedRenames(before, after, parsed, { sides, models, all: direct }));
}

/**
 * What the objects of the earlier set are called in the later one (design 12 §11). Throws `UPGRADE_RENAME_INVALID`,
 * `UPGRADE_RENAME_UNKNOWN` for a name that a set does not have, `UPGRADE_RENAME_AMBIGUOUS` if an object gets two names
 * or two objects get one name, `UPGRADE_RENAME_DIFFERS` if an object cannot become the other, and
 * `UPGRADE_RENAME_UNUSED` for a rename that changes nothing.
 */
export function resolveRenames(before: ComparedSet, after: ComparedSet, asked: readonly Rename[]): Renaming {
  const renames = unique(asked);
  const parsed = parsedRenames(renames);
  const models = { before: before.model, after: after.model };
  const names = namesWithKeys(parsed, models);
  if (parsed.length > 0) checkRenames(before, after, parsed, names);
  return makeRenaming({ ...names, implied: impliedPaths(models, names) }, renames);
}

/** The same for the moves of a translation, whose own check says more (design 20 §4). */
export function translatedNames(before: ComparedSet, after: ComparedSet, renames: readonly Rename[]): Renaming {
  const models = { before: before.model, after: after.model };
  const names = namesWithKeys(parsedRenames(renames), models);
  return makeRenaming({ ...names, implied: impliedPaths(models, names) }, renames);
}

const parsedRenames = (renames: readonly Rename[]): readonly ParsedRename[] =>
  renames.map((rename) => ({
    rename,
    before: parseObjectName(rename.before),
    after: parseObjectName(rename.after),
  }));

/** A path of a resource of the earlier set whose later name follows from other renames. */
interface ImpliedPath {
  readonly resource: string;
  readonly path: string;
  readonly later: string;
}

const byLabel = <Entry extends Pick<ResourceModel, 'resourceKey'>>(entries: readonly Entry[]) =>
  new Map(entries.map((entry) => [resourceLabel(entry.resourceKey), entry]));

/** The members that repeat a target's identity get the names that the same reference has in the later set. */
function* pathsOfReference(
  { referenceObjectPath, targetResource, identityBindings }: DocumentReferenceBinding,
  resource: string,
  later: readonly DocumentReferenceBinding[],
  renaming: Renaming,
): Generator<ImpliedPath> {
  const target = resourceLabel(targetResource);
  const objectPath = renaming.path(resource, referenceObjectPath.canonical);
  const now = later.find((each) => each.referenceObjectPath.canonical === objectPath);
  if (!now || resourceLabel(now.targetResource) !== renaming.resource(target)) return;
  const seen = new Set<string>();
  for (const { identityJsonPath, referenceJsonPath } of identityBindings) {
    const { canonical: path } = referenceJsonPath;
    // one member may repeat several parts; the first part decides its name
    if (seen.has(path)) continue;
    seen.add(path);
    const part = renaming.path(target, identityJsonPath.canonical);
    const found = now.identityBindings.find((each) => each.identityJsonPath.canonical === part);
    if (found) yield { resource, path, later: found.referenceJsonPath.canonical };
  }
}

/**
 * A part of an abstract resource's identity gets the name that all its members give to it, if they have it under its
 * own name.
 */
function* pathsOfAbstractResources({ before, after }: Models, renaming: Renaming): Generator<ImpliedPath> {
  const later = byLabel(after.abstractIdentityTables);
  for (const { resourceKey, table } of before.abstractIdentityTables) {
    const resource = resourceLabel(resourceKey);
    const members = membersWithOwnNames(before, resource);
    const columns = later.get(renaming.resource(resource))?.table.columns ?? [];
    for (const path of table.columns.flatMap(({ sourcePath }) => sourcePath?.canonical ?? [])) {
      const [name, ...others] = new Set(
        members.map((member) => renaming.path(resourceLabel(member.resourceKey), path)),
      );
      if (name === undefined || others.length > 0) continue;
      if (columns.some(({ sourcePath }) => sourcePath?.canonical === name)) yield { resource, path, later: name };
    }
  }
}

function* pathsOf(models: Models, renaming: Renaming): Generator<ImpliedPath> {
  const later = byLabel(models.after.resources);
  for (const { resourceKey, documentReferenceBindings } of models.before.resources) {
    const label = resourceLabel(resourceKey);
    const references = later.get(renaming.resource(label))?.documentReferenceBindings ?? [];
    for (const reference of documentReferenceBindings) yield* pathsOfReference(reference, label, references, renaming);
  }
  yield* pathsOfAbstractResources(models, renaming);
}

/**
 * The paths that follow from a renamed part of an identity, in the references that repeat it and in identities of
 * abstract resources. The new name passes from reference to reference (design 12 §11).
 */
function impliedPaths(models: Models, names: RenamedNames): RenamedNames['implied'] {
  const implied = new Map<string, Map<string, string>>();
  const renaming = makeRenaming({ ...names, implied }, []);
  let isChanged = true;
  // a chain of references is no longer than there are resources
  for (let round = 0; isChanged && round <= models.before.resources.length; round += 1) {
    isChanged = false;
    for (const { resource, path, later } of pathsOf(models, renaming)) {
      if (renaming.path(resource, path) === later) continue;
      implied.set(resource, (implied.get(resource) ?? new Map<string, string>()).set(path, later));
      isChanged = true;
    }
  }
  return implied;
}
