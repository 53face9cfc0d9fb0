import { foldCollation } from '../key-collations.ts';
import { pgsql } from '../pgsql.ts';
import { join, type Sql, trusted, value } from '../text/sql.ts';
import { sqlText } from '../text/tags.ts';
import type { Dialect, UpdateFrom } from './vocabulary.ts';

const text = sqlText(pgsql);
const { sql, id, literal, nameLiteral } = text;

const differs: Dialect['differs'] = (left, right) => sql`(${join(left)}) IS DISTINCT FROM (${join(right)})`;

export const pgsqlDialect: Dialect = {
  ...pgsql,
  ...text,
  text: (expression) => sql`${expression}::text`,
  cast: (expression, type) => sql`${expression}::${type}`,
  concatenated: (texts) => join(texts, ' || '),
  among: (column, values, type) => sql`${column} = ANY(${value(values)}::${trusted(type)}[])`,
  amongIds: (column, ids) => sql`${column} = ANY(${literal(`{${ids.join()}}`)}::bigint[])`,
  given(rows, columns, alias) {
    const typed = columns.map(([name, kind]) => sql`${id(name)} ${trusted(kind)}`);
    return sql`json_to_recordset(${value(JSON.stringify(rows))}::json) AS ${trusted(alias)} (${join(typed)})`;
  },
  differs,
  differsExactly: (values) =>
    differs(
      values.map(({ left }) => left),
      values.map(({ right }) => right),
    ),
  exact: (<Text extends Sql>(operand: Text) => operand) as Dialect['exact'],
  updateFrom: (({ table, set, from, on }: UpdateFrom<Sql>) => {
    const values = set.map(([column, expression]) => sql`${id(column)} = ${expression}`);
    return sql`UPDATE ${table} AS t SET ${join(values)} FROM ${from} WHERE ${on}`;
  }) as Dialect['updateFrom'],
  collated: (operand) => operand,
  folded: (operand) => sql`lower(${operand} COLLATE ${id(foldCollation.pgsql)})`,
  isMissing: (table) => sql`to_regclass(${nameLiteral(table)}) IS NULL`,
  next: (sequence) => sql`nextval(${nameLiteral(sequence)})`,
  now: sql`now()`,
};
