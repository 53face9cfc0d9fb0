import { isWithin } from '@dms/api-schema';
import { groupBy } from '@dms/values';
import type { CompiledResource, Part, Route } from '../compile/compile-resource.ts';
import { type Problem, problem } from '../file/problem.ts';
import { mirroredPath, pathName, placeKind } from '../places/place-name.ts';
import type { Place, SetPlaces } from '../places/set-places.ts';
import type { CheckedSets } from './check-rules.ts';
import { type RuleIndex, unchangedRule } from './rule-index.ts';

/* Resources and places of the earlier set that get one later name (`TRANSLATION_AMBIGUOUS`, design 20 §2, §4). */

/** Reports earlier resources, descriptors and abstract resources whose documents would get one later name. */
export function* resourcesWithOneName(rules: RuleIndex, before: SetPlaces): Generator<Problem> {
  // a move from one kind of name to another gives no later name; the next step refuses it
  const mixed = new Set(
    rules.translation.moves.flatMap((move) => (placeKind(move.before) === placeKind(move.after) ? [] : [move.rule])),
  );
  const kept = [...before.resources.keys()].flatMap((label) => {
    const { rule, later, isDropped } = rules.resource(label);
    return isDropped || mixed.has(rule) ? [] : [{ label, rule, later }];
  });
  for (const [later, sources] of groupBy(kept, (each) => each.later)) {
    if (sources.length < 2) continue;
    const given = new Set(sources.map(({ rule }) => rule).filter((rule) => rule !== unchangedRule));
    const names = sources.map(({ label }) => label).join(' and ');
    const text = `${names} have one later name; move or drop all but one of them`;
    yield problem('TRANSLATION_AMBIGUOUS', [...given].sort(), later, text);
  }
}

type CarriedName = Extract<Route, { kind: 'carry' }>;

/** A place of the earlier set whose values are carried. */
export interface CarriedFrom {
  readonly route: CarriedName;
  readonly from: Place;
}

/** The routes to each part, by their later place. */
export function byTarget({ routes, places }: CompiledResource): Map<Part, Map<string, CarriedFrom[]>> {
  const parts = new Map<Part, Map<string, CarriedFrom[]>>();
  for (const [path, route] of routes) {
    const from = places.places.get(path);
    if (route.kind !== 'carry' || !from) continue;
    const targets = parts.get(route.part) ?? new Map<string, CarriedFrom[]>();
    const known = targets.get(route.to) ?? [];
    known.push({ route, from });
    targets.set(route.to, known);
    parts.set(route.part, targets);
  }
  return parts;
}

/** Reports the later places that one document fills twice: with values, objects, references or collections. */
export function* filledTwice(sets: CheckedSets, compiled: CompiledResource): Generator<Problem> {
  if (compiled.places.kind === 'abstract resource') {
    yield* partsWithOneName(sets, compiled);
    return;
  }
  const values: string[] = [];
  for (const targets of byTarget(compiled).values())
    for (const [to, sources] of targets) {
      const [first, second] = sources;
      if (!first || !second) continue;
      const rules = sources.map(({ route }) => route.rule);
      const place = pathName(first.route.resource, to);
      values.push(place);
      yield twice(rules, place, 'one document fills this place twice');
    }
  const reported: string[] = [];
  for (const { place, rules } of objectsFilledTwice(sets, compiled)) {
    if (values.some((each) => isWithin(each, place)) || reported.some((each) => isWithin(place, each))) continue;
    reported.push(place);
    const text = 'one document fills this object or collection from two places; name the members of one of them';
    yield twice(rules, place, text);
  }
}

const twice = (rules: readonly string[], place: string, text: string): Problem =>
  problem('TRANSLATION_AMBIGUOUS', [...new Set(rules)], place, text);

/** The parts of an abstract identity that get one later name. */
function* partsWithOneName({ rules }: CheckedSets, { places, later }: CompiledResource): Generator<Problem> {
  const parts = [...places.places.keys()].flatMap((path) => {
    const to = rules.laterPath(places.label, path);
    return to === null ? [] : [{ path: to.path, rule: to.rule?.rule ?? unchangedRule }];
  });
  for (const [path, same] of groupBy(parts, (each) => each.path)) {
    if (same.length < 2) continue;
    const given = same.map(({ rule }) => rule);
    yield twice(given, pathName(later, path), 'two parts of the identity have one later name');
  }
}

interface FilledObject {
  readonly place: string;
  readonly rules: readonly string[];
}

/** The later objects, references and collections that come from several earlier ones, outer ones first. */
function objectsFilledTwice(sets: CheckedSets, compiled: CompiledResource): readonly FilledObject[] {
  const { places, routes } = compiled;
  const carried = [...routes].flatMap(([path, route]) => (route.kind === 'carry' ? [{ path, route }] : []));
  const objects: { readonly key: string; readonly from: Place; readonly rule: string }[] = [];
  for (const from of places.places.values()) {
    const to = from.kind === 'extension' || from.leaf ? null : sets.rules.laterPath(places.label, from.path);
    if (to === null || to.path === '$') continue;
    const resource = sets.rules.laterResource(places.label, to.rule);
    const target = sets.after.resources.get(resource)?.places.get(to.path);
    const part: Part = to.entry ?? 'own';
    const fills = ({ path, route }: (typeof carried)[number]) =>
      route.part === part && isWithin(path, from.path) && isWithin(route.to, to.path) && !isMirrored(path, from.path);
    if (!target || !carried.some(fills)) continue;
    const key = `${part} ${pathName(resource, to.path)}`;
    const rule = sets.identities.ruleOf(places.label, from.path);
    objects.push({ key, from, rule });
  }
  const found: FilledObject[] = [];
  for (const [key, sources] of groupBy(objects, (each) => each.key)) {
    const place = key.slice(key.indexOf(' ') + 1);
    const given = sources.map(({ rule }) => rule);
    // values that become an item would join the first item of a collection that is already there
    const added = sources.some(({ from }) => from.kind === 'collection')
      ? carried.filter(({ route }) => `${route.part} ${pathName(route.resource, addedItem(route) ?? '')}` === key)
      : [];
    if (sources.length > 1 || added.length > 0)
      found.push({ place, rules: [...given, ...added.map(({ route }) => route.rule)] });
  }
  return found.sort((a, b) => a.place.length - b.place.length);
}

/** Whether a place is what an extension adds to the items of a collection, and the object only copies that collection. */
function isMirrored(path: string, object: string): boolean {
  const mirrored = mirroredPath(path);
  return mirrored !== undefined && isWithin(mirrored.extension + mirrored.own.slice(1), object);
}

/** The collection whose only item the values become; undefined if they become none. */
function addedItem({ to, positions: { change } }: CarriedName): string | undefined {
  if (change?.kind !== 'add') return undefined;
  const names = to.split('[*]');
  return `${names.slice(0, change.at + 1).join('[*]')}[*]`;
}
