import { buildEffectiveSchema, documentSchemas, labelledResource, resourceLabel } from '@dms/api-schema';
import { type Connection, openDatabase, parseTarget } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { type Diagnostic, DmsError, diagnosticClasses } from '@dms/diagnostics';
import {
  type DocumentPlans,
  descriptorReferentialId,
  documentPlans,
  generateDocuments,
  openDocuments,
} from '@dms/documents';
import { deriveInventory } from '@dms/inventory';
import type { MappingVersion, RelationalModelSet } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import { givenScript, type SqlDialect, trusted } from '@dms/sql';
import { createScratchDatabase, type MainGeneration } from '@dms/testing';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, toJsonValue } from '@dms/values';
import { chunk } from 'es-toolkit/array';
import type { ComparedSet } from '../src/comparing/compared-set.ts';

/** A schema set with everything that an upgrade, a database and documents need from it. */
export interface Compiled extends ComparedSet {
  readonly script: string;
  readonly plans: DocumentPlans;
}

/** Whether test schemas have everything that the generation requires of a complete schema (design 15 §7.4). */
const isComplete: Readonly<Record<MappingVersion, boolean>> = { v1: true, v2: false, 'v2-natural': false };

export function compiled(
  schemas: readonly unknown[],
  dialect: SqlDialect = 'pgsql',
  mappingVersion: MappingVersion = 'v1',
): Compiled {
  const documents = schemas.map((root, index) => ({ file: `schema-${index}.json`, root: toJsonValue(root) }));
  const set = buildEffectiveSchema(documents, { mappingVersion });
  const { model } = deriveModel(set, dialect, {
    strict: isComplete[mappingVersion],
  });
  const inventory = deriveInventory(model);
  const { catalog, script } = emitDdl(model, inventory);
  const plans = documentPlans(compileMappingSet(model), inventory);
  return { info: model.effectiveSchema, model, inventory, catalog, script, plans, schemas: documentSchemas(set) };
}

/** Compiles a set; null if it is refused as an input. Any other error is a fault of ours. */
export function compiledUnlessRefused(
  schemas: readonly unknown[],
  mappingVersion: MainGeneration,
  dialect: SqlDialect = 'pgsql',
): Compiled | null {
  try {
    return compiled(schemas, dialect, mappingVersion);
  } catch (error) {
    if (error instanceof DmsError && diagnosticClasses[error.code] === 'I') return null;
    throw error;
  }
}

/** An empty embedded database. */
export async function openEmbedded(): Promise<Connection> {
  const { target } = parseTarget('pglite:', 'pgsql');
  if (target.kind === 'static') throw new Error('static');
  return openDatabase(target);
}

/** A session of an empty database on the server of the tests; the database exists until the session is closed. */
export async function openOnServer(): Promise<Connection> {
  const { url, drop } = await createScratchDatabase();
  const { target } = parseTarget(url, 'pgsql');
  if (target.kind === 'static') throw new Error('static');
  const connection = await openDatabase(target);
  const close = async () => {
    await connection.close();
    await drop();
  };
  return { ...connection, close };
}

/**
 * Number of sets for one database. Every set creates its schemas again; the catalogs of the database grow with each,
 * and every read of them takes longer.
 */
const setsOfDatabase = 20;

/** The databases of a long series of sets: a new one for every {@link setsOfDatabase} sets. */
export class DatabasesOfSeries {
  private current: Connection | undefined;
  private sets = 0;

  /** The connection for the next set; closes the previous one when it has had its share of sets. */
  async forNextSet(): Promise<Connection> {
    if (this.sets % setsOfDatabase === 0) await this.close();
    this.sets += 1;
    this.current ??= await openOnServer();
    return this.current;
  }

  async close(): Promise<void> {
    await this.current?.close();
    this.current = undefined;
  }
}

const droppedAtOnce = 40;

/** Removes everything from a database except the extension, a few tables at a time, because each drop takes locks. */
export async function emptied(connection: Connection): Promise<void> {
  const own = `n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public')`;
  const tables = await connection.query<{ name: string }>(
    trusted(`SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND ${own}`),
  );
  const names = tables.map(({ name }) => name);
  for (const some of chunk(names, droppedAtOnce))
    await connection.execute(givenScript(`DROP TABLE ${some.join(', ')} CASCADE`));
  const schemas = await connection.query<{ name: string }>(
    trusted(`SELECT quote_ident(n.nspname) AS name FROM pg_namespace n WHERE ${own}`),
  );
  for (const { name } of schemas) await connection.execute(givenScript(`DROP SCHEMA ${name} CASCADE`));
}

/** A document as it is written; its uuid must not change. */
export interface Written {
  readonly resource: string;
  readonly uuid: string;
  readonly document: JsonObject;
}

