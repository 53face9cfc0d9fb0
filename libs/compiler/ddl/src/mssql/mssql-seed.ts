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
import { enclosed, indented } from '../statement-lines.ts';
import { literal, q, qualified } from './body-text.ts';

const rules = dialectRules.mssql;
const resourceKeyTable = qualified(core.resourceKey);
const effectiveSchemaTable = qualified(core.effectiveSchema);
const componentTable = qualified(core.schemaComponent);

export const mssqlInsertMissing: InsertMissing = (table, columns, values, key) => {
  const name = qualified(table);
  const isThere = key.map((column) => `${q(column)} = ${values[columns.indexOf(column)]}`).join(' AND ');
  return `IF NOT EXISTS (SELECT 1 FROM ${name} WHERE ${isThere}) INSERT INTO ${name} (${columnList(rules, columns)}) VALUES ${rowText(values)};`;
};

const asText = (variable: string) => `CAST(${variable} AS nvarchar(20))`;

interface SetCheck extends ExpectedRows {
  /** Prefix of the variables: all seeds share one batch, in which names must be unique. */
  readonly prefix: string;
  readonly table: string;
  readonly tableName: string;
  readonly keyLabel: string;
  /** The key as text, for the list in the message. */
  readonly keyText: string;
}

/** Compares count and content of a seeded table with the expected set (design 06 §6.3, §6.7). */
function setCheck({ prefix, table, tableName, keyLabel, keyText, ...expected }: SetCheck): string[] {
  const { scope, columns, rows } = expected;
  const [key = ''] = columns;
  const where = scope === '' ? '' : ` WHERE ${scope}`;
  const unexpected = whereUnexpected(expected, rules);
  return [
    `DECLARE @${prefix}_count int;`,
    `DECLARE @${prefix}_mismatch_count int;`,
    `DECLARE @${prefix}_mismatch_keys nvarchar(500);`,
    `SELECT @${prefix}_count = COUNT(*) FROM ${table} AS actual${where};`,
    `IF @${prefix}_count <> ${rows.length}`,
    'BEGIN',
    `    DECLARE @${prefix}_count_message nvarchar(500) = N'${tableName} count mismatch: expected ${rows.length}, found ' + ${asText(`@${prefix}_count`)};`,
    `    THROW 50000, @${prefix}_count_message, 1;`,
    'END',
    `SELECT @${prefix}_mismatch_count = COUNT(*)`,
    `FROM ${table} AS actual`,
    ...enclosed('', unexpected, ';'),
    `IF @${prefix}_mismatch_count > 0`,
    'BEGIN',
    ...[
      `SELECT @${prefix}_mismatch_keys = STRING_AGG(listed.[text], N', ') WITHIN GROUP (ORDER BY listed.[key])`,
      'FROM (',
      `    SELECT TOP (10) actual.${q(key)} AS [key], ${keyText} AS [text]`,
      `    FROM ${table} AS actual`,
      ...indented(unexpected),
      `    ORDER BY actual.${q(key)}`,
      ') AS listed;',
      `DECLARE @${prefix}_content_message nvarchar(500) = LEFT(N'${tableName} contents mismatch: ' + ${asText(`@${prefix}_mismatch_count`)} + N' unexpected or modified rows (${keyLabel}: ' + @${prefix}_mismatch_keys + N'). ${provisionHint}', 500);`,
      `THROW 50000, @${prefix}_content_message, 1;`,
    ].map((line) => `    ${line}`),
    'END',
  ];
}

export const mssqlSeed: SeedRenderer = {
  ...seedInserts(rules, mssqlInsertMissing),

  validateResourceKeys(writer, { resourceKeys }) {
    writer
      .linesOf(
        setCheck({
          prefix: 'resource_key',
          table: resourceKeyTable,
          tableName: joined(core.resourceKey),
          scope: '',
          columns: resourceKeyColumns,
          rows: resourceKeys.map((key) => rowText(resourceKeyValues(key, rules))),
          keyLabel: 'ResourceKeyIds',
          keyText: `CAST(actual.${q('ResourceKeyId')} AS nvarchar(10))`,
        }),
      )
      .blank();
  },

  validateEffectiveSchema(writer, info) {
    const seedHash = rules.binaryLiteral(info.resourceKeySeedHash);
    writer
      .linesOf([
        'DECLARE @schema_version nvarchar(64);',
        'DECLARE @schema_count smallint;',
        'DECLARE @schema_seed_hash binary(32);',
        `SELECT @schema_version = ${q('ApiSchemaFormatVersion')}, @schema_count = ${q('ResourceKeyCount')}, @schema_seed_hash = ${q('ResourceKeySeedHash')}`,
        `FROM ${effectiveSchemaTable}`,
        `WHERE ${q('EffectiveSchemaSingletonId')} = 1;`,
        `IF EXISTS (SELECT 1 FROM ${effectiveSchemaTable} WHERE ${q('EffectiveSchemaSingletonId')} = 1)`,
        'BEGIN',
        '    IF @schema_version IS NULL OR LEN(LTRIM(RTRIM(@schema_version))) = 0',
        `        THROW 50000, N'${joined(core.effectiveSchema)}.ApiSchemaFormatVersion must not be empty.', 1;`,
        `    IF @schema_count <> ${info.resourceKeyCount}`,
        '    BEGIN',
        `        DECLARE @schema_count_message nvarchar(500) = N'${joined(core.effectiveSchema)} ResourceKeyCount mismatch: expected ${info.resourceKeyCount}, found ' + ${asText('@schema_count')};`,
        '        THROW 50000, @schema_count_message, 1;',
        '    END',
        `    IF @schema_seed_hash <> ${seedHash}`,
        '    BEGIN',
        `        DECLARE @schema_hash_message nvarchar(500) = N'${joined(core.effectiveSchema)} ResourceKeySeedHash mismatch: stored ' + CONVERT(nvarchar(66), @schema_seed_hash, 1) + N' but expected ' + CONVERT(nvarchar(66), ${seedHash}, 1);`,
        '        THROW 50000, @schema_hash_message, 1;',
        '    END',
        'END',
      ])
      .blank();
  },

  validateComponents(writer, { schemaComponents, effectiveSchemaHash }) {
    writer
      .linesOf(
        setCheck({
          prefix: 'component',
          table: componentTable,
          tableName: joined(core.schemaComponent),
          scope: `actual.${q('EffectiveSchemaHash')} = ${literal(effectiveSchemaHash)}`,
          columns: componentColumns,
          rows: schemaComponents.map((component) => rowText(componentValues(component, rules))),
          keyLabel: 'ProjectEndpointNames',
          keyText: `actual.${q('ProjectEndpointName')}`,
        }),
      )
      .blank();
  },
};
