import { isWithin } from '@dms/api-schema';
import type { CompiledResource } from '../compile/compile-resource.ts';
import type { NewIdentity } from '../compile/new-identity.ts';
import { type Problem, problem } from '../file/problem.ts';
import { objectsAround, outerPath, pathName } from '../places/place-name.ts';
import type { Place, ResourcePlaces } from '../places/set-places.ts';
import type { CheckedSets } from './check-rules.ts';
import { byTarget, type CarriedFrom, filledTwice } from './one-later-name.ts';

/** The third step of the check: the places that the rules leave out (design 20 §4). */
export function checkComplete(sets: CheckedSets, compiled: readonly CompiledResource[]): readonly Problem[] {
  return compiled.flatMap((each) => {
    const whole = [...unruledResource(sets, each)];
    return whole.length > 0 ? whole : [...unruledPlaces(sets, each), ...filledTwice(sets, each)];
  });
}

function* unruledResource(sets: CheckedSets, { places, later, isDropped }: CompiledResource): Generator<Problem> {
  const { label, kind } = places;
  const target = sets.after.resources.get(later);
  if (isDropped || (target && target.kind === kind)) return;
  if (kind === 'resource' && sets.rules.hasRules(label)) return;
  yield problem(
    'TRANSLATION_INCOMPLETE',
    '',
    label,
    `the later set has no ${later}, and no rule says what becomes of it`,
  );
}

/** The places without a rule or a fit. */
function* unruledPlaces(sets: CheckedSets, compiled: CompiledResource): Generator<Problem> {
  const { places, routes } = compiled;
  const { label } = places;
  const open = (place: Place): boolean => place.leaf !== null && routes.get(place.path)?.kind === 'none';
  const reported: string[] = [];
  const all = [...places.places.values()];
  const isOpen = (path: string) => {
    const leaves = all.filter((each) => each.leaf && isWithin(each.path, path));
    return leaves.length > 0 && leaves.every(open);
  };
  for (const place of all) {
    if (!open(place) || reported.some((path) => isWithin(place.path, path))) continue;
    const anchor = place.referencePath ?? place.path;
    const to = sets.rules.laterPath(label, anchor);
    const later = to && sets.after.resources.get(sets.rules.laterResource(label, to.rule));
    const target = to === null ? undefined : later?.places.get(to.path);
    if (place.kind === 'member') {
      const own = places.places.get(anchor);
      const isSame = own?.target && sets.rules.resource(own.target).later === target?.target;
      // the part is reported in the resource of which it is a value
      if (target?.kind === 'reference' && (isSame || to?.rule)) continue;
    } else if (target) {
      const rule = sets.identities.ruleOf(label, place.path);
      const text = `its type or kind is not that of ${pathName(later?.label ?? '', target.path)}`;
      yield problem('TRANSLATION_DIFFERS', rule, pathName(label, place.path), text);
      continue;
    }
    let outermost = anchor;
    // an object that a rule names needs no place of its own
    const named = to?.rule?.from;
    for (let at = outerPath(anchor); at !== undefined && at !== '$' && at !== named; at = outerPath(at)) {
      const kind = places.places.get(at)?.kind;
      const isThere = later?.places.has(sets.rules.laterPath(label, at)?.path ?? '') ?? false;
      if (kind !== 'extension' && kind !== undefined && !isThere && isOpen(at)) outermost = at;
    }
    reported.push(outermost);
    const found = places.places.get(outermost);
    const near = found ? candidates(sets, found) : [];
    const hint = near.length === 0 ? '' : `; perhaps ${near.join(', ')}`;
    yield problem(
      'TRANSLATION_INCOMPLETE',
      '',
      pathName(label, outermost),
      `the later set has no such place, and no rule names it${hint}`,
    );
  }
}

/** Places of the later set with the same name and type (design 20 §4). */
function candidates({ after }: CheckedSets, place: Place): readonly string[] {
  const found: string[] = [];
  for (const { label, places } of after.resources.values())
    for (const each of places.values())
      if (each.kind === place.kind && lastName(each.path) === lastName(place.path))
        found.push(pathName(label, each.path));
  return found.slice(0, 3);
}

/** The last name of a place; places with the same last name are candidates. */
const lastName = (path: string) => path.slice(path.lastIndexOf('.') + 1).replace('[*]', '');

/** Notes on a complete translation (design 20 §4). */
export function notesOf(
  sets: CheckedSets,
  compiled: readonly CompiledResource[],
  newIdentities: readonly (NewIdentity | null)[],
): readonly Problem[] {
  const notes = [...unused(sets), ...compiled.flatMap((each) => [...narrower(each)])];
  for (const each of compiled) {
    const parts = byTarget(each);
    const later = sets.after.resources.get(each.later);
    if (each.hasOwn && later?.kind === 'resource')
      notes.push(...required(sets, later, parts.get('own') ?? new Map(), { identity: null, base: '$' }, each));
    for (const { entry, documents } of sets.rules.entriesOf(each.places.label)) {
      const made = sets.after.resources.get(documents.after);
      const identity = newIdentities[entry] ?? null;
      const base = documents.items ?? (documents.isAlways ? '$' : null);
      if (made) notes.push(...required(sets, made, parts.get(entry) ?? new Map(), { identity, base }, each));
    }
  }
  const known = new Set<string>();
  return notes.filter(({ code, place }) => !known.has(`${code} ${place}`) && known.add(`${code} ${place}`));
}

