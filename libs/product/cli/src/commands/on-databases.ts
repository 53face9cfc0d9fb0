import { alignedText, DmsError, printable } from '@dms/diagnostics';
import {
  type DatabaseEnd,
  type DatabaseWork,
  databaseValue,
  type FleetDatabase,
  type FleetOptions,
  failuresOf,
  fleetFailure,
  fleetSummaryLines,
  fleetValue,
  type Input,
  isFailed,
  namedDiagnostics,
  type Outcome,
  outcomeOf,
  type Sources,
  workOnFleet,
} from '@dms/operations';
import type { Cancellation } from '../cancellation.ts';
import type { Printer } from '../output/printer.ts';

// The part of a command on databases that other commands do not load.
export { runOnDatabase } from '@dms/operations';

interface FleetRun {
  readonly command: string;
  readonly fleet: Omit<FleetOptions, 'signal' | 'onProgress'>;
  readonly printer: Printer;
  readonly cancellation: Cancellation;
}

/**
 * Runs the work of a command on a fleet: a table at the end or, with `--json`, one object per database as soon as it is
 * done; then the summary (design 18 §4). Throws `FLEET_FAILED` when a database failed or was not started.
 */
export async function runFleetCommand<Options, Kind extends keyof Sources, Prepared, Result extends Outcome, Kept>(
  work: DatabaseWork<Options, Kind, Prepared, Result, Kept>,
  input: Input<Options, Sources[Kind]>,
  { command, fleet, printer, cancellation }: FleetRun,
): Promise<void> {
  const isForPeople = printer.isForPeople();
  const running = new Map<FleetDatabase, string>();
  const ended: DatabaseEnd<FleetDatabase>[] = [];
  let databases = 0;
  const draw = () =>
    printer.progressLines((columns) => fleetProgressLines({ command, databases, ends: ended, running }, columns));
  const { ends, dialect } = await workOnFleet(
    work,
    input,
    { ...fleet, signal: cancellation.hold(), onProgress: (part) => printer.progress(`${part} …`) },
    {
      onSelected: (selected) => {
        databases = selected.length;
        printer.endProgress();
      },
      onStart: (database) => {
        running.set(database, 'start');
        draw();
      },
      onPart: (database, part) => {
        running.set(database, part);
        draw();
      },
      onEnd: (end) => {
        running.delete(end.database);
        ended.push(end);
        printer.endProgress();
        for (const entry of namedDiagnostics(end)) printer.diagnostic(entry);
        if (!isForPeople) printer.object(databaseValue(end, command));
        draw();
      },
    },
  ).finally(() => printer.endProgress());
  const left = ends.filter(({ kind }) => kind === 'notStarted');
  const done = ends.flatMap(({ database, ...end }) =>
    end.kind === 'done' ? [{ ...database, kept: end.result.kept as Kept }] : [],
  );
  const more = work.findings?.(done, input.options) ?? { lines: [], value: {} };
  const value = { type: 'result', command, dialect, ...fleetValue(ends), ...more.value };
  if (isForPeople) printer.result([...fleetTable(ends), ...more.lines, ...fleetSummaryLines(ends)], value);
  else for (const object of [...left.map((end) => databaseValue(end, command)), value]) printer.object(object);
  const [first, ...rest] = fleetFailure(ends, work);
  if (first) throw new DmsError([first, ...rest]);
}

/** Every database with its outcome, in the order of the fleet. */
export function fleetTable(ends: readonly DatabaseEnd<FleetDatabase>[]): readonly string[] {
  const hasLabels = ends.some(({ database }) => labelsText(database) !== '');
  return alignedText(
    ends.map((end) => [
      end.database.name,
      ...(hasLabels ? [labelsText(end.database)] : []),
      outcomeOf(end),
      ...(detailOf(end) === '' ? [] : [detailOf(end)]),
    ]),
  );
}

const labelsText = ({ labels }: FleetDatabase) =>
  Object.entries(labels)
    .map(([label, value]) => `${label}=${printable(value)}`)
    .join(' ');

/** The note beside the outcome: the codes of failures, then the detail of the result. */
function detailOf(end: DatabaseEnd<FleetDatabase>): string {
  const codes = [...new Set(failuresOf(end).map(({ code }) => code))];
  const detail = end.kind === 'done' ? end.result.detail : '';
  // a detail may begin with the code of a failure
  return [...new Set([...codes, ...(detail === '' ? [] : detail.split('; '))])].join('; ');
}

/** The state of the table that a terminal shows while the command works on a fleet. */
interface FleetProgress {
  readonly command: string;
  readonly databases: number;
  readonly ends: readonly DatabaseEnd<FleetDatabase>[];
  /** The databases in progress, each with its current part of the work. */
  readonly running: ReadonlyMap<FleetDatabase, string>;
}

/** The maximum number of databases in progress that are listed; the others are counted. */
const longestTable = 16;

/** The lines of that table. No line is longer than the terminal, because redrawing would leave parts of it behind. */
export function fleetProgressLines({ command, databases, ends, running }: FleetProgress, columns: number): string[] {
  const failed = ends.filter(isFailed).length;
  const head = `${command}: ${ends.length} of ${databases} done${failed === 0 ? '' : `, ${failed} failed`}`;
  const rows = [...running].map(([database, part]) => [`  ${database.name}`, `${part} …`]);
  const rest = rows.length > longestTable ? [`  and ${rows.length - longestTable} more`] : [];
  return [...[head, ...alignedText(rows.slice(0, longestTable))].map((line) => cut(line, columns)), ...rest];
}

/** Cuts a line that would be longer than the terminal. */
const cut = (line: string, columns: number) => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line);
