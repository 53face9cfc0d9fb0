import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { embeddedArchive, valueParsers } from '@dms/databases';
import type { PGliteOptions, Results } from '@electric-sql/pglite';
import type { CustomTypesConfig } from 'pg';
import { serverUrl } from './postgres-of-run.ts';
import { isThorough, partOfTier } from './property-runs.ts';

/** The errors of a database; the fields have the same names in PGlite and in `pg`. */
export interface DatabaseFailure extends Error {
  /** SQLSTATE. */
  readonly code?: string;
  readonly constraint?: string;
}

/**
 * One session of an empty PostgreSQL database with pgcrypto available. Integers arrive as numbers (as `bigint` if they are too
 * large), booleans, JSON and arrays as such, and everything else as the text that the server prints.
 */
export interface TestDatabase {
  /** Runs a text of any number of statements. */
  exec(sql: string): Promise<void>;
  /** The rows of one statement as objects. */
  query<Row = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<Row[]>;
  /** The same as arrays, in column order. */
  queryRows(sql: string, params?: readonly unknown[]): Promise<unknown[][]>;
  /** The notices and warnings of the server so far. */
  readonly notices: readonly string[];
  close(): Promise<void>;
}

export interface OpenOptions {
  /** The encoding of the database; the embedded engine supports only UTF8. */
  readonly encoding?: 'UTF8' | 'LATIN1';
  /** Clauses of `CREATE DATABASE` that name another locale, on the server. */
  readonly locale?: string;
}

export interface DatabaseEngine {
  readonly name: 'PGlite' | 'PostgreSQL server';
  readonly hasEncodings: boolean;
  open(options?: OpenOptions): Promise<TestDatabase>;
}

/** Of arrays. */
const oids = { name: 1003, text: 1009 };

const enginePath = createRequire(import.meta.url).resolve('@electric-sql/pglite');
const archive = embeddedArchive(enginePath);

let unpacked: Blob | undefined;

type Program = NonNullable<PGliteOptions['pgliteWasmModule']>;

// Node has it, but its types do not
const { WebAssembly } = globalThis as unknown as { WebAssembly: { compile(bytes: Uint8Array): Promise<Program> } };

/** Shared by all databases of a process, because each would be compiled separately and be slow until then. */
let program: Promise<Program> | undefined;

async function openEmbedded(): Promise<TestDatabase> {
  // both clients are loaded only by tests that open a database
  const { PGlite } = await import('@electric-sql/pglite');
  const { pgcrypto } = await import('@electric-sql/pglite/contrib/pgcrypto');
  // creating the data of a new database takes most of a start, so they are unpacked once for all databases of a process
  const packed = unpacked ? null : archive.read();
  if (packed) unpacked = new Blob([gunzipSync(packed)]);
  program ??= readFile(path.join(path.dirname(enginePath), 'pglite.wasm')).then((bytes) => WebAssembly.compile(bytes));
  const database = await PGlite.create({
    extensions: { pgcrypto },
    pgliteWasmModule: await program,
    ...(unpacked && { loadDataDir: unpacked }),
  });
  if (!unpacked) {
    unpacked = await database.dumpDataDir('none');
    archive.keep(gzipSync(await unpacked.arrayBuffer(), { level: 1 }));
  }
  const notices: string[] = [];
  const onNotice = ({ message }: { readonly message: string | undefined }) => notices.push(message ?? '');
  const run = <Row>(rowMode: 'array' | 'object', sql: string, params: readonly unknown[] = []): Promise<Results<Row>> =>
    database.query<Row>(sql, [...params], { rowMode, parsers: valueParsers, onNotice });
  return {
    exec: async (sql) => {
      await database.exec(sql, { onNotice });
    },
    query: async <Row>(sql: string, params?: readonly unknown[]) => (await run<Row>('object', sql, params)).rows,
    queryRows: async (sql, params) => (await run<unknown[]>('array', sql, params)).rows,
    notices,
    close: () => database.close(),
  };
}

