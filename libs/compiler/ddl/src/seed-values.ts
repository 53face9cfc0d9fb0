import { type EffectiveSchemaInfo, type EffectiveSchemaManifest, resourceKeyLimit } from '@dms/api-schema';
import { fail } from '@dms/diagnostics';
import { core } from '@dms/model';
import { columnList, constructorRows, type DialectRules, type QualifiedName, type SqlWriter } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import { enclosed, indented, listed } from './statement-lines.ts';

/** Renders the seed segment (design 06 §6). */
export interface SeedRenderer {
  insertResourceKeys(writer: SqlWriter, info: Pick<EffectiveSchemaManifest, 'resourceKeys'>): void;
  validateResourceKeys(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  insertEffectiveSchema(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  validateEffectiveSchema(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  insertComponents(writer: SqlWriter, info: EffectiveSchemaInfo): void;
  validateComponents(writer: SqlWriter, info: EffectiveSchemaInfo): void;
}

/** The checked members of a fingerprint; a stored one may lack its count. */
interface SeedValues {
  readonly apiSchemaFormatVersion: string;
  readonly effectiveSchemaHash: string;
  readonly resourceKeyCount: number | null;
  readonly resourceKeySeedHash: { readonly length: number };
  readonly resourceKeys: readonly unknown[];
}

/** All errors of a fingerprint that must not get into a script or a database (design 06 §6.0), in this order. */
export function seedFindings(info: SeedValues): string[] {
  const findings: string[] = [];
  const prefix = 'dms.EffectiveSchema';
  const tooMany = (count: number) =>
    `${prefix}.ResourceKeyCount must be less than or equal to ${resourceKeyLimit}, but found ${count}.`;
  if (info.apiSchemaFormatVersion.trim() === '') findings.push(`${prefix}.ApiSchemaFormatVersion must not be empty.`);
  if (!/^[0-9a-f]{64}$/.test(info.effectiveSchemaHash))
    findings.push(`${prefix}.EffectiveSchemaHash must be 64 lowercase hex characters.`);
  const { resourceKeyCount: count } = info;
  if (count === null || count < 0)
    findings.push(`${prefix}.ResourceKeyCount must be non-negative, but found ${count ?? 'NULL'}.`);
  else if (count > resourceKeyLimit) findings.push(tooMany(count));
  if (info.resourceKeySeedHash.length !== 32) {
    findings.push(
      `${prefix}.ResourceKeySeedHash must be exactly 32 bytes, but found ${info.resourceKeySeedHash.length}.`,
    );
  }
  if (info.resourceKeys.length > resourceKeyLimit) findings.push(tooMany(info.resourceKeys.length));
  return findings;
}

/** Throws `DDL_EMPTY_SCHEMA_HASH`, or `DDL_SEED_METADATA_INVALID` with all findings. */
export function assertSeedValues(info: EffectiveSchemaManifest): void {
  if (info.effectiveSchemaHash.trim() === '')
    fail('DDL_EMPTY_SCHEMA_HASH', 'The preflight needs the effective schema hash.');
  const findings = seedFindings(info);
  if (findings.length === 0) return;
  const text = `The values for dms.EffectiveSchema break their rules: ${findings.map((finding) => `expected metadata: ${finding}`).join('; ')}`;
  fail('DDL_SEED_METADATA_INVALID', text, {}, { issues: findings });
}

/** The columns of `dms.EffectiveSchema` that a script fills. */
const effectiveSchemaColumns = [
  'EffectiveSchemaSingletonId',
  'ApiSchemaFormatVersion',
  'EffectiveSchemaHash',
  'ResourceKeyCount',
  'ResourceKeySeedHash',
];

/** The values of these columns, as literals of the dialect. */
function effectiveSchemaValues(info: EffectiveSchemaInfo, rules: DialectRules): string[] {
  return [
    '1',
    rules.stringLiteral(info.apiSchemaFormatVersion),
    rules.stringLiteral(info.effectiveSchemaHash),
    String(info.resourceKeyCount),
    rules.binaryLiteral(info.resourceKeySeedHash),
  ];
}

/** The columns of `dms.ResourceKey`. */
export const resourceKeyColumns = ['ResourceKeyId', 'ProjectName', 'ResourceName', 'ResourceVersion'];

/** The values of these columns, as literals of the dialect. */
export function resourceKeyValues(
  { id, projectName, resourceName, resourceVersion }: EffectiveSchemaManifest['resourceKeys'][number],
  rules: DialectRules,
): string[] {
  return [String(id), ...[projectName, resourceName, resourceVersion].map((text) => rules.stringLiteral(text))];
}

/** The columns of `dms.SchemaComponent` besides the hash of the schema set. */
export const componentColumns = ['ProjectEndpointName', 'ProjectName', 'ProjectVersion', 'IsExtensionProject'];

/** The values of these columns, as literals of the dialect. */
export function componentValues(
  {
    projectEndpointName,
    projectName,
    projectVersion,
    isExtensionProject,
  }: EffectiveSchemaInfo['schemaComponents'][number],
  rules: DialectRules,
): string[] {
  return [
    ...[projectEndpointName, projectName, projectVersion].map((text) => rules.stringLiteral(text)),
    rules.booleanLiteral(isExtensionProject),
  ];
}

/** A row as text, like `(1, 'a')`. */
export const rowText = (values: readonly string[]) => `(${values.join(', ')})`;

/** Renders the INSERT of a row that keeps an existing row with the same key; `values` are literals. */
export type InsertMissing = (
  table: QualifiedName,
  columns: readonly string[],
  values: readonly string[],
  key: readonly string[],
) => string;

/** The inserts of the seed segment; `insert` renders the INSERT of the dialect. */
export function seedInserts(
  rules: DialectRules,
  insert: InsertMissing,
): Pick<SeedRenderer, 'insertResourceKeys' | 'insertEffectiveSchema' | 'insertComponents'> {
  return {
    insertResourceKeys(writer, { resourceKeys }) {
      for (const key of resourceKeys)
        writer.line(insert(core.resourceKey, resourceKeyColumns, resourceKeyValues(key, rules), ['ResourceKeyId']));
      writer.blank();
    },

    insertEffectiveSchema(writer, info) {
      const values = effectiveSchemaValues(info, rules);
      const key = ['EffectiveSchemaSingletonId'];
      writer.line(insert(core.effectiveSchema, effectiveSchemaColumns, values, key)).blank();
    },

    insertComponents(writer, { schemaComponents, effectiveSchemaHash }) {
      const columns = ['EffectiveSchemaHash', ...componentColumns];
      const key = ['EffectiveSchemaHash', 'ProjectEndpointName'];
      for (const component of schemaComponents) {
        const values = [rules.stringLiteral(effectiveSchemaHash), ...componentValues(component, rules)];
        writer.line(insert(core.schemaComponent, columns, values, key));
      }
      writer.blank();
    },
  };
}

/**
 * The rows of an expected set as a row source named `expected`: one VALUES constructor up to 999 rows, otherwise chunks
 * of 999 joined by UNION ALL. `rows` are texts like `(1, 'a')`, `columns` the quoted column list.
 */
function expectedSet(rows: readonly string[], columns: string): string[] {
  if (rows.length <= constructorRows) return ['(VALUES', ...indented(listed(rows)), `) AS expected (${columns})`];
  const lines = ['('];
  for (const [index, piece] of chunk(rows, constructorRows).entries()) {
    if (index > 0) lines.push('    UNION ALL');
    lines.push(
      '    SELECT * FROM (VALUES',
      ...listed(piece).map((row) => `        ${row}`),
      `    ) AS chunk (${columns})`,
    );
  }
  return [...lines, `) AS expected (${columns})`];
}

/** The rows that a seeded table should have. */
export interface ExpectedRows {
  /** The condition for the compared rows of the table `actual`; empty for all rows. */
  readonly scope: string;
  readonly columns: readonly string[];
  /** Texts like `(1, 'a')`. */
  readonly rows: readonly string[];
}

/** The WHERE clause for rows of the table `actual` that equal none of the expected ones. */
export function whereUnexpected({ scope, columns, rows }: ExpectedRows, rules: DialectRules): string[] {
  const equal = columns.map((column) => `expected.${rules.quote(column)} = actual.${rules.quote(column)}`);
  return [
    `WHERE ${scope === '' ? '' : `${scope} AND `}NOT EXISTS (`,
    ...indented([
      'SELECT 1',
      ...enclosed('FROM ', expectedSet(rows, columnList(rules, columns))),
      ...equal.map((condition, index) => `${index === 0 ? 'WHERE' : '    AND'} ${condition}`),
    ]),
    ')',
  ];
}

/** Hint at the end of content mismatches. */
export const provisionHint = 'Run dms-ddl provision for a row-level diff.';
