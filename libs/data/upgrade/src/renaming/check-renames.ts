import { labelledResource } from '@dms/api-schema';
import { alternatives, type Diagnostic, type DiagnosticCode, diagnostic, failIfAny } from '@dms/diagnostics';
import { type PlaceName, pathName, placeText } from '@dms/translation';
import { groupBy } from '@dms/values';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { familyConversion, typeConversion } from '../matching/type-conversion.ts';
import { renameCandidates } from './rename-candidates.ts';
import { parseObjectName, type Rename, type Renaming, renameText, renamingOf } from './renaming.ts';
import { type PathObject, type SchemaObjects, schemaObjects } from './schema-objects.ts';

/** A rename with the objects that its two names stand for. */
interface ParsedRename {
  readonly rename: Rename;
  readonly before: PlaceName;
  readonly after: PlaceName;
}

type Sides = Readonly<Record<'before' | 'after', SchemaObjects>>;

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

/**
 * The renaming from the earlier to the later set (design 12 §11). Throws `UPGRADE_RENAME_INVALID`,
 * `UPGRADE_RENAME_UNKNOWN` for a name that a set does not have, `UPGRADE_RENAME_AMBIGUOUS` if an object gets two names
 * or two objects get one name, `UPGRADE_RENAME_DIFFERS` if an object cannot become the other, and
 * `UPGRADE_RENAME_UNUSED` for a rename that changes nothing.
 */
export function checkedRenaming(before: ComparedSet, after: ComparedSet, asked: readonly Rename[]): Renaming {
  const renames = unique(asked);
  const parsed = renames.map((rename) => ({
    rename,
    before: parseObjectName(rename.before),
    after: parseObjectName(rename.after),
  }));
  const renaming = renamingOf(before, after, renames);
  if (parsed.length > 0) checkRenames(before, after, parsed, renaming);
  return renaming;
}

/** Each rename once. */
const unique = (renames: readonly Rename[]) => [
  ...new Map(renames.map((rename) => [renameText(rename), rename])).values(),
];

/** Refuses renames that cannot be made; `all` is the renaming that they make together. */
function checkRenames(before: ComparedSet, after: ComparedSet, parsed: readonly ParsedRename[], all: Renaming): void {
  const [first] = parsed;
  if (first && before.info.effectiveSchemaHash === after.info.effectiveSchemaHash) {
    const text = 'both sets are the same schema set, so a database does not show whether the rename was already made.';
    failIfAny([renameError('UPGRADE_RENAME_AMBIGUOUS', first.rename, text)]);
  }
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
  const without = (entry: ParsedRename) => {
    const others = parsed.filter((each) => each !== entry);
    return renamingOf(
      before,
      after,
      others.map(({ rename }) => rename),
    );
  };
  const sets = { sides, all, without };
  failIfAny(
    parsed.flatMap((entry) => {
      const text = difference(entry, sides, all);
      if (text !== undefined) return [renameError('UPGRADE_RENAME_DIFFERS', entry.rename, `${text}.`)];
      return [...clashes(entry, sets)];
    }),
  );
  failIfAny(unusedRenames(before, after, parsed, sets));
}

function renameError(code: DiagnosticCode, rename: Rename, text: string): Diagnostic {
  return diagnostic(
    code,
    `--rename ${renameText(rename)}: ${text}`,
    {},
    { before: rename.before, after: rename.after },
  );
}

type NameKind = 'project' | 'resource' | 'path';

const nameKind = ({ resource, path }: PlaceName): NameKind =>
  path !== null ? 'path' : resource !== null ? 'resource' : 'project';

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

const namesLike = (objects: SchemaObjects, name: PlaceName) => objectsLike(objects, name).map(placeText);

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

/** Both sets, the renaming that all renames make together, and the one that they make without one of them. */
interface RenamedSets {
  readonly sides: Sides;
  readonly all: Renaming;
  without(rename: ParsedRename): Renaming;
}

/**
 * Reports a rename whose old name the later set still has, or whose new name another object of the earlier set has
 * there.
 */
function* clashes(entry: ParsedRename, { sides, all, without }: RenamedSets): Generator<Diagnostic> {
  const { rename, before, after } = entry;
  const others = objectsLike(sides.before, before).filter((each) => placeText(each) !== rename.before);
  const taken = new Map(others.map((each) => [laterName(all, each), placeText(each)]));
  const name = taken.get(rename.after);
  if (name !== undefined) {
    const text = `${name} of the earlier set is called ${rename.after} in the later set; a rename leads from a name that only the earlier set has to a name that only the later set has.`;
    yield renameError('UPGRADE_RENAME_AMBIGUOUS', rename, text);
  }
  const unrenamed = laterName(without(entry), before);
  if (taken.has(unrenamed) || !namesLike(sides.after, after).includes(unrenamed) || unrenamed === rename.after) return;
  const text = `the later set also has ${unrenamed}; a rename leads from a name that only the earlier set has to a name that only the later set has.`;
  yield renameError('UPGRADE_RENAME_AMBIGUOUS', rename, text);
}

/** The name in the later set of an object of the earlier set, as a user writes it. */
function laterName(renaming: Renaming, { project, resource, path }: PlaceName): string {
  if (resource === null) return renaming.project(project);
  return path === null
    ? renaming.resource(resource)
    : pathName(renaming.resource(resource), renaming.path(resource, path));
}

/** The errors for renames that change no name of the later set, each with the nearest rename that would. */
function unusedRenames(
  before: ComparedSet,
  after: ComparedSet,
  parsed: readonly ParsedRename[],
  { all, without }: RenamedSets,
): readonly Diagnostic[] {
  const unused = parsed.filter((entry) => laterName(without(entry), entry.before) === entry.rename.after);
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
