import { labelledResource, resourceLabel } from '@dms/api-schema';
import {
  checkDocument,
  descriptorReferentialId,
  documentPlans,
  type GeneratedDocuments,
  generateDocuments,
} from '@dms/documents';
import type { RelationalModelSet } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import { canonicalText, isJsonArray, isJsonObject, type JsonValue, parseJson } from '@dms/values';
import {
  type CompiledTranslation,
  type EarlierDocument,
  type LaterDocument,
  type SetPlaces,
  setPlaces,
  type TranslateDocumentsOptions,
  type TranslatedDocuments,
  type TranslationReject,
  translateDocuments,
} from '../src/index.ts';

/* Laws that hold for every translation (design 20 §5), computed without the code of the translation. */

/** All results of a translation. */
export interface TranslationOutcome extends Pick<TranslatedDocuments, 'report'> {
  readonly documents: readonly LaterDocument[];
  readonly rejects: readonly (TranslationReject & { readonly earlier: EarlierDocument })[];
}

export const outcomeOf = (
  translation: CompiledTranslation,
  given: readonly EarlierDocument[],
  options: TranslateDocumentsOptions = {},
): Promise<TranslationOutcome> =>
  translateDocuments(translation, given, options, async ({ report, counts, documents, rejects, earlier }) => ({
    report,
    documents: [...counts.keys()].flatMap((resource) => [...documents(resource)]),
    rejects: [...rejects()].flat().map((each) => ({ ...each, earlier: earlier(each.source) })),
  }));

/** A document of the earlier set, from its text. */
export function earlier(resource: string, uuid: string, text: string): EarlierDocument {
  const document = parseJson(text, 'a document');
  if (!isJsonObject(document)) throw new Error(`${text} is not an object`);
  return { resource, uuid, document };
}

/** A set with generated documents. */
export interface FilledSet {
  readonly places: SetPlaces;
  readonly documents: readonly EarlierDocument[];
}

const uuidOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

/** Every descriptor and document of a generated sample, with a uuid each. */
export function sampled({ descriptors, documents }: GeneratedDocuments): EarlierDocument[] {
  const ofDescriptors = descriptors.map(({ resource, document }) => ({ resource, document }));
  const ofResources = documents.map(({ resource, document }) => ({ resource, document }));
  return [...ofDescriptors, ...ofResources].map(({ resource, document }, index) => ({
    resource: typeof resource === 'string' ? resource : resourceLabel(resource),
    uuid: uuidOf(index),
    document,
  }));
}

export function filledSet(model: RelationalModelSet, seed: number): FilledSet {
  const plans = documentPlans(compileMappingSet(model));
  return { places: setPlaces(plans), documents: sampled(generateDocuments(model, seed)) };
}

/** The number of texts, numbers and booleans in a value. */
export function countValues(value: JsonValue): number {
  if (isJsonObject(value)) return [...value.values()].reduce((sum: number, member) => sum + countValues(member), 0);
  if (isJsonArray(value)) return value.reduce((sum: number, item) => sum + countValues(item), 0);
  return value === null ? 0 : 1;
}

const textOf = ({ resource, uuid, document }: LaterDocument) => `${resource} ${uuid} ${canonicalText(document)}`;

/** An outcome in a form that does not depend on the order of the documents. */
export const comparable = ({ documents, rejects, report }: TranslationOutcome) => ({
  documents: documents.map(textOf).sort(),
  rejects: rejects
    .map(({ earlier, rule, problem, part }) => [earlier.uuid, problem.code, problem.place, rule, part].join(' '))
    .sort(),
  values: report.values,
  rules: [...report.rules].map(([rule, counts]) => JSON.stringify([rule, counts])).sort(),
  filled: [...report.filled].map((each) => JSON.stringify(each)).sort(),
});

/** The violations of the laws of a translation (design 20 §5.1, §5.2); empty if all hold. */
export function brokenLaws(
  { before, after }: Pick<CompiledTranslation, 'before' | 'after'>,
  given: readonly EarlierDocument[],
  { documents, rejects, report }: TranslationOutcome,
): string[] {
  const broken: string[] = [];
  const read = given.reduce((sum, { document }) => sum + countValues(document), 0);
  const { carried, dropped, rejected } = report.values;
  if (report.values.read !== read || carried + dropped + rejected !== read)
    broken.push(`${read} values were read, and ${JSON.stringify(report.values)} are reported`);
  const ofRules = [...report.rules.values()].reduce(
    (sum, each) => sum + each.carried + each.dropped + each.rejected,
    0,
  );
  if (ofRules !== read) broken.push(`${read} values were read, and ${ofRules} are under rules`);
  if (report.documents.read !== given.length || report.documents.written !== documents.length)
    broken.push(`${given.length} became ${documents.length}, and ${JSON.stringify(report.documents)} are reported`);
  if (report.documents.rejects !== rejects.length) broken.push('rejects are counted otherwise');
  const uuids = documents.flatMap(({ uuid }) => uuid ?? []);
  if (new Set(uuids).size !== uuids.length) broken.push('two documents have one uuid');
  // references without a target in the input have none in the output either
  if (incomplete(before, given).length === 0) broken.push(...incomplete(after, documents));
  return broken;
}

/**
 * Documents that the later set refuses, that have the identity of another one, or that refer to a document that is not
 * written.
 */
function incomplete(
  { plans }: SetPlaces,
  documents: readonly Pick<LaterDocument, 'resource' | 'document'>[],
): string[] {
  const broken: string[] = [];
  const written = new Set<string>();
  const named: { readonly id: string; readonly by: string }[] = [];
  for (const { resource, document } of documents) {
    const name = labelledResource(resource);
    if (!plans.labels.includes(resource)) {
      written.add(descriptorReferentialId(name, `${document.get('namespace')}#${document.get('codeValue')}`));
      continue;
    }
    const { document: checked, diagnostics } = checkDocument(plans, name, document);
    if (!checked) {
      broken.push(`${resource} is refused: ${diagnostics[0]?.message}`);
      continue;
    }
    if (written.has(checked.referentialId)) broken.push(`${resource} is there twice: ${canonicalText(document)}`);
    written.add(checked.referentialId);
    if (checked.superclass) written.add(checked.superclass.referentialId);
    for (const { referentialId, place } of checked.targets)
      named.push({ id: referentialId, by: `${resource} ${place}` });
  }
  for (const { id, by } of named) if (!written.has(id)) broken.push(`${by} names what is not written`);
  return broken;
}

/** Translates documents, and again in the reverse order; returns the outcome and the violations of laws. */
export async function translated(translation: CompiledTranslation, given: readonly EarlierDocument[]) {
  const outcome = await outcomeOf(translation, given);
  const broken = brokenLaws(translation, given, outcome);
  // with `bufferLimit` 0, all stored data is in files
  const reversed = comparable(await outcomeOf(translation, [...given].reverse(), { bufferLimit: 0 }));
  if (JSON.stringify(reversed) !== JSON.stringify(comparable(outcome))) broken.push('the order of documents matters');
  return { outcome, broken };
}
