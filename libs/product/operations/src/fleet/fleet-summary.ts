import { namesText } from '@dms/checking';
import { counted, type Diagnostic, diagnostic, severityOf } from '@dms/diagnostics';
import { compareOrdinal, groupBy } from '@dms/values';
import { type DatabaseEnd, isFailed } from './run-fleet.ts';

interface NamedDatabase {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

const failedOutcome = 'failed';
const notStartedOutcome = 'not started';

/** The outcome of the work on a database, in a few words. */
export function outcomeOf(end: DatabaseEnd<NamedDatabase>): string {
  if (end.kind === 'done') return end.result.outcome;
  return end.kind === 'failed' ? failedOutcome : notStartedOutcome;
}

/** Why the work on a database failed; empty if it did not. */
export function failuresOf(end: DatabaseEnd<NamedDatabase>): readonly Diagnostic[] {
  if (end.kind === 'done') return end.result.failures;
  return end.kind === 'failed' ? end.failures : [];
}

/** All diagnostics of a database; each has the name of the database, to distinguish it from those of others. */
export function namedDiagnostics(end: DatabaseEnd<NamedDatabase>): readonly Diagnostic[] {
  const { name } = end.database;
  const found = end.kind === 'done' ? [...end.result.failures, ...end.result.diagnostics] : failuresOf(end);
  return found.map(({ message, details, ...rest }) => ({
    ...rest,
    message: `${name}: ${message}`,
    details: { ...details, database: name },
  }));
}

/** The result of one database, for machines. */
export function databaseValue(end: DatabaseEnd<NamedDatabase>, command: string) {
  const { name, labels } = end.database;
  const told = end.kind === 'done' ? [...end.result.failures, ...end.result.diagnostics] : failuresOf(end);
  return {
    type: 'database',
    command,
    name,
    labels,
    outcome: outcomeOf(end),
    failed: isFailed(end),
    ...(end.kind === 'notStarted' ? {} : { seconds: end.seconds }),
    ...(end.kind === 'done' ? end.result.value : {}),
    diagnostics: told.map((entry) => ({
      code: entry.code,
      severity: severityOf(entry),
      message: entry.message,
      where: entry.where,
    })),
  };
}

/** The summary for machines. */
export function fleetValue(ends: readonly DatabaseEnd<NamedDatabase>[]) {
  return {
    databases: ends.length,
    failed: ends.filter(isFailed).length,
    outcomes: outcomeCounts(ends),
    failures: failureCodes(ends),
  };
}

/** The number of databases by outcome: first the outcomes of completed work, by name, then failed and not started. */
function outcomeCounts(ends: readonly DatabaseEnd<NamedDatabase>[]): Readonly<Record<string, number>> {
  const last = [failedOutcome, notStartedOutcome];
  const counts = [...groupBy(ends, outcomeOf)].map(([outcome, group]) => [outcome, group.length] as const);
  const rank = ([outcome]: readonly [string, number]) => last.indexOf(outcome);
  return Object.fromEntries(
    counts.sort((left, right) => rank(left) - rank(right) || compareOrdinal(left[0], right[0])),
  );
}

/** The codes that ended the work on databases, with these databases; the most frequent first. */
function failureCodes(
  ends: readonly DatabaseEnd<NamedDatabase>[],
): readonly { readonly code: string; readonly databases: string[] }[] {
  const failed = ends.flatMap((end) => {
    const [first] = failuresOf(end);
    return first === undefined ? [] : [{ code: first.code, name: end.database.name }];
  });
  return [...groupBy(failed, ({ code }) => code)]
    .map(([code, group]) => ({ code, databases: group.map(({ name }) => name) }))
    .sort((left, right) => right.databases.length - left.databases.length || compareOrdinal(left.code, right.code));
}

/** The summary for people: the number of databases by outcome, and the reasons of failures. */
export function fleetSummaryLines(ends: readonly DatabaseEnd<NamedDatabase>[]): string[] {
  const counts = Object.entries(outcomeCounts(ends)).map(([outcome, count]) => `${count} ${outcome}`);
  const codes = failureCodes(ends).map(
    ({ code, databases }) => `  ${databases.length} ${code}: ${namesText(databases)}`,
  );
  return [`${counted(ends.length, 'database')}: ${counts.join(', ')}`, ...codes];
}

/**
 * `FLEET_FAILED` if a database failed or was not started; otherwise undefined. `skipsDone` says whether a repeated run
 * skips finished databases.
 */
export function fleetFailure(
  ends: readonly DatabaseEnd<NamedDatabase>[],
  { skipsDone }: { readonly skipsDone: boolean },
): readonly Diagnostic[] {
  const failed = ends.filter(isFailed).map(({ database }) => database.name);
  const left = ends.filter(({ kind }) => kind === 'notStarted').length;
  if (failed.length + left === 0) return [];
  const parts = [
    ...(failed.length > 0
      ? [`${failed.length} of ${counted(ends.length, 'database')} failed: ${namesText(failed)}`]
      : []),
    ...(left > 0 ? [`${counted(left, 'database was', 'databases were')} not started`] : []),
  ];
  const again = skipsDone ? 'run the same command again; it skips what is done' : 'run the same command again';
  const text = `${parts.join('; ')}. Fix what is wrong and ${again}.`;
  return [diagnostic('FLEET_FAILED', text, {}, { failed, notStarted: left })];
}
