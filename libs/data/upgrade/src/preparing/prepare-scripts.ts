import { lockWaits, preparedFor, preparingLock, recordStatements, recordTable } from '@dms/databases';
import { disarming, mssqlFrame } from '@dms/ddl';
import {
  dialectOf,
  group,
  join,
  joined,
  type PlainLines,
  type PlainSql,
  type SqlDialect,
  SqlWriter,
  textOf,
  trusted,
} from '@dms/sql';
import type { PreparationStep, UpgradeStatement } from '../ops/statement.ts';
import { preparationSteps, type UpgradePlan } from '../plan/upgrade-plan.ts';
import { compiledLate, mssqlPreflight, mssqlUpgrade } from '../script/mssql.ts';
import { scriptHeading, upgradeScript } from '../script/upgrade-script.ts';
import { stepsNeedingOnline } from './preparation.ts';
import { preparationLine } from './preparation-lines.ts';
import { onlineEditions } from './preparing-engine.ts';

/** An upgrade in two files: one that runs while the service works, and one for the outage (design 12a §5.5). */
export interface PreparationScripts {
  /** The file `prepare.<dialect>.sql`. */
  readonly prepare: string;
  /** The file `switch.<dialect>.sql`. */
  readonly switch: string;
}

const { lines, sql, literal, literals, isMissing } = dialectOf.mssql;
const { create, drop, add } = recordStatements.mssql;
const lockName = literal(preparingLock);

/** A variable with the text of a statement. Literals that are joined would be cut after 4,000 characters. */
function declared(statement: PlainSql): PlainSql {
  const text = literal(textOf(statement));
  const pieces = textOf(text);
  const value = pieces.startsWith('(') ? sql`CAST(N'' AS nvarchar(max)) + ${trusted(pieces.slice(1, -1))}` : text;
  return sql`DECLARE @statement nvarchar(max) = ${value};`;
}

const isRecorded = sql`"Statement" = @statement COLLATE Latin1_General_BIN2`;

const raised = (code: string, text: string): PlainLines =>
  disarming(sql`RAISERROR(${literal(`${code}: ${text}`)}, 16, 1)`);

const raisedIf = (condition: PlainSql, code: string, text: string): PlainLines => lines`
  IF ${condition}
  BEGIN
      ${raised(code, text)}
  END`;

const hasOnline = sql`CAST(SERVERPROPERTY(N'EngineEdition') AS int) IN (${literals(onlineEditions)})`;

/** Ends a script while another session prepares the database. */
const alone = (owner: 'Session' | 'Transaction'): PlainLines => lines`
  DECLARE @lock int;
  EXEC @lock = sys.sp_getapplock ${lockName}, N'Exclusive', ${literal(owner)}, 0;
  ${raisedIf(sql`@lock < 0`, 'UPGRADE_PREPARE_RUNNING', 'another session prepares this database. Nothing was changed.')}`;

const otherUpgrade =
  'the database is prepared for another upgrade, or for this one with other options. Nothing was changed.';

/** Makes a step and records it in one transaction, unless it is recorded. */
function stepBatch(
  plan: Pick<UpgradePlan, 'after'>,
  step: PreparationStep,
  needingOnline: ReadonlySet<PreparationStep>,
): PlainLines {
  const { sql: statement, objects } = step;
  const recorded = { number: 0, later: preparedFor(plan.after), statement: textOf(statement), objects, isDone: true };
  const isOpen = sql`NOT EXISTS (SELECT 1 FROM ${recordTable} WHERE ${isRecorded})`;
  // a client that reconnects has lost the options of its session
  return lines`
    ${trusted(`-- ${preparationLine('mssql', step)}`)}
    SET XACT_ABORT ON;
    ${declared(statement)}
    DECLARE @step int = (SELECT COALESCE(MAX("Step"), 0) + 1 FROM ${recordTable});
    IF ${needingOnline.has(step) ? sql`${hasOnline} AND ${isOpen}` : isOpen}
    BEGIN
        BEGIN TRANSACTION;
        EXEC sys.sp_executesql @statement;
        ${add(recorded, { number: sql`@step`, statement: sql`@statement` })}
        COMMIT TRANSACTION;
    END`;
}

