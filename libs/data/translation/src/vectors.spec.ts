import { readdirSync } from 'node:fs';
import { documentPlans } from '@dms/documents';
import { canonicalText, type JsonObject, type JsonValue, parseJson } from '@dms/files';
import { compileMappingSet } from '@dms/plans';
import { hasSharedData, modelOf, readSharedJson, readSharedText, sharedFile } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../test/translated.ts';
import { compileTranslation, type SetPlaces, setPlaces } from './index.ts';

const folder = ['design', 'vectors', 'translation'] as const;
const own = ['before/core.json', 'before/extension.json'];
const standard = { before: own, after: ['after/core.json'] };
const sets = new Map<string, SetPlaces>();

function set(files: readonly string[]): SetPlaces {
  const key = files.join();
  const known = sets.get(key);
  if (known) return known;
  const model = modelOf(files.map((file) => readSharedJson(...folder, ...file.split('/'))));
  const made = setPlaces(documentPlans(compileMappingSet(model)));
  sets.set(key, made);
  return made;
}

const rulesOf = (rules: unknown): Record<string, unknown>[] =>
  Array.isArray(rules)
    ? rules.flatMap(rulesOf)
    : [typeof rules === 'string' ? readSharedJson(...folder, `${rules}.json`) : (rules as Record<string, unknown>)];

// biome-ignore lint/suspicious/noExplicitAny: vectors are JSON of any form
type Vector = any;

const sorted = (list: readonly unknown[]) => list.map((each) => JSON.stringify(each)).sort();
const plain = (value: JsonValue): unknown => JSON.parse(canonicalText(value));
const nonZero = (counts: object) => Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));

/** The members of `actual` that `expected` has. */
function asked(expected: Vector, actual: Vector): unknown {
  if (expected === null || typeof expected !== 'object' || Array.isArray(expected)) return actual;
  return Object.fromEntries(Object.keys(expected).map((key) => [key, asked(expected[key], actual?.[key])]));
}

async function check(vector: Vector, documents: JsonObject[], bufferLimit?: number): Promise<void> {
  const { before, after } = { ...standard, ...vector.sets };
  const { translation, problems, notes } = compileTranslation(rulesOf(vector.rules), set(before), set(after));
  if (vector.refused) {
    const found = problems.map(({ code, rules, place }) => ({ code, rule: [...rules].sort(), place }));
    const expected = vector.refused.map(({ code, rule, place }: Vector) => ({
      code,
      rule: Array.isArray(rule) ? [...rule].sort() : rule === '' ? [] : [rule],
      place,
    }));
    expect(sorted(found)).toEqual(sorted(expected));
    return;
  }
  expect(problems).toEqual([]);
  if (!translation) throw new Error('the translation is not complete');
  const earlier = documents.map((each) => ({
    resource: each.get('resource') as string,
    uuid: each.get('uuid') as string | null,
    document: each.get('document') as JsonObject,
  }));
  const outcome = await outcomeOf(translation, earlier, { bufferLimit });
  const { report } = outcome;
  const { read, carried, dropped, rejected } = report.values;
  expect(read).toBe(carried + dropped + rejected);
  const ofPlaces = [...report.places.values()];
  expect(ofPlaces.reduce((sum, each) => sum + each.dropped, 0)).toBe(dropped);
  expect(ofPlaces.reduce((sum, each) => sum + each.rejected, 0)).toBe(rejected);
  const found = outcome.documents.map(({ resource, uuid, document }) =>
    canonicalText(
      new Map<string, JsonValue>([
        ['resource', resource],
        ['uuid', uuid],
        ['document', document],
      ]),
    ),
  );
  const expectedDocuments = (parseJson(JSON.stringify(vector.after ?? []), 'vector') as JsonValue[]).map(canonicalText);
  expect(found.sort()).toEqual(expectedDocuments.sort());
  const rejects = outcome.rejects.map(({ earlier, problem, part, others, rule }) => ({
    code: problem.code,
    resource: earlier.resource,
    uuid: earlier.uuid,
    place: problem.place,
    ...(problem.value === undefined ? {} : { value: plain(problem.value) }),
    ...(part === null ? {} : { part }),
    rule,
    others,
    cause: problem.cause,
  }));
  const expectedRejects: Vector[] = vector.rejects ?? [];
  const keyOf = ({ code, resource, uuid, place }: Vector) => JSON.stringify([code, resource, uuid, place]);
  rejects.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  expectedRejects.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  expect(rejects.map(keyOf)).toEqual(expectedRejects.map(keyOf));
  expect(rejects.map((each, index) => asked(expectedRejects[index], each))).toEqual(expectedRejects);
  if (vector.report) {
    expect(nonZero(report.values)).toEqual(nonZero(vector.report.values));
    const rules = [...report.rules].map(([rule, counts]) => [rule, nonZero(counts)]);
    expect(Object.fromEntries(rules)).toEqual(vector.report.rules);
    if (vector.report.filled) expect(Object.fromEntries(report.filled)).toEqual(vector.report.filled);
    if (vector.report.descriptorsMerged) expect(report.descriptorsMerged).toEqual(vector.report.descriptorsMerged);
  }
  const noted = [...notes, ...report.notes].map(({ code, place }) => ({ code, place }));
  for (const note of vector.notes ?? []) expect(noted).toContainEqual(note);
}

describe.skipIf(!hasSharedData)('vectors of translations (needs the shared conformance data)', () => {
  const cases = hasSharedData ? readdirSync(sharedFile(...folder, 'cases')).sort() : [];

  it('provoke every code', () => {
    const codes = new Set(
      cases.flatMap((file) => {
        const { refused = [], rejects = [], notes = [] }: Vector = readSharedJson(...folder, 'cases', file);
        return [...refused, ...rejects, ...notes].map(({ code }: Vector) => code);
      }),
    );
    expect([...codes].sort()).toEqual([
      'TRANSLATION_AMBIGUOUS',
      'TRANSLATION_CONFLICT',
      'TRANSLATION_DIFFERS',
      'TRANSLATION_INCOMPLETE',
      'TRANSLATION_INVALID',
      'TRANSLATION_MERGED',
      'TRANSLATION_NARROWER',
      'TRANSLATION_NO_IDENTITY',
      'TRANSLATION_PROJECT_ABSENT',
      'TRANSLATION_REFUSED',
      'TRANSLATION_REPLACED',
      'TRANSLATION_REQUIRED',
      'TRANSLATION_SEVERAL',
      'TRANSLATION_TARGET',
      'TRANSLATION_UNKNOWN',
      'TRANSLATION_UNUSED',
      'TRANSLATION_VALUE',
      'TRANSLATION_VERSIONS',
    ]);
  });
  for (const order of ['as given', 'reversed'])
    it.each(cases)(`%s, ${order}`, async (file) => {
      const vector = readSharedJson(...folder, 'cases', file);
      const given = parseJson(readSharedText(...folder, 'cases', file), file) as JsonObject;
      const documents = [...((given.get('before') ?? []) as JsonObject[])];
      // reversed, everything that waits is in files
      if (order === 'reversed') await check(vector, documents.reverse(), 0);
      else await check(vector, documents);
    });
});
