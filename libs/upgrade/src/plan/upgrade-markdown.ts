import { changeClasses } from '@dms/catalog';
import { counted, firstOf, plainLines, type Report, reportMarkdown, type Sentence, type Words } from '@dms/diagnostics';
import { compareBy, groupBy } from '@dms/files';
import { productNames } from '@dms/sql';
import { durationText, type UpgradeEstimate } from '../hazards/estimate.ts';
import { type TableHazard, tableHazards } from '../hazards/table-hazards.ts';
import type { ReportedPlan } from './reported-plan.ts';
import type { UpgradeItem, UpgradePlan } from './upgrade-plan.ts';
import { documentsLines, sizeText } from './upgrade-report.ts';
import { nextParts, sidesText, summaryPart } from './upgrade-summary.ts';

/** How many tables, and how many places of one change, a report names one by one. */
const namedTables = 40;
const namedPlaces = 3;

/** The changes of a plan grouped by kind, the worst first. */
function changeRows(items: readonly UpgradeItem[]): readonly (readonly Sentence[])[] {
  const worst = ({ class: name }: UpgradeItem) => String(changeClasses.length - changeClasses.indexOf(name));
  const sorted = [...items].sort(compareBy(worst, ({ change }) => change));
  return [...groupBy(sorted, (item) => `${item.class} ${item.change}`)].flatMap(([, list]) => {
    const [first] = list;
    if (!first) return [];
    const places = firstOf<UpgradeItem, Words>(
      list,
      namedPlaces,
      ({ path }) => ({ code: path.join('.') }),
      (count) => `… and ${count} more`,
    );
    const named = places.flatMap((each, index): readonly Words[] => (index === 0 ? [each] : [', ', each]));
    return [[first.class, first.change, String(list.length), named]];
  });
}

function lockRow({ table, lock, work, rows, ...hazard }: TableHazard): readonly Sentence[] {
  const wait = (statement: number | null, seconds: number | null) =>
    statement === null ? '' : seconds === null ? `from ${statement}` : `from ${statement}, ${durationText(seconds)}`;
  const readers = wait(hazard.readersFrom, hazard.readersWait);
  const writers = wait(hazard.writersFrom, hazard.writersWait);
  return [{ code: table }, readers, writers, lock, work === 'none' ? '' : work, rows === null ? '' : String(rows)];
}

function lockReport(plan: UpgradePlan, estimate: UpgradeEstimate | null): Report {
  if (plan.intended.length === 0) return [];
  const hazards = tableHazards({ ...plan, statements: plan.intended }, estimate);
  if (hazards.length === 0) return [{ kind: 'paragraph', text: 'Nobody waits for a table.' }];
  const head = ['table', 'readers wait', 'writers wait', 'strongest lock', 'heaviest work', 'rows'];
  const rows = firstOf(hazards, namedTables, lockRow, (count) => [
    `… and ${counted(count, 'more table')}`,
    ...head.slice(1).map(() => ''),
  ]);
  return [
    { kind: 'paragraph', text: 'Locks are held until the commit. The numbers are statement numbers.' },
    { kind: 'table', head, rows, numbers: [head.length - 1] },
  ];
}

function planReport(reported: ReportedPlan, next: readonly string[]): Report {
  const { plan, estimate } = reported;
  const documents = documentsLines(plan, estimate);
  return [
    { kind: 'heading', level: 2, text: `Upgrade on ${productNames[plan.dialect]}: ${plan.verdict}` },
    { kind: 'paragraph', text: sidesText(plan) },
    summaryPart(reported),
    ...nextParts(next),
    ...lockReport(plan, estimate),
    ...(documents.length === 0 ? [] : [{ kind: 'lines' as const, lines: plainLines(documents) }]),
    ...(plan.items.length === 0
      ? []
      : [
          {
            kind: 'table' as const,
            head: ['class', 'change', 'number', 'where'],
            rows: changeRows(plan.items),
            numbers: [2],
          },
        ]),
    { kind: 'paragraph', text: `${sizeText(plan)}.` },
  ];
}

/**
 * Plans as Markdown for a change request: what is decided on and the commands that come next, then the locks (the
 * longest wait first) and the changes (the worst first; design 12 §7).
 *
 * @param next the commands, as a user runs them
 */
export const upgradeMarkdown = (plans: readonly ReportedPlan[], next: readonly string[] = []): string =>
  `${plans.map((reported) => reportMarkdown(planReport(reported, next)).join('\n').trimEnd()).join('\n\n')}\n`;
