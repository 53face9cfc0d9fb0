import { compareBy } from '@dms/canonical-json';
import { coreSchema } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import {
  type CoreColumn,
  type CoreTable,
  changeVersionSequence,
  coreTables,
  coreTypeName,
  journalTriggerName,
} from './core-tables.ts';
import type { DesiredColumn, DesiredTable, DesiredTrigger } from './desired-catalog.ts';
import { dialectFacts } from './dialect-facts.ts';
import { call, type Expression, normalForm } from './expression.ts';

const byName = compareBy<{ readonly name: string }>(({ name }) => name);

function defaultExpression(dialect: SqlDialect, column: CoreColumn): Expression | null {
  if (column.default === 'nextVersion') return { kind: 'nextValue', sequence: changeVersionSequence };
  return column.default === 'now' ? call(dialectFacts[dialect].currentTimeFunction) : null;
}

function buildColumn(dialect: SqlDialect, column: CoreColumn): DesiredColumn {
  const expression = defaultExpression(dialect, column);
  return {
    name: column.name,
    type: coreTypeName(dialect, column.type),
    nullable: column.nullable ?? false,
    identity: column.identity ? 'always' : null,
    default: expression && normalForm(expression),
    generated: null,
    collation: null,
    scalarType: null,
    defaultExpression: expression,
    generatedExpression: null,
    isWritable: true,
  };
}

function journalTrigger(dialect: SqlDialect): DesiredTrigger {
  const { triggerLevel, hasTriggerFunctions } = dialectFacts[dialect];
  return {
    name: journalTriggerName,
    timing: 'AFTER',
    level: triggerLevel,
    events: ['INSERT', 'UPDATE'],
    updateOf: hasTriggerFunctions ? ['ContentVersion'] : [],
    enabled: true,
    function: hasTriggerFunctions ? `${coreSchema}.TF_Document_Journal` : null,
    body: null,
    intent: { kind: 'DocumentJournal' },
  };
}

function buildTable(dialect: SqlDialect, table: CoreTable): DesiredTable {
  const { hasClusteredKeys } = dialectFacts[dialect];
  const isHere = ({ only }: { readonly only?: SqlDialect }) => only === undefined || only === dialect;
  const uniques = (table.uniques ?? []).filter(isHere);
  const checks = (table.checks ?? []).filter(isHere);
  const addedUniques = uniques.filter((unique) => !unique.isClusteredInline).map(({ name }) => name);
  const addedChecks = checks.map(({ name }) => name);
  return {
    schema: coreSchema,
    name: table.name,
    group: 'core',
    storage: 'ordinary',
    columns: table.columns.map((column) => buildColumn(dialect, column)),
    primaryKey: {
      name: `PK_${table.name}`,
      columns: table.primaryKey,
      clustered: hasClusteredKeys ? !table.isPrimaryKeyNonclustered : null,
      declaresClustering: hasClusteredKeys,
    },
    uniques: uniques
      .map(({ name, columns, isClusteredInline = false }) => ({
        name,
        columns,
        clustered: hasClusteredKeys ? isClusteredInline : null,
        declaresClustering: isClusteredInline,
      }))
      .sort(byName),
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
    checks: checks
      .map(({ name, condition }) => ({ name, expression: normalForm(condition), validated: true, condition }))
      .sort(byName),
    indexes: (table.indexes ?? [])
      .map(({ name, columns }) => ({ name, unique: false, columns, include: [], predicate: null, plain: true, valid: true }))
      .sort(byName),
    triggers: table.name === 'Document' ? [journalTrigger(dialect)] : [],
    inlineConstraints: uniques.filter((unique) => unique.isClusteredInline).map(({ name }) => name),
    addedConstraints: table.addsUniquesFirst ? [...addedUniques, ...addedChecks] : [...addedChecks, ...addedUniques],
  };
}

/** The tables of schema `dms` for a dialect, in creation order. */
export function buildCoreTables(dialect: SqlDialect): DesiredTable[] {
  return coreTables.map((table) => buildTable(dialect, table));
}
