import { core, coreV2 } from '@dms/model';
import {
  type Dialect,
  dialectOf,
  empty,
  ended,
  engineLimits,
  group,
  join,
  type Lines,
  type LogicalType,
  mssqlParameterLimit,
  type PlainSql,
  type QualifiedName,
  type Sql,
  type SqlDialect,
  textOf,
  trusted,
  withoutParameters,
} from '@dms/sql';
import { parameter } from './parameter-names.ts';
import type { KeysetTable } from './plan.ts';

/**
 * The differences between the dialects in plans: the keyset table, paging, the comparison of texts, and the maximum
 * number of parameters of a command.
 */
export interface PlanDialect extends Dialect {
  readonly keysetTable: KeysetTable;
  page(offset: Sql, limit: Sql): Sql;
  /** Limits the rows of a query; its place is before the select list or at the end. */
  readonly firstRows: { readonly place: 'head' | 'end'; clause(count: Sql): Sql };
  /** The number of rows in a partition: an equal share of `number` partitions, at least `minimum`. */
  partitionSize(rowCount: Sql, number: Sql, minimum: Sql): Sql;
  /** The aggregate that counts all rows of a query. */
  readonly countRows: PlainSql;
  /** The join of a row with values computed from its columns. */
  readonly lateralJoin: PlainSql;
  /** Whether the second generation reads all descriptor columns of a table in one arm (design 17 §4.4). */
  readonly readsTablesInOneArm: boolean;
  /** The column with the folded URI of a descriptor; null where an index has the expression (design 22 §2.1). */
  readonly foldedUriColumn: string | null;
  /** The name of a table in a `FROM` clause, with its alias. */
  aliased(table: QualifiedName, alias: PlainSql): PlainSql;
  /** The hint that locks the rows of a table in a `FROM` clause until the transaction ends, and the clause at the end. */
  readonly rowLock: { readonly hint: PlainSql; clause(alias: PlainSql): PlainSql };
  /** The order in which several rows of `dms.Document` are locked, so that two writers do not deadlock; may be empty. */
  lockOrder(document: PlainSql): PlainSql;
  /** A parameter that is compared with a column of this type, or with a smallint column. */
  typedParameter(name: string, type: SentType): PlainSql;
  /** Keys to find, as a table `k` of their ordinals `o` and these columns. Their number does not change the text. */
  sentKeys(columns: readonly (readonly [name: string, type: SentType])[]): PlainSql;
  /** The name of a column of sent keys. */
  sentName(name: string): PlainSql;
  /** The clause that makes the engine read tables in the order of the text; sent keys come first. */
  readonly inOrderOfText: PlainSql;
  /** The end of an insertion into `dms.Document`, which returns the new id. */
  readonly insertedId: PlainSql;
  /** Reserves `@count` ids of collection rows. */
  readonly rowIds: PlainSql;
  readonly createTemporary: PlainSql;
  readonly maxParametersPerCommand: number;
}

/** The type of a value that a program sends. */
export type SentType = LogicalType | 'smallint';

/** A type without its length and digits, which a value that is compared does not need. */
const sentPgsqlType = (type: SentType): PlainSql =>
  trusted(type === 'smallint' ? type : dialectOf.pgsql.typeName({ kind: type.kind, maxLength: null, decimal: null }));

const sentMssqlType = (type: SentType): PlainSql =>
  trusted(type === 'smallint' ? type : dialectOf.mssql.typeName(type));

const pgsql = dialectOf.pgsql.sql;
const mssql = dialectOf.mssql.sql;

