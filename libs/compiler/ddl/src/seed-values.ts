import { type EffectiveSchemaInfo, type EffectiveSchemaManifest, resourceKeyLimit } from '@dms/api-schema';
import { fail } from '@dms/diagnostics';
import { core } from '@dms/model';
import {
  chained,
  constructorRows,
  type Dialect,
  empty,
  listed,
  type PlainLines,
  type PlainSql,
  type QualifiedName,
  type SqlWriter,
  separated,
} from '@dms/sql';
import { chunk } from 'es-toolkit/array';

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
const effectiveSchemaValues = (info: EffectiveSchemaInfo, { literal }: Dialect): PlainSql[] =>
  [1, info.apiSchemaFormatVersion, info.effectiveSchemaHash, info.resourceKeyCount, info.resourceKeySeedHash].map(
    literal,
  );

/** The columns of `dms.ResourceKey`. */
export const resourceKeyColumns = ['ResourceKeyId', 'ProjectName', 'ResourceName', 'ResourceVersion'];

/** The values of these columns, as literals of the dialect. */
export const resourceKeyValues = (
  { id, projectName, resourceName, resourceVersion }: EffectiveSchemaManifest['resourceKeys'][number],
  { literal }: Dialect,
): PlainSql[] => [id, projectName, resourceName, resourceVersion].map(literal);

/** The columns of `dms.SchemaComponent` besides the hash of the schema set. */
export const componentColumns = ['ProjectEndpointName', 'ProjectName', 'ProjectVersion', 'IsExtensionProject'];

/** The values of these columns, as literals of the dialect. */
export const componentValues = (
  {
    projectEndpointName,
    projectName,
    projectVersion,
    isExtensionProject,
  }: EffectiveSchemaInfo['schemaComponents'][number],
  { literal }: Dialect,
): PlainSql[] => [projectEndpointName, projectName, projectVersion, isExtensionProject].map(literal);

/** Renders the INSERT of a row that keeps an existing row with the same key. */
export type InsertMissing = (
  table: QualifiedName,
  columns: readonly string[],
  values: readonly PlainSql[],
  key: readonly string[],
) => PlainSql;

/** The inserts of the seed segment; `insert` renders the INSERT of the dialect. */
export function seedInserts(
  dialect: Dialect,
  insert: InsertMissing,
): Pick<SeedRenderer, 'insertResourceKeys' | 'insertEffectiveSchema' | 'insertComponents'> {
  return {
    insertResourceKeys(writer, { resourceKeys }) {
      for (const key of resourceKeys)
        writer.write(insert(core.resourceKey, resourceKeyColumns, resourceKeyValues(key, dialect), ['ResourceKeyId']));
      writer.blank();
    },

    insertEffectiveSchema(writer, info) {
      const values = effectiveSchemaValues(info, dialect);
      const key = ['EffectiveSchemaSingletonId'];
      writer.write(insert(core.effectiveSchema, effectiveSchemaColumns, values, key)).blank();
    },

    insertComponents(writer, { schemaComponents, effectiveSchemaHash }) {
      const columns = ['EffectiveSchemaHash', ...componentColumns];
      const key = ['EffectiveSchemaHash', 'ProjectEndpointName'];
      for (const component of schemaComponents) {
        const values = [dialect.literal(effectiveSchemaHash), ...componentValues(component, dialect)];
        writer.write(insert(core.schemaComponent, columns, values, key));
      }
      writer.blank();
    },
  };
}

/** The rows that a seeded table should have. */
export interface SeededRows {
  /** The condition for the compared rows of the table `actual`; null for all rows. */
  readonly scope: PlainSql | null;
  readonly columns: readonly string[];
  /** The values of each row, like `1, 'a'`. */
  readonly rows: readonly PlainSql[];
}

/**
 * The rows of an expected set as a row source named `expected`: one VALUES constructor up to 999 rows, otherwise chunks
 * of 999 joined by UNION ALL.
 */
function expectedSet({ sql, lines, ids }: Dialect, { columns, rows }: SeededRows): PlainLines {
  const values = rows.map((row) => sql`(${row})`);
  if (values.length <= constructorRows)
    return lines`
      (VALUES
          ${listed(values)}
      ) AS expected (${ids(columns)})`;
  const chunks = chunk(values, constructorRows).map(
    (piece) => lines`
      SELECT * FROM (VALUES
          ${listed(piece)}
      ) AS chunk (${ids(columns)})`,
  );
  return lines`
    (
        ${separated(chunks, sql`UNION ALL`)}
    ) AS expected (${ids(columns)})`;
}

/** The WHERE clause for rows of the table `actual` that equal none of the expected ones. */
export function whereUnexpected(expected: SeededRows, dialect: Dialect): PlainLines {
  const { sql, lines, id } = dialect;
  const { scope, columns } = expected;
  const equal = columns.map((column) => sql`expected.${id(column)} = actual.${id(column)}`);
  return lines`
    WHERE ${scope === null ? empty : sql`${scope} AND `}NOT EXISTS (
        SELECT 1
        FROM ${expectedSet(dialect, expected)}
        WHERE ${chained(equal, 'AND')}
    )`;
}

/** Hint at the end of content mismatches. */
export const provisionHint = 'Run dms-ddl provision for a row-level diff.';
