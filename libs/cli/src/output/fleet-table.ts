import { alignedText, printable } from '@dms/diagnostics';
import { type DatabaseEnd, type FleetDatabase, failuresOf, isFailed, outcomeOf } from '@dms/operations';

/** Cuts a line that would be longer than the terminal. */
const cut = (line: string, columns: number) => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line);

const labelsText = ({ labels }: FleetDatabase) =>
  Object.entries(labels)
    .map(([label, value]) => `${label}=${printable(value)}`)
    .join(' ');

/** The note beside the outcome: why it failed, otherwise what was found. */
function detailOf(end: DatabaseEnd<FleetDatabase>): string {
  const codes = [...new Set(failuresOf(end).map(({ code }) => code))];
  const detail = end.kind === 'done' ? end.result.detail : '';
  // a detail may begin with the code of a failure
  return [...new Set([...codes, ...(detail === '' ? [] : detail.split('; '))])].join('; ');
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

/** The table that a terminal shows while the command works on a fleet. */
export interface FleetProgress {
  readonly command: string;
  readonly databases: number;
  readonly ends: readonly DatabaseEnd<FleetDatabase>[];
  /** The databases in progress, each with its current part of the work. */
  readonly running: ReadonlyMap<FleetDatabase, string>;
}

/** The most databases in progress that are listed; the others are counted. */
const longestTable = 16;

/** The lines of that table. None is longer than the terminal, because redrawing would leave parts of it behind. */
export function fleetProgressLines({ command, databases, ends, running }: FleetProgress, columns: number): string[] {
  const failed = ends.filter(isFailed).length;
  const head = `${command}: ${ends.length} of ${databases} done${failed === 0 ? '' : `, ${failed} failed`}`;
  const rows = [...running].map(([database, part]) => [`  ${database.name}`, `${part} …`]);
  const rest = rows.length > longestTable ? [`  and ${rows.length - longestTable} more`] : [];
  return [...[head, ...alignedText(rows.slice(0, longestTable))].map((line) => cut(line, columns)), ...rest];
}
