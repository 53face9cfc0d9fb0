import { isFailure } from '@dms/databases';
import { type Diagnostic, diagnostic, mostShown } from '@dms/diagnostics';
import { compareOrdinal } from '@dms/values';
import type { TrialOutcome, TriedStatement } from '../verification-dialect.ts';
import type { BehaviourFailure } from '../verification-report.ts';
import { type BehaviourSession, isNamed, outcomeText } from './behaviour-session.ts';

/** A column that two references fill differently (`VERIFY_WORLD_CONFLICT`). */
interface ValueConflict {
  readonly table: string;
  readonly column: string;
  readonly first: string;
  readonly second: string;
}

/** The failures of the behaviour checks, in order. */
export class Failures {
  readonly list: BehaviourFailure[] = [];
  readonly conflicts: ValueConflict[] = [];
  /** The checks and objects of all failures, also beyond the list. */
  readonly places: Pick<BehaviourFailure, 'check' | 'object'>[] = [];
  /** The number of failures beyond the list. */
  surplus = 0;

  add(check: string, object: string, expected: string, found: string): void {
    this.places.push({ check, object });
    if (this.list.length < mostShown) this.list.push({ check, object, expected, found });
    else this.surplus += 1;
  }

  /** The objects that were not tried, or only in part, because the schemas do not allow it. */
  readonly untried: { readonly table: string; readonly reason: string }[] = [];

  leaveOut(table: string, reason: string): void {
    const isKnown = this.untried.some((each) => each.table === table && each.reason === reason);
    if (!isKnown) this.untried.push({ table, reason });
  }

  /** Records that two references require different values in one column. */
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

/** A statement that is tried by itself, and whether its outcome is right. */
export interface Trial extends TriedStatement {
  readonly object: string;
  readonly expected: string;
  readonly isRight: (outcome: TrialOutcome) => boolean;
}

/** A statement that must be refused with a code and, if one is given, by a constraint. */
export const refusedTrial = (
  tried: Pick<Trial, 'object' | 'statement'>,
  what: string,
  code: string,
  constraint?: string,
): Trial => ({
  ...tried,
  expected: `${what} refused with ${code}`,
  isRight: (outcome) => outcome?.code === code && (constraint === undefined || isNamed(outcome, constraint)),
});

/** A statement that may be refused, but not with this code. */
export const unrefusedTrial = (tried: Pick<Trial, 'object' | 'statement'>, what: string, code: string): Trial => ({
  ...tried,
  expected: `${what} not refused with ${code}`,
  isRight: (outcome) => outcome?.code !== code,
});

/** Tries statements on the same rows; each outcome that is not right is a failure. */
export async function checkTrials(
  { session, failures }: { readonly session: BehaviourSession; readonly failures: Failures },
  check: string,
  trials: readonly Trial[],
): Promise<void> {
  const outcomes = await session.outcomes(trials);
  for (const [index, { object, expected, isRight }] of trials.entries()) {
    const outcome = outcomes[index] ?? null;
    if (!isRight(outcome)) failures.add(check, object, expected, outcomeText(outcome));
  }
}

/** Where a failure is added: the check and, as text, the change before it. */
export interface CheckPlace {
  readonly failures: Failures;
  readonly check: string;
  readonly because: string;
}

/** Fails unless both sides have the same rows, and says which rows only one side has. */
export function compareRows(
  { failures, check, because }: CheckPlace,
  object: string,
  expected: Iterable<string>,
  found: Iterable<string>,
): void {
  const [wanted, was] = [new Set(expected), new Set(found)];
  const only = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
    [...one].filter((entry) => !other.has(entry)).sort(compareOrdinal);
  const [missing, extra] = [only(wanted, was), only(was, wanted)];
  if (missing.length === 0 && extra.length === 0) return;
  const after = because === '' ? '' : ` after ${because}`;
  failures.add(check, `${object}${after}`, `rows ${listText(missing)}`, `rows ${listText(extra)}`);
}

const shownEntries = 5;

function listText(entries: readonly string[]): string {
  if (entries.length === 0) return 'none';
  const more = entries.length > shownEntries ? ` and ${entries.length - shownEntries} more` : '';
  return `${entries.slice(0, shownEntries).join('; ')}${more}`;
}

/** The failures after the first `from`, and all conflicts, as `VERIFY_BEHAVIOUR` and `VERIFY_WORLD_CONFLICT`. */
export function behaviourDiagnostics(failures: Failures, from: number): Diagnostic[] {
  const diagnostics = failures.list.slice(from).map(({ check, object, expected, found }) => {
    const text = `${check} ${object}: expected ${expected}; found ${found}`;
    return diagnostic('VERIFY_BEHAVIOUR', text, {}, { check, object, expected, found });
  });
  for (const { table, column, first, second } of failures.conflicts) {
    const text = `Two references ask ${table}.${column} for different values (${first}, ${second}).`;
    diagnostics.push(diagnostic('VERIFY_WORLD_CONFLICT', text, {}, { table, column, values: [first, second] }));
  }
  if (failures.surplus > 0) {
    const text = `${failures.surplus} more failures are not listed.`;
    diagnostics.push(diagnostic('VERIFY_BEHAVIOUR', text, {}, { surplus: failures.surplus }));
  }
  return diagnostics;
}
