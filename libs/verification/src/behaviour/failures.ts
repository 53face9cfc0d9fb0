import { isFailure } from '@dms/databases';
import { mostShown } from '@dms/diagnostics';
import { compareOrdinal } from '@dms/files';
import type { BehaviourFailure } from '../verification-report.ts';

/** A column that two references fill differently (`VERIFY_WORLD_CONFLICT`). */
interface ValueConflict {
  readonly table: string;
  readonly column: string;
  readonly first: string;
  readonly second: string;
}

/** What the behaviour checks found wrong, in order. */
export class Failures {
  readonly list: BehaviourFailure[] = [];
  readonly conflicts: ValueConflict[] = [];
  /** The number of failures beyond the list. */
  surplus = 0;

  add(check: string, object: string, expected: string, found: string): void {
    if (this.list.length < mostShown) this.list.push({ check, object, expected, found });
    else this.surplus += 1;
  }

  /** Two references require different values in one column. */
  conflict(table: string, column: string, first: string, second: string): void {
    this.conflicts.push({ table, column, first, second });
    this.add('R1', `${table}.${column}`, 'one value of all references', `${first} and ${second}`);
  }

  /** Runs a part of the checks; if the engine refuses a statement that must succeed, the part has failed. */
  async during(check: string, object: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isFailure(error, 'DB_SQL')) throw error;
      this.add(check, object, 'every statement accepted', error.diagnostics[0].message);
    }
  }

  /** Fails unless both texts are equal. */
  equal(check: string, object: string, expected: unknown, found: unknown): void {
    const wanted = text(expected);
    const was = text(found);
    if (wanted !== was) this.add(check, object, wanted, was);
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** Texts that one side has and the other does not. */
interface SetDifference {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

function setDifference(expected: Iterable<string>, found: Iterable<string>): SetDifference {
  const wanted = new Set(expected);
  const was = new Set(found);
  const only = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
    [...one].filter((entry) => !other.has(entry)).sort(compareOrdinal);
  return { missing: only(wanted, was), extra: only(was, wanted) };
}

const shownEntries = 5;

function listText(entries: readonly string[]): string {
  if (entries.length === 0) return 'none';
  const more = entries.length > shownEntries ? ` and ${entries.length - shownEntries} more` : '';
  return `${entries.slice(0, shownEntries).join('; ')}${more}`;
}

/** Fails unless both sides have the same rows, and says which rows only one side has. */
export function compareRows(
  failures: Failures,
  check: string,
  object: string,
  expected: Iterable<string>,
  found: Iterable<string>,
  because = '',
): void {
  const { missing, extra } = setDifference(expected, found);
  if (missing.length === 0 && extra.length === 0) return;
  const after = because === '' ? '' : ` after ${because}`;
  failures.add(check, `${object}${after}`, `rows ${listText(missing)}`, `rows ${listText(extra)}`);
}