/** An empty database on the server of the tests, for as many sessions and roles as a test wants. */
export interface ScratchDatabase {
  readonly name: string;
  /** The URL of a superuser. */
  readonly url: string;
  /** Ends the remaining sessions and removes the database. */
  drop(): Promise<void>;
}

/** Makes a database of its own on the server that {@link serverUrl} names. */
export async function createScratchDatabase({ encoding = 'UTF8', locale }: OpenOptions = {}): Promise<ScratchDatabase> {
  const { default: pg } = await import('pg');
  const administrator = new pg.Client({ connectionString: await serverUrl() });
  await administrator.connect();
  // test files may share a process, each with its own copy of this module
  const name = `dms_test_${randomBytes(8).toString('hex')}`;
  // sorted by code point, with the letters of the server
  const clauses = locale ?? (encoding === 'UTF8' ? "LC_COLLATE 'C'" : "LOCALE 'C'");
  await administrator.query(`CREATE DATABASE "${name}" TEMPLATE template0 ENCODING '${encoding}' ${clauses}`);
  const url = new URL(await serverUrl());
  url.pathname = `/${name}`;
  return {
    name,
    url: url.href,
    drop: async () => {
      await administrator.query(`DROP DATABASE "${name}" WITH (FORCE)`);
      await administrator.end();
    },
  };
}

/** One session on any server, by its URL. */
export async function openSession(url: string): Promise<TestDatabase> {
  const { default: pg } = await import('pg');
  const parse: Readonly<Record<number, (value: string) => unknown>> = {
    ...valueParsers,
    [oids.name]: pg.types.getTypeParser(oids.text),
  };
  const types: CustomTypesConfig = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') => parse[oid] ?? pg.types.getTypeParser(oid, format as 'text'),
  };
  const client = new pg.Client({ connectionString: url, types, client_encoding: 'UTF8' });
  await client.connect();
  const notices: string[] = [];
  client.on('notice', ({ message }) => notices.push(message ?? ''));
  let last: Promise<unknown> = Promise.resolve();
  /** Calls wait for each other, as in the embedded engine. */
  const inTurn = <Result>(call: () => Promise<Result>): Promise<Result> => {
    const result = last.then(call);
    last = result.catch(() => undefined);
    return result;
  };
  return {
    exec: (sql) =>
      inTurn(async () => {
        await client.query(sql);
      }),
    query: <Row>(sql: string, params?: readonly unknown[]) =>
      inTurn(async () => (await client.query(sql, params && [...params])).rows as Row[]),
    queryRows: (sql, params) =>
      inTurn(async () => {
        const { rows } = await client.query({ text: sql, rowMode: 'array', ...(params && { values: [...params] }) });
        return rows as unknown[][];
      }),
    notices,
    close: () => client.end(),
  };
}

/** A session of a database of its own on the server; the database exists until the session is closed. */
async function openOnServer(options?: OpenOptions): Promise<TestDatabase> {
  const database = await createScratchDatabase(options);
  const session = await openSession(database.url);
  return {
    ...session,
    close: async () => {
      await session.close();
      await database.drop();
    },
  };
}

const server: DatabaseEngine = { name: 'PostgreSQL server', hasEncodings: true, open: openOnServer };

const embedded: DatabaseEngine = { name: 'PGlite', hasEncodings: false, open: openEmbedded };

/**
 * The engines that tests of behaviour run on: the embedded one, in this process, and a server ({@link serverUrl}). A quick run
 * takes the server alone, which is faster; a run of the rest the embedded one.
 */
export const databaseEngines: readonly DatabaseEngine[] = partOfTier([embedded, server], [server]);

/** The engines of what is long and differs little between them: the server alone, and both in a thorough search. */
export const usualDatabaseEngines: readonly DatabaseEngine[] = isThorough ? [embedded, server] : [server];
