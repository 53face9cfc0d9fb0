import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { embeddedArchive, type PostgresServer, queueOfWork, startPostgresServer, valueParsers } from '@dms/databases';
import { sha256Hex } from '@dms/values';
import type { PGliteOptions, Results } from '@electric-sql/pglite';
import type { CustomTypesConfig } from 'pg';
import { enginesOfSpec, usualEnginesOfSpec } from '../runs/property-runs.ts';
import { isServerOfRun, serverUrl } from './postgres-of-run.ts';
import { ProvisionedData } from './provisioned-data.ts';

/** The errors of a database; the fields have the same names in PGlite and in `pg`. */
export interface DatabaseFailure extends Error {
  /** SQLSTATE. */
  readonly code?: string;
  readonly constraint?: string;
}

/** A server for one spec only, whose tests change the whole cluster; `stop` ends it. */
export const ownServer = (): Promise<PostgresServer> => startPostgresServer({ isInMemory: true });

/**
 * One session of an empty PostgreSQL database with pgcrypto available. Integers arrive as numbers (as `bigint` if they
 * are too large), booleans, JSON and arrays as such, and everything else as the text that the server prints.
 */
export interface TestDatabase {
  /** Runs a text of any number of statements. */
  exec(sql: string): Promise<void>;
  /** Runs one statement; returns its rows as objects. */
  query<Row = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<Row[]>;
  /** Runs one statement; returns its rows as arrays, in column order. */
  queryRows(sql: string, params?: readonly unknown[]): Promise<unknown[][]>;
  /** The notices and warnings of the server so far. */
  readonly notices: readonly string[];
  close(): Promise<void>;
}

export interface PostgresOptions {
  /** The encoding of the database; the embedded engine supports only UTF8. */
  readonly encoding?: 'UTF8' | 'LATIN1';
  /** Clauses of `CREATE DATABASE` for another locale; only on the server. */
  readonly locale?: string;
}

export interface DatabaseEngine {
  readonly name: 'PGlite' | 'PostgreSQL server';
  readonly hasEncodings: boolean;
  open(options?: PostgresOptions): Promise<TestDatabase>;
  /** Opens a copy of a database in which `script` has run; the original is made once. */
  openProvisioned(script: string): Promise<TestDatabase>;
}

/** The types of arrays. */
const oids = { name: 1003, text: 1009 };

const enginePath = createRequire(import.meta.url).resolve('@electric-sql/pglite');
const archive = embeddedArchive(enginePath);

let unpacked: Blob | undefined;

type Program = NonNullable<PGliteOptions['pgliteWasmModule']>;

// Node has `WebAssembly`, but its types do not
const { WebAssembly } = globalThis as unknown as { WebAssembly: { compile(bytes: Uint8Array): Promise<Program> } };

/**
 * The compiled engine, shared by all databases of a process, because each would compile it separately and be slow until
 * then.
 */
let program: Promise<Program> | undefined;

const provisioned = new ProvisionedData<Blob>();

async function openProvisionedEmbedded(script: string): Promise<TestDatabase> {
  const data = provisioned.get(script);
  const { database, dump } = await startEmbedded(data);
  if (data === undefined) {
    await database.exec(script);
    provisioned.keep(script, await dump());
  }
  return database;
}

const openEmbedded = async (): Promise<TestDatabase> => (await startEmbedded()).database;

async function startEmbedded(data?: Blob): Promise<{ readonly database: TestDatabase; dump(): Promise<Blob> }> {
  // both clients are loaded only by tests that open a database
  const { PGlite } = await import('@electric-sql/pglite');
  const { pgcrypto } = await import('@electric-sql/pglite/contrib/pgcrypto');
  // creating the data of a new database takes most of its start, so the data is unpacked once per process
  const packed = unpacked ? null : archive.read();
  // in pieces of 1 MB: by default an archive has thousands of them
  if (packed) unpacked = new Blob([gunzipSync(packed, { chunkSize: 2 ** 20 })]);
  program ??= readFile(path.join(path.dirname(enginePath), 'pglite.wasm')).then((bytes) => WebAssembly.compile(bytes));
  const loadDataDir = data ?? unpacked;
  const database = await PGlite.create({
    extensions: { pgcrypto },
    pgliteWasmModule: await program,
    ...(loadDataDir && { loadDataDir }),
  });
  if (!unpacked) {
    unpacked = await database.dumpDataDir('none');
    archive.keep(gzipSync(await unpacked.arrayBuffer(), { level: 1 }));
  }
  const notices: string[] = [];
  const onNotice = ({ message }: { readonly message: string | undefined }) => notices.push(message ?? '');
  const run = <Row>(rowMode: 'array' | 'object', sql: string, params: readonly unknown[] = []): Promise<Results<Row>> =>
    database.query<Row>(sql, [...params], { rowMode, parsers: valueParsers, onNotice });
  const session: TestDatabase = {
    exec: async (sql) => {
      await database.exec(sql, { onNotice });
    },
    query: async <Row>(sql: string, params?: readonly unknown[]) => (await run<Row>('object', sql, params)).rows,
    queryRows: async (sql, params) => (await run<unknown[]>('array', sql, params)).rows,
    notices,
    close: () => database.close(),
  };
  return { database: session, dump: () => database.dumpDataDir('none') };
}

/** An empty database on the server of the tests, for as many sessions and roles as a test wants. */
export interface PostgresDatabase {
  readonly name: string;
  /** The URL of a superuser. */
  readonly url: string;
  /** Ends the remaining sessions and removes the database. */
  drop(): Promise<void>;
}

/** A session of a superuser on the server of the tests. */
async function openAdministrator() {
  const { default: pg } = await import('pg');
  const administrator = new pg.Client({ connectionString: await serverUrl() });
  await administrator.connect();
  return administrator;
}

