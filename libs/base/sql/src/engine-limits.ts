import type { DialectRules, SqlDialect } from './dialect.ts';
import { declaredLengths, type LogicalType } from './logical-kinds.ts';

/**
 * The treatment of a schema that exceeds a limit: `refused` is `TABLE_LIMIT_EXCEEDED` or the code that `emits` names,
 * `warned` is `TABLE_LIMIT_POSSIBLE`, `adapted` is emitted in a form that the engine accepts, and `fixed` cannot be
 * reached by any schema.
 */
type LimitTreatment = 'refused' | 'warned' | 'adapted' | 'fixed';

/** A limit of the engines (design 02 §19). */
export interface EngineLimit {
  /** The counted objects in the plural: `columns of a table`. */
  readonly what: string;
  /** The maximum of each engine; null if its documentation has no such limit. */
  readonly most: Readonly<Record<SqlDialect, number | null>>;
  /** The page of each vendor's documentation with the number; null if there is none. */
  readonly pages: Readonly<Record<SqlDialect, string | null>>;
  readonly treatment: LimitTreatment;
  /** The behavior of `emit`, in a few words. */
  readonly emits: string;
  /** The static check of scripts that counts the same objects (design 09b §2.4); null if a script does not show them. */
  readonly check: string | null;
}

const appendix = 'PostgreSQL Limits';
const capacity = 'Maximum capacity specifications for SQL Server';
const foreignKeys = 'Primary and foreign key constraints';

