import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openDatabase, type PostgresServer, parseTarget, startPostgresServer } from '@dms/databases';
import { givenScript } from '@dms/sql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repository } from './run-nx.ts';
import { createScratchWorkspace, type ScratchWorkspace, workspaceFiles } from './scratch-workspace.ts';

/* Twenty databases of one mapping set and two of another, as tasks of Nx (design 18 §6). */

const fixture = (name: string) =>
  readFileSync(path.join(repository, 'fixtures/schemas', name, 'ApiSchema.json'), 'utf8');
const versions = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')).devDependencies;

const numbers = Array.from({ length: 20 }, (_, index) => index);
const names = numbers.map((index) => `d${index}`);
const broken = 'd13';
const variableOf = (name: string) => `FLEET_${name.toUpperCase()}`;
const entry = (name: string) => ({
  name,
  labels: { half: Number(name.slice(1)) % 2 === 0 ? 'even' : 'odd' },
  env: variableOf(name),
});

const athletics = 'schemas/athletics/ApiSchema.json';
const files: Readonly<Record<string, unknown>> = {
  ...workspaceFiles(versions.nx),
  'nx.json': { analytics: false, neverConnectToCloud: true, plugins: [{ plugin: 'nx-dms' }] },
  'schemas/campus/ApiSchema.json': fixture('campus'),
  [athletics]: fixture('athletics'),
  'sets/campus/dms.json': {
    schemas: ['campus'],
    name: 'core-only',
    dialects: ['pgsql'],
    databases: { fleet: 'fleet.json' },
  },
  'sets/campus/fleet.json': { databases: names.map(entry) },
  'sets/both/dms.json': {
    schemas: ['campus', 'athletics'],
    name: 'both',
    dialects: ['pgsql'],
    databases: { fleet: ['x', 'y'].map((name) => ({ name, env: variableOf(name) })) },
  },
};

let server: PostgresServer;
let workspace: ScratchWorkspace;
const environment: Record<string, string> = {};

/** Runs statements in a database, each separately. */
async function execute(url: string, statements: readonly string[]): Promise<void> {
  const { target } = parseTarget(url, 'pgsql');
  if (target.kind !== 'server') throw new Error(`${target.kind} is not a server.`);
  const connection = await openDatabase(target);
  try {
    for (const statement of statements) await connection.execute(givenScript(statement));
  } finally {
    await connection.close();
  }
}

beforeAll(async () => {
  server = await startPostgresServer({ isInMemory: true });
  await execute(
    server.url,
    names.map((name) => `CREATE DATABASE ${name}`),
  );
  for (const name of names) {
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    environment[variableOf(name)] = url.href;
  }
  workspace = await createScratchWorkspace(files);
});

afterAll(async () => {
  workspace?.dispose();
  await server?.stop();
});

const tasksOf = (target: string, chosen: readonly string[] = names) =>
  chosen.map((name) => `core-only:${target}:${name}`);
const onDatabases = (executed: readonly string[]) => executed.filter((task) => task.split(':').length === 3);

/** Runs a target for every database of the fleet, four at a time, with the variables that hold their connections. */
const runMany = (target: string, known: Readonly<Record<string, string>> = environment) =>
  workspace.nx(['run-many', '-t', target, '-p', 'core-only', '--parallel=4', '--output-style=static'], known);

test('run-many provisions all databases, even if one fails', async () => {
  const { [variableOf(broken)]: _, ...known } = environment;
  const first = await runMany('provision-fleet', known);
  expect(first.exitCode, first.output).toBe(1);
  expect(onDatabases(first.executed)).toEqual(tasksOf('provision-db').sort());
  for (const name of names.filter((each) => each !== broken)) expect(first.output).toContain(`${name}: provisioned`);
  expect(first.output).toContain(`error DB_ENV_MISSING The environment variable ${variableOf(broken)} is not set.`);

  const second = await runMany('provision-fleet');
  expect(second.exitCode, second.output).toBe(0);
  expect(second.output).toContain(`${broken}: provisioned`);
  for (const name of names.filter((each) => each !== broken)) expect(second.output).toContain(`${name}: skipped`);
  // work in a database is never cached; artifacts are
  expect(second.executed).toEqual(tasksOf('provision-db').sort());
  expect(second.output).not.toContain(new URL(server.url).password);
});

test('each database is a task of its own in the graph', async () => {
  const args = ['run-many', '-t', 'check-fleet', '-p', 'core-only', '--graph=dist/tasks.json'];
  const { exitCode, output } = await workspace.nx(args);
  expect(exitCode, output).toBe(0);
  const { tasks } = JSON.parse(workspace.read('dist/tasks.json'));
  workspace.remove('dist/tasks.json');
  expect(onDatabases(Object.keys(tasks.tasks)).sort()).toEqual(tasksOf('check-db').sort());
  for (const task of tasksOf('check-db')) {
    expect(tasks.tasks[task].cache).toBe(false);
    expect(tasks.dependencies[task].map(({ id }: { readonly id: string }) => id)).toEqual([
      'core-only:derive-model',
      'core-only:emit-ddl',
    ]);
  }
});

test('a database that has drifted fails its own task', async () => {
  await execute(environment[variableOf('d7')] ?? '', ['ALTER TABLE campus."School" ADD COLUMN "Motto" text NOT NULL']);
  const { exitCode, output, executed } = await runMany('check-fleet');
  expect(exitCode, output).toBe(1);
  expect(executed).toEqual(tasksOf('check-db').sort());
  expect(output).toContain('d7: drifted (1 difference (1 error))');
  for (const name of names.filter((each) => each !== 'd7')) expect(output).toContain(`${name}: passed`);
});

test('affected leaves out the fleet of a set that did not change', async () => {
  const affected = async () => {
    const args = ['affected', '-t', 'check-fleet', '--uncommitted', '--graph=dist/tasks.json'];
    const { exitCode, output } = await workspace.nx(args);
    expect(exitCode, output).toBe(0);
    const { tasks } = JSON.parse(workspace.read('dist/tasks.json'));
    workspace.remove('dist/tasks.json');
    return onDatabases(Object.keys(tasks.tasks)).sort();
  };
  const before = workspace.read(athletics);
  workspace.write(athletics, before.replace(/("projectVersion":\s*")/, '$19'));
  expect(await affected()).toEqual(['both:check-db:x', 'both:check-db:y']);
  workspace.write(athletics, before);
  const fleet = workspace.read('sets/campus/fleet.json');
  workspace.write('sets/campus/fleet.json', { databases: [...names, 'd20'].map(entry) });
  expect(await affected()).toEqual(tasksOf('check-db', [...names, 'd20']).sort());
  workspace.write('sets/campus/fleet.json', fleet);
  expect(await affected()).toEqual([]);
});
