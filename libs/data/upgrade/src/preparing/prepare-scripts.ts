import { lockWaits, preparingLock, recordStatements, recordTable } from '@dms/databases';
import { disarming, indented, mssqlFrame } from '@dms/ddl';
import { dialectRules, lineTexts, qualifiedName, type SqlDialect, SqlWriter, trusted } from '@dms/sql';
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

const rules = dialectRules.mssql;
const literal = (text: string) => rules.stringLiteral(text);
const record = qualifiedName(rules, recordTable);
const { create, drop, add } = recordStatements.mssql;
const lockName = literal(preparingLock);

const indentedTexts = (texts: readonly string[]) => indented(texts.flatMap((text) => text.split('\n')));

/** A variable with the text of a statement. Literals that are joined would be cut after 4,000 characters. */
function declared(sql: string): string {
  const text = literal(sql);
  const value = text.startsWith('(') ? `CAST(N'' AS nvarchar(max)) + ${text.slice(1, -1)}` : text;
  return `DECLARE @statement nvarchar(max) = ${value};`;
}

const isRecorded = `${rules.quote('Statement')} = @statement COLLATE Latin1_General_BIN2`;

const raised = (code: string, text: string) =>
  lineTexts(disarming(trusted(`RAISERROR(${literal(`${code}: ${text}`)}, 16, 1)`)));

function raisedIf(condition: string, code: string, text: string): string {
  return [`IF ${condition}`, 'BEGIN', ...indentedTexts(raised(code, text)), 'END'].join('\n');
}

const hasOnline = `CAST(SERVERPROPERTY(N'EngineEdition') AS int) IN (${onlineEditions.join(', ')})`;

/** Ends a script while another session prepares the database. */
const alone = (owner: 'Session' | 'Transaction') =>
  [
    'DECLARE @lock int;',
    `EXEC @lock = sys.sp_getapplock ${lockName}, N'Exclusive', N'${owner}', 0;`,
    raisedIf('@lock < 0', 'UPGRADE_PREPARE_RUNNING', 'another session prepares this database. Nothing was changed.'),
  ].join('\n');

const otherUpgrade =
  'the database is prepared for another upgrade, or for this one with other options. Nothing was changed.';

/** Makes a step and records it in one transaction, unless it is recorded. */
function stepBatch(
  plan: Pick<UpgradePlan, 'after'>,
  step: PreparationStep,
  needingOnline: ReadonlySet<PreparationStep>,
): string {
  const { sql, objects } = step;
  const recorded = { number: 0, later: plan.after.effectiveSchemaHash, statement: sql, objects, isDone: true };
  const isOpen = `NOT EXISTS (SELECT 1 FROM ${record} WHERE ${isRecorded})`;
  return [
    `-- ${preparationLine('mssql', step)}`,
    // a client that reconnects has lost the options of its session
    'SET XACT_ABORT ON;',
    declared(sql),
    `DECLARE @step int = (SELECT COALESCE(MAX(${rules.quote('Step')}), 0) + 1 FROM ${record});`,
    `IF ${needingOnline.has(step) ? `${hasOnline} AND ` : ''}${isOpen}`,
    'BEGIN',
    ...indentedTexts([
      'BEGIN TRANSACTION;',
      'EXEC sys.sp_executesql @statement;',
      add(recorded, { number: '@step', statement: '@statement' }),
      'COMMIT TRANSACTION;',
    ]),
    'END',
  ].join('\n');
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
    trusted("RAISERROR(N'The script stopped at an error. Steps before it are kept. Run it again.', 16, 1)"),
  );
  const guard = `IF @@ERROR <> 0 BEGIN ${lineTexts(stopped).join(' ')} END`;
  const batch = (sql: string) => {
    writer.linesOf(sql.split('\n')).linesOf(mssqlUpgrade.batchEnd).blank();
  };
  const guarded = (sql: string) => {
    batch(guard);
    batch(sql);
  };
  const [setOptions, numericRoundabort] = mssqlFrame.opening;
  batch(`${setOptions}\n${numericRoundabort}\nSET LOCK_TIMEOUT ${lockWaits.preparation};`);
  guarded(mssqlPreflight(before.effectiveSchemaHash, after.effectiveSchemaHash, []).join('\n'));
  guarded(alone('Session'));
  guarded(create);
  const other = `EXISTS (SELECT 1 FROM ${record} WHERE ${rules.quote('Later')} <> ${literal(after.effectiveSchemaHash)})`;
  guarded(raisedIf(other, 'UPGRADE_PREPARED_OTHER', otherUpgrade));
  const needingOnline = stepsNeedingOnline(steps);
  for (const step of steps) guarded(stepBatch(plan, step, needingOnline));
  batch(guard);
  batch('SET NOEXEC OFF;');
  batch(
    `IF APPLOCK_MODE(N'public', ${lockName}, N'Session') <> N'NoLock'\n    EXEC sys.sp_releaseapplock ${lockName}, N'Session';`,
  );
  return writer.text();
}

/** A statement of the upgrade. Where its step is recorded, only the rest of it runs. */
function switchBatch(statement: UpgradeStatement): string {
  const { sql, preparation } = statement;
  if (preparation === undefined) return mssqlUpgrade.batch(statement);
  const [step, ...more] = preparation.steps;
  if (step === undefined || more.length > 0) throw new Error('a statement for SQL Server is prepared in one step');
  const { rest } = preparation;
  const whole = step.sql === sql ? 'EXEC sys.sp_executesql @statement;' : compiledLate(sql);
  return [
    declared(step.sql),
    `DELETE FROM ${record} WHERE ${isRecorded};`,
    'IF @@ROWCOUNT = 0',
    // not line by line: a literal may have lines of its own
    `    ${whole}`,
    ...(rest === null ? [] : ['ELSE', `    ${compiledLate(rest.sql)}`]),
  ].join('\n');
}

function switchScript(plan: UpgradePlan): string {
  const none = `OBJECT_ID(${literal(record)}, N'U') IS NULL`;
  const unprepared =
    'the database is not prepared. Run prepare.mssql.sql first, or upgrade.mssql.sql instead. Nothing was changed.';
  return upgradeScript(plan, mssqlUpgrade, {
    hint: 'Run it after prepare.mssql.sql, with: sqlcmd -b -I -f 65001 -i switch.mssql.sql',
    first: [alone('Transaction'), raisedIf(none, 'UPGRADE_NOT_PREPARED', unprepared)],
    batch: switchBatch,
    last: [raisedIf(`EXISTS (SELECT 1 FROM ${record})`, 'UPGRADE_PREPARED_OTHER', otherUpgrade), drop],
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
