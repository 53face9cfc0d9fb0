import { labelledResource, resourceLabel } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { descriptorReferentialId } from '@dms/documents';
import {
  type DocumentReferenceBinding,
  isSyntheticFlag,
  presenceColumnsOf,
  qualified,
  type RelationalModelSet,
  type ResourceModel,
  type Table,
} from '@dms/model';
import { trusted } from '@dms/sql';
import { canonicalText, isJsonArray, isJsonObject, type JsonObject, type JsonValue, jsonText } from '@dms/values';
import type { ComparedSet } from '../src/comparing/compared-set.ts';
import type { Contents, Written } from './bench.ts';

/*
 * Writes the rows of documents by hand: an upgrade must not be tested with code that makes the same assumptions about
 * tables.
 */

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
const tableName = ({ schema, name }: { readonly schema: string; readonly name: string }) =>
  `${quote(schema)}.${quote(name)}`;

const arrayMark = '[*]';

/** The value at a path, whose `[*]` are the elements at some positions. */
function valueAt(document: JsonValue, path: string, indices: readonly number[]): JsonValue | undefined {
  const positions = [...indices];
  let value: JsonValue | undefined = document;
  for (const segment of path.split('.').slice(1)) {
    const isArray = segment.endsWith(arrayMark);
    value = isJsonObject(value) ? value.get(isArray ? segment.slice(0, -arrayMark.length) : segment) : undefined;
    if (isArray) value = isJsonArray(value) ? value[positions.shift() ?? 0] : undefined;
  }
  return value;
}

/** The positions of every element of a scope in a document. */
function elements(document: JsonValue, scope: string): readonly (readonly number[])[] {
  const parts = scope.split(arrayMark);
  let found: (readonly number[])[] = [[]];
  for (let count = 1; count < parts.length; count += 1) {
    const path = parts.slice(0, count).join(arrayMark);
    found = found.flatMap((indices) => {
      const list = valueAt(document, path, indices);
      return isJsonArray(list) ? list.map((_, index) => [...indices, index]) : [];
    });
  }
  return found.filter((indices) => valueAt(document, scope, indices) !== undefined);
}

