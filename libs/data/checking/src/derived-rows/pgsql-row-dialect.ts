import { type NumberSource, numberDialects, pgsqlSequence } from '@dms/databases';
import { core, type DbTableName, type ScalarType } from '@dms/model';
import { columnList, dialectOf, dialectRules, qualifiedName, textOf, trusted } from '@dms/sql';
import type { RowDialect } from './row-dialect.ts';

const rules = dialectRules.pgsql;
const numbers = numberDialects.pgsql;
const lastNumber = (source: NumberSource) => textOf(numbers.lastNumber(source));
const numberText = (value: string) => textOf(numbers.numberText(trusted(value)));
const q = rules.quote;
const named = (table: DbTableName) => qualifiedName(rules, table);
const id = q('DocumentId');

/**
 * Conditions for values that a type takes and a document cannot hold; infinite dates stand for the ends of time (design
 * 16 §6.4).
 */
const outsideDocuments: Readonly<Partial<Record<ScalarType['kind'], (column: string) => string>>> = {
  Decimal: (column) => `${column} IN ('NaN', 'Infinity', '-Infinity')`,
  Date: (column) =>
    `((${column} < '0001-01-01' AND ${column} <> '-infinity') OR (${column} > '9999-12-31' AND ${column} <> 'infinity'))`,
  DateTime: (column) =>
    `((${column} < '0001-01-01 00:00:00+00' AND ${column} <> '-infinity') OR (${column} >= '10000-01-01 00:00:00+00' AND ${column} <> 'infinity'))`,
  Time: (column) => `${column} >= '24:00:00'`,
};

export const pgsqlRowDialect: RowDialect = {
  rules,
  now: 'clock_timestamp()',
  epoch: "timestamptz '1970-01-01 00:00:00+00'",
  hasTransactionTime: true,
  numberText,
  longText: (value) => `${value}::text`,
  shownText: (value) => `${value}::text`,
  uuidText: (value) => `${value}::text`,
  concatenation: textOf(numbers.concatenation),
  cannotBeWritten: (column, kind) => outsideDocuments[kind]?.(column) ?? null,
  differ: (values) =>
    textOf(
      dialectOf.pgsql.differs(
        values.map(({ left }) => trusted(left)),
        values.map(({ right }) => trusted(right)),
      ),
    ),
  firstOf: ({ prepare, query }, count) =>
    `${prepare}SELECT f.example, count(*) OVER ()::int4 AS total FROM (${query}) AS f ORDER BY f.example COLLATE "C" LIMIT ${count}`,
  update: ({ table, assignments, from: [first, ...others], where }) => {
    const columns = columnList(
      rules,
      assignments.map(({ column }) => column),
    );
    const joins = others.map((each) => ` INNER JOIN ${named(each.table)} AS ${each.alias} ON ${each.on}`).join('');
    return `UPDATE ${named(table)} AS t SET (${columns}) = ROW (${assignments.map(({ value }) => value).join(', ')}) FROM ${named(first.table)} AS ${first.alias}${joins} WHERE ${first.on} AND ${where}`;
  },
  remove: (table, condition) => `DELETE FROM ${named(table)} AS t WHERE ${condition}`,
  prepared: (statements) => statements,
  lastNumber,
  raiseNumber: (source, used) => `SELECT setval(${textOf(pgsqlSequence(source))}, ${used})`,
  lockTable: (table) => `LOCK TABLE ${named(table)} IN SHARE ROW EXCLUSIVE MODE`,
  triggers: (table, state) => `ALTER TABLE ${named(table)} ${state} TRIGGER USER`,
  page: ({ table, columns, stored }, size) => {
    const values = columns.map((name) => `${rules.stringLiteral(name)}, t.${q(name)}::text`);
    const ids = stored === null ? '' : `,\n  ${stored} AS stored`;
    return `SELECT t.${id}::text AS "documentId", d.${q('DocumentUuid')}::text AS uuid, d.${q('ResourceKeyId')}::text AS "resourceKeyId", json_build_object(${values.join(', ')}) AS values${ids}
FROM ${named(table)} AS t INNER JOIN ${named(core.document)} AS d ON d.${id} = t.${id}
WHERE t.${id} > $1::bigint ORDER BY t.${id} LIMIT ${size}`;
  },
  pageRow: ({ documentId, uuid, resourceKeyId, stored, values }) => ({
    documentId: String(documentId),
    uuid: String(uuid),
    resourceKeyId: String(resourceKeyId),
    stored: (stored ?? []) as readonly string[],
    values: values as Readonly<Record<string, string | null>>,
  }),
  isAmong: (column) => `${column} = ANY ($1::bigint[])`,
  idParameter: (ids) => ids,
};
