import type { EffectiveSchemaManifest } from '@dms/api-schema';
import { seedFindings } from '@dms/ddl';
import { mostExamples, printable } from '@dms/diagnostics';
import { core, mustExist, qualified } from '@dms/model';
import { compareBy, compareOrdinal, hashStarts, hexOf, repeated } from '@dms/values';
import type { StoredComponent, StoredResourceKey, StoredSingleton } from './stored-fingerprint.ts';

/**
 * The faults of a stored row by itself, in the order of design 09 §2.6; NULL counts as a value that breaks the rule.
 */
export function singletonFindings(row: StoredSingleton): readonly string[] {
  const own =
    row.id === 1
      ? []
      : [`${qualified(core.effectiveSchema)}.EffectiveSchemaSingletonId must be 1, but found ${row.id ?? 'NULL'}.`];
  return [
    ...own,
    ...seedFindings({
      apiSchemaFormatVersion: row.formatVersion ?? '',
      effectiveSchemaHash: row.hash ?? '',
      resourceKeyCount: row.count,
      resourceKeySeedHash: { length: (row.seedHash ?? '').length / 2 },
      resourceKeys: [],
    }),
  ];
}

export const seedHashText = (info: EffectiveSchemaManifest) => hexOf(info.resourceKeySeedHash);

/** A value of the stored row that is not the expected one. */
export interface SingletonDifference {
  readonly column: string;
  readonly stored: string;
  readonly expected: string;
}

/**
 * The values of a stored row that differ from the expected ones (design 09 §2.6). The format version is not compared.
 */
export function singletonDifferences(
  row: StoredSingleton,
  info: EffectiveSchemaManifest,
): readonly SingletonDifference[] {
  const values: readonly SingletonDifference[] = [
    { column: 'EffectiveSchemaHash', stored: row.hash ?? 'NULL', expected: info.effectiveSchemaHash },
    { column: 'ResourceKeyCount', stored: String(row.count ?? 'NULL'), expected: String(info.resourceKeyCount) },
    { column: 'ResourceKeySeedHash', stored: row.seedHash?.toLowerCase() ?? 'NULL', expected: seedHashText(info) },
  ];
  return values.filter(({ stored, expected }) => stored !== expected);
}

/** Differences as texts, with short or whole hashes: `ResourceKeyCount: stored=7, expected=1`. */
export const differenceTexts = (
  differences: readonly SingletonDifference[],
  hashes: 'short' | 'whole' = 'short',
): string[] =>
  differences.map(({ column, ...values }) => {
    const isWhole = hashes === 'whole' || !column.endsWith('Hash') || values.stored === 'NULL';
    const [stored, expected] = isWhole ? [values.stored, values.expected] : hashStarts(values.stored, values.expected);
    return `${column}: stored=${stored}, expected=${expected}`;
  });

/** How the rows of a seed table differ from the expected ones. */
interface SeedDifferences {
  readonly table: string;
  readonly duplicates: readonly string[];
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  readonly modified: readonly string[];
}

interface SeedTable<Row> {
  readonly table: string;
  readonly keyColumn: string;
  key(row: Row): string;
  /** Values by column name, in the order in which they are compared. */
  values(row: Row): Readonly<Record<string, string | boolean>>;
  readonly compareKeys: (left: string, right: string) => number;
}

const resourceKeyTable: SeedTable<StoredResourceKey> = {
  table: qualified(core.resourceKey),
  keyColumn: 'ResourceKeyId',
  key: ({ id }) => String(id),
  values: ({ projectName, resourceName, resourceVersion }) => ({
    ProjectName: projectName,
    ResourceName: resourceName,
    ResourceVersion: resourceVersion,
  }),
  compareKeys: (left, right) => Number(left) - Number(right),
};

type Component = Omit<StoredComponent, 'hash'>;

const componentTable: SeedTable<Component> = {
  table: qualified(core.schemaComponent),
  keyColumn: 'ProjectEndpointName',
  key: ({ projectEndpointName }) => projectEndpointName,
  values: ({ projectName, projectVersion, isExtensionProject }) => ({
    ProjectName: projectName,
    ProjectVersion: projectVersion,
    IsExtensionProject: isExtensionProject,
  }),
  compareKeys: compareOrdinal,
};

const shown = (value: string | boolean) => (typeof value === 'string' ? `'${printable(value)}'` : String(value));

