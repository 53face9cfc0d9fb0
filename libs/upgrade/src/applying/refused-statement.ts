import { type Connection, isFailure } from '@dms/databases';
import { DmsError, diagnostic } from '@dms/diagnostics';
import { stepFacts, type UpgradePlan, type UpgradeStatement } from '../plan/upgrade-plan.ts';

/** The line of the plan's script on which a statement begins; its text may occur more than once. */
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
 * The error for a failed statement of an upgrade. If the server refused the statement, the message names its number,
 * step, table and line in the script. Other failures are returned unchanged.
 */
export function namedFailure(
  error: unknown,
  plan: UpgradePlan,
  statement: UpgradeStatement,
  { redact }: Connection,
): unknown {
  if (!isFailure(error, 'DB_SQL')) return error;
  const { subject, sql } = statement;
  const step = stepFacts(statement.step);
  const [{ code, message, where, details }] = error.diagnostics;
  const number = plan.statements.indexOf(statement) + 1;
  const begin = lineInScript(plan, statement);
  const line = begin === undefined ? where.line : begin + (where.line ?? 1) - 1;
  const place = begin === undefined ? '' : `, from line ${begin} of the script of the upgrade`;
  const [first = ''] = sql.split('\n');
  const text = `It is statement ${number} of ${plan.statements.length} (step ${step.number}, ${step.title}: ${subject})${place}: ${first}`;
  const facts = { statement: redact(first), number, step: step.number, subject, sql: redact(sql) };
  return new DmsError([diagnostic(code, `${message} ${redact(text)}`, { ...where, line }, { ...details, ...facts })]);
}
