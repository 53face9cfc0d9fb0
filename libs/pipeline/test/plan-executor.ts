import type { JsonPath } from '@dms/api-schema';
import type { ScalarType, Table } from '@dms/model';
import {
  insertSql,
  planDialects,
  type ResourceReadPlan,
  type ResourceWritePlan,
  splitIntoBatches,
  type TableWritePlan,
  type WriteColumnBinding,
} from '@dms/plans';
import {
  documentRows,
  isObject,
  type Json,
  type JsonObject,
  type Lookup,
  type StoredValue,
  type TableRows,
} from './plan-rows.ts';

/** One session of a database. */
export interface Session {
  exec(sql: string): Promise<void>;
  queryRows(sql: string, params?: readonly unknown[]): Promise<unknown[][]>;
}

/** A text of a plan with `$n` for its parameters, and their names in the order of `n`. */
export function positional(sql: string): { readonly text: string; readonly names: readonly string[] } {
  const names: string[] = [];
  const text = sql.replace(/@([A-Za-z_][A-Za-z0-9_]*)/g, (_, name: string) => {
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
  return { text, names };
}

/** Runs a text of a plan with the values of one of its rows. */
export async function run(session: Session, sql: string, plan: TableWritePlan, row: readonly StoredValue[]): Promise<void> {
  const { text, names } = positional(sql);
  const values = names.map((name) => {
    const index = plan.columnBindings.findIndex(({ parameterName }) => parameterName === name);
    if (index < 0) throw new Error(`the plan of ${plan.tableModel.table.name} binds no ${name}`);
    return row[index];
  });
  await session.queryRows(text, values);
}

const tableKey = ({ schema, name }: Table['table']) => `${schema}.${name}`;

/** Targets of foreign keys first, ties in list order: the plans are not in that order (design 08 §6.10). */
export function inInsertOrder(tables: readonly TableRows[]): TableRows[] {
  const waiting = [...tables];
  const own = new Set(tables.map(({ plan }) => tableKey(plan.tableModel.table)));
  const placed = new Set<string>();
  const ordered: TableRows[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ plan: { tableModel } }) =>
      tableModel.constraints.every(
        (constraint) =>
          constraint.kind !== 'ForeignKey' ||
          tableKey(constraint.targetTable) === tableKey(tableModel.table) ||
          !own.has(tableKey(constraint.targetTable)) ||
          placed.has(tableKey(constraint.targetTable)),
      ),
    );
    const [found] = waiting.splice(next, 1);
    if (next < 0 || !found) throw new Error('the tables of a resource refer to each other in a circle');
    placed.add(tableKey(found.plan.tableModel.table));
    ordered.push(found);
  }
  return ordered;
}

export interface WriteOptions {
  /** The document has rows already. */
  readonly replaces?: boolean;
  /** Splits inserts earlier than the plan wants. */
  readonly maxRowsPerBatch?: number;
}

async function insertRows(session: Session, { plan, rows }: TableRows, maxRowsPerBatch?: number): Promise<void> {
  const limits = { ...plan.bulkInsertBatching, ...(maxRowsPerBatch === undefined ? {} : { maxRowsPerBatch }) };
  for (const batch of splitIntoBatches(rows, limits)) {
    const [first] = batch;
    if (batch.length === 1 && first) await run(session, plan.insertSql, plan, first);
    else {
      const placeholder = (_: unknown, index: number) => `$${index + 1}`;
      const text = insertSql(planDialects.pgsql, plan.tableModel, plan.columnBindings, placeholder, batch.length);
      await session.queryRows(text, batch.flat());
    }
  }
}

/**
 * Writes a document by its plan: all values first, then in one transaction the root and the other tables, old rows removed and
 * new ones inserted (design 08 §6.10, §6.11). Throws `WriteRefused` before any SQL.
 */
export async function writeDocument(
  session: Session,
  write: ResourceWritePlan,
  documentId: number,
  document: Json,
  lookup: Lookup,
  { replaces = false, maxRowsPerBatch }: WriteOptions = {},
): Promise<void> {
  const [root, ...others] = inInsertOrder(documentRows(write, documentId, document, lookup));
  const [rootRow] = root?.rows ?? [];
  if (!root || !rootRow || root.plan.deleteByParentSql !== null) throw new Error('the root comes first and has one row');
  await session.exec('BEGIN');
  try {
    if (!replaces) await run(session, root.plan.insertSql, root.plan, rootRow);
    else if (root.plan.updateSql !== null) await run(session, root.plan.updateSql, root.plan, rootRow);
    if (replaces) for (const { plan } of others) await removeRows(session, plan, documentId);
    for (const table of others) await insertRows(session, table, maxRowsPerBatch);
    await session.exec('COMMIT');
  } catch (error) {
    await session.exec('ROLLBACK');
    throw error;
  }
}

/** Rows below another collection go with their parents, whose ordinals need not be known. */
async function removeRows(session: Session, plan: TableWritePlan, documentId: number): Promise<void> {
  const isParent = ({ source }: WriteColumnBinding) => source.kind === 'document_id' || source.kind === 'parent_key_part';
  if (plan.columnBindings.filter(isParent).length > 1) return;
  if (plan.deleteByParentSql === null) throw new Error(`${plan.tableModel.table.name} has no delete`);
  const row = plan.columnBindings.map((binding) => (isParent(binding) ? documentId : null));
  await run(session, plan.deleteByParentSql, plan, row);
}

