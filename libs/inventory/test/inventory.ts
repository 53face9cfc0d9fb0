import { buildEffectiveSchema, compileJsonPath, type EffectiveSchemaSet, type JsonPath, resourceLabel } from '@dms/api-schema';
import { toJsonValue } from '@dms/canonical-json';
import { deriveModel } from '@dms/derivation';
import { type Diagnostic, DmsError } from '@dms/diagnostics';
import type { Column, ForeignKeyConstraint, RelationalModelSet, ResourceModel, Table } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { expect } from 'vitest';
import { deriveInventory } from '../src/index.ts';
import type { DbTrigger, Inventory } from '../src/inventory.ts';
import { qualified, type TriggerOf } from './inspected.ts';
import { inventoryViolations } from './invariants.ts';
import { shortName } from './short-name.ts';

export { qualified };

/** An ApiSchema document as a plain value. */
export type Document = { readonly [member: string]: unknown };

// ---- deriving ----

export function schemaSet(...documents: readonly Document[]): EffectiveSchemaSet {
  return buildEffectiveSchema(
    documents.map((document, index) => ({ file: `document-${index}.json`, root: toJsonValue(document) })),
  );
}

export interface Derived {
  readonly set: EffectiveSchemaSet;
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
}

/** Model and inventory of one dialect, with every invariant of design 05 §10 that one inventory shows checked. */
export function derive(dialect: SqlDialect, ...documents: readonly Document[]): Derived {
  const set = schemaSet(...documents);
  const { model } = deriveModel(set, dialect);
  const inventory = deriveInventory(model);
  expect(inventoryViolations(model, inventory), `invariants of the ${dialect} inventory`).toEqual([]);
  return { set, model, inventory };
}

export function path(text: string): JsonPath {
  return compileJsonPath(text, {}, 'a test');
}

/** `make` when it is first asked for: a failure is that of the test that asks, not of the whole file. */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

// ---- failures ----

/** What a step reports when it stops; fails when it does not stop. */
export function diagnosticsOf(action: () => unknown): readonly Diagnostic[] {
  try {
    action();
  } catch (error) {
    if (error instanceof DmsError) return error.diagnostics;
    throw error;
  }
  throw new Error('nothing was reported');
}

/** The step must stop with exactly one diagnostic, which names all of `names` in its message; the message is returned. */
export function expectFault(action: () => unknown, code: string, ...names: readonly string[]): string {
  const found = diagnosticsOf(action);
  expect(
    found.map((entry) => entry.code),
    found.map(({ message }) => message).join('\n'),
  ).toEqual([code]);
  const message = found[0]?.message ?? '';
  expect(
    names.filter((name) => !message.includes(name)),
    `"${message}" must name`,
  ).toEqual([]);
  return message;
}

// ---- reading ----

export function resourceOf(model: RelationalModelSet, label: string): ResourceModel {
  const found = model.resources.find(({ resourceKey }) => resourceLabel(resourceKey) === label);
  if (!found) throw new Error(`the model has no resource ${label}`);
  return found;
}

export function tableOf(model: RelationalModelSet, name: string): Table {
  const all = [
    ...model.resources.flatMap((resource) => resource.tablesInDependencyOrder),
    ...model.abstractIdentityTables.map(({ table }) => table),
  ];
  const found = all.find(({ table }) => qualified(table) === name);
  if (!found) throw new Error(`the model has no table ${name}; it has ${all.map(({ table }) => qualified(table)).join(', ')}`);
  return found;
}

export function foreignKeyOf(model: RelationalModelSet, table: string, name: string): ForeignKeyConstraint {
  const found = tableOf(model, table).constraints.find((constraint) => constraint.name === name);
  if (found?.kind !== 'ForeignKey') throw new Error(`${table} has no foreign key ${name}`);
  return found;
}

/** The indexes of one table as `Kind Name (columns)`, in the order of the inventory. */
export function indexLines(inventory: Inventory, table: string): string[] {
  return inventory.indexes
    .filter((index) => qualified(index.table) === table)
    .map(({ kind, name, keyColumns }) => `${kind} ${name} (${keyColumns.join(', ')})`);
}

/** Names of all triggers of one table, or of all tables as `schema.Table Name`. */
export function triggerNames(inventory: Inventory, table?: string): string[] {
  if (table === undefined) return inventory.triggers.map((trigger) => `${qualified(trigger.table)} ${trigger.name}`);
  return inventory.triggers.filter((trigger) => qualified(trigger.table) === table).map(({ name }) => name);
}

/** The only trigger of a kind on a table. */
export function triggerOf<Kind extends DbTrigger['kind']>(inventory: Inventory, table: string, kind: Kind): TriggerOf<Kind> {
  const found = inventory.triggers.filter((trigger) => qualified(trigger.table) === table && trigger.kind === kind);
  if (found.length !== 1) throw new Error(`${table} has ${found.length} triggers of the kind ${kind}`);
  return found[0] as TriggerOf<Kind>;
}

/** Column and path of each identity element of a root table's own identity. */
export function elementsOf(inventory: Inventory, table: string): [string, string][] {
  const { identityElements } = triggerOf(inventory, table, 'ReferentialIdentityMaintenance');
  return identityElements.map(({ column, identityJsonPath }) => [column, identityJsonPath.canonical]);
}

