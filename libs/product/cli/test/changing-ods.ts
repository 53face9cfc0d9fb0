import { buildEffectiveSchema, coreFirst, loadApiSchemaFiles } from '@dms/api-schema';
import { type Connection, openDatabase, parseTarget } from '@dms/databases';
import { deriveModel } from '@dms/derivation';
import { DmsError } from '@dms/diagnostics';
import { type DocumentStore, documentPlans, openDocuments, type StoredDocument, writeOrder } from '@dms/documents';
import { deriveInventory } from '@dms/inventory';
import type { QualifiedResourceName } from '@dms/model';
import { deriveMapping, type OdsTable } from '@dms/ods';
import { compileMappingSet } from '@dms/plans';
import { givenScript, trusted } from '@dms/sql';
import {
  createScratchDatabase,
  type MainGeneration,
  ownSchemaFile,
  ownSchemas,
  ownSchemasV2,
  type PostgresDatabase,
} from '@dms/testing';
import { type JsonObject, type JsonValue, jsonText } from '@dms/values';
import { jsonLines, ran } from './ran.ts';
import { makeOds, schemasOf } from './source-ods.ts';

/*
 * An ODS with change queries that is in use. It has the rows of the reporting views of one of our databases, whose
 * documents are changed one after another. After each step, the tables of the ODS get the rows of the views, and the
 * tables of recorded changes get the records that the ODS would have written.
 */

const names = { v1: ownSchemas, v2: ownSchemasV2 } as const;

/** Whether an ODS can hold all documents of the sample as they are. */
const isSampleHeld: Readonly<Record<MainGeneration, boolean>> = { v1: false, v2: true };

/** Opens a session on an existing database. */
export function connectionTo(url: string): Promise<Connection> {
  const { target } = parseTarget(url, 'pgsql');
  if (target.kind === 'static') throw new Error('a database of its own');
  return openDatabase(target);
}

/** The columns by which the source records the key of a table: the column of the record, and its value in a row. */
function recordedColumns(
  { kind, key, columns }: OdsTable,
  all: readonly OdsTable[],
  place: (table: OdsTable | undefined) => string,
  row: 'r' | 'n',
): readonly [string, string][] {
  const descriptors = place(all.find((each) => each.kind === 'descriptorBase'));
  return key.flatMap((name): [string, string][] => {
    const content = columns.find((each) => each.name === name)?.content;
    const own: [string, string] = [name, `${row}.${name}`];
    if (kind === 'descriptorBase') return [own, ['Namespace', `${row}.namespace`], ['CodeValue', `${row}.codevalue`]];
    if (content?.kind === 'descriptor') {
      const part = (column: string): [string, string] => [
        `${name.replace(/Id$/, '')}${column}`,
        `(SELECT d.${column} FROM ${descriptors} d WHERE d.descriptorid = ${row}.${name})`,
      ];
      return [own, part('Namespace'), part('CodeValue')];
    }
    if (content?.kind === 'usi') {
      const number = /(?:Student|Staff|Contact)USI$/.exec(name)?.[0] ?? name;
      const uniqueId = number.replace(/USI$/, 'UniqueId');
      const person = place(all.find((each) => each.kind === 'root' && each.key.join() === number));
      const value = `(SELECT p.${uniqueId} FROM ${person} p WHERE p.${number} = ${row}.${name})`;
      return [own, [name.replace(/USI$/, 'UniqueId'), value]];
    }
    return [own];
  });
}

/** Factor that leaves room for versions of recorded changes between versions of documents. */
const stepsOfVersion = 100_000;

export class ChangingOds {
  readonly store: DocumentStore;
  readonly connection: Connection;
  private readonly database: PostgresDatabase;
  private readonly tables: readonly OdsTable[];
  private readonly labels: readonly string[];
  /** The queries of the views. */
  private readonly queries: ReadonlyMap<string, string>;
  private steps = 0;
  private largest = 0;

  private constructor(
    database: PostgresDatabase,
    connection: Connection,
    store: DocumentStore,
    tables: readonly OdsTable[],
    queries: ReadonlyMap<string, string>,
  ) {
    this.database = database;
    this.connection = connection;
    this.queries = queries;
    this.store = store;
    this.tables = tables;
    this.labels = writeOrder(store.plans.mappingSet.model);
  }

  /** Makes an ODS in a new database; `folder` gets the artifacts. */
  static async make(folder: (name: string) => string, generation: MainGeneration): Promise<ChangingOds> {
    const database = await makeOds(folder, generation, ['--change-columns']);
    const files = names[generation].map((name) => ownSchemaFile(name));
    return ChangingOds.over(database, await connectionTo(database.url), { files, generation });
  }

