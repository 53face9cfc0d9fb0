import { block, blocks, type ChangeClass, line, lines, verdictWords } from '@dms/catalog';
import { counted, firstOf, plainLines, type ReportLine, treeText } from '@dms/diagnostics';
import { renameOption } from '../renaming/rename.ts';
import { listedChanges } from './folded-changes.ts';
import { extentText, headline, ownerName, projectImpacts, upgradeSentence } from './impact-sentences.ts';
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
  return `${marks[mark]} ${change.change} ${path.join('.')}${note}${shown}${verdict}`;
}

function ownerLine(entry: OwnerImpact, all: boolean): ReportLine {
  const { told, lines } = listedChanges(entry, all);
  const folded = lines.map((line) => `~ ${line.text}${verdictText(line.class, entry)}`);
  const own = told.map((change) => changeLine(entry, change));
  return { text: `${ownerName(entry)}: ${verdictWords[entry.verdict]}`, below: plainLines([...own, ...folded]) };
}

/**
 * An impact as text: the verdict of the upgrade, then a tree by project and resource with a line for each change, `+`
 * added, `-` removed, `~` changed. Changes of triggers and of resource keys take one line per table and set unless
 * `all` is set. At most 200 lines, then counts (design 09 §4.4).
 */
export function impactReport(impact: SchemaImpact, { all = false }: { readonly all?: boolean } = {}): string {
  const { owners, candidates } = impact;
  const projects = projectImpacts(impact).map(({ project, verdict, owners: owned }): ReportLine => {
    return { text: `${project}: ${verdictWords[verdict]}`, below: owned.map((entry) => ownerLine(entry, all)) };
  });
  const renames = candidates.map((rename) => `renamed? ${rename.before} → ${rename.after}: ${renameOption(rename)}`);
  const shown = firstOf(
    treeText([...projects, ...plainLines(renames)]),
    all ? Number.POSITIVE_INFINITY : longestReport,
    String,
    (count) => `… and ${counted(count, 'more line')}; --all shows them`,
  );
  const extent = owners.length === 0 ? [] : [extentText(impact)];
  const head = [headline(impact), upgradeSentence(impact), ...extent];
  return [...treeText(plainLines(head)), ...shown].join('\n');
}

const hashOf = ({ effectiveSchemaHash }: SchemaImpact['before']) =>
  line({ effective_schema_hash: effectiveSchemaHash });

const changeMembers = ({ class: itemClass, change, path, before, after, definition, reason }: ImpactChange) => {
  return { class: itemClass, change, path, before, after, definition, reason };
};

/** The text of `impact.<dialect>.json`: one change per line (design 09 §4.4). */
export function impactText({ dialect, before, after, verdict, refusal, owners, candidates }: SchemaImpact): string {
  const entries = owners.map((entry) =>
    block(
      [
        ['owner', line(entry.owner)],
        ['verdict', line(entry.verdict)],
        ['changes', lines(entry.changes.map(changeMembers), 3)],
      ],
      2,
    ),
  );
  const members: (readonly [string, string])[] = [
    ['impact_format', '2'],
    ['dialect', line(dialect)],
    ['before', hashOf(before)],
    ['after', hashOf(after)],
    ['verdict', line(verdict)],
    ...(refusal === null ? [] : [['refusal', line(refusal)] as const]),
    ['owners', blocks(entries, 1)],
    ['rename_candidates', lines(candidates, 1)],
  ];
  return `${block(members, 0)}\n`;
}
