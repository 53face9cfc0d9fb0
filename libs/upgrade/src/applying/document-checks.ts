import { type DocumentSchemas, resourceLabel } from '@dms/api-schema';
import { schemaCheck, storedDocuments, uuidsOf } from '@dms/bulk';
import { isJsonArray, isJsonObject, JsonNumber, type JsonObject, type JsonValue } from '@dms/canonical-json';
import { type ComparedSet, type DocumentsCheck, renamedDocument, type UpgradeItem, type UpgradePlan } from '@dms/change';
import type { Connection } from '@dms/databases';
import { type Diagnostic, fail } from '@dms/diagnostics';
import { checkDocument, type DocumentPlans, documentPlans } from '@dms/documents';
import { mustExist } from '@dms/model';
import { compileMappingSet } from '@dms/plans';

/** Documents that break a rule of the later set. */
export interface InvalidDocuments {
  readonly check: DocumentsCheck;
  readonly item: UpgradeItem;
  readonly count: number;
  /** The first of them, with the place in each. */
  readonly examples: readonly { readonly uuid: string; readonly path: string }[];
}

/** How many documents a message names. */
const namedDocuments = 5;

const knownPlans = new WeakMap<ComparedSet, DocumentPlans>();

/** The plans of a set; a fleet shares them. */
function plansOf(set: ComparedSet): DocumentPlans {
  const known = knownPlans.get(set) ?? documentPlans(compileMappingSet(set.model), set.inventory);
  knownPlans.set(set, known);
  return known;
}

/** The text of a number in a document, without trailing zeros (design 12 §3.7). */
const numberText = (lexeme: string) => (/^-?[0-9]+\.[0-9]+$/.test(lexeme) ? lexeme.replace(/\.?0+$/, '') : lexeme);

/** A value with the type that the later set converts it to (design 12 §3.7). */
function converted(value: JsonValue, schema: JsonValue | undefined): JsonValue {
  if (!isJsonObject(schema)) return value;
  if (isJsonArray(value)) return value.map((item) => converted(item, schema.get('items')));
  if (isJsonObject(value)) {
    const properties = schema.get('properties');
    if (!isJsonObject(properties)) return value;
    return new Map([...value].map(([name, member]) => [name, converted(member, properties.get(name))]));
  }
  if (schema.get('type') !== 'string') return value;
  if (value instanceof JsonNumber) return numberText(value.lexeme);
  if (typeof value === 'boolean') return String(value);
  const isMoment = schema.get('format') === 'date-time' && typeof value === 'string';
  return isMoment && /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value) ? `${value}T00:00:00Z` : value;
}

/** A document of the earlier set as the later set has it. */
function laterDocument(plan: UpgradePlan, schemas: DocumentSchemas, check: DocumentsCheck, document: JsonObject): JsonObject {
  const { before, after } = check.resource;
  const renamed = plan.renaming.renames.length === 0 ? document : renamedDocument(plan.renaming, before, document);
  if (!plan.items.some(({ change }) => change === 'type converted')) return renamed;
  return (schemas.get(after) ?? []).reduce<JsonValue>((value, schema) => converted(value, schema), renamed) as JsonObject;
}

/** A place in a document without its positions. */
const pathOf = (place: string) => place.replace(/\[[0-9]+\]/g, '[*]');

