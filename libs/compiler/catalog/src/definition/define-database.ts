import { byResource } from '@dms/api-schema';
import { fail } from '@dms/diagnostics';
import { authColumns, authTable, type DbTrigger, type Inventory } from '@dms/inventory';
import {
  authSchema,
  type DbTableName,
  qualified,
  type RelationalModelSet,
  type ResourceModel,
  type Table,
} from '@dms/model';
import { dialectRules, limitIdentifier, type SqlDialect } from '@dms/sql';
import { bySchemaAndName, compareBy, compareOrdinal, hexOf } from '@dms/values';
import type { Fingerprint } from '../catalog.ts';
import type { CatalogRules, DialectObjects } from '../catalog-rules.ts';
import { dialectFacts } from '../dialect-facts.ts';
import { generations } from '../generations.ts';
import { defineCoreTables } from './define-core-tables.ts';
import {
  defineAuthTable,
  defineIndexes,
  defineTable,
  defineTrackedTable,
  type TableAttachments,
} from './define-table.ts';
import type {
  AuthViewDefinition,
  CreationGroup,
  DatabaseDefinition,
  LogicalTrigger,
  TableDefinition,
  ViewDefinition,
} from './definition.ts';

/**
 * The complete definition of a database for this model: core objects, the tables of the model, and exactly the indexes
 * and triggers of the inventory (design 06 §4, 07 §2). Throws `DDL_COLUMN_TYPE_MISSING`, `DDL_DIALECT_MISMATCH`.
 */
export function defineDatabase(model: RelationalModelSet, inventory: Inventory): DatabaseDefinition {
  if (model.dialect !== inventory.dialect) {
    const text = `The model is for ${model.dialect}, the inventory for ${inventory.dialect}; both must have the same dialect.`;
    fail('DDL_DIALECT_MISMATCH', text, {}, { model: model.dialect, inventory: inventory.dialect });
  }
  const { dialect, effectiveSchema } = model;
  const { sequenceBounds } = dialectFacts[dialect];
  const { relationalMappingVersion: mappingVersion } = effectiveSchema;
  const rules = generations[mappingVersion];
  const { extensions, routines, tableTypes, ownerRole } = rules.objects[dialect];
  const hasHierarchy = (inventory.authEdOrgHierarchy?.entities.length ?? 0) > 0;
  return {
    dialect,
    mappingVersion,
    schemas: defineSchemas(model, inventory, hasHierarchy),
    extensions,
    sequences: rules.sequences.map((name) => ({
      ...name,
      type: 'bigint',
      start: '1',
      increment: '1',
      ...sequenceBounds,
      cycle: false,
    })),
    routines,
    tableTypes,
    tables: defineTables(model, inventory, rules, hasHierarchy),
    views: defineViews(model, inventory),
    ownerRole,
    hierarchy: hasHierarchy ? inventory.authEdOrgHierarchy : null,
    trackedChangeTables: inventory.trackedChangeTables,
    fingerprint: defineFingerprint(model),
  };
}

function defineSchemas({ projects }: RelationalModelSet, inventory: Inventory, hasHierarchy: boolean): string[] {
  const inOrder = [...projects].sort(
    compareBy(
      ({ physicalSchema }) => physicalSchema,
      ({ projectEndpointName }) => projectEndpointName,
    ),
  );
  return [
    ...new Set(inOrder.map(({ physicalSchema }) => physicalSchema)),
    ...(hasHierarchy ? [authSchema] : []),
    ...new Set(inventory.trackedChangeTables.map(({ table }) => table.schema).sort(compareOrdinal)),
  ];
}

const resourceOrder = byResource(({ resourceKey }: Pick<ResourceModel, 'resourceKey'>) => resourceKey);

function defineTables(
  model: RelationalModelSet,
  inventory: Inventory,
  rules: CatalogRules,
  hasHierarchy: boolean,
): TableDefinition[] {
  const { dialect } = model;
  const attachments = new Attachments(inventory, rules.objects[dialect]);
  const resources = [...model.resources]
    .sort(resourceOrder)
    .flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder);
  const abstracts = [...model.abstractIdentityTables].sort(resourceOrder).map(({ table }) => table);
  const define = (group: CreationGroup) => (table: Table) =>
    defineTable(dialect, rules, table, group, attachments.take(table.table, storedColumns(table)));
  const authColumnNames = Object.values(authColumns);
  const tables = [
    ...defineCoreTables(dialect, rules, (table, columns) => attachments.take(table, columns)),
    ...resources.map(define('resources')),
    ...(hasHierarchy ? [defineAuthTable(dialect, attachments.take(authTable, authColumnNames))] : []),
    ...inventory.trackedChangeTables.map((table) => defineTrackedTable(dialect, rules, table)),
    ...abstracts.map(define('abstractIdentities')),
  ];
  attachments.assertAllTaken();
  return tables;
}

