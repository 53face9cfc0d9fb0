import type { SqlDialect } from '@dms/sql';
import { type Blocked, blockedBy, lockStrength, worseBlocked } from './locks.ts';
import { ruleOf, type Work, works } from './rules.ts';
import type { AffectedTable, StatementEffect } from './statement-effect.ts';

/** What a change or a statement means for sessions that use one table meanwhile (design 12 §12). */
export interface Hazard {
  readonly table: AffectedTable;
  /** The strongest lock, as the engine names it. It is held until the commit. */
  readonly lock: string;
  readonly blocks: Blocked;
  /** The heaviest work on its rows. */
  readonly work: Work;
}

/** The heavier of two kinds of work. */
const heavierWork = (left: Work, right: Work): Work => (works.indexOf(left) >= works.indexOf(right) ? left : right);

function merged(dialect: SqlDialect, left: Hazard, right: Hazard): Hazard {
  return {
    table: left.table,
    lock: lockStrength(dialect, left.lock) >= lockStrength(dialect, right.lock) ? left.lock : right.lock,
    blocks: worseBlocked(left.blocks, right.blocks),
    work: heavierWork(left.work, right.work),
  };
}

/** The hazards of one effect: for its table, and for the table that its foreign key refers to. */
function hazardsOfEffect(dialect: SqlDialect, { kind, table, target }: StatementEffect): Hazard[] {
  const { lock, targetLock, work, rowsBlock = 'nobody' } = ruleOf(dialect, kind);
  const on = (place: AffectedTable, name: string, blocks: Blocked, does: Work): Hazard => ({
    table: place,
    lock: name,
    work: place.isNew && does !== 'row writes' ? 'none' : does,
    // no session waits for a table that no other session can see
    blocks: place.isNew ? 'nobody' : blocks,
  });
  return [
    ...(table && lock ? [on(table, lock, worseBlocked(blockedBy(dialect, lock), rowsBlock), work)] : []),
    ...(target && targetLock ? [on(target, targetLock, blockedBy(dialect, targetLock), 'none')] : []),
  ];
}

/** The combined hazards of effects, one per table, in the order in which the effects name the tables. */
export function hazardsOf(dialect: SqlDialect, effects: readonly StatementEffect[]): readonly Hazard[] {
  const byTable = new Map<string, Hazard>();
  for (const hazard of effects.flatMap((effect) => hazardsOfEffect(dialect, effect))) {
    const key = `${hazard.table.isNew} ${hazard.table.name}`;
    const known = byTable.get(key);
    byTable.set(key, known ? merged(dialect, known, hazard) : hazard);
  }
  return [...byTable.values()];
}
