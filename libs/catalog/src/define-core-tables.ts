import { compareBy } from '@dms/canonical-json';
import { coreSchema } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { type CoreColumn, type CoreTable, changeVersionSequence, coreTables, coreTypeName } from './core-tables.ts';
import { journalTrigger } from './define-triggers.ts';
import type { ColumnDefinition, ConstraintDefinition, TableDefinition } from './definition.ts';
import { dialectFacts } from './dialect-facts.ts';
import { call, type Expression } from './expression.ts';

const byName = compareBy<{ readonly name: string }>(({ name }) => name);

function defaultExpression(dialect: SqlDialect, column: CoreColumn): Expression | null {
  if (column.default === 'nextVersion') return { kind: 'nextValue', sequence: changeVersionSequence };
  return column.default === 'now' ? call(dialectFacts[dialect].currentTimeFunction) : null;
}

function defineColumn(dialect: SqlDialect, column: CoreColumn): ColumnDefinition {
  return {
    name: column.name,
    type: coreTypeName(dialect, column.type),
    scalarType: null,
    nullable: column.nullable ?? false,
    isIdentity: column.identity ?? false,
    default: defaultExpression(dialect, column),
    generated: null,
  };
}

function defineTable(dialect: SqlDialect, table: CoreTable): TableDefinition {
  const { hasClusteredKeys } = dialectFacts[dialect];
  const isHere = ({ only }: { readonly only?: SqlDialect }) => only === undefined || only === dialect;
  const constraintsOf = (isInline: boolean) =>
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
  const uniques = constraintsOf(false);
  const checks = (table.checks ?? [])
    .filter(isHere)
    .map(({ name, condition }): ConstraintDefinition => ({ kind: 'check', name, condition }));
  return {
    schema: coreSchema,
    name: table.name,
    group: 'core',
    columns: table.columns.map((column) => defineColumn(dialect, column)),
    primaryKey: {
      name: `PK_${table.name}`,
      columns: table.primaryKey,
      clustered: hasClusteredKeys ? !table.isPrimaryKeyNonclustered : null,
      declaresClustering: hasClusteredKeys,
    },
    inlineConstraints: constraintsOf(true),
    addedConstraints: table.addsUniquesFirst ? [...uniques, ...checks] : [...checks, ...uniques],
    foreignKeys: (table.foreignKeys ?? [])
      .map(({ name, column, target, onDelete }) => ({
        name,
        columns: [column],
        target: { schema: coreSchema, table: target },
        targetColumns: [column],
        onDelete,
        onUpdate: 'NO ACTION' as const,
        deferrable: false,
        validated: true,
      }))
      .sort(byName),
    indexes: (table.indexes ?? [])
      .map(({ name, columns }) => ({ name, unique: false, columns, include: [], predicate: null, plain: true, valid: true }))
      .sort(byName),
    triggers: table.name === 'Document' ? [journalTrigger(dialect)] : [],
  };
}

/** The tables of schema `dms` for a dialect, in creation order (design 06 §4). */
export function defineCoreTables(dialect: SqlDialect): TableDefinition[] {
  return coreTables.map((table) => defineTable(dialect, table));
}
