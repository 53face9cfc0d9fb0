import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { documentSchemas, isWithin, labelledResource, type MappingVersion, resourceLabel } from '@dms/api-schema';
import type { Connection, Row } from '@dms/databases';
import {
  checkDocument,
  type DocumentPlans,
  descriptorReferentialId,
  documentPlans,
  generateDocuments,
  type ResourcePlans,
} from '@dms/documents';
import { deriveInventory } from '@dms/inventory';
import { loadDocuments } from '@dms/loading';
import { mustExist } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import { dialectOf, givenScript, joined, textOf, trusted } from '@dms/sql';
import { type Document, type ProvisionedEngine, schemaSetOf } from '@dms/testing';
import {
  type CompiledTranslation,
  compileTranslation,
  type EarlierDocument,
  laterDescriptor,
  type SetPlaces,
  setPlaces,
  translateDocuments,
} from '@dms/translation';
import { type JsonObject, jsonText, parseJson } from '@dms/values';
import type { EarlierMapping, LossReason } from '../src/earlier/earlier-mapping.ts';
import { EarlierText } from '../src/earlier/earlier-text.ts';
import { LaterTables } from '../src/earlier/later-tables.ts';
import { applyViews, type OdsColumn, type OdsMapping, type OdsTable, tableLabel, usualOptions } from '../src/index.ts';
import { allPaths } from '../src/mapping/ods-mapping.ts';
import { pgsqlReporting } from '../src/views/reporting-dialect.ts';
import { type Views, viewsOf } from './views.ts';

/** A schema set compiled for documents and views. */
export interface EarlierSet extends Views {
  readonly plans: DocumentPlans;
  readonly places: SetPlaces;
}

export function earlierSet(schemas: readonly Document[], mappingVersion: MappingVersion): EarlierSet {
  const views = viewsOf(schemas, { mappingVersion });
  const plans = documentPlans(compileMappingSet(views.model), deriveInventory(views.model, { strict: false }));
  return { ...views, plans, places: setPlaces(plans, documentSchemas(schemaSetOf(mappingVersion, schemas))) };
}

export function completeTranslation(rules: Record<string, unknown>, before: EarlierSet, after: EarlierSet) {
  const { translation, problems } = compileTranslation([rules], before.places, after.places);
  if (!translation) throw new Error(`the translation is not complete: ${JSON.stringify(problems)}`);
  return translation;
}

export interface GivenDocument {
  readonly resource: string;
  readonly document: JsonObject;
}

export const given = ({ resource, document }: { resource: string; document: unknown }): GivenDocument => ({
  resource,
  document: parseJson(JSON.stringify(document), resource) as JsonObject,
});

/** Documents of each resource, with the descriptors and documents that they name. */
export function generatedDocuments({ model }: EarlierSet, seed: number): readonly GivenDocument[] {
  const { descriptors, documents } = generateDocuments(model, seed);
  return [...descriptors, ...documents].map(({ resource, document }) => ({
    resource: typeof resource === 'string' ? resource : resourceLabel(resource),
    document,
  }));
}

/** The documents that a translation makes. Throws if it rejects any. */
export function translatedAll(
  translation: CompiledTranslation,
  documents: readonly GivenDocument[],
): Promise<readonly GivenDocument[]> {
  const earlier: EarlierDocument[] = documents.map((each) => ({ ...each, uuid: null }));
  return translateDocuments(translation, earlier, {}, async ({ counts, documents: made, rejects }) => {
    if (rejects.length > 0) throw new Error(`rejected: ${JSON.stringify(rejects)}`);
    return [...counts.keys()].flatMap((resource) => [...made(resource)]);
  });
}

