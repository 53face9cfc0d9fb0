import { counted, firstOf, plainLines, printable, type ReportLine, treeText } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { hashStarts } from '@dms/values';
import type { Catalog, CatalogKey, CatalogTable, Check, ForeignKey, Index, Trigger } from '../catalog.ts';

/** The severity of a difference between a database and its desired catalog. */
export type Severity = 'error' | 'warning' | 'info';

/** Kinds of objects that can differ, in the order in which differences are listed (design 09a §2.1). */
export const objectKinds = [
  'schema',
  'extension',
  'sequence',
  'table',
  'column',
  'columnOrder',
  'primaryKey',
  'unique',
  'foreignKey',
  'check',
  'index',
  'trigger',
  'view',
  'function',
  'tableType',
  'role',
  'grant',
  'seed',
] as const;

export type ObjectKind = (typeof objectKinds)[number];

/** The kind of a difference: the object is missing, changed, or extra. */
export type DriftKind = 'missing' | 'changed' | 'extra';

/** A value of a catalog, as JSON. */
export type CatalogValue =
  | string
  | number
  | boolean
  | null
  | readonly CatalogValue[]
  | { readonly [name: string]: CatalogValue };

/** `schema.name`, then the name of the part. */
export type ObjectPath = readonly [string, ...string[]];

/** The table of a part, and the name of the part. */
export function partPath([table, name]: ObjectPath): readonly [string, string] {
  return [table, mustExist(name, `the name of a part of ${table}`)];
}

/** One difference between a catalog and the expected one. */
export interface CatalogDifference {
  readonly object: ObjectKind;
  readonly path: ObjectPath;
  readonly change: DriftKind;
  /** The changed member; only for `changed`. */
  readonly field?: string;
  readonly expected?: CatalogValue;
  readonly actual?: CatalogValue;
  readonly severity: Severity;
  /** The path of an object whose renaming would explain the difference. */
  readonly because?: string;
}

/** A missing and an extra object that may be the same object. */
export interface RenameHint {
  readonly object: ObjectKind;
  readonly expected: ObjectPath;
  readonly actual: ObjectPath;
  /** A number from 0 to 1 with two decimals. */
  readonly score: number;
}

export interface CatalogDiff {
  readonly differences: readonly CatalogDifference[];
  readonly renames: readonly RenameHint[];
}

/**
 * `normal`: the expected catalog was derived from a model, so bodies that only an engine knows are not compared.
 * `reference`: both catalogs were read from an engine (design 09a §2.1).
 */
export type DiffMode = 'normal' | 'reference';

/** Two catalogs of the same dialect. */
export interface CatalogPair {
  readonly expected: Catalog;
  readonly actual: Catalog;
}

/** Kinds that are parts of a table. */
export const tableParts = ['unique', 'foreignKey', 'check', 'index', 'trigger'] as const;
export type TablePart = (typeof tableParts)[number];

/** The parts of one kind. */
export function partsOf(
  table: CatalogTable,
  part: TablePart,
): readonly (CatalogKey | ForeignKey | Check | Index | Trigger)[] {
  switch (part) {
    case 'unique':
      return table.uniques;
    case 'foreignKey':
      return table.foreignKeys;
    case 'check':
      return table.checks;
    case 'index':
      return table.indexes;
    case 'trigger':
      return table.triggers;
  }
}

const longestReport = 200;

