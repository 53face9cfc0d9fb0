import { disarming, indented, mssqlFrame } from '@dms/ddl';
import { core } from '@dms/model';
import { constructorRows, dialectRules, type QualifiedName, qualifiedName } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import { alterationKinds, type StatementKind } from '../hazards/statement-effect.ts';
import { conversionText } from '../matching/value.ts';
import type { ColumnStatement, ComputedColumn, UpgradeDialect } from './upgrade-dialect.ts';

const rules = dialectRules.mssql;
const q = (name: string) => rules.quote(name);
const literal = (text: string) => rules.stringLiteral(text);
const qualified = (name: QualifiedName) => qualifiedName(rules, name);

const altered = (
  table: QualifiedName,
  action: string,
  columns: readonly string[],
  ...kinds: readonly StatementKind[]
): ColumnStatement => ({
  sql: `ALTER TABLE ${qualified(table)} ${action};`,
  does: kinds.map((kind) => ({ kind, columns })),
});

const droppedDefault = (table: QualifiedName, name: string, columns: readonly string[]) =>
  altered(table, `DROP CONSTRAINT ${q(name)}`, columns, 'change default');

/**
 * `sp_rename` takes the old name quoted inside a literal, and the new name bare. If it refuses, the transaction does
 * not end.
 */
const renamed = (parts: readonly string[], to: string, kind: 'OBJECT' | 'COLUMN' | 'INDEX') =>
  [
    'DECLARE @refused int;',
    `EXEC @refused = sys.sp_rename ${literal(parts.map(q).join('.'))}, ${literal(to)}, ${literal(kind)};`,
    'IF @refused <> 0',
    `    THROW 50000, ${literal(`sp_rename refused the new name of ${parts.join('.')}.`)}, 1;`,
  ].join('\n');

function addedComputed(table: QualifiedName, adds: readonly ComputedColumn[]): ColumnStatement {
  const clauses = indented(adds.map(({ clause }) => clause)).join(',\n');
  return altered(
    table,
    `ADD\n${clauses}`,
    adds.map(({ name }) => name),
    'add computed columns',
  );
}

/**
 * Lets a script go on only in a database of the earlier set. In one of the later set, `done` runs and the script ends
 * without an error.
 */
export function mssqlPreflight(before: string, after: string, done: readonly string[]): readonly string[] {
  return [
    'DECLARE @stored_hash nvarchar(64);',
    `SELECT @stored_hash = ${q('EffectiveSchemaHash')}`,
    `FROM ${qualified(core.effectiveSchema)}`,
    `WHERE ${q('EffectiveSchemaSingletonId')} = 1;`,
    `IF @stored_hash = ${literal(after)} AND @stored_hash <> ${literal(before)}`,
    'BEGIN',
    ...indented(done),
    "    PRINT N'The database is of the later schema set already; there is nothing to do.';",
    '    SET NOEXEC ON;',
    'END',
    `ELSE IF @stored_hash IS NULL OR @stored_hash <> ${literal(before)}`,
    'BEGIN',
    `    DECLARE @message nvarchar(500) = N'UPGRADE_WRONG_DATABASE: the database is of the schema set ' + COALESCE(@stored_hash, N'none') + N', this script changes ' + ${literal(before)} + N' to ' + ${literal(after)};`,
    ...indented(disarming("RAISERROR(N'%s', 16, 1, @message)")),
    'END',
  ];
}

/**
 * Matches statements whose columns are looked up at compile time. The names in definitions are looked up at run time.
 */
const worksOnRows = /^(?:UPDATE|INSERT|DELETE|DECLARE @objections)\b/;

/** `EXEC` takes a literal, or several of them joined without parentheses. */
export const compiledLate = (sql: string) => {
  const text = literal(sql);
  return `EXEC ${text.startsWith('(') ? text : `(${text})`};`;
};

