import { block, blocks, type ChangeClass, changeClasses, line, lines, verdictWords, worstClass } from '@dms/catalog';
import { counted, firstOf, plainLines, type ReportLine, treeText } from '@dms/diagnostics';
import { productNames } from '@dms/sql';
import { groupBy, hashStart } from '@dms/values';
import type { ChangedObject } from '../kinds/change-rules.ts';
import { renameOption } from '../renaming/renaming.ts';
import type { ImpactChange, OwnerImpact, SchemaImpact } from './schema-impact.ts';

/** Changes that follow from other changes. One line stands for all of them, per table or for the whole set. */
const foldedBy: Partial<Record<ChangedObject, 'table' | 'set'>> = { trigger: 'table', 'resource key': 'set' };

/** Changes of one kind that a report sums up in one line. */
interface FoldedChanges {
  readonly class: ImpactChange['class'];
  readonly text: string;
}

/**
 * The changes that are listed one by one, and the lines that stand for the others; with `all`, every change is listed.
 */
export function listedChanges(
  { changes }: Pick<OwnerImpact, 'changes'>,
  all: boolean,
): { readonly told: readonly ImpactChange[]; readonly lines: readonly FoldedChanges[] } {
  if (all) return { told: changes, lines: [] };
  const rest = changes.filter(({ object }) => foldedBy[object] !== undefined);
  const groups = groupBy(rest, ({ object, change, path: [table = ''] }) =>
    [object, change, foldedBy[object] === 'table' ? table : ''].join('\n'),
  );
  return {
    told: changes.filter(({ object }) => foldedBy[object] === undefined),
    lines: [...groups.values()].flatMap(folded),
  };
}

function folded(list: readonly ImpactChange[]): FoldedChanges[] {
  const [first] = list;
  if (!first) return [];
  const { class: itemClass, object, change, path } = first;
  if (object === 'trigger')
    return [{ class: itemClass, text: `${counted(list.length, 'trigger')} ${first.mark}: ${path[0]}` }];
  const which = someOf(list.map((each) => each.path.join('.')));
  const what = change === 'resource version' ? 'another version' : 'another number';
  return [{ class: itemClass, text: `${counted(list.length, 'resource gets', 'resources get')} ${what}: ${which}` }];
}

const someOf = (labels: readonly string[]) => labels.slice(0, 3).join(', ') + (labels.length > 3 ? ', …' : '');

/* The summary of an impact, shared by text and Markdown. */

const pluralWords: Readonly<Record<ChangeClass, string>> = {
  ...verdictWords,
  rewritten: 'rewrite rows',
  checked: 'check rows first',
  loss: 'need a permission',
};

/**
 * An impact as text: the verdict of the upgrade, then a tree by project and resource with a line for each change, `+`
 * added, `-` removed, `~` changed. Changes of triggers and of resource keys take one line per table and set unless
 * `all` is set. At most 200 lines, then counts (design 09a §2.4).
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

function ownerLine(entry: OwnerImpact, all: boolean): ReportLine {
  const { told, lines } = listedChanges(entry, all);
  const folded = lines.map((line) => `~ ${line.text}${verdictText(line.class, entry)}`);
  const own = told.map((change) => changeLine(entry, change));
  return { text: `${ownerName(entry)}: ${verdictWords[entry.verdict]}`, below: plainLines([...own, ...folded]) };
}

/** The verdict of a change, if it is not the verdict of its owner. */
const verdictText = (itemClass: ChangeClass, { verdict }: OwnerImpact, reason?: string) =>
  itemClass === verdict && reason === undefined
    ? ''
    : ` [${verdictWords[itemClass]}${reason === undefined ? '' : `: ${reason}`}]`;

const marks = { added: '+', removed: '-', changed: '~' } as const;

function changeLine(owner: OwnerImpact, change: ImpactChange): string {
  const { mark, path, before, after, definition, reason } = change;
  const shown = before === undefined && after === undefined ? '' : ` (${before ?? 'nothing'} → ${after ?? 'nothing'})`;
  const note = definition === undefined ? '' : `: ${definition}`;
  const verdict = verdictText(change.class, owner, reason);
  return `${marks[mark]} ${change.change} ${path.join('.')}${note}${shown}${verdict}`;
}

