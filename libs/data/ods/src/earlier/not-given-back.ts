import { isWithin, resourceLabel } from '@dms/api-schema';
import { type CompiledResource, outerPath, type Place, type Route } from '@dms/translation';
import { compareBy, type JsonValue } from '@dms/values';
import { allPaths, type OdsTable, tableLabel } from '../mapping/ods-mapping.ts';
import type { CarriedRoute, Derivation } from './derivation.ts';
import type { LossReason, NotGivenBack } from './earlier-mapping.ts';
import { isOneOfTwo } from './earlier-values.ts';

/** Data of some tables that views of the earlier set cannot give back. */
export interface EarlierLoss extends Omit<NotGivenBack, 'tables'> {
  readonly tables: readonly OdsTable[];
}

/** The list of losses (design 21 §4): one entry for a place and a reason, ordinally by both. */
export function notGivenBackList(losses: Iterable<EarlierLoss>): readonly NotGivenBack[] {
  const found = new Map<string, { readonly loss: EarlierLoss; readonly tables: Set<string> }>();
  for (const loss of losses) {
    const key = `${loss.place} ${loss.reason}`;
    const entry = found.get(key) ?? { loss, tables: new Set() };
    found.set(key, entry);
    for (const table of loss.tables) entry.tables.add(tableLabel(table));
  }
  return [...found]
    .sort(compareBy(([key]) => key))
    .map(([, { loss, tables }]) => ({ ...loss, tables: [...tables].sort() }));
}

/*
 * Losses that follow from the sets and the rules alone (design 21 §4); `apart` and `implied` are found while rows are
 * derived.
 */

export function* ruleLosses(derivation: Derivation): Generator<EarlierLoss> {
  const { before, rules, translation } = derivation;
  for (const [label, resource] of translation.resources) {
    if (resource.places.kind === 'abstract resource') continue;
    if (!resource.hasOwn) {
      yield gone(derivation, label, resource);
      continue;
    }
    for (const [path, route] of resource.routes) yield* ofPlace(derivation, label, path, route);
    yield* united(derivation, label, resource);
  }
  yield* filled(derivation);
  yield* unions(derivation);
  yield* made(derivation);
  const tables = before.tables.filter(({ kind }) => kind === 'descriptorBase');
  for (const { before: place, rule } of rules.translation.namespaces)
    yield { place, reason: 'namespace', rule, tables };
}

/** The loss of a resource without a successor. */
function gone(derivation: Derivation, label: string, { rule, isDropped, places }: CompiledResource): EarlierLoss {
  const [entry] = derivation.rules.entriesOf(label);
  const tables = places.kind === 'descriptor' ? descriptorTables(derivation, label) : tablesOf(derivation, label);
  return { place: label, reason: 'gone', rule: isDropped ? rule : (entry?.documents.rule ?? rule), tables };
}

/** The table of a descriptor type, and the table of all descriptors. */
function descriptorTables({ before }: Derivation, label: string): readonly OdsTable[] {
  return before.tables.filter(
    ({ kind, sources }) =>
      kind === 'descriptorBase' ||
      (kind === 'descriptor' && sources.some(({ resource }) => resourceLabel(resource) === label)),
  );
}

/** The tables with rows or values of a place, or of all places of a resource. */
function tablesOf({ before }: Derivation, label: string, path: string | null = null): readonly OdsTable[] {
  return before.tables.filter(({ sources, columns }) =>
    sources.some(
      (source) =>
        resourceLabel(source.resource) === label &&
        (path === null ||
          isWithin(source.scope, path) ||
          columns.some(({ name }) => allPaths(source, name).some((each) => isWithin(each, path)))),
    ),
  );
}

/** The losses from the rule of one place. */
function* ofPlace(derivation: Derivation, label: string, path: string, route: Route): Generator<EarlierLoss> {
  const { rules, translation } = derivation;
  const place = translation.before.resources.get(label)?.places.get(path);
  const loss = (at: string, reason: LossReason, descriptor?: string): EarlierLoss => ({
    place: `${label}.${at}`,
    reason,
    rule: route.kind === 'none' ? '' : route.rule,
    ...(descriptor === undefined ? {} : { descriptor }),
    tables: tablesOf(derivation, label, at),
  });
  if (route.kind === 'drop') {
    const rule = rules.placeRule(label, place?.referencePath ?? path);
    yield loss(rule?.kind === 'drop' ? rule.from : path, 'dropped');
  }
  if (!carried(route)) return;
  if (route.collapse?.isFirst) yield loss(route.collapse.from, 'first');
  const { does } = route.conversion;
  if (does.kind === 'values' && isOneOfTwo(does.values)) yield loss(path, 'values');
  if (does.kind === 'date') yield loss(path, 'date');
  if (does.kind === 'codeValue') {
    const target = place?.target ?? '';
    yield loss(path, 'codeValue', derivation.hasOwn(target) ? undefined : target);
  }
}

const carried = (route: Route): route is CarriedRoute => route.kind === 'carry';

/** Documents that become one because they differ only in a part that left their identity. */
function* united(derivation: Derivation, label: string, { places }: CompiledResource): Generator<EarlierLoss> {
  if (places.kind !== 'resource') return;
  for (const path of places.identity) {
    const part = derivation.translation.identities.of(label, path);
    if (part.kind === 'dropped')
      yield { place: label, reason: 'united', rule: part.rule, tables: tablesOf(derivation, label) };
  }
}

