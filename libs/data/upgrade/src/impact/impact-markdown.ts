import { type ChangeClass, changeClasses, verdictWords } from '@dms/catalog';
import { counted, firstOf, type Report, type ReportLine, reportMarkdown, type Sentence } from '@dms/diagnostics';
import { productNames } from '@dms/sql';
import { groupBy } from '@dms/values';
import { renameOption } from '../renaming/renaming.ts';
import {
  classCounts,
  extentText,
  headline,
  listedChanges,
  ownerName,
  type ProjectImpact,
  projectImpacts,
  upgradeSentence,
} from './impact-report.ts';
import type { ImpactChange, OwnerImpact, SchemaImpact } from './schema-impact.ts';

/** Maximum number of lines of a document for a reviewer. */
const longestDocument = 60;

/**
 * Impacts of one change on one or more dialects as Markdown for a pull request: a table per project, the worst first,
 * at most 60 lines in all, then counts. A dialect with the same verdicts as the first one takes one line (design 09a
 * §2.4).
 */
export function impactMarkdown(impacts: readonly SchemaImpact[]): string {
  const [first, ...others] = impacts;
  if (!first) return '';
  const alike = others.filter((impact) => verdictsOf(impact) === verdictsOf(first));
  const whole = [first, ...others.filter((impact) => !alike.includes(impact))];
  const room = Math.floor((longestDocument - 2 * alike.length) / whole.length);
  const sameText = first.owners.length === 0 ? 'the same' : 'the same resources with the same verdicts';
  const same = alike.map(({ dialect }) => ({
    kind: 'paragraph' as const,
    text: `${productNames[dialect]}: ${sameText}.`,
  }));
  const report = [...whole.flatMap((impact) => dialectReport(impact, room)), ...same];
  return `${reportMarkdown(report).join('\n').trimEnd()}\n`;
}

const verdictsOf = ({ verdict, owners }: SchemaImpact) =>
  [verdict, ...owners.map((entry) => `${entry.owner} ${entry.verdict}`)].join('\n');

function dialectReport(impact: SchemaImpact, room: number): Report {
  const { owners } = impact;
  const head: Report = [
    { kind: 'heading', level: 2, text: `Schema impact on ${headline(impact)}` },
    { kind: 'paragraph', text: { marked: upgradeSentence(impact) } },
  ];
  if (owners.length === 0) return head;
  const begin: Report = [...head, { kind: 'paragraph', text: extentText(impact) }];
  const end = renames(impact);
  const taken = reportMarkdown([...begin, ...end]).length;
  return [...begin, ...sections(impact, room - taken), ...end];
}

const listedRenames = 4;

function renames({ candidates }: SchemaImpact): Report {
  if (candidates.length === 0) return [];
  const lines = firstOf(
    candidates,
    listedRenames,
    (rename): ReportLine => ({
      text: [{ code: rename.before }, ' → ', { code: rename.after }, '. If so: ', { code: renameOption(rename) }],
    }),
    (count) => ({ text: `… and ${count} more` }),
  );
  return [
    { kind: 'paragraph', text: 'Perhaps only renamed:' },
    { kind: 'lines', lines },
  ];
}

/** Maximum number of projects without a table of their own that are named. */
const listedProjects = 10;

/**
 * Lines of a section that are not rows: the heading, two lines of the table head, the line for omitted rows, and blank
 * lines.
 */
const sectionFrame = 6;

function sections(impact: SchemaImpact, room: number): Report {
  const all = projectImpacts(impact);
  const projects = worstFirst(
    [...all.filter(isProject), ...all.filter((entry) => !isProject(entry))],
    ({ verdict }) => verdict,
  );
  const shown = projects.slice(0, Math.max(1, Math.floor((room - 1) / (sectionFrame + 1))));
  const hidden = projects.slice(shown.length);
  const rows = shown.map((project) => projectRows(project));
  const space = room - shown.length * sectionFrame - (hidden.length > 0 ? 2 : 0);
  const limits = sharedOut(
    rows.map(({ length }) => length),
    space,
  );
  const others = hidden.map(({ project, verdict, owners }) => {
    return `${project}: ${verdictWords[verdict]} in ${counted(owners.length, 'resource')}`;
  });
  const fitting = shown.map((project, index) => projectRows(project, limits[index]));
  return [
    ...shown.flatMap((project, index) => section(project, fitting[index] ?? [], limits[index] ?? 1)),
    ...(others.length > 0
      ? [
          {
            kind: 'paragraph' as const,
            text: `Also ${firstOf(others, listedProjects, String, () => '…').join('; ')}.`,
          },
        ]
      : []),
  ];
}

