import { core, qualified } from '@dms/model';
import { dialectOf, join, type PlainSql } from '@dms/sql';
import { beganText, doneText, type HistoryDialect, historyHeader, keptEntries } from './history-text.ts';

const { sql, lines, literal } = dialectOf.mssql;

const property = 'dms_upgrade_history';
const table = core.effectiveSchema;
const shownTable = qualified(table);
const place = `the extended property ${property} of ${shownTable}`;

/** How many bytes `sys.sp_addextendedproperty` accepts as a value. */
const longestValue = 7500;

const ofProperty = sql`FROM sys.extended_properties AS p WHERE p."class" = 1 AND p."major_id" = OBJECT_ID(${literal(shownTable)}) AND p."minor_id" = 0 AND p."name" = ${literal(property)}`;
const ofFingerprint = sql`FROM ${table} AS e WHERE e."EffectiveSchemaSingletonId" = 1`;
const mayWrite = sql`HAS_PERMS_BY_NAME(${literal(shownTable)}, N'OBJECT', N'ALTER')`;
const time = (value: PlainSql) => sql`CONVERT(nvarchar(19), CAST(${value} AS datetime2(0)), 126) + N'Z'`;
const appliedAt = time(sql`e."AppliedAt"`);
const parameters = sql`${literal(property)}, @history_text, N'SCHEMA', ${literal(table.schema)}, N'TABLE', ${literal(table.name)}`;

/** The refusal if the property holds another text. */
const foreignText = literal(`${place} is the text of somebody else, which was left alone`);

const digits = (count: number) => '[0-9]'.repeat(count);
const timePattern = `${digits(4)}-${digits(2)}-${digits(2)}T${digits(2)}:${digits(2)}:${digits(2)}Z`;
/** Whether a line has the form of an entry, as far as LIKE can tell; the collation compares character codes. */
const hasForm = (pattern: PlainSql) => sql`@history_line COLLATE Latin1_General_BIN2 LIKE ${pattern}`;
const isEntry = join(
  [
    sql`${literal(`${timePattern} began with `)} + @history_hash + N': _%'`,
    sql`${literal(`${timePattern} upgraded to `)} + @history_hash + N' from ' + @history_hash + N' by plan ' + @history_hash + N' (%): _%'`,
    sql`${literal(`${timePattern} adopted `)} + @history_hash + N' by plan ' + @history_hash + N': _%'`,
  ].map(hasForm),
  ' OR ',
);

/** SQL Server: the history is an extended property of the table that holds the fingerprint. */
export const mssqlHistory: HistoryDialect = {
  // each line after the header begins with a line break; LEN ignores trailing blanks, so a full stop follows them
  record: (record) => lines`
    DECLARE @history_header nvarchar(100) = ${literal(historyHeader)};
    DECLARE @history_hash nvarchar(600) = REPLICATE(N'[0-9a-f]', 64);
    DECLARE @history_stored nvarchar(4000);
    DECLARE @history_exists bit = 0;
    DECLARE @history_kept nvarchar(4000) = N'';
    DECLARE @history_rest nvarchar(4000) = N'';
    DECLARE @history_line nvarchar(4000);
    DECLARE @history_lines int = 0;
    DECLARE @history_text nvarchar(4000);
    DECLARE @history_refusal nvarchar(300);
    SELECT @history_exists = 1, @history_stored = COALESCE(CAST(p."value" AS nvarchar(4000)), N'') ${ofProperty};
    IF ${mayWrite} <> 1
        SET @history_refusal = ${literal(`this login may not write ${place}, which is the history of upgrades`)};
    ELSE IF @history_exists = 0
        SELECT @history_kept = NCHAR(10) + ${appliedAt} + ${literal(beganText(record.before))} ${ofFingerprint};
    ELSE IF LEFT(@history_stored, LEN(@history_header)) COLLATE Latin1_General_BIN2 = @history_header
        SET @history_rest = SUBSTRING(@history_stored, LEN(@history_header) + 1, 4000);
    ELSE
        SET @history_refusal = ${foreignText};
    WHILE DATALENGTH(@history_rest) > 0 AND @history_refusal IS NULL
    BEGIN
        SET @history_line = SUBSTRING(@history_rest, 2, CHARINDEX(NCHAR(10), @history_rest + NCHAR(10), 2) - 2);
        IF UNICODE(@history_rest) <> 10 OR NOT (${isEntry})
            SET @history_refusal = ${foreignText};
        ELSE IF @history_lines < ${literal(keptEntries - 1)}
        BEGIN
            SET @history_kept = @history_kept + NCHAR(10) + @history_line;
            SET @history_lines = @history_lines + 1;
        END
        SET @history_rest = STUFF(@history_rest, 1, LEN(@history_line + N'.'), N'');
    END
    SET @history_text = @history_header + NCHAR(10) + ${time(sql`SYSUTCDATETIME()`)} + ${literal(doneText(record))} + @history_kept;
    IF @history_refusal IS NULL AND DATALENGTH(@history_text) > ${literal(longestValue)}
        SET @history_refusal = ${literal(`${place} would be too long`)};
    IF @history_refusal IS NOT NULL
        PRINT N'UPGRADE_NOT_RECORDED: ' + @history_refusal;
    ELSE IF @history_exists = 1
        EXEC sys.sp_updateextendedproperty ${parameters};
    ELSE
        EXEC sys.sp_addextendedproperty ${parameters};`,
  read: sql`SELECT (SELECT CAST(p."value" AS nvarchar(4000)) ${ofProperty}) AS "text", ${mayWrite} AS "may"`,
  since: sql`SELECT ${appliedAt} AS "since" ${ofFingerprint}`,
  place,
};
