import {
  type Connection,
  type Limits,
  type PreparedObject,
  preparedText,
  type RecordedStep,
  recordStatements,
} from '@dms/databases';
import { fail } from '@dms/diagnostics';
import type { UpgradePlan, UpgradeStatement } from '../plan/upgrade-plan.ts';
import { objectStates } from './object-states.ts';
import { preparableStatements } from './preparation-steps.ts';
import { removal } from './removal.ts';
import { expectSamePreparation } from './same-preparation.ts';

/** What an upgrade finds done, and what it must remove before its first statement. */
export interface PreparedStatements {
  /** The text that is left of a statement; empty if it is done. */
  sqlOf(statement: UpgradeStatement): string;
  /** Removes the record, and objects of statements that were begun and not ended. */
  readonly removals: readonly string[];
  /** How many statements are done. */
  readonly count: number;
}

/**
 * Reads which statements of a plan `upgrade prepare` has made in a database. A statement with a missing part is made
 * anew by the upgrade.
 */
export async function preparedStatements(
  connection: Connection,
  plan: UpgradePlan,
  record: readonly RecordedStep[] | null,
  limits: Limits = {},
): Promise<PreparedStatements> {
  if (record === null) return { sqlOf: ({ sql }) => sql, removals: [], count: 0 };
  expectSamePreparation(connection, plan, record);
  const recorded = new Map(record.map((step) => [step.statement, step]));
  const stateOf = await objectStates(
    connection,
    record.flatMap(({ objects }) => objects),
    limits,
  );
  const gone = record.flatMap(({ isDone, objects }) =>
    isDone ? objects.filter((each) => stateOf(each) !== 'present') : [],
  );
  if (gone.length > 0) {
    const names = [...new Set(gone.map(preparedText))];
    const text = `${connection.label}: ${names.join(', ')}: prepared for this upgrade, and no longer there or no longer valid. Run dms-ddl upgrade prepare again. Nothing was changed.`;
    fail('UPGRADE_PREPARED_GONE', text, {}, { objects: names });
  }
  const done = new Set<UpgradeStatement>();
  const halves: PreparedObject[] = [];
  for (const statement of preparableStatements(plan)) {
    const { steps } = statement.preparation;
    const known = steps.flatMap(({ sql }) => recorded.get(sql) ?? []);
    if (known.length === steps.length && known.every(({ isDone }) => isDone)) done.add(statement);
    else halves.push(...known.flatMap(({ objects }) => objects.filter((each) => stateOf(each) !== 'missing')));
  }
  // the last made first
  const removals = [
    ...new Set(halves.toReversed().map((object) => removal(connection.dialect, object, { isAlone: false }))),
  ];
  return {
    sqlOf: (statement) => (done.has(statement) ? (statement.preparation?.rest?.sql ?? '') : statement.sql),
    removals: [...removals, recordStatements[connection.dialect].drop],
    count: done.size,
  };
}
