import { isFailure } from '@dms/databases';
import { mostShown } from '@dms/diagnostics';
import type { BehaviourFailure } from '../report/verification-report.ts';

/** A column that two references fill differently (`VERIFY_WORLD_CONFLICT`). */
export interface ValueConflict {
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
