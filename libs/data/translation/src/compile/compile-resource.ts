import type { DocumentLeaf } from '@dms/model';
import { depthOf } from '../places/place-name.ts';
import type { Place, ResourcePlaces, SetPlaces } from '../places/set-places.ts';
import { type PlaceRule, type RuleIndex, unchangedRule } from '../rules/rule-index.ts';
import { conversionOf, type LaterValue } from './conversion.ts';
import { carryingOf, type IdentityParts } from './identity-parts.ts';

/** The document that values go to: the own document, or one that an entry of `documents` makes. */
export type Part = 'own' | number;

/** The change from the positions of an earlier place to those of a later one. */
export interface Positions {
  /** The number of outer positions that only identify the item that becomes a document. */
  readonly skip: number;
  /** The position that is added, as 0, or that is left out; null if the number of positions stays the same. */
  readonly change: { readonly kind: 'add' | 'collapse'; readonly at: number } | null;
}

/** The destination of the values of a place. */
export type Route =
  | {
      readonly kind: 'carry';
      readonly rule: string;
      readonly part: Part;
      readonly resource: string;
      readonly to: string;
      readonly conversion: LaterValue;
      readonly positions: Positions;
      /** The rule that collapses items into one, and whether it takes the first. */
      readonly collapse: { readonly from: string; readonly isFirst: boolean } | null;
      /** The descriptor resource of a value that a rule gives. */
      readonly gives: string | null;
    }
  | { readonly kind: 'drop'; readonly rule: string }
  /** Only the identity of new documents takes the value. */
  | { readonly kind: 'identity'; readonly rule: string; readonly entries: readonly number[] }
  /** Neither a rule nor the later set has a place for the value. */
  | { readonly kind: 'none' };

/** An object, collection or reference that stays in its document, even if it is empty. */
interface CarriedContainer {
  readonly to: string;
  readonly positions: Positions;
}

/** A reference that refers to another resource in the later set. */
interface Retargeted {
  readonly path: string;
  readonly target: string;
  readonly to: string;
  readonly part: Part;
  readonly positions: Positions;
}

export interface CompiledResource {
  readonly places: ResourcePlaces;
  readonly later: string;
  readonly rule: string;
  /** Whether the later resource has own documents. */
  readonly hasOwn: boolean;
  readonly isDropped: boolean;
  readonly routes: ReadonlyMap<string, Route>;
  readonly containers: ReadonlyMap<string, CarriedContainer>;
  readonly retargeted: readonly Retargeted[];
}

interface Compiling {
  readonly rules: RuleIndex;
  readonly identities: IdentityParts;
  readonly before: SetPlaces;
  readonly after: SetPlaces;
  /** The places of an earlier resource whose values are used in identities of new documents, with the entries. */
  readonly taken: (resource: string) => ReadonlyMap<string, readonly number[]>;
}

/** Compiles the destination of each place of an earlier resource (design 20 §2). */
export function compileResource(places: ResourcePlaces, compiling: Compiling, ignoresDrop = false): CompiledResource {
  const { rules, identities, before, after, taken } = compiling;
  const { label } = places;
  const own = rules.resource(label);
  const laterPlaces = after.resources.get(own.later);
  const isDropped = own.isDropped && !ignoresDrop;
  const hasOwn = laterPlaces !== undefined && !isDropped;
  const takenHere = taken(label);
  const routes = new Map<string, Route>();
  const containers = new Map<string, CarriedContainer>();
  const retargeted: Retargeted[] = [];
  const itemsOf = (rule: PlaceRule | undefined) =>
    rule?.kind === 'documents' ? (rules.translation.documents[rule.entry]?.items ?? null) : null;
  const unruled = (path: string): Route => {
    const entries = takenHere.get(path);
    if (!laterPlaces && entries && entries.length > 0) {
      const rule = rules.translation.documents[entries[0] ?? 0]?.rule ?? unchangedRule;
      return { kind: 'identity', rule, entries };
    }
    return own.isDropped ? { kind: 'drop', rule: own.rule } : { kind: 'none' };
  };
  for (const place of places.places.values()) {
    const { path } = place;
    const anchor = place.referencePath ?? path;
    const to = rules.laterPath(label, anchor);
    const rule = rules.placeRule(label, anchor);
    if (to === null) {
      routes.set(path, { kind: 'drop', rule: rule?.rule ?? own.rule });
      continue;
    }
    const part: Part = to.entry ?? 'own';
    if (part === 'own' && !hasOwn) {
      if (place.leaf) routes.set(path, unruled(path));
      continue;
    }
    const resource = rules.laterResource(label, to.rule);
    const target = after.resources.get(resource)?.places.get(to.path);
    const positions = positionsOf(to.rule, itemsOf(to.rule));
    const isCollapsed = positions.change?.kind === 'collapse';
    if (isContainer(place)) {
      const fits =
        target !== undefined && isContainer(target) && (target.kind === 'collection') === (place.kind === 'collection');
      if (part === 'own' && fits && !isCollapsed) containers.set(path, { to: to.path, positions });
      if (place.kind === 'reference' && target?.kind === 'reference' && place.target !== null) {
        if (rules.resource(place.target).later !== target.target)
          retargeted.push({ path, target: place.target, to: to.path, part, positions });
      }
    }
    if (!place.leaf) continue;
    const ruleName = identities.ruleOf(label, anchor);
    const collapse =
      isCollapsed && to.rule && to.rule.kind !== 'drop'
        ? { from: to.rule.from, isFirst: (to.rule.kind === 'move' ? to.rule.move : to.rule.member)?.take ?? false }
        : null;
    const common = { kind: 'carry', rule: ruleName, part, resource, positions, collapse } as const;
    if (place.kind === 'member' && place.referencePath !== null) {
      const fits =
        target?.kind === 'reference' &&
        (to.rule !== undefined ||
          place.reference === null ||
          rules.resource(refTarget(place, places)).later === target.target);
      const member = fits ? identities.member(label, place.referencePath, path) : ({ kind: 'unknown' } as const);
      if (member.kind === 'dropped') routes.set(path, { kind: 'drop', rule: member.rule });
      else if (member.kind === 'unknown') routes.set(path, { kind: 'none' });
      else
        routes.set(path, {
          ...common,
          to: member.path,
          conversion: member.conversion,
          gives: member.conversion.isGiven ? givenDescriptor(after, resource, member.path) : null,
        });
      continue;
    }
    const leaf = target?.leaf;
    const conversion =
      leaf &&
      target.kind !== 'member' &&
      conversionOf(carryingOf(to.rule, path), {
        from: place.leaf,
        to: leaf,
        plans: before.plans,
        namespaces: rules.translation.namespaces,
        areSameDescriptors: place.target === null || rules.resource(place.target).later === target.target,
      });
    if (!conversion) routes.set(path, { kind: 'none' });
    else
      routes.set(path, { ...common, to: to.path, conversion, gives: conversion.isGiven ? descriptorOf(leaf) : null });
  }
  return { places, later: own.later, rule: own.rule, hasOwn, isDropped: own.isDropped, routes, containers, retargeted };
}

