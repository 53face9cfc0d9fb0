import { type NumberSource, numberDialects } from '@dms/databases';
import { core, type DbTableName } from '@dms/model';
import { dialectOf, dialectRules, mssqlSequenceRange, qualifiedName, textOf, trusted } from '@dms/sql';
import type { RowDialect } from './row-dialect.ts';

const rules = dialectRules.mssql;
const q = (name: string) => rules.quote(name);
const named = (table: DbTableName) => qualifiedName(rules, table);
const id = q('DocumentId');

const numbers = numberDialects.mssql;
const lastNumber = (source: NumberSource) => textOf(numbers.lastNumber(source));
const numberText = (value: string) => textOf(numbers.numberText(trusted(value)));
// style 126 is ISO 8601 for dates and times, and has no effect on other types
const shownText = (value: string) => `CONVERT(nvarchar(4000), ${value}, 126)`;
const uuidText = (value: string) => `LOWER(CONVERT(nvarchar(36), ${value}))`;

/** Makes a comparison of texts respect letter case and trailing blanks under any collation (design 07 §8.2). */
const exactText = (value: string) => [`${value} COLLATE Latin1_General_100_BIN2`, `DATALENGTH(${value})`];

/** The column of a page that holds the value of a column of the table. */
const valueColumn = (index: number) => `v${index}`;

export const mssqlRowDialect: RowDialect = {
  rules,
  now: 'SYSUTCDATETIME()',
  epoch: "CONVERT(datetime2(7), N'1970-01-01')",
  hasTransactionTime: false,
  numberText,
  longText: (value) => value,
  shownText,
  uuidText,
  concatenation: textOf(numbers.concatenation),
  // the types of SQL Server take no value that a document cannot hold
  cannotBeWritten: () => null,
  differ: (values) => {
    const side = (of: 'left' | 'right') =>
      values.flatMap(({ isText, ...value }) => (isText ? exactText(value[of]) : [value[of]])).map(trusted);
    return textOf(dialectOf.mssql.differs(side('left'), side('right')));
  },
  firstOf: ({ prepare, query }, count) =>
    `${prepare}SELECT TOP (${count}) f.example AS example, COUNT(*) OVER () AS total FROM (${query}) AS f ORDER BY f.example COLLATE Latin1_General_100_BIN2;`,
  update: ({ table, assignments, from, where }) => {
    const set = assignments.map(({ column, value }) => `t.${q(column)} = ${value}`).join(', ');
    const joins = from.map((each) => `INNER JOIN ${named(each.table)} AS ${each.alias} ON ${each.on}`).join(' ');
    return `UPDATE t SET ${set} FROM ${named(table)} AS t ${joins} WHERE ${where};`;
  },
  remove: (table, condition) => `DELETE t FROM ${named(table)} AS t WHERE ${condition};`,
  prepared: (statements) => `SET NOCOUNT ON;\n${statements}`,
  lastNumber,
  raiseNumber: (source, used) =>
    source.kind === 'identity'
      ? `DBCC CHECKIDENT (${rules.stringLiteral(named(source.table))}, RESEED) WITH NO_INFOMSGS;`
      : [
          // an unused sequence continues with its current number, a used one with the number after it
          `DECLARE @count bigint = ${used} - ${lastNumber(source)} + 1;`,
          'DECLARE @first sql_variant;',
          mssqlSequenceRange(source.sequence).join('@count'),
        ].join('\n'),
  lockTable: (table) => `SELECT TOP (1) t.${id} FROM ${named(table)} AS t WITH (TABLOCKX, HOLDLOCK);`,
  triggers: (table, state) => `${state} TRIGGER ALL ON ${named(table)};`,
  page: ({ table, columns, stored }, size) => {
    const values = columns.map((name, index) => `${shownText(`t.${q(name)}`)} AS ${q(valueColumn(index))}`);
    const items = [
      `${numberText(`t.${id}`)} AS [documentId]`,
      `${uuidText(`d.${q('DocumentUuid')}`)} AS [uuid]`,
      `${numberText(`d.${q('ResourceKeyId')}`)} AS [resourceKeyId]`,
      ...values,
      ...(stored === null ? [] : [`${stored} AS [stored]`]),
    ];
    return `SELECT TOP (${size}) ${items.join(', ')}
FROM ${named(table)} AS t INNER JOIN ${named(core.document)} AS d ON d.${id} = t.${id}
WHERE t.${id} > CONVERT(bigint, @p1) ORDER BY t.${id};`;
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
  isAmong: (column) => `${column} IN (SELECT CONVERT(bigint, j.[value]) FROM OPENJSON(@p1) AS j)`,
  idParameter: (ids) => JSON.stringify(ids),
};
