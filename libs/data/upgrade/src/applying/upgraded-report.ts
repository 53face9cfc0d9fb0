import { counted, plainLines, type Report } from '@dms/diagnostics';
import { durationText } from '../hazards/estimate.ts';
import type { UpgradeItem, UpgradePlan } from '../plan/upgrade-plan.ts';
import type { Upgraded } from './apply-upgrade.ts';

const headings: Readonly<Record<Upgraded['outcome'], string>> = {
  upgraded: 'Upgraded',
  dryRun: 'Dry run: everything was done and rolled back',
  alreadyUpgraded: 'The database already has the later schema set; nothing was changed',
};

type Reported = Omit<Upgraded, 'diagnostics'>;

/** The report of an upgrade: the outcome, the schema set that the database has, and the changes to it. */
export function upgradedReport(upgraded: Reported): Report {
  const { outcome, plan } = upgraded;
  const hash = `Effective schema hash: ${plan.after.effectiveSchemaHash}`;
  const work = outcome === 'alreadyUpgraded' ? [] : workTexts(upgraded);
  return [
    { kind: 'paragraph', text: headings[outcome] },
    { kind: 'lines', lines: plainLines([hash, ...work]) },
  ];
}

/** The changes to the database, in words. */
function workTexts({
  plan,
  adoption,
  losses,
  invalid,
  documents,
  rejected,
  prepared,
  lockedSeconds,
}: Reported): readonly string[] {
  return [
    ...shapesText(plan).map((text) => `Mapping version: ${text}`),
    ...(adoption === null ? [] : [`Adopted first: ${counted(adoption.statements.length, 'statement')}`]),
    `${counted(plan.statements.length, 'statement')}, verdict ${plan.verdict}`,
    ...(prepared === 0 ? [] : [`Prepared before: ${counted(prepared, 'statement')}`]),
    ...losses.map(({ item, count }) => `Lost: ${item.change}: ${item.path.join('.')} (${count})`),
    ...invalid.map(
      ({ item, count }) => `Left invalid: ${counted(count, 'document')}: ${item.change}: ${item.path.join('.')}`,
    ),
    ...lockedText({ lockedSeconds }).map((text) => `Tables were ${text}`),
    ...rejectedText({ rejected }).map((text) => `Rejects: ${text}`),
    `Documents: ${documents}`,
  ];
}

/** The shapes before and after a move (design 22 §7); nothing for another upgrade. */
export const shapesText = ({ before, after }: Pick<UpgradePlan, 'before' | 'after'>): readonly string[] =>
  before.mappingVersion === after.mappingVersion ? [] : [`${before.mappingVersion} → ${after.mappingVersion}`];

/** How long others waited, in the words of an estimate; nothing where nothing was locked. */
export const lockedText = ({ lockedSeconds }: Pick<Upgraded, 'lockedSeconds'>): readonly string[] =>
  lockedSeconds === null ? [] : [`locked for ${durationText(lockedSeconds)}`];

/** How many documents are kept in a file, in words; nothing where no document was read. */
export const rejectedText = ({ rejected }: Pick<Upgraded, 'rejected'>): readonly string[] =>
  rejected === null ? [] : [rejected === 0 ? 'no document was rejected' : `${counted(rejected, 'document')} rejected`];

/** Items with their numbers of values or documents, for machines. */
export const countedItems = (counts: readonly { readonly item: UpgradeItem; readonly count: number }[]) =>
  counts.map(({ item, count }) => ({ owner: item.owner, change: item.change, path: item.path, count }));

/** How many problems stay, for the line of a fleet. */
export const invalidText = (invalid: readonly { readonly count: number }[]): readonly string[] => {
  const stay = invalid.reduce((sum, { count }) => sum + count, 0);
  return invalid.length === 0 ? [] : [counted(stay, 'problem of documents stays', 'problems of documents stay')];
};