/** Values that fills give if the earlier document has none. */
function* filled(derivation: Derivation): Generator<EarlierLoss> {
  for (const fill of derivation.rules.translation.fills)
    for (const [label, resource] of derivation.translation.resources) {
      if (!resource.hasOwn) continue;
      for (const [path, route] of resource.routes) {
        const place = resource.places.places.get(path);
        if (!carried(route) || !place || route.resource !== fill.after.resource || route.to !== fill.after.path)
          continue;
        if (mayBeAbsent(resource, place, route.to))
          yield {
            place: `${label}.${path}`,
            reason: 'filled',
            rule: fill.rule,
            tables: tablesOf(derivation, label, path),
          };
      }
    }
}

/** Whether a document may lack a place while it has the object around the later one. */
function mayBeAbsent({ places, containers }: CompiledResource, place: Place, to: string): boolean {
  const own = place.referencePath === null ? place : places.places.get(place.referencePath);
  if (own && !own.isRequired) return true;
  const outer = outerPath(own?.path ?? place.path);
  if (outer === undefined || outer === '$' || outer.endsWith('[*]')) return false;
  const laterOuter = outerPath(to);
  return containers.get(outer)?.to !== (place.referencePath === null ? laterOuter : outerPath(laterOuter ?? ''));
}

/** A place of the earlier set whose values go to one of the later set. */
interface Shared {
  readonly label: string;
  readonly part: CarriedRoute['part'];
  readonly path: string;
  readonly rule: string;
}

/** Places of several resources that share one place of the later set. */
function* unions(derivation: Derivation): Generator<EarlierLoss> {
  const { rules, translation } = derivation;
  const shared = new Map<string, Map<string, Shared>>();
  for (const [label, { routes, places }] of translation.resources)
    for (const [path, route] of routes) {
      if (!carried(route)) continue;
      const rule = rules.placeRule(label, places.places.get(path)?.referencePath ?? path);
      // items that become documents share the rows of these documents, whichever members the rule names
      const items = rule?.kind === 'documents' ? rules.translation.documents[rule.entry]?.items : null;
      const ofItems = items != null && isWithin(path, items) ? items : undefined;
      const isKey = translation.after.resources.get(route.resource)?.identity.includes(route.to);
      if (isKey && ofItems === undefined) continue;
      const key = `${route.resource} ${ofItems === undefined ? (firstItems(route.to) ?? route.to) : '$'}`;
      const from = ofItems ?? rule?.from ?? firstItems(path) ?? path;
      const found = shared.get(key) ?? new Map<string, Shared>();
      shared.set(key, found.set(`${label}.${from}`, { label, part: route.part, path: from, rule: route.rule }));
    }
  const superclass = (label: string) => translation.before.resources.get(label)?.superclass ?? null;
  const areApart = (a: Pick<Shared, 'label' | 'part'>, b: Shared) =>
    (a.label !== b.label || a.part !== b.part) &&
    (superclass(a.label) === null || superclass(a.label) !== superclass(b.label));
  for (const places of shared.values())
    for (const [place, { label, path, rule, part }] of places) {
      const also = [...places].filter(([, other]) => areApart({ label, part }, other)).map(([other]) => other);
      if (also.length > 0 && derivation.hasOwn(label))
        yield { place, reason: 'union', rule, also: also.sort(), tables: tablesOf(derivation, label, path) };
    }
}

const firstItems = (path: string): string | null => {
  const end = path.indexOf('[*]');
  return end < 0 ? null : path.slice(0, end + '[*]'.length);
};

/** Descriptors, school years and documents that rules make, by their tables. */
function* made(derivation: Derivation): Generator<EarlierLoss> {
  const { later, rules, translation } = derivation;
  const given = givenDescriptors(derivation);
  const years = new Map<string, string>();
  for (const { after, rule } of rules.translation.fills) {
    const places = translation.after.resources.get(after.resource ?? '')?.places;
    const place = places?.get(after.path ?? '');
    const target = (place?.referencePath != null ? places?.get(place.referencePath)?.target : null) ?? null;
    if (target !== null && later.root(target)?.table.kind === 'schoolYear' && !years.has(target))
      years.set(target, rule);
  }
  for (const [label, { places, hasOwn, later: name }] of translation.resources) {
    if (!hasOwn) continue;
    const descriptors = places.kind === 'descriptor' ? given.get(name) : undefined;
    if (descriptors)
      yield {
        place: label,
        reason: 'made',
        rule: descriptors.rule,
        values: [...descriptors.uris].sort(),
        tables: descriptorTables(derivation, label),
      };
    const others = rules.translation.documents.find(({ after, resource }) => after === name && resource !== label);
    for (const rule of [years.get(name), others?.rule])
      if (rule !== undefined) yield { place: label, reason: 'made', rule, tables: tablesOf(derivation, label) };
  }
}

/** The descriptors that rules give, by later type, with the first rule. */
function givenDescriptors({ rules, translation }: Derivation) {
  const given = new Map<string, { readonly rule: string; readonly uris: Set<string> }>();
  const add = (type: string | null, rule: string, value: JsonValue | undefined) => {
    if (type === null || typeof value !== 'string') return;
    const entry = given.get(type) ?? { rule, uris: new Set<string>() };
    entry.uris.add(value);
    given.set(type, entry);
  };
  const target = (resource: string | null, path: string | null) =>
    translation.after.resources.get(resource ?? '')?.places.get(path ?? '');
  for (const { after, rule, value } of rules.translation.fills) {
    const place = target(after.resource, after.path);
    if (place?.leaf?.value === 'descriptor') add(place.target, rule, value);
  }
  for (const { routes } of translation.resources.values())
    for (const route of routes.values())
      if (carried(route) && route.gives !== null && route.conversion.does.kind === 'values')
        for (const value of route.conversion.does.values.values()) add(route.gives, route.rule, value);
  return given;
}
