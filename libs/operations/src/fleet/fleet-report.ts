import type { CatalogValue, Difference, Severity } from '@dms/catalog';
import { counted, type Diagnostic, diagnostic, printable, severityOf } from '@dms/diagnostics';
import { compareBy, compareOrdinal, groupBy } from '@dms/files';
import { mustExist } from '@dms/model';
import { type DatabaseEnd, isFailed } from './run-fleet.ts';

/** What was found in one database. */
export interface DriftOfDatabase {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly differences: readonly Difference[];
}

/** How many of the databases with a certain value of a label have a finding. */
interface LabelShare {
  readonly label: string;
  readonly value: string;
  readonly found: number;
  readonly of: number;
}

/** A difference, and all databases that have it. */
interface FleetFinding extends Difference {
  /** In the order of the fleet. */
  readonly databases: readonly string[];
  /**
   * For each label that separates the affected databases from the others: the shares of its values, without values that
   * have none.
   */
  readonly shares: readonly LabelShare[];
}

const severities: readonly Severity[] = ['error', 'warning', 'info'];

/** What makes two differences one finding: everything but the guess about a renaming. */
function keyOf({ object, path, change, field, expected, actual, severity }: Difference): string {
  return JSON.stringify([severity, object, path, change, field ?? null, expected ?? null, actual ?? null]);
}

/** The shares of each label whose values do not all have the finding in the same way. */
function sharesOf(having: ReadonlySet<string>, databases: readonly DriftOfDatabase[]): LabelShare[] {
  const labels = [...new Set(databases.flatMap((database) => Object.keys(database.labels)))].sort();
  return labels.flatMap((label) => {
    const groups = groupBy(
      databases.filter((database) => database.labels[label] !== undefined),
      ({ labels: own }) => mustExist(own[label], `the label ${label}`),
    );
    const shares = [...groups]
      .map(([value, group]) => ({
        label,
        value,
        of: group.length,
        found: group.filter(({ name }) => having.has(name)).length,
      }))
      .sort(compareBy(({ value }) => value));
    // where every database has its own value, the names say the same; where all values are alike, the label says
    // nothing
    const tells = shares.some((share) => share.of > 1) && new Set(shares.map(({ found, of }) => found / of)).size > 1;
    return tells ? shares.filter(({ found }) => found > 0) : [];
  });
}

/**
 * The differences of many databases, equal ones as one finding (design 18 §5): errors first, then warnings; those of
 * more databases first; then by path.
 */
export function fleetFindings(databases: readonly DriftOfDatabase[]): readonly FleetFinding[] {
  const found = databases.flatMap(({ name, differences }) => differences.map((difference) => ({ name, difference })));
  return [...groupBy(found, ({ difference }) => keyOf(difference))]
    .flatMap(([key, group]): { readonly key: string; readonly finding: FleetFinding }[] => {
      const [first] = group;
      if (first === undefined) return [];
      const { because: _, ...difference } = first.difference;
      const names = group.map(({ name }) => name);
      return [{ key, finding: { ...difference, databases: names, shares: sharesOf(new Set(names), databases) } }];
    })
    .sort(
      (left, right) =>
        severities.indexOf(left.finding.severity) - severities.indexOf(right.finding.severity) ||
        right.finding.databases.length - left.finding.databases.length ||
        compareBy(({ key }: { readonly key: string }) => key)(left, right),
    )
    .map(({ finding }) => finding);
}

const longestValue = 80;
const namesShown = 5;

