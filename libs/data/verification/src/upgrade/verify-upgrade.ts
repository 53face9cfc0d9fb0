import { resourceLabel } from '@dms/api-schema';
import type { Catalog, CatalogTable } from '@dms/catalog';
import {
  type Connection,
  inSession,
  introspect,
  openDatabase,
  parseTarget,
  rolledBack,
  rowsOf,
  run,
} from '@dms/databases';
import { type Diagnostic, diagnostic, failIfAny, mostExamples } from '@dms/diagnostics';
import { authTable } from '@dms/inventory';
import { derivedRows } from '@dms/laws';
import { core, type DbTableName, mustExist, qualified } from '@dms/model';
import { upgradeScriptFindings } from '@dms/script-checks';
import { dialectOf, givenScript, join, type PlainSql, pgsqlName, type SqlDialect } from '@dms/sql';
import {
  applyUpgrade,
  type ComparedSet,
  planUpgrade,
  readAndTranslate,
  reportedPlan,
  type TranslationRejects,
  type UpgradeOptions,
  type UpgradePlan,
  type UpgradeTranslation,
  upgradeText,
} from '@dms/upgrade';
import { canonicalText, type JsonObject } from '@dms/values';
import type { SkippedTable } from '../behaviour/world.ts';
import { generations } from '../generations.ts';
import {
  commonDocuments,
  DocumentsOfSet,
  documentFacts,
  fillDatabase,
  fillWithDocuments,
  type ReadDocument,
} from './upgrade-documents.ts';

const { sql, id } = dialectOf.pgsql;

const keyOf = ({ schema, name }: { readonly schema: string; readonly name: string }) => `${schema}.${name}`;

/** The live list; entries that the desired list also has, by key, take over its statements. */
function stated<Entry>(
  live: readonly Entry[],
  desired: readonly Entry[],
  key: (entry: Entry) => string,
  same: (live: Entry, desired: Entry) => Entry,
): Entry[] {
  const known = new Map(desired.map((entry) => [key(entry), entry]));
  return live.map((entry) => {
    const other = known.get(key(entry));
    return other ? same(entry, other) : entry;
  });
}

function table(live: CatalogTable, desired: CatalogTable): CatalogTable {
  return {
    ...live,
    columns: stated(
      live.columns,
      desired.columns,
      ({ name }) => name,
      (column, other) => ({ ...column, collation: other.collation }),
    ),
  };
}

/**
 * A catalog that was read from a database, with collations and bodies of views from the desired catalog, because an
 * engine prints these in its own words. Everything else is from the database.
 */
function asDesired(live: Catalog, desired: Catalog): Catalog {
  return {
    ...live,
    schemas: live.schemas.filter((name) => desired.schemas.includes(name)),
    tables: stated(live.tables, desired.tables, keyOf, table),
    views: stated(live.views, desired.views, keyOf, (view, other) => ({ ...view, body: other.body })),
  };
}

/** A schema set with the script that provisions it. */
export interface SetWithScript extends ComparedSet {
  readonly script: string;
}

export interface VerifyUpgradeOptions extends UpgradeOptions {
  /** Random documents per resource; 1 by default. */
  readonly random?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
}

export interface VerifiedUpgrade {
  readonly plan: UpgradePlan;
  /** The number of upgraded documents; null if the script was only checked statically. */
  readonly documents: number | null;
  /** The number of documents and descriptors before the upgrade; null if the script was only checked statically. */
  readonly earlierDocuments: number | null;
  /** Tables that could not have rows, because a row and its targets require each other. */
  readonly skipped: readonly SkippedTable[];
}

const finding = (text: string, resource?: string): Diagnostic =>
  diagnostic('VERIFY_BEHAVIOUR', `upgrade: ${text}`, resource === undefined ? {} : { resource }, { of: 'upgrade' });

async function onEmbedded<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
  const { target } = parseTarget('pglite:', 'pgsql');
  if (target.kind === 'static') throw new Error('an embedded database is not a static target');
  return inSession(openDatabase(target), work);
}

type Proof = (before: SetWithScript, after: SetWithScript, options: VerifyUpgradeOptions) => Promise<VerifiedUpgrade>;

