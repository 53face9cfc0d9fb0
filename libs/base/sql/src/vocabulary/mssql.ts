import { foldCollation, keyCollation } from '../key-collations.ts';
import { mssql } from '../mssql.ts';
import { join, type PlainSql, type Sql, trusted, value } from '../text/sql.ts';
import { sqlText } from '../text/tags.ts';
import type { Dialect, UpdateFrom } from './vocabulary.ts';

const text = sqlText(mssql);
const { sql, id, literal, nameLiteral } = text;

/** A client reads a `bigint` as a number and loses digits, and a uuid in upper case. */
const texts = {
  uuid: (expression) => sql`LOWER(CONVERT(nvarchar(36), ${expression}))`,
  date: (expression) => sql`CONVERT(nvarchar(10), ${expression}, 23)`,
  time: (expression) => sql`CONVERT(nvarchar(27), ${expression}, 126)`,
  bigint: (expression) => sql`CONVERT(nvarchar(20), ${expression})`,
} as const satisfies Record<string, (expression: PlainSql) => PlainSql>;

const types = { bigint: 'bigint', uuid: 'uniqueidentifier', text: 'nvarchar(max)' } as const;

/** An element of a JSON array as a value of a kind; texts compare like those of the database. */
const elements = {
  bigint: sql`CAST(j."value" AS bigint)`,
  uuid: sql`CAST(j."value" AS uniqueidentifier)`,
  text: sql`j."value" COLLATE DATABASE_DEFAULT`,
} as const;

const differs: Dialect['differs'] = (left, right) => sql`EXISTS (SELECT ${join(left)} EXCEPT SELECT ${join(right)})`;

const exact = ((operand: Sql) => sql`${operand} COLLATE Latin1_General_100_BIN2`) as Dialect['exact'];

/** The values by which a text differs from others under any collation. Its length makes trailing blanks count. */
export const exactParts = (text: PlainSql): readonly PlainSql[] => [exact(text), sql`DATALENGTH(${text})`];

export const mssqlDialect: Dialect = {
  ...mssql,
  ...text,
  text: (expression, kind) => texts[kind](expression),
  cast: (expression, type) => sql`CAST(${expression} AS ${type})`,
  concatenated: (texts) => join(texts, ' + '),
  among: (column, values, type) =>
    sql`${column} IN (SELECT ${elements[type]} FROM OPENJSON(${value(JSON.stringify(values), 'nvarchar(max)')}) AS j)`,
  amongIds: (column, ids) =>
    sql`${column} IN (SELECT ${elements.bigint} FROM OPENJSON(${literal(JSON.stringify(ids))}) AS j)`,
  given(rows, columns, alias) {
    // the path of a column is a literal without N
    const typed = columns.map(([name, kind]) => sql`${id(name)} ${trusted(`${types[kind]} '$.${name}'`)}`);
    return sql`OPENJSON(${value(JSON.stringify(rows), 'nvarchar(max)')}) WITH (${join(typed)}) AS ${trusted(alias)}`;
  },
  differs,
  differsExactly(values) {
    const side = (of: 'left' | 'right') =>
      values.flatMap(({ isText, [of]: value }) => (isText ? exactParts(value) : [value]));
    return differs(side('left'), side('right'));
  },
  exact,
  updateFrom: (({ table, set, from, on }: UpdateFrom<Sql>) => {
    const values = set.map(([column, expression]) => sql`t.${id(column)} = ${expression}`);
    return sql`UPDATE t SET ${join(values)} FROM ${table} AS t INNER JOIN ${from} ON ${on}`;
  }) as Dialect['updateFrom'],
  // the name of a collation has no quotes
  collated: (operand) => sql`${operand} COLLATE ${trusted(keyCollation.mssql)}`,
  folded: (operand) => sql`LOWER(${operand} COLLATE ${trusted(foldCollation.mssql)})`,
  isMissing: (table) => sql`OBJECT_ID(${nameLiteral(table)}, N'U') IS NULL`,
  next: (sequence) => sql`NEXT VALUE FOR ${sequence}`,
  now: sql`sysutcdatetime()`,
};