/** All limits of both engines that a schema could reach, with their treatment (design 02 §19). */
export const engineLimits = {
  textLength: {
    what: 'letters of a text',
    most: { pgsql: 10_485_760, mssql: 1_073_741_823 },
    pages: { pgsql: 'Character Types', mssql: 'nchar and nvarchar (Transact-SQL)' },
    treatment: 'refused',
    emits: 'refuses more than PostgreSQL takes, for both engines (`STRING_MAX_LENGTH_INVALID`)',
    check: null,
  },
  declaredLength: {
    what: 'letters of a text with a declared length',
    most: declaredLengths,
    pages: { pgsql: 'Character Types', mssql: 'nchar and nvarchar (Transact-SQL)' },
    treatment: 'adapted',
    emits: 'declares a longer text as `nvarchar(max)`, whose length the database does not check',
    check: 'S18',
  },
  keyTextLength: {
    what: 'letters of a text in a key or an index',
    most: { pgsql: null, mssql: 4000 },
    pages: { pgsql: null, mssql: 'CREATE INDEX (Transact-SQL)' },
    treatment: 'refused',
    emits: 'refuses a longer text in a key or an index',
    check: 'S9, S18',
  },
  decimalDigits: {
    what: 'digits of a decimal',
    most: { pgsql: 1000, mssql: 38 },
    pages: { pgsql: 'Numeric Types', mssql: 'decimal and numeric (Transact-SQL)' },
    treatment: 'refused',
    emits: 'refuses more; decimal places are among the digits',
    check: 'S18',
  },
  tableColumns: {
    what: 'columns of a table',
    most: { pgsql: 1600, mssql: 1024 },
    pages: { pgsql: appendix, mssql: capacity },
    treatment: 'refused',
    emits: 'refuses more; aliases count, because they are generated columns',
    check: 'S11, S18',
  },
  keyColumns: {
    what: 'columns of a key',
    most: { pgsql: 32, mssql: 32 },
    pages: { pgsql: appendix, mssql: capacity },
    treatment: 'refused',
    emits:
      'refuses more in a primary, unique or foreign key, or in another index; on PostgreSQL included columns count',
    check: 'S7, S9, S18',
  },
  tableIndexes: {
    what: 'indexes of a table',
    most: { pgsql: null, mssql: 999 },
    pages: { pgsql: null, mssql: capacity },
    treatment: 'refused',
    emits: 'refuses more, besides the primary key',
    check: 'S18',
  },
  tableReferences: {
    what: 'foreign keys of a table',
    most: { pgsql: null, mssql: 253 },
    pages: { pgsql: null, mssql: foreignKeys },
    treatment: 'refused',
    emits: 'refuses more',
    check: 'S18',
  },
  referencesToTable: {
    what: 'foreign keys that refer to a table',
    most: { pgsql: null, mssql: 10_000 },
    pages: { pgsql: null, mssql: foreignKeys },
    treatment: 'refused',
    emits: 'refuses more',
    check: 'S18',
  },
  referencesToSelf: {
    what: 'foreign keys that refer to a table which refers to itself',
    most: { pgsql: null, mssql: 253 },
    pages: { pgsql: null, mssql: foreignKeys },
    treatment: 'refused',
    emits: 'refuses more',
    check: 'S18',
  },
  fixedRowBytes: {
    what: 'bytes of the fixed values of a row',
    most: { pgsql: null, mssql: 8060 },
    pages: { pgsql: null, mssql: capacity },
    treatment: 'refused',
    emits: 'refuses more (error 1701)',
    check: 'S18',
  },
  rowBytes: {
    what: 'bytes of a row',
    most: { pgsql: 8160, mssql: 8060 },
    pages: { pgsql: 'Database Page Layout', mssql: 'Row-overflow considerations' },
    treatment: 'warned',
    emits: 'warns: the table can be made, but not a row with all values, longer texts as pointers',
    check: null,
  },
  keyBytes: {
    what: 'bytes of a key',
    most: { pgsql: 2704, mssql: 1700 },
    pages: { pgsql: 'B-Tree Indexes', mssql: capacity },
    treatment: 'warned',
    emits:
      'warns, with the columns of the key or index and their types: the engine makes it, and refuses longer values',
    check: null,
  },
  triggerNesting: {
    what: 'levels of triggers that fire triggers',
    most: { pgsql: null, mssql: 32 },
    pages: { pgsql: null, mssql: 'Create nested triggers' },
    treatment: 'warned',
    emits: 'warns: the triggers can be made, but a new identity would be refused (error 217)',
    check: null,
  },
  identifierLength: {
    what: 'length of a name (bytes; UTF-16 code units)',
    most: { pgsql: 63, mssql: 128 },
    pages: { pgsql: 'Lexical Structure', mssql: 'Database identifiers' },
    treatment: 'adapted',
    emits: 'shortens a longer name (03 §6)',
    check: 'S8',
  },
  parameters: {
    what: 'parameters of a statement',
    most: { pgsql: 65_535, mssql: 2100 },
    pages: { pgsql: 'Frontend/Backend Protocol, Message Formats', mssql: capacity },
    treatment: 'adapted',
    emits: 'writes as many rows with one statement as fit (08 §6.8); SQL Server takes two for itself',
    check: null,
  },
  valuesRows: {
    what: 'rows of a `VALUES` list',
    most: { pgsql: null, mssql: 1000 },
    pages: { pgsql: null, mssql: 'Table value constructor (Transact-SQL)' },
    treatment: 'adapted',
    emits: 'writes several statements',
    check: 'S11',
  },
  resourceKeys: {
    what: 'resources of a schema set (the numbers of a `smallint`)',
    most: { pgsql: 32_767, mssql: 32_767 },
    pages: { pgsql: 'Numeric Types', mssql: 'int, bigint, smallint, and tinyint (Transact-SQL)' },
    treatment: 'refused',
    emits: 'refuses more (`RESOURCE_KEY_LIMIT`)',
    check: null,
  },
  caseNesting: {
    what: '`CASE` expressions in one another',
    most: { pgsql: null, mssql: 10 },
    pages: { pgsql: null, mssql: 'CASE (Transact-SQL)' },
    treatment: 'fixed',
    emits: 'nests as many for every schema',
    check: 'S18',
  },
  expressionParts: {
    what: 'names and constants of an expression',
    most: { pgsql: null, mssql: 65_535 },
    pages: { pgsql: null, mssql: 'MSSQLSERVER_8632' },
    treatment: 'fixed',
    emits: 'is kept below by the columns of a table',
    check: 'S18',
  },
  batchBytes: {
    what: 'bytes of a batch, or of the text of a module',
    most: { pgsql: null, mssql: 250_000_000 },
    pages: { pgsql: null, mssql: capacity },
    treatment: 'fixed',
    emits: 'is kept below by the columns of a table and the rows of a `VALUES` list',
    check: 'S18',
  },
} as const satisfies Readonly<Record<string, EngineLimit>>;