  /** An ODS of any schemas, whose tables in the database are filled from the views of its documents. */
  static async over(
    database: PostgresDatabase,
    connection: Connection,
    { files, generation }: { readonly files: readonly string[]; readonly generation: MainGeneration },
  ): Promise<ChangingOds> {
    const schemas = await loadApiSchemaFiles(files.map((file) => ({ file })));
    const set = buildEffectiveSchema(coreFirst(schemas), { mappingVersion: generation });
    const { model } = deriveModel(set, 'pgsql');
    const plans = documentPlans(compileMappingSet(model), deriveInventory(model));
    const at = ['--dialect', 'pgsql', '--connection', database.url];
    const ofSchemas = [...files.flatMap((file) => ['--schema', file]), '--mapping-version', generation];
    const { code, err } = await ran(['reporting', 'apply', ...ofSchemas, ...at, '--change-columns']);
    if (code !== 0) throw new Error(err);
    const found = await connection.query<{ view: string; query: string }>(
      trusted(
        `SELECT schemaname || '.' || viewname AS view, definition AS query FROM pg_views WHERE schemaname NOT IN ('dms', 'pg_catalog', 'information_schema')`,
      ),
    );
    const queries = new Map(found.map(({ view, query }) => [view, `(${query.replace(/;\s*$/, '')})`]));
    // an ODS does not have these views
    const dropped = await ran(['reporting', 'drop', ...at]);
    if (dropped.code !== 0) throw new Error(dropped.err);
    const tables = deriveMapping(set).mapping.tables;
    const ods = new ChangingOds(database, connection, openDocuments(connection, plans), tables, queries);
    await ods.begin();
    return ods;
  }

  get url(): string {
    return this.database.url;
  }

  async close(): Promise<void> {
    await this.connection.close();
    await this.database.drop();
  }

  /** All documents, in the order in which they can be written. */
  async documents(): Promise<readonly StoredDocument[]> {
    const found: StoredDocument[] = [];
    for (const label of this.labels) {
      const [projectName = '', resourceName = ''] = label.split(':');
      found.push(...(await this.store.scan({ projectName, resourceName }, { after: '0', limit: 10_000 })));
    }
    return found;
  }

  async upsert(label: string, document: JsonValue, uuid?: string): Promise<void> {
    await this.store.upsert(nameOf(label), document, { uuid });
    await this.step();
  }

  async replace({ resource, uuid }: StoredDocument, document: JsonObject): Promise<void> {
    await this.store.replace(nameOf(resource), uuid, document);
    await this.step();
  }

  async removeIfThere(document: StoredDocument): Promise<void> {
    if ((await this.store.read([document.uuid])).length > 0) await this.remove(document);
  }

  /**
   * Removes a document, after the documents that refer to it; returns them in the order in which they can be written
   * again.
   */
  async remove(document: StoredDocument): Promise<readonly StoredDocument[]> {
    const removed: StoredDocument[] = [];
    const attempt = async (each: StoredDocument): Promise<boolean> => {
      try {
        await this.store.remove(each.uuid);
      } catch (error) {
        if (error instanceof DmsError && error.code === 'DOCUMENT_IN_USE') return false;
        throw error;
      }
      removed.unshift(each);
      await this.step();
      return true;
    };
    if (await attempt(document)) return removed;
    // a document with the values of the key may refer to it
    const values = this.keyTexts(document);
    const naming = (await this.documents())
      .filter((each) => each.uuid !== document.uuid && values.every((value) => jsonText(each.document).includes(value)))
      .reverse();
    for (const each of naming)
      if (await attempt(document)) return removed;
      else await attempt(each);
    await attempt(document);
    return removed;
  }

  private keyTexts({ resource, document }: StoredDocument): readonly string[] {
    const { identity } = this.store.plans.of(nameOf(resource));
    return identity.identityElements.map(({ identityJsonPath: { segments } }) => {
      let value: JsonValue | undefined = document;
      for (const segment of segments)
        value = segment.kind === 'property' ? (value as JsonObject).get(segment.name) : undefined;
      return jsonText(value ?? null);
    });
  }

  /** The tables that count changes. */
  private get counted(): readonly OdsTable[] {
    return this.tables.filter(({ kind }) => kind === 'root' || kind === 'base' || kind === 'descriptorBase');
  }

  private readonly source = (table: OdsTable | undefined) => `${table?.schema.toLowerCase()}_src.${table?.pgsqlName}`;
  private readonly view = (table: OdsTable | undefined) =>
    this.queries.get(`${table?.schema.toLowerCase()}.${table?.pgsqlName.toLowerCase()}`) ?? '';
  private readonly record = (table: OdsTable) => `tracked_changes_${this.source(table)}`;

