import { core, qualified } from '@dms/model';
import { SqlWriter } from '@dms/sql';
import { changeClasses } from '../kinds/change-rules.ts';
import { stepFacts, type UpgradePlan, type UpgradeStatement, type UpgradeStep } from '../plan/upgrade-plan.ts';
import { renameText } from '../renaming/rename.ts';
import type { UpgradeDialect } from './upgrade-dialect.ts';

const ruleLine = `-- ${'='.repeat(58)}`;

/** Writes a name or a permission into a one-line comment, whatever characters it contains. */
const oneLine = (text: string) => JSON.stringify(text).slice(1, -1);

/** The text of `upgrade.<dialect>.sql` (design 12 §6). */
export function upgradeScript(plan: Omit<UpgradePlan, 'script'>, dialect: UpgradeDialect): string {
  const { before, after, hash, items, allowedLosses, renaming, statements } = plan;
  const counts = changeClasses.map((name) => `${items.filter((item) => item.class === name).length} ${name}`);
  const writer = new SqlWriter();
  writer
    .linesOf([
      `-- Upgrade from ${before.effectiveSchemaHash} (${before.projects.map(oneLine).join(', ')})`,
      `--           to ${after.effectiveSchemaHash} (${after.projects.map(oneLine).join(', ')})`,
      `-- Plan: ${hash ?? 'none'}`,
      `-- Changes: ${counts.join(', ')}`,
      `-- Permitted losses: ${allowedLosses.length === 0 ? 'none' : allowedLosses.map(oneLine).join(', ')}`,
      ...renaming.renames.map((rename) => `-- Renamed: ${oneLine(renameText(rename))}`),
      `-- ${dialect.scriptHint}`,
    ])
    .blank();
  const batch = (sql: string) => {
    writer.linesOf(sql.split('\n')).linesOf(dialect.batchEnd).blank();
  };
  if (dialect.opening.length > 0) batch(dialect.opening.join('\n'));
  const guarded = (sql: string) => {
    if (dialect.guard !== null) batch(dialect.guard);
    batch(sql);
  };
  heading(writer, 'preflight');
  guarded(dialect.preflight(before.effectiveSchemaHash, after.effectiveSchemaHash));
  const isFingerprint = ({ step, subject }: UpgradeStatement) =>
    step === 'fingerprint' && subject === qualified(core.effectiveSchema);
  let last: UpgradeStep = 'preflight';
  for (const statement of statements) {
    const { step, sql } = statement;
    if (step !== last) heading(writer, step);
    last = step;
    if (!isFingerprint(statement)) guarded(sql);
  }
  // the fingerprint changes last, in the batch that commits
  dialect.end(statements.filter(isFingerprint).map(({ sql }) => sql)).forEach((sql, index) => {
    if (index === 0) guarded(sql);
    else batch(sql);
  });
  return writer.text();
}

function heading(writer: SqlWriter, step: UpgradeStep): void {
  const { number, title } = stepFacts(step);
  writer.linesOf([ruleLine, `-- Step ${number}: ${title}`, ruleLine]).blank();
}
