import type { Connection, Limits } from '@dms/databases';
import type { StoredRow } from '@dms/documents';
import { bulkDialects, type FilledTable } from '@dms/loading';
import { core } from '@dms/model';
import {
  columnList,
  type DialectRules,
  dialectRules,
  mssqlName,
  pgsqlName,
  type QualifiedName,
  qualifiedName,
  type SqlDialect,
} from '@dms/sql';

/* The statements of a translation in place, in both dialects (design 12 §15). No SQL Server has run them. */

/** A parameter, with the text before and after its placeholder. */
export interface ListParameter {
  readonly before: string;
  readonly after: string;
  readonly value: unknown;
  readonly type: string;
}

/** A part of a text that is run. */
export type Piece = string | ListParameter;

type IdType = 'bigint' | 'uuid';

export interface TranslatingSql {
  readonly rules: DialectRules;
  /** The expression for the next version of a document, computed anew for each row. */
  readonly nextVersion: string;
  /** The time of the transaction, or of the statement. */
  readonly now: string;
  /** A value as text, without loss. */
  text(expression: string, kind: IdType | 'time'): string;
  /** The condition that a column is one of some ids. */
  among(column: string, values: readonly string[], type: IdType): ListParameter;
  /** Rows of a JSON text as `w`, with these columns. */
  given(
    rows: readonly object[],
    columns: readonly (readonly [name: string, type: 'number' | 'uuid' | 'text'])[],
  ): ListParameter;
  /** Whether any of the values on the left differs from its counterpart on the right. */
  differ(left: readonly string[], right: readonly string[]): string;
  /** Sets columns of rows of a table, which are `t`, from rows of others; for {@link runPieces}. */
  update(
    table: QualifiedName,
    set: readonly (readonly [column: string, value: string])[],
    from: Piece,
    on: string,
  ): readonly Piece[];
  /** Joined tables, as the source of an update. */
  joined(tables: string): string;
  /** Writes rows, also into columns whose values the server otherwise generates. */
  insert(connection: Connection, table: FilledTable, rows: readonly StoredRow[]): Promise<void>;
  /** The statements before and after changes that let both ends of keys change one after the other. */
  withoutKeys(keys: readonly { readonly table: QualifiedName; readonly name: string }[]): {
    readonly before: readonly string[];
    readonly after: readonly string[];
  };
  /** The size of the database in bytes, as `n`. */
  readonly databaseSize: string;
}

const pgsql: TranslatingSql = {
  rules: dialectRules.pgsql,
  nextVersion: `nextval(${dialectRules.pgsql.stringLiteral(pgsqlName(core.changeVersionSequence))}::regclass)`,
  now: 'now()',
  text: (expression) => `${expression}::text`,
  among: (column, values, type) => ({
    before: `${column} = ANY(`,
    after: `::${type}[])`,
    value: values,
    type: `${type}[]`,
  }),
  given(rows, columns) {
    const types = { number: 'bigint', uuid: 'uuid', text: 'text' } as const;
    const named = columns.map(([name, type]) => `${dialectRules.pgsql.quote(name)} ${types[type]}`);
    return {
      before: 'json_to_recordset(',
      after: `::json) AS w (${named.join(', ')})`,
      value: JSON.stringify(rows),
      type: 'text',
    };
  },
  differ: (left, right) => `(${left.join(', ')}) IS DISTINCT FROM (${right.join(', ')})`,
  update(table, set, from, on) {
    const values = set.map(([column, value]) => `${dialectRules.pgsql.quote(column)} = ${value}`);
    return [`UPDATE ${pgsqlName(table)} AS t SET ${values.join(', ')} FROM `, from, ` WHERE ${on}`];
  },
  joined: (tables) => tables,
  async insert(connection, table, rows) {
    const columns = table.columns.map(({ name }) => name);
    const objects = rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]])));
    const names = columnList(dialectRules.pgsql, columns);
    await connection.query(
      `INSERT INTO ${pgsqlName(table)} (${names}) OVERRIDING SYSTEM VALUE SELECT ${names} FROM json_populate_recordset(NULL::${pgsqlName(table)}, $1::json)`,
      [JSON.stringify(objects)],
    );
  },
  withoutKeys(keys) {
    const altered = keys.map(
      ({ table, name }) => `ALTER TABLE ${pgsqlName(table)} ALTER CONSTRAINT ${dialectRules.pgsql.quote(name)}`,
    );
    return {
      before: [...altered.map((text) => `${text} DEFERRABLE INITIALLY DEFERRED`), 'SET CONSTRAINTS ALL DEFERRED'],
      after: ['SET CONSTRAINTS ALL IMMEDIATE', ...altered.map((text) => `${text} NOT DEFERRABLE`)],
    };
  },
  databaseSize: 'SELECT pg_database_size(current_database()) AS n',
};

