import type { Catalog, Difference, RenameHint } from '@dms/catalog';
import { type Diagnostic, severityOf } from '@dms/diagnostics';
import type { VerificationReport } from './verification-report.ts';

type Members = Readonly<Record<string, unknown>>;

/** One value on one line, a blank inside braces and after colons and commas; members without a value are left out. */
function line(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(line).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return members.length === 0
    ? '{}'
    : `{ ${members.map(([name, member]) => `"${name}": ${line(member)}`).join(', ')} }`;
}

function list(items: readonly unknown[], indent: string): string {
  return items.length === 0 ? '[]' : `[\n${items.map((item) => `${indent}  ${line(item)}`).join(',\n')}\n${indent}]`;
}

function block(members: Readonly<Record<string, string>>, indent: string): string {
  const lines = Object.entries(members).map(([name, text]) => `${indent}  "${name}": ${text}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

/** How many objects of each kind a catalog has. */
export function catalogCounts({
  schemas,
  sequences,
  tables,
  views,
  functions,
}: Catalog): Readonly<Record<string, number>> {
  const sum = (count: (table: Catalog['tables'][number]) => number) =>
    tables.reduce((total, table) => total + count(table), 0);
  return {
    schemas: schemas.length,
    sequences: sequences.length,
    tables: tables.length,
    columns: sum(({ columns }) => columns.length),
    primary_keys: sum(({ primaryKey }) => (primaryKey ? 1 : 0)),
    uniques: sum(({ uniques }) => uniques.length),
    foreign_keys: sum(({ foreignKeys }) => foreignKeys.length),
    checks: sum(({ checks }) => checks.length),
    indexes: sum(({ indexes }) => indexes.length),
    triggers: sum(({ triggers }) => triggers.length),
    views: views.length,
    functions: functions.length,
  };
}

const difference = ({ object, path, change, field, expected, actual, severity, because }: Difference): Members => ({
  object,
  path,
  change,
  field,
  expected,
  actual,
  severity,
  because,
});

const rename = ({ object, expected, actual, score }: RenameHint): Members => ({ object, expected, actual, score });

function diagnosticMembers(entry: Diagnostic): Members {
  return { code: entry.code, severity: severityOf(entry), message: entry.message, where: entry.where };
}

/**
 * The text of `verification.<dialect>.json` (design 09 §6.1): key order as in the chapter, one object per line in
 * lists.
 */
export function verificationText(report: VerificationReport): string {
  const { behaviour, documents, diff } = report;
  const body = block(
    {
      verification_format: '1',
      dialect: line(report.dialect),
      effective_schema_hash: line(report.effectiveSchemaHash),
      relational_mapping_version: line(report.relationalMappingVersion),
      script_sha256: line(report.scriptSha256),
      engine: line(report.engine),
      result: line(report.result),
      steps: list(report.steps, '  '),
      catalog: block(
        {
          counts: line(catalogCounts(report.catalog)),
          differences: list(diff.differences.map(difference), '    '),
          renames: list(diff.renames.map(rename), '    '),
        },
        '  ',
      ),
      behaviour: block(
        {
          documents: line(behaviour.documents),
          tables_filled: line(behaviour.tablesFilled),
          tables_skipped: list(behaviour.tablesSkipped, '    '),
          failures: list(behaviour.failures, '    '),
        },
        '  ',
      ),
      ...(documents === null
        ? {}
        : {
            documents: block(
              {
                resources: line(documents.resources),
                written: line(documents.written),
                replaced: line(documents.replaced),
                ...(documents.skipped.length === 0 ? {} : { skipped: list(documents.skipped, '    ') }),
                failures: list(documents.failures, '    '),
              },
              '  ',
            ),
          }),
      diagnostics: list(report.diagnostics.map(diagnosticMembers), '  '),
    },
    '',
  );
  return `${body}\n`;
}
