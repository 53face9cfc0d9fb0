import { core, qualified as joined } from '@dms/model';
import { columnList, dialectRules } from '@dms/sql';
import {
  componentColumns,
  componentValues,
  type ExpectedRows,
  type InsertMissing,
  provisionHint,
  resourceKeyColumns,
  resourceKeyValues,
  rowText,
  type SeedRenderer,
  seedInserts,
  whereUnexpected,
} from '../seed-values.ts';
import { enclosed } from '../statement-lines.ts';
import { anonymousBlock } from './anonymous-block.ts';
import { literal, q, qualified } from './body-text.ts';

const rules = dialectRules.pgsql;
const resourceKeyTable = qualified(core.resourceKey);
const effectiveSchemaTable = qualified(core.effectiveSchema);
const componentTable = qualified(core.schemaComponent);

export const pgsqlInsertMissing: InsertMissing = (table, columns, values, key) =>
  `INSERT INTO ${qualified(table)} (${columnList(rules, columns)}) VALUES ${rowText(values)} ON CONFLICT (${columnList(rules, key)}) DO NOTHING;`;

/** Counts the rows of `table` that equal no expected row; the message lists the first ten keys. */
function contentCheck(table: string, expected: ExpectedRows, message: string): string[] {
  const [key = ''] = expected.columns;
  return [
    `SELECT pg_catalog.count(*), pg_catalog.array_to_string((pg_catalog.array_agg(actual.${q(key)} ORDER BY actual.${q(key)}))[1:10], ', ')`,
    'INTO mismatch_count, mismatch_keys',
    `FROM ${table} AS actual`,
    ...enclosed('', whereUnexpected(expected, rules), ';'),
    'IF mismatch_count > 0 THEN',
    `    RAISE EXCEPTION '${message}', mismatch_count, mismatch_keys;`,
    'END IF;',
  ];
}

function countCheck(table: string, scope: string, expected: number, message: string): string[] {
  return [
    `SELECT pg_catalog.count(*) INTO actual_count FROM ${table}${scope};`,
    `IF actual_count <> ${expected} THEN`,
    `    RAISE EXCEPTION '${message}: expected %, found %', ${expected}, actual_count;`,
    'END IF;',
  ];
}

const countDeclarations = ['actual_count bigint;', 'mismatch_count bigint;', 'mismatch_keys text;'];

export const pgsqlSeed: SeedRenderer = {
  ...seedInserts(rules, pgsqlInsertMissing),

  validateResourceKeys(writer, { resourceKeys }) {
    const rows = resourceKeys.map((key) => {
      const [id, ...names] = resourceKeyValues(key, rules);
      return rowText([`${id}::smallint`, ...names]);
    });
    const message = `${joined(core.resourceKey)} contents mismatch: % unexpected or modified rows (ResourceKeyIds: %). ${provisionHint}`;
    anonymousBlock(writer, countDeclarations, [
      ...countCheck(resourceKeyTable, '', resourceKeys.length, `${joined(core.resourceKey)} count mismatch`),
      ...contentCheck(resourceKeyTable, { scope: '', columns: resourceKeyColumns, rows }, message),
    ]);
  },

  validateEffectiveSchema(writer, info) {
    const seedHash = rules.binaryLiteral(info.resourceKeySeedHash);
    anonymousBlock(
      writer,
      ['stored_version text;', 'stored_count integer;', 'stored_seed_hash bytea;'],
      [
        `SELECT ${['ApiSchemaFormatVersion', 'ResourceKeyCount', 'ResourceKeySeedHash'].map(q).join(', ')}`,
        'INTO stored_version, stored_count, stored_seed_hash',
        `FROM ${effectiveSchemaTable}`,
        `WHERE ${q('EffectiveSchemaSingletonId')} = 1;`,
        'IF FOUND THEN',
        "    IF stored_version IS NULL OR pg_catalog.btrim(stored_version) = '' THEN",
        `        RAISE EXCEPTION '${joined(core.effectiveSchema)}.ApiSchemaFormatVersion must not be empty.';`,
        '    END IF;',
        `    IF stored_count IS DISTINCT FROM ${info.resourceKeyCount} THEN`,
        `        RAISE EXCEPTION '${joined(core.effectiveSchema)} ResourceKeyCount mismatch: expected %, found %', ${info.resourceKeyCount}, stored_count;`,
        '    END IF;',
        `    IF stored_seed_hash IS DISTINCT FROM ${seedHash} THEN`,
        `        RAISE EXCEPTION '${joined(core.effectiveSchema)} ResourceKeySeedHash mismatch: stored % but expected %',`,
        `            pg_catalog.encode(stored_seed_hash, 'hex'), pg_catalog.encode(${seedHash}, 'hex');`,
        '    END IF;',
        'END IF;',
      ],
    );
  },

  validateComponents(writer, { schemaComponents, effectiveSchemaHash }) {
    const scope = `${q('EffectiveSchemaHash')} = ${literal(effectiveSchemaHash)}`;
    const rows = schemaComponents.map((component) => rowText(componentValues(component, rules)));
    const message = `${joined(core.schemaComponent)} contents mismatch: % unexpected or modified rows (ProjectEndpointNames: %). ${provisionHint}`;
    anonymousBlock(writer, countDeclarations, [
      ...countCheck(
        componentTable,
        ` WHERE ${scope}`,
        schemaComponents.length,
        `${joined(core.schemaComponent)} count mismatch`,
      ),
      ...contentCheck(componentTable, { scope: `actual.${scope}`, columns: componentColumns, rows }, message),
    ]);
  },
};
