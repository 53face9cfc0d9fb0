import { block, type Catalog, type Difference, line, lines, type RenameHint } from '@dms/catalog';
import { type Diagnostic, severityOf } from '@dms/diagnostics';
import type { DocumentRoundTrips, VerificationReport } from './verification-report.ts';

type Members = Readonly<Record<string, unknown>>;

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

const documentsText = ({ resources, written, replaced, skipped, failures }: DocumentRoundTrips): string =>
  block(
    [
      ['resources', line(resources)],
      ['written', line(written)],
      ['replaced', line(replaced)],
      ...(skipped.length === 0 ? [] : [['skipped', lines(skipped, 2)] as const]),
      ['failures', lines(failures, 2)],
    ],
    1,
  );

/**
 * The text of `verification.<dialect>.json` (design 09 §6.1): key order as in the chapter, one object per line in
 * lists.
 */
export function verificationText(report: VerificationReport): string {
  const { behaviour, documents, diff } = report;
  const catalog = block(
    [
      ['counts', line(catalogCounts(report.catalog))],
      ['differences', lines(diff.differences.map(difference), 2)],
      ['renames', lines(diff.renames.map(rename), 2)],
    ],
    1,
  );
  const ofTables = block(
    [
      ['documents', line(behaviour.documents)],
      ['tables_filled', line(behaviour.tablesFilled)],
      ['tables_skipped', lines(behaviour.tablesSkipped, 2)],
      ['failures', lines(behaviour.failures, 2)],
    ],
    1,
  );
  const members: readonly (readonly [string, string])[] = [
    ['verification_format', '1'],
    ['dialect', line(report.dialect)],
    ['effective_schema_hash', line(report.effectiveSchemaHash)],
    ['relational_mapping_version', line(report.relationalMappingVersion)],
    ['script_sha256', line(report.scriptSha256)],
    ['engine', line(report.engine)],
    ['result', line(report.result)],
    ['steps', lines(report.steps, 1)],
    ['catalog', catalog],
    ['behaviour', ofTables],
    ...(documents === null ? [] : [['documents', documentsText(documents)] as const]),
    ['diagnostics', lines(report.diagnostics.map(diagnosticMembers), 1)],
  ];
  return `${block(members, 0)}\n`;
}
