import { resourceLabel } from '@dms/api-schema';
import { modelIndex, mustExist } from '@dms/model';
import type { CompiledResource, CompiledTranslation, ResourcePlaces, Route, SetPlaces } from '@dms/translation';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
import type { RequiredMember } from './lacking-members.ts';
import type { StoredDescriptor } from './stored-descriptors.ts';
import type { UpgradeTranslation } from './translation-in-place.ts';

/* The resources whose documents a translation in place reads (design 12a §6). */

/**
 * The resources of the earlier set whose documents may be changed, rejected or removed by a rule, a namespace or a
 * change of their tables, and those in which rules look for documents. Documents of all others stay as they are unless
 * they name a rejected document, or lack a member of `members`, which queries about rows find.
 */
export function touchedResources(
  { compiled, read, written }: UpgradeTranslation,
  plan: Pick<UpgradePlan, 'items' | 'checks'>,
  descriptors: readonly StoredDescriptor[],
  members: readonly RequiredMember[],
): ReadonlySet<string> {
  const touched = new Set(read);
  const earlier = new Map([...compiled.resources].map(([label, { later }]) => [later, label]));
  /** Adds a resource by its earlier or later name; for an abstract resource its members. */
  const add = (label: string) => {
    for (const side of [compiled.before, compiled.after])
      for (const each of membersOf(side, label)) {
        const own = side === compiled.before ? each : earlier.get(each);
        if (own !== undefined) touched.add(own);
      }
  };
  for (const [label, resource] of compiled.resources) if (isChangedByRules(resource)) touched.add(label);
  const asked = new Set(members.map(({ item }) => item));
  const places = new Set(members.map(({ place }) => place));
  for (const { code, place } of compiled.notes)
    if ((code === 'TRANSLATION_REQUIRED' && !places.has(place)) || code === 'TRANSLATION_NARROWER')
      add(resourceOfPlace(place));
  for (const [index, { class: kind, resource }] of plan.items.entries())
    if (kind !== 'free' && kind !== 'rewritten' && !asked.has(index)) add(resource);
  // such as columns that become one: rows that object are rejects
  for (const { item } of plan.checks) add(mustExist(plan.items[item], 'the item of a check').resource);
  for (const { through } of compiled.newIdentities) for (const { resource } of through) touched.add(resource);
  for (const label of givenResources(compiled)) add(label);
  for (const label of retargetedResources(compiled)) add(label);
  addDescriptors(compiled, descriptors, touched);
  // a document of another member may have the later identity of a lost one
  for (const label of touched) {
    const { superclass } = compiled.before.resources.get(label) ?? {};
    const later = compiled.rules.resource(label).later;
    const isUnited = compiled.united.has(later) && !compiled.renamed.has(later);
    if (superclass && (isUnited || compiled.named.has(label))) add(superclass);
  }
  // references of written documents are found by later identities
  const renamed = resourcesWithOtherIds(compiled, descriptors);
  for (const label of targetsOf(compiled, written)) if (renamed.has(label)) touched.add(label);
  return touched;
}

/** Concrete resources with a name: the resource itself, or the members of an abstract resource. */
function membersOf({ resources }: SetPlaces, label: string): readonly string[] {
  const own = resources.get(label);
  if (own === undefined) return [];
  if (own.kind !== 'abstract resource') return [label];
  return [...resources.values()].flatMap((each) => (each.superclass === label ? [each.label] : []));
}

const resourceOfPlace = (place: string): string => place.split('.$', 1)[0] ?? place;

/** Whether a rule does more to documents of a resource than to give them, their places or their namespaces other names. */
function isChangedByRules({ places, hasOwn, isDropped, routes, retargeted }: CompiledResource): boolean {
  if (places.kind === 'abstract resource') return false;
  return !hasOwn || isDropped || retargeted.length > 0 || [...routes.values()].some((route) => !isPlain(route));
}

/** Whether the values of a place only get another name, or another namespace. */
function isPlain(route: Route): boolean {
  if (route.kind !== 'carry') return false;
  const { part, positions, collapse, gives, conversion } = route;
  const isMoved = part !== 'own' || positions.skip > 0 || positions.change !== null || collapse !== null;
  const isConverted = conversion.changesValues && conversion.does.kind !== 'descriptor';
  return !isMoved && gives === null && !conversion.isGiven && !conversion.isNarrower && !isConverted;
}