/**
 * The maximum number of rows of a VALUES constructor for both dialects: one fewer than SQL Server allows (design 06
 * §6.3).
 */
export const constructorRows = engineLimits.valuesRows.most.mssql - 1;

export type LimitName = keyof typeof engineLimits;

/** A limit, and the count that exceeds it. */
export interface ExceededLimit {
  readonly limit: LimitName;
  readonly count: number;
  readonly most: number;
}

/** The columns of a key, of a foreign key or of an index. */
interface MeasuredKey {
  readonly columns: readonly LogicalType[];
  /** Columns that an index stores beside its key. */
  readonly included: readonly LogicalType[];
  /** Whether the engine creates an index for it; for a foreign key alone it does not. */
  readonly isIndexed: boolean;
}

/** The limit, if the count exceeds it; otherwise an empty list. */
export function exceeded({ name }: Pick<DialectRules, 'name'>, limit: LimitName, count: number): ExceededLimit[] {
  const most: number | null = engineLimits[limit].most[name];
  return most !== null && count > most ? [{ limit, count, most }] : [];
}

/** The limits that the type of a column exceeds in any column. */
export const exceededByType = (rules: DialectRules, { kind, maxLength, decimal }: LogicalType): ExceededLimit[] => [
  ...(kind === 'String' && maxLength !== null ? exceeded(rules, 'textLength', maxLength) : []),
  ...(decimal === null ? [] : exceeded(rules, 'decimalDigits', decimal.precision)),
];

/** The limits that the type of a column exceeds in a key or an index. */
export const exceededInKey = (rules: DialectRules, { kind, maxLength }: LogicalType): ExceededLimit[] =>
  kind === 'String' && maxLength !== null ? exceeded(rules, 'keyTextLength', maxLength) : [];

/** The limit on the columns of a key, if exceeded. */
export function exceededByKey(rules: DialectRules, { columns, included, isIndexed }: MeasuredKey): ExceededLimit[] {
  const counted = isIndexed && rules.storage.countsIncludedColumns ? columns.length + included.length : columns.length;
  return exceeded(rules, 'keyColumns', counted);
}

/**
 * The limit on the bytes of the longest index entry, if exceeded. A text that is too long for any key is not counted:
 * it has its own limit. PostgreSQL stores included columns in the same entry.
 */
export function exceededByEntry(rules: DialectRules, { columns, included }: MeasuredKey): ExceededLimit[] {
  const { storage } = rules;
  const stored = storage.countsIncludedColumns ? [...columns, ...included] : columns;
  const bytes = stored.reduce((sum, type) => sum + storage.size(type).most, storage.keyOverhead(stored.length));
  return Number.isFinite(bytes) ? exceeded(rules, 'keyBytes', Math.ceil(bytes)) : [];
}

/** An upper bound for the bytes that any value needs inside its row. */
const mostInRow = 32;

/**
 * The limit on the bytes of a row, if exceeded: of its fixed values, or otherwise of the parts of all values that must
 * stay in the row. A table with too many columns gets no warning about its rows.
 */
export function exceededByRow(rules: DialectRules, columns: readonly LogicalType[]): ExceededLimit[] {
  const { storage, name } = rules;
  // nearly all tables are far below the limit
  if (columns.length * mostInRow < engineLimits.rowBytes.most[name]) return [];
  const sizes = columns.map((type) => storage.size(type));
  const total = (list: typeof sizes) =>
    Math.ceil(list.reduce((sum, { inRow }) => sum + inRow, storage.rowOverhead(columns.length)));
  const fixed = exceeded(rules, 'fixedRowBytes', total(sizes.filter(({ isFixed }) => isFixed)));
  if (fixed.length > 0 || exceeded(rules, 'tableColumns', columns.length).length > 0) return fixed;
  return exceeded(rules, 'rowBytes', total(sizes));
}

/**
 * Whether a schema that exceeds a limit is refused; otherwise the engine creates the table, and may refuse some of its
 * rows.
 */
export const isRefused = ({ limit }: ExceededLimit): boolean => engineLimits[limit].treatment === 'refused';
