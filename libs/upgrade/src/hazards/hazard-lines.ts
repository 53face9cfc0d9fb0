import { counted, firstOf, plainLines, type ReportLine } from '@dms/diagnostics';
import { groupBy } from '@dms/files';
import { productNames } from '@dms/sql';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
import { durationText, type UpgradeEstimate } from './estimate.ts';
import { works } from './rules.ts';
import { type TableHazard, tableHazards } from './table-hazards.ts';

/** How many tables a report names one by one. */
const namedTables = 12;

/** `row writes (statement 12, about 2 s)`: the work of statements on a table, grouped by work, the heaviest first. */
function workTexts({ statements }: TableHazard): readonly string[] {
  const byWork = groupBy(statements, ({ work }) => work);
  return works.toReversed().flatMap((work) => {
    const list = byWork.get(work) ?? [];
    if (work === 'none' || list.length === 0) return [];
    const [first, second] = list;
    const which = first && !second ? `statement ${first.statement}` : counted(list.length, 'statement');
    const known = list.flatMap((each) => each.seconds ?? []);
    const seconds = known.length === list.length ? known.reduce((sum, each) => sum + each, 0) : null;
    return [`${work} (${which}${seconds === null ? '' : `, ${durationText(seconds)}`})`];
  });
}

/** Who waits for a table, and from which statement on. */
function waitText({ blocks, writersFrom, readersFrom, writersWait, readersWait }: TableHazard): string {
  const from = (who: string, statement: number, wait: number | null) =>
    `${who} wait from statement ${statement}${wait === null ? '' : `, ${durationText(wait)}`}`;
  if (readersFrom === null) return from('writers', writersFrom, writersWait);
  const readers = from(blocks, readersFrom, readersWait);
  return readersFrom === writersFrom ? readers : `${readers}; ${from('writers', writersFrom, writersWait)}`;
}

/** A table that somebody waits for: from which statement on, its lock, its rows and the work on them. */
export function tableLine(hazard: TableHazard): string {
  const { table, lock, rows } = hazard;
  const counts = rows === null ? [] : [counted(rows, 'row')];
  const details = [...counts, ...workTexts(hazard)];
  return `${table}: ${waitText(hazard)} (${lock})${details.length === 0 ? '' : `; ${details.join(', ')}`}`;
}

/** How long an upgrade takes. */
export const timeText = ({ dialect }: Pick<UpgradePlan, 'dialect'>, { time }: UpgradeEstimate): string =>
  time === null
    ? `no estimate for ${productNames[dialect]}: nothing was measured there`
    : `${durationText(time.whole)} in this database, not counting time spent waiting for others`;

/** The locks of a plan as lines for people, the longest wait first (design 12 §12). */
export function hazardLines(
  plan: Pick<UpgradePlan, 'dialect' | 'statements'>,
  estimate: UpgradeEstimate | null = null,
): readonly ReportLine[] {
  if (plan.statements.length === 0) return [];
  const hazards = tableHazards(plan, estimate);
  if (hazards.length === 0) return plainLines(['Nobody waits for a table']);
  const tables = firstOf(hazards, namedTables, tableLine, (count) => `… and ${counted(count, 'more table')}`);
  return [{ text: 'Locks, held until the commit, the longest wait first:', below: plainLines(tables) }];
}
