import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openDatabase, type PostgresServer, parseTarget, startPostgresServer } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';
import { isThorough, someOf } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repository } from './run-nx.ts';
import { createScratchWorkspace, type ScratchWorkspace, workspaceFiles } from './scratch-workspace.ts';

/*
 * Nx drops a configuration that a target lacks, and would run the target for other databases or dialects (design 10
 * §6.7). The plugin reads the command whatever the target is, so some targets represent all; `npm run search --
 * mistyped-names` tries all, also under each version of Nx in DMS_TEST_NX_VERSIONS.
 */

const fixture = (name: string) =>
  readFileSync(path.join(repository, 'fixtures/schemas', name, 'ApiSchema.json'), 'utf8');
const installed = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')).devDependencies.nx;
const others = (process.env.DMS_TEST_NX_VERSIONS ?? '').split(',').filter((version) => version !== '');

const fleet = ['north-2026', 'south-2026'];
const variableOf = (name: string) => `MISTYPED_${name.toUpperCase().replace('-', '_')}`;
const databases = ['single', ...fleet];

let server: PostgresServer;
const environment: Record<string, string> = {};

/** Runs work in a database of the server. */
async function inDatabase<Result>(
  url: string,
  work: (connection: Awaited<ReturnType<typeof openDatabase>>) => Promise<Result>,
) {
  const { target } = parseTarget(url, 'pgsql');
  if (target.kind !== 'server') throw new Error(`${target.kind} is not a server.`);
  const connection = await openDatabase(target);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** The databases of the server, and those in which something was created. */
async function touched() {
  const all = await inDatabase(server.url, (connection) =>
    connection.query(trusted('SELECT datname FROM pg_database ORDER BY 1')),
  );
  const made: string[] = [];
  for (const name of databases) {
    const schemas =
      "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg%' AND nspname NOT IN ('information_schema', 'public')";
    const rows = await inDatabase(environment[variableOf(name)] ?? '', (connection) =>
      connection.query(trusted(schemas)),
    );
    if (rows.length > 0) made.push(name);
  }
  return { all: all.map(({ datname }) => datname), made };
}

beforeAll(async () => {
  server = await startPostgresServer({ isInMemory: true });
  for (const name of databases) {
    await inDatabase(server.url, (connection) => connection.execute(givenScript(`CREATE DATABASE "${name}"`)));
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    environment[variableOf(name)] = url.href;
  }
});

afterAll(() => server?.stop());

/** The set of the worked example of design 10 with everything that adds targets: one database beside a fleet. */
const files = (version: string): Readonly<Record<string, unknown>> => ({
  ...workspaceFiles(version),
  'nx.json': { analytics: false, neverConnectToCloud: true, plugins: ['nx-dms'] },
  'schemas/campus/ApiSchema.json': fixture('campus'),
  'sets/dms/dms.json': {
    schemas: ['campus'],
    dialects: ['pgsql'],
    golden: 'golden',
    baseline: 'released',
    upgradeFrom: 'released',
    databases: {
      pgsql: { env: variableOf('single') },
      fleet: fleet.map((name) => ({ name, env: variableOf(name) })),
    },
  },
});

/** A mistyped task: without the last letter of the name after the target, or with a wrong name if it has none. */
const mistyped = (task: string) => (task.split(':').length > 2 ? task.slice(0, -1) : `${task}:pgsq`);

describe.each([installed, ...(isThorough ? others : [])])('with Nx %s', (version: string) => {
  const isInstalled = version === installed;
  let workspace: ScratchWorkspace;
  const targets: string[] = [];

  beforeAll(async () => {
    workspace = await createScratchWorkspace(files(version));
    for (const project of ['campus', 'dms']) {
      const { output } = await workspace.nx(['show', 'project', project, '--json']);
      const { targets: known } = JSON.parse(output.slice(output.indexOf('{')));
      targets.push(...Object.keys(known).map((name) => `${project}:${name}`));
    }
  });
  afterAll(() => workspace?.dispose());

  const refused = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const { exitCode, output, executed } = await workspace.nx(args, { ...environment, ...env });
    expect({ isRefused: exitCode !== 0, executed }, output).toEqual({ isRefused: true, executed: [] });
    expect(output).toMatch(/TASK_CONFIGURATION_UNKNOWN: .* Nothing was run\./);
    return output;
  };

  test('a mistyped name of a target runs nothing', async () => {
    const before = await touched();
    expect(before.made).toEqual([]);
    expect(targets).toEqual(
      expect.arrayContaining(['campus:normalize-schema', 'dms:upgrade-db:north-2026', 'dms:check-fleet']),
    );
    for (const target of someOf(targets, 8)) await refused(['run', mistyped(target)]);
    expect(await touched()).toEqual(before);
  });

  test('the nearest names are shown, in a process of the plugin and with the daemon too', async () => {
    const alone = { NX_ISOLATE_PLUGINS: 'true' };
    for (const more of [...(isInstalled ? [{}, alone] : []), { ...alone, NX_DAEMON: 'true' }]) {
      const output = await refused(['run', 'dms:provision-db:nort-2026'], more);
      expect(output).toContain('dms:provision-db has no configuration "nort-2026"; did you mean "north-2026"');
    }
    await workspace.nx(['reset']);
    expect(await refused(['run-many', '-t', 'emit-ddl', '-c', 'pgsq'])).toContain('did you mean "pgsql"');
  });

  test('without a name a target for one of several databases lists them, and one that is named is worked on', async () => {
    const before = await touched();
    for (const [target, ways] of [
      ['provision-db', '"provision-db:single", "provision-db:north-2026", "provision-db:south-2026"'],
      ['check-db', '"check-db:single", "check-db:north-2026", "check-db:south-2026"'],
      ['upgrade-db', '"upgrade-db:single", "upgrade-db:north-2026", "upgrade-db:south-2026"'],
      ['status-db', '"status-db:single", "status-db --database=north-2026", "status-db --database=south-2026"'],
    ]) {
      const { exitCode, output } = await workspace.nx(['run', `dms:${target}`, '--dialect=pgsql'], environment);
      expect(exitCode, output).not.toBe(0);
      expect(output).toContain(`The set has a fleet, so ${target} needs the name of a database: ${ways}.`);
    }
    const unlisted = await workspace.nx(['run', 'dms:provision-db:mssql'], environment);
    expect(unlisted.exitCode, unlisted.output).not.toBe(0);
    expect(unlisted.output).toContain('error CONFIG_INVALID sets/dms/dms.json');
    expect(await touched()).toEqual(before);
    for (const name of ['single', 'north-2026']) {
      const { exitCode, output } = await workspace.nx(['run', `dms:provision-db:${name}`], environment);
      expect(exitCode, output).toBe(0);
    }
    expect((await touched()).made).toEqual(['single', 'north-2026']);
    for (const name of ['single', 'north-2026']) {
      // the next version of Nx begins with empty databases
      await inDatabase(server.url, (connection) => connection.execute(givenScript(`DROP DATABASE "${name}"`)));
      await inDatabase(server.url, (connection) => connection.execute(givenScript(`CREATE DATABASE "${name}"`)));
    }
  });
});