/**
 * Compiles a resource for the identities by which others may still name its documents: as if it were not dropped, and as
 * if no rule dropped a part of its identity that the later identity has at the same place. The identities of new
 * documents take their parts from there (design 20 §2.3). Null if nothing of this is dropped.
 */
export function compileNamed(places: ResourcePlaces, compiling: Compiling): CompiledResource | null {
  const { rules, before, after } = compiling;
  const resource = rules.resource(places.label);
  const later = after.resources.get(resource.later);
  const compiled = compileResource(places, compiling, true);
  const kept = places.identity.flatMap((path): [string, Route][] => {
    const from = places.places.get(path);
    const to = later?.identity.includes(path) ? later.places.get(path) : undefined;
    if (!from?.leaf || !to?.leaf || compiled.routes.get(path)?.kind !== 'drop') return [];
    const conversion = conversionOf(null, {
      from: from.leaf,
      to: to.leaf,
      plans: before.plans,
      namespaces: rules.translation.namespaces,
      areSameDescriptors: from.target === null || rules.resource(from.target).later === to.target,
    });
    const positions: Positions = { skip: 0, change: null };
    const common = { kind: 'carry', rule: resource.rule, part: 'own', positions, collapse: null, gives: null } as const;
    return conversion ? [[path, { ...common, resource: resource.later, to: path, conversion }]] : [];
  });
  if (!resource.isDropped && kept.length === 0) return null;
  return { ...compiled, routes: new Map([...compiled.routes, ...kept]) };
}

/** Whether a place can be empty and still have a later place. */
const isContainer = ({ kind }: Place) =>
  kind === 'object' || kind === 'collection' || kind === 'extension' || kind === 'reference';

const refTarget = (place: Place, places: ResourcePlaces) =>
  (place.referencePath === null ? null : places.places.get(place.referencePath)?.target) ?? '';

const givenDescriptor = (after: SetPlaces, resource: string, path: string): string | null =>
  after.resources.get(resource)?.places.get(path)?.target ?? null;

const descriptorOf = (leaf: DocumentLeaf): string | null =>
  leaf.value === 'descriptor' ? `${leaf.descriptor.projectName}:${leaf.descriptor.resourceName}` : null;

/** The change of positions by a rule. */
export function positionsOf(rule: PlaceRule | undefined, items: string | null): Positions {
  const skip = rule?.kind === 'documents' && items !== null ? depthOf(items) : 0;
  if (!rule || rule.kind === 'drop') return { skip, change: null };
  const before = depthOf(rule.from) - skip;
  const after = depthOf(rule.to);
  if (after === before + 1) {
    const isCollection = rule.from.endsWith('[*]') && rule.to.endsWith('[*]') && before > 0;
    return { skip, change: { kind: 'add', at: isCollection ? before - 1 : before } };
  }
  if (after === before - 1) return { skip, change: { kind: 'collapse', at: before - 1 } };
  return { skip, change: null };
}