const checkedStatically: Proof = async (before, after, { allowLoss, renames, translation }) => {
  const plan = planUpgrade(before, after, { allowLoss, renames, translation });
  const findings = upgradeScriptFindings(plan.script ?? '');
  failIfAny(findings.map(({ id, text }) => diagnostic('VERIFY_STATIC', `${id}: ${text}.`, {}, { id })));
  return { plan, documents: null, earlierDocuments: null, skipped: [] };
};

const provenOnEmbedded: Proof = (before, after, options) => {
  const { allowLoss, renames, translation, signal, onProgress } = options;
  const asked = { allowLoss, renames, translation };
  return onEmbedded(async (connection) => {
    onProgress?.('provision the earlier set');
    await run(connection, givenScript(before.script), { signal });
    const plan = planUpgrade(before, after, asked);
    const live = (await introspect(connection)).catalog;
    const again = planUpgrade({ ...before, catalog: asDesired(live, before.catalog) }, after, asked);
    const textOf = (own: UpgradePlan) => upgradeText(reportedPlan(before, after, own));
    if (textOf(plan) !== textOf(again) || plan.script !== again.script)
      failIfAny([finding('the plan from the catalog of the database is another one')]);
    onProgress?.('write documents');
    const { random = 1 } = options;
    const limits = { signal };
    const { skipped, findings } = translation?.isRewriting
      ? await fillWithDocuments(connection, before, random)
      : await fillDatabase(connection, before, after, { random, limits, renaming: plan.renaming });
    failIfAny(findings.slice(0, mostExamples).map((text) => finding(text)));
    // the rows are inserted per table and column, so they break rules that no table has
    const allowInvalid = plan.documentChecks.map(({ resource }) => resource.after);
    const earlier = await documentFacts(connection);
    const documents = await proveUpgrade(connection, before, after, { ...options, allowInvalid });
    return { plan, documents: documents.size, earlierDocuments: earlier.size, skipped };
  });
};

const proofs: Readonly<Record<SqlDialect, Proof>> = { pgsql: provenOnEmbedded, mssql: checkedStatically };

/**
 * Proves an upgrade on an embedded database: it is provisioned for the earlier set, filled so that every table has
 * rows, and upgraded; then it must have the shape of the later set, the same documents, and derived rows as if
 * recomputed (design 12 §1, §7), or with a translation that rewrites documents, the documents of the translation. The
 * plan must be the same from the catalog of that database. A script for SQL Server is only checked statically. Throws
 * the `UPGRADE_*` codes, `VERIFY_BEHAVIOUR`, `VERIFY_STATIC`.
 */
export function verifyUpgrade(
  before: SetWithScript,
  after: SetWithScript,
  options: VerifyUpgradeOptions = {},
): Promise<VerifiedUpgrade> {
  return proofs[after.catalog.dialect](before, after, options);
}

/** Accepts that an upgrade leaves out documents that its translation cannot translate. */
const leftOut: TranslationRejects = { add: async () => undefined, finish: async () => undefined };

/**
 * Upgrades a database with documents and returns the documents that it reads afterwards. Throws the `UPGRADE_*` codes,
 * and `VERIFY_BEHAVIOUR` if a document or row is wrong (design 12 §1).
 */
