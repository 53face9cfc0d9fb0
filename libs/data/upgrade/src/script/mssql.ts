import { disarming, indented, mssqlFrame } from '@dms/ddl';
import { core } from '@dms/model';
import { dialectRules, lineTexts, type QualifiedName, qualifiedName, trusted } from '@dms/sql';
import { conversionText } from '../matching/value.ts';
import type { UpgradeDialect } from './upgrade-dialect.ts';

const rules = dialectRules.mssql;
const q = (name: string) => rules.quote(name);
const literal = (text: string) => rules.stringLiteral(text);
const qualified = (name: QualifiedName) => qualifiedName(rules, name);

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
    ...indented(lineTexts(disarming(trusted("RAISERROR(N'%s', 16, 1, @message)")))),
    'END',
  ];
}

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
  // CREATE OR ALTER VIEW keeps what others gave the view
  viewsHinderChanges: false,
  keysHinderNullability: true,
  checksUniquesPerRow: false,
  nullsAreEqual: true,
  indexNamesAreAloneIn: 'table',
  scriptHint: 'Run it with: sqlcmd -b -I -f 65001 -i upgrade.mssql.sql',
  batchEnd: ['GO'],
  opening: mssqlFrame.opening,
  guard: mssqlFrame.guard,
  batch: ({ sql, isOnRows }) => (isOnRows ? compiledLate(sql) : sql),

  refuseLoss: null,
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

  end: (last) => [[...last, mssqlFrame.commit], mssqlFrame.closing],
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
