import type { Comparison } from '../comparing/comparison.ts';
import { type AffectedTable, present, type StatementEffect, type StatementKind } from '../hazards/statement-effect.ts';
import type { UpgradeStatement, UpgradeStep } from '../plan/upgrade-plan.ts';
import type { Preparation, PreparationStep } from '../preparing/preparation.ts';

/** A statement with what it does to its table. */
export interface ScriptStatement {
  readonly sql: string;
  readonly effects: readonly StatementEffect[];
  readonly preparation?: Preparation | undefined;
}

/** The statements of a script, in order. Empty texts are left out. */
export class StatementList {
  readonly list: UpgradeStatement[] = [];

  add(
    step: UpgradeStep,
    subject: string,
    effects: StatementEffect | readonly StatementEffect[],
    ...texts: readonly string[]
  ): void {
    for (const sql of texts)
      if (sql !== '') this.list.push({ step, subject, sql, effects: 'kind' in effects ? [effects] : effects });
  }

  addMade(step: UpgradeStep, subject: string, statements: readonly ScriptStatement[]): void {
    for (const { sql, effects, preparation } of statements)
      if (sql !== '') this.list.push({ step, subject, sql, effects, ...(preparation ? { preparation } : {}) });
  }

  /** Adds a statement that these steps can make before the upgrade; null if none can. */
  addPreparable(
    step: UpgradeStep,
    subject: string,
    effect: StatementEffect,
    sql: string,
    steps: readonly PreparationStep[] | null,
  ): void {
    this.addMade(step, subject, [
      { sql, effects: [effect], preparation: steps === null ? undefined : { steps, rest: null } },
    ]);
  }
}

/** A table of the later set, named as hazards name it. */
export function laterTable({ changesByAfter }: Comparison, key: string): AffectedTable {
  const change = changesByAfter.get(key);
  return change ? present(change.pair.before.key) : { name: key, isNew: true };
}

/** The effect of a kind of statement on a table of the later set. */
export const effectOnLater = (
  comparison: Comparison,
  kind: StatementKind,
  key: string,
  makes?: readonly string[],
): StatementEffect => ({ kind, table: laterTable(comparison, key), makes });

/** The same for rows that are derived from rows of another table, which determine its time. */
export function effectOnRowsOf(
  comparison: Comparison,
  kind: StatementKind,
  key: string,
  source: string,
  makes?: readonly string[],
): StatementEffect {
  const { name, isNew } = laterTable(comparison, source);
  return { ...effectOnLater(comparison, kind, key, makes), ...(isNew ? {} : { rows: { table: name } }) };
}