const isInside = (path: string, outer: string) =>
  path === outer || (path.startsWith(outer) && /^[.[]/.test(path.slice(outer.length)));

/** Whether a problem of a document comes from a rule. */
function isOf({ code, paths, keywords }: DocumentsCheck['rules'][number]['rule'], { code: found, where, details }: Diagnostic) {
  if (found !== code) return false;
  // a check that took too long has no place
  if (where.path === undefined) return true;
  const path = pathOf(where.path);
  if (keywords === null) return paths.some((each) => isInside(path, each));
  return paths.includes(path) && keywords.includes(String(details.keyword));
}

/** Everything that is wrong with a document in the later set, as far as rules for documents say. */
type FindProblems = (document: JsonObject) => readonly Diagnostic[];

function problemsOf(plan: UpgradePlan, after: ComparedSet, check: DocumentsCheck): FindProblems {
  const resource = check.resource.after;
  const codes = new Set(check.rules.map(({ rule }) => rule.code));
  const schemas = codes.has('DOCUMENT_SCHEMA_VIOLATED') ? schemaCheck(after.schemas) : null;
  const isOfModel = codes.has('DOCUMENT_EQUALITY_VIOLATED') || codes.has('DOCUMENT_DUPLICATE_ELEMENT');
  const plans = isOfModel ? plansOf(after) : null;
  const model = after.model.resources.find(({ resourceKey }) => resourceLabel(resourceKey) === resource);
  const { resourceKey } = mustExist(model, resource);
  return (stored) => {
    const document = laterDocument(plan, after.schemas, check, stored);
    const ofModel = plans === null ? [] : checkDocument(plans, resourceKey, document, { ignoreUnknown: true }).problems;
    const [ofSchema = []] = schemas?.problems(resource, [{ document, file: resource, line: 1 }]) ?? [];
    return [...ofModel, ...ofSchema];
  };
}

/**
 * Reads the documents of a resource from a database of the earlier set, and returns those that break rules of the later set (design 12
 * §3.8). The session is in a transaction. Throws the `DB_*` codes, `DOCUMENT_SCHEMA_INVALID`.
 */
async function invalidDocuments(
  session: Connection,
  { plan, before, after }: DocumentsQuestion,
  check: DocumentsCheck,
  signal: AbortSignal | undefined,
): Promise<readonly InvalidDocuments[]> {
  const found = check.rules.map(({ item, rule }) => ({
    rule,
    item: mustExist(plan.items[item], `the item ${item}`),
    count: 0,
    examples: [] as { readonly documentId: string; readonly path: string }[],
  }));
  const plans = plansOf(before);
  const model = before.model.resources.find(({ resourceKey }) => resourceLabel(resourceKey) === check.resource.before);
  const findProblems = problemsOf(plan, after, check);
  const connection = { ...session, isInTransaction: true };
  for await (const page of storedDocuments(connection, plans, mustExist(model, check.resource.before))) {
    if (signal?.aborted) fail('DB_CANCELLED', 'The check of documents was cancelled; nothing was changed.');
    for (const { documentId, document } of page) {
      const problems = findProblems(document);
      if (problems.length === 0) continue;
      for (const entry of found) {
        const first = problems.find((problem) => isOf(entry.rule, problem));
        if (first === undefined) continue;
        entry.count += 1;
        if (entry.examples.length < namedDocuments) entry.examples.push({ documentId, path: first.where.path ?? '$' });
      }
    }
  }
  const uuids = await uuidsOf(
    session,
    found.flatMap(({ examples }) => examples.map(({ documentId }) => documentId)),
  );
  return found
    .filter(({ count }) => count > 0)
    .map(({ item, count, examples }) => {
      const named = examples.map(({ documentId, path }) => ({ uuid: uuids.get(documentId) ?? documentId, path }));
      return { check, item, count, examples: named };
    });
}

/** What documents are checked with. */
export interface DocumentsQuestion {
  readonly plan: UpgradePlan;
  readonly before: ComparedSet;
  readonly after: ComparedSet;
}

/** All documents of the database that break new rules, those that may stay too. */
export async function allInvalidDocuments(
  connection: Connection,
  question: DocumentsQuestion,
  {
    signal,
    onCheck,
  }: {
    readonly signal?: AbortSignal | undefined;
    readonly onCheck?: ((check: DocumentsCheck, index: number) => void) | undefined;
  },
): Promise<readonly InvalidDocuments[]> {
  const all: InvalidDocuments[] = [];
  for (const [index, check] of question.plan.documentChecks.entries()) {
    onCheck?.(check, index);
    all.push(...(await invalidDocuments(connection, question, check, signal)));
  }
  return all;
}
