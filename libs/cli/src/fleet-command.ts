import { DmsError } from '@dms/diagnostics';
import {
  type DatabaseEnd,
  type DatabaseWork,
  databaseValue,
  type FleetDatabase,
  type FleetOptions,
  fleetFailure,
  fleetSummaryLines,
  fleetValue,
  type Input,
  namedDiagnostics,
  type Outcome,
  type Sources,
  workOnFleet,
} from '@dms/operations';
import type { Cancellation } from './cancellation.ts';
import { fleetProgressLines, fleetTable } from './output/fleet-table.ts';
import type { Printer } from './output/printer.ts';

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
