import type { TriggerEvent } from '@dms/inventory';
import { dialectRules, limitIdentifier } from '@dms/sql';
import type { TriggerDefinition } from './definition.ts';

/** The usual members of a trigger: it runs after every statement or row, without transition tables. */
const plain = { timing: 'AFTER', updateOf: [], oldTable: null, newTable: null } as const;

/** The names of the transition tables: the rows before and after a statement. */
interface TransitionNames {
  readonly old: string;
  readonly now: string;
}

const usualNames: TransitionNames = { old: 'old_rows', now: 'new_rows' };

/**
 * A PostgreSQL trigger that sees all rows of a statement. It serves a single event, because only then does it get
 * transition tables.
 */
export const statementTrigger = (name: string, event: TriggerEvent, { old, now } = usualNames): TriggerDefinition => ({
  ...plain,
  name,
  level: 'STATEMENT',
  events: [event],
  ...(event === 'INSERT' ? {} : { oldTable: old }),
  ...(event === 'DELETE' ? {} : { newTable: now }),
});

/** A PostgreSQL trigger that runs for each row. */
export const rowTrigger = (
  name: string,
  events: readonly TriggerEvent[],
  also: Partial<Pick<TriggerDefinition, 'timing' | 'updateOf'>> = {},
): TriggerDefinition => ({ ...plain, name, level: 'ROW', events, ...also });

/** A SQL Server trigger, whose `inserted` and `deleted` need no names. */
export const mssqlTrigger = (name: string, events: readonly TriggerEvent[]): TriggerDefinition => ({
  ...plain,
  name,
  level: 'STATEMENT',
  events,
});

/** A name with a suffix, within the limit of PostgreSQL. */
export const suffixedName = (name: string, suffix: string): string =>
  limitIdentifier(dialectRules.pgsql, name + suffix);
