import { DmsError } from '@dms/diagnostics';
import {
  type DatabaseEnd,
  databaseValue,
  type FleetDatabase,
  type FleetOptions,
  type FleetTask,
  fleetFailure,
  fleetSummaryLines,
  fleetValue,
  namedDiagnostics,
  type TaskResult,
  workOnFleet,
} from '@dms/operations';
import type { Cancellation } from './cancellation.ts';
import { fleetProgressLines, fleetTable } from './output/fleet-table.ts';
import type { Printer } from './output/printer.ts';

/** What a command adds to the summary of a fleet. */
export interface FleetReport {
  /** For people, between the table and the summary. */
  readonly lines: readonly string[];
  readonly value: Readonly<Record<string, unknown>>;
}

export interface FleetRun<Result extends TaskResult> {
  readonly fleet: Omit<FleetOptions, 'signal' | 'onProgress'>;
  readonly printer: Printer;
  readonly cancellation: Cancellation;
  readonly report?: ((ends: readonly DatabaseEnd<FleetDatabase, Result>[]) => FleetReport) | undefined;
}

/**
 * Runs a command on a fleet: a table at the end or, with `--json`, one object per database as soon as it is done; then
 * the summary (design 18 §4). Throws `FLEET_FAILED` when a database failed or was not started.
 */
export async function runFleetCommand<Options, Result extends TaskResult>(
  task: FleetTask<Options, Result>,
  options: Options,
  { fleet, printer, cancellation, report }: FleetRun<Result>,
): Promise<void> {
  const { command } = task;
  const isForPeople = printer.isForPeople();
  const running = new Map<FleetDatabase, string>();
  const ended: DatabaseEnd<FleetDatabase>[] = [];
  let databases = 0;
  const draw = () =>
    printer.progressLines((columns) => fleetProgressLines({ command, databases, ends: ended, running }, columns));
  const { ends, dialect } = await workOnFleet<Options, Result>(
    task,
    options,
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
  const more = report?.(ends) ?? { lines: [], value: {} };
  const value = { type: 'result', command, dialect, ...fleetValue(ends), ...more.value };
  if (isForPeople) printer.result([...fleetTable(ends), ...more.lines, ...fleetSummaryLines(ends)], value);
  else for (const object of [...left.map((end) => databaseValue(end, command)), value]) printer.object(object);
  const [first, ...rest] = fleetFailure(ends, task);
  if (first) throw new DmsError([first, ...rest]);
}
