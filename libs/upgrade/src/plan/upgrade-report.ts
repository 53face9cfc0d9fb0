import { counted } from '@dms/diagnostics';
import { groupBy } from '@dms/files';
import { rowsKey } from '../hazards/affected-rows.ts';
import type { UpgradeEstimate } from '../hazards/estimate.ts';
import { hazardLines } from '../hazards/hazard-lines.ts';
import type { ReportedPlan } from './reported-plan.ts';
import type { UpgradeItem, UpgradePlan } from './upgrade-plan.ts';
import { shownItem, sidesText, summarySections } from './upgrade-summary.ts';

/** The number of items of one kind that are listed one by one. */
const namedOfAKind = 12;

/** The items of an owner, those of one class and change together. */
function ownerLines(owner: string, items: readonly UpgradeItem[]): string[] {
  const kinds = groupBy(items, (item) => `${item.class} ${item.change}`);
  return [
    `  ${owner}`,
    ...[...kinds].flatMap(([, entries]) => {
      const [first] = entries;
      if (!first) return [];
      const head = `    ${first.class.padEnd(10)} `;
      const lines = entries
        .slice(0, namedOfAKind)
        .map((item) => `${head}${shownItem(item)}${item.reason ? `; ${item.reason}` : ''}`);
      const more = entries.length - namedOfAKind;
      return more > 0 ? [...lines, `${head}${first.change}: … and ${more} more`] : lines;
    }),
  ];
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

function summaryLines(reported: ReportedPlan): readonly string[] {
  const { plan } = reported;
  return [
    `${plan.dialect}: ${sidesText(plan)}`,
    ...summarySections(reported).flatMap(({ title, text, details }) => [
      `${title}: ${text}`,
      ...details.map((line) => `  ${line}`),
    ]),
  ];
}

function detailLines({ plan, estimate }: ReportedPlan): readonly string[] {
  return [
    ...(plan.items.length === 0 ? [] : [`Changes on ${plan.dialect}:`]),
    ...[...groupBy(plan.items, ({ owner }) => owner)].flatMap(([owner, entries]) => ownerLines(owner, entries)),
    ...hazardLines({ ...plan, statements: plan.intended }, estimate),
    ...documentsLines(plan, estimate),
    sizeText(plan),
  ];
}

/**
 * Plans as text for people: what is decided on, in at most 40 lines for each dialect, the commands that come next, then
 * the items by owner and the locks (design 12 §7).
 *
 * @param next the commands, as a user runs them
 */
export const upgradeReport = (plans: readonly ReportedPlan[], next: readonly string[] = []): readonly string[] => [
  ...plans.flatMap(summaryLines),
  ...(next.length === 0 ? [] : ['Next:', ...next.map((command) => `  ${command}`)]),
  ...plans.flatMap((reported) => ['', ...detailLines(reported)]),
];