async function urlOf(name: string): Promise<string> {
  const url = new URL(await serverUrl());
  url.pathname = `/${name}`;
  return url.href;
}

/** Clauses for sorting by code point, with the character types of the server. */
const usualClauses = "ENCODING 'UTF8' LC_COLLATE 'C'";

/** The templates that this process has asked for. */
const templates = new Map<string, Promise<string>>();

/**
 * The name of a template database that `make` has filled. The first test of the run that asks for a `content` makes it,
 * while others with the same content wait; it exists as long as the server.
 */
function templateOf(content: string, make: (url: string) => Promise<void>): Promise<string> {
  const hash = sha256Hex(content).slice(0, 32);
  let template = templates.get(hash);
  if (template === undefined) {
    template = madeTemplate(`dms_template_${hash}`, make);
    templates.set(hash, template);
  }
  return template;
}

async function madeTemplate(name: string, make: (url: string) => Promise<void>): Promise<string> {
  const administrator = await openAdministrator();
  try {
    await administrator.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
    const { rowCount } = await administrator.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 1) return name;
    // the database gets its name only when it is complete
    const unfinished = `${name}_unfinished`;
    await administrator.query(`DROP DATABASE IF EXISTS "${unfinished}" WITH (FORCE)`);
    await administrator.query(`CREATE DATABASE "${unfinished}" TEMPLATE template0 ${usualClauses}`);
    await make(await urlOf(unfinished));
    await administrator.query(`ALTER DATABASE "${unfinished}" RENAME TO "${name}"`);
    return name;
  } finally {
    await administrator.end();
  }
}

/** Makes a new database on the server that {@link serverUrl} names. */
export const createScratchDatabase = ({
  encoding = 'UTF8',
  locale,
}: PostgresOptions = {}): Promise<PostgresDatabase> => {
  const clauses = locale ?? (encoding === 'UTF8' ? usualClauses : `ENCODING '${encoding}' LOCALE 'C'`);
  return createDatabase(`TEMPLATE template0 ${clauses}`);
};

/**
 * Makes a copy of a database in which `script` has run. Tests that are about running scripts run them in an empty
 * database instead.
 */
export async function createProvisionedDatabase(script: string): Promise<PostgresDatabase> {
  const template = await templateOf(script, async (url) => {
    const session = await openSession(url);
    try {
      await session.exec(script);
    } finally {
      await session.close();
    }
  });
  return createDatabase(`TEMPLATE "${template}"`);
}

/**
 * Makes a database that `make` has filled and closed; `content` identifies its contents. On the server of the run it is
 * filled once per run and copied; on another server it is filled each time, because contents there could be from an
 * earlier version of the product.
 */
export async function createFilledDatabase(
  content: string,
  make: (url: string) => Promise<void>,
): Promise<PostgresDatabase> {
  if (isServerOfRun()) return createDatabase(`TEMPLATE "${await templateOf(content, make)}"`);
  const database = await createScratchDatabase();
  await make(database.url);
  return database;
}

/** Makes a copy of a database without any connections. */
export const copyOfDatabase = ({ name }: Pick<PostgresDatabase, 'name'>): Promise<PostgresDatabase> =>
  createDatabase(`TEMPLATE "${name}"`);

async function createDatabase(clauses: string): Promise<PostgresDatabase> {
  const administrator = await openAdministrator();
  // test files may share a process, but each has its own copy of this module
  const name = `dms_test_${randomBytes(8).toString('hex')}`;
  // Copying files takes a third of the time of writing their pages to the log; the server of the run supports it.
  const strategy = isServerOfRun() ? 'STRATEGY FILE_COPY' : '';
  await administrator.query(`CREATE DATABASE "${name}" ${clauses} ${strategy}`);
  return {
    name,
    url: await urlOf(name),
    drop: async () => {
      await administrator.query(`DROP DATABASE "${name}" WITH (FORCE)`);
      await administrator.end();
    },
  };
}

/** Opens a session on any server, by its URL. */
export async function openSession(url: string): Promise<TestDatabase> {
  const { default: pg } = await import('pg');
  const parse: Readonly<Record<number, (value: string) => unknown>> = {
    ...valueParsers,
    [oids.name]: pg.types.getTypeParser(oids.text),
  };
  const types: CustomTypesConfig = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      parse[oid] ?? pg.types.getTypeParser(oid, format as 'text'),
  };
  const client = new pg.Client({ connectionString: url, types, client_encoding: 'UTF8' });
  await client.connect();
  const notices: string[] = [];
  client.on('notice', ({ message }) => notices.push(message ?? ''));
  // calls run one after the other, as in the embedded engine
  const inTurn = queueOfWork();
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

/** A session of a new database on the server; the database exists until the session is closed. */
async function onlySession(database: PostgresDatabase): Promise<TestDatabase> {
  const session = await openSession(database.url);
  return {
    ...session,
    close: async () => {
      await session.close();
      await database.drop();
    },
  };
}

const server: DatabaseEngine = {
  name: 'PostgreSQL server',
  hasEncodings: true,
  open: async (options) => onlySession(await createScratchDatabase(options)),
  openProvisioned: async (script) => onlySession(await createProvisionedDatabase(script)),
};

const embedded: DatabaseEngine = {
  name: 'PGlite',
  hasEncodings: false,
  open: openEmbedded,
  openProvisioned: openProvisionedEmbedded,
};

/** The engines for tests of behaviour: the embedded one, in this process, and a server ({@link serverUrl}). */
export const databaseEngines = () => enginesOfSpec(embedded, server);

export const usualDatabaseEngines = () => usualEnginesOfSpec(embedded, server);