/** `3 differences (2 errors, 1 info)`. */
export function differenceCounts(differences: readonly CatalogDifference[]): string {
  const count = (severity: Severity) => differences.filter((entry) => entry.severity === severity).length;
  const errors = count('error');
  const warnings = count('warning');
  const infos = count('info');
  const parts = [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
    ...(infos > 0 ? [`${infos} info`] : []),
  ];
  return `${counted(differences.length, 'difference')}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
}

/**
 * Differences as a tree by schema and table, counts first (design 09a §2.3): `-` missing, `+` extra, `~` changed, then
 * the letter of the severity. At most 200 lines unless all are requested; warnings after them have a line each.
 */
export function diffText(
  catalog: Catalog,
  { differences, renames }: CatalogDiff,
  options: { readonly all?: boolean } = {},
): string {
  const sections = new Map<string, Map<string, CatalogDifference[]>>();
  for (const difference of differences) {
    const [schema, table] = headings(difference);
    const section = sections.get(schema) ?? new Map<string, CatalogDifference[]>();
    sections.set(schema, section.set(table, [...(section.get(table) ?? []), difference]));
  }
  const inOrder: CatalogDifference[] = [];
  const ordered = (entry: CatalogDifference) => {
    inOrder.push(entry);
    return line(entry);
  };
  const differing = [...sections].sort(byName).flatMap(([schema, section]) =>
    below(
      schema,
      [...section].sort(byName).flatMap(([table, entries]) => below(table, entries.map(ordered))),
    ),
  );
  const hints = renames.map(
    ({ object, expected, actual, score }) =>
      `renamed? ${object} ${expected.join('.')} → ${actual.join('.')} (${score.toFixed(2)})`,
  );
  const lines = treeText([...differing, ...plainLines(hints)]);
  const most = options.all ? Number.POSITIVE_INFINITY : longestReport;
  const shown = firstOf(lines, most, String, (count) => `… and ${count} more`);
  const begun = lines.slice(0, most).filter((text) => startOfDifference.test(text)).length;
  const cut = lines.length > most ? warningLines(inOrder.slice(begun)) : [];
  const head = `${catalog.dialect}: ${differenceCounts(differences)} in ${counted(catalog.tables.length, 'table')}`;
  return [head, ...shown, ...cut].join('\n');
}

/** The start of the first line of a difference in the tree. */
const startOfDifference = /^ *[-+~] [EWI] /;

/** The warnings among differences, each in one line with its whole path (design 09a §2.3). */
export const warningLines = (differences: readonly CatalogDifference[]): readonly string[] =>
  differences
    .filter(({ severity }) => severity === 'warning')
    .map((entry) => printable(differenceText(entry, entry.path.join('.'))));

/** The schema and table of a difference, as headings. Objects outside of tables have only a schema, or neither. */
function headings({ object, path: [owner] }: CatalogDifference): readonly [string, string] {
  if (object === 'schema' || object === 'extension') return ['', ''];
  const dot = owner.indexOf('.');
  const schema = owner.slice(0, dot);
  const name = owner.slice(dot + 1);
  return ['sequence', 'view', 'function', 'tableType', 'table'].includes(object) ? [schema, ''] : [schema, name];
}

const byName = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number =>
  left < right ? -1 : 1;

/** Lines below a heading; an empty heading has no line. */
const below = (heading: string, lines: readonly ReportLine[]): readonly ReportLine[] =>
  heading === '' ? lines : [{ text: heading, below: lines }];

const marks: Readonly<Record<DriftKind, string>> = { missing: '-', extra: '+', changed: '~' };
const letters: Readonly<Record<Severity, string>> = { error: 'E', warning: 'W', info: 'I' };

/** `~ W table edfi.School: storage`. */
const differenceText = ({ object, change, severity, field }: CatalogDifference, name: string) =>
  `${marks[change]} ${letters[severity]} ${object} ${name}${field === undefined ? '' : `: ${field}`}`;

function line(difference: CatalogDifference): ReportLine {
  const { change, path, field, expected, actual, because } = difference;
  const [owner, ...parts] = path;
  const name = parts.length > 0 ? parts.join('.') : owner;
  const reason = because === undefined ? '' : ` (renamed: ${because})`;
  const text = `${differenceText(difference, name)}${reason}`;
  if (change !== 'changed') return { text };
  const isHash = field?.endsWith('Hash') && typeof expected === 'string' && typeof actual === 'string';
  const [wanted, found] = isHash ? hashStarts(expected, actual) : [expected, actual];
  // indented by two more levels
  const values = plainLines([`  expected ${valueText(wanted)}`, `  actual   ${valueText(found)}`]);
  return { text, below: values };
}

const longestValue = 160;

function valueText(value: CatalogValue | undefined): string {
  const text = printable(typeof value === 'string' ? value : JSON.stringify(value ?? null));
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}
