import { groupBy } from '@dms/canonical-json';
import { counted, markdownCell, markdownCode } from '@dms/diagnostics';
import { changeWords, isKeyRow, isTold, toldChanges } from './change-words.ts';
import type { ImpactChange, ResourceImpact, SchemaImpact } from './impact.ts';
import { type ImpactClass, unitedClasses } from './impact-class.ts';
import {
  classesText,
  classNames,
  followersSentence,
  hashSentence,
  keySentences,
  ownerName,
  type ProjectImpact,
  productNames,
  projectImpacts,
} from './impact-words.ts';

/** The most lines for a reviewer to read. */
const longestDocument = 60;

/** The most names in a row. */
const listedNames = 4;

const listedRenames = 4;

/** Lines of a section that are not rows: the heading, two lines of the table head, the line for omitted rows, and blank lines. */
const sectionFrame = 6;

/** A row of the table of a project. */
interface Row {
  readonly owner: string;
  readonly classes: readonly ImpactClass[];
  readonly text: string;
}

/** The worst first: broken readers, broken writers, then migrations. */
const weights: Readonly<Record<ImpactClass, number>> = { R: 4, W: 2, M: 1, A: 0 };
const weightOf = (classes: readonly ImpactClass[]) => classes.reduce((sum, entry) => sum + weights[entry], 0);

/** Owners without a project: the core objects and the hierarchy. */
const isProject = ({ project }: ProjectImpact) => !project.startsWith('(');

/** The worst come first; equal ones keep their order. */
const worstFirst = <Item extends { readonly classes: readonly ImpactClass[] }>(items: readonly Item[]) =>
  [...items].sort((left, right) => weightOf(right.classes) - weightOf(left.classes));

/** Changes that fit in one row: of the same kind and class and, for changes of a value, with the same old and new value. */
function sameRow(change: ImpactChange): string {
  const { object, change: what, classes, because = '' } = change;
  return [object, what, classesText(classes), because, what === 'changed' ? changeWords(change).note : ''].join('\n');
}

/** The names of constraints and indexes say what they consist of. Of removed objects, only columns are described. */
const isDescribed = ({ object, change }: ImpactChange) =>
  object === 'column' || object === 'seed' || (change === 'added' && object !== 'check' && object !== 'index');

function nameText(change: ImpactChange): string {
  const { name, note } = changeWords(change);
  return isDescribed(change) && change.change !== 'changed' && note !== ''
    ? `${markdownCode(name)} ${markdownCell(note)}`
    : markdownCode(name);
}

function rowText(changes: readonly ImpactChange[]): string {
  const [first] = changes;
  if (!first) return '';
  const { kind, kinds, note } = changeWords(first);
  const names = changes.slice(0, listedNames).map(nameText);
  const subject = changes.length === 1 ? kind : `${changes.length} ${kinds}`;
  const isPlain = first.change === 'changed' || !isDescribed(first) || note === '';
  const rest = changes.length > names.length ? `, … ${changes.length - names.length} more` : '';
  const reason = first.because === undefined ? '' : ` (${markdownCode(first.because)} may be renamed)`;
  const what = first.change === 'changed' ? `changed, ${markdownCell(note)}` : first.change;
  return `${subject} ${what}: ${names.join(isPlain ? ', ' : '; ')}${rest}${reason}`;
}

function rowsOf(entry: ResourceImpact, impact: SchemaImpact): Row[] {
  const owner = ownerName(entry);
  const keyRows = entry.changes.filter(isKeyRow);
  const keys = { owner, classes: unitedClasses(keyRows.map(({ classes }) => classes)) };
  const groups = [...groupBy(toldChanges(entry), sameRow).values()];
  const rows = groups.map((changes) => ({ owner, classes: changes[0]?.classes ?? [], text: rowText(changes) }));
  const keyTexts = keyRows.length > 0 ? [{ ...keys, text: markdownCell(keySentences(impact).join('; ')) }] : [];
  return worstFirst([...keyTexts, ...rows]);
}

const changeOrder = ['removed', 'changed', 'added'] as const;

/** `columns: 2 removed, 1 added`. */
function kindCounts(kinds: string, changes: readonly ImpactChange[]): string {
  const counts = changeOrder.flatMap((what) => {
    const count = changes.filter(({ change }) => change === what).length;
    return count === 0 ? [] : [`${count} ${what}`];
  });
  return `${kinds}: ${counts.join(', ')}`;
}

/** All changes of a resource in one row, as counts by kind, where there is no room for more. */
function summaryRow(entry: ResourceImpact, impact: SchemaImpact): Row {
  const groups = groupBy(toldChanges(entry), (change) => changeWords(change).kinds);
  const counts = [...groups].map(([kinds, changes]) => kindCounts(kinds, changes));
  const keys = entry.changes.some(isKeyRow) ? keySentences(impact) : [];
  return { owner: ownerName(entry), classes: entry.classes, text: markdownCell([...keys, ...counts].join('; ')) };
}

/** The rows of a project: in detail if they fit, else one for each resource. */
function projectRows(project: ProjectImpact, impact: SchemaImpact, room = Number.POSITIVE_INFINITY): Row[] {
  const told = worstFirst(project.resources.filter(isTold));
  const followers = followersSentence(project);
  const last: Row[] = followers === undefined ? [] : [{ owner: 'identity triggers', classes: ['M'], text: followers }];
  const detailed = [...told.flatMap((entry) => rowsOf(entry, impact)), ...last];
  return detailed.length <= room ? detailed : [...told.map((entry) => summaryRow(entry, impact)), ...last];
}

