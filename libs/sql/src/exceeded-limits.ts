import type { DialectRules, LogicalType } from './dialect.ts';
import { engineLimits, type LimitName } from './engine-limits.ts';

/** A limit, and the count that is too much for it. */
export interface ExceededLimit {
  readonly limit: LimitName;
  readonly count: number;
  readonly most: number;
}

/** The columns of a key, of a foreign key or of an index. */
export interface MeasuredKey {
  readonly columns: readonly LogicalType[];
  /** Columns that an index stores beside its key. */
  readonly included: readonly LogicalType[];
  /** Whether the engine makes an index of it, which a foreign key alone has not. */
  readonly isIndexed: boolean;
}

/** The limit, if so many are more than the engine takes; an empty list otherwise. */
export function exceeded({ name }: Pick<DialectRules, 'name'>, limit: LimitName, count: number): ExceededLimit[] {
  const most: number | null = engineLimits[limit].most[name];
  return most !== null && count > most ? [{ limit, count, most }] : [];
}

/** What the type of a column has too much of, wherever the column stands. */
export const exceededByType = (rules: DialectRules, { kind, maxLength, decimal }: LogicalType): ExceededLimit[] => [
  ...(kind === 'String' && maxLength !== null ? exceeded(rules, 'textLength', maxLength) : []),
  ...(decimal === null ? [] : exceeded(rules, 'decimalDigits', decimal.precision)),
];

/** What the type of a column has too much of in a key or an index. */
export const exceededInKey = (rules: DialectRules, { kind, maxLength }: LogicalType): ExceededLimit[] =>
  kind === 'String' && maxLength !== null ? exceeded(rules, 'keyTextLength', maxLength) : [];

/** The columns of a key. */
export function exceededByKey(rules: DialectRules, { columns, included, isIndexed }: MeasuredKey): ExceededLimit[] {
  const counted = isIndexed && rules.storage.countsIncludedColumns ? columns.length + included.length : columns.length;
  return exceeded(rules, 'keyColumns', counted);
}

/**
 * The bytes of the longest entry of an index. A text that no key can have is not counted: it has a limit of its own.
 * PostgreSQL stores included columns in the same entry.
 */
export function exceededByEntry(rules: DialectRules, { columns, included }: MeasuredKey): ExceededLimit[] {
  const { storage } = rules;
  const stored = storage.countsIncludedColumns ? [...columns, ...included] : columns;
  const bytes = stored.reduce((sum, type) => sum + storage.size(type).most, storage.keyOverhead(stored.length));
  return Number.isFinite(bytes) ? exceeded(rules, 'keyBytes', Math.ceil(bytes)) : [];
}

/** No value leaves more bytes in a row. */
const mostInRow = 32;

/**
 * The bytes of a row: of its fixed values, or else of all values as far as they stay in the row. A table with too many
 * columns gets no warning about its rows.
 */
export function exceededByRow(rules: DialectRules, columns: readonly LogicalType[]): ExceededLimit[] {
  const { storage, name } = rules;
  // nearly all tables are far below
  if (columns.length * mostInRow < engineLimits.rowBytes.most[name]) return [];
  const sizes = columns.map((type) => storage.size(type));
  const total = (list: typeof sizes) =>
    Math.ceil(list.reduce((sum, { inRow }) => sum + inRow, storage.rowOverhead(columns.length)));
  const fixed = exceeded(rules, 'fixedRowBytes', total(sizes.filter(({ isFixed }) => isFixed)));
  if (fixed.length > 0 || exceeded(rules, 'tableColumns', columns.length).length > 0) return fixed;
  return exceeded(rules, 'rowBytes', total(sizes));
}

/**
 * Whether a schema that exceeds a limit is refused; otherwise the engine makes the table, and may refuse some of its
 * rows.
 */
export const isRefused = ({ limit }: ExceededLimit): boolean => engineLimits[limit].treatment === 'refused';
