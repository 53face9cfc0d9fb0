import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { MappingVersion } from '@dms/api-schema';
import type { Catalog } from '@dms/catalog';
import { type Connection, type MssqlRows, mssqlQueries } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import { givenScript, textOf, trusted } from '@dms/sql';
import { sha256Hex } from '@dms/values';
import { schemaSetOf } from '../models/derived.ts';
import { everything } from '../models/schema-with-everything.ts';
import type { SystemViews } from '../sent/sent-text.ts';
import { mssqlRows } from './mssql-rows.ts';

/*
 * The results of SQL Server for the queries that read its catalog, and the columns of its system views, as files:
 * written from the documentation, or recorded on a server with `npx tsx tools/mssql/record.ts <connection>`.
 */

/** The results for a database created by the script of {@link recordedSet}. */
export interface CatalogRecording {
  /** `documentation`, or the product and version of the server. */
  readonly recordedFrom: string;
  /** The hash of the script that created the database. */
  readonly scriptSha256: string;
  readonly answers: MssqlRows;
}

/** The system views that are read, with the SQL types of their columns. */
export interface SystemViewRecording {
  readonly recordedFrom: string;
  /** By `sys.<view>`; `source` is the page of the documentation. */
  readonly views: Readonly<
    Record<string, { readonly source: string; readonly columns: Readonly<Record<string, string>> }>
  >;
}

const folder = path.resolve(import.meta.dirname, '../../../../fixtures/mssql-recordings');

/** The files of the recordings: a catalog of each generation, and the system views. */
export const recordingFiles = {
  catalog: (version: MappingVersion) => path.join(folder, `catalog.${version}.json`),
  systemViews: path.join(folder, 'system-views.json'),
} as const;

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

export const catalogRecording = (version: MappingVersion): CatalogRecording =>
  readJson(recordingFiles.catalog(version)) as CatalogRecording;
export const systemViewRecording = (): SystemViewRecording =>
  readJson(recordingFiles.systemViews) as SystemViewRecording;

/** The columns of the recorded system views, for the checks of sent texts. */
export const recordedSystemViews = (): SystemViews =>
  Object.fromEntries(Object.entries(systemViewRecording().views).map(([name, { columns }]) => [name, columns]));

/**
 * The set whose database is recorded: it has every kind of object and column, although its documents cannot be written.
 */
export function recordedSet(version: MappingVersion): {
  readonly script: string;
  readonly catalog: Catalog;
  readonly scriptSha256: string;
} {
  const { model } = deriveModel(schemaSetOf(version, everything), 'mssql', { strict: false });
  const { script, catalog } = emitDdl(model, deriveInventory(model));
  return { script, catalog, scriptSha256: sha256Hex(script) };
}

/** The results according to the documentation of the system views. */
export function documentedCatalog(version: MappingVersion): CatalogRecording {
  const { script, catalog, scriptSha256 } = recordedSet(version);
  return { recordedFrom: 'documentation', scriptSha256, answers: mssqlRows(catalog, script) };
}

/** Records the results of a server. The database of the session must be empty, and is filled. */
export async function recordCatalog(
  connection: Connection,
  product: string,
  version: MappingVersion,
): Promise<CatalogRecording> {
  const { script, scriptSha256 } = recordedSet(version);
  await connection.begin();
  await connection.execute(givenScript(script));
  await connection.commit();
  const names = Object.keys(mssqlQueries);
  const rows = await connection.queryEach(Object.values(mssqlQueries).map(textOf).map(trusted));
  const answers = Object.fromEntries(names.map((name, index) => [name, rows[index] ?? []]));
  return { recordedFrom: product, scriptSha256, answers: answers as unknown as MssqlRows };
}

/** The type of a column of a system view, in the spelling of scripts. */
const viewQuery = `SELECT v.name AS [view], c.name AS [column], t.name AS [type], c.max_length AS [length], c.scale AS [scale]
FROM sys.all_views v INNER JOIN sys.all_columns c ON c.object_id = v.object_id
INNER JOIN sys.types t ON t.user_type_id = c.user_type_id
WHERE v.schema_id = SCHEMA_ID(N'sys') ORDER BY v.name, c.column_id`;

interface RecordedColumn {
  readonly view: string;
  readonly column: string;
  readonly type: string;
  readonly length: number;
  readonly scale: number;
}

function typeText({ type, length, scale }: RecordedColumn): string {
  if (type === 'nvarchar' || type === 'nchar') return `${type}(${length < 0 ? 'max' : length / 2})`;
  if (/^(?:var)?(?:char|binary)$/.test(type)) return `${type}(${length < 0 ? 'max' : length})`;
  return type === 'datetime2' || type === 'time' ? `${type}(${scale})` : type;
}

/** The columns of the recorded views on a server. */
export async function recordSystemViews(connection: Connection, product: string): Promise<SystemViewRecording> {
  const { views } = systemViewRecording();
  const columns = await connection.query<RecordedColumn>(trusted(viewQuery));
  const recorded = Object.entries(views).map(([name, { source }]) => {
    const own = columns.filter(({ view }) => `sys.${view}` === name);
    return [
      name,
      { source, columns: Object.fromEntries(own.map((column) => [column.column, typeText(column)])) },
    ] as const;
  });
  return { recordedFrom: product, views: Object.fromEntries(recorded) };
}

/** The text of a catalog recording: one row per line, ordered so that recordings can be compared. */
export function catalogRecordingText({ recordedFrom, scriptSha256, answers }: CatalogRecording): string {
  const lists = Object.entries(answers).map(([name, rows]) => {
    const lines = (rows as readonly object[]).map((row) => `      ${JSON.stringify(row)}`).sort();
    return `    ${JSON.stringify(name)}: [\n${lines.join(',\n')}\n    ]`;
  });
  const head = [
    `  "recordedFrom": ${JSON.stringify(recordedFrom)}`,
    `  "scriptSha256": ${JSON.stringify(scriptSha256)}`,
  ];
  return `{\n${head.join(',\n')},\n  "answers": {\n${lists.join(',\n')}\n  }\n}\n`;
}

export const systemViewRecordingText = (recording: SystemViewRecording): string =>
  `${JSON.stringify(recording, null, 2)}\n`;