function prepareScript(plan: UpgradePlan): string {
  const { before, after } = plan;
  const steps = preparationSteps(plan);
  const writer = new SqlWriter();
  writer
    .linesOf([
      ...scriptHeading(plan, 'Preparation of the upgrade'),
      `-- Steps: ${steps.length}. A step that waits ${lockWaits.preparation} ms for a lock ends the script; what was made before stays.`,
      '-- Run it while the service works with the earlier set, again until it ends without an error: sqlcmd -b -I -f 65001 -i prepare.mssql.sql',
      '-- Then upgrade: sqlcmd -b -I -f 65001 -i switch.mssql.sql',
      '-- To remove what it has made: dms-ddl upgrade prepare --undo',
    ])
    .blank();
  const stopped = disarming(
    sql`RAISERROR(N'The script stopped at an error. Steps before it are kept. Run it again.', 16, 1)`,
  );
  const guard = sql`IF @@ERROR <> 0 BEGIN ${join(stopped.lines, ' ')} END`;
  const batch = (text: PlainSql | PlainLines) => {
    writer.write(text).linesOf(mssqlUpgrade.batchEnd).blank();
  };
  const guarded: typeof batch = (text) => {
    batch(guard);
    batch(text);
  };
  const [setOptions = '', numericRoundabort = ''] = mssqlFrame.opening;
  const waiting = sql`SET LOCK_TIMEOUT ${literal(lockWaits.preparation)};`;
  batch(group(trusted(setOptions), trusted(numericRoundabort), waiting));
  guarded(mssqlPreflight(before, after, plan.collation, group()));
  guarded(alone('Session'));
  guarded(create);
  const other = sql`EXISTS (SELECT 1 FROM ${recordTable} WHERE "Later" <> ${literal(preparedFor(after))})`;
  guarded(raisedIf(other, 'UPGRADE_PREPARED_OTHER', otherUpgrade));
  const needingOnline = stepsNeedingOnline(steps);
  for (const step of steps) guarded(stepBatch(plan, step, needingOnline));
  batch(guard);
  batch(sql`SET NOEXEC OFF;`);
  batch(lines`
    IF APPLOCK_MODE(N'public', ${lockName}, N'Session') <> N'NoLock'
        EXEC sys.sp_releaseapplock ${lockName}, N'Session';`);
  return writer.text();
}

/** A statement of the upgrade. Where its step is recorded, only the rest of it runs. */
function switchBatch(statement: UpgradeStatement): PlainSql {
  const { preparation } = statement;
  if (preparation === undefined) return mssqlUpgrade.batch(statement);
  const [step, ...more] = preparation.steps;
  if (step === undefined || more.length > 0) throw new Error('a statement for SQL Server is prepared in one step');
  const { rest } = preparation;
  const isWhole = step.sql === statement.sql;
  const other = (left: PlainSql) => lines`
    ELSE
        ${compiledLate(left)}`;
  return joined(lines`
    ${declared(step.sql)}
    DELETE FROM ${recordTable} WHERE ${isRecorded};
    IF @@ROWCOUNT = 0
        ${isWhole ? sql`EXEC sys.sp_executesql @statement;` : compiledLate(statement.sql)}
    ${rest === null ? group() : other(rest.sql)}`);
}

function switchScript(plan: UpgradePlan): string {
  const some = sql`EXISTS (SELECT 1 FROM ${recordTable})`;
  const unprepared =
    'the database is not prepared. Run prepare.mssql.sql first, or upgrade.mssql.sql instead. Nothing was changed.';
  return upgradeScript(plan, mssqlUpgrade, {
    hint: 'Run it after prepare.mssql.sql, with: sqlcmd -b -I -f 65001 -i switch.mssql.sql',
    first: [alone('Transaction'), raisedIf(isMissing(recordTable), 'UPGRADE_NOT_PREPARED', unprepared)],
    batch: switchBatch,
    last: [raisedIf(some, 'UPGRADE_PREPARED_OTHER', otherUpgrade), drop],
  }).text;
}

/**
 * The dialects whose upgrades have these scripts. PostgreSQL builds no index concurrently inside a transaction, so it
 * has none.
 */
const writers: Readonly<Record<SqlDialect, ((plan: UpgradePlan) => PreparationScripts) | null>> = {
  pgsql: null,
  mssql: (plan) => ({ prepare: prepareScript(plan), switch: switchScript(plan) }),
};

/** The scripts of an upgrade in two files; null where the plan is refused, or is for PostgreSQL. */
export const preparationScripts = (plan: UpgradePlan): PreparationScripts | null =>
  plan.script === null ? null : (writers[plan.dialect]?.(plan) ?? null);
