/**
 * Times the documents library in one process: writes, reads, replaces and reads as text a sample of the data standard
 * 5.2, and compares this with plain inserts of the same rows and `SELECT *` of the same tables (design 14 §5). The
 * benchmark `loads` times `dms-ddl load`.
 *
 *   npm run bench -- documents                       20,000 documents, on the embedded engine
 *   npm run bench -- documents --server              on a PostgreSQL server of its own, from npm
 *   npm run bench -- documents --documents 2000      a smaller sample
 *   npm run bench -- documents --mapping-version v2  the second generation
 *   npm run bench -- documents core.json             the core of the data standard from another place
 *   DMS_TEST_PGSQL_URL=… npm run bench -- documents  on that server, in databases that it creates and drops
 */

import { parseArgs } from 'node:util';
import { buildEffectiveSchema, loadApiSchemaFiles, type MappingVersion } from '@dms/api-schema';
import { type Connection, openDatabase, parseTarget, startPostgresServer } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import {
  type DocumentPlans,
  type DocumentStore,
  documentPlans,
  insertDescriptors,
  openDocuments,
  sampleDocuments,
  writeOrder,
} from '@dms/documents';
import { deriveInventory } from '@dms/inventory';
import type { QualifiedResourceName, Table } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import { givenScript, trusted } from '@dms/sql';
import { canonicalText, isJsonObject, type JsonObject } from '@dms/values';
import { type BareRows, insertBare, storedRows } from './bare-inserts.ts';
import { coreOf, versionOf } from './data-standard.ts';
import { processorTime } from './processor-time.ts';
import { dropTriggers } from './write-cases.ts';

const batchSize = 500;
const pageSize = 500;
const singles = 200;

interface DocumentBatch {
  readonly resource: string;
  readonly documents: readonly JsonObject[];
}

interface MeasuredDocuments {
  /** Processor time of this process and of its session on the server, in milliseconds. */
  readonly cpu: number;
  readonly passed: number;
  readonly statements: number;
  readonly roundTrips: number;
}

const named = (label: string): QualifiedResourceName => {
  const colon = label.indexOf(':');
  return { projectName: label.slice(0, colon), resourceName: label.slice(colon + 1) };
};

/** A connection that counts its statements. */
class Counted {
  statements = 0;
  roundTrips = 0;
  readonly connection: Connection;

  constructor(inner: Connection) {
    const count = (statements: number) => {
      this.statements += statements;
      this.roundTrips += 1;
    };
    this.connection = {
      ...inner,
      execute: (text, limits) => {
        count(1);
        return inner.execute(text, limits);
      },
      query: (text, parameters, limits) => {
        count(1);
        return inner.query(text, parameters, limits);
      },
      queryAll: (statements, limits) => {
        count(statements.length);
        return inner.queryAll(statements, limits);
      },
      rollback: () => {
        count(1);
        return inner.rollback();
      },
    };
  }

  async measure(work: () => Promise<void>): Promise<MeasuredDocuments> {
    let [passed, statements, roundTrips] = [0, 0, 0];
    const cpu = await processorTime(this.connection, async () => {
      const time = performance.now();
      [this.statements, this.roundTrips] = [0, 0];
      await work();
      [passed, statements, roundTrips] = [performance.now() - time, this.statements, this.roundTrips];
    });
    return { cpu, passed, statements, roundTrips };
  }
}

/** The sample in the order of loading. */
function batchesOf(
  plans: DocumentPlans,
  documents: readonly { resource: string; document: JsonObject }[],
): DocumentBatch[] {
  const byResource = new Map<string, JsonObject[]>();
  for (const { resource, document } of documents)
    byResource.set(resource, [...(byResource.get(resource) ?? []), document]);
  return writeOrder(plans.mappingSet.model).flatMap((resource) => {
    const own = byResource.get(resource) ?? [];
    return Array.from({ length: Math.ceil(own.length / batchSize) }, (_, index) => ({
      resource,
      documents: own.slice(index * batchSize, (index + 1) * batchSize),
    }));
  });
}

/**
 * Writes batches; documents that refer to later ones wait for further rounds. Returns the batches in the order of
 * writing.
 */
async function load(
  store: DocumentStore,
  batches: readonly DocumentBatch[],
): Promise<{ resource: string; ids: string[] }[]> {
  const written: { resource: string; ids: string[] }[] = [];
  let waiting = batches;
  while (waiting.length > 0) {
    const later: DocumentBatch[] = [];
    let count = 0;
    for (const { resource, documents } of waiting) {
      const outcomes = await store.upsertBatch(
        named(resource),
        documents.map((document) => ({ document })),
      );
      const ids = outcomes.flatMap((outcome) => (outcome.kind === 'rejected' ? [] : [outcome.documentId]));
      count += ids.length;
      if (ids.length > 0) written.push({ resource, ids });
      const rest = documents.filter((_, index) => outcomes[index]?.kind === 'rejected');
      if (rest.length > 0) later.push({ resource, documents: rest });
    }
    if (count === 0) throw new Error(`${later.length} batches of the sample cannot be written`);
    waiting = later;
  }
  return written;
}

