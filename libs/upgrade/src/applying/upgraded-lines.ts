import { counted } from '@dms/diagnostics';
import type { Upgraded } from './apply-upgrade.ts';

const headings: Readonly<Record<Upgraded['outcome'], string>> = {
  upgraded: 'Upgraded',
  dryRun: 'Dry run: everything was done and rolled back',
  alreadyUpgraded: 'The database already has the later schema set; nothing was changed',
};

/** What was done, line by line. */
export function upgradedLines({
  outcome,
  plan,
  adoption,
  losses,
  invalid,
  documents,
  prepared,
}: Pick<Upgraded, 'outcome' | 'plan' | 'adoption' | 'losses' | 'invalid' | 'documents' | 'prepared'>): string[] {
  const lines = [headings[outcome], `Effective schema hash: ${plan.after.effectiveSchemaHash}`];
  if (outcome === 'alreadyUpgraded') return lines;
  return [
    ...lines,
    ...(adoption === null ? [] : [`Adopted first: ${counted(adoption.statements.length, 'statement')}`]),
    `${counted(plan.statements.length, 'statement')}, verdict ${plan.verdict}`,
    ...(prepared === 0 ? [] : [`Prepared before: ${counted(prepared, 'statement')}`]),
    ...losses.map(({ item, count }) => `Lost: ${item.change}: ${item.path.join('.')} (${count})`),
    ...invalid.map(
      ({ item, count }) => `Left invalid: ${counted(count, 'document')}: ${item.change}: ${item.path.join('.')}`,
    ),
    `Documents: ${documents}`,
  ];
}
