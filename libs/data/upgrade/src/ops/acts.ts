import type { SqlDialect } from '@dms/sql';
import type { Act } from './act.ts';
import { codeActs } from './code.ts';
import { columnActs } from './columns.ts';
import type { AffectedTable, StatementEffect } from './effect.ts';
import { touched } from './effect.ts';
import { keyActs } from './keys.ts';
import type { ActsOf, AnyAct, OperationName, UpgradeOperation } from './operation.ts';
import { rowActs } from './rows.ts';
import { tableActs } from './tables.ts';

/** What every operation means on every engine. */
export const acts: ActsOf<OperationName> = { ...codeActs, ...keyActs, ...tableActs, ...columnActs, ...rowActs };

export const operationNames = Object.keys(acts) as readonly OperationName[];

/** The acts that an operation has on an engine. */
export function actsOf(dialect: SqlDialect, op: UpgradeOperation): readonly AnyAct[] {
  // the acts of a name take the operations of that name
  const list = acts[op.op][dialect] as unknown as readonly AnyAct[];
  return list.filter(({ when }) => when === undefined || when(op));
}

/** All acts on an engine, with the names of their operations. */
export const everyAct = (dialect: SqlDialect): readonly { readonly op: OperationName; readonly act: AnyAct }[] =>
  operationNames.flatMap((op) => (acts[op][dialect] as unknown as readonly AnyAct[]).map((act) => ({ op, act })));

/** The effects of an operation on the tables that it works on. */
export function effectsOf(dialect: SqlDialect, op: UpgradeOperation): readonly StatementEffect[] {
  const tables = op.on.length === 0 ? [null] : op.on;
  const more = {
    for: op.for,
    target: 'target' in op ? op.target : undefined,
    rows: 'rows' in op ? op.rows : undefined,
  };
  return actsOf(dialect, op).flatMap((act) =>
    tables.map((table) => ({
      ...effectOf(act, table),
      ...more,
      touches: [...(act.touches?.(op) ?? []), ...(act.isRewrite ? rewritten(table) : [])],
    })),
  );
}

/** The part of an act that is an effect. */
type EffectiveAct = Pick<Act<never, SqlDialect>, 'does' | 'lock' | 'targetLock' | 'work' | 'rowsBlock' | 'onRows'>;

/** The effect of an act on a table, whatever its operation. */
export const effectOf = (
  { does, lock, targetLock = null, work, rowsBlock = 'nobody', onRows = false }: EffectiveAct,
  table: AffectedTable | null,
): StatementEffect => ({
  kind: does,
  table,
  lock,
  targetLock,
  work,
  rowsBlock,
  isOnRows: onRows,
  for: [],
  touches: [],
});

/** All rows of a table get new values. */
const rewritten = (table: AffectedTable | null) =>
  table === null || table.isNew ? [] : [touched('rewrite', 'relation', table.name)];

/** A query that reads the rows of a table of the earlier set. */
export function scanOf(dialect: SqlDialect, table: string): StatementEffect {
  const [act] = rowActs.checkRows[dialect];
  if (act === undefined) throw new Error(`${dialect} has no queries`);
  return effectOf(act, { name: table, isNew: false });
}