/** A document with the same identity and other content: without one optional value. */
function changed(plans: DocumentPlans, resource: string, document: JsonObject): JsonObject {
  const { shape, identity } = plans.of(named(resource));
  const parts = new Set(identity.identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical));
  const leaf = shape.tables[0]?.leaves.find(
    ({ path, columns }) =>
      path.split('.').length === 2 &&
      !parts.has(path) &&
      columns.every(({ isNullable }) => isNullable) &&
      document.has(path.slice(2)),
  );
  const without = new Map(document);
  if (leaf) without.delete(leaf.path.slice(2));
  else
    for (const [name, value] of document)
      if (Array.isArray(value) || (isJsonObject(value) && name === '_ext')) without.delete(name);
  return without;
}

async function readAll(store: DocumentStore, each: (text: string) => void): Promise<number> {
  let count = 0;
  for (const label of store.plans.labels) {
    for (let after = '0'; ; ) {
      const page = await store.scan(named(label), { after, limit: pageSize });
      for (const { document } of page) each(canonicalText(document));
      count += page.length;
      const last = page.at(-1);
      if (!last || page.length < pageSize) break;
      after = last.documentId;
    }
  }
  return count;
}

async function readPages(store: DocumentStore): Promise<void> {
  for (const label of store.plans.labels) {
    for (let after = '0'; ; ) {
      const page = await store.scan(named(label), { after, limit: pageSize });
      const last = page.at(-1);
      if (!last || page.length < pageSize) break;
      after = last.documentId;
    }
  }
}

const quoted = ({ schema, name }: Table['table']) => `"${schema}"."${name}"`;

const dropForeignKeys = `DO $$
DECLARE found record;
BEGIN
    FOR found IN SELECT conname, conrelid::regclass AS of_table FROM pg_constraint WHERE contype = 'f' LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.of_table, found.conname);
    END LOOP;
END $$`;

/** The databases of one server, or embedded ones. */
interface Databases {
  /** Creates a database and opens a session. */
  open(name: string): Promise<Connection>;
  close(): Promise<void>;
}

function target(text: string): Parameters<typeof openDatabase>[0] {
  const { target: found } = parseTarget(text, 'pgsql');
  if (found.kind === 'static') throw new Error('no database');
  return found;
}

async function databases(engine: string): Promise<Databases> {
  const given = process.env.DMS_TEST_PGSQL_URL;
  if (given === undefined && engine !== 'server') {
    return { open: () => openDatabase(target('pglite:')), close: async () => undefined };
  }
  const server = given === undefined ? await startPostgresServer() : undefined;
  const url = given ?? server?.url ?? '';
  const administrator = await openDatabase(target(url));
  const names: string[] = [];
  const fullName = (name: string) => `dms_bench_${process.pid}_${name}`;
  const urlOf = (name: string) => {
    const own = new URL(url);
    own.pathname = `/${fullName(name)}`;
    return own.href;
  };
  return {
    open: async (name) => {
      const full = fullName(name);
      if (!names.includes(full)) {
        await administrator.execute(
          givenScript(`CREATE DATABASE ${full} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`),
        );
        names.push(full);
      }
      return openDatabase(target(urlOf(name)));
    },
    close: async () => {
      for (const name of names) await administrator.execute(givenScript(`DROP DATABASE ${name} WITH (FORCE)`));
      await administrator.close();
      await server?.stop();
    },
  };
}

function report(
  title: string,
  count: number,
  { cpu, passed, statements, roundTrips }: MeasuredDocuments,
  ratio = '',
): void {
  const perDocument = (value: number) => (count === 0 ? '' : (value / count).toFixed(2));
  const columns = [
    Math.round(cpu).toString().padStart(9),
    Math.round(passed).toString().padStart(9),
    Math.round((count / passed) * 1000)
      .toString()
      .padStart(9),
    perDocument(statements).padStart(11),
    perDocument(roundTrips).padStart(12),
    ratio.padStart(8),
  ];
  console.log(`${title.padEnd(44)}${columns.join('')}`);
}

async function bareInserts(
  all: Databases,
  name: string,
  prepare: readonly string[],
  script: string,
  rows: BareRows,
): Promise<MeasuredDocuments> {
  const connection = await all.open(name);
  const counted = new Counted(connection);
  await connection.execute(givenScript(script));
  for (const text of prepare) await connection.execute(givenScript(text));
  const measured = await counted.measure(() => insertBare(counted.connection, rows));
  await connection.close();
  return measured;
}

/** The plans for a schema file, and the script of its database. */
async function compiled(schema: string, mappingVersion: MappingVersion) {
  const set = buildEffectiveSchema(await loadApiSchemaFiles([{ file: schema }]), { mappingVersion });
  const { model } = deriveModel(set, 'pgsql');
  const inventory = deriveInventory(model);
  return { model, plans: documentPlans(compileMappingSet(model), inventory), script: emitDdl(model, inventory).script };
}