export async function proveUpgrade(
  connection: Connection,
  before: ComparedSet,
  after: ComparedSet,
  { allowLoss, allowInvalid, renames, translation, signal, onProgress }: VerifyUpgradeOptions,
): Promise<ReadonlyMap<string, ReadDocument>> {
  const earlier = new DocumentsOfSet(connection, before);
  const later = new DocumentsOfSet(connection, after);
  const facts = await documentFacts(connection);
  const documents = await earlier.readAll();
  const plan = planUpgrade(before, after, { allowLoss, allowInvalid, renames, translation });
  const isOtherSet = plan.statements.some(({ step }) => step === 'fingerprint');
  const kept = isOtherSet ? [] : commonRows(before, after);
  const rowsBefore = await readRows(connection, kept);
  const given = translation?.isRewriting
    ? await translatedDocuments(connection, translation, { before, after, plan, signal })
    : null;
  onProgress?.('upgrade');
  await applyUpgrade(connection, before, after, { plan, signal, rejects: given === null ? undefined : leftOut });
  onProgress?.('compare documents');
  const stored = await documentFacts(connection);
  const findings = (given === null ? otherFacts(facts, stored, after, plan) : otherIds(facts, stored, given)).map(
    (text) => finding(text),
  );
  const upgraded = await later.readAll();
  const found = { earlier: documents, later: upgraded };
  const { earlier: then, later: now } =
    given === null
      ? commonDocuments(found, before, after, plan.renaming)
      : { earlier: given.texts, later: textsOf(upgraded) };
  for (const uuid of differing(then, now))
    findings.push(
      finding(
        `the document ${uuid} was ${then.get(uuid) ?? 'nothing'} and is ${now.get(uuid) ?? 'nothing'}`,
        upgraded.get(uuid)?.resource,
      ),
    );
  if (isOtherSet && (await hasCachedDocuments(connection))) findings.push(finding('documents are left in the cache'));
  for (const table of differing(rowsBefore, await readRows(connection, kept)))
    findings.push(finding(`the upgrade changed rows of ${table}`));
  onProgress?.('compare derived rows');
  const derived = await derivedRowsText(connection, after);
  for (const table of differing(derived.stored, derived.computed))
    findings.push(finding(`the rows of ${table} differ from the recomputed rows`));
  failIfAny(findings.slice(0, mostExamples));
  return upgraded;
}

const hasCachedDocuments = async (connection: Connection): Promise<boolean> =>
  (await rowsOf(connection, sql`SELECT 1 FROM ${core.documentCache} LIMIT 1`)).length > 0;

/**
 * The rows of tables that are in both sets, in their common columns. A plan that keeps the fingerprint, such as a move,
 * must not change them (design 22 §7).
 */
function commonRows(before: ComparedSet, after: ComparedSet): readonly QueriedTable[] {
  const later = new Map(after.catalog.tables.map((table) => [qualified(table), table.columns]));
  return before.catalog.tables.flatMap((table) => {
    const name = qualified(table);
    const names = new Set(later.get(name)?.map((column) => column.name));
    const common = table.columns.flatMap((column) => (names.has(column.name) ? [id(column.name)] : []));
    return common.length === 0
      ? []
      : [{ name, sql: sql`SELECT t::text AS text FROM (SELECT ${join(common)} FROM ${table}) AS t ORDER BY 1` }];
  });
}

/** The results of a translation of the documents of a database. */
interface GivenDocuments {
  /** Resources and documents as texts by uuid, without descriptors. */
  readonly texts: ReadonlyMap<string, string>;
  /** The uuids of all documents and descriptors. */
  readonly uuids: ReadonlySet<string>;
}

/**
 * Translates all documents of a database, which stays unchanged. The upgrade reads only those that a rule can touch, so
 * this shows that the others may stay.
 */
function translatedDocuments(
  connection: Connection,
  translation: UpgradeTranslation,
  options: Parameters<typeof readAndTranslate>[2],
): Promise<GivenDocuments> {
  const { resources } = translation.compiled.after;
  return rolledBack(connection, () =>
    readAndTranslate(connection, translation, { ...options, readsAll: true }, async ({ counts, documents }) => {
      const texts = new Map<string, string>();
      const uuids = new Set<string>();
      for (const label of counts.keys())
        for (const { uuid, document } of documents(label)) {
          const own = mustExist(uuid, `the uuid of a document of ${label}`);
          uuids.add(own);
          if (resources.get(label)?.kind !== 'descriptor') texts.set(own, documentText(label, document));
        }
      return { texts, uuids };
    }),
  );
}

const documentText = (resource: string, document: JsonObject) => `${resource} ${canonicalText(document)}`;

type Facts = Awaited<ReturnType<typeof documentFacts>>;

