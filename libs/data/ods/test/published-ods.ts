import {
  type ApiSchemaDocument,
  buildEffectiveSchema,
  convertLegacySchema,
  coreFirst,
  type EffectiveSchemaSet,
  loadApiSchemaFile,
  loadApiSchemaFiles,
  type MappingVersion,
  withShippedFacts,
} from '@dms/api-schema';
import { readSharedText, sharedFile } from '@dms/testing';
import { groupBy } from '@dms/values';
import type { OdsMapping, OdsType, TableCopy } from '../src/index.ts';

const laterCore52 = () => sharedFile('fixtures-v2', 'ds-5.2', 'inputs', 'ds-5.2-core.v2.json');

/** The published core 5.2, as ApiSchema files of every generation. */
export const core52 = {
  v1: () => sharedFile('inputs', 'ds-5.2-core.json'),
  v2: laterCore52,
  'v2-natural': laterCore52,
};

/** The published core 6.1, which is one file for every generation. */
export const core61 = () => sharedFile('inputs', 'ds-6.1-core.json');

/** The schema set of some files. */
export const setOfFiles = (...files: readonly string[]): Promise<EffectiveSchemaSet> => setOfVersion('v1', ...files);

export async function setOfVersion(
  mappingVersion: MappingVersion,
  ...files: readonly string[]
): Promise<EffectiveSchemaSet> {
  return buildEffectiveSchema(coreFirst(await loadApiSchemaFiles(files.map((file) => ({ file })))), { mappingVersion });
}

/** The published core 5.1, which has the older format, converted by `convert`. */
export async function core51(): Promise<readonly ApiSchemaDocument[]> {
  const document = await loadApiSchemaFile(sharedFile('inputs', 'ds-5.1-core.old-format.json'));
  const { schemas } = convertLegacySchema(document, withShippedFacts(document).supplement);
  return schemas.map(({ root, projectEndpointName }) => ({ file: `ApiSchema-${projectEndpointName}.json`, root }));
}

/** The schema set of the core 5.1, with other files if there are any. */
export async function setOf51(
  mappingVersion: MappingVersion,
  ...files: readonly string[]
): Promise<EffectiveSchemaSet> {
  const others = await loadApiSchemaFiles(files.map((file) => ({ file })));
  return buildEffectiveSchema(coreFirst([...(await core51()), ...others]), { mappingVersion });
}

/** A published script of an ODS: its folder in the shared data. */
export type PublishedScript = 'ods-5.1' | 'ods-5.2' | 'ods-6.1' | 'ods-tpdm-1.1';

/** A table of the published script for PostgreSQL: its columns in order as `name type null?`, and its key. */
export interface PublishedTable {
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

const rows = (script: PublishedScript, file: string) =>
  readSharedText('inputs', script, file).trim().split('\n').slice(1);

const typeNames: Readonly<Record<OdsType['kind'], string>> = {
  string: 'VARCHAR',
  decimal: 'DECIMAL',
  boolean: 'BOOLEAN',
  int: 'INT',
  bigint: 'BIGINT',
  smallint: 'SMALLINT',
  money: 'MONEY',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  uuid: 'UUID',
};

function typeText(type: OdsType): string {
  if (type.kind === 'string') return `VARCHAR(${type.maxLength})`;
  return type.kind === 'decimal' ? `DECIMAL(${type.precision}, ${type.scale})` : typeNames[type.kind];
}

/** A number that the database generates is an integer, and a computed column has the type of its text. */
const plainType = (type: string) => type.replace(/^SERIAL$/, 'INT').replace(/^(VARCHAR\(\d+\)) GENERATED$/, '$1');

/** The tables of the published script, by name. */
export function publishedTables(script: PublishedScript = 'ods-5.2'): ReadonlyMap<string, PublishedTable> {
  const tables = new Map<string, { columns: string[]; key: string[] }>();
  for (const row of rows(script, 'columns.csv')) {
    const [, name = '', column = '', type = '', nullable = '', place = ''] =
      /^([^,]+),([^,]+),"([^"]*)",(yes|no),(\d*)$/.exec(row) ?? [];
    const table = tables.get(name) ?? { columns: [], key: [] };
    tables.set(name, table);
    table.columns.push(`${column} ${plainType(type)}${nullable === 'yes' ? ' null' : ''}`);
    if (place !== '') table.key[Number(place) - 1] = column;
  }
  return tables;
}

/** The tables of a mapping in the same form, under their names in PostgreSQL. */
export function mappedTables({ tables }: OdsMapping): ReadonlyMap<string, PublishedTable> {
  return new Map(
    tables.map(({ schema, pgsqlName, columns, key }) => [
      `${schema}.${pgsqlName}`,
      {
        columns: columns.map(({ name, type, isNullable }) => `${name} ${typeText(type)}${isNullable ? ' null' : ''}`),
        key,
      },
    ]),
  );
}

/** A foreign key as `table(column>target column, …) target`. */
const keyText = (table: string, columns: readonly string[], target: string, targetColumns: readonly string[]) =>
  `${table}(${columns
    .map((column, index) => `${column}>${targetColumns[index]}`)
    .sort()
    .join(', ')}) ${target}`;

/** The foreign keys of the published script, sorted. */
export function publishedForeignKeys(script: PublishedScript = 'ods-5.2'): readonly string[] {
  return rows(script, 'foreign-keys.csv')
    .map((row) => {
      const [table = '', , columns = '', target = '', targetColumns = ''] = row.split(',');
      return keyText(table, columns.split(';'), target, targetColumns.split(';'));
    })
    .sort();
}

/** The foreign keys of a mapping, sorted. */
export function mappedForeignKeys({ tables }: OdsMapping): readonly string[] {
  const names = new Map(tables.map(({ schema, name, pgsqlName }) => [`${schema}.${name}`, `${schema}.${pgsqlName}`]));
  const nameOf = (schema: string, name: string) => names.get(`${schema}.${name}`) ?? `no table ${schema}.${name}`;
  return tables
    .flatMap(({ schema, name, foreignKeys }) =>
      foreignKeys.map(({ columns, targetTable, targetColumns }) =>
        keyText(nameOf(schema, name), columns, nameOf(targetTable.schema, targetTable.name), targetColumns),
      ),
    )
    .sort();
}

/** The tables of the published script with their keys, in the schema `ods`, filled from the views with their names. */
export function publishedTargets(script: PublishedScript = 'ods-5.2'): readonly TableCopy[] {
  const placed = (name: string) => `ods.${name.slice(name.indexOf('.') + 1)}`;
  const keys = groupBy(
    rows(script, 'foreign-keys.csv').map((row) => row.split(',')),
    ([table = '']) => table,
  );
  return [...publishedTables(script)].map(([name, { columns, key }]) => ({
    create: `CREATE TABLE ${placed(name)} (${[
      ...columns.map((column) => (column.endsWith(' null') ? column.slice(0, -' null'.length) : `${column} NOT NULL`)),
      `PRIMARY KEY (${key.join(', ')})`,
    ].join(', ')})`,
    copy: `INSERT INTO ${placed(name)} SELECT * FROM ${name}`,
    foreignKeys: (keys.get(name) ?? []).map(
      ([, , columns = '', target = '', targetColumns = '']) =>
        `ALTER TABLE ${placed(name)} ADD FOREIGN KEY (${columns.replaceAll(';', ', ')}) REFERENCES ${placed(target)} (${targetColumns.replaceAll(';', ', ')})`,
    ),
  }));
}