/**
 * Indexes and triggers of the inventory by table. An entry whose table is never requested belongs to another model,
 * which is a bug.
 */
class Attachments {
  private readonly dialect: Inventory['dialect'];
  private readonly objects: DialectObjects;
  private readonly indexes: Map<string, Inventory['indexes'][number][]>;
  private readonly triggers: Map<string, Inventory['triggers'][number][]>;

  constructor({ dialect, indexes, triggers }: Inventory, objects: DialectObjects) {
    this.dialect = dialect;
    this.objects = objects;
    this.indexes = groupByTable(indexes);
    this.triggers = groupByTable(triggers);
  }

  take(table: DbTableName, storedColumns: readonly string[]): TableAttachments {
    const name = qualified(table);
    const indexes = defineIndexes(this.indexes.get(name) ?? []);
    const triggers = (this.triggers.get(name) ?? [])
      .map((entry) => defineTrigger(this.dialect, this.objects, entry, storedColumns))
      .sort(compareBy((trigger) => trigger.name));
    this.indexes.delete(name);
    this.triggers.delete(name);
    return { indexes, triggers };
  }

  assertAllTaken(): void {
    for (const name of [...this.indexes.keys(), ...this.triggers.keys()])
      throw new Error(`the inventory names the table ${name}, which the model does not have`);
  }
}

function groupByTable<Entry extends { readonly table: DbTableName }>(entries: readonly Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(qualified(entry.table));
    if (group) group.push(entry);
    else groups.set(qualified(entry.table), [entry]);
  }
  return groups;
}

/**
 * The triggers of an entry of the inventory. A long name is hashed twice: once in the inventory, once more with `TF_`.
 *
 * @param storedColumns the stored columns of the entry's table
 */
function defineTrigger(
  dialect: SqlDialect,
  { defineTriggers }: Pick<DialectObjects, 'defineTriggers'>,
  entry: DbTrigger,
  storedColumns: readonly string[],
): LogicalTrigger {
  const name = limitIdentifier(dialectRules[dialect], `TF_${entry.name}`);
  return {
    name: entry.name,
    intent: entry,
    function: dialectFacts[dialect].hasTriggerFunctions ? { schema: entry.table.schema, name, owner: null } : null,
    triggers: defineTriggers(entry, storedColumns),
  };
}

const storedColumns = ({ columns }: Table): string[] =>
  columns.filter(({ storage }) => storage.kind === 'Stored').map(({ name }) => name);

/** The type of the ids of organizations and documents. */
const idType = { kind: 'Int64', maxLength: null, decimal: null } as const;

function defineViews({ abstractUnionViews }: RelationalModelSet, { authViews }: Inventory): ViewDefinition[] {
  const unions = abstractUnionViews
    .map(({ view, outputColumns, unionArms }) => ({ kind: 'union' as const, ...view, outputColumns, unionArms }))
    .sort(bySchemaAndName);
  const ofAuth = authViews.map(
    ({ view, arms, armsSetOperator }): AuthViewDefinition => ({
      kind: 'authorization',
      ...view,
      outputColumns: (arms[0]?.outputColumns ?? []).map(({ column, outputName }) => ({
        name: outputName ?? column,
        scalarType: idType,
      })),
      arms,
      armsSetOperator,
    }),
  );
  return [...unions, ...ofAuth];
}

function defineFingerprint({ effectiveSchema }: RelationalModelSet): Fingerprint {
  return {
    formatVersion: effectiveSchema.apiSchemaFormatVersion,
    effectiveSchemaHash: effectiveSchema.effectiveSchemaHash,
    resourceKeyCount: effectiveSchema.resourceKeyCount,
    resourceKeySeedHash: hexOf(effectiveSchema.resourceKeySeedHash),
    components: effectiveSchema.schemaComponents.map(({ projectHash: _, ...component }) => component),
    resourceKeys: effectiveSchema.resourceKeys.map(({ isAbstract: _, ...resourceKey }) => resourceKey),
  };
}