const mssql: TranslatingSql = {
  rules: dialectRules.mssql,
  nextVersion: `NEXT VALUE FOR ${mssqlName(core.changeVersionSequence)}`,
  now: 'SYSUTCDATETIME()',
  text(expression, kind) {
    switch (kind) {
      case 'uuid':
        return `LOWER(CONVERT(nvarchar(36), ${expression}))`;
      case 'bigint':
        return `CONVERT(nvarchar(20), ${expression})`;
      case 'time':
        return `CONVERT(nvarchar(27), ${expression}, 126)`;
    }
  },
  among(column, values, type) {
    const own = type === 'uuid' ? 'uniqueidentifier' : type;
    return {
      before: `${column} IN (SELECT CAST(j.[value] AS ${own}) FROM OPENJSON(`,
      after: ') AS j)',
      value: JSON.stringify(values),
      type: 'nvarchar(max)',
    };
  },
  given(rows, columns) {
    const types = { number: 'bigint', uuid: 'uniqueidentifier', text: 'nvarchar(max)' } as const;
    // the path of a column is a literal without N
    const named = columns.map(([name, type]) => `${dialectRules.mssql.quote(name)} ${types[type]} '$.${name}'`);
    return {
      before: 'OPENJSON(',
      after: `) WITH (${named.join(', ')}) AS w`,
      value: JSON.stringify(rows),
      type: 'nvarchar(max)',
    };
  },
  differ: (left, right) => `EXISTS (SELECT ${left.join(', ')} EXCEPT SELECT ${right.join(', ')})`,
  update(table, set, from, on) {
    const values = set.map(([column, value]) => `t.${dialectRules.mssql.quote(column)} = ${value}`);
    return [`UPDATE t SET ${values.join(', ')} FROM ${mssqlName(table)} AS t INNER JOIN `, from, ` ON ${on}`];
  },
  // its condition follows the last table
  joined: (tables) => `(${tables})`,
  async insert(connection, table, rows) {
    const waiting = bulkDialects.mssql.newRows(table);
    for (const row of rows) waiting.addRow(row);
    await bulkDialects.mssql.write(connection, { table, content: waiting.contentOf([[0, waiting.length]]) });
  },
  withoutKeys(keys) {
    const altered = (action: string) =>
      keys.map(
        ({ table, name }) => `ALTER TABLE ${mssqlName(table)} ${action} CONSTRAINT ${dialectRules.mssql.quote(name)}`,
      );
    return { before: altered('NOCHECK'), after: altered('WITH CHECK CHECK') };
  },
  databaseSize: 'SELECT SUM(CAST(f.[size] AS bigint)) * 8192 AS n FROM sys.database_files AS f',
};

export const translatingSql: Readonly<Record<SqlDialect, TranslatingSql>> = { pgsql, mssql };

/** Runs a text in which parameters stand between pieces: `['DELETE FROM t WHERE ', sql.among(…)]`. */
export async function runPieces<Result extends object>(
  connection: Connection,
  pieces: readonly Piece[],
  hasRows = false,
  limits: Limits = {},
): Promise<readonly Result[]> {
  const texts = [''];
  const parameters: unknown[] = [];
  const types: string[] = [];
  for (const piece of pieces) {
    const last = texts.length - 1;
    if (typeof piece === 'string') {
      texts[last] += piece;
      continue;
    }
    texts[last] += piece.before;
    texts.push(piece.after);
    parameters.push(piece.value);
    types.push(piece.type);
  }
  const [rows = []] = await connection.queryAll([{ pieces: texts, parameters, types, hasRows }], limits);
  return rows as readonly Result[];
}

/** The name of a table in a dialect. */
export const tableName = (sql: TranslatingSql, table: QualifiedName): string => qualifiedName(sql.rules, table);
