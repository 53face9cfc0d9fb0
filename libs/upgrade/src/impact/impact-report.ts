import { type ChangeClass, verdictWords } from '@dms/catalog';
import { append, counted, printable } from '@dms/diagnostics';
import { renameOption } from '../renaming/rename.ts';
import { listedChanges } from './folded-changes.ts';
import {
  classCounts,
  extentSentence,
  headline,
  ownerName,
  projectImpacts,
  upgradeSentence,
} from './impact-sentences.ts';
import type { ImpactChange, OwnerImpact, SchemaImpact } from './schema-impact.ts';

const longestReport = 200;

const marks = { added: '+', removed: '-', changed: '~' } as const;

/** The verdict of a change, if it is not the verdict of its owner. */
const verdictText = (itemClass: ChangeClass, { verdict }: OwnerImpact, reason?: string) =>
  itemClass === verdict && reason === undefined
    ? ''
    : ` [${verdictWords[itemClass]}${reason === undefined ? '' : `: ${reason}`}]`;

function changeLine(owner: OwnerImpact, change: ImpactChange): string {
  const { mark, path, before, after, definition, reason } = change;
  const shown = before === undefined && after === undefined ? '' : ` (${before ?? 'nothing'} → ${after ?? 'nothing'})`;
  const note = definition === undefined ? '' : `: ${definition}`;
  const verdict = verdictText(change.class, owner, reason);
  return printable(`    ${marks[mark]} ${change.change} ${path.join('.')}${note}${shown}${verdict}`);
}

function ownerLines(entry: OwnerImpact, all: boolean): string[] {
  const { told, lines } = listedChanges(entry, all);
  const folded = lines.map((line) => printable(`    ~ ${line.text}${verdictText(line.class, entry)}`));
  const own = told.map((change) => changeLine(entry, change));
  return [`  ${ownerName(entry)}: ${verdictWords[entry.verdict]}`, ...own, ...folded];
}

/**
 * An impact as text: the verdict of the upgrade, then a tree by project and resource with a line for each change, `+`
 * added, `-` removed, `~` changed. Changes of triggers and of resource keys take one line per table and set unless
 * `all` is set. At most 200 lines, then counts (design 09 §4.4).
 */
export function impactReport(impact: SchemaImpact, { all = false }: { readonly all?: boolean } = {}): string {
  const { owners, candidates } = impact;
  const body: string[] = [];
  for (const { project, verdict, owners: owned } of projectImpacts(impact)) {
    body.push(`${project}: ${verdictWords[verdict]}`);
    for (const entry of owned) append(body, ownerLines(entry, all));
  }
  for (const rename of candidates)
    body.push(printable(`renamed? ${rename.before} → ${rename.after}: ${renameOption(rename)}`));
  const shown = all ? body : body.slice(0, longestReport);
  const rest =
    body.length > shown.length ? [`… and ${counted(body.length - shown.length, 'more line')}; --all shows them`] : [];
  const counts = classCounts(owners.flatMap(({ changes }) => changes.map((each) => each.class)));
  const extent = owners.length === 0 ? [] : [`${counts}. ${extentSentence(impact)}`];
  return [headline(impact), upgradeSentence(impact), ...extent, ...shown, ...rest].join('\n');
}
