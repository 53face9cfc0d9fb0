import type { NamedColumns } from '@dms/inventory';
import { coreSchema, type MappingVersion } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { byName } from '@dms/values';
import type { CatalogRules } from '../catalog-rules.ts';
import { dialectFacts } from '../dialect-facts.ts';
import { normalForm } from '../expression.ts';
import { generations } from '../generations.ts';
import { type CoreColumn, type CoreTable, coreScalarType, coreTypeName } from './core-tables.ts';
import { defineDefault, type TableAttachments } from './define-table.ts';
import type { ColumnDefinition, ConstraintDefinition, TableDefinition } from './definition.ts';

/**
 * The tables of schema `dms` for a dialect, in creation order (design 06 §4, 16 §2). `attachmentsOf` returns the
 * indexes and triggers that the inventory adds to a table.
 */
export function defineCoreTables(
  dialect: SqlDialect,
  { coreTables, objects, identityCollation }: CatalogRules,
  attachmentsOf: (
    table: Pick<TableDefinition, 'schema' | 'name'>,
    storedColumns: readonly string[],
  ) => TableAttachments,
): TableDefinition[] {
  const { coreTriggers } = objects[dialect];
  return coreTables.map((ofBoth) => {
    const table = inDialect(dialect, ofBoth);
    const columns = table.columns.map(({ name }) => name);
    const { indexes, triggers } = attachmentsOf({ schema: coreSchema, name: table.name }, columns);
    const own = coreTriggers.filter((entry) => entry.table === table.name).map(({ trigger }) => trigger);
    const collation = identityCollation[dialect];
    return defineTable(dialect, table, { indexes, triggers: [...triggers, ...own] }, collation);
  });
}

/** The parts of a table that a dialect has. */
function inDialect(dialect: SqlDialect, table: CoreTable): CoreTable {
  const isHere = ({ only }: { readonly only?: SqlDialect }) => only === undefined || only === dialect;
  const { columns, checks = [], indexes = [] } = table;
  return { ...table, columns: columns.filter(isHere), checks: checks.filter(isHere), indexes: indexes.filter(isHere) };
}

function defineTable(
  dialect: SqlDialect,
  table: CoreTable,
  attachments: TableAttachments,
  identityCollation: string | null,
): TableDefinition {
  const { hasClusteredKeys } = dialectFacts[dialect];
  const listConstraints = (isInline: boolean) =>
    (table.uniques ?? [])
      .filter((unique) => (unique.isInline ?? false) === isInline)
      .map(
        ({ name, columns }): ConstraintDefinition => ({
          kind: 'unique',
          name,
          columns,
          clustered: hasClusteredKeys ? isInline : null,
          declaresClustering: hasClusteredKeys && isInline,
        }),
      );
  const uniques = listConstraints(false);
  const checks = (table.checks ?? []).map(
    ({ name, condition }): ConstraintDefinition => ({ kind: 'check', name, condition }),
  );
  return {
    schema: coreSchema,
    name: table.name,
    group: 'core',
    columns: table.columns.map((column) => defineColumn(dialect, table, column, identityCollation)),
    primaryKey: {
      name: `PK_${table.name}`,
      columns: table.primaryKey,
      clustered: hasClusteredKeys ? !table.isPrimaryKeyNonclustered : null,
      declaresClustering: hasClusteredKeys,
    },
    inlineConstraints: listConstraints(true),
    addedConstraints: table.addsUniquesFirst ? [...uniques, ...checks] : [...checks, ...uniques],
    foreignKeys: (table.foreignKeys ?? [])
      .map(({ name, columns, target, onDelete }) => ({
        name,
        columns,
        target: { schema: coreSchema, table: target },
        targetColumns: columns,
        onDelete,
        onUpdate: 'NO ACTION' as const,
        deferrable: false,
        validated: true,
      }))
      .sort(byName),
    indexes: (table.indexes ?? [])
      .map(({ name, columns, isUnique = false }) => {
        const expressions = columns.filter((each) => typeof each !== 'string');
        return {
          name,
          unique: isUnique,
          columns: columns.map((each) => (typeof each === 'string' ? each : normalForm(each))),
          include: [],
          predicate: null,
          plain: expressions.length === 0,
          valid: true,
          ...(expressions.length === 0
            ? {}
            : { expressions: new Map(expressions.map((each) => [normalForm(each), each])) }),
        };
      })
      .sort(byName),
    modelIndexes: attachments.indexes,
    triggers: attachments.triggers,
  };
}

function defineColumn(
  dialect: SqlDialect,
  table: CoreTable,
  column: CoreColumn,
  identityCollation: string | null,
): ColumnDefinition {
  const collation = column.identityText ? identityCollation : null;
  return {
    name: column.name,
    type: coreTypeName(dialect, column.type),
    scalarType: coreScalarType(column.type),
    nullable: column.nullable ?? false,
    isIdentity: column.identity ?? false,
    ...defineDefault(dialect, column.default ?? null, table.name, column.name),
    collation: column.isBinary ? dialectFacts[dialect].binaryCollation : collation,
    generated: column.computed ?? null,
    ...(column.computed ? { isVirtual: true } : {}),
  };
}

/** The tables of schema `dms` with the names of their columns (design 06 §4, 16 §2). */
export const coreTableColumns = (version: MappingVersion): readonly NamedColumns[] =>
  generations[version].coreTables.map(({ name, columns }) => [
    { schema: coreSchema, name },
    columns.map((column) => column.name),
  ]);
