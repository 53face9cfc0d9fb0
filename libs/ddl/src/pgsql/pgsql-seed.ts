import type { EffectiveSchemaInfo, EffectiveSchemaManifest } from '@dms/api-schema';
import { core, qualified as joined } from '@dms/model';
import { columnList, dialectRules } from '@dms/sql';
import {
  effectiveSchemaColumns,
  effectiveSchemaValues,
  expectedSet,
  provisionHint,
  type SeedRenderer,
  sameRow,
} from '../seed-values.ts';
import { anonymousBlock } from './anonymous-block.ts';
import { literal, q, qualified } from './body-text.ts';

const rules = dialectRules.pgsql;
const resourceKeyTable = qualified(core.resourceKey);
const effectiveSchemaTable = qualified(core.effectiveSchema);
const componentTable = qualified(core.schemaComponent);

const resourceKeyColumns = ['ResourceKeyId', 'ProjectName', 'ResourceName', 'ResourceVersion'];
const componentColumns = ['ProjectEndpointName', 'ProjectName', 'ProjectVersion', 'IsExtensionProject'];

function insert(table: string, columns: readonly string[], values: readonly string[], key: readonly string[]): string {
  return `INSERT INTO ${table} (${columnList(rules, columns)}) VALUES (${values.join(', ')}) ON CONFLICT (${columnList(rules, key)}) DO NOTHING;`;
}

const resourceKeyRow = (key: EffectiveSchemaManifest['resourceKeys'][number], cast: string) =>
  `(${key.id}${cast}, ${[key.projectName, key.resourceName, key.resourceVersion].map(literal).join(', ')})`;

const componentRow = (component: EffectiveSchemaInfo['schemaComponents'][number]) =>
  `(${[component.projectEndpointName, component.projectName, component.projectVersion].map(literal).join(', ')}, ${rules.booleanLiteral(component.isExtensionProject)})`;

/** Counts the rows of `table` that equal no expected row; the message lists the first ten keys. */
function contentCheck(
  table: string,
  scope: string,
  columns: readonly string[],
  rows: readonly string[],
  message: string,
): string[] {
  const [key = ''] = columns;
  return [
    `SELECT pg_catalog.count(*), pg_catalog.array_to_string((pg_catalog.array_agg(actual.${q(key)} ORDER BY actual.${q(key)}))[1:10], ', ')`,
    'INTO mismatch_count, mismatch_keys',
    `FROM ${table} AS actual`,
    `WHERE ${scope === '' ? '' : `${scope} AND `}NOT EXISTS (`,
    '    SELECT 1',
    ...expectedSet(rows, columnList(rules, columns)).map((line, index) =>
      index === 0 ? `    FROM ${line}` : `    ${line}`,
    ),
    ...sameRow(columns, q).map((line) => `    ${line}`),
    ');',
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
  insertResourceKeys(writer, { resourceKeys }) {
    for (const key of resourceKeys) {
      const values = [
        String(key.id),
        literal(key.projectName),
        literal(key.resourceName),
        literal(key.resourceVersion),
      ];
      writer.line(insert(resourceKeyTable, resourceKeyColumns, values, ['ResourceKeyId']));
    }
    writer.blank();
  },

  validateResourceKeys(writer, { resourceKeys }) {
    const rows = resourceKeys.map((key) => resourceKeyRow(key, '::smallint'));
    const message = `${joined(core.resourceKey)} contents mismatch: % unexpected or modified rows (ResourceKeyIds: %). ${provisionHint}`;
    anonymousBlock(writer, countDeclarations, [
      ...countCheck(resourceKeyTable, '', resourceKeys.length, `${joined(core.resourceKey)} count mismatch`),
      ...contentCheck(resourceKeyTable, '', resourceKeyColumns, rows, message),
    ]);
  },

  insertEffectiveSchema(writer, info) {
    const values = effectiveSchemaValues(info, rules);
    writer.line(insert(effectiveSchemaTable, effectiveSchemaColumns, values, ['EffectiveSchemaSingletonId'])).blank();
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

  insertComponents(writer, { schemaComponents, effectiveSchemaHash }) {
    for (const component of schemaComponents) {
      const values = [literal(effectiveSchemaHash), componentRow(component).slice(1, -1)];
      writer.line(
        insert(componentTable, ['EffectiveSchemaHash', ...componentColumns], values, [
          'EffectiveSchemaHash',
          'ProjectEndpointName',
        ]),
      );
    }
    writer.blank();
  },

  validateComponents(writer, { schemaComponents, effectiveSchemaHash }) {
    const scope = `${q('EffectiveSchemaHash')} = ${literal(effectiveSchemaHash)}`;
    const message = `${joined(core.schemaComponent)} contents mismatch: % unexpected or modified rows (ProjectEndpointNames: %). ${provisionHint}`;
    anonymousBlock(writer, countDeclarations, [
      ...countCheck(
        componentTable,
        ` WHERE ${scope}`,
        schemaComponents.length,
        `${joined(core.schemaComponent)} count mismatch`,
      ),
      ...contentCheck(componentTable, `actual.${scope}`, componentColumns, schemaComponents.map(componentRow), message),
    ]);
  },
};