/** `… and 12 more rows in 3 resources (M 2, A 10)`, for omitted rows. */
function restText(rows: readonly Row[]): string {
  const owners = new Set(rows.map(({ owner }) => owner)).size;
  const verdicts = [...groupBy(rows, ({ classes }) => classesText(classes))].map(
    ([classes, group]) => `${classes} ${group.length}`,
  );
  const resources = counted(owners, 'resource');
  const what =
    owners === rows.length ? counted(owners, 'more resource') : `${counted(rows.length, 'more row')} in ${resources}`;
  return `… and ${what} (${verdicts.join(', ')})`;
}

function section({ project, classes }: ProjectImpact, rows: readonly Row[], limit: number): string[] {
  const shown = rows.slice(0, Math.max(1, limit));
  const lines = shown.map((row, index) => {
    const isNew = row.owner !== shown[index - 1]?.owner;
    return `| ${isNew ? markdownCell(row.owner) : ''} | ${classesText(row.classes)} | ${row.text} |`;
  });
  const rest = rows.length > shown.length ? [`|  |  | ${restText(rows.slice(shown.length))} |`] : [];
  return [
    `### ${markdownCell(project)}: ${classesText(classes)}`,
    '',
    '| resource | classes | change |',
    '|---|---|---|',
    ...lines,
    ...rest,
    '',
  ];
}

/** The rows for each section: all if there is room, otherwise an equal share plus what short sections leave over. */
function sharedOut(wanted: readonly number[], room: number): readonly number[] {
  const shares = wanted.map(() => 0);
  let left = room;
  let open = wanted.map((_, index) => index);
  while (left > 0 && open.length > 0) {
    const share = Math.max(1, Math.floor(left / open.length));
    for (const index of open) {
      const more = Math.min(share, left, (wanted[index] ?? 0) - (shares[index] ?? 0));
      shares[index] = (shares[index] ?? 0) + more;
      left -= more;
    }
    open = open.filter((index) => (shares[index] ?? 0) < (wanted[index] ?? 0));
  }
  return shares;
}

function sections(impact: SchemaImpact, room: number): string[] {
  const all = projectImpacts(impact);
  const projects = worstFirst([...all.filter(isProject), ...all.filter((entry) => !isProject(entry))]);
  const shown = projects.slice(0, Math.max(1, Math.floor((room - 1) / (sectionFrame + 1))));
  const hidden = projects.slice(shown.length);
  const rows = shown.map((project) => projectRows(project, impact));
  const space = room - shown.length * sectionFrame - (hidden.length > 0 ? 2 : 0);
  const limits = sharedOut(
    rows.map(({ length }) => length),
    space,
  );
  const others = hidden.map(({ project, classes, resources }) => {
    return `${markdownCell(project)}: ${classesText(classes)} in ${counted(resources.length, 'resource')}`;
  });
  const fitting = shown.map((project, index) => projectRows(project, impact, limits[index]));
  return [
    ...shown.flatMap((project, index) => section(project, fitting[index] ?? [], limits[index] ?? 1)),
    ...(others.length > 0 ? [`Also ${others.slice(0, 10).join('; ')}${others.length > 10 ? '; …' : ''}.`, ''] : []),
  ];
}

function renameLines({ renames }: SchemaImpact): string[] {
  if (renames.length === 0) return [];
  const lines = renames.slice(0, listedRenames).map(({ object, before, after, score }) => {
    return `- ${object} ${markdownCode(before.join('.'))} → ${markdownCode(after.join('.'))} (${score.toFixed(2)})`;
  });
  const rest = renames.length > lines.length ? [`- … and ${renames.length - lines.length} more`] : [];
  return ['Perhaps only renamed:', '', ...lines, ...rest, ''];
}

/** How many resources of the schema set change; changes without a resource do not count. */
function extentSentence({ resources }: SchemaImpact): string {
  const changed = resources.filter(({ resource, project }) => resource !== project);
  if (changed.length === 0) return 'No resource changes.';
  const projects = new Set(changed.map(({ project }) => project)).size;
  return `${counted(changed.length, 'resource changes', 'resources change')} in ${counted(projects, 'project')}.`;
}

function dialectLines(impact: SchemaImpact, room: number): string[] {
  const { dialect, classes, resources } = impact;
  if (resources.length === 0) return [`## Schema impact on ${productNames[dialect]}: none`, '', hashSentence(impact), ''];
  const where = extentSentence(impact);
  const head = [
    `## Schema impact on ${productNames[dialect]}: ${classesText(classes)}`,
    '',
    `${classes.map((entry) => `**${entry}** ${classNames[entry]}`).join(' · ')}. ${where}`,
    '',
    hashSentence(impact),
    '',
  ];
  const tail = renameLines(impact);
  return [...head, ...sections(impact, room - head.length - tail.length), ...tail];
}

const verdicts = ({ resources }: SchemaImpact) =>
  resources.map(({ resource, classes }) => `${resource} ${classesText(classes)}`).join('\n');

/**
 * Impacts of one change on one or more dialects as Markdown for a pull request: a table per project, the worst first, at most
 * 60 lines in all, then counts. A dialect with the same verdicts as the first one takes one line (design 09 §4.4).
 */
export function impactMarkdown(impacts: readonly SchemaImpact[]): string {
  const [first, ...others] = impacts;
  if (!first) return '';
  const alike = others.filter((impact) => verdicts(impact) === verdicts(first));
  const whole = [first, ...others.filter((impact) => !alike.includes(impact))];
  const room = Math.floor((longestDocument - 2 * alike.length) / whole.length);
  const sameText = first.resources.length === 0 ? 'none either' : 'the same resources with the same classes';
  const same = alike.map(({ dialect }) => `${productNames[dialect]}: ${sameText}.`);
  const lines = [...whole.flatMap((impact) => dialectLines(impact, room)), ...same.flatMap((line) => [line, ''])];
  return `${lines.join('\n').trimEnd()}\n`;
}
