import { counted, firstOf, plainLines, type Report, type ReportLine, reportText } from '@dms/diagnostics';
import { groupBy } from '@dms/files';
import { rowsKey } from '../hazards/affected-rows.ts';
import type { UpgradeEstimate } from '../hazards/estimate.ts';
import { hazardLines } from '../hazards/hazard-lines.ts';
import type { ReportedPlan } from './reported-plan.ts';
import type { UpgradeItem, UpgradePlan } from './upgrade-plan.ts';
import { nextParts, shownItem, sidesText, summaryPart } from './upgrade-summary.ts';

/** The number of items of one kind that are listed one by one. */
const namedOfAKind = 12;

/** The items of an owner, those of one class and change together. */
function ownerLine(owner: string, items: readonly UpgradeItem[]): ReportLine {
  const kinds = groupBy(items, (item) => `${item.class} ${item.change}`);
  const lines = [...kinds].flatMap(([, entries]) => {
    const [first] = entries;
    if (!first) return [];
    const head = `${first.class.padEnd(10)} `;
    return firstOf(
      entries,
      namedOfAKind,
      (item) => `${head}${shownItem(item)}${item.reason ? `; ${item.reason}` : ''}`,
      (count) => `${head}${first.change}: … and ${count} more`,
    );
  });
  return { text: owner, below: plainLines(lines) };
}

/** Which documents are checked, and how many if they were counted. */
export const documentsLines = ({ documentChecks }: UpgradePlan, estimate: UpgradeEstimate | null): readonly string[] =>
  documentChecks.map(({ id, resource, rules, rows, isAllowed }) => {
    const count = estimate?.rows.get(rowsKey(rows));
    const documents = count === undefined ? 'all documents' : counted(count, 'document');
    const end = isAllowed ? 'those that break a rule may stay' : 'the script alone does not do this';
    return `${id}: reads ${documents} of ${resource.after} and checks ${counted(rules.length, 'rule')}; ${end}`;
  });

/** How large a plan is. */
export const sizeText = ({ intended, checks, losses, allowedLosses }: UpgradePlan): string =>
  `${counted(intended.length, 'statement')}, ${counted(checks.length, 'check')}, ${counted(losses.length, 'count')} of losses${allowedLosses.length === 0 ? '' : `; permitted: ${allowedLosses.join(', ')}`}`;

const summary = (reported: ReportedPlan): Report => [
  { kind: 'paragraph', text: `${reported.plan.dialect}: ${sidesText(reported.plan)}` },
  summaryPart(reported),
];

function details({ plan, estimate }: ReportedPlan): Report {
  const owners = [...groupBy(plan.items, ({ owner }) => owner)].map(([owner, items]) => ownerLine(owner, items));
  return [
    { kind: 'paragraph', text: '' },
    {
      kind: 'lines',
      lines: [
        ...(owners.length === 0 ? [] : [{ text: `Changes on ${plan.dialect}:`, below: owners }]),
        ...hazardLines({ ...plan, statements: plan.intended }, estimate),
        ...plainLines([...documentsLines(plan, estimate), sizeText(plan)]),
      ],
    },
  ];
}

/**
 * Plans as text for people: what is decided on, in at most 40 lines for each dialect, the commands that come next, then
 * the items by owner and the locks (design 12 §7).
 *
 * @param next the commands, as a user runs them
 */
export const upgradeReport = (plans: readonly ReportedPlan[], next: readonly string[] = []): readonly string[] =>
  reportText([...plans.flatMap(summary), ...nextParts(next), ...plans.flatMap(details)]);
