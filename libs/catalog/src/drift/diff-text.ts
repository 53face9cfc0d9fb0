import { counted, firstOf, plainLines, printable, type ReportLine, treeText } from '@dms/diagnostics';
import { hashStarts } from '@dms/files';
import type { Catalog } from '../catalog.ts';
import type { CatalogDiff, CatalogValue, ChangeKind, Difference, Severity } from './difference.ts';

const longestValue = 160;
const longestReport = 200;

const marks: Readonly<Record<ChangeKind, string>> = { missing: '-', extra: '+', changed: '~' };
const letters: Readonly<Record<Severity, string>> = { error: 'E', warning: 'W', info: 'I' };

function valueText(value: CatalogValue | undefined): string {
  const text = printable(typeof value === 'string' ? value : JSON.stringify(value ?? null));
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

/** `3 differences (2 errors, 1 info)`. */
export function differenceCounts(differences: readonly Difference[]): string {
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

function line({ object, change, severity, path, field, expected, actual, because }: Difference): ReportLine {
  const [owner, ...parts] = path;
  const name = parts.length > 0 ? parts.join('.') : owner;
  const reason = because === undefined ? '' : ` (renamed: ${because})`;
  const text = `${marks[change]} ${letters[severity]} ${object} ${name}${field === undefined ? '' : `: ${field}`}${reason}`;
  if (change !== 'changed') return { text };
  const isHash = field?.endsWith('Hash') && typeof expected === 'string' && typeof actual === 'string';
  const [wanted, found] = isHash ? hashStarts(expected, actual) : [expected, actual];
  // two levels further in
  const values = plainLines([`  expected ${valueText(wanted)}`, `  actual   ${valueText(found)}`]);
  return { text, below: values };
}

/** The schema and table of a difference, as headings. Objects outside of tables have only a schema, or neither. */
function headings({ object, path: [owner] }: Difference): readonly [string, string] {
  if (object === 'schema' || object === 'extension') return ['', ''];
  const dot = owner.indexOf('.');
  const schema = owner.slice(0, dot);
  const name = owner.slice(dot + 1);
  return ['sequence', 'view', 'function', 'tableType', 'table'].includes(object) ? [schema, ''] : [schema, name];
}

/** Lines below a heading; an empty heading has no line. */
const below = (heading: string, lines: readonly ReportLine[]): readonly ReportLine[] =>
  heading === '' ? lines : [{ text: heading, below: lines }];

const byName = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number =>
  left < right ? -1 : 1;

/**
 * Differences as a tree by schema and table, counts first (design 09 §4.3): `-` missing, `+` extra, `~` changed, then
 * the letter of the severity. At most 200 lines unless all are requested.
 */
export function diffText(
  catalog: Catalog,
  { differences, renames }: CatalogDiff,
  options: { readonly all?: boolean } = {},
): string {
  const sections = new Map<string, Map<string, Difference[]>>();
  for (const difference of differences) {
    const [schema, table] = headings(difference);
    const section = sections.get(schema) ?? new Map<string, Difference[]>();
    sections.set(schema, section.set(table, [...(section.get(table) ?? []), difference]));
  }
  const differing = [...sections].sort(byName).flatMap(([schema, section]) =>
    below(
      schema,
      [...section].sort(byName).flatMap(([table, entries]) => below(table, entries.map(line))),
    ),
  );
  const hints = renames.map(
    ({ object, expected, actual, score }) =>
      `renamed? ${object} ${expected.join('.')} → ${actual.join('.')} (${score.toFixed(2)})`,
  );
  const shown = firstOf(
    treeText([...differing, ...plainLines(hints)]),
    options.all ? Number.POSITIVE_INFINITY : longestReport,
    String,
    (count) => `… and ${count} more`,
  );
  const head = `${catalog.dialect}: ${differenceCounts(differences)} in ${counted(catalog.tables.length, 'table')}`;
  return [head, ...shown].join('\n');
}
