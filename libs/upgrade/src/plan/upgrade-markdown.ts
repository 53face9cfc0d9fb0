import { changeClasses } from '@dms/catalog';
import { counted, markdownCell, markdownCode } from '@dms/diagnostics';
import { compareBy, groupBy } from '@dms/files';
import { productNames } from '@dms/sql';
import { durationText } from '../hazards/duration.ts';
import type { UpgradeEstimate } from '../hazards/estimate.ts';
import { type TableHazard, tableHazards } from '../hazards/table-hazards.ts';
import type { ReportedPlan } from './reported-plan.ts';
import type { UpgradeItem, UpgradePlan } from './upgrade-plan.ts';
import { documentsLines, sizeText } from './upgrade-report.ts';
import { type SummarySection, sidesText, summarySections } from './upgrade-summary.ts';

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
  return row(
    markdownCode(table),
    readers,
    writers,
    lock,
    work === 'none' ? '' : work,
    rows === null ? '' : String(rows),
  );
}

function lockLines(plan: UpgradePlan, estimate: UpgradeEstimate | null): string[] {
  if (plan.intended.length === 0) return [];
  const hazards = tableHazards({ ...plan, statements: plan.intended }, estimate);
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

function sectionLines({ title, text, details }: SummarySection): readonly string[] {
  return [`- **${title}**: ${markdownCell(text)}`, ...details.map((line) => `  - ${markdownCell(line)}`)];
}

function planLines(reported: ReportedPlan, next: readonly string[]): readonly string[] {
  const { plan, estimate } = reported;
  const documents = documentsLines(plan, estimate).map((line) => `- ${markdownCell(line)}`);
  return [
    `## Upgrade on ${productNames[plan.dialect]}: ${plan.verdict}`,
    '',
    markdownCell(sidesText(plan)),
    '',
    ...summarySections(reported).flatMap(sectionLines),
    '',
    ...(next.length === 0 ? [] : ['Next:', '', '```sh', ...next, '```', '']),
    ...lockLines(plan, estimate),
    ...documents,
    ...(documents.length === 0 ? [] : ['']),
    ...(plan.items.length === 0
      ? []
      : [row('class', 'change', 'number', 'where'), row('---', '---', '---:', '---'), ...changeRows(plan.items), '']),
    `${sizeText(plan)}.`,
  ];
}

/**
 * Plans as Markdown for a change request: what is decided on and the commands that come next, then the locks (the
 * longest wait first) and the changes (the worst first; design 12 §7).
 *
 * @param next the commands, as a user runs them
 */
export const upgradeMarkdown = (plans: readonly ReportedPlan[], next: readonly string[] = []): string =>
  `${plans.map((reported) => planLines(reported, next).join('\n').trimEnd()).join('\n\n')}\n`;