export interface WrittenDescriptor {
  readonly resource: string;
  readonly uuid: string;
  readonly uri: string;
}

export interface Contents {
  readonly descriptors: readonly WrittenDescriptor[];
  readonly documents: readonly Written[];
  /** Documents that are refused are left out. */
  readonly isTolerant?: boolean;
}

const uuidOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** Generated documents of every resource of a model, with the documents that they name. */
export function contentsOf(model: RelationalModelSet, seed = 1, random = 1): Contents {
  const { descriptors, documents } = generateDocuments(model, seed, { random });
  let last = 0;
  const next = () => {
    last += 1;
    return uuidOf(last);
  };
  return {
    descriptors: descriptors.map(({ resource, document }) => ({
      resource,
      uuid: next(),
      uri: `${document.get('namespace')}#${document.get('codeValue')}`,
    })),
    documents: documents.map(({ resource, document }) => ({ resource, uuid: next(), document })),
  };
}

/** Writes contents into a provisioned database; returns the diagnostics of documents that were left out. */
export async function fill(
  connection: Connection,
  { plans }: Compiled,
  { descriptors, documents, isTolerant = false }: Contents,
): Promise<readonly Diagnostic[]> {
  const refused: Diagnostic[] = [];
  await seedDescriptors(connection, plans, descriptors);
  const store = openDocuments(connection, plans);
  for (const { resource, uuid, document } of documents) {
    const [outcome] = await store.upsertBatch(labelledResource(resource), [{ document, uuid }]);
    if (outcome?.kind !== 'rejected') continue;
    if (!isTolerant) throw new DmsError(outcome.diagnostics);
    refused.push(outcome.diagnostics[0]);
  }
  return refused;
}

async function seedDescriptors(
  connection: Connection,
  { mappingSet }: DocumentPlans,
  descriptors: readonly WrittenDescriptor[],
): Promise<void> {
  const rows = descriptors.map(({ resource, uri, uuid }) => {
    const [namespace = '', code = ''] = uri.split('#');
    const id = descriptorReferentialId(labelledResource(resource), uri);
    return {
      uuid,
      key: mappingSet.resourceKeyIdByResource.get(resource),
      id,
      namespace,
      code,
      name: labelledResource(resource).resourceName,
      uri,
    };
  });
  await connection.query(
    trusted(`WITH rows AS (
       SELECT r->>'id' AS id, (r->>'uuid')::uuid AS uuid, (r->>'key')::smallint AS key,
              r->>'namespace' AS namespace, r->>'code' AS code, r->>'name' AS name, r->>'uri' AS uri
       FROM json_array_elements($1::json) AS r
     ), documents AS (
       INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") SELECT uuid, key FROM rows
       RETURNING "DocumentId", "DocumentUuid"
     ), descriptors AS (
       INSERT INTO dms."Descriptor" ("DocumentId", "Namespace", "CodeValue", "ShortDescription", "Discriminator", "Uri")
       SELECT d."DocumentId", r.namespace, r.code, r.code, r.name, r.uri FROM documents d JOIN rows r ON r.uuid = d."DocumentUuid"
     )
     INSERT INTO dms."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
     SELECT r.id::uuid, d."DocumentId", r.key FROM documents d JOIN rows r ON r.uuid = d."DocumentUuid"`),
    [JSON.stringify(rows)],
  );
}

/** All documents of a database by uuid, read with the plans of a set. */
export async function readAll(connection: Connection, { plans }: Compiled): Promise<Map<string, Written>> {
  const rows = await connection.query<{ uuid: string; label: string }>(
    trusted(`SELECT d."DocumentUuid"::text AS uuid, k."ProjectName" || ':' || k."ResourceName" AS label
     FROM dms."Document" AS d INNER JOIN dms."ResourceKey" AS k ON k."ResourceKeyId" = d."ResourceKeyId" ORDER BY d."DocumentId"`),
  );
  const store = openDocuments(connection, plans);
  const relational = new Set(plans.labels);
  const found = new Map<string, Written>();
  for (const { uuid, label } of rows) {
    if (!relational.has(label)) continue;
    const [stored] = await store.read([uuid]);
    if (!stored) throw new Error(`${label} ${uuid} cannot be read`);
    found.set(uuid, { resource: label, uuid, document: stored.document });
  }
  return found;
}

/** The facts of each document that must not change: resource, id, uuid, versions and times. */
export function documentRows(connection: Connection): Promise<readonly unknown[]> {
  return connection.query(
    trusted(`SELECT d."DocumentId"::text AS id, d."DocumentUuid"::text AS uuid, k."ProjectName" || ':' || k."ResourceName" AS label,
       d."ContentVersion"::text AS content, d."IdentityVersion"::text AS identity, d."ContentLastModifiedAt"::text AS modified,
       d."IdentityLastModifiedAt"::text AS moved, d."CreatedAt"::text AS created
     FROM dms."Document" AS d INNER JOIN dms."ResourceKey" AS k ON k."ResourceKeyId" = d."ResourceKeyId" ORDER BY 1`),
  );
}