/** Documents of remaining resources whose facts have changed. */
function otherFacts(facts: Facts, stored: Facts, after: ComparedSet, { renaming }: UpgradePlan): readonly string[] {
  const kept = new Set(after.info.resourceKeys.map((key) => resourceLabel(key)));
  const expected = new Map(
    [...facts].flatMap(([id, { resource, text }]) => {
      const label = renaming.resource(resource);
      return kept.has(label) ? [[id, `${label} ${text}`]] : [];
    }),
  );
  const found = new Map([...stored].map(([id, { resource, text }]) => [id, `${resource} ${text}`]));
  return differing(expected, found).map((id) => `the document ${id} has another id, uuid, version or time, or is gone`);
}

/** The keys of entries that differ between two lists. */
function differing(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): string[] {
  return [...new Set([...left.keys(), ...right.keys()])].filter((key) => left.get(key) !== right.get(key));
}

/**
 * Documents that a translation keeps, but that have another id now; documents that it does not yield or that are gone.
 */
function otherIds(facts: Facts, stored: Facts, { uuids }: GivenDocuments): readonly string[] {
  const idsOf = (all: Facts) => new Map([...all].map(([id, { uuid }]) => [uuid, id]));
  const [then, now] = [idsOf(facts), idsOf(stored)];
  const moved = [...uuids].filter((uuid) => then.has(uuid) && then.get(uuid) !== now.get(uuid));
  const others = [...uuids].filter((uuid) => !now.has(uuid)).concat([...now.keys()].filter((uuid) => !uuids.has(uuid)));
  return [
    ...moved.map((uuid) => `the document ${uuid} has another id`),
    ...others.map((uuid) => `the document ${uuid} is gone, or is not one that the translation gives`),
  ];
}

const textsOf = (documents: ReadonlyMap<string, ReadDocument>): ReadonlyMap<string, string> =>
  new Map([...documents].map(([uuid, { resource, document }]) => [uuid, documentText(resource, document)]));

/** The derived rows as stored, and as recomputed; the latter is rolled back (design 12 §1). */
async function derivedRowsText(
  connection: Connection,
  set: ComparedSet,
): Promise<{ readonly stored: ReadonlyMap<string, string>; readonly computed: ReadonlyMap<string, string> }> {
  const { model, inventory } = set;
  const version = model.effectiveSchema.relationalMappingVersion;
  const texts = derivedRows(version, 'pgsql');
  const identities = generations[version].computedIdentities(set);
  const members = inventory.triggers.flatMap((trigger) =>
    trigger.kind === 'AbstractIdentityMaintenance' ? [trigger] : [],
  );
  const abstracts = new Map(members.map(({ targetTable }) => [qualified(targetTable), targetTable]));
  const hierarchy = inventory.authEdOrgHierarchy;
  const whole = (table: DbTableName) => ({
    name: pgsqlName(table),
    sql: sql`SELECT t::text AS text FROM ${table} AS t ORDER BY 1`,
  });
  const tables = [
    ...identities,
    ...[...abstracts.values()].map(whole),
    ...(hierarchy && hierarchy.entities.length > 0 ? [whole(authTable)] : []),
  ];
  const stored = await readRows(connection, tables);
  await connection.begin();
  try {
    for (const { statements } of identities) for (const statement of statements) await run(connection, statement);
    // within the transaction, a superuser can delete rows that others refer to
    for (const table of abstracts.values())
      await run(
        connection,
        sql`SET CONSTRAINTS ALL DEFERRED; ALTER TABLE ${table} DISABLE TRIGGER ALL; DELETE FROM ${table}`,
      );
    for (const trigger of members) await run(connection, texts.abstractIdentities(trigger));
    if (hierarchy && hierarchy.entities.length > 0) {
      await run(connection, sql`DELETE FROM ${authTable}`);
      await run(connection, texts.hierarchy(hierarchy));
    }
    return { stored, computed: await readRows(connection, tables) };
  } finally {
    await connection.rollback();
  }
}

/** A table, and the query for its rows as texts. */
interface QueriedTable {
  readonly name: string;
  readonly sql: PlainSql;
}

/** The rows of tables as texts, by table. */
async function readRows(connection: Connection, tables: readonly QueriedTable[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { name, sql: query } of tables) {
    const rows = await rowsOf<{ text: string }>(connection, query);
    found.set(name, rows.map(({ text }) => text).join('\n'));
  }
  return found;
}
