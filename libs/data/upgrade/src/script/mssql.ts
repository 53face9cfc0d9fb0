import { disarming, mssqlFrame, shapeCondition } from '@dms/ddl';
import { core } from '@dms/model';
import { dialectOf, group, type PlainLines, type PlainSql, textOf } from '@dms/sql';
import { conversionText } from '../matching/value.ts';
import type { UpgradeSide } from '../plan/upgrade-side.ts';
import { refusedCollation } from './collation-of-upgrade.ts';
import type { UpgradeDialect } from './upgrade-dialect.ts';

const { lines, sql, literal, differs } = dialectOf.mssql;

/**
 * Lets a script go on only in a database of the earlier set. In one of the later set, `done` runs and the script ends
 * without an error.
 */
export function mssqlPreflight(
  from: UpgradeSide,
  to: UpgradeSide,
  collation: string | null,
  done: PlainLines,
): PlainLines {
  const before = literal(from.effectiveSchemaHash);
  const after = literal(to.effectiveSchemaHash);
  const earlier = shapeCondition(from.mappingVersion, 'mssql');
  const later = shapeCondition(to.mappingVersion, 'mssql');
  const moved = lines`
    ELSE IF ${later ?? group()}
    BEGIN
        ${done}
        PRINT ${literal(`The database has the shape of ${to.mappingVersion} already; there is nothing to do.`)};
        SET NOEXEC ON;
    END`;
  const collated = lines`
    ELSE IF CONVERT(nvarchar(128), DATABASEPROPERTYEX(DB_NAME(), N'Collation')) <> ${literal(collation ?? '')}
    BEGIN
        DECLARE @refused nvarchar(500) = ${literal(`UPGRADE_WRONG_DATABASE: ${refusedCollation(collation ?? '')}`)} + CONVERT(nvarchar(128), DATABASEPROPERTYEX(DB_NAME(), N'Collation'));
        ${disarming(sql`RAISERROR(N'%s', 16, 1, @refused)`)}
    END`;
  const shaped = lines`
    ${from.mappingVersion === to.mappingVersion ? group() : moved}
    ELSE IF NOT (
        ${earlier ?? group()}
    )
    BEGIN
        DECLARE @shape nvarchar(500) = ${literal(`UPGRADE_OTHER_GENERATION: the database does not have the shape of ${from.mappingVersion}`)};
        ${disarming(sql`RAISERROR(N'%s', 16, 1, @shape)`)}
    END
    ${collation === null ? group() : collated}`;
  return lines`
    DECLARE @stored_hash nvarchar(64);
    SELECT @stored_hash = "EffectiveSchemaHash"
    FROM ${core.effectiveSchema}
    WHERE "EffectiveSchemaSingletonId" = 1;
    IF @stored_hash = ${after} AND @stored_hash <> ${before}
    BEGIN
        ${done}
        PRINT N'The database is of the later schema set already; there is nothing to do.';
        SET NOEXEC ON;
    END
    ELSE IF @stored_hash IS NULL OR @stored_hash <> ${before}
    BEGIN
        DECLARE @message nvarchar(500) = N'UPGRADE_WRONG_DATABASE: the database is of the schema set ' + COALESCE(@stored_hash, N'none') + N', this script changes ' + ${before} + N' to ' + ${after};
        ${disarming(sql`RAISERROR(N'%s', 16, 1, @message)`)}
    END
    ${earlier && later ? shaped : group()}`;
}

/** `EXEC` takes a literal, or several of them joined without parentheses. */
export const compiledLate = (statement: PlainSql): PlainSql => {
  const text = literal(textOf(statement));
  return textOf(text).startsWith('(') ? sql`EXEC ${text};` : sql`EXEC (${text});`;
};

export const mssqlUpgrade: UpgradeDialect = {
  name: 'mssql',
  rules: dialectOf.mssql,
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
  batch: (statement) => (statement.isOnRows ? compiledLate(statement.sql) : statement.sql),

  refuseLoss: null,
  preflight: (before, after, collation) => mssqlPreflight(before, after, collation, lines`COMMIT TRANSACTION;`),

  checks(checks, losses) {
    const checked = checks.map(
      ({ id, text, sql: query }) => lines`
        SELECT @found = COUNT_BIG(*) FROM (${query}) AS o;
        IF @found > 0
        BEGIN
            SELECT @documents = STRING_AGG(f.uuid, N', ')
            FROM (SELECT DISTINCT TOP (5) CAST(o."DocumentUuid" AS nvarchar(36)) AS uuid FROM (${query}) AS o ORDER BY 1) AS f;
            SET @objections = @objections + NCHAR(10) + ${literal(`${id} ${text}: `)} + CAST(@found AS nvarchar(20)) + CASE @found WHEN 1 THEN N' row (' ELSE N' rows (' END + COALESCE(@documents, N'') + N')';
        END`,
    );
    const lost = losses.map(
      ({ id, text, sql: query }) => lines`
        SELECT @found = o.n FROM (${query}) AS o;
        SET @documents = ${literal(`${id} ${text}: `)} + CAST(@found AS nvarchar(20));
        PRINT @documents;`,
    );
    return lines`
      DECLARE @objections nvarchar(max) = N'';
      DECLARE @found bigint;
      DECLARE @documents nvarchar(max);
      ${group(...checked, ...lost)}
      IF @objections <> N''
      BEGIN
          SET @objections = N'UPGRADE_ROWS_OBJECT: ' + @objections;
          THROW 50000, @objections, 1;
      END`;
  },

  end: (last) => [[...last, mssqlFrame.commit], mssqlFrame.closing],
  convert: (conversion, value) => conversionText('mssql', conversion, value),
  differ: (left, right) => differs([left], [right]),
  // LEN does not count blanks at the end
  textLength: (value) => sql`DATALENGTH(${value}) / 2`,
  found: (check) => ({
    count: sql`SELECT COUNT_BIG(*) AS n, COUNT_BIG(DISTINCT o."DocumentUuid") AS documents FROM (${check}) AS o`,
    first: sql`SELECT DISTINCT TOP (5) LOWER(CAST(o."DocumentUuid" AS nvarchar(36))) AS uuid FROM (${check}) AS o`,
    order: sql` ORDER BY 1`,
  }),
};