/** A scope in which an extension repeats the path of a collection, as a scope below that collection. */
const unmirrored = (scope: string) => scope.replace(/^\$\._ext\.[^.[]+(?=\..*\[\*\].*\._ext\.)/, '$');

/** The array around a scope, as a name that is the same for all tables below it. */
const enclosing = (scope: string, count: number) => unmirrored(scope).split(arrayMark).slice(0, count).join(arrayMark);

/** Orders rows after the rows that enclose them, and rows that an extension adds to an item after the item. */
const nesting = ({ jsonScope, identity }: Table) =>
  2 * jsonScope.canonical.split(arrayMark).length + Number(identity.tableKind === 'CollectionExtensionScope');

const identityText = (parts: readonly (readonly [path: string, value: JsonValue | undefined])[]) =>
  JSON.stringify(parts.map(([path, value]) => [path, value === undefined ? null : canonicalText(value)]).sort());

/** A document refers to one that was not written. */
class NoTarget extends Error {}

class RowWriter {
  private readonly connection: Connection;
  private readonly model: RelationalModelSet;
  /** Document ids by resource and identity. */
  private readonly known = new Map<string, string>();
  private readonly descriptors = new Map<string, string>();

  constructor(connection: Connection, model: RelationalModelSet) {
    this.connection = connection;
    this.model = model;
  }

  private async insert(table: string, row: Readonly<Record<string, unknown>>): Promise<Record<string, string>> {
    const columns = Object.keys(row).map(quote).join(', ');
    const [made] = await this.connection.query<{ row: Record<string, string> }>(
      trusted(`WITH made AS (INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_record(NULL::${table}, $1::json) RETURNING *)
       SELECT row_to_json(made) AS row FROM made`),
      [JSON.stringify(row)],
    );
    return made?.row ?? {};
  }

  private async document(uuid: string, resource: string): Promise<{ readonly id: string; readonly key: number }> {
    const { effectiveSchema } = this.model;
    const key = effectiveSchema.resourceKeys.find((row) => resourceLabel(row) === resource)?.id ?? -1;
    const [row] = await this.connection.query<{ id: string }>(
      trusted(
        'INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES ($1::text::uuid, $2::text::smallint) RETURNING "DocumentId"::text AS id',
      ),
      [uuid, String(key)],
    );
    return { id: row?.id ?? '', key };
  }

  async descriptor({ resource, uuid, uri }: Contents['descriptors'][number]): Promise<void> {
    const { id, key } = await this.document(uuid, resource);
    const [namespace = '', code = ''] = uri.split('#');
    const name = labelledResource(resource).resourceName;
    await this.insert('dms."Descriptor"', {
      DocumentId: id,
      ResourceKeyId: key,
      Namespace: namespace,
      CodeValue: code,
      ShortDescription: code,
      Discriminator: name,
      Uri: uri,
      ContentVersion: 0,
      ContentLastModifiedAt: '2000-01-01T00:00:00Z',
    });
    const referentialId = descriptorReferentialId(labelledResource(resource), uri);
    await this.insert('dms."ReferentialIdentity"', {
      ReferentialId: referentialId,
      DocumentId: id,
      ResourceKeyId: key,
    });
    this.descriptors.set(`${resource}\n${uri.toLowerCase()}`, id);
  }

  async resource({ resource: label, uuid, document }: Written): Promise<void> {
    const resource = this.model.resources.find(({ resourceKey }) => resourceLabel(resourceKey) === label);
    if (!resource) throw new Error(`${label} is not in the model`);
    const { id } = await this.document(uuid, label);
    const items = new Map<string, string>();
    for (const table of [...resource.tablesInDependencyOrder].sort((left, right) => nesting(left) - nesting(right)))
      for (const indices of elements(document, table.jsonScope.canonical)) {
        const row = this.row(resource, table, document, indices, id, items);
        const { CollectionItemId } = await this.insert(tableName(table.table), row);
        if (CollectionItemId !== undefined && table.key.columns[0]?.role === 'CollectionItemId' && indices.length > 0)
          items.set(`${enclosing(table.jsonScope.canonical, indices.length)}#${indices}`, CollectionItemId);
      }
    this.remember(resource, document, id);
  }

  private remember(
    { resourceKey, identityElements, superclass }: ResourceModel,
    document: JsonObject,
    id: string,
  ): void {
    const own = identityElements.map(
      ({ identityJsonPath: { canonical } }) => [canonical, valueAt(document, canonical, [])] as const,
    );
    this.known.set(`${resourceLabel(resourceKey)}\n${identityText(own)}`, id);
    if (!superclass) return;
    const { identityJsonPath } = superclass;
    const general = identityJsonPath ? own.map(([, value]) => [identityJsonPath.canonical, value] as const) : own;
    this.known.set(`${resourceLabel(superclass.resource)}\n${identityText(general)}`, id);
  }

  private target(
    { identityBindings, targetResource }: DocumentReferenceBinding,
    document: JsonObject,
    at: readonly number[],
  ) {
    const parts = identityBindings.map(
      ({ identityJsonPath, referenceJsonPath }) =>
        [identityJsonPath.canonical, valueAt(document, referenceJsonPath.canonical, at)] as const,
    );
    const found = this.known.get(`${resourceLabel(targetResource)}\n${identityText(parts)}`);
    if (found === undefined) throw new NoTarget(`no ${resourceLabel(targetResource)} ${identityText(parts)}`);
    return found;
  }

  private row(
    resource: ResourceModel,
    table: Table,
    document: JsonObject,
    indices: readonly number[],
    id: string,
    items: ReadonlyMap<string, string>,
  ): Record<string, unknown> {
    const references = resource.documentReferenceBindings.filter(
      (reference) => qualified(reference.table) === qualified(table.table),
    );
    /** The value of a column with a place in the document. */
    const held = (name: string): unknown => {
      const reference = references.find(({ fkColumn }) => fkColumn === name);
      if (reference) {
        const isThere = valueAt(document, reference.referenceObjectPath.canonical, indices) !== undefined;
        return isThere ? this.target(reference, document, indices) : null;
      }
      const copy = references.flatMap(({ identityBindings }) => identityBindings).find(({ column }) => column === name);
      const column = table.columns.find((entry) => entry.name === name);
      const path = copy?.referenceJsonPath ?? column?.sourcePath;
      const value = path ? valueAt(document, path.canonical, indices) : undefined;
      if (value === undefined || value === null) return null;
      if (column?.kind === 'DescriptorFk' && column.targetResource && typeof value === 'string')
        return this.descriptors.get(`${resourceLabel(column.targetResource)}\n${value.toLowerCase()}`) ?? `no ${value}`;
      return typeof value === 'object' ? jsonText(value) : value;
    };
    const { rowIdentity, rootLocator, parentLocator, tableKind } = table.identity;
    const scope = table.jsonScope.canonical;
    const item = (count: number) => items.get(`${enclosing(scope, count)}#${indices.slice(0, count)}`);
    const row: Record<string, unknown> = {};
    for (const name of rootLocator) row[name] = id;
    if (tableKind === 'CollectionExtensionScope') for (const name of rowIdentity) row[name] = item(indices.length);
    for (const name of parentLocator) if (!(name in row)) row[name] = item(indices.length - 1);
    const gates = presenceColumnsOf(table.columns);
    for (const column of table.columns) {
      const { name, kind, storage } = column;
      if (name in row || kind === 'CollectionKey' || kind.startsWith('Mirrored') || storage.kind === 'UnifiedAlias')
        continue;
      const unified = table.keyUnificationClasses.find(({ canonicalColumn }) => canonicalColumn === name);
      const flagged = table.columns.find(
        (each) => each.storage.kind === 'UnifiedAlias' && each.storage.presenceColumn === name,
      );
      if (kind === 'Ordinal') row[name] = indices[indices.length - 1];
      else if (unified) row[name] = unified.memberPathColumns.map(held).find((value) => value !== null) ?? null;
      else if (flagged && isSyntheticFlag(column, gates)) row[name] = held(flagged.name) === null ? null : true;
      else row[name] = held(name);
    }
    return row;
  }
}

/**
 * Writes contents into a provisioned database of PostgreSQL, statement by statement, and returns the contents that were
 * written: tolerant contents lose the documents that the database refuses, and those that refer to them.
 */
export async function writeRows(connection: Connection, { model }: ComparedSet, contents: Contents): Promise<Contents> {
  const writer = new RowWriter(connection, model);
  for (const descriptor of contents.descriptors) await writer.descriptor(descriptor);
  if (!contents.isTolerant) {
    for (const document of contents.documents) await writer.resource(document);
    return contents;
  }
  const documents: Written[] = [];
  for (const document of contents.documents) {
    await connection.begin();
    try {
      await writer.resource(document);
    } catch (error) {
      await connection.rollback();
      if (error instanceof DmsError || error instanceof NoTarget) continue;
      throw error;
    }
    await connection.commit();
    documents.push(document);
  }
  return { descriptors: contents.descriptors, documents };
}

/** A value of a type, as JSON. */
function someValue(type: string, number: number): unknown {
  if (/^(?:character|varchar|text)/.test(type)) return String(number % 10);
  if (type === 'uuid') return `00000000-0000-4000-9000-${String(number).padStart(12, '0')}`;
  if (type === 'boolean') return true;
  if (type === 'date') return '2026-01-02';
  if (type.startsWith('timestamp')) return '2026-01-02T03:04:05Z';
  if (type.startsWith('time')) return '03:04:05';
  return number % 10;
}

/** Two rows in every tracked-change table, of documents that are gone: a tombstone, and a change of keys. */
export async function writeTrackedRows(connection: Connection, { catalog, inventory }: ComparedSet): Promise<void> {
  let number = 1_000_000;
  for (const { table, valueColumns } of inventory.trackedChangeTables) {
    const columns = catalog.tables.find((each) => qualified(each) === qualified(table))?.columns ?? [];
    const laterValues = new Set(valueColumns.map(({ newColumn }) => newColumn));
    for (const isChange of [false, true]) {
      number += 1;
      const values = columns.map(({ name, type }) => [
        name,
        !isChange && laterValues.has(name) ? null : name === 'ChangeVersion' ? number : someValue(type, number),
      ]);
      await connection.query(
        trusted(
          `INSERT INTO ${tableName(table)} SELECT * FROM json_populate_record(NULL::${tableName(table)}, $1::json)`,
        ),
        [JSON.stringify(Object.fromEntries(values))],
      );
    }
  }
}

/** The rows of all tracked-change tables, by table. */
export async function trackedRows(
  connection: Connection,
  { inventory }: ComparedSet,
): Promise<ReadonlyMap<string, readonly Readonly<Record<string, unknown>>[]>> {
  const found = new Map<string, readonly Readonly<Record<string, unknown>>[]>();
  for (const { table } of inventory.trackedChangeTables) {
    const rows = await connection.query<{ row: Record<string, unknown> }>(
      trusted(`SELECT row_to_json(t) AS row FROM ${tableName(table)} AS t ORDER BY t."ChangeVersion"`),
    );
    found.set(
      qualified(table),
      rows.map(({ row }) => row),
    );
  }
  return found;
}

/** The rows of tables, with all their columns, by table. */
export async function rowTexts(
  connection: Connection,
  tables: readonly { readonly schema: string; readonly name: string }[],
): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  for (const { schema, name } of tables) {
    const rows = await connection.query<{ text: string }>(
      trusted(`SELECT t::text AS text FROM "${schema}"."${name}" AS t ORDER BY 1`),
    );
    found[`${schema}.${name}`] = rows.map(({ text }) => text);
  }
  return found;
}