/** Sorts items by class, the worst first; equal ones keep their order. */
const worstFirst = <Item>(items: readonly Item[], classOf: (item: Item) => ChangeClass) =>
  [...items].sort((left, right) => changeClasses.indexOf(classOf(right)) - changeClasses.indexOf(classOf(left)));

const isProject = ({ project }: ProjectImpact) => !project.startsWith('(');

/** A row of the table of a project. */
interface ImpactRow {
  readonly owner: string;
  readonly class: ChangeClass;
  readonly text: Sentence;
}

/** The rows of a project: in detail if they fit, else one for each resource. */
function projectRows({ owners }: ProjectImpact, room = Number.POSITIVE_INFINITY): ImpactRow[] {
  const sorted = worstFirst(owners, ({ verdict }) => verdict);
  const detailed = sorted.flatMap(rowsOf);
  return detailed.length <= room ? detailed : sorted.map(summaryRow);
}

function rowsOf(entry: OwnerImpact): ImpactRow[] {
  const owner = ownerName(entry);
  const { told, lines } = listedChanges(entry, false);
  const rows = [...groupBy(told, sameRow).values()].map((changes): ImpactRow => {
    return { owner, class: changes[0]?.class ?? 'free', text: rowText(changes) };
  });
  const folded = lines.map((line): ImpactRow => ({ owner, class: line.class, text: line.text }));
  return worstFirst([...rows, ...folded], (row) => row.class);
}

/** Changes share a row if they have the same kind, class and reason, and the same old and new value. */
const sameRow = (change: ImpactChange) => [change.class, change.change, transition(change), change.reason].join('\n');

const transition = ({ before, after }: ImpactChange) =>
  before === undefined && after === undefined ? '' : ` ${before ?? 'nothing'} → ${after ?? 'nothing'}`;

/** Maximum number of names in a row. */
const listedNames = 4;

function rowText(changes: readonly ImpactChange[]): Sentence {
  const [first] = changes;
  if (!first) return '';
  const number = changes.length === 1 ? '' : ` (${changes.length})`;
  const separator = first.definition === undefined ? ', ' : '; ';
  const names = changes
    .slice(0, listedNames)
    .flatMap(({ path, definition }, index) => [
      ...(index === 0 ? [] : [separator]),
      { code: path.join('.') },
      ...(definition === undefined ? [] : [` ${definition}`]),
    ]);
  const rest = changes.length > listedNames ? `, … ${changes.length - listedNames} more` : '';
  const reason = first.reason === undefined ? '' : ` (${first.reason})`;
  return [`${first.change}${transition(first)}${number}: `, ...names, `${rest}${reason}`];
}

/** All changes of a resource in one row, as counts by kind, where there is no room for more. */
function summaryRow(entry: OwnerImpact): ImpactRow {
  const counts = [...groupBy(entry.changes, ({ change }) => change)].map(
    ([change, { length }]) => `${change}: ${length}`,
  );
  return { owner: ownerName(entry), class: entry.verdict, text: counts.join('; ') };
}

/**
 * The rows for each section: all if there is room, otherwise an equal share plus the rows that short sections do not
 * need.
 */
function sharedOut(wanted: readonly number[], room: number): readonly number[] {
  const all = wanted.map((limit) => ({ limit, rows: 0 }));
  let left = room;
  let open = all;
  while (left > 0 && open.length > 0) {
    const share = Math.max(1, Math.floor(left / open.length));
    for (const each of open) {
      const more = Math.min(share, left, each.limit - each.rows);
      each.rows += more;
      left -= more;
    }
    open = open.filter(({ limit, rows }) => rows < limit);
  }
  return all.map(({ rows }) => rows);
}

function section({ project, verdict }: ProjectImpact, rows: readonly ImpactRow[], limit: number): Report {
  const shown = rows.slice(0, Math.max(1, limit));
  const cells = shown.map((row, index) => {
    const isNew = row.owner !== shown[index - 1]?.owner;
    return [isNew ? row.owner : '', verdictWords[row.class], row.text];
  });
  const rest = rows.length > shown.length ? [['', '', restText(rows.slice(shown.length))]] : [];
  return [
    { kind: 'heading', level: 3, text: `${project}: ${verdictWords[verdict]}` },
    { kind: 'table', head: ['resource', 'verdict', 'change'], rows: [...cells, ...rest] },
  ];
}

/** `… and 12 more rows in 3 resources (2 rewrites rows, 10 free)`, for omitted rows. */
function restText(rows: readonly ImpactRow[]): string {
  const owners = new Set(rows.map(({ owner }) => owner)).size;
  const what =
    owners === rows.length
      ? counted(owners, 'more resource')
      : `${counted(rows.length, 'more row')} in ${counted(owners, 'resource')}`;
  return `… and ${what} (${classCounts(rows.map((row) => row.class))})`;
}