/** A value as it comes from the database, in JSON form. */
function jsonValue(value: unknown, type: ScalarType): Json {
  switch (type.kind) {
    case 'Decimal':
    case 'Int32':
    case 'Int64':
      return Number(value);
    case 'Boolean':
      return value as boolean;
    case 'DateTime': {
      const text = String(value)
        .replace(' ', 'T')
        .replace(/([+-]\d\d)$/, '$1:00');
      return new Date(text).toISOString().replace('.000Z', 'Z');
    }
    default:
      return String(value);
  }
}

/** The object or array element at a scope, made where it is missing; array elements on the way are empty objects. */
function nodeAt(document: JsonObject, scope: JsonPath, ordinals: readonly number[], put?: Json): Json {
  let node: Json = document;
  let depth = 0;
  scope.segments.forEach((segment, index) => {
    const next = scope.segments[index + 1];
    const fresh = (): Json => (next?.kind === 'anyElement' ? [] : next === undefined && put !== undefined ? put : {});
    if (segment.kind === 'property') {
      if (!isObject(node)) throw new Error(`${scope.canonical} leads through a value`);
      node[segment.name] ??= fresh();
      node = node[segment.name] as Json;
    } else {
      if (!Array.isArray(node)) throw new Error(`${scope.canonical} leads through no array`);
      const ordinal = ordinals[depth] as number;
      depth += 1;
      while (node.length < ordinal) node.push({});
      if (node.length === ordinal) node.push(fresh());
      node = node[ordinal] as Json;
    }
  });
  return node;
}

function setAt(document: JsonObject, scope: JsonPath, ordinals: readonly number[], path: JsonPath, value: Json): void {
  const relative = path.segments.slice(scope.segments.length);
  const last = relative.at(-1);
  if (!last) {
    nodeAt(document, scope, ordinals, value);
    return;
  }
  if (last.kind !== 'property') throw new Error(`${path.canonical} ends with an array`);
  const parent = nodeAt(document, { canonical: scope.canonical, segments: path.segments.slice(0, -1) }, ordinals);
  if (!isObject(parent)) throw new Error(`${path.canonical} leads through a value`);
  parent[last.name] = value;
}

/** Fills the keyset table with a page. */
export async function fillPage(session: Session, ids: readonly number[]): Promise<void> {
  await session.exec('CREATE TEMP TABLE IF NOT EXISTS "page" ("DocumentId" bigint PRIMARY KEY); TRUNCATE "page"');
  await session.queryRows('INSERT INTO "page" SELECT unnest($1::bigint[])', [ids]);
}

/** Reads the documents of a page by hydration and projection, without joins (design 08 §7). */
export async function readDocuments(
  session: Session,
  read: ResourceReadPlan,
  ids: readonly number[],
): Promise<Map<number, JsonObject>> {
  await fillPage(session, ids);
  const uris = new Map<unknown, string>();
  for (const { selectByKeysetSql, resultShape } of read.descriptorProjectionPlansInOrder) {
    for (const row of await session.queryRows(selectByKeysetSql))
      uris.set(row[resultShape.descriptorIdOrdinal], String(row[resultShape.uriOrdinal]));
  }
  const uri = (id: unknown) => {
    const found = uris.get(id);
    if (found === undefined) throw new Error(`the descriptor projection has no ${id}`);
    return found;
  };
  const documents = new Map<number, JsonObject>();
  for (const { tableModel, selectByKeysetSql } of read.tablePlansInDependencyOrder) {
    const { columns, jsonScope, key } = tableModel;
    const is = (table: Table['table']) => tableKey(table) === tableKey(tableModel.table);
    const references =
      read.referenceIdentityProjectionPlansInDependencyOrder.find(({ table }) => is(table))?.bindingsInOrder ?? [];
    const fieldPaths = new Set(
      references.flatMap(({ identityFieldOrdinalsInOrder }) =>
        identityFieldOrdinalsInOrder.map(({ referenceJsonPath }) => referenceJsonPath.canonical),
      ),
    );
    const descriptors = read.descriptorProjectionPlansInOrder
      .flatMap(({ sourcesInOrder }) => sourcesInOrder)
      .filter(({ table, descriptorValuePath }) => is(table) && !fieldPaths.has(descriptorValuePath.canonical));
    for (const row of await session.queryRows(selectByKeysetSql)) {
      const [id, ...ordinals] = key.columns.map(({ name }) => Number(row[columns.findIndex((column) => column.name === name)]));
      const document = documents.get(id as number) ?? {};
      documents.set(id as number, document);
      const set = (path: JsonPath, value: Json) => setAt(document, jsonScope, ordinals, path, value);
      const isValue = columns.some(({ sourcePath }) => sourcePath?.canonical === jsonScope.canonical);
      if (!isValue) nodeAt(document, jsonScope, ordinals);
      columns.forEach(({ kind, sourcePath, scalarType }, ordinal) => {
        const value = row[ordinal];
        if (kind !== 'Scalar' || value === null || !sourcePath || !scalarType || fieldPaths.has(sourcePath.canonical)) return;
        set(sourcePath, jsonValue(value, scalarType));
      });
      for (const { descriptorIdColumnOrdinal, descriptorValuePath } of descriptors) {
        const value = row[descriptorIdColumnOrdinal];
        if (value !== null) set(descriptorValuePath, uri(value));
      }
      for (const { fkColumnOrdinal, identityFieldOrdinalsInOrder } of references) {
        if (row[fkColumnOrdinal] === null) continue;
        for (const { referenceJsonPath, columnOrdinal } of identityFieldOrdinalsInOrder) {
          const { kind, scalarType } = columns[columnOrdinal] as Table['columns'][number];
          const value = row[columnOrdinal];
          set(referenceJsonPath, kind === 'DescriptorFk' ? uri(value) : jsonValue(value, scalarType as ScalarType));
        }
      }
    }
  }
  return documents;
}
