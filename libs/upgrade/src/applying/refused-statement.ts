import { type Connection, isFailure } from '@dms/databases';
import { DmsError, diagnostic } from '@dms/diagnostics';
import { stepFacts, type UpgradePlan, type UpgradeStatement } from '../planning/upgrade-plan.ts';

/** The line on which a statement begins in the script of its plan; the same text may occur more than once. */
function lineInScript({ script, statements }: UpgradePlan, wanted: UpgradeStatement): number | undefined {
  if (script === null) return undefined;
  let end = 0;
  for (const statement of statements) {
    const start = script.indexOf(`\n${statement.sql}\n`, end);
    if (start < 0) return undefined;
    if (statement === wanted) return script.slice(0, start + 1).split('\n').length;
    end = start + statement.sql.length;
  }
  return undefined;
}

/**
 * The failure of a statement of an upgrade: where the server refuses it, the message names its number, step and table, and its
 * line in the script. Other failures stay as they are.
 */
export function namedFailure(error: unknown, plan: UpgradePlan, statement: UpgradeStatement, { redact }: Connection): unknown {
  if (!isFailure(error, 'DB_SQL')) return error;
  const { subject, sql } = statement;
  const step = stepFacts(statement.step);
  const [{ code, message, where, details }] = error.diagnostics;
  const [number, begin] = [plan.statements.indexOf(statement) + 1, lineInScript(plan, statement)];
  const line = begin === undefined ? where.line : begin + (where.line ?? 1) - 1;
  const place = begin === undefined ? '' : `, from line ${begin} of the script of the upgrade`;
  const [first = ''] = sql.split('\n');
  const text = `It is statement ${number} of ${plan.statements.length} (step ${step.number}, ${step.title}: ${subject})${place}: ${first}`;
  const facts = { statement: redact(first), number, step: step.number, subject, sql: redact(sql) };
  return new DmsError([diagnostic(code, `${message} ${redact(text)}`, { ...where, line }, { ...details, ...facts })]);
}
