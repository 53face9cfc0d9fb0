import { documentPlans } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import { hasSharedData, modelOf, readSharedJson } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import {
  type CompiledTranslation,
  compileTranslation,
  isWithin,
  placeName,
  setPlaces,
  shippedTranslations,
} from './index.ts';

/*
 * Where each element of 5.2 with TPDM lives in 6.1, as the published migration guides and schemas say: the translation of
 * the product carries it there, or drops it by a rule, which the report names.
 */

interface Fact {
  /** `Project:Resource`, or with a path; a collection has no `[*]` at its end. */
  readonly from: string;
  readonly what: 'resource' | 'descriptor' | 'collection' | 'object' | 'reference' | 'scalar';
  readonly kind: string;
  /** Empty where 6.1 has no place for it. */
  readonly to: readonly string[];
}

/** Where the values of an earlier place go: places of 6.1, and rules that drop them. */
interface Fate {
  readonly carried: readonly string[];
  readonly dropped: readonly string[];
}

function fateOf({ rules, resources, newIdentities }: CompiledTranslation, label: string, path: string): Fate {
  const compiled = resources.get(label);
  const carried = new Set<string>();
  const dropped = new Set<string>();
  for (const place of compiled?.places.places.values() ?? []) {
    const isThere = isWithin(place.path, path) || isWithin(place.path, `${path}[*]`);
    const route = place.leaf && isThere ? compiled?.routes.get(place.path) : undefined;
    if (route?.kind === 'carry') carried.add(`${route.resource}.${route.to}`);
    if (route?.kind === 'drop') dropped.add(route.rule);
    if (route?.kind !== 'identity') continue;
    for (const entry of route.entries)
      for (const [to, source] of newIdentities[entry]?.sources ?? [])
        if (source.kind === 'place' && source.from === place.path)
          carried.add(`${rules.translation.documents[entry]?.after}.${to}`);
  }
  return { carried: [...carried], dropped: [...dropped] };
}

describe.skipIf(!hasSharedData)('the facts about 5.2 to 6.1 (needs the shared conformance data)', () => {
  const places = (...files: readonly string[]) =>
    setPlaces(documentPlans(compileMappingSet(modelOf(files.map((file) => readSharedJson('inputs', file))))));
  const facts: readonly Fact[] = hasSharedData ? readSharedJson('inputs', '5.2-to-6.1', 'moves.json').moves : [];

  it('are followed, each of them', () => {
    const { translation } = compileTranslation(
      [shippedTranslations.get('ed-fi-5.2-to-6.1') ?? {}],
      places('ds-5.2-core.json', 'tpdm-1.1-extension.json'),
      places('ds-6.1-core.json'),
    );
    if (!translation) throw new Error('The translation is not complete.');
    const { rules } = translation;
    const { documents } = rules.translation;
    /** What is not as the fact says. */
    const wrong = ({ from, to }: Fact): string | undefined => {
      const { resource, path } = placeName(from) ?? {};
      if (resource == null || path === undefined) return 'is no place';
      const [target] = to;
      if (path === null) {
        const { later, isDropped } = rules.resource(resource);
        if (target === undefined) return isDropped ? undefined : 'is not dropped';
        const becomes = documents.filter((each) => each.resource === resource && each.items === null);
        return (!isDropped && later === target) || becomes.some(({ after }) => after === target)
          ? undefined
          : `becomes ${later}`;
      }
      const { carried, dropped } = fateOf(translation, resource, path);
      if (target === undefined) return carried.length === 0 && dropped.length > 0 ? undefined : `goes to ${carried}`;
      const isFollowed = carried.some(
        (each) => each === target || each.startsWith(`${target}.`) || each.startsWith(`${target}[*]`),
      );
      return isFollowed ? undefined : `goes to ${carried.join(', ') || 'nothing'}, dropped by ${dropped}`;
    };
    const found = facts.flatMap((fact) => {
      const text = wrong(fact);
      return text === undefined ? [] : [`${fact.from} (${fact.kind}) should be ${fact.to}: ${text}`];
    });
    expect(facts.length).toBe(3012);
    expect(found).toEqual([]);
  });
});