/** Loads documents, and files of others, in place of the existing documents. Throws if one is rejected. */
export async function replaceDocuments(
  connection: Connection,
  plans: DocumentPlans,
  documents: readonly GivenDocument[],
  { others = [], isContinued }: { readonly others?: readonly string[]; readonly isContinued?: boolean } = {},
) {
  await connection.execute(givenScript('TRUNCATE TABLE dms."Document" CASCADE'));
  const folder = mkdtempSync(path.join(tmpdir(), 'dms-earlier-'));
  try {
    const file = path.join(folder, 'documents.jsonl');
    const line = ({ resource, document }: GivenDocument) =>
      `{"resource":"${resource}","document":${jsonText(document)}}\n`;
    writeFileSync(file, documents.map(line).join(''));
    const { total } = await loadDocuments([connection], plans, [file, ...others], { isContinued });
    if (!isContinued && total.rejected > 0) throw new Error(`${total.rejected} documents of ${file} are rejected`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs `work` on a database of each set, with the documents that a translation carries, and the views of the set. */
export async function inBothDatabases<Result>(
  engine: ProvisionedEngine,
  { before, after }: { readonly before: EarlierSet; readonly after: EarlierSet },
  carried: { readonly earlier: readonly GivenDocument[]; readonly later: readonly GivenDocument[] },
  work: (databases: { readonly before: Connection; readonly after: Connection }) => Promise<Result>,
): Promise<Result> {
  const [own, later] = await Promise.all([engine.open(before.script), engine.open(after.script)]);
  try {
    await replaceDocuments(own.connection, before.plans, carried.earlier);
    await replaceDocuments(later.connection, after.plans, carried.later);
    await applyViews(own.connection, before.reporting);
    await applyViews(later.connection, after.reporting);
    return await work({ before: own.connection, after: later.connection });
  } finally {
    await own.close();
    await later.close();
  }
}

/** The queries of the views of the earlier set. */
export function earlierQueries(earlier: EarlierMapping, later: OdsMapping): ReadonlyMap<string, string> {
  const text = new EarlierText(pgsqlReporting, { mapping: later, options: usualOptions });
  return new Map(
    earlier.tables.map((table) => [`${table.schema}.${table.name}`, textOf(joined(text.query(table, usualOptions)))]),
  );
}

const uncompared = ['CreateDate', 'LastModifiedDate', 'Id'];

/** The columns of a table that are compared. */
export const comparedColumns = (columns: readonly OdsColumn[], hasDiscriminator: boolean) =>
  columns.filter(({ name }) => !uncompared.includes(name) && (name !== 'Discriminator' || hasDiscriminator));

/** The meaning of the numbers of a database: URIs of descriptors, and unique ids of persons by resource. */
export interface Surrogates {
  readonly uris: ReadonlyMap<string, string>;
  readonly persons: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

const viewOf = (table: OdsTable) => textOf(dialectOf.pgsql.sql`${pgsqlReporting.viewName(table, usualOptions)}`);

export async function surrogatesOf(connection: Connection, { mapping, places }: EarlierSet): Promise<Surrogates> {
  const tables = new LaterTables(mapping, places);
  const base = mustExist(tables.descriptorBase(), 'a table of descriptors');
  const rows = await connection.query<{ id: string; uri: string }>(
    trusted(`SELECT descriptorid::text AS id, lower(uri) AS uri FROM ${viewOf(base)}`),
  );
  const persons = new Map<string, ReadonlyMap<string, string>>();
  for (const [label, { table, usi, uniqueId }] of tables.persons()) {
    const ids = await connection.query<{ id: string; name: string }>(
      trusted(`SELECT ${usi.name}::text AS id, ${uniqueId.name} AS name FROM ${viewOf(table.table)}`),
    );
    persons.set(label, new Map(ids.map(({ id, name }) => [id, name])));
  }
  return { uris: new Map(rows.map(({ id, uri }) => [id, uri])), persons };
}

interface ComparedTable {
  readonly kind: string;
  readonly columns: readonly OdsColumn[];
}

/** The rows of a query, by column, with URIs and unique ids in place of numbers. */
export async function comparedRecords(
  connection: Connection,
  query: string,
  { kind, columns }: ComparedTable,
  { uris, persons }: Surrogates,
): Promise<Record<string, unknown>[]> {
  const rows = await connection.query<{ row: Record<string, unknown> }>(
    trusted(`SELECT to_jsonb(q) AS row FROM (${query}) q`),
  );
  const compared = comparedColumns(columns, kind === 'base' || kind === 'descriptorBase');
  const told = ({ content, name }: OdsColumn, value: unknown): unknown => {
    if (value === null) return null;
    if (content.kind === 'descriptor' || (content.kind === 'descriptorColumn' && /DescriptorId$/.test(name)))
      return uris.get(String(value)) ?? `no descriptor ${value}`;
    if (content.kind === 'usi')
      return persons.get(resourceLabel(content.resource))?.get(String(value)) ?? `nobody ${value}`;
    return name === 'Uri' ? String(value).toLowerCase() : value;
  };
  return rows.map(({ row }) =>
    Object.fromEntries(
      compared.map((column) => [column.name, told(column, row[column.pgsqlName.toLowerCase()] ?? null)]),
    ),
  );
}

/** The rows of a query as texts, sorted. */
export async function comparedRows(
  connection: Connection,
  query: string,
  table: ComparedTable,
  surrogates: Surrogates,
): Promise<string[]> {
  const rows = await comparedRecords(connection, query, table, surrogates);
  return rows.map((row) => JSON.stringify(Object.values(row))).sort();
}

/** Whether something distinguishes the items of each collection; else documents of the resource cannot be written. */
const canBeWritten = ({ write }: ResourcePlans): boolean =>
  write.tablePlansInDependencyOrder.every(
    ({ collectionMergePlan }) => collectionMergePlan?.semanticIdentityBindings.length !== 0,
  );

/** The documents that a set accepts, that can be written, and that refer only to given documents. */
export function wholeDocuments({ plans }: EarlierSet, documents: readonly GivenDocument[]): readonly GivenDocument[] {
  const known = documents.flatMap((each) => {
    const name = labelledResource(each.resource);
    if (!plans.labels.includes(each.resource)) {
      const uri = `${each.document.get('namespace')}#${each.document.get('codeValue')}`;
      return [{ each, ids: [descriptorReferentialId(name, uri)], targets: [] as string[] }];
    }
    const { document } = checkDocument(plans, name, each.document);
    if (!document || !canBeWritten(document.plans)) return [];
    const ids = [document.referentialId, ...(document.superclass ? [document.superclass.referentialId] : [])];
    return [{ each, ids, targets: document.targets.map(({ referentialId }) => referentialId) }];
  });
  for (let rest = known; ; ) {
    const there = new Set(rest.flatMap(({ ids }) => ids));
    const kept = rest.filter(({ targets }) => targets.every((id) => there.has(id)));
    if (kept.length === rest.length) return kept.map(({ each }) => each);
    rest = kept;
  }
}

const uuidOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

/** The documents that a translation carries without a reject, and the documents that they become. */
export async function carriedDocuments(
  translation: CompiledTranslation,
  before: EarlierSet,
  documents: readonly GivenDocument[],
): Promise<{ readonly earlier: readonly GivenDocument[]; readonly later: readonly GivenDocument[] }> {
  for (let rest = wholeDocuments(before, documents); ; ) {
    const all: EarlierDocument[] = rest.map((each, index) => ({ ...each, uuid: uuidOf(index) }));
    const found = await translateDocuments(
      translation,
      all,
      {},
      async ({ counts, documents: made, rejects, earlier }) => ({
        later: [...counts.keys()].flatMap((resource) => [...made(resource)]),
        rejected: new Set([...rejects()].map(([{ source }]) => earlier(source).uuid)),
      }),
    );
    if (found.rejected.size === 0) return { earlier: rest, later: found.later };
    const kept = rest.filter((_, index) => !found.rejected.has(uuidOf(index)));
    rest = wholeDocuments(before, kept);
  }
}

/** Reasons for which a column is NULL in all rows, or a table has no rows. */
const ofNothing: readonly LossReason[] = ['gone', 'dropped', 'apart', 'codeValue', 'united'];

/** The tables without rows, and the columns without values, that the list of losses does not name. */
export const silentLosses = ({ tables, notGivenBack }: EarlierMapping): readonly string[] =>
  tables.flatMap((table) => {
    const label = tableLabel(table);
    if (notGivenBack.some((each) => ofNothing.includes(each.reason) && each.tables.includes(label))) return [];
    const isEmpty = ({ where }: (typeof table.arms)[number]) =>
      where.some((each) => each.kind === 'present' && each.of.length + each.rows.length === 0);
    if (table.arms.every(isEmpty)) return [`${label} is empty without a reason`];
    return table.columns.flatMap(({ name, content }, index) => {
      const isLost = table.arms.some(({ columns }) => columns[index]?.kind === 'null');
      return isLost && content.kind !== 'fixed' ? [`${label}.${name} is NULL without a reason`] : [];
    });
  });

/** Result of a comparison. */
export interface EarlierComparison {
  readonly tables: number;
  /** Tables with rows. */
  readonly filled: number;
  readonly rows: number;
  /** Rows of both views that are not compared, because an ODS could not hold their documents. */
  readonly hidden: number;
  /** The tables whose rows differ in more than the listed losses. */
  readonly differences: readonly string[];
}

/**
 * Tells the rows of documents that an ODS could not hold, because two rows of one of its tables have the same key. Random
 * sets allow them, and views that join rows by key have each such row several times. The key of a table begins with that
 * of the document.
 */
function documentsWithRepeatedKeys(
  { tables }: OdsMapping,
  ownRows: ReadonlyMap<OdsTable, readonly Row[]>,
): (table: OdsTable, row: Row) => boolean {
  const lengths = rootKeyLengths(tables);
  const documents = ({ sources, key }: OdsTable, row: Row) =>
    sources.map(({ resource }) => {
      const label = resourceLabel(resource);
      return JSON.stringify([label, ...key.slice(0, lengths.get(label)).map((name) => row[name])]);
    });
  const repeated = new Set<string>();
  for (const [table, rows] of ownRows) {
    // where the identity is in an object, keys do not tell documents; descriptors become one by their namespaces
    if (isOfDescriptors(table) || table.sources.some(({ resource }) => lengths.get(resourceLabel(resource)) === 0))
      continue;
    const seen = new Set<string>();
    for (const row of rows) {
      const key = JSON.stringify(table.key.map((name) => row[name]));
      if (seen.has(key)) for (const document of documents(table, row)) repeated.add(document);
      seen.add(key);
    }
  }
  return (table, row) => !isOfDescriptors(table) && documents(table, row).some((document) => repeated.has(document));
}

const isOfDescriptors = ({ kind }: OdsTable): boolean => kind === 'descriptor' || kind === 'descriptorBase';

/** How many columns the key of each resource has in its root table. */
const rootKeyLengths = (tables: readonly OdsTable[]): ReadonlyMap<string, number> =>
  new Map(
    tables.flatMap(({ sources, key }) =>
      sources.flatMap(({ resource, scope }) => (scope === '$' ? [[resourceLabel(resource), key.length] as const] : [])),
    ),
  );

/** Reasons that change a value of a column. */
const ofValues: readonly LossReason[] = ['dropped', 'apart', 'values', 'date', 'codeValue', 'filled', 'implied'];

/**
 * Compares the rows of the earlier set's own views with those of the views over the later set, except for the listed
 * losses (design 21 §1, §4).
 */
export async function compareEarlier(
  { before, after, translation }: { before: EarlierSet; after: EarlierSet; translation: CompiledTranslation },
  databases: { readonly before: Connection; readonly after: Connection },
  earlier: EarlierMapping,
  queries: ReadonlyMap<string, string> = earlierQueries(earlier, after.mapping),
): Promise<EarlierComparison> {
  const { namespaces } = translation.rules.translation;
  const earlierIds = await surrogatesOf(databases.before, before);
  const uris = new Map(
    [...earlierIds.uris].map(([id, uri]) => [id, String(laterDescriptor(namespaces, uri)).toLowerCase()]),
  );
  const later = await surrogatesOf(databases.after, after);
  const gone = new Set(earlier.notGivenBack.flatMap(({ place, reason }) => (reason === 'gone' ? [place] : [])));
  const differences: string[] = [...silentLosses(earlier)];
  let filled = 0;
  let rows = 0;
  let hidden = 0;
  const rootKeys = rootKeyLengths(before.mapping.tables);
  const allOwnRows = new Map<OdsTable, readonly Row[]>();
  for (const table of before.mapping.tables) {
    const query = `SELECT * FROM ${viewOf(table)}`;
    allOwnRows.set(table, await comparedRecords(databases.before, query, table, { ...earlierIds, uris }));
  }
  const isOfNoOds = documentsWithRepeatedKeys(before.mapping, allOwnRows);
  for (const [table, all] of allOwnRows) {
    const label = tableLabel(table);
    const { kind, sources, key } = table;
    const query = mustExist(queries.get(label), label);
    const allLaterRows = await comparedRecords(databases.after, query, table, later);
    const entries = earlier.notGivenBack.filter(({ tables }) => tables.includes(label));
    const has = (...reasons: readonly LossReason[]) => entries.some(({ reason }) => reasons.includes(reason));
    const isLost = ({ name }: OdsColumn) =>
      entries.some(
        ({ place, reason }) =>
          ofValues.includes(reason) &&
          sources.some((source) =>
            allPaths(source, name).some((each) => isWithin(`${resourceLabel(source.resource)}.${each}`, place)),
          ),
      );
    const lost = new Set(table.columns.filter(isLost).map(({ name }) => name));
    // a later row that has lost a part of the key does not tell its document
    const tellsDocument = sources.every(({ resource }) =>
      key.slice(0, rootKeys.get(resourceLabel(resource))).every((name) => !lost.has(name)),
    );
    const ofAnOds = (of: readonly Row[]) => (tellsDocument ? of.filter((row) => !isOfNoOds(table, row)) : of);
    const ownRows = ofAnOds(all);
    const laterRows = ofAnOds(allLaterRows);
    hidden += all.length - ownRows.length + allLaterRows.length - laterRows.length;
    if (laterRows.length > 0) filled += 1;
    rows += laterRows.length;
    // rows that differ only in lost values become one
    const isUnited = has('united') || key.some((name) => lost.has(name));
    const isWithinLost = (label: string, scope: string) =>
      entries.some(({ place, reason }) => ofValues.includes(reason) && isWithin(`${label}.${scope}`, place));
    // an item whose values are all dropped has no row
    const own = table.columns.filter(({ name }) =>
      sources.some((source) => allPaths(source, name).some((each) => isWithin(each, source.scope))),
    );
    const isEmptied = kind === 'collection' && own.every(({ name }) => lost.has(name));
    const losesRows =
      isEmptied ||
      ((kind === 'common' || kind === 'extension') && lost.size > 0) ||
      sources.some(({ resource, scope }) => isWithinLost(resourceLabel(resource), scope));
    const keyOf = (row: Row) => JSON.stringify(key.map((name) => row[name]));
    const hasKey = new Set(ownRows.map(keyOf)).size === ownRows.length;
    if (!isUnited && key.length > 0 && hasKey && new Set(laterRows.map(keyOf)).size < laterRows.length)
      differences.push(`${label} has a key twice`);
    if (kind !== 'descriptorBase' && sources.every(({ resource }) => gone.has(resourceLabel(resource)))) {
      if (laterRows.length > 0) differences.push(`${label} is not empty`);
      continue;
    }
    const text = (row: Row) =>
      JSON.stringify(Object.entries(row).flatMap(([name, value]) => (lost.has(name) ? [] : [value])));
    const values = table.columns.filter(({ name, content }) => !key.includes(name) && content.kind !== 'fixed');
    const isBare = (row: Row) => kind === 'extension' && values.every(({ name }) => row[name] === null);
    const ownTexts = ownRows.filter((row) => !isBare(row)).map(text);
    const laterTexts = laterRows.filter((row) => !isBare(row)).map(text);
    const missing = losesRows || has('first', 'gone') ? [] : left(ownTexts, laterTexts, isUnited);
    const added = has('union', 'made') || kind === 'descriptorBase' ? [] : left(laterTexts, ownTexts, isUnited);
    if (missing.length > 0) differences.push(`${label} lacks ${missing.length} of ${ownTexts.length}: ${missing[0]}`);
    if (added.length > 0) differences.push(`${label} has ${added.length} others: ${added[0]}`);
  }
  return { tables: before.mapping.tables.length, filled, rows, hidden, differences };
}

/** The texts that the others lack; with `isUnited` once is enough, else each text must be there as often. */
function left(texts: readonly string[], others: readonly string[], isUnited: boolean): string[] {
  const counts = new Map<string, number>();
  for (const text of others) counts.set(text, (counts.get(text) ?? 0) + 1);
  return texts.filter((text) => {
    const count = counts.get(text) ?? 0;
    if (!isUnited) counts.set(text, count - 1);
    return count <= 0;
  });
}