const words = (kind: string) => kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function valueText(value: CatalogValue | undefined): string {
  const text = printable(typeof value === 'string' ? value : JSON.stringify(value ?? null));
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

function sentence({ object, path, change, field, expected, actual, databases }: FleetFinding): string {
  const isOne = databases.length === 1;
  const thing = `${words(object)} ${printable(path.join('.'))}`;
  const who = counted(databases.length, 'database');
  if (change === 'missing') return `${who} ${isOne ? 'lacks' : 'lack'} ${thing}`;
  if (change === 'extra') return `${who} ${isOne ? 'has' : 'have'} ${thing}, which the schema set does not make`;
  const verb = isOne ? 'differs' : 'differ';
  // both lists would be cut before they differ
  if (object === 'columnOrder') return `${who} ${verb} in the order of the columns of ${printable(path.join('.'))}`;
  const where = field === undefined ? thing : `${words(field)} of ${thing}`;
  return `${who} ${verb} in ${where}: ${valueText(actual)} in place of ${valueText(expected)}`;
}

/** At most five names, and the number of the others. */
export function namesText(names: readonly string[]): string {
  const shown = names.slice(0, namesShown).join(', ');
  return names.length > namesShown ? `${shown}, … (${names.length} in all)` : shown;
}

function lines(finding: FleetFinding): string[] {
  const shares = [...groupBy(finding.shares, ({ label }) => label)].map(([label, group]) => {
    const parts = group.map(({ value, found, of }) => `${printable(value)} (${found} of ${of})`);
    return `  by ${label}: ${parts.join(', ')}`;
  });
  return [`${finding.severity}: ${sentence(finding)}`, `  ${namesText(finding.databases)}`, ...shares];
}

/** The findings for people: at most 200 lines unless all are requested. */
export function fleetFindingLines(findings: readonly FleetFinding[], { all = false } = {}): string[] {
  const body = findings.flatMap(lines);
  const longest = all ? body.length : 200;
  const rest = body.length > longest ? [`… and ${counted(body.length - longest, 'more line')}; --all prints them`] : [];
  return [...body.slice(0, longest), ...rest];
}

interface Named {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

const failedOutcome = 'failed';
const notStartedOutcome = 'not started';

/** One word or a few for how a database ended. */
export function outcomeOf(end: DatabaseEnd<Named>): string {
  if (end.kind === 'done') return end.result.outcome;
  return end.kind === 'failed' ? failedOutcome : notStartedOutcome;
}

/** Why a database failed; empty when it did not. */
export function failuresOf(end: DatabaseEnd<Named>): readonly Diagnostic[] {
  if (end.kind === 'done') return end.result.failures;
  return end.kind === 'failed' ? end.failures : [];
}

/** Everything that was reported about a database; each entry has its name, to distinguish it from those of others. */
export function namedDiagnostics(end: DatabaseEnd<Named>): readonly Diagnostic[] {
  const { name } = end.database;
  const found = end.kind === 'done' ? [...end.result.failures, ...end.result.diagnostics] : failuresOf(end);
  return found.map(({ message, details, ...rest }) => ({
    ...rest,
    message: `${name}: ${message}`,
    details: { ...details, database: name },
  }));
}

/** How many databases ended in which way: what was done before what was not, each in the order of occurrence. */
function outcomeCounts(ends: readonly DatabaseEnd<Named>[]): Readonly<Record<string, number>> {
  const last = [failedOutcome, notStartedOutcome];
  const counts = [...groupBy(ends, outcomeOf)].map(([outcome, group]) => [outcome, group.length] as const);
  const rank = ([outcome]: readonly [string, number]) => last.indexOf(outcome);
  return Object.fromEntries(
    counts.sort((left, right) => rank(left) - rank(right) || compareOrdinal(left[0], right[0])),
  );
}

/** How often a code ended the work on a database, and on which ones; the most frequent first. */
function failureCodes(
  ends: readonly DatabaseEnd<Named>[],
): readonly { readonly code: string; readonly databases: string[] }[] {
  const failed = ends.flatMap((end) => {
    const [first] = failuresOf(end);
    return first === undefined ? [] : [{ code: first.code, name: end.database.name }];
  });
  return [...groupBy(failed, ({ code }) => code)]
    .map(([code, group]) => ({ code, databases: group.map(({ name }) => name) }))
    .sort((left, right) => right.databases.length - left.databases.length || compareOrdinal(left.code, right.code));
}

/** The form of one database for machines: one object. */
export function databaseValue(end: DatabaseEnd<Named>, command: string) {
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
export function fleetValue(ends: readonly DatabaseEnd<Named>[]) {
  return {
    databases: ends.length,
    failed: ends.filter(isFailed).length,
    outcomes: outcomeCounts(ends),
    failures: failureCodes(ends),
  };
}

/** The summary for people: how many ended in which way, and why those that failed did. */
export function fleetSummaryLines(ends: readonly DatabaseEnd<Named>[]): string[] {
  const counts = Object.entries(outcomeCounts(ends)).map(([outcome, count]) => `${count} ${outcome}`);
  const codes = failureCodes(ends).map(
    ({ code, databases }) => `  ${databases.length} ${code}: ${namesText(databases)}`,
  );
  return [`${counted(ends.length, 'database')}: ${counts.join(', ')}`, ...codes];
}

/**
 * `skipsDone` says whether a repeated run leaves finished databases alone. `FLEET_FAILED` where a database failed or
 * was not started; otherwise undefined.
 */
export function fleetFailure(
  ends: readonly DatabaseEnd<Named>[],
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
