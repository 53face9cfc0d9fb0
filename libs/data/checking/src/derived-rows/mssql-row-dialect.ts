import { lastNumberOf } from '@dms/databases';
import { core, referentialIdentityColumns } from '@dms/model';
import { dialectOf, join, mssqlSequenceRange, type PlainSql, type Sql, trusted, value } from '@dms/sql';
import type { RowDialect, RowUpdate } from './row-dialect.ts';

const rules = dialectOf.mssql;
const { sql, id, ids, literal, nameLiteral, text } = rules;

const lastNumber = lastNumberOf.mssql;
// style 126 is ISO 8601 for dates and times, and has no effect on other types
const shownText = (expression: PlainSql) => sql`CONVERT(nvarchar(4000), ${expression}, 126)`;

/** The column of a page that holds the value of a column of the table. */
const valueColumn = (index: number) => `v${index}`;

export const mssqlRowDialect: RowDialect = {
  rules,
  now: sql`SYSUTCDATETIME()`,
  epoch: sql`CONVERT(datetime2(7), N'1970-01-01')`,
  hasTransactionTime: false,
  longText: (text) => text,
  shownText,
  // the types of SQL Server take no value that a document cannot hold
  cannotBeWritten: () => null,
  firstOf: ({ prepare, query }, count) =>
    sql`${prepare}SELECT TOP (${literal(count)}) f.example AS example, COUNT(*) OVER () AS total FROM (${query}) AS f ORDER BY f.example COLLATE Latin1_General_100_BIN2;`,
  update: (({ table, assignments, from, where }: RowUpdate<Sql>) => {
    const set = join(
      assignments.map(({ column, value: assigned }) => sql`t.${id(column)} = ${assigned}`),
      ', ',
    );
    const joins = join(
      from.map((each) => sql`INNER JOIN ${each.table} AS ${each.alias} ON ${each.on}`),
      ' ',
    );
    return sql`UPDATE t SET ${set} FROM ${table} AS t ${joins} WHERE ${where};`;
  }) as RowDialect['update'],
  remove: (table, condition) => sql`DELETE t FROM ${table} AS t WHERE ${condition};`,
  prepared: (statements) => sql`SET NOCOUNT ON;\n${statements}`,
  lastNumber,
  raiseNumber: (source, used) =>
    source.kind === 'identity'
      ? sql`DBCC CHECKIDENT (${nameLiteral(source.table)}, RESEED) WITH NO_INFOMSGS;`
      : join(
          [
            // an unused sequence continues with its current number, a used one with the number after it
            sql`DECLARE @count bigint = ${used} - ${lastNumber(source)} + 1;`,
            sql`DECLARE @first sql_variant;`,
            trusted(mssqlSequenceRange(source.sequence).join('@count')),
          ],
          '\n',
        ),
  lockTable: (table) => sql`SELECT TOP (1) t."DocumentId" FROM ${table} AS t WITH (TABLOCKX, HOLDLOCK);`,
  triggers: (table, areOn) => sql`${areOn ? sql`ENABLE` : sql`DISABLE`} TRIGGER ALL ON ${table};`,
  storedIds: sql`(SELECT STRING_AGG(${text(sql`r."ReferentialId"`, 'uuid')} + N' ' + ${text(sql`r."ResourceKeyId"`, 'bigint')}, N',') FROM ${core.referentialIdentity} AS r WHERE r."DocumentId" = t."DocumentId")`,
  insertIds(rows) {
    const lists = rows.map(({ referentialId, documentId, resourceKeyId }) => [
      referentialId,
      documentId,
      resourceKeyId,
    ]);
    return sql`INSERT INTO ${core.referentialIdentity} (${ids(referentialIdentityColumns)}) SELECT CONVERT(uniqueidentifier, JSON_VALUE(j."value", N'$[0]')), CONVERT(bigint, JSON_VALUE(j."value", N'$[1]')), CONVERT(smallint, JSON_VALUE(j."value", N'$[2]')) FROM OPENJSON(${value(JSON.stringify(lists))}) AS j;`;
  },
  page: ({ table, columns, stored }, size, after) => {
    const values = columns.map((name, index) => sql`${shownText(sql`t.${id(name)}`)} AS ${id(valueColumn(index))}`);
    const items = [
      sql`${text(sql`t."DocumentId"`, 'bigint')} AS "documentId"`,
      sql`${text(sql`d."DocumentUuid"`, 'uuid')} AS "uuid"`,
      sql`${text(sql`d."ResourceKeyId"`, 'bigint')} AS "resourceKeyId"`,
      ...values,
      ...(stored === null ? [] : [sql`${stored} AS "stored"`]),
    ];
    return sql`SELECT TOP (${literal(size)}) ${join(items, ', ')}
FROM ${table} AS t INNER JOIN ${core.document} AS d ON d."DocumentId" = t."DocumentId"
WHERE t."DocumentId" > CONVERT(bigint, ${value(after)}) ORDER BY t."DocumentId";`;
  },
  pageRow: ({ documentId, uuid, resourceKeyId, stored, ...values }, columns) => ({
    documentId: String(documentId),
    uuid: String(uuid),
    resourceKeyId: String(resourceKeyId),
    stored: typeof stored === 'string' ? stored.split(',') : [],
    values: Object.fromEntries(
      columns.map((name, index) => [name, (values[valueColumn(index)] ?? null) as string | null]),
    ),
  }),
};
