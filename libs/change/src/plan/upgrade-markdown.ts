import { compareBy, groupBy } from '@dms/canonical-json';
import { counted, markdownCell, markdownCode } from '@dms/diagnostics';
import { productNames } from '@dms/sql';
import { durationText } from '../hazards/duration.ts';
import type { UpgradeEstimate } from '../hazards/estimate.ts';
import { estimateLine } from '../hazards/hazard-lines.ts';
import { type TableHazard, tableHazards } from '../hazards/table-hazards.ts';
import { changeClasses } from '../kinds/change-rules.ts';
import { preparableLines } from '../preparing/preparation-lines.ts';
import { renameOption } from '../renaming/rename.ts';
import type { UpgradeItem, UpgradePlan } from './upgrade-plan.ts';
import { classCounts, documentsLines } from './upgrade-report.ts';

/** How many tables, and how many places of one change, a report names one by one. */
const namedTables = 40;
const namedPlaces = 3;

const row = (...cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** The changes of a plan grouped by kind, the worst first. */
function changeRows(items: readonly UpgradeItem[]): string[] {
  const worst = ({ class: name }: UpgradeItem) => String(changeClasses.length - changeClasses.indexOf(name));
  const sorted = [...items].sort(compareBy(worst, ({ change }) => change));
  return [...groupBy(sorted, (item) => `${item.class} ${item.change}`)].flatMap(([, list]) => {
    const [first] = list;
    if (!first) return [];
    const places = list.slice(0, namedPlaces).map(({ path }) => markdownCode(path.join('.')));
    const more = list.length - places.length;
    const named = [...places, ...(more > 0 ? [`… and ${more} more`] : [])].join(', ');
    return [row(first.class, first.change, String(list.length), named)];
  });
}

function lockRow({ table, lock, work, rows, ...hazard }: TableHazard): string {
  const wait = (statement: number | null, seconds: number | null) =>
    statement === null ? '' : seconds === null ? `from ${statement}` : `from ${statement}, ${durationText(seconds)}`;
  const readers = wait(hazard.readersFrom, hazard.readersWait);
  const writers = wait(hazard.writersFrom, hazard.writersWait);
  return row(markdownCode(table), readers, writers, lock, work === 'none' ? '' : work, rows === null ? '' : String(rows));
}

function lockLines(plan: UpgradePlan, estimate: UpgradeEstimate | null): string[] {
  if (plan.statements.length === 0) return [];
  const hazards = tableHazards(plan, estimate);
  if (hazards.length === 0) return ['Nobody waits for a table.', ''];
  const more = hazards.length - namedTables;
  return [
    'Locks are held until the commit. The numbers are statement numbers.',
    '',
    row('table', 'readers wait', 'writers wait', 'strongest lock', 'heaviest work', 'rows'),
    row('---', '---', '---', '---', '---', '---:'),
    ...hazards.slice(0, namedTables).map(lockRow),
    ...(more > 0 ? [row(`… and ${counted(more, 'more table')}`, '', '', '', '', '')] : []),
    '',
  ];
}

/**
 * A plan as Markdown for a change request: the verdict, the locks (the longest wait first) and the changes (the worst first; design 12
 * §12).
 */
export function upgradeMarkdown(plan: UpgradePlan, estimate: UpgradeEstimate | null = null): string {
  const { dialect, before, after, items, verdict, checks, losses, statements, candidates } = plan;
  const counts = classCounts(plan);
  const sizes = [counted(statements.length, 'statement'), counted(checks.length, 'check'), counted(losses.length, 'count')];
  const lines = [
    `## Upgrade on ${productNames[dialect]}: ${verdict}`,
    '',
    `${markdownCell(before.projects.join(', '))} → ${markdownCell(after.projects.join(', '))}`,
    '',
    `${counts.length === 0 ? 'Nothing changes' : counts.join(', ')}. ${sizes.join(', ')} of losses.`,
    '',
    ...candidates.map(
      (rename) =>
        `- Perhaps renamed: ${markdownCode(rename.before)} → ${markdownCode(rename.after)}. If so: ${markdownCode(renameOption(rename))}`,
    ),
    ...(candidates.length === 0 ? [] : ['']),
    ...(estimate === null ? [] : [estimateLine(plan, estimate), '']),
    ...documentsLines(plan, estimate).map((line) => `- ${markdownCell(line)}`),
    ...(plan.documentChecks.length === 0 ? [] : ['']),
    ...lockLines(plan, estimate),
    ...preparableLines(plan, estimate).flatMap((line) => [line, '']),
    ...(items.length === 0
      ? []
      : [row('class', 'change', 'number', 'where'), row('---', '---', '---:', '---'), ...changeRows(items)]),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}
