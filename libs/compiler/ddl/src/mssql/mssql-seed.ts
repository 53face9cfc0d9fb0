import { core, type DbTableName, mustExist, qualified } from '@dms/model';
import { dialectOf, empty, join, type PlainLines, type PlainSql } from '@dms/sql';
import {
  componentColumns,
  componentValues,
  type InsertMissing,
  provisionHint,
  resourceKeyColumns,
  resourceKeyValues,
  type SeededRows,
  type SeedRenderer,
  seedInserts,
  whereUnexpected,
} from '../seed-values.ts';

const { mssql } = dialectOf;
const { sql, lines, id, ids, literal } = mssql;

export const mssqlInsertMissing: InsertMissing = (table, columns, values, key) => {
  const isThere = key.map(
    (column) => sql`${id(column)} = ${mustExist(values[columns.indexOf(column)], `the value of ${column}`)}`,
  );
  return sql`IF NOT EXISTS (SELECT 1 FROM ${table} WHERE ${join(isThere, ' AND ')}) INSERT INTO ${table} (${ids(columns)}) VALUES (${join(values)});`;
};

/** The rows of a seeded table that a script expects. */
interface MssqlSetCheck extends SeededRows {
  readonly table: DbTableName;
  /** Prefix of the variables: all seeds share one batch, in which names must be unique. */
  readonly prefix: PlainSql;
  /** The word for the keys in messages. */
  readonly keys: string;
  /** The key as text, for the list in the message. */
  readonly keyText: PlainSql;
}

/** Compares count and content of a seeded table with the expected set (design 06 §6.3, §6.7). */
function setCheck({ table, prefix, keys, keyText, ...expected }: MssqlSetCheck): PlainLines {
  const { scope, columns, rows } = expected;
  const key = id(columns[0] ?? '');
  const name = qualified(table);
  const otherCount = literal(`${name} count mismatch: expected ${rows.length}, found `);
  const unexpected = whereUnexpected(expected, mssql);
  return lines`
    DECLARE @${prefix}_count int;
    DECLARE @${prefix}_mismatch_count int;
    DECLARE @${prefix}_mismatch_keys nvarchar(500);
    SELECT @${prefix}_count = COUNT(*) FROM ${table} AS actual${scope ? sql` WHERE ${scope}` : empty};
    IF @${prefix}_count <> ${literal(rows.length)}
    BEGIN
        DECLARE @${prefix}_count_message nvarchar(500) = ${otherCount} + CAST(@${prefix}_count AS nvarchar(20));
        THROW 50000, @${prefix}_count_message, 1;
    END
    SELECT @${prefix}_mismatch_count = COUNT(*)
    FROM ${table} AS actual
    ${unexpected};
    IF @${prefix}_mismatch_count > 0
    BEGIN
        SELECT @${prefix}_mismatch_keys = STRING_AGG(listed."text", N', ') WITHIN GROUP (ORDER BY listed."key")
        FROM (
            SELECT TOP (10) actual.${key} AS "key", ${keyText} AS "text"
            FROM ${table} AS actual
            ${unexpected}
            ORDER BY actual.${key}
        ) AS listed;
        DECLARE @${prefix}_content_message nvarchar(500) = LEFT(${literal(`${name} contents mismatch: `)} + CAST(@${prefix}_mismatch_count AS nvarchar(20)) + ${literal(` unexpected or modified rows (${keys}: `)} + @${prefix}_mismatch_keys + ${literal(`). ${provisionHint}`)}, 500);
        THROW 50000, @${prefix}_content_message, 1;
    END`;
}

const emptyVersion = literal(`${qualified(core.effectiveSchema)}.ApiSchemaFormatVersion must not be empty.`);
const otherHash = literal(`${qualified(core.effectiveSchema)} ResourceKeySeedHash mismatch: stored `);

export const mssqlSeed: SeedRenderer = {
  ...seedInserts(mssql, mssqlInsertMissing),

  validateResourceKeys(writer, { resourceKeys }) {
    const check = {
      table: core.resourceKey,
      prefix: sql`resource_key`,
      keys: 'ResourceKeyIds',
      keyText: sql`CAST(actual."ResourceKeyId" AS nvarchar(10))`,
      scope: null,
    };
    const rows = resourceKeys.map((key) => join(resourceKeyValues(key, mssql)));
    writer.write(setCheck({ ...check, columns: resourceKeyColumns, rows })).blank();
  },

  validateEffectiveSchema(writer, info) {
    const count = info.resourceKeyCount;
    const otherCount = literal(
      `${qualified(core.effectiveSchema)} ResourceKeyCount mismatch: expected ${count}, found `,
    );
    const seedHash = literal(info.resourceKeySeedHash);
    writer
      .write(lines`
        DECLARE @schema_version nvarchar(64);
        DECLARE @schema_count smallint;
        DECLARE @schema_seed_hash binary(32);
        SELECT @schema_version = "ApiSchemaFormatVersion", @schema_count = "ResourceKeyCount", @schema_seed_hash = "ResourceKeySeedHash"
        FROM ${core.effectiveSchema}
        WHERE "EffectiveSchemaSingletonId" = 1;
        IF EXISTS (SELECT 1 FROM ${core.effectiveSchema} WHERE "EffectiveSchemaSingletonId" = 1)
        BEGIN
            IF @schema_version IS NULL OR LEN(LTRIM(RTRIM(@schema_version))) = 0
                THROW 50000, ${emptyVersion}, 1;
            IF @schema_count <> ${literal(count)}
            BEGIN
                DECLARE @schema_count_message nvarchar(500) = ${otherCount} + CAST(@schema_count AS nvarchar(20));
                THROW 50000, @schema_count_message, 1;
            END
            IF @schema_seed_hash <> ${seedHash}
            BEGIN
                DECLARE @schema_hash_message nvarchar(500) = ${otherHash} + CONVERT(nvarchar(66), @schema_seed_hash, 1) + N' but expected ' + CONVERT(nvarchar(66), ${seedHash}, 1);
                THROW 50000, @schema_hash_message, 1;
            END
        END`)
      .blank();
  },

  validateComponents(writer, { schemaComponents, effectiveSchemaHash }) {
    const check = {
      table: core.schemaComponent,
      prefix: sql`component`,
      keys: 'ProjectEndpointNames',
      keyText: sql`actual."ProjectEndpointName"`,
      scope: sql`actual."EffectiveSchemaHash" = ${literal(effectiveSchemaHash)}`,
    };
    const rows = schemaComponents.map((component) => join(componentValues(component, mssql)));
    writer.write(setCheck({ ...check, columns: componentColumns, rows })).blank();
  },
};