async function selectAll(connection: Connection, tables: readonly Table[]): Promise<void> {
  for (const { table } of tables) await connection.query(trusted(`SELECT * FROM ${quoted(table)}`));
}

async function writeDescriptors(
  connection: Connection,
  plans: DocumentPlans,
  descriptors: readonly { readonly resource: string; readonly document: JsonObject }[],
): Promise<void> {
  const text = (document: JsonObject, member: string) => String(document.get(member));
  await connection.begin();
  await insertDescriptors(
    connection,
    plans,
    descriptors.map(({ resource, document }) => ({
      resource: named(resource),
      namespace: text(document, 'namespace'),
      codeValue: text(document, 'codeValue'),
      shortDescription: text(document, 'shortDescription'),
    })),
  );
  await connection.commit();
}

/** Measures reading all documents, beside selecting all rows. */
async function measureReads(
  counted: Counted,
  store: DocumentStore,
  tables: readonly Table[],
  count: number,
): Promise<void> {
  // the first round compiles code and has no cached descriptors yet
  for (const time of ['', ', again']) {
    const selected = await counted.measure(() => selectAll(counted.connection, tables));
    report(`SELECT * of all tables${time}`, count, selected);
    const read = await counted.measure(() => readPages(store));
    report(`read, pages of ${pageSize}${time}`, count, read, (read.cpu / selected.cpu).toFixed(2));
  }
  let bytes = 0;
  const dumped = await counted.measure(async () => {
    await readAll(store, (line) => {
      bytes += line.length;
    });
  });
  report(`read as text (${Math.round(bytes / 1_000_000)} MB)`, count, dumped);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      documents: { type: 'string', default: '20000' },
      server: { type: 'boolean', default: false },
      'mapping-version': { type: 'string', default: 'v1' },
    },
    allowPositionals: true,
  });
  const version = versionOf(values['mapping-version']);
  const engine = values.server ? 'server' : 'embedded';
  const { model, plans, script } = await compiled(coreOf(positionals[0], version, 'documents'), version);
  const sample = [...sampleDocuments(model, { documents: Number(values.documents), seed: 1 })];
  const documents = sample.filter(({ kind }) => kind === 'document');
  const batches = batchesOf(plans, documents);
  const all = await databases(engine);
  try {
    const connection = await all.open('documents');
    const counted = new Counted(connection);
    await connection.execute(givenScript(script));
    const descriptors = sample.filter(({ kind }) => kind === 'descriptor');
    await writeDescriptors(connection, plans, descriptors);
    const before = await storedRows(connection, plans, []);
    const [server] = await connection.query<{ version: string }>(
      trusted(`SELECT current_setting('server_version') AS version`),
    );
    console.log(
      `PostgreSQL ${server?.version}, ${connection.engine}; ${documents.length} documents, ${descriptors.length} descriptors.`,
    );
    console.log(
      'CPU of this process and the session, and time passed, in ms; statements and round trips per document.\n',
    );
    console.log(
      `${''.padEnd(44)}${'cpu'.padStart(9)}${'passed'.padStart(9)}${'docs/s'.padStart(9)}${'statements'.padStart(11)}${'round trips'.padStart(12)}${'ratio'.padStart(8)}`,
    );
    const store = openDocuments(counted.connection, plans);
    let written: { resource: string; ids: string[] }[] = [];
    const loaded = await counted.measure(async () => {
      written = await load(store, batches);
    });
    await connection.execute(givenScript('ANALYZE'));
    const rows = await storedRows(connection, plans, written);
    const withKeys = await bareInserts(all, 'keys', [dropTriggers], script, { ...rows, before: before.before });
    const without = await bareInserts(all, 'bare', [dropTriggers, dropForeignKeys], script, {
      ...rows,
      before: before.before,
    });
    report('plain insert, no triggers, no foreign keys', documents.length, without);
    report('plain insert, no triggers', documents.length, withKeys);
    report('insert all, from memory', documents.length, loaded, (loaded.cpu / withKeys.cpu).toFixed(2));

    const tables = model.resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder);
    await measureReads(counted, store, tables, documents.length);
    const replacements = batches.map(({ resource, documents: own }) => ({
      resource,
      documents: own.map((document) => changed(plans, resource, document)),
    }));
    report('replace all', documents.length, await counted.measure(async () => void (await load(store, replacements))));
    report(
      'replace all, nothing changed',
      documents.length,
      await counted.measure(async () => void (await load(store, replacements))),
    );
    const some = documents
      .filter((_, index) => index % Math.max(1, Math.floor(documents.length / singles)) === 0)
      .slice(0, singles);
    const single = await counted.measure(async () => {
      for (const { resource, document } of some) await store.upsert(named(resource), document);
    });
    report('single upserts that replace', some.length, single);
    await connection.close();
  } finally {
    await all.close();
  }
}

await main();
