import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Connection } from '@dms/databases';
import { DocumentFolder, dumpDocuments, loadDocuments } from '@dms/loading';
import { givenScript } from '@dms/sql';
import { dumpedTexts, serverEngine } from '@dms/testing';
import { isJsonArray, isJsonObject, JsonNumber, type JsonValue, jsonText, parseJson } from '@dms/values';
import {
  applyViews,
  copiedTables,
  dropViews,
  type OdsReading,
  type OdsReadOptions,
  readOds,
  type TableCopy,
} from '../src/index.ts';
import { copyViews, type RefusedCopy } from './copy-views.ts';
import type { CompiledOds, WrittenDocument } from './round-trip.ts';

/** The documents of the files below a folder, by name. */
export type Documents = Readonly<Record<string, readonly unknown[]>>;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** A value in a form that does not depend on the order of arrays and members. */
function unordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => JSON.stringify(unordered(item))).sort();
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [name, unordered(member)] as const);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The documents as sorted texts. */
export const unorderedTexts = (documents: Documents): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.entries(documents).map(([file, all]) => [file, all.map((each) => JSON.stringify(unordered(each))).sort()]),
  );

/** Calls `visit` with each object that holds the last member of a path. Returns the number of such objects. */
function visited(value: unknown, path: string, visit: (holder: Record<string, unknown>, name: string) => void): number {
  const [name = '', ...rest] = path.replace(/^\$\./, '').split('.');
  const member = isObject(value) ? value[name.replace('[*]', '')] : undefined;
  if (member === undefined || !isObject(value)) return 0;
  if (rest.length === 0) {
    visit(value, name);
    return 1;
  }
  const items = name.endsWith('[*]') ? (member as unknown[]) : [member];
  return items.reduce<number>((sum, item) => sum + visited(item, rest.join('.'), visit), 0);
}

/** Like `visited`, for all documents. */
export const visitedMembers = (
  documents: Documents,
  path: string,
  visit: Parameters<typeof visited>[2] = () => undefined,
) =>
  Object.values(documents)
    .flat()
    .reduce<number>((sum, document) => sum + visited(document, path, visit), 0);

/** Numbers become texts with all their digits, after a character that no value of a document begins with. */
function plain(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return `#${value.lexeme}`;
  if (isJsonArray(value)) return value.map(plain);
  return isJsonObject(value) ? Object.fromEntries([...value].map(([name, member]) => [name, plain(member)])) : value;
}

/** The documents of a dump. */
export const documentsIn = (folder: string): Documents =>
  Object.fromEntries(
    Object.entries(dumpedTexts(folder)).map(([name, text]) => {
      const lines = text.trim().split('\n');
      return [name, lines.map((line) => plain(parseJson(line, name)))];
    }),
  );

/** Suffix of the schemas with the tables of an ODS. */
export const schemaSuffix = '_ods';

/** An ODS with the documents of a database, in schemas beside it. */
export interface CopiedOds {
  readonly connection: Connection;
  readonly documents: number;
  /** The documents that `dump` writes. */
  readonly dumped: Documents;
  /** Rows that the tables of the ODS refused. */
  readonly refused: readonly RefusedCopy[];
  /** Reads the ODS; returns the documents by file. */
  read(
    options?: Partial<OdsReadOptions>,
    session?: Connection,
  ): Promise<{ readonly found: Documents; readonly reading: OdsReading }>;
  /** Another session of the database. */
  other(): Promise<Connection>;
  close(): Promise<void>;
}

async function inNewFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(path.join(tmpdir(), 'dms-copied-ods-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Loads documents into a database, copies its views into tables of an ODS with all keys, and drops the views. */
export async function copiedOds(
  { plans, script, reporting, mapping, model }: CompiledOds,
  documents: readonly WrittenDocument[],
  files: readonly string[] = [],
  tables: readonly TableCopy[] = copiedTables(mapping, (schema) => `${schema}${schemaSuffix}`),
): Promise<CopiedOds> {
  const { connection, open, close } = await serverEngine.open(script);
  try {
    const { inserted, dumped } = await inNewFolder(async (folder) => {
      const file = path.join(folder, 'documents.jsonl');
      const lines = documents.map(
        ({ resource, document }) => `{"resource":"${resource}","document":${jsonText(document)}}\n`,
      );
      writeFileSync(file, lines.join(''));
      const options = { isContinued: true, bulk: await open({ forCopies: true }) };
      const { total } = await loadDocuments([connection], plans, [file, ...files], options);
      await dumpDocuments(connection, plans, path.join(folder, 'dump'));
      return { inserted: total.inserted, dumped: documentsIn(path.join(folder, 'dump')) };
    });
    await applyViews(connection, reporting);
    const schemas = [...new Set(mapping.tables.map(({ schema }) => `${schema}${schemaSuffix}`))];
    await connection.execute(givenScript(schemas.map((schema) => `CREATE SCHEMA "${schema}"`).join(';')));
    const refused = await copyViews(connection, tables);
    await dropViews(connection);
    const read: CopiedOds['read'] = (options, session = connection) =>
      inNewFolder(async (folder) => {
        const output = path.join(folder, 'read');
        const reading = await DocumentFolder.write(output, model, (written) =>
          readOds(session, mapping, model, ({ resource, document }) => written.add(resource, document), {
            schemaSuffix,
            onRefused: (problems) => {
              throw new Error(problems.map(({ message }) => message).join('\n'));
            },
            ...options,
          }),
        );
        return { reading, found: documentsIn(output) };
      });
    return { connection, documents: inserted, dumped, refused, read, other: () => open(), close };
  } catch (error) {
    await close();
    throw error;
  }
}