  private async begin(): Promise<void> {
    for (const table of this.counted) {
      const columns = recordedColumns(table, this.tables, this.view, 'r').flatMap(([name, value]) => [
        `${value} AS old${name}`,
        `${value} AS new${name}`,
      ]);
      const discriminator = table.kind === 'root' ? 'NULL::text' : 'r.discriminator::text';
      await this.connection.execute(givenScript(`CREATE SCHEMA IF NOT EXISTS ${this.record(table).split('.')[0]}`));
      await this.connection.execute(
        givenScript(
          `CREATE TABLE ${this.record(table)} AS SELECT ${columns.join(', ')}, r.id, r.changeversion, ${discriminator} AS discriminator FROM ${this.view(table)} r WHERE false`,
        ),
      );
    }
    await this.step();
  }

  /** Updates the tables of the ODS to the rows of the views, and records deletes and changed keys. */
  async step(): Promise<void> {
    this.steps += 1;
    const copies = new Map(this.tables.map((table, index) => [table, `now_${index}`]));
    const now = (table: OdsTable | undefined) => (table === undefined ? '' : (copies.get(table) ?? ''));
    const largest = this.counted.map((table) => `SELECT max(changeversion) AS v FROM ${this.view(table)} AS r`);
    const [row] = await this.connection.query<{ largest: unknown }>(
      trusted(`SELECT max(v)::text AS largest FROM (${largest.join(' UNION ALL ')}) AS versions`),
    );
    // the document with the largest version may have been deleted
    this.largest = Math.max(this.largest, Number(row?.largest ?? 0));
    const version = this.largest * stepsOfVersion + this.steps;
    const texts = this.tables.map(
      (table) => `CREATE TEMP TABLE ${now(table)} ON COMMIT DROP AS SELECT * FROM ${this.view(table)} AS r`,
    );
    const recorded = this.counted.flatMap((table) => {
      const source = this.source(table);
      const view = now(table);
      const before = recordedColumns(table, this.tables, this.source, 'r');
      const after = recordedColumns(table, this.tables, now, 'n').map(([, value]) => value);
      const columns = [...before.map(([name]) => `old${name}`), ...before.map(([name]) => `new${name}`)];
      const discriminator = table.kind === 'root' ? 'NULL' : 'r.discriminator';
      const record = (values: readonly string[]) =>
        `INSERT INTO ${this.record(table)} (${[...columns, 'id', 'changeversion', 'discriminator'].join(', ')}) SELECT ${[...before.map(([, value]) => value), ...values, 'r.id', version, discriminator].join(', ')} FROM ${source} r`;
      const differ = table.key.map((name) => `r.${name} IS DISTINCT FROM n.${name}`).join(' OR ');
      return [
        `${record(after.map(() => 'NULL'))} WHERE NOT EXISTS (SELECT 1 FROM ${view} v WHERE v.id = r.id)`,
        `${record(after)} JOIN ${view} n ON n.id = r.id WHERE ${differ}`,
      ];
    });
    texts.push(...recorded);
    for (const table of this.tables) {
      texts.push(`DELETE FROM ${this.source(table)}`, `INSERT INTO ${this.source(table)} SELECT * FROM ${now(table)}`);
      if (this.counted.includes(table))
        texts.push(`UPDATE ${this.source(table)} SET changeversion = changeversion * ${stepsOfVersion}`);
    }
    await this.connection.begin();
    // all rows are replaced, so foreign keys need not be checked
    await this.connection.execute(givenScript(`SET LOCAL session_replication_role = replica;\n${texts.join(';\n')}`));
    await this.connection.commit();
  }
}

/** An ODS whose documents a target accepts. */
export async function fittingOds(folder: (name: string) => string, generation: MainGeneration): Promise<ChangingOds> {
  const ods = await ChangingOds.make(folder, generation);
  if (isSampleHeld[generation]) return ods;
  const target = await createScratchDatabase();
  try {
    const into = ['--dialect', 'pgsql', '--connection', target.url];
    const provisioned = await ran(['provision', '--artifacts', folder('out'), ...into]);
    if (provisioned.code !== 0) throw new Error(provisioned.err);
    const from = ['--from-ods', ods.url, '--schema-suffix', '_src', ...schemasOf(generation)];
    const { err } = await ran(['load', ...from, ...into, '--continue', '--json']);
    const refused = new Set(
      jsonLines(err).flatMap(({ severity, where }) => (severity === 'error' ? (where?.resource ?? []) : [])),
    );
    for (const document of await ods.documents()) if (refused.has(document.resource)) await ods.removeIfThere(document);
  } finally {
    await target.drop();
  }
  return ods;
}

/** The name of a resource from its label. */
export function nameOf(label: string): QualifiedResourceName {
  const [projectName = '', resourceName = ''] = label.split(':');
  return { projectName, resourceName };
}

/** A document with another value at a path. */
export function withValue(document: JsonObject, path: string, value: JsonValue): JsonObject {
  return new Map(document).set(path.slice(2), value);
}