export function countBy<Item>(items: readonly Item[], key: (item: Item) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

// ---- changing a derived model ----

/** The model with one table changed, in a resource or an abstract identity table. */
export function withTable(
  model: RelationalModelSet,
  name: string,
  change: (table: Table) => Partial<Table>,
): RelationalModelSet {
  tableOf(model, name);
  const changed = (table: Table): Table => (qualified(table.table) === name ? { ...table, ...change(table) } : table);
  return {
    ...model,
    resources: model.resources.map((resource) => ({
      ...resource,
      tablesInDependencyOrder: resource.tablesInDependencyOrder.map(changed),
    })),
    abstractIdentityTables: model.abstractIdentityTables.map((entry) => ({ ...entry, table: changed(entry.table) })),
  };
}

export function withColumn(
  model: RelationalModelSet,
  tableName: string,
  columnName: string,
  change: Partial<Column>,
): RelationalModelSet {
  const { columns } = tableOf(model, tableName);
  if (!columns.some(({ name }) => name === columnName)) throw new Error(`${tableName} has no column ${columnName}`);
  return withTable(model, tableName, (table) => ({
    columns: table.columns.map((column) => (column.name === columnName ? { ...column, ...change } : column)),
  }));
}

/** The model with one more column: a copy of another one, changed. */
export function withCopiedColumn(
  model: RelationalModelSet,
  tableName: string,
  original: string,
  change: Partial<Column> & { readonly name: string },
): RelationalModelSet {
  const column = tableOf(model, tableName).columns.find(({ name }) => name === original);
  if (!column) throw new Error(`${tableName} has no column ${original}`);
  return withTable(model, tableName, ({ columns }) => ({ columns: [...columns, { ...column, ...change }] }));
}

export function withResource(
  model: RelationalModelSet,
  label: string,
  change: (resource: ResourceModel) => Partial<ResourceModel>,
): RelationalModelSet {
  const found = resourceOf(model, label);
  return {
    ...model,
    resources: model.resources.map((resource) => (resource === found ? { ...resource, ...change(resource) } : resource)),
  };
}

// ---- models made by hand ----

export interface HandMadeTable {
  /** `edfi.Name` or the name of a table in `edfi`. */
  readonly name: string;
  /** Stored columns beside `DocumentId` and the identity `Id`. */
  readonly columns?: readonly string[];
  /** Column lists of UNIQUE constraints, named `UX_{Table}_{n}` unless given. */
  readonly uniques?: readonly (readonly string[])[];
  /** Column lists of foreign keys, named `FK_{Table}_{n}` unless `foreignKeyNames` is given. */
  readonly foreignKeys?: readonly (readonly string[])[];
  readonly foreignKeyNames?: readonly string[];
  readonly uniqueNames?: readonly string[];
}

const integerType = { kind: 'Int64', maxLength: null, decimal: null } as const;

function handMadeColumn(name: string): Column {
  return {
    name,
    kind: 'Scalar',
    scalarType: integerType,
    isNullable: false,
    sourcePath: name === 'Id' ? path('$.id') : null,
    targetResource: null,
    storage: { kind: 'Stored' },
    isWritable: true,
  };
}

function handMadeResource(dialect: SqlDialect, table: HandMadeTable, id: number): ResourceModel {
  const [name = '', schema = 'edfi'] = table.name.split('.').reverse();
  const { uniques = [], foreignKeys = [] } = table;
  const limit = (text: string) => shortName(text, dialect);
  const root: Table = {
    table: { schema, name },
    jsonScope: path('$'),
    key: { constraintName: limit(`PK_${name}`), columns: [{ name: 'DocumentId', kind: 'ParentKeyPart', role: 'DocumentId' }] },
    columns: [
      { ...handMadeColumn('DocumentId'), kind: 'ParentKeyPart' },
      handMadeColumn('Id'),
      ...(table.columns ?? []).map(handMadeColumn),
    ],
    constraints: [
      ...uniques.map((columns, index) => ({
        kind: 'Unique' as const,
        name: table.uniqueNames?.[index] ?? limit(`UX_${name}_${index}`),
        columns,
      })),
      ...foreignKeys.map((columns, index) => ({
        kind: 'ForeignKey' as const,
        name: table.foreignKeyNames?.[index] ?? limit(`FK_${name}_${index}`),
        columns,
        targetTable: { schema: 'dms', name: `Target${index}` },
        targetColumns: columns,
        onDelete: 'NoAction' as const,
        onUpdate: 'NoAction' as const,
        deferrable: false,
      })),
    ],
    keyUnificationClasses: [],
  };
  return {
    resourceKey: { id, projectName: 'Hand', resourceName: `Made${id}`, resourceVersion: '1.0.0', isAbstract: false },
    physicalSchema: schema,
    storageKind: 'RelationalTables',
    tablesInDependencyOrder: [root],
    naturalKey: { columns: ['Id'] },
    identityJsonPaths: [path('$.id')],
    superclass: null,
    documentReferenceBindings: [],
    descriptorEdgeSources: [],
    descriptorFkDeduplications: [],
    decimalPrecisionFallbacks: [],
    keyUnificationDiagnostics: { applied: [], redundant: [], ignored: [], ignoredByReason: [], skipped: [] },
    extensionSites: [],
    descriptorMetadata: null,
  };
}

/** A model of root tables made by hand, each with `DocumentId`, the identity `Id` and what is given. */
export function handMadeModel(dialect: SqlDialect, ...tables: readonly HandMadeTable[]): RelationalModelSet {
  const resources = tables.map((table, index) => handMadeResource(dialect, table, index + 1));
  return {
    effectiveSchema: {
      apiSchemaFormatVersion: '1.0.0',
      relationalMappingVersion: 'v1',
      effectiveSchemaHash: '0'.repeat(64),
      resourceKeyCount: resources.length,
      resourceKeySeedHash: new Uint8Array(32),
      schemaComponents: [],
      resourceKeys: resources.map(({ resourceKey }) => resourceKey),
    },
    dialect,
    projects: [],
    resources,
    abstractIdentityTables: [],
    abstractUnionViews: [],
    propagationFallbacks: [],
    shortenedNames: [],
  };
}
