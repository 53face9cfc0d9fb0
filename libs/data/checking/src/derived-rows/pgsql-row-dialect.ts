import { lastNumberOf, pgsqlSequence } from '@dms/databases';
import { core, referentialIdentityColumns, type ScalarType } from '@dms/model';
import { dialectOf, empty, join, type PlainSql, type Sql, value } from '@dms/sql';
import type { RowDialect, RowUpdate } from './row-dialect.ts';

const rules = dialectOf.pgsql;
const { sql, id, ids, literal } = rules;
const asText = (expression: PlainSql) => sql`${expression}::text`;

/**
 * Conditions for values that a type takes and a document cannot hold; infinite dates stand for the ends of time (design
 * 16 §6.4).
 */
const outsideDocuments: Readonly<Partial<Record<ScalarType['kind'], (column: PlainSql) => PlainSql>>> = {
  Decimal: (column) => sql`${column} IN ('NaN', 'Infinity', '-Infinity')`,
  Date: (column) =>
    sql`((${column} < '0001-01-01' AND ${column} <> '-infinity') OR (${column} > '9999-12-31' AND ${column} <> 'infinity'))`,
  DateTime: (column) =>
    sql`((${column} < '0001-01-01 00:00:00+00' AND ${column} <> '-infinity') OR (${column} >= '10000-01-01 00:00:00+00' AND ${column} <> 'infinity'))`,
  Time: (column) => sql`${column} >= '24:00:00'`,
};

export const pgsqlRowDialect: RowDialect = {
  rules,
  now: sql`clock_timestamp()`,
  epoch: sql`timestamptz '1970-01-01 00:00:00+00'`,
  hasTransactionTime: true,
  longText: asText,
  shownText: asText,
  cannotBeWritten: (column, kind) => outsideDocuments[kind]?.(column) ?? null,
  firstOf: ({ prepare, query }, count) =>
    sql`${prepare}SELECT f.example, count(*) OVER ()::int4 AS total FROM (${query}) AS f ORDER BY f.example COLLATE "C" LIMIT ${literal(count)}`,
  update: (({ table, assignments, from: [first, ...others], where }: RowUpdate<Sql>) => {
    const columns = ids(assignments.map(({ column }) => column));
    const joins = join(
      others.map((each) => sql` INNER JOIN ${each.table} AS ${each.alias} ON ${each.on}`),
      '',
    );
    return sql`UPDATE ${table} AS t SET (${columns}) = ROW (${join(
      assignments.map(({ value }) => value),
      ', ',
    )}) FROM ${first.table} AS ${first.alias}${joins} WHERE ${first.on} AND ${where}`;
  }) as RowDialect['update'],
  remove: (table, condition) => sql`DELETE FROM ${table} AS t WHERE ${condition}`,
  prepared: (statements) => statements,
  lastNumber: lastNumberOf.pgsql,
  raiseNumber: (source, used) => sql`SELECT setval(${pgsqlSequence(source)}, ${used})`,
  lockTable: (table) => sql`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`,
  triggers: (table, areOn) => sql`ALTER TABLE ${table} ${areOn ? sql`ENABLE` : sql`DISABLE`} TRIGGER USER`,
  storedIds: sql`ARRAY(SELECT r."ReferentialId" || ' ' || r."ResourceKeyId" FROM ${core.referentialIdentity} AS r WHERE r."DocumentId" = t."DocumentId")`,
  insertIds(rows) {
    const referentialIds = value(rows.map(({ referentialId }) => referentialId));
    const documentIds = value(rows.map(({ documentId }) => documentId));
    const resourceKeyIds = value(rows.map(({ resourceKeyId }) => resourceKeyId));
    return sql`INSERT INTO ${core.referentialIdentity} (${ids(referentialIdentityColumns)}) SELECT * FROM unnest(${referentialIds}::uuid[], ${documentIds}::bigint[], ${resourceKeyIds}::smallint[])`;
  },
  page: ({ table, columns, stored }, size, after) => {
    const values = columns.map((name) => sql`${literal(name)}, t.${id(name)}::text`);
    const storedIds = stored === null ? empty : sql`,\n  ${stored} AS stored`;
    return sql`SELECT t."DocumentId"::text AS "documentId", d."DocumentUuid"::text AS uuid, d."ResourceKeyId"::text AS "resourceKeyId", json_build_object(${join(values, ', ')}) AS values${storedIds}
FROM ${table} AS t INNER JOIN ${core.document} AS d ON d."DocumentId" = t."DocumentId"
WHERE t."DocumentId" > ${value(after)}::bigint ORDER BY t."DocumentId" LIMIT ${literal(size)}`;
  },
  pageRow: ({ documentId, uuid, resourceKeyId, stored, values }) => ({
    documentId: String(documentId),
    uuid: String(uuid),
    resourceKeyId: String(resourceKeyId),
    stored: (stored ?? []) as readonly string[],
    values: values as Readonly<Record<string, string | null>>,
  }),
};