export const planDialects: Readonly<Record<SqlDialect, PlanDialect>> = {
  pgsql: {
    ...dialectOf.pgsql,
    keysetTable: { tempTableName: 'page', documentIdColumnName: 'DocumentId' },
    page: (offset, limit) => pgsql`LIMIT ${limit} OFFSET ${offset}`,
    firstRows: { place: 'end', clause: (count) => pgsql`LIMIT ${count}` },
    partitionSize: (rowCount, number, minimum) =>
      pgsql`GREATEST(CAST(CEIL(CAST(${rowCount} AS numeric) / CAST(${number} AS numeric)) AS bigint), ${minimum})`,
    countRows: pgsql`COUNT(*)`,
    lateralJoin: pgsql`CROSS JOIN LATERAL`,
    readsTablesInOneArm: false,
    foldedUriColumn: null,
    aliased: (table, alias) => pgsql`${table} ${alias}`,
    rowLock: { hint: empty, clause: (alias) => pgsql`FOR NO KEY UPDATE OF ${alias}` },
    lockOrder: (document) => pgsql`ORDER BY ${document}."DocumentId"`,
    typedParameter: (name, type) => pgsql`${parameter(name)}::${sentPgsqlType(type)}`,
    sentKeys(columns) {
      const arrays = columns.map(([name, type]) => pgsql`${parameter(name)}::${sentPgsqlType(type)}[]`);
      const names = columns.map(([name]) => trusted(name));
      return pgsql`unnest(${join([pgsql`@ordinals::integer[]`, ...arrays])}) AS k(${join([pgsql`o`, ...names])})`;
    },
    sentName: (name) => pgsql`k.${trusted(name)}`,
    inOrderOfText: empty,
    insertedId: pgsql` RETURNING "DocumentId"`,
    rowIds: pgsql`SELECT ${dialectOf.pgsql.next(coreV2.collectionItemIdSequence)} AS "CollectionItemId" FROM generate_series(1, @count)`,
    createTemporary: pgsql`CREATE TEMPORARY TABLE`,
    maxParametersPerCommand: engineLimits.parameters.most.pgsql,
  },
  mssql: {
    ...dialectOf.mssql,
    keysetTable: { tempTableName: '#page', documentIdColumnName: 'DocumentId' },
    page: (offset, limit) => mssql`OFFSET ${offset} ROWS FETCH NEXT ${limit} ROWS ONLY`,
    firstRows: { place: 'head', clause: (count) => mssql`TOP (${count})` },
    partitionSize: (rowCount, number, minimum) => {
      const share = mssql`CAST(CEILING(CAST(${rowCount} AS decimal(28,0)) / CAST(${number} AS decimal(10,0))) AS bigint)`;
      return mssql`CASE WHEN ${share} > ${minimum} THEN ${share} ELSE ${minimum} END`;
    },
    countRows: mssql`COUNT_BIG(*)`,
    lateralJoin: mssql`CROSS APPLY`,
    readsTablesInOneArm: true,
    foldedUriColumn: 'UriLowered',
    aliased: (table, alias) => mssql`${table} AS ${alias}`,
    rowLock: { hint: mssql` WITH (UPDLOCK, ROWLOCK)`, clause: () => empty },
    // rows are locked as they are read, before any sort
    lockOrder: () => empty,
    // the driver declares its type
    typedParameter: (name) => parameter(name),
    sentKeys(columns) {
      // the path of a column is a literal without N
      const typed = columns.map(
        ([name, type]) => mssql`${dialectOf.mssql.id(name)} ${sentMssqlType(type)} ${trusted(`'$.${name}'`)}`,
      );
      return mssql`OPENJSON(@keys) WITH (${join([mssql`"o" int '$.o'`, ...typed])}) AS k`;
    },
    sentName: (name) => mssql`k.${dialectOf.mssql.id(name)}`,
    inOrderOfText: mssql`OPTION (FORCE ORDER)`,
    // OUTPUT is not allowed on a table with triggers
    insertedId: mssql`; SELECT "DocumentId" FROM ${core.document} WHERE "DocumentUuid" = @documentUuid`,
    rowIds: mssql`WITH series AS (SELECT 1 AS "Ordinal" UNION ALL SELECT "Ordinal" + 1 FROM series WHERE "Ordinal" < @count) SELECT ${dialectOf.mssql.next(coreV2.collectionItemIdSequence)} OVER (ORDER BY "Ordinal") AS "CollectionItemId" FROM series OPTION (MAXRECURSION 0)`,
    // the name begins with #
    createTemporary: mssql`CREATE TABLE`,
    maxParametersPerCommand: mssqlParameterLimit,
  },
};

/** The first rows of a query; `rest` begins after the select list. */
export function firstRowsOf({ sql, firstRows }: PlanDialect, select: Sql, rest: Sql, count: PlainSql): Sql {
  const limit = firstRows.clause(count);
  return firstRows.place === 'head' ? sql`SELECT ${limit} ${select} ${rest}` : sql`SELECT ${select} ${rest} ${limit}`;
}

/** The WHERE block: each predicate in parentheses on its own line; no lines without predicates. */
export function whereBlock({ sql, lines }: PlanDialect, predicates: readonly Sql[]): Lines {
  const [first, ...others] = predicates;
  if (first === undefined) return group();
  return lines`
    WHERE
        (${first})
        ${group(...others.map((predicate) => sql`AND (${predicate})`))}`;
}

/** A statement of a plan: `;` is its last line, and every line ends with LF (design 08 §4). */
export const statement = (body: Lines): Sql => ended(body);

/** The text of a statement of a plan, whose placeholders are names. */
export const planText = (plan: Sql): string => textOf(withoutParameters(plan));
