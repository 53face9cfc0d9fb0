import { groupBy } from '@dms/canonical-json';
import { counted } from '@dms/diagnostics';
import { rowsKey } from '../hazards/affected-rows.ts';
import type { UpgradeEstimate } from '../hazards/estimate.ts';
import { hazardLines } from '../hazards/hazard-lines.ts';
import { changeClasses } from '../kinds/change-rules.ts';
import { preparableLines } from '../preparing/preparation-lines.ts';
import { renameOption } from '../renaming/rename.ts';
import type { UpgradeItem, UpgradePlan } from './upgrade-plan.ts';

const shown = ({ before, after }: UpgradeItem) =>
  before === undefined && after === undefined ? '' : ` (${before ?? 'nothing'} → ${after ?? 'nothing'})`;

const ends: Readonly<Record<UpgradePlan['verdict'], string>> = {
  free: 'no row can object',
  rewritten: 'rows are changed, using existing values',
  checked: 'rows are looked at first, and may object',
  loss: 'values disappear',
  impossible: 'values would be needed that are nowhere',
};

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
      const head = `    ${first.class.padEnd(10)} ${first.change}`;
      const named = entries
        .slice(0, namedOfAKind)
        .map((item) => `${head}: ${item.path.join('.')}${shown(item)}${item.reason ? `; ${item.reason}` : ''}`);
      return entries.length > namedOfAKind ? [...named, `${head}: … and ${entries.length - namedOfAKind} more`] : named;
    }),
  ];
}

/** The number of items of each class: `16 free`, `29 rewritten`. */
export const classCounts = ({ items }: Pick<UpgradePlan, 'items'>): readonly string[] =>
  changeClasses.flatMap((name) => {
    const count = items.filter((item) => item.class === name).length;
    return count === 0 ? [] : [`${count} ${name}`];
  });

/** Which documents are checked, and how many if they were counted. */
export const documentsLines = ({ documentChecks }: UpgradePlan, estimate: UpgradeEstimate | null): readonly string[] =>
  documentChecks.map(({ id, resource, rules, rows, isAllowed }) => {
    const count = estimate?.rows.get(rowsKey(rows));
    const documents = count === undefined ? 'all documents' : counted(count, 'document');
    const end = isAllowed ? 'those that break a rule may stay' : 'the script alone does not do this';
    return `${id}: reads ${documents} of ${resource.after} and checks ${counted(rules.length, 'rule')}; ${end}`;
  });

/** A plan as text for people: the tree of its items by owner, the locks, and the verdict (design 12 §7). */
export function upgradeReport(plan: UpgradePlan, estimate: UpgradeEstimate | null = null): readonly string[] {
  const { dialect, before, after, items, verdict, checks, losses, statements, allowedLosses, candidates } = plan;
  const counts = classCounts(plan);
  return [
    `${dialect}: ${before.projects.join(', ')} → ${after.projects.join(', ')}`,
    ...[...groupBy(items, ({ owner }) => owner)].flatMap(([owner, entries]) => ownerLines(owner, entries)),
    ...hazardLines(plan, estimate),
    ...preparableLines(plan, estimate),
    `Verdict: ${verdict} (${ends[verdict]})${counts.length === 0 ? '; nothing changes' : `; ${counts.join(', ')}`}`,
    ...candidates.map(
      (rename) => `Perhaps renamed: ${rename.before} is gone and ${rename.after} is new. If so: ${renameOption(rename)}`,
    ),
    ...documentsLines(plan, estimate),
    `${counted(statements.length, 'statement')}, ${counted(checks.length, 'check')}, ${counted(losses.length, 'count')} of losses${allowedLosses.length === 0 ? '' : `; permitted: ${allowedLosses.join(', ')}`}`,
  ];
}