/** `3 free, 1 needs a permission`: how many changes have each class. */
export function classCounts(classes: readonly ChangeClass[]): string {
  const counts = changeClasses.flatMap((name) => {
    const count = classes.filter((each) => each === name).length;
    return count === 0 ? [] : [`${count} ${(count === 1 ? verdictWords : pluralWords)[name]}`];
  });
  return counts.join(', ');
}

/** The changes of all owners in one project, or of `(core)`. */
export interface ProjectImpact {
  readonly project: string;
  readonly verdict: ChangeClass;
  readonly owners: readonly OwnerImpact[];
}

/** In the order of the owners. */
export const projectImpacts = ({ owners }: SchemaImpact): readonly ProjectImpact[] =>
  [...groupBy(owners, ({ project }) => project)].map(([project, owned]) => {
    return { project, verdict: worstClass(owned.map(({ verdict }) => verdict)), owners: owned };
  });

/** The name of an owner below the heading of its project. */
export const ownerName = ({ owner, project }: OwnerImpact): string =>
  owner === project ? 'core objects' : owner.slice(project.length + 1);

const ways: Readonly<Record<ChangeClass, string>> = {
  free: '`upgrade` takes a database of the earlier schemas to the later ones, on any data.',
  rewritten: '`upgrade` takes a database of the earlier schemas to the later ones, with its documents.',
  checked: '`upgrade` takes a database of the earlier schemas to the later ones, if its rows pass the checks.',
  loss: '`upgrade` takes a database of the earlier schemas to the later ones, once `--allow-loss` permits what is lost.',
  impossible: 'no upgrade can make this change. Load the documents into a new database.',
};

/** The consequence of the change for a database of the earlier set. */
export function upgradeSentence({ before, after, verdict, refusal, owners }: SchemaImpact): string {
  const from = before.effectiveSchemaHash;
  const to = after.effectiveSchemaHash;
  const hash = from === to ? `stays ${hashStart(from)}…` : `changes from ${hashStart(from)}… to ${hashStart(to)}…`;
  if (from === to && owners.length === 0) return `The effective schema hash ${hash}.`;
  const end = refusal === null ? `: ${ways[verdict]}` : ` (${refusal.reason}). ${refusal.advice}`;
  return `The effective schema hash ${hash}${end}`;
}

/** `PostgreSQL: needs a permission`. */
export const headline = ({ dialect, verdict, refusal, owners }: SchemaImpact): string =>
  `${productNames[dialect]}: ${owners.length === 0 && refusal === null ? 'nothing changes' : verdictWords[verdict]}`;

/** How many changes have each class, and how many resources of the schema set change. */
export function extentText({ owners }: SchemaImpact): string {
  const counts = classCounts(owners.flatMap(({ changes }) => changes.map((each) => each.class)));
  const changed = owners.filter(({ owner, project }) => owner !== project);
  if (changed.length === 0) return `${counts}. No resource changes.`;
  const projects = new Set(changed.map(({ project }) => project)).size;
  return `${counts}. ${counted(changed.length, 'resource changes', 'resources change')} in ${counted(projects, 'project')}.`;
}

const longestReport = 200;

/** The text of `impact.<dialect>.json`: one change per line (design 09a §2.4). */
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
    ...(refusal === null ? [] : [['refusal', line(refusal.reason)] as const]),
    ['owners', blocks(entries, 1)],
    ['rename_candidates', lines(candidates, 1)],
  ];
  return `${block(members, 0)}\n`;
}

const changeMembers = ({ class: itemClass, change, path, before, after, definition, reason }: ImpactChange) => {
  return { class: itemClass, change, path, before, after, definition, reason };
};

const hashOf = ({ effectiveSchemaHash }: SchemaImpact['before']) =>
  line({ effective_schema_hash: effectiveSchemaHash });