function* unused({ rules }: CheckedSets): Generator<Problem> {
  const text = 'the rule changes nothing';
  const { moves, documents } = rules.translation;
  for (const move of moves) {
    const { before: from, after: to, rule } = move;
    if (move.values || move.as || move.take) continue;
    if (from.resource === null) {
      if (from.project === to.project) yield problem('TRANSLATION_UNUSED', rule, from.project, text);
    } else if (from.path === null) {
      const project = rules.project(from.project).name;
      if (`${project}${from.resource.slice(from.project.length)}` === to.resource)
        yield problem('TRANSLATION_UNUSED', rule, from.resource, text);
    } else {
      const around = outerPath(from.path);
      const outer = around === undefined || around === '$' ? null : rules.laterPath(from.resource, around);
      const own = around === undefined ? from.path : from.path.slice(around.length);
      const same = rules.laterExtension((outer?.path ?? '$') + own, to.resource ?? '');
      if (same === to.path && (outer?.entry ?? null) === null)
        yield problem('TRANSLATION_UNUSED', rule, pathName(from.resource, from.path), text);
    }
  }
  for (const { rule, resource, items, members } of documents)
    for (const member of members) {
      const isPlain = !member.values && !member.as && !member.take;
      if (items !== null && isPlain && `$${member.before.slice(items.length)}` === member.after)
        yield problem('TRANSLATION_UNUSED', rule, pathName(resource, member.before), text);
    }
}

function* narrower(compiled: CompiledResource): Generator<Problem> {
  for (const route of compiled.routes.values())
    if (route.kind === 'carry' && route.conversion.isNarrower)
      yield problem(
        'TRANSLATION_NARROWER',
        route.rule,
        pathName(route.resource, route.to),
        'the later place takes fewer values',
      );
}

/** The facts of an entry of `documents` that decide which documents it makes. */
interface Making {
  readonly identity: NewIdentity | null;
  /** The earlier object that makes one later document each; null if each value at `members` makes one. */
  readonly base: string | null;
}

/** The places that the later set requires and that later documents of a resource may lack. */
function* required(
  { rules }: CheckedSets,
  later: ResourcePlaces,
  targets: ReadonlyMap<string, readonly CarriedFrom[]>,
  { identity, base }: Making,
  compiled: CompiledResource,
): Generator<Problem> {
  const fills = rules.translation.fills.filter(({ after }) => after.resource === later.label);
  const all = [...targets].flatMap(([to, sources]) => sources.map((source) => ({ to, ...source })));
  for (const place of later.places.values()) {
    if (!place.isRequired || place.kind === 'member') continue;
    const outer = outerPath(place.path) ?? '$';
    const feeders = all.filter(({ to }) => outer === '$' || isWithin(to, outer));
    if (outer !== '$' && feeders.length === 0) continue;
    const own = all.filter(({ to }) => isWithin(to, place.path));
    if (outer !== '$' && own.length > 0 && own.length === feeders.length) continue;
    const pathOf = ({ from }: { readonly from: Place }) => from.referencePath ?? from.path;
    const inner = outer === '$' && base !== null ? base : objectOf(feeders.map(pathOf));
    // an empty object or array is carried with its document
    const containers = base === '$' && identity === null ? [...compiled.containers] : [];
    const carrying = [...own.map(pathOf), ...containers.flatMap(([path, { to }]) => (to === place.path ? [path] : []))];
    const isThere = (path: string) => isAlwaysThere(compiled.places, path, isWithin(path, inner) ? inner : '$');
    const isGiven = (path: string): boolean => {
      const fill = fills.find(({ after }) => after.path === path);
      if (fill && fill.value !== undefined) return true;
      // a school year follows from a date, in own documents only
      if (fill?.schoolYear && identity === null && isThere(fill.schoolYear.of)) return true;
      const source = identity?.sources.get(path);
      return source?.kind === 'place' ? isThere(source.from) : source?.kind === 'through' || source?.kind === 'fill';
    };
    const isCarried = (path: string) =>
      own.some((each) => each.to === path && isAlwaysThere(compiled.places, pathOf(each), inner));
    const members = place.reference?.parts.map(({ leaf }) => leaf.path);
    const isComplete = members
      ? members.every((path) => isCarried(path) || isGiven(path))
      : carrying.some((path) => isAlwaysThere(compiled.places, path, inner)) || isGiven(place.path);
    if (isComplete) continue;
    yield problem(
      'TRANSLATION_REQUIRED',
      '',
      pathName(later.label, place.path),
      'documents without it will be rejected',
    );
  }
}

/** The innermost object that contains all places. */
function objectOf(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map(objectsAround);
  return first.find((path) => others.every((around) => around.includes(path))) ?? '$';
}

/** Whether each object at `base` has the place, which may be at any depth within it. */
function isAlwaysThere({ places }: ResourcePlaces, path: string, base: string): boolean {
  for (let at: string | undefined = path; at !== undefined && at !== base; ) {
    const place = places.get(at);
    if (!place?.isRequired) return false;
    const around = objectsAround(at);
    const isRow = (each: string) => each === '$' || each.endsWith('[*]') || places.get(each)?.kind === 'extension';
    if (!place.isInEachRow) [at] = around;
    else if (around.slice(0, around.findIndex(isRow) + 1).includes(base)) return true;
    else at = around.find(isRow);
  }
  return true;
}
