import { preparedText } from '@dms/databases';
import { counted } from '@dms/diagnostics';
import { preparationLine, switchLines } from './preparation-lines.ts';
import type { PreparedUpgrade } from './prepare-upgrade.ts';
import type { UndonePreparation } from './undo-preparation.ts';

const headings: Readonly<Record<PreparedUpgrade['outcome'], string>> = {
  prepared: 'Prepared',
  dryRun: 'Dry run: nothing was made',
  alreadyUpgraded: 'The database already has the later schema set; nothing was made',
};

/** What was prepared, line by line, and what is left for the upgrade. */
export function preparedLines({
  outcome,
  plan,
  made,
  found,
}: Pick<PreparedUpgrade, 'outcome' | 'plan' | 'made' | 'found'>): string[] {
  if (outcome === 'alreadyUpgraded') return [headings[outcome]];
  const earlier = found === 0 ? '' : `; ${counted(found, 'step')} made earlier`;
  return [
    headings[outcome],
    `${outcome === 'dryRun' ? 'To prepare' : 'Made'}: ${counted(made.length, 'step')}${earlier}`,
    ...(outcome === 'dryRun' ? made.map((step) => `  ${preparationLine(plan.dialect, step)}`) : []),
    // what the locks of the upgrade are, the dry run has said
    ...switchLines(plan).slice(0, outcome === 'dryRun' ? undefined : 1),
  ];
}

/** What was removed, line by line. */
export const undoneLines = ({ removed }: UndonePreparation): string[] =>
  removed.length === 0
    ? ['The database is not prepared; nothing was removed']
    : [`Removed: ${counted(removed.length, 'object')}`, ...removed.map((object) => `  ${preparedText(object)}`)];
