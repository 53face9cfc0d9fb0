import { documentSchemas } from '@dms/api-schema';
import { documentPlans, schemaCheck } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import { modelOf, readSharedJson, readSharedText, schemaSet } from '@dms/testing';
import { canonicalText, type JsonObject, type JsonValue, parseJson } from '@dms/values';
import { expect } from 'vitest';
import {
  type CheckLater,
  compileTranslation,
  type SetPlaces,
  setPlaces,
  shippedTranslations,
  type TranslationJson,
} from '../src/index.ts';
import { outcomeOf } from './translated.ts';

/* The published vectors of translations (design 20 §7). */

export const vectorFolder = ['design', 'vectors', 'translation'] as const;
const own = ['before/core.json', 'before/extension.json'];
const standard = { before: own, after: ['after/core.json'] };
interface VectorSet {
  readonly places: SetPlaces;
  /** The check of a document against the JSON schemas of the resources. */
  readonly check: CheckLater;
}

const sets = new Map<string, VectorSet>();

function set(files: readonly string[]): VectorSet {
  const key = files.join();
  const known = sets.get(key);
  if (known) return known;
  const documents = files.map((file) => readSharedJson(...vectorFolder, ...file.split('/')));
  const schemas = documentSchemas(schemaSet(...documents));
  const bySchemas = schemaCheck(schemas);
  const made: VectorSet = {
    places: setPlaces(documentPlans(compileMappingSet(modelOf(documents))), schemas),
    check: (resource, document) =>
      bySchemas.diagnosticsOf(resource, [{ document, file: '', line: 0 }], () => undefined)[0] ?? [],
  };
  sets.set(key, made);
  return made;
}

/** The translations that names in vectors stand for: those published with the vectors, or those of the product. */
export type Translations = 'published' | 'product';

function rulesOf(rules: unknown, whose: Translations): TranslationJson[] {
  if (Array.isArray(rules)) return rules.flatMap((each) => rulesOf(each, whose));
  if (typeof rules !== 'string') return [rules as TranslationJson];
  const own = whose === 'product' ? shippedTranslations.get(rules) : undefined;
  return [own ?? readSharedJson(...vectorFolder, `${rules}.json`)];
}

// biome-ignore lint/suspicious/noExplicitAny: vectors are JSON of any form
export type TranslationVector = any;

const sorted = (list: readonly unknown[]) => list.map((each) => JSON.stringify(each)).sort();
const plain = (value: JsonValue): unknown => JSON.parse(canonicalText(value));
const nonZero = (counts: object) => Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));

/** The members of `actual` that `expected` also has. */
function asked(expected: TranslationVector, actual: TranslationVector): unknown {
  if (expected === null || typeof expected !== 'object' || Array.isArray(expected)) return actual;
  return Object.fromEntries(Object.keys(expected).map((key) => [key, asked(expected[key], actual?.[key])]));
}

async function check(
  vector: TranslationVector,
  documents: JsonObject[],
  whose: Translations,
  bufferLimit?: number,
): Promise<void> {
  const { before, after } = { ...standard, ...vector.sets };
  const { translation, problems, notes } = compileTranslation(
    rulesOf(vector.rules, whose),
    set(before).places,
    set(after).places,
  );
  if (vector.refused) {
    const found = problems.map(({ code, rules, place }) => ({ code, rule: [...rules].sort(), place }));
    const expected = vector.refused.map(({ code, rule, place }: TranslationVector) => ({
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
  const outcome = await outcomeOf(translation, earlier, { bufferLimit, check: set(after).check });
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
  // the rules of the product have another order, so their names differ
  const withoutRule = ({ rule: _, ...reject }: TranslationVector) => reject;
  const given: TranslationVector[] = vector.rejects ?? [];
  const expectedRejects = whose === 'published' ? given : given.map(withoutRule);
  const keyOf = ({ code, resource, uuid, place }: TranslationVector) => JSON.stringify([code, resource, uuid, place]);
  rejects.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  expectedRejects.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  expect(rejects.map(keyOf)).toEqual(expectedRejects.map(keyOf));
  expect(rejects.map((each, index) => asked(expectedRejects[index], each))).toEqual(expectedRejects);
  const noted = [...notes, ...report.notes].map(({ code, place }) => ({ code, place }));
  for (const note of vector.notes ?? []) expect(noted).toContainEqual(note);
  if (vector.report) {
    expect(nonZero(report.values)).toEqual(nonZero(vector.report.values));
    if (whose === 'product') return;
    const rules = [...report.rules].map(([rule, counts]) => [rule, nonZero(counts)]);
    expect(Object.fromEntries(rules)).toEqual(vector.report.rules);
    if (vector.report.filled) expect(Object.fromEntries(report.filled)).toEqual(vector.report.filled);
    if (vector.report.descriptorsMerged) expect(report.descriptorsMerged).toEqual(vector.report.descriptorsMerged);
  }
}

/** Runs a vector: with its documents in the given order, or reversed and with all stored data in files. */
export async function checkVector(
  order: 'as given' | 'reversed',
  whose: Translations,
  ...file: string[]
): Promise<void> {
  const vector = readSharedJson(...vectorFolder, ...file);
  const given = parseJson(readSharedText(...vectorFolder, ...file), file.join('/')) as JsonObject;
  const documents = [...((given.get('before') ?? []) as JsonObject[])];
  await (order === 'reversed' ? check(vector, documents.reverse(), whose, 0) : check(vector, documents, whose));
}
