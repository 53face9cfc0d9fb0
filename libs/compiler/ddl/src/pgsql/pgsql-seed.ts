import { core, type DbTableName, qualified } from '@dms/model';
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
import { anonymousBlock } from './anonymous-block.ts';

const { pgsql } = dialectOf;
const { sql, lines, id, ids, literal } = pgsql;

export const pgsqlInsertMissing: InsertMissing = (table, columns, values, key) =>
  sql`INSERT INTO ${table} (${ids(columns)}) VALUES (${join(values)}) ON CONFLICT (${ids(key)}) DO NOTHING;`;

/** The rows of a seeded table that a script expects. */
interface PgsqlSetCheck extends SeededRows {
  readonly table: DbTableName;
  /** The word for the keys in messages. */
  readonly keys: string;
  /** The condition for the counted rows; null for all rows. */
  readonly counted: PlainSql | null;
}

/**
 * Compares count and content of a seeded table with the expected set (design 06 §6.3, §6.7). The message lists the
 * first ten keys of the rows that equal no expected row.
 */
function setCheck({ table, keys, counted, ...expected }: PgsqlSetCheck): PlainLines {
  const key = id(expected.columns[0] ?? '');
  const count = literal(expected.rows.length);
  const name = qualified(table);
  const otherCount = literal(`${name} count mismatch: expected %, found %`);
  const otherContents = literal(
    `${name} contents mismatch: % unexpected or modified rows (${keys}: %). ${provisionHint}`,
  );
  return anonymousBlock(
    lines`
      actual_count bigint;
      mismatch_count bigint;
      mismatch_keys text;`,
    lines`
      SELECT pg_catalog.count(*) INTO actual_count FROM ${table}${counted ? sql` WHERE ${counted}` : empty};
      IF actual_count <> ${count} THEN
          RAISE EXCEPTION ${otherCount}, ${count}, actual_count;
      END IF;
      SELECT pg_catalog.count(*), pg_catalog.array_to_string((pg_catalog.array_agg(actual.${key} ORDER BY actual.${key}))[1:10], ', ')
      INTO mismatch_count, mismatch_keys
      FROM ${table} AS actual
      ${whereUnexpected(expected, pgsql)};
      IF mismatch_count > 0 THEN
          RAISE EXCEPTION ${otherContents}, mismatch_count, mismatch_keys;
      END IF;`,
  );
}

const emptyVersion = literal(`${qualified(core.effectiveSchema)}.ApiSchemaFormatVersion must not be empty.`);
const otherCount = literal(`${qualified(core.effectiveSchema)} ResourceKeyCount mismatch: expected %, found %`);
const otherHash = literal(`${qualified(core.effectiveSchema)} ResourceKeySeedHash mismatch: stored % but expected %`);

export const pgsqlSeed: SeedRenderer = {
  ...seedInserts(pgsql, pgsqlInsertMissing),

  validateResourceKeys(writer, { resourceKeys }) {
    const rows = resourceKeys.map((key) => {
      const [number, ...names] = resourceKeyValues(key, pgsql);
      return join([sql`${number ?? empty}::smallint`, ...names]);
    });
    const check = { table: core.resourceKey, keys: 'ResourceKeyIds', counted: null, scope: null };
    writer.write(setCheck({ ...check, columns: resourceKeyColumns, rows })).blank();
  },

  validateEffectiveSchema(writer, info) {
    const count = literal(info.resourceKeyCount);
    const seedHash = literal(info.resourceKeySeedHash);
    writer
      .write(
        anonymousBlock(
          lines`
            stored_version text;
            stored_count integer;
            stored_seed_hash bytea;`,
          lines`
            SELECT "ApiSchemaFormatVersion", "ResourceKeyCount", "ResourceKeySeedHash"
            INTO stored_version, stored_count, stored_seed_hash
            FROM ${core.effectiveSchema}
            WHERE "EffectiveSchemaSingletonId" = 1;
            IF FOUND THEN
                IF stored_version IS NULL OR pg_catalog.btrim(stored_version) = '' THEN
                    RAISE EXCEPTION ${emptyVersion};
                END IF;
                IF stored_count IS DISTINCT FROM ${count} THEN
                    RAISE EXCEPTION ${otherCount}, ${count}, stored_count;
                END IF;
                IF stored_seed_hash IS DISTINCT FROM ${seedHash} THEN
                    RAISE EXCEPTION ${otherHash},
                        pg_catalog.encode(stored_seed_hash, 'hex'), pg_catalog.encode(${seedHash}, 'hex');
                END IF;
            END IF;`,
        ),
      )
      .blank();
  },

  validateComponents(writer, { schemaComponents, effectiveSchemaHash }) {
    const counted = sql`"EffectiveSchemaHash" = ${literal(effectiveSchemaHash)}`;
    const check = { table: core.schemaComponent, keys: 'ProjectEndpointNames', counted, scope: sql`actual.${counted}` };
    const rows = schemaComponents.map((component) => join(componentValues(component, pgsql)));
    writer.write(setCheck({ ...check, columns: componentColumns, rows })).blank();
  },
};
