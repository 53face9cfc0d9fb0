import { dialectRules, limitIdentifier } from '@dms/sql';
import type { TriggerDefinition } from './definition.ts';

export type TriggerEvent = 'INSERT' | 'UPDATE' | 'DELETE';

/** The usual parts of a trigger: it runs after every statement or row, without names for its rows. */
const plain = { timing: 'AFTER', oldTable: null, newTable: null, when: null } as const;

const transitionTables = {
  INSERT: { newTable: 'new_rows' },
  UPDATE: { oldTable: 'old_rows', newTable: 'new_rows' },
  DELETE: { oldTable: 'old_rows' },
} as const satisfies Record<TriggerEvent, Partial<TriggerDefinition>>;

/**
 * A PostgreSQL trigger that sees all rows of a statement. It serves a single event, because only then does it get transition
 * tables.
 */
export const statementTrigger = (name: string, event: TriggerEvent): TriggerDefinition => ({
  ...plain,
  name,
  level: 'STATEMENT',
  events: [event],
  ...transitionTables[event],
});

/** A PostgreSQL trigger that runs for each row. */
export const rowTrigger = (
  name: string,
  events: readonly TriggerEvent[],
  also: Partial<Pick<TriggerDefinition, 'timing' | 'when'>> = {},
): TriggerDefinition => ({ ...plain, name, level: 'ROW', events, ...also });

/** A SQL Server trigger, whose `inserted` and `deleted` need no names. */
export const mssqlTrigger = (name: string, events: readonly TriggerEvent[]): TriggerDefinition => ({
  ...plain,
  name,
  level: 'STATEMENT',
  events,
});

const suffixes = { INSERT: '_Insert', UPDATE: '_Update', DELETE: '_Delete' } as const satisfies Record<TriggerEvent, string>;

/** The name of a PostgreSQL trigger that serves one event of several (design 07 §8.1). */
export const eventTriggerName = (name: string, event: TriggerEvent): string => suffixedName(name, suffixes[event]);

/** A name with a suffix, within the limit of PostgreSQL. */
export const suffixedName = (name: string, suffix: string): string => limitIdentifier(dialectRules.pgsql, name + suffix);