/** The later descriptor and school year resources for which rules may add documents. */
function* givenResources({ resources, rules, after }: CompiledTranslation): Generator<string> {
  for (const { routes } of resources.values())
    for (const route of routes.values()) if (route.kind === 'carry' && route.gives !== null) yield route.gives;
  for (const { after: filled } of rules.translation.fills) {
    const places = after.resources.get(filled.resource ?? '')?.places;
    const place = places?.get(filled.path ?? '');
    if (place?.leaf?.value === 'descriptor') yield resourceLabel(place.leaf.descriptor);
    const target = places?.get(place?.referencePath ?? '')?.target;
    if (target) yield target;
  }
}

/** Both targets of references that lead to another resource. */
function* retargetedResources({ resources, after }: CompiledTranslation): Generator<string> {
  for (const { retargeted, routes, later } of resources.values())
    for (const { target, to, part, path } of retargeted) {
      yield target;
      const members = [...routes].filter(([at]) => at.startsWith(`${path}.`));
      const holders = part === 'own' ? [later] : members.flatMap(([, route]) => laterOf(route));
      for (const holder of holders) {
        const found = after.resources.get(holder)?.places.get(to)?.target;
        if (found) yield found;
      }
    }
}

const laterOf = (route: Route): readonly string[] => (route.kind === 'carry' ? [route.resource] : []);

/**
 * Adds the descriptor resources with other namespaces. Where descriptors become one by them, documents that name these,
 * and documents whose identities have them, may become equal.
 */
function addDescriptors(
  { before, rules, renamed }: CompiledTranslation,
  descriptors: readonly StoredDescriptor[],
  touched: Set<string>,
): void {
  const ids = new Set<string>();
  const merged = new Set<string>();
  for (const { resource, hasOtherNamespace, referentialId } of descriptors) {
    if (hasOtherNamespace) touched.add(resource);
    if (ids.has(referentialId)) merged.add(resource);
    ids.add(referentialId);
  }
  if (merged.size === 0) return;
  const isOfMerged = ({ places }: ResourcePlaces) =>
    [...places.values()].some(({ leaf }) => leaf?.value === 'descriptor' && merged.has(resourceLabel(leaf.descriptor)));
  for (const [label, places] of before.resources)
    if (renamed.has(rules.resource(label).later) || isOfMerged(places)) touched.add(label);
}

/** Earlier resources whose documents have other referential ids in the later set. */
function resourcesWithOtherIds(
  { before, resources, renamed, after }: CompiledTranslation,
  descriptors: readonly StoredDescriptor[],
): ReadonlySet<string> {
  const hasOtherNamespaces = descriptors.some(({ hasOtherNamespace }) => hasOtherNamespace);
  const found = new Set<string>();
  for (const [label, { places, later }] of resources) {
    const laterPlaces = after.resources.get(later);
    if (places.kind !== 'resource' || !laterPlaces) continue;
    const isSame =
      label === later &&
      `${places.superclass} ${places.identity}` === `${laterPlaces.superclass} ${laterPlaces.identity}`;
    const general = before.resources.get(places.superclass ?? '');
    const laterGeneral = after.resources.get(laterPlaces.superclass ?? '');
    const isSameGeneral = `${general?.identity}` === `${laterGeneral?.identity}`;
    if (!isSame || !isSameGeneral || (hasOtherNamespaces && renamed.has(later))) found.add(label);
  }
  return found;
}

/** The earlier names of the resources to which documents of some later resources refer. */
function targetsOf({ after, resources }: CompiledTranslation, labels: ReadonlySet<string>): ReadonlySet<string> {
  const index = modelIndex(after.plans.mappingSet.model);
  const later = new Set(
    [...labels]
      .flatMap((label) => index.resources.get(label)?.documentReferenceBindings ?? [])
      .flatMap(({ targetResource }) => membersOf(after, resourceLabel(targetResource))),
  );
  return new Set([...resources].flatMap(([label, resource]) => (later.has(resource.later) ? [label] : [])));
}
