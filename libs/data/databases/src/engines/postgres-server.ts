import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  constants,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  statfs,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { fail } from '@dms/diagnostics';
import { temporaryFolder } from '@dms/files';
import { runUntilExit } from './run-until-exit.ts';
import { serverFolder } from './server-package.ts';

const run = promisify(execFile);

/**
 * A separate PostgreSQL server, reachable only on this machine; it ends with the process that started it, however that
 * process ends.
 */
export interface PostgresServer {
  /** The URL of the database `postgres` for the superuser; the password differs each time. */
  readonly url: string;
  readonly folder: string;
  /** Ends every session at once, stops the server and removes its files. */
  stop(): Promise<void>;
}

interface PostgresServerOptions {
  /** Settings of the server in addition to those that make it fast, such as `{ max_connections: '5' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * Keeps the databases in memory where Linux has room for them, which halves the time to create and drop one; false by
   * default.
   */
  readonly isInMemory?: boolean | undefined;
  /** Cancels the start. */
  readonly signal?: AbortSignal | undefined;
}

/** Switches off durability, which this server does not need, and limits access to this machine. */
const usualSettings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  io_method: 'sync',
  max_connections: '100',
  timezone: 'UTC',
};

/** The folder of Linux whose files are in memory, and the bytes that must be free there. */
const memory = { folder: '/dev/shm', room: 4 * 2 ** 30 };

/**
 * Waits until its input ends, which a killed process cannot prevent, and then stops the server and removes its folder.
 * It is passed as text, since Node cannot run a TypeScript file everywhere.
 */
const undertaker = `
const { spawnSync } = require('node:child_process');
const [folder, data, control, account] = process.argv.slice(1);
process.stdin.resume().on('end', () => {
  spawnSync(control, ['stop', '-m', 'immediate', '-w', '-D', data], { ...JSON.parse(account), cwd: folder });
  for (const place of [data, folder]) require('node:fs').rmSync(place, { recursive: true, force: true });
});`;

/**
 * Refuses a folder that PostgreSQL may not be able to read: it reads paths in the code page of Windows, which has few
 * letters besides those of ASCII. Throws `OUTPUT_FAILED` before `initdb` fails with a number.
 */
export function expectReadable(folder: string, platform: NodeJS.Platform = process.platform): void {
  if (platform !== 'win32' || /^[\x20-\x7e]*$/.test(folder)) return;
  const text = `PostgreSQL may not read the temporary folder ${folder} on Windows, because of letters that are not ASCII. Set TEMP to a folder without such letters, such as C:\\Temp.`;
  fail('OUTPUT_FAILED', text, { file: folder }, { path: folder, cause: 'code page', variable: 'TEMP' });
}

/**
 * Starts a server of PostgreSQL 18 in a temporary folder, on a free port, with sessions over TCP and a password;
 * nothing stays on disk after the run and nothing is required of the machine: no installation, no account, no network.
 */
export async function startPostgresServer({
  settings = {},
  isInMemory = false,
  signal,
}: PostgresServerOptions = {}): Promise<PostgresServer> {
  const account = await accountOfServer();
  const folder = await temporaryFolder('dms-postgres-');
  expectReadable(folder);
  const binary = (name: string) => path.join(folder, 'native', 'bin', name);
  // programs may not run from the memory folder, so only the data are there
  const data =
    isInMemory && (await hasMemory())
      ? await mkdtemp(path.join(memory.folder, 'dms-postgres-'))
      : path.join(folder, 'data');
  const keeper = spawn(
    process.execPath,
    ['-e', undertaker, folder, data, binary('pg_ctl'), JSON.stringify(account ?? {})],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      // an interrupt from the keyboard would reach the whole group of processes
      detached: true,
      windowsHide: true,
    },
  );
  keeper.unref();
  const ended = new Promise<void>((resolve) => keeper.once('exit', () => resolve()));
  const stop = async () => {
    keeper.ref();
    keeper.stdin.end();
    await ended;
  };
  try {
    await copyBinaries(folder);
    const password = randomBytes(12).toString('base64url');
    const passwordFile = path.join(folder, 'password');
    await writeFile(passwordFile, password, { mode: 0o600 });
    await mkdir(data, { mode: 0o700, recursive: true });
    if (account) for (const owned of [folder, data, passwordFile]) await chown(owned, account.uid, account.gid);
    const asServer = { ...account, cwd: folder, signal, windowsHide: true };
    await run(
      binary('initdb'),
      [
        '-D',
        data,
        '-U',
        'postgres',
        '-A',
        'scram-sha-256',
        '-E',
        'UTF8',
        '--locale=C',
        // sorts like C, but lower-cases all letters
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-sync',
        `--pwfile=${passwordFile}`,
      ],
      asServer,
    );
    const port = await startOnFreePort(binary('pg_ctl'), data, { ...usualSettings, ...settings }, asServer);
    return { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL does not run as root: if this process is root, the server runs as `nobody`, which owns nothing; otherwise
 * it runs under the account of this process.
 */
async function accountOfServer(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const id = async (flag: '-u' | '-g') => Number((await run('id', [flag, 'nobody'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

async function hasMemory(): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(memory.folder);
    return bavail * bsize >= memory.room;
  } catch {
    return false;
  }
}

/**
 * Copies the server to a folder that its account may read, since a checkout may be in a folder of root. Creates its
 * links, which npm packages cannot contain; where install scripts are switched off, nothing has created them.
 */
async function copyBinaries(target: string): Promise<void> {
  const source = serverFolder();
  // the modes of folders are not copied, since they may be read-only
  for (const entry of await readdir(path.join(source, 'native'), { recursive: true, withFileTypes: true })) {
    const place = path.relative(source, path.join(entry.parentPath, entry.name));
    if (!entry.isFile()) continue;
    await mkdir(path.dirname(path.join(target, place)), { recursive: true });
    await copyFile(path.join(source, place), path.join(target, place), constants.COPYFILE_FICLONE);
  }
  const links = await readFile(path.join(source, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const link of JSON.parse(links) as { source: string; target: string }[])
    await symlink(path.basename(link.source), path.join(target, link.target));
  for (const name of ['initdb', 'pg_ctl', 'postgres'])
    await chmod(path.join(target, 'native', 'bin', name), 0o755).catch((error) => {
      if (process.platform !== 'win32') throw error;
    });
}

/** A timeout of years, in seconds: `pg_ctl` ends by itself when the server does. */
const asLongAsItRuns = '100000000';

/** Starts the server; tries again, because another process may take the port between the check and the start. */
async function startOnFreePort(
  control: string,
  data: string,
  settings: Readonly<Record<string, string>>,
  options: { readonly cwd: string; readonly signal: AbortSignal | undefined },
): Promise<number> {
  const log = path.join(options.cwd, 'server.log');
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const text = Object.entries({ ...settings, port: String(port) }).map(([name, value]) => `${name} = '${value}'\n`);
    await writeFile(path.join(data, 'postgresql.auto.conf'), text.join(''));
    try {
      await runUntilExit(control, ['start', '-w', '-t', asLongAsItRuns, '-D', data, '-l', log], options);
      return port;
    } catch (cause) {
      const said = await readFile(log, 'utf8').catch(() => '');
      if (attempt === 3 || options.signal?.aborted) throw new Error(`PostgreSQL did not start.\n${said}`, { cause });
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
