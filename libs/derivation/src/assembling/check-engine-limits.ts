import { append, counted, type Diagnostic, diagnostic, type Faults } from '@dms/diagnostics';
import type { DialectRules } from '@dms/sql';
import type { DraftColumn, DraftTable } from '../draft/draft-table.ts';
import { allTables, type FinishedDraft } from '../draft/model-draft.ts';
import type { DecidedTable } from './decided-constraints.ts';

interface LimitDetails {
  readonly dialect: string;
  readonly what: string;
  readonly count: number;
  readonly limit: number;
  /** The columns of a key, with their types. */
  readonly columns?: readonly string[];
}

/** A finding about a table, by the dialect that has the limit. */
function finding(
  code: 'TABLE_LIMIT_EXCEEDED' | 'TABLE_LIMIT_POSSIBLE',
  { table, qualified, origin }: Pick<DraftTable, 'table' | 'qualified' | 'origin'>,
  text: string,
  details: LimitDetails,
): Diagnostic {
  const message = `${origin.label}: the table ${qualified} (${origin.path}) ${text}.`;
  const where = { resource: origin.label, path: origin.path };
  return diagnostic(code, message, where, { ...details, excess: details.count - details.limit, table: table.name });
}

const advice = 'move some of the properties into collections, which have tables of their own, or leave them out';

/** Columns of the table and of its keys. */
function countFaults(table: DraftTable, rules: DialectRules, decided: DecidedTable | undefined): Diagnostic[] {
  const { columnsPerTable, columnsPerKey } = rules.limits;
  const { name: dialect } = rules;
  const found: Diagnostic[] = [];
  const count = table.columns.size;
  if (count > columnsPerTable) {
    const text = `has ${counted(count, 'column')}, ${count - columnsPerTable} more than the ${columnsPerTable} that ${dialect} allows; ${advice}`;
    found.push(finding('TABLE_LIMIT_EXCEEDED', table, text, { dialect, what: 'columns', count, limit: columnsPerTable }));
  }
  const keys = [
    { name: decided?.primaryKey.final ?? 'primary', columns: table.key },
    ...(decided?.constraints ?? []).flatMap(({ constraint, name }) =>
      constraint.kind === 'Unique' || constraint.kind === 'ForeignKey'
        ? [{ name: name.final, columns: constraint.columns }]
        : [],
    ),
  ];
  for (const { name, columns } of keys) {
    if (columns.length <= columnsPerKey) continue;
    const over = columns.length - columnsPerKey;
    const text = `has the key ${name} with ${counted(columns.length, 'column')}, ${over} more than the ${columnsPerKey} that ${dialect} allows; name fewer values in the identity or the uniqueness constraint`;
    const details = { dialect, what: 'columns of a key', count: columns.length, limit: columnsPerKey };
    found.push(finding('TABLE_LIMIT_EXCEEDED', table, text, details));
  }
  return found;
}

/** Bytes of a row: of its fixed values, and of what is left in the row of the others. */
function rowFindings(table: DraftTable, { name: dialect, limits }: DialectRules): Diagnostic[] {
  const { row } = limits;
  // nearly all tables are far below: no value leaves more than 32 bytes in a row. Too many columns are reported already
  if (table.columns.size * 32 < row.bytes || table.columns.size > limits.columnsPerTable) return [];
  const stored = [...table.columns.values()].map(({ scalarType }) => limits.size(scalarType));
  const overhead = row.overhead(stored.length);
  const total = (sizes: typeof stored) => sizes.reduce((sum, { inRow }) => sum + inRow, overhead);
  const fixedBytes = total(stored.filter(({ isFixed }) => isFixed));
  const allBytes = total(stored);
  const details = { dialect, what: 'bytes of a row', limit: row.bytes };
  if (fixedBytes > row.bytes && row.isRefusedAtCreation) {
    const text = `needs ${counted(fixedBytes, 'byte')} for its fixed values, ${fixedBytes - row.bytes} more than the ${row.bytes} of a row that ${dialect} allows; ${advice}`;
    return [finding('TABLE_LIMIT_EXCEEDED', table, text, { ...details, count: fixedBytes })];
  }
  if (allBytes <= row.bytes) return [];
  const text = `needs ${counted(allBytes, 'byte')} for a row with all its values, ${allBytes - row.bytes} more than the ${row.bytes} that ${dialect} stores; such rows would be refused`;
  return [finding('TABLE_LIMIT_POSSIBLE', table, text, { ...details, count: allBytes })];
}

/** Unique keys whose longest values do not fit into an index. */
function keyWarnings(
  table: DraftTable,
  { name: dialect, limits, typeName }: DialectRules,
  decided: DecidedTable | undefined,
): Diagnostic[] {
  const { bytes: limit, overhead } = limits.key;
  const bytesOf = (columns: readonly DraftColumn[]) =>
    columns.reduce((sum, { scalarType }) => sum + limits.size(scalarType).most, overhead(columns.length));
  return (decided?.constraints ?? []).flatMap(({ constraint, name }) => {
    const count = constraint.kind === 'Unique' ? bytesOf(constraint.columns) : 0;
    if (constraint.kind !== 'Unique' || count <= limit) return [];
    const columns = constraint.columns.map((column) => `${column.name} ${typeName(column.scalarType)}`);
    const text = `has the unique key ${name.final} (${columns.join(', ')}), whose values may take ${counted(count, 'byte')}, ${count - limit} more than the ${limit} of an index in ${dialect}; rows with longer values would be refused`;
    const details = { dialect, what: 'bytes of a key', count, limit, columns };
    return [finding('TABLE_LIMIT_POSSIBLE', table, text, details)];
  });
}

/** Foreign keys that refer to one table. */
function referenceFaults(
  decided: ReadonlyMap<DraftTable, DecidedTable>,
  { name: dialect, limits: { referencesToTable } }: DialectRules,
): Diagnostic[] {
  if (referencesToTable === null) return [];
  const counts = new Map<DraftTable, number>();
  for (const { constraints } of decided.values()) {
    for (const { constraint } of constraints)
      if (constraint.kind === 'ForeignKey') counts.set(constraint.target, (counts.get(constraint.target) ?? 0) + 1);
  }
  return [...counts].flatMap(([table, count]) => {
    if (count <= referencesToTable) return [];
    const text = `is referred to by ${count} foreign keys, ${count - referencesToTable} more than the ${referencesToTable} that ${dialect} allows; split the schema set`;
    const details = { dialect, what: 'references', count, limit: referencesToTable };
    return [finding('TABLE_LIMIT_EXCEEDED', table, text, details)];
  });
}

/**
 * Finds what an engine cannot create, `TABLE_LIMIT_EXCEEDED`, which goes to `faults`, and returns a warning for what it creates but
 * could refuse to fill, `TABLE_LIMIT_POSSIBLE` (design 02 §19).
 */
export function checkEngineLimits(
  draft: FinishedDraft,
  rules: DialectRules,
  decided: ReadonlyMap<DraftTable, DecidedTable>,
  faults: Faults,
): Diagnostic[] {
  const warnings: Diagnostic[] = [];
  const found = referenceFaults(decided, rules);
  for (const table of allTables(draft)) {
    const ofTable = decided.get(table);
    append(found, countFaults(table, rules, ofTable));
    append(found, rowFindings(table, rules));
    append(warnings, keyWarnings(table, rules, ofTable));
  }
  const isWarning = ({ code }: Diagnostic) => code === 'TABLE_LIMIT_POSSIBLE';
  faults.add(found.filter((entry) => !isWarning(entry)));
  return [...warnings, ...found.filter(isWarning)];
}