export const mssqlUpgrade: UpgradeDialect = {
  name: 'mssql',
  rules,
  // a computed column is a dependency that sp_rename refuses to break
  dependentsFollowRenames: false,
  keysHinderNullability: true,
  checksUniquesPerRow: false,
  nullsAreEqual: true,
  indexNamesAreAloneIn: 'table',
  scriptHint: 'Run it with: sqlcmd -b -I -f 65001 -i upgrade.mssql.sql',
  batchEnd: ['GO'],
  opening: mssqlFrame.opening,
  guard: mssqlFrame.guard,
  batch: (sql) => (worksOnRows.test(sql) ? compiledLate(sql) : sql),

  preflight: (before, after) => mssqlPreflight(before, after, ['COMMIT TRANSACTION;']).join('\n'),

  checks: (checks, losses) =>
    [
      "DECLARE @objections nvarchar(max) = N'';",
      'DECLARE @found bigint;',
      'DECLARE @documents nvarchar(max);',
      ...checks.flatMap(({ id, text, sql }) => [
        `SELECT @found = COUNT_BIG(*) FROM (${sql}) AS o;`,
        'IF @found > 0',
        'BEGIN',
        ...indented([
          "SELECT @documents = STRING_AGG(f.uuid, N', ')",
          `FROM (SELECT DISTINCT TOP (5) CAST(o.${q('DocumentUuid')} AS nvarchar(36)) AS uuid FROM (${sql}) AS o ORDER BY 1) AS f;`,
          `SET @objections = @objections + NCHAR(10) + ${literal(`${id} ${text}: `)} + CAST(@found AS nvarchar(20)) + CASE @found WHEN 1 THEN N' row (' ELSE N' rows (' END + COALESCE(@documents, N'') + N')';`,
        ]),
        'END',
      ]),
      ...losses.flatMap(({ id, text, sql }) => [
        `SELECT @found = o.n FROM (${sql}) AS o;`,
        `SET @documents = ${literal(`${id} ${text}: `)} + CAST(@found AS nvarchar(20));`,
        'PRINT @documents;',
      ]),
      "IF @objections <> N''",
      'BEGIN',
      "    SET @objections = N'UPGRADE_ROWS_OBJECT: ' + @objections;",
      '    THROW 50000, @objections, 1;',
      'END',
    ].join('\n'),

  settle: () => [],
  end: (last) => [[...last, mssqlFrame.commit].join('\n'), mssqlFrame.closing.join('\n')],

  dropTrigger: ({ schema }, name) => `DROP TRIGGER ${qualified({ schema, name })};`,
  dropFunction: (name) => `DROP FUNCTION ${qualified(name)};`,
  dropView: (view) => `DROP VIEW ${qualified(view)};`,
  dropConstraint: (table, name) => `ALTER TABLE ${qualified(table)} DROP CONSTRAINT ${q(name)};`,
  dropIndex: (table, name) => `DROP INDEX ${q(name)} ON ${qualified(table)};`,
  dropTable: (table) => `DROP TABLE ${qualified(table)};`,
  dropSchema: (name) => `DROP SCHEMA ${q(name)};`,
  dropColumns: (table, names, defaults) => [
    ...defaults.map((name) => droppedDefault(table, name, [])),
    altered(table, `DROP COLUMN ${names.map(q).join(', ')}`, names, 'drop columns'),
  ],
  addColumns: (table, columns) => `ALTER TABLE ${qualified(table)} ADD\n${indented(columns).join(',\n')};`,
  update: (table, assignments) =>
    `UPDATE t\nSET ${assignments.map(({ column, value }) => `t.${q(column)} = ${value}`).join(',\n    ')}\nFROM ${qualified(table)} AS t;`,
  changeColumns: (table, { drops, changes, adds }) => [
    ...(drops.length > 0 ? [altered(table, `DROP COLUMN ${drops.map(q).join(', ')}`, drops, 'drop columns')] : []),
    ...changes.flatMap((change) => {
      const { defaultName, defaultText, ...what } = change;
      const { name, type, nullable } = change.column;
      const kinds = alterationKinds({ ...change, default: false });
      return [
        ...(what.default && defaultText === null && defaultName !== null
          ? [droppedDefault(table, defaultName, [name])]
          : []),
        ...(what.type || what.nullability
          ? [altered(table, `ALTER COLUMN ${q(name)} ${type} ${nullable ? 'NULL' : 'NOT NULL'}`, [name], ...kinds)]
          : []),
        ...(what.default && defaultText !== null
          ? [altered(table, `ADD ${defaultText} FOR ${q(name)}`, [name], 'change default')]
          : []),
      ];
    }),
    ...(adds.length > 0 ? [addedComputed(table, adds)] : []),
  ],
  moveTable: (table, schema) => `ALTER SCHEMA ${q(schema)} TRANSFER ${qualified(table)};`,
  renameTable: (table, name) => renamed([table.schema, table.name], name, 'OBJECT'),
  renameColumn: (table, from, to) => renamed([table.schema, table.name, from], to, 'COLUMN'),
  renameConstraint: (table, from, to) => renamed([table.schema, from], to, 'OBJECT'),
  renameIndex: (table, from, to) => renamed([table.schema, table.name, from], to, 'INDEX'),
  moveResourceKeys: (table, column, moves) => {
    const row = ([from, to]: readonly [number, number]) => `(${from}, ${to})`;
    const chunks = chunk(moves, constructorRows).map(
      (piece) => `SELECT v.earlier, v.later FROM (VALUES ${piece.map(row).join(', ')}) AS v (earlier, later)`,
    );
    return [
      'UPDATE t',
      `SET t.${q(column)} = moves.later`,
      `FROM ${qualified(table)} AS t`,
      `INNER JOIN (${chunks.join(' UNION ALL ')}) AS moves ON moves.earlier = t.${q(column)};`,
    ].join('\n');
  },
  convert: (conversion, value) => conversionText('mssql', conversion, value),
  // LEN does not count blanks at the end
  textLength: (value) => `DATALENGTH(${value}) / 2`,
  differ: (left, right) => `EXISTS (SELECT ${left} EXCEPT SELECT ${right})`,
  found: (check) => ({
    count: `SELECT COUNT_BIG(*) AS n, COUNT_BIG(DISTINCT o.${q('DocumentUuid')}) AS documents FROM (${check}) AS o`,
    first: `SELECT DISTINCT TOP (5) LOWER(CAST(o.${q('DocumentUuid')} AS nvarchar(36))) AS uuid FROM (${check}) AS o`,
    order: ' ORDER BY 1',
  }),
};
