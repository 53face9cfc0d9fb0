import { byResource } from '@dms/api-schema';
import { compareBy } from '@dms/canonical-json';
import { fail } from '@dms/diagnostics';
import { authTable, type Inventory } from '@dms/inventory';
import { authSchema, type DbTableName, qualified, type RelationalModelSet, type ResourceModel } from '@dms/model';
import type { Fingerprint } from './catalog.ts';
import { changeVersionSequence } from './core-tables.ts';
import { defineCoreTables } from './define-core-tables.ts';
import { defineAuthTable, defineIndexes, defineTable, type TableAttachments } from './define-table.ts';
import { defineTrigger } from './define-triggers.ts';
import type { DatabaseDefinition, TableDefinition, ViewDefinition } from './definition.ts';
import { dialectFacts } from './dialect-facts.ts';

const resourceOrder = byResource(({ resourceKey }: Pick<ResourceModel, 'resourceKey'>) => resourceKey);

function groupByTable<Entry extends { readonly table: DbTableName }>(entries: readonly Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(qualified(entry.table));
    if (group) group.push(entry);
    else groups.set(qualified(entry.table), [entry]);
  }
  return groups;
}

/** Indexes and triggers of the inventory by table. An entry of a table that is never asked for is of another model: a bug. */
class Attachments {
  private readonly dialect: Inventory['dialect'];
  private readonly indexes: Map<string, Inventory['indexes'][number][]>;
  private readonly triggers: Map<string, Inventory['triggers'][number][]>;

  constructor({ dialect, indexes, triggers }: Inventory) {
    this.dialect = dialect;
    this.indexes = groupByTable(indexes);
    this.triggers = groupByTable(triggers);
  }

  take(table: DbTableName): TableAttachments {
    const name = qualified(table);
    const indexes = defineIndexes(this.indexes.get(name) ?? []);
    const triggers = (this.triggers.get(name) ?? [])
      .map((entry) => defineTrigger(this.dialect, entry))
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

function defineTables(model: RelationalModelSet, inventory: Inventory, hasHierarchy: boolean): TableDefinition[] {
  const { dialect } = model;
  const attachments = new Attachments(inventory);
  const resources = [...model.resources].sort(resourceOrder).flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder);
  const abstracts = [...model.abstractIdentityTables].sort(resourceOrder).map(({ table }) => table);
  const tables = [
    ...defineCoreTables(dialect),
    ...resources.map((table) => defineTable(dialect, table, 'resources', attachments.take(table.table))),
    ...(hasHierarchy ? [defineAuthTable(dialect, attachments.take(authTable))] : []),
    ...abstracts.map((table) => defineTable(dialect, table, 'abstractIdentities', attachments.take(table.table))),
  ];
  attachments.assertAllTaken();
  return tables;
}

function defineSchemas({ projects }: RelationalModelSet, hasHierarchy: boolean): string[] {
  const inOrder = [...projects].sort(
    compareBy(
      ({ physicalSchema }) => physicalSchema,
      ({ projectEndpointName }) => projectEndpointName,
    ),
  );
  return [...new Set(inOrder.map(({ physicalSchema }) => physicalSchema)), ...(hasHierarchy ? [authSchema] : [])];
}

function defineViews({ abstractUnionViews }: RelationalModelSet): ViewDefinition[] {
  return abstractUnionViews
    .map(({ view, outputColumns, unionArms }) => ({ ...view, outputColumns, unionArms }))
    .sort(
      compareBy(
        ({ schema }) => schema,
        ({ name }) => name,
      ),
    );
}

function fingerprintOf({ effectiveSchema }: RelationalModelSet): Fingerprint {
  return {
    formatVersion: effectiveSchema.apiSchemaFormatVersion,
    effectiveSchemaHash: effectiveSchema.effectiveSchemaHash,
    resourceKeyCount: effectiveSchema.resourceKeyCount,
    resourceKeySeedHash: Buffer.from(effectiveSchema.resourceKeySeedHash).toString('hex'),
    components: effectiveSchema.schemaComponents.map(({ projectHash: _, ...component }) => component),
    resourceKeys: effectiveSchema.resourceKeys.map(({ isAbstract: _, ...resourceKey }) => resourceKey),
  };
}

/**
 * What a database of this model must be made of: core objects, the tables of the model, the indexes and triggers of the
 * inventory and none besides (design 06 §4, 07 §2). Throws `DDL_COLUMN_TYPE_MISSING`, `DDL_DIALECT_MISMATCH`.
 */
export function defineDatabase(model: RelationalModelSet, inventory: Inventory): DatabaseDefinition {
  if (model.dialect !== inventory.dialect) {
    const text = `The model is for ${model.dialect}, the inventory for ${inventory.dialect}; both must be of one dialect.`;
    fail('DDL_DIALECT_MISMATCH', text, {}, { model: model.dialect, inventory: inventory.dialect });
  }
  const { extensions, sequenceBounds } = dialectFacts[model.dialect];
  const hasHierarchy = (inventory.authEdOrgHierarchy?.entities.length ?? 0) > 0;
  return {
    dialect: model.dialect,
    schemas: defineSchemas(model, hasHierarchy),
    extensions,
    sequences: [{ ...changeVersionSequence, type: 'bigint', start: '1', increment: '1', ...sequenceBounds, cycle: false }],
    tables: defineTables(model, inventory, hasHierarchy),
    views: defineViews(model),
    hierarchy: hasHierarchy ? inventory.authEdOrgHierarchy : null,
    fingerprint: fingerprintOf(model),
  };
}