/** The events of the journal, with the names of their resources. */
export function events(connection: Connection): Promise<readonly unknown[]> {
  return connection.query(
    trusted(`SELECT e."ChangeVersion"::text AS version, e."DocumentId"::text AS id, k."ProjectName" || ':' || k."ResourceName" AS label, e."CreatedAt"::text AS at
     FROM dms."DocumentChangeEvent" AS e INNER JOIN dms."ResourceKey" AS k ON k."ResourceKeyId" = e."ResourceKeyId" ORDER BY 1, 2`),
  );
}

/**
 * Everything that a database of a model holds except versions, times and events; documents are named by their uuids.
 */
export async function tableContents(
  connection: Connection,
  { model, catalog }: ComparedSet,
): Promise<Record<string, readonly string[]>> {
  const ids = new Map(
    (
      await connection.query<{ id: string; uuid: string }>(
        trusted(`SELECT "DocumentId"::text AS id, "DocumentUuid"::text AS uuid FROM dms."Document"`),
      )
    ).map(({ id, uuid }) => [id, uuid]),
  );
  const documentColumns = new Map(
    [
      ...model.resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder),
      ...model.abstractIdentityTables.map(({ table }) => table),
    ].map((table) => [
      `${table.table.schema}.${table.table.name}`,
      new Set<string>([
        ...table.columns.filter(({ kind }) => kind === 'DocumentFk' || kind === 'DescriptorFk').map(({ name }) => name),
        ...table.key.columns.filter(({ role }) => role === 'DocumentId').map(({ name }) => name),
        ...table.identity.rootLocator,
      ]),
    ]),
  );
  const contents: Record<string, readonly string[]> = {};
  for (const { schema, name, columns } of catalog.tables) {
    const key = `${schema}.${name}`;
    if (['dms.Document', 'dms.DocumentChangeEvent', 'dms.EffectiveSchema', 'dms.DocumentCache'].includes(key)) continue;
    const own = documentColumns.get(key) ?? new Set(['DocumentId']);
    const list = columns.map((column) => `"${column.name.replaceAll('"', '""')}"::text`).join(', ');
    const rows = await connection.query<{ row: (string | null)[] }>(
      trusted(`SELECT ARRAY[${list}] AS row FROM "${schema}"."${name}"`),
    );
    const texts = rows.map(({ row }) =>
      JSON.stringify(
        Object.fromEntries(
          columns.map((column, index) => {
            const value = row[index] ?? null;
            return [column.name, value !== null && own.has(column.name) ? (ids.get(value) ?? value) : value];
          }),
        ),
      ),
    );
    contents[key] = texts.sort();
  }
  return contents;
}

/** The whole database as text: every row of every table. */
export async function databaseText(connection: Connection): Promise<string> {
  const tables = await connection.query<{ name: string }>(
    trusted(`SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1`),
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await connection.query<{ text: string }>(
      trusted(`SELECT t::text AS text FROM ${name} AS t ORDER BY 1`),
    );
    texts.push(name, ...rows.map(({ text }) => text));
  }
  return texts.join('\n');
}

/** Paths of the values that documents of each resource can have in a model. */
export function valuePaths({ resources }: RelationalModelSet): Map<string, ReadonlySet<string>> {
  return new Map(
    resources.map(({ resourceKey, tablesInDependencyOrder }) => [
      resourceLabel(resourceKey),
      new Set(
        tablesInDependencyOrder.flatMap(({ columns }) =>
          columns.flatMap(({ kind, sourcePath }) =>
            sourcePath && kind !== 'DocumentFk' ? [sourcePath.canonical] : [],
          ),
        ),
      ),
    ]),
  );
}

/** A document reduced to the values at some paths; empty objects and arrays are left out. */
export function pruned(value: JsonValue, paths: ReadonlySet<string>, path = '$'): JsonValue | undefined {
  if (isJsonArray(value)) {
    const elements = value.flatMap((element) => pruned(element, paths, `${path}[*]`) ?? []);
    return elements.length === 0 ? undefined : elements;
  }
  if (isJsonObject(value)) {
    const members = [...value].flatMap(([name, member]): [string, JsonValue][] => {
      const left = pruned(member, paths, `${path}.${name}`);
      return left === undefined ? [] : [[name, left]];
    });
    return members.length === 0 && path !== '$' ? undefined : new Map(members);
  }
  return paths.has(path) ? value : undefined;
}