function compareRows<Row>(table: SeedTable<Row>, expected: readonly Row[], stored: readonly Row[]): SeedDifferences {
  const expectedByKey = new Map(expected.map((row) => [table.key(row), row]));
  const storedByKey = new Map(stored.map((row) => [table.key(row), row]));
  const sorted = (keys: Iterable<string>) => [...keys].sort(table.compareKeys);
  const label = (key: string) => printable(key);
  const modified: string[] = [];
  for (const key of sorted(expectedByKey.keys())) {
    const wanted = expectedByKey.get(key);
    const found = storedByKey.get(key);
    if (wanted === undefined || found === undefined) continue;
    const wantedValues = table.values(wanted);
    const foundValues = table.values(found);
    const changes = Object.entries(wantedValues)
      .filter(([column, value]) => foundValues[column] !== value)
      .map(
        ([column, value]) =>
          `${column} expected=${shown(value)} actual=${shown(mustExist(foundValues[column], `the stored ${column}`))}`,
      );
    if (changes.length > 0) modified.push(`${table.keyColumn}=${label(key)}: ${changes.join(', ')}`);
  }
  return {
    table: table.table,
    duplicates: sorted(repeated(stored.map((row) => table.key(row)))).map(label),
    missing: sorted(expectedByKey.keys())
      .filter((key) => !storedByKey.has(key))
      .map(label),
    unexpected: sorted(storedByKey.keys())
      .filter((key) => !expectedByKey.has(key))
      .map(label),
    modified,
  };
}

const surplus = (entries: readonly string[]) =>
  entries.length > mostExamples ? [`    ... and ${entries.length - mostExamples} more`] : [];

function listSection(title: string, entries: readonly string[]): string[] {
  if (entries.length === 0) return [];
  return [`  ${title}: [${entries.slice(0, mostExamples).join(', ')}]`, ...surplus(entries)];
}

/** The report of design 09 §2.6; null where there is nothing to report. */
function reportText({ table, duplicates, missing, unexpected, modified }: SeedDifferences): string | null {
  const lines = [
    ...listSection('Repeated rows (more than once in database)', duplicates),
    ...listSection('Missing rows (expected but not in database)', missing),
    ...listSection('Unexpected rows (in database but not expected)', unexpected),
    ...(modified.length > 0
      ? ['  Modified rows:', ...modified.slice(0, mostExamples).map((entry) => `    ${entry}`), ...surplus(modified)]
      : []),
  ];
  return lines.length === 0 ? null : [`Seed data mismatch in ${table}:`, ...lines].join('\n');
}

/** The differences between the stored resource keys and the expected ones, as text; null if there are none. */
export function resourceKeyReport(info: EffectiveSchemaManifest, stored: readonly StoredResourceKey[]): string | null {
  return reportText(compareRows(resourceKeyTable, info.resourceKeys, stored));
}

/** The same for the components of the expected hash; components of other hashes are ignored. */
export function componentReport(info: EffectiveSchemaManifest, stored: readonly StoredComponent[]): string | null {
  const own = stored.filter(({ hash }) => hash === info.effectiveSchemaHash);
  return reportText(compareRows<Component>(componentTable, info.schemaComponents, own));
}

/**
 * The projects in which a database of another schema set differs: `tpdm 1.1.0 missing`, `sample 1.0.0 unexpected`,
 * `ed-fi 5.1.0 → 5.2.0` (stored, expected).
 */
export function componentChanges(
  info: EffectiveSchemaManifest,
  stored: readonly StoredComponent[],
  hash: string,
): readonly string[] {
  const versions = new Map(
    stored.filter((row) => row.hash === hash).map((row) => [row.projectEndpointName, row.projectVersion]),
  );
  const expected = new Map(info.schemaComponents.map((row) => [row.projectEndpointName, row.projectVersion]));
  return [...new Set([...versions.keys(), ...expected.keys()])].sort(compareBy((name) => name)).flatMap((name) => {
    const found = versions.get(name);
    const wanted = expected.get(name);
    if (found === wanted) return [];
    if (found === undefined) return [printable(`${name} ${wanted} missing`)];
    if (wanted === undefined) return [printable(`${name} ${found} unexpected`)];
    return [printable(`${name} ${found} → ${wanted}`)];
  });
}
