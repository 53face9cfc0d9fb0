import { readFileSync } from 'node:fs';
import { convertLegacySchema } from '@dms/api-schema';
import { documentPlans } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import { hasSharedData, modelOf, readSharedJson, readSharedText } from '@dms/testing';
import { canonicalText, parseJson } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { compileTranslation, type SetPlaces, setPlaces } from './index.ts';

/* The translations of the product are complete for every published form of their sets. */

const shipped = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../data/${name}.json`, import.meta.url), 'utf8'));

const compiled = new Map<string, SetPlaces>();

/** The places of a set, which is compiled once. */
function placesOf(name: string, documents: () => Parameters<typeof modelOf>[0]): SetPlaces {
  const known = compiled.get(name) ?? setPlaces(documentPlans(compileMappingSet(modelOf(documents()))));
  compiled.set(name, known);
  return known;
}

const places = (...files: readonly string[]): SetPlaces =>
  placesOf(files.join(), () => files.map((file) => readSharedJson('inputs', file)));

const previousFile = 'ds-5.1-core.old-format.json';

/** The standard of the previous year, whose schema is in the older format. */
const previousPlaces = (): SetPlaces =>
  placesOf(previousFile, () => {
    const root = parseJson(readSharedText('inputs', previousFile), previousFile);
    const [converted] = convertLegacySchema({ file: previousFile, root }).schemas;
    return [JSON.parse(canonicalText(converted?.root ?? null))];
  });

describe.skipIf(!hasSharedData)('ed-fi-5.2-to-6.1 (needs the shared conformance data)', () => {
  it.each([
    ['ds-5.2-core.json', 'tpdm-1.1-extension.json'],
    ['ds-5.2-core.later.json', 'tpdm-1.1-extension.later.json'],
    ['ds-5.2-core.json'],
  ])('is complete for %s', (...before) => {
    const { problems } = compileTranslation(
      [shipped('ed-fi-5.2-to-6.1')],
      places(...before.filter((file) => file !== undefined)),
      places('ds-6.1-core.json'),
    );
    expect(problems.map(({ code, rules, place }) => `${code} ${rules.join()} ${place}`)).toEqual([]);
  });
});

describe.skipIf(!hasSharedData)('ed-fi-5.1-to-5.2 (needs the shared conformance data)', () => {
  it.each(['ds-5.2-core.json', 'ds-5.2-core.later.json'])('is complete for %s', (after) => {
    const { problems } = compileTranslation([shipped('ed-fi-5.1-to-5.2')], previousPlaces(), places(after));
    expect(problems.map(({ code, rules, place }) => `${code} ${rules.join()} ${place}`)).toEqual([]);
  });
});
