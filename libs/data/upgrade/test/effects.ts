import { type SqlDialect, trusted } from '@dms/sql';
import { effectOf, everyAct } from '../src/ops/acts.ts';
import type { AffectedTable, StatementEffect, StatementKind } from '../src/ops/effect.ts';
import type { UpgradeStatement } from '../src/ops/statement.ts';

/* Effects and statements as the acts have them, without a plan. */

/** The effect of statements of a kind, as the first act of that kind has it. */
function effect(kind: StatementKind, table: AffectedTable | null, dialect: SqlDialect): StatementEffect {
  const found = everyAct(dialect).find(({ act }) => act.does === kind);
  if (found === undefined) throw new Error(`no act does ${kind} on ${dialect}`);
  return effectOf(found.act, table);
}

/** On a table of the earlier set. */
export const effectOn = (kind: StatementKind, name: string, dialect: SqlDialect = 'pgsql'): StatementEffect =>
  effect(kind, { name, isNew: false }, dialect);

/** On a table that the upgrade makes. */
export const effectOnNew = (kind: StatementKind, name: string): StatementEffect =>
  effect(kind, { name, isNew: true }, 'pgsql');

/** On no table. */
export const effectOnNone = (kind: StatementKind): StatementEffect => effect(kind, null, 'pgsql');

/** A statement about columns with some effects. */
export const statementWith = (...effects: readonly StatementEffect[]): UpgradeStatement => ({
  step: 'columns',
  subject: 'a.T',
  ops: [],
  sql: trusted('SELECT 1;'),
  lines: [],
  effects,
  isOnRows: false,
});
