import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { artifactsOf, emitSteps, filesOf } from '@dms/operations';
import { createScratchDatabase, openSession, type PostgresDatabase, someOf } from '@dms/testing';
import { compareOrdinal } from '@dms/values';
import type { ExecutorContext, ProjectConfiguration, TaskGraph } from 'nx/src/devkit-exports';
import { afterAll, afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { emptySchema, temporaryWorkspace, writeFiles } from '../../test/temporary-workspace.ts';
import { type FileFacts, inferProjects } from '../inference/create-nodes.ts';
import { ContentHashes, openFileCache } from '../inference/file-cache.ts';
import { readOptions } from '../inference/options.ts';
import { checksMember, type TargetName, targetDefinitions } from '../inference/targets.ts';
import {
  buildPack,
  checkDb,
  checkGolden,
  compilePlans,
  deriveEarlierMapping,
  deriveInventory,
  deriveModel,
  deriveOdsMapping,
  emitComments,
  emitDdl,
  emitEarlierReporting,
  emitReporting,
  exploreModel,
  normalizeSchema,
  planUpgrade,
  provisionDb,
  reportImpact,
  normalizeSchemas as runBatch,
  statusDb,
  translateDocuments,
  upgradeDb,
  verifyDb,
  verifyUpgrade,
} from './index.ts';

const packageFolder = fileURLToPath(new URL('../..', import.meta.url));
const campus = readFileSync(path.join(packageFolder, '../../fixtures/schemas/campus/ApiSchema.json'), 'utf8');

const executors = {
  'normalize-schema': normalizeSchema,
  'derive-model': deriveModel,
  'derive-inventory': deriveInventory,
  'compile-plans': compilePlans,
  'build-pack': buildPack,
  'emit-ddl': emitDdl,
  'derive-ods-mapping': deriveOdsMapping,
  'emit-reporting': emitReporting,
  'derive-earlier-mapping': deriveEarlierMapping,
  'emit-earlier-reporting': emitEarlierReporting,
  'emit-comments': emitComments,
  'explore-model': exploreModel,
  'plan-upgrade': planUpgrade,
  'verify-upgrade': verifyUpgrade,
  'verify-db': verifyDb,
  'provision-db': provisionDb,
  'check-db': checkDb,
  'upgrade-db': upgradeDb,
  'status-db': statusDb,
  'check-golden': checkGolden,
  'report-impact': reportImpact,
  'translate-documents': translateDocuments,
} as const;

/** The output of the executors, which Nx would show and store. */
let printed: string[] = [];

beforeEach(() => {
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void printed.push(line));
  vi.spyOn(console, 'error').mockImplementation((line) => void printed.push(line));
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** The projects of a workspace as the plugin infers them. */
async function projectsOf(root: string): Promise<Record<string, ProjectConfiguration>> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /ApiSchema.*\.json$|dms\.json$/.test(name))
    .sort(compareOrdinal);
  const results = await inferProjects(files, {
    workspaceRoot: root,
    options: readOptions(undefined),
    tool: { kind: 'locked' },
    isIgnoredHashed: true,
    cache: openFileCache<FileFacts>('/dev/null/no-cache', []),
    hashes: new ContentHashes(),
  });
  const projects = results.flatMap(([, result]) => Object.values(result.projects ?? {})) as ProjectConfiguration[];
  return Object.fromEntries(projects.map((project) => [project.name ?? '', project]));
}

/**
 * The projects with all targets cached, whatever the inference says, as a `project.json` or `targetDefaults` may
 * request.
 */
function allCached(projects: Record<string, ProjectConfiguration>): Record<string, ProjectConfiguration> {
  const targetsOf = ({ targets = {} }: ProjectConfiguration) =>
    Object.fromEntries(Object.entries(targets).map(([name, target]) => [name, { ...target, cache: true }]));
  return Object.fromEntries(
    Object.entries(projects).map(([name, project]) => [name, { ...project, targets: targetsOf(project) }]),
  );
}

/** Runs one task as Nx would, with its inferred options. */
async function run(
  root: string,
  task: string,
  options: Readonly<Record<string, unknown>> = {},
  configured = projectsOf,
  configurationName?: string,
) {
  const projects = await configured(root);
  const [projectName = '', ...rest] = task.split(':');
  const targetName = rest.join(':');
  const inferred = projects[projectName]?.targets?.[targetName]?.options;
  const projectsConfigurations = { version: 2, projects };
  const context = { root, projectName, targetName, configurationName, projectsConfigurations } as ExecutorContext;
  printed = [];
  // the part after the colon is a database of a fleet
  const executor = executors[targetName.split(':')[0] as keyof typeof executors] as (
    options: unknown,
    context: ExecutorContext,
  ) => Promise<{ success: boolean }>;
  const { success } = await executor({ ...inferred, ...options }, context);
  for (const line of printed) expect(line).not.toContain(root);
  return { success, printed };
}

const workspace = (dms: unknown, more: Readonly<Record<string, unknown>> = {}) =>
  temporaryWorkspace({ 'schemas/campus/ApiSchema.json': campus, 'sets/dms/dms.json': dms, ...more });

const firstSteps = ['campus:normalize-schema', 'dms:derive-model', 'dms:derive-inventory', 'dms:emit-ddl'];

/**
 * The results of the first steps for campus on PostgreSQL, whatever else a `dms.json` says: the folder `dist`, made
 * once.
 */
let kept: string | undefined;
afterAll(() => {
  if (kept !== undefined) rmSync(kept, { recursive: true, force: true });
});

/** A workspace with campus for PostgreSQL in which the first steps have run. */
async function builtWorkspace(dms: Readonly<Record<string, unknown>>): Promise<string> {
  const root = workspace({ schemas: ['campus'], dialects: ['pgsql'], ...dms });
  if (kept === undefined) {
    for (const step of firstSteps) expect(await run(root, step)).toMatchObject({ success: true });
    kept = mkdtempSync(path.join(tmpdir(), 'nx-dms-built-'));
    cpSync(path.join(root, 'dist'), kept, { recursive: true });
  } else cpSync(kept, path.join(root, 'dist'), { recursive: true });
  return root;
}

test('a step prints a line for each artifact', async () => {
  const root = workspace({ schemas: ['../../schemas/campus'], dialects: ['pgsql'] });
  expect(await run(root, 'campus:normalize-schema')).toEqual({
    success: true,
    printed: [expect.stringMatching(/^dist\/schemas\/campus\/schema\.normalized\.json {2}\d+ bytes {2}[0-9a-f]{12}$/)],
  });
  expect(await run(root, 'dms:derive-model')).toEqual({
    success: true,
    printed: [
      // as emit says it
      'Mapping v1, the only one that suits this set; the Data Management Service needs v2, which refuses it: COLLECTION_IDENTITY_MISSING',
      expect.stringMatching(/^dist\/sets\/dms\/effective-schema\.manifest\.json {2}\d+ bytes {2}[0-9a-f]{12}$/),
      expect.stringMatching(/^dist\/sets\/dms\/document-schemas\.json {2}\d+ bytes {2}[0-9a-f]{12}$/),
      expect.stringMatching(/^dist\/sets\/dms\/relational-model\.pgsql\.json {2}\d+ bytes {2}[0-9a-f]{12}$/),
    ],
  });
  expect((await run(root, 'dms:derive-inventory')).printed).toHaveLength(
    artifactsOf('derive-inventory', ['pgsql']).length,
  );
});

test('notes are printed before the artifacts', async () => {
  const root = workspace({ schemas: ['campus'], dialects: ['mssql'] });
  await run(root, 'campus:normalize-schema');
  const { success, printed: lines } = await run(root, 'dms:derive-model');
  expect(success).toBe(true);
  expect(lines[0]).toMatch(/^note PROPAGATION_/);
  expect(lines.at(-1)).toMatch(/^dist\/sets\/dms\/relational-model\.mssql\.json {2}/);
});

test('a run for one dialect keeps the files of another, but not those of one that dms.json does not list', async () => {
  const root = workspace({ schemas: ['campus'] });
  await run(root, 'campus:normalize-schema');
  const models = () =>
    readdirSync(path.join(root, 'dist/sets/dms')).filter((name) => name.startsWith('relational-model'));
  await run(root, 'dms:derive-model');
  expect(models()).toEqual(['relational-model.mssql.json', 'relational-model.pgsql.json']);
  await run(root, 'dms:derive-model', { dialect: 'pgsql' });
  expect(models()).toEqual(['relational-model.mssql.json', 'relational-model.pgsql.json']);
  writeFiles(root, { 'sets/dms/dms.json': { schemas: ['campus'], dialects: ['pgsql'] } });
  await run(root, 'dms:derive-model');
  expect(models()).toEqual(['relational-model.pgsql.json']);
});

test('a dialect that dms.json does not list is refused, as its files are not declared outputs', async () => {
  const root = workspace({ schemas: ['campus'], dialects: ['pgsql'] });
  expect(await run(root, 'dms:derive-inventory', { dialect: 'mssql' })).toEqual({
    success: false,
    printed: [
      'error CONFIG_INVALID sets/dms/dms.json:1:34: /dialects does not list mssql, which this run asks for; add it there, or choose pgsql.',
    ],
  });
});

test('a file that an earlier task writes and that is not there is named, with that task', async () => {
  const root = workspace({ schemas: ['campus'], dialects: ['pgsql'] });
  expect((await run(root, 'dms:derive-model')).printed).toEqual([
    'error INPUT_FILE_NOT_FOUND dist/schemas/campus/schema.normalized.json does not exist; run campus:normalize-schema first.',
  ]);
  const { success, printed: lines } = await run(root, 'dms:derive-inventory');
  expect(success).toBe(false);
  expect(lines[0]).toMatch(
    /^error INPUT_FILE_NOT_FOUND dist\/sets\/dms\/effective-schema\.manifest\.json .*run the target derive-model first/,
  );
});

test('a place in another spelling than the disk fails the targets that read it, with the right spelling', async () => {
  const there = ['golden/x', 'baseline/x', 'released/x', 'documents/x', 'before/x', 'earlier/x', 'moves.json'];
  const files = [...there, 'ods.json', 'ours.json', 'theirs.json', 'fleet.json'].map((name) => [
    `sets/dms/${name}`,
    '{}',
  ]);
  const dms = {
    schemas: ['campus'],
    dialects: ['pgsql'],
    golden: 'Golden',
    baseline: 'Baseline',
    upgradeFrom: 'Released',
    translation: 'Moves.json',
    odsOverrides: 'Ods.json',
    translate: { documents: 'Documents', before: 'Before', translation: ['Ours.json'] },
    earlier: { artifacts: 'Earlier', translation: ['Theirs.json'] },
    databases: { fleet: 'Fleet.json' },
  };
  const root = workspace(dms, Object.fromEntries(files));
  const failing: string[] = [];
  const targets = Object.keys(executors).filter((name) => name !== 'normalize-schema');
  for (const name of targets) {
    const { success, printed: lines } = await run(root, `dms:${name}`);
    expect(success).toBe(false);
    if (!lines.some((line) => line.includes('CONFIG_PATH_SPELLING'))) continue;
    failing.push(name);
    // a task that fails anyway reports everything
    expect(lines.filter((line) => line.includes('CONFIG_PATH_SPELLING'))).toHaveLength(11);
  }
  const read = [
    'golden',
    'baseline',
    'upgradeFrom',
    'translation',
    'odsOverrides',
    'translate',
    'earlier',
    'databases',
  ];
  expect(failing).toEqual(targets.filter((name) => read.some((member) => checksMember(name as TargetName, member))));
  expect((await run(root, 'dms:check-golden')).printed[0]).toMatch(
    /^error CONFIG_PATH_SPELLING sets\/dms\/dms\.json:1:\d+: \/golden is "Golden", but the name on the disk is "golden"; correct it\. /,
  );
  writeFiles(root, { 'sets/dms/dms.json': { ...dms, schemas: ['../../Schemas/campus'] } });
  expect((await run(root, 'dms:derive-model')).printed.at(-1)).toContain(
    '/schemas/0 is "../../Schemas/campus", but the name on the disk is "../../schemas/campus"; correct it.',
  );
  const source = { source: 'schemas/campus/apischema.json' };
  expect((await run(root, 'campus:normalize-schema', source)).printed).toEqual([
    expect.stringContaining('error CONFIG_PATH_SPELLING The option "source" is "schemas/campus/apischema.json", but'),
  ]);
});

test('a mistake in a member fails only the step that reads it, which reports all mistakes', async () => {
  const root = workspace({ schemas: ['campus'], dialects: ['pgsql'], inventory: { x: 1 }, plans: 3 });
  await run(root, 'campus:normalize-schema');
  expect(await run(root, 'dms:derive-model')).toMatchObject({ success: true });
  const inventory = '/inventory/x is unknown; the only known member is "$comment". Remove it.';
  const both = [
    `error CONFIG_MEMBER_UNKNOWN sets/dms/dms.json:1:61: ${inventory}`,
    'error CONFIG_INVALID sets/dms/dms.json:1:72: /plans must be an object; correct it.',
  ];
  expect((await run(root, 'dms:derive-inventory')).printed).toEqual(both);
  expect(await run(root, 'dms:report-impact')).toMatchObject({
    success: false,
    printed: [expect.stringContaining('/baseline')],
  });
  writeFiles(root, {
    'sets/dms/dms.json': { schemas: ['campus', 'campos'], dialectz: [], inventory: { x: 1 }, plans: 3 },
  });
  expect((await run(root, 'dms:derive-model')).printed.map((line) => line.split(' ').slice(1, 4).join(' '))).toEqual([
    'CONFIG_MEMBER_UNKNOWN sets/dms/dms.json:1:43: /dialectz',
    'CONFIG_MEMBER_UNKNOWN sets/dms/dms.json:1:63: /inventory/x',
    'CONFIG_INVALID sets/dms/dms.json:1:74: /plans',
    'CONFIG_SCHEMA_UNKNOWN sets/dms/dms.json:1:22: /schemas/1',
  ]);
  writeFiles(root, { 'sets/dms/dms.json': { schemas: ['campus'], dialectz: [], verify: 3 } });
  const { success, printed: lines } = await run(root, 'dms:derive-model');
  expect(success).toBe(false);
  expect(lines.map((line) => line.split(' ')[1])).toEqual(['CONFIG_MEMBER_UNKNOWN', 'CONFIG_INVALID']);
  expect((await run(root, 'dms:derive-inventory')).printed[0]).not.toContain('CONFIG_');
  expect((await run(root, 'dms:verify-db')).printed).toEqual([
    expect.stringContaining('CONFIG_MEMBER_UNKNOWN sets/dms/dms.json:1:34: /dialectz'),
    'error CONFIG_INVALID sets/dms/dms.json:1:46: /verify must be an object; correct it.',
  ]);
});

test('verify-db says what was run and what was not, and leaves its report also where it fails', async () => {
  const root = workspace({ schemas: ['campus'], dialects: ['mssql'] });
  for (const task of ['campus:normalize-schema', 'dms:derive-model', 'dms:derive-inventory', 'dms:emit-ddl']) {
    expect((await run(root, task)).success).toBe(true);
  }
  const { success, printed: lines } = await run(root, 'dms:verify-db');
  expect([success, lines[0], lines[1]]).toEqual([
    true,
    'mssql: passed; the script was not run: its text was checked, nothing was executed on an engine',
    '  static: passed',
  ]);
  const script = path.join(root, 'dist/sets/dms/mssql.sql');
  writeFileSync(script, `${readFileSync(script, 'utf8').trimEnd()}\nDROP TABLE [campus].[School];\n\n`);
  const failed = await run(root, 'dms:verify-db');
  expect(failed.success).toBe(false);
  expect(failed.printed[0]).toContain('error VERIFY_STATIC');
  expect(failed.printed).toContain(
    'mssql: failed; the script was not run: its text was checked, nothing was executed on an engine',
  );
  const report = JSON.parse(readFileSync(path.join(root, 'dist/sets/dms/verification.mssql.json'), 'utf8'));
  expect([report.result, report.steps[0]]).toEqual(['failed', { name: 'static', result: 'failed' }]);
});

test('a dms.json that is not JSON fails every step', async () => {
  const root = workspace('{', { golden: '' });
  for (const step of ['derive-model', 'derive-inventory']) {
    expect(await run(root, `dms:${step}`)).toEqual({
      success: false,
      printed: [
        'error CONFIG_INVALID sets/dms/dms.json:1:2: Invalid JSON at 1:2: expected a member name, found the end of the file.',
      ],
    });
  }
});

test('schemas that name nothing or one project twice are all reported together', async () => {
  const root = workspace({ schemas: ['campus', 'campuz', '../../schemas/campus'] });
  const { success, printed: lines } = await run(root, 'dms:derive-model');
  expect(success).toBe(false);
  expect(lines.map((line) => line.split(' ')[1])).toEqual(['CONFIG_SCHEMA_UNKNOWN', 'CONFIG_SCHEMA_DUPLICATE']);
});

test('messages about a schema name the file that people edit', async () => {
  const root = workspace(
    { schemas: ['a', 'b'] },
    {
      'schemas/a/ApiSchema.json': emptySchema('A'),
      'schemas/b/ApiSchema.json': emptySchema('B'),
    },
  );
  await run(root, 'a:normalize-schema');
  await run(root, 'b:normalize-schema');
  const { printed: lines } = await run(root, 'dms:derive-model');
  expect(lines.join('\n')).toContain('schemas/b/ApiSchema.json');
  expect(lines.join('\n')).not.toContain('normalized');
});

test('what only inference can see fails the tasks', async () => {
  const root = temporaryWorkspace({
    'x/ApiSchema.json': emptySchema('A'),
    'x/ApiSchema-2.json': emptySchema('B'),
    'y/ApiSchema.json': emptySchema('C'),
    'y/dms.json': { schemas: ['.'] },
    'z/dms.json': { schemas: ['y'], outputDirectory: 'dist/w' },
    'w/dms.json': { schemas: ['y'] },
  });
  const firstLine = async (task: string) => {
    const { success, printed: lines } = await run(root, task);
    expect(success).toBe(false);
    return lines[0];
  };
  expect(await firstLine('x:normalize-schema')).toBe(
    'error PROJECT_FILES_AMBIGUOUS x holds several ApiSchema files: x/ApiSchema-2.json, x/ApiSchema.json. Give each a folder of its own, or remove what is not in use.',
  );
  const kinds =
    'y holds both a mapping set and an ApiSchema file: y/ApiSchema.json, y/dms.json. Give each a folder of its own.';
  expect(await firstLine('y:normalize-schema')).toBe(`error PROJECT_KIND_AMBIGUOUS ${kinds}`);
  expect(await firstLine('y:derive-model')).toBe(`error PROJECT_KIND_AMBIGUOUS ${kinds}`);
  for (const project of ['z', 'w']) {
    expect(await firstLine(`${project}:derive-inventory`)).toBe(
      `error CONFIG_OUTPUT_SHARED w/dms.json and z/dms.json write to the same folder, dist/w. Set another "outputDirectory" in one of them.`,
    );
  }
});

/** Runs `normalize-schema` of the given projects in a batch. */
async function batch(root: string, names: readonly string[], configured = projectsOf) {
  const projects = await configured(root);
  const ids = names.map((project) => `${project}:normalize-schema`);
  const tasks = Object.fromEntries(
    ids.map((id, index) => [id, { id, target: { project: names[index], target: 'normalize-schema' } }]),
  );
  const options = Object.fromEntries(
    ids.map((id, index) => [id, projects[names[index] ?? '']?.targets?.['normalize-schema']?.options]),
  );
  const results: [task: string, success: boolean, terminalOutput: string][] = [];
  const context = { root, projectsConfigurations: { version: 2, projects } };
  for await (const { task, result } of runBatch({ tasks } as unknown as TaskGraph, options, {}, context)) {
    expect(result.endTime).toBeGreaterThanOrEqual(result.startTime ?? Number.NaN);
    results.push([task, result.success, result.terminalOutput ?? '']);
  }
  return results;
}

test('a batch says of each task what a run alone says, and prints nothing itself', async () => {
  const root = workspace(
    { schemas: ['campus'] },
    { 'schemas/broken/ApiSchema.json': '{', 'schemas/a/ApiSchema.json': emptySchema('A') },
  );
  const results = await batch(root, ['campus', 'broken', 'a']);
  expect(printed).toEqual([]);
  expect(results.map(([task, success]) => [task, success])).toEqual([
    ['campus:normalize-schema', true],
    ['broken:normalize-schema', false],
    ['a:normalize-schema', true],
  ]);
  for (const [task, success, terminalOutput] of results) {
    const alone = await run(root, task);
    expect({ success, terminalOutput }).toEqual({
      success: alone.success,
      terminalOutput: alone.printed.map((line) => `${line}\n`).join(''),
    });
  }
});

test('a place that cannot be written is reported, and leaves the others of a batch', async () => {
  const root = workspace(
    { schemas: ['campus'] },
    { 'dist/schemas/a': 'a file where a folder should be', 'schemas/a/ApiSchema.json': emptySchema('A') },
  );
  const [a, second] = await batch(root, ['a', 'campus']);
  expect(a).toEqual([
    'a:normalize-schema',
    false,
    expect.stringMatching(/^error OUTPUT_NOT_A_FOLDER .*dist\/schemas\/a\b/),
  ]);
  expect(second?.[1]).toBe(true);
});

test('a bug in one task of a batch leaves the others', async () => {
  const root = workspace({ schemas: ['campus'] });
  const tasks = ['a', 'campus'].map((project) => [
    `${project}:normalize-schema`,
    { target: { project, target: 'normalize-schema' } },
  ]);
  const projects = await projectsOf(root);
  const good = projects.campus?.targets?.['normalize-schema']?.options;
  const options = { 'a:normalize-schema': {} as never, 'campus:normalize-schema': good };
  const graph = { tasks: Object.fromEntries(tasks) } as unknown as TaskGraph;
  const results: [boolean, string][] = [];
  const context = { root, projectsConfigurations: { version: 2, projects } };
  for await (const { result } of runBatch(graph, options, {}, context)) {
    results.push([result.success, result.terminalOutput ?? '']);
  }
  expect(results[0]).toEqual([false, expect.stringMatching(/^TypeError.*\n\s+at /)]);
  expect(results[1]?.[0]).toBe(true);
});

test('the trace file names each task that ran', async () => {
  const root = workspace(
    { schemas: ['campus'], dialects: ['pgsql'] },
    { 'schemas/a/ApiSchema.json': emptySchema('A') },
  );
  vi.stubEnv('NX_DMS_TRACE', path.join(root, 'trace.txt'));
  await batch(root, ['campus', 'a']);
  await run(root, 'dms:derive-model');
  expect(readFileSync(path.join(root, 'trace.txt'), 'utf8')).toBe(
    'campus:normalize-schema\na:normalize-schema\ndms:derive-model\n',
  );
});

describe('what is read through a symbolic link', () => {
  const cached = async (root: string) => allCached(await projectsOf(root));
  const advice =
    'is a symbolic link, and Nx, which caches this task, does not see when the files behind it change; put the files themselves there, or set "cache" of the target to false. If the link is new, run: npx nx reset';

  test('an ApiSchema file: read each time, and refused where the task is cached, alone and in a batch', async () => {
    const root = workspace({ schemas: ['campus'] }, { 'real/ApiSchema.json.txt': JSON.stringify(emptySchema('A')) });
    mkdirSync(path.join(root, 'schemas/a'));
    symlinkSync('../../real/ApiSchema.json.txt', path.join(root, 'schemas/a/ApiSchema.json'));
    const normalized = () => readFileSync(path.join(root, 'dist/schemas/a/schema.normalized.json'), 'utf8');
    expect((await run(root, 'a:normalize-schema')).success).toBe(true);
    expect(normalized()).toContain('"projectName":"A"');
    writeFiles(root, { 'real/ApiSchema.json.txt': emptySchema('B') });
    expect((await batch(root, ['a']))[0]?.[1]).toBe(true);
    expect(normalized()).toContain('"projectName":"B"');

    const refused = `error TASK_INPUT_LINKED schemas/a/ApiSchema.json ${advice}`;
    expect(await run(root, 'a:normalize-schema', {}, cached)).toEqual({ success: false, printed: [refused] });
    expect(await batch(root, ['a', 'campus'], cached)).toEqual([
      ['a:normalize-schema', false, `${refused}\n`],
      ['campus:normalize-schema', true, expect.any(String)],
    ]);
  });

  const folders: readonly (readonly [string, string])[] = [
    ['check-golden', 'golden'],
    ['report-impact', 'baseline'],
    ['explore-model', 'baseline'],
    ['plan-upgrade', 'upgradeFrom'],
    ['verify-upgrade', 'upgradeFrom'],
  ];

  test.each(someOf(folders, 3))(
    'the folder that %s compares with: refused where the task is cached',
    async (target, member) => {
      const root = await builtWorkspace({ [member]: '../../released' });
      expect((await run(root, 'dms:compile-plans')).success).toBe(true);
      cpSync(path.join(root, 'dist/sets/dms'), path.join(root, 'real'), { recursive: true });
      symlinkSync('real', path.join(root, 'released'));
      const ofFolder = await run(root, `dms:${target}`);
      expect(ofFolder.success, ofFolder.printed.join('\n')).toBe(true);
      expect(await run(root, `dms:${target}`, {}, cached)).toEqual({
        success: false,
        printed: [`error TASK_INPUT_LINKED released ${advice}`],
      });
      rmSync(path.join(root, 'released'));
      cpSync(path.join(root, 'real'), path.join(root, 'released'), { recursive: true });
      expect((await run(root, `dms:${target}`, {}, cached)).success).toBe(true);
      rmSync(path.join(root, 'released/catalog.pgsql.json'));
      symlinkSync('../real/catalog.pgsql.json', path.join(root, 'released/catalog.pgsql.json'));
      expect((await run(root, `dms:${target}`, {}, cached)).printed).toEqual([
        `error TASK_INPUT_LINKED released/catalog.pgsql.json ${advice}`,
      ]);
      // the other targets do not read there
      expect((await run(root, 'dms:emit-ddl', {}, cached)).success).toBe(true);
    },
  );

  test('the file of ODS overrides: refused where the task is cached', async () => {
    const root = workspace({ schemas: ['campus'], dialects: ['pgsql'], odsOverrides: 'ods.json' });
    writeFiles(root, { 'real.json': {} });
    symlinkSync('../../real.json', path.join(root, 'sets/dms/ods.json'));
    for (const step of ['campus:normalize-schema', 'dms:derive-model'])
      expect((await run(root, step)).success).toBe(true);
    expect((await run(root, 'dms:derive-ods-mapping')).success).toBe(true);
    expect(await run(root, 'dms:derive-ods-mapping', {}, cached)).toEqual({
      success: false,
      printed: [`error TASK_INPUT_LINKED sets/dms/ods.json ${advice}`],
    });
  });

  test('a dms.json: refused by every task, cached or not, as targets and edges are made of it', async () => {
    const root = workspace({
      schemas: ['campus'],
      dialects: ['pgsql'],
      golden: 'golden',
      baseline: 'b',
      upgradeFrom: 'u',
      translate: { documents: 'd' },
      earlier: { artifacts: 'e' },
    });
    const file = path.join(root, 'sets/dms/dms.json');
    cpSync(file, path.join(root, 'real.json'));
    rmSync(file);
    symlinkSync('../../real.json', file);
    const targets = Object.keys((await projectsOf(root)).dms?.targets ?? {});
    expect(targets).toHaveLength(Object.keys(targetDefinitions).length - 1);
    for (const target of targets) {
      expect(await run(root, `dms:${target}`)).toEqual({
        success: false,
        printed: [
          'error TASK_INPUT_LINKED sets/dms/dms.json is a symbolic link, and Nx does not see when the file behind it changes; put the file itself there.',
        ],
      });
    }
  });
});

test('emit-comments writes the definitions of the schemas, with what derive-model has kept of them', async () => {
  const root = workspace({ schemas: ['campus'], dialects: ['pgsql'] });
  for (const step of ['campus:normalize-schema', 'dms:derive-model', 'dms:emit-comments'])
    expect((await run(root, step)).success, step).toBe(true);
  const script = readFileSync(path.join(root, 'dist/sets/dms/comments.pgsql.sql'), 'utf8');
  expect(script).toContain(
    `COMMENT ON TABLE "campus"."Student" IS 'A person who is, was or will be taught at a school.';`,
  );
});

test('derive-ods-mapping and emit-reporting write the views that dms.json describes', async () => {
  const root = workspace({
    schemas: ['campus'],
    dialects: ['pgsql'],
    odsOverrides: 'ods.json',
    reporting: { schemaSuffix: '_ods', grants: ['analyst'] },
  });
  writeFiles(root, { 'sets/dms/ods.json': {} });
  for (const step of ['campus:normalize-schema', 'dms:derive-model', 'dms:derive-ods-mapping', 'dms:emit-reporting'])
    expect((await run(root, step)).success, step).toBe(true);
  const script = readFileSync(path.join(root, 'dist/sets/dms/reporting.pgsql.sql'), 'utf8');
  expect(script).toContain('CREATE OR REPLACE VIEW "campus_ods"."student" AS');
  expect(script).toContain('TO "analyst"');

  writeFiles(root, { 'sets/dms/ods.json': { 'Student|Nothing': { notNull: true } } });
  expect(await run(root, 'dms:derive-ods-mapping')).toMatchObject({
    success: false,
    printed: [expect.stringContaining('error ODS_OVERRIDE_UNKNOWN')],
  });
});

test('derive-earlier-mapping and emit-earlier-reporting write the views of the version that dms.json names', async () => {
  const released = JSON.parse(campus);
  released.projectSchema.projectVersion = '0.9.0';
  const earlier = { artifacts: '../../dist/sets/old', translation: ['rules.json'] };
  const dms = { schemas: ['../../schemas/campus'], dialects: ['pgsql'], name: 'dms' };
  const root = workspace(
    { ...dms, earlier },
    {
      'schemas/old/ApiSchema.json': released,
      'sets/old/dms.json': { ...dms, name: 'old-set', schemas: ['../../schemas/old'] },
      'sets/dms/rules.json': { before: { Campus: '0.9' }, after: { Campus: '1.0' } },
    },
  );
  const steps = ['derive-model', 'derive-inventory', 'derive-ods-mapping'];
  for (const task of [
    'old:normalize-schema',
    'campus:normalize-schema',
    ...['old-set', 'dms'].flatMap((set) => steps.map((step) => `${set}:${step}`)),
  ])
    expect((await run(root, task)).success, task).toBe(true);
  expect(await run(root, 'dms:derive-earlier-mapping')).toMatchObject({ success: true });
  expect(await run(root, 'dms:emit-earlier-reporting')).toMatchObject({ success: true });
  const script = readFileSync(path.join(root, 'dist/sets/dms/reporting-earlier.pgsql.sql'), 'utf8');
  expect(script).toContain('CREATE OR REPLACE VIEW "campus_09"."student" AS');
  for (const task of ['dms:emit-ddl', 'dms:explore-model'])
    expect(await run(root, task), task).toMatchObject({ success: true });
  const [, page = ''] =
    /id="model">([^<]*)</.exec(readFileSync(path.join(root, 'dist/sets/dms/model.html'), 'utf8')) ?? [];
  const { first } = JSON.parse(inflateRawSync(Buffer.from(page, 'base64')).toString('utf8'));
  const tables: readonly { readonly name: string }[] = first.earlierTables;
  expect(tables.map(({ name }) => name)).toContain('Student');
  writeFiles(root, {
    'sets/dms/rules.json': { before: { Campus: '0.9' }, drops: [{ before: 'Campus:Nothing', because: 'x' }] },
  });
  const refused = await run(root, 'dms:derive-earlier-mapping');
  expect(refused.success).toBe(false);
  expect(refused.printed[0]).toMatch(/^error TRANSLATION_/);
});

test('check-golden compares what is committed, and prints a diff and how to accept it', async () => {
  const root = workspace({ schemas: ['campus'], dialects: ['pgsql'], golden: '../../golden' });
  await run(root, 'campus:normalize-schema');
  await run(root, 'dms:derive-model');
  const check = (options = {}) => run(root, 'dms:check-golden', options);
  const compared = (count: number) => [
    `golden  ${count} of ${filesOf(emitSteps, ['pgsql']).length} artifacts compared`,
  ];
  const refused = async (text: string) => expect((await check()).printed).toEqual([expect.stringContaining(text)]);
  await refused('error GOLDEN_MISSING sets/dms/dms.json:1:53: /golden names golden, which does not exist');

  const built = path.join(root, 'dist/sets/dms/effective-schema.manifest.json');
  const manifest = readFileSync(built, 'utf8');
  writeFiles(root, { 'golden/effective-schema.manifest.json': manifest, 'golden/README.md': '' });
  expect(await check()).toEqual({ success: true, printed: compared(1) });
  writeFiles(root, { 'golden/mssql.sql': '' });
  await refused(
    'error GOLDEN_UNKNOWN golden/mssql.sql: mssql.sql is no artifact that check-golden compares in this set',
  );
  rmSync(path.join(root, 'golden/mssql.sql'));

  const committed = manifest.replace('"Campus"', '"Kampus"');
  expect(committed).not.toBe(manifest);
  writeFiles(root, { 'golden/effective-schema.manifest.json': committed });
  const { success, printed: lines } = await check();
  expect(success).toBe(false);
  const [message = '', ...more] = lines;
  expect(more).toEqual([]);
  expect(message.split('\n').slice(0, 3)).toEqual([
    'error GOLDEN_DIFFERS golden/effective-schema.manifest.json: This differs from the built file. Look at the difference, and accept it with: cp dist/sets/dms/effective-schema.manifest.json golden/effective-schema.manifest.json',
    '  --- golden/effective-schema.manifest.json',
    '  +++ dist/sets/dms/effective-schema.manifest.json',
  ]);
  expect(message).toMatch(/\n {2}@@ .*@@\n/);
  expect(message).toMatch(/\n {2}-.*Kampus.*\n {2}\+.*Campus/);
  expect((await check({ acceptCommand: 'make accept' })).printed[0]).toContain('accept it with: make accept\n');

  rmSync(built);
  expect((await check()).printed).toEqual([
    'error GOLDEN_DIFFERS golden/effective-schema.manifest.json: dist/sets/dms/effective-schema.manifest.json, with which it is compared, was not built.',
  ]);
});

test('check-golden for one of several dialects leaves out the manifests that hold all', async () => {
  const root = workspace({ schemas: ['campus'], golden: '../../golden' });
  const line = async (options = {}) => (await run(root, 'dms:check-golden', options)).printed;
  const all = filesOf(emitSteps);
  const ofOne = filesOf(emitSteps, ['mssql']).filter(
    (name) => !['mappingset.manifest.json', 'ddl.manifest.json'].includes(name),
  );
  const isEmpty = (count: number) => [
    expect.stringContaining(`golden holds none of the ${count} artifacts that this run`),
  ];
  writeFiles(root, { 'golden/README.md': '' });
  expect(await line()).toEqual(isEmpty(all.length));
  writeFiles(root, { 'golden/ddl.manifest.json': '' });
  expect(await line({ dialect: 'mssql' })).toEqual(isEmpty(ofOne.length));
});

test('translate-documents writes documents, rejects and the accounting, the same in any workspace', async () => {
  const district = (districtId: number, more: object) =>
    `${JSON.stringify({ resource: 'Campus:District', document: { districtId, ...more } })}\n`;
  const rules = {
    before: { Campus: '1.0' },
    moves: [
      {
        before: 'Campus:District.$.districtName',
        after: 'Campus:District.$.districtName',
        values: { N: 'North', S: 'South' },
      },
    ],
    drops: [{ before: 'Campus:District.$.webAddress', because: 'nobody reads it' }],
  };
  const documents = [
    district(1, { districtName: 'N', webAddress: 'https://north.example' }),
    district(2, { districtName: 'X' }),
  ];
  const dms = { schemas: ['campus'], dialects: ['pgsql'] };
  const translate = { documents: '../../earlier', translation: ['rules.json'] };
  const make = async (more: object) => {
    const root = workspace(
      { ...dms, translate: { ...translate, ...more } },
      { 'sets/dms/rules.json': rules, 'earlier/districts.jsonl': documents.join('') },
    );
    for (const task of ['campus:normalize-schema', 'dms:derive-model', 'dms:derive-inventory'])
      expect((await run(root, task)).success).toBe(true);
    return root;
  };
  const written = (root: string) =>
    Object.fromEntries(
      readdirSync(path.join(root, 'dist/sets/dms/translated'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => path.join(parentPath, name))
        .map((file) => [path.relative(path.join(root, 'dist/sets/dms'), file), readFileSync(file, 'utf8')]),
    );

  const strict = await make({});
  expect(await run(strict, 'dms:translate-documents')).toMatchObject({ success: false });
  expect(printed.join('\n')).toMatch(/^error TRANSLATION_VALUE earlier\/districts\.jsonl:2: /);
  expect(Object.keys(written(strict))).toEqual(['translated/rejects.jsonl']);

  writeFiles(strict, { 'earlier/districts.jsonl': '' });
  const empty = await run(strict, 'dms:translate-documents');
  expect(empty.success).toBe(false);
  expect(empty.printed.join('\n')).toMatch(
    /^error DOCUMENT_INPUT_EMPTY .* set "allowEmpty" of "translate" in dms.json to true\.$/m,
  );
  writeFiles(strict, { 'sets/dms/dms.json': { ...dms, translate: { ...translate, allowEmpty: true } } });
  expect(await run(strict, 'dms:translate-documents')).toMatchObject({ success: true });

  const root = await make({ continue: true });
  writeFiles(root, { 'dist/sets/dms/translated/documents/old.jsonl': '' });
  const { success } = await run(root, 'dms:translate-documents');
  expect(success).toBe(true);
  const files = written(root);
  expect(files['translated/documents/campus/districts.jsonl']).toBe('{"districtId":1,"districtName":"North"}\n');
  const report = JSON.parse(files['translated/report.json'] ?? '');
  expect(report).toMatchObject({
    isWritten: true,
    rejected: 1,
    values: { read: 5, carried: 2, dropped: 1, rejected: 2 },
    documents: { read: 2, written: 1, made: 0, rejects: 1 },
  });
  expect(JSON.parse(files['translated/rejects.jsonl'] ?? '')).toMatchObject({
    resource: 'Campus:District',
    file: 'earlier/districts.jsonl',
    line: 2,
    problems: [{ code: 'TRANSLATION_VALUE' }],
  });
  expect(Object.keys(files)).not.toContain('translated/documents/old.jsonl');
  // results that Nx may reuse elsewhere from the cache must not depend on the place of the workspace
  const elsewhere = await make({ continue: true });
  await run(elsewhere, 'dms:translate-documents');
  expect(written(elsewhere)).toEqual(files);

  // a file with another ending would not be an input
  expect((await run(await make({ translation: ['rules.txt'] }), 'dms:translate-documents')).printed).toEqual([
    expect.stringMatching(/^error TRANSLATION_UNKNOWN There is no translation "rules\.txt"/),
  ]);
});

test('a target that reads an ignored file which Nx cannot hash says why it runs every time', async () => {
  const [artifact = ''] = filesOf(emitSteps, ['mssql']);
  const more = {
    '.gitignore': '*.sql\n',
    'sets/dms/pgsql.sql': '',
    [`sets/dms/${artifact}`]: '{}',
    [`dist/sets/dms/${artifact}`]: '{}',
  };
  const root = workspace({ schemas: ['campus'], golden: '.' }, more);
  const { printed: lines } = await run(root, 'dms:check-golden', { dialect: 'mssql' });
  expect(lines).toEqual([
    'warning TASK_INPUT_IGNORED sets/dms/pgsql.sql is ignored by a pattern, and Nx does not see when it changes; so this task runs every time. To cache it, add "!sets/dms/pgsql.sql" to .nxignore.',
    expect.stringMatching(/^sets\/dms {2}1 of \d+ artifacts compared$/),
  ]);
  writeFiles(root, { '.nxignore': '!sets/dms/pgsql.sql\n' });
  expect((await run(root, 'dms:check-golden', { dialect: 'mssql' })).printed).toHaveLength(1);
});

test('executors.json, the folders of the executors and the table of targets name the same', () => {
  const { executors: listed } = JSON.parse(readFileSync(path.join(packageFolder, 'executors.json'), 'utf8'));
  const folders = readdirSync(path.join(packageFolder, 'src/executors'), { withFileTypes: true });
  const names = Object.keys(targetDefinitions).sort();
  expect(Object.keys(listed).sort()).toEqual(names);
  expect(
    folders
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort(),
  ).toEqual(names);
  for (const [name, { implementation, batchImplementation, preferBatch, schema, description }] of Object.entries<
    Record<string, unknown>
  >(listed)) {
    // The extension keeps Nx from looking for a TypeScript source first.
    expect(implementation).toBe(`./dist/executors/${name}/executor.js`);
    expect(schema).toBe(`./dist/executors/${name}/schema.json`);
    const isBatched = name === 'normalize-schema';
    expect([batchImplementation, preferBatch]).toEqual(
      isBatched ? [`./dist/executors/${name}/batch.js`, true] : [undefined, undefined],
    );
    const options = JSON.parse(readFileSync(path.join(packageFolder, 'src/executors', name, 'schema.json'), 'utf8'));
    expect(options).toMatchObject({
      version: 2,
      outputCapture: 'direct-nodejs',
      type: 'object',
      additionalProperties: false,
    });
    expect(options.description).toBe(description);
    expect(options.examples.length).toBeGreaterThan(0);
    for (const property of Object.values<Record<string, unknown>>(options.properties)) {
      expect(property.description).toBeTruthy();
      // options that only the plugin fills in are not in --help
      expect(property.hidden === true).toBe(property['x-priority'] === 'internal');
    }
  }
});

describe('provision-db', () => {
  const variable = 'NX_DMS_PROVISION_SPEC';

  async function newDatabase(): Promise<PostgresDatabase> {
    const database = await createScratchDatabase();
    onTestFinished(() => database.drop());
    return database;
  }

  test('creates the database that dms.json names, and says what is in it', async () => {
    const { name, url } = await newDatabase();
    vi.stubEnv(variable, url);
    const root = await builtWorkspace({ databases: { pgsql: { env: variable } } });
    const planned = await run(root, 'dms:provision-db', { dryRun: true });
    expect(planned.printed.slice(0, 2)).toEqual([
      'Dry run: nothing was changed',
      expect.stringMatching(/^Would provision pgsql database: postgres:/),
    ]);
    const first = await run(root, 'dms:provision-db');
    expect(first).toEqual({
      success: true,
      printed: [
        `Provisioned pgsql database: ${name}`,
        expect.stringMatching(/^Effective schema hash: [0-9a-f]{64}$/),
        expect.stringMatching(/^Resource key count: \d+$/),
        expect.stringMatching(/^Catalog: \d+ tables, \d+ columns, 0 differences$/),
      ],
    });
    expect((await run(root, 'dms:provision-db')).printed[0]).toBe('Already provisioned, applied again');
    expect(first.printed.join('\n')).not.toContain(new URL(url).password);
  });

  test('an option names another database than dms.json, by a variable or a file', async () => {
    const { name, url } = await newDatabase();
    vi.stubEnv(variable, url);
    const root = await builtWorkspace({
      databases: { pgsql: { target: 'postgres://nobody@127.0.0.1:1/none' } },
    });
    const byVariable = await run(root, 'dms:provision-db', { connectionEnv: variable });
    expect(byVariable.printed[0]).toBe(`Provisioned pgsql database: ${name}`);
    writeFiles(root, { 'campus.connection': url });
    const byFile = await run(root, 'dms:provision-db', { connectionFile: 'campus.connection' });
    expect(byFile.printed).toContain('Already provisioned, applied again');
    expect(byFile.printed).toContainEqual(expect.stringMatching(/^warning DB_SECRET_FILE_MODE .*campus\.connection/));
  });

  test('a connection of an option is for the dialect that it shows, in a set of both', async () => {
    const { name, url } = await newDatabase();
    vi.stubEnv(variable, url);
    const root = await builtWorkspace({});
    writeFiles(root, { 'sets/dms/dms.json': { schemas: ['campus'], dialects: ['pgsql', 'mssql'] } });
    const { printed, success } = await run(root, 'dms:provision-db', { connectionEnv: variable });
    expect([success, printed[0]]).toEqual([true, `Provisioned pgsql database: ${name}`]);
    expect(printed.join('\n')).not.toContain('mssql');
  });

  test('a folder of the embedded engine is one of the workspace', async () => {
    const root = await builtWorkspace({ databases: { pgsql: { target: 'pglite:data/campus' } } });
    writeFiles(root, { 'data/campus': 'no folder' });
    expect((await run(root, 'dms:provision-db')).printed).toEqual([
      expect.stringMatching(/^error OUTPUT_NOT_A_FOLDER .*data\/campus/),
    ]);
    expect(readFileSync(path.join(root, 'data/campus'), 'utf8')).toBe('no folder');
  });

  test('a run for one of several dialects does without the manifest of an earlier run, as does verify-db', async () => {
    vi.stubEnv(variable, (await newDatabase()).url);
    const root = workspace({
      schemas: ['campus'],
      databases: { pgsql: { env: variable }, mssql: { target: 'static:' } },
    });
    for (const step of firstSteps) expect(await run(root, step)).toMatchObject({ success: true });
    const manifest = path.join(root, 'dist/sets/dms/ddl.manifest.json');
    const earlier = readFileSync(manifest);
    writeFiles(root, { 'schemas/campus/ApiSchema.json': campus.replace(/("projectVersion":\s*")/, '$19') });
    await run(root, 'campus:normalize-schema');
    for (const dialect of ['pgsql', 'mssql']) {
      for (const step of ['derive-model', 'derive-inventory', 'emit-ddl']) await run(root, `dms:${step}`, { dialect });
    }
    // a task restored from the cache of Nx removes no file
    writeFileSync(manifest, earlier);
    expect((await run(root, 'dms:provision-db', { dialect: 'pgsql' })).printed[0]).toMatch(
      /^Provisioned pgsql database: /,
    );
    expect((await run(root, 'dms:verify-db', { dialect: 'mssql' })).printed[0]).toMatch(/^mssql: passed; /);
    writeFiles(root, {
      'sets/dms/dms.json': { schemas: ['campus'], dialects: ['pgsql'], databases: { pgsql: { env: variable } } },
    });
    expect((await run(root, 'dms:provision-db')).printed).toEqual([
      expect.stringMatching(/^error PROVISION_INPUT_STALE ddl\.manifest\.json is of another schema set /),
    ]);
  });

  test.each([
    [
      'no database',
      {},
      /^error DB_NO_TARGET No database is named for pgsql\. Name one under databases\.pgsql of sets\/dms\/dms\.json, /,
    ],
    [
      'a password',
      { pgsql: { target: 'postgres://u:hidden@h/d' } },
      /^error DB_SECRET_IN_PROJECT_FILE sets\/dms\/dms\.json:1:75: (?!.*hidden)/,
    ],
    ['a variable that is not set', { pgsql: { env: 'NX_DMS_UNSET' } }, /^error DB_ENV_MISSING .*NX_DMS_UNSET/],
    [
      'a mistake',
      { pgsql: { env: 3 } },
      /^error CONFIG_INVALID sets\/dms\/dms\.json:1:72: \/databases\/pgsql\/env must be a text/,
    ],
  ])('%s in dms.json', async (_what, databases, message) => {
    const root = workspace({ schemas: ['campus'], dialects: ['pgsql'], databases });
    const { success, printed: lines } = await run(root, 'dms:provision-db');
    expect(success).toBe(false);
    expect(lines).toEqual([expect.stringMatching(message)]);
  });

  test('nothing is done when the database of one dialect is not named', async () => {
    vi.stubEnv(variable, 'postgres://nobody@127.0.0.1:1/none');
    const root = workspace({ schemas: ['campus'], databases: { pgsql: { env: variable } } });
    const { printed: lines } = await run(root, 'dms:provision-db');
    expect(lines).toEqual([expect.stringMatching(/^error DB_NO_TARGET No database is named for mssql\./)]);
  });

  test('without artifacts the step that writes them is named', async () => {
    const root = workspace({
      schemas: ['campus'],
      dialects: ['pgsql'],
      databases: { pgsql: { target: 'pglite:data' } },
    });
    const { printed: lines } = await run(root, 'dms:provision-db');
    expect(lines).toEqual([expect.stringMatching(/^error INPUT_FILE_NOT_FOUND .*run the target derive-model first/)]);
  });
});

/** The output of `upgrade-db` for a database without documents. */
const upgraded = /^pgsql: upgraded \(0 documents; locked for [^)]+\)$/;

describe('a fleet', () => {
  async function newDatabase(variable: string): Promise<PostgresDatabase> {
    const database = await createScratchDatabase();
    onTestFinished(() => database.drop());
    vi.stubEnv(variable, database.url);
    return database;
  }

  const dms = (more: Readonly<Record<string, unknown>>) => ({ schemas: ['campus'], dialects: ['pgsql'], ...more });

  test('each of its databases is provisioned, compared and upgraded for itself', async () => {
    const fleet = ['NX_DMS_NORTH', 'NX_DMS_SOUTH'].map((env) => ({ name: env.slice(7).toLowerCase(), env }));
    const databases = { fleet: { databases: fleet } };
    const north = await newDatabase('NX_DMS_NORTH');
    await newDatabase('NX_DMS_SOUTH');
    const root = await builtWorkspace({ databases, upgradeFrom: '../../released' });
    cpSync(path.join(root, 'dist/sets/dms'), path.join(root, 'released'), { recursive: true });
    const printedBy = async (task: string) => (await run(root, `dms:${task}`)).printed;
    expect(await printedBy('provision-db:north')).toEqual(['north: provisioned']);
    expect(await printedBy('provision-db:north')).toEqual(['north: skipped']);
    expect(await printedBy('check-db:north')).toEqual(['north: passed']);
    // the other database is unchanged
    expect(await printedBy('check-db:south')).toContainEqual(expect.stringMatching(/^error GATE_NOT_PROVISIONED /));
    const session = await openSession(north.url);
    await session.exec('ALTER TABLE campus."School" ADD COLUMN "Extra" integer NOT NULL');
    await session.close();
    expect(await run(root, 'dms:check-db:north')).toEqual({
      success: false,
      printed: [
        'north: drifted (1 difference (1 error))',
        'error: 1 database has column campus.School.Extra, which the schema set does not make',
        '  north',
        expect.stringMatching(/^error VERIFY_CATALOG_DIFFERS /),
      ],
    });
    expect(await run(root, 'dms:status-db', { database: 'south' })).toEqual({
      success: true,
      printed: ['south: without a schema set'],
    });
    expect(await printedBy('upgrade-db:south')).toContainEqual(expect.stringMatching(/^error UPGRADE_WRONG_DATABASE /));
  });

  test('plan-upgrade and upgrade-db read the translation of dms.json, and no cached task reads them through a link', async () => {
    await newDatabase('NX_DMS_CAMPUS');
    const databases = { pgsql: { env: 'NX_DMS_CAMPUS' } };
    const root = await builtWorkspace({ databases, upgradeFrom: '../../released', translation: 'moves.json' });
    cpSync(path.join(root, 'dist/sets/dms'), path.join(root, 'released'), { recursive: true });
    expect((await run(root, 'dms:provision-db')).success).toBe(true);
    const before = 'Campus:Student.$.preferredName';
    const after = 'Campus:Student.$.nickname';
    writeFiles(root, {
      'schemas/campus/ApiSchema.json': campus.replaceAll('preferredName', 'nickname'),
      'sets/dms/moves.json': { moves: [{ before, after: 'Campus:Student.$.nicknames' }] },
    });
    for (const step of firstSteps) await run(root, step);
    expect((await run(root, 'dms:plan-upgrade')).printed).toContainEqual(
      expect.stringMatching(/^error TRANSLATION_UNKNOWN .*Campus:Student\.\$\.nicknames/),
    );
    writeFiles(root, { 'real.json': { moves: [{ before, after }] } });
    rmSync(path.join(root, 'sets/dms/moves.json'));
    symlinkSync('../../real.json', path.join(root, 'sets/dms/moves.json'));
    const cached = async (folder: string) => allCached(await projectsOf(folder));
    expect((await run(root, 'dms:plan-upgrade', {}, cached)).printed).toEqual([
      expect.stringMatching(/^error TASK_INPUT_LINKED sets\/dms\/moves\.json /),
    ]);
    expect((await run(root, 'dms:plan-upgrade')).success).toBe(true);
    // a rule that requires documents to be read and written again
    writeFiles(root, { 'real.json': { moves: [{ before, after, values: { Bob: 'Robert' } }] } });
    for (const target of ['plan-upgrade', 'verify-upgrade']) {
      const { success, printed } = await run(root, `dms:${target}`);
      expect([target, success ? [] : printed]).toEqual([target, []]);
    }
    const planned = JSON.parse(readFileSync(path.join(root, 'dist/sets/dms/upgrade.pgsql.json'), 'utf8'));
    expect(planned.translation).toEqual([
      { is: 'rewritten', before: 'Campus:Student', after: 'Campus:Student', rules: ['moves[0]'] },
    ]);
    const translated = /^pgsql: upgraded \(0 documents; no document was rejected; locked for [^)]+\)$/;
    expect((await run(root, 'dms:upgrade-db')).printed).toEqual([expect.stringMatching(translated)]);
    expect((await run(root, 'dms:check-db')).printed).toEqual(['pgsql: passed']);
  });

  test('check-db, upgrade-db and status-db work on the database of dms.json as well', async () => {
    await newDatabase('NX_DMS_CAMPUS');
    const databases = { pgsql: { env: 'NX_DMS_CAMPUS' } };
    const root = await builtWorkspace({ databases, upgradeFrom: '../../released' });
    cpSync(path.join(root, 'dist/sets/dms'), path.join(root, 'released'), { recursive: true });
    writeFiles(root, { 'schemas/campus/ApiSchema.json': campus.replace(/("projectVersion":\s*")/, '$19') });
    expect((await run(root, 'dms:provision-db')).success).toBe(true);
    expect((await run(root, 'dms:check-db')).printed).toEqual(['pgsql: passed']);
    for (const step of firstSteps) await run(root, step);
    expect((await run(root, 'dms:check-db')).printed).toContainEqual(
      expect.stringMatching(/^error GATE_SCHEMA_MISMATCH /),
    );
    const statusIs = async (outcome: string, version: string) =>
      expect(await run(root, 'dms:status-db')).toEqual({
        success: true,
        printed: [
          expect.stringMatching(
            new RegExp(`^pgsql: ${outcome} \\(Campus ${version} \\(v1\\) since \\d{4}-\\d\\d-\\d\\dT[\\d:]+Z\\)$`),
          ),
        ],
      });
    const { projectVersion } = JSON.parse(campus).projectSchema;
    await statusIs('provisioned', projectVersion);
    expect((await run(root, 'dms:upgrade-db', { dryRun: true })).printed).toEqual([
      expect.stringMatching(/^pgsql: could be upgraded \(0 documents/),
    ]);
    await statusIs('provisioned', projectVersion);
    expect((await run(root, 'dms:upgrade-db')).printed).toEqual([expect.stringMatching(upgraded)]);
    await statusIs('upgraded', `9${projectVersion}`);
    expect((await run(root, 'dms:upgrade-db')).printed).toEqual(['pgsql: already upgraded']);
    expect((await run(root, 'dms:check-db')).printed).toEqual(['pgsql: passed']);
  });

  test('the targets of a set of v2-natural plan, verify and make the move of a database of v2', async () => {
    await newDatabase('NX_DMS_DISTRICT');
    const district = readFileSync(path.join(packageFolder, '../../fixtures/schemas/district/ApiSchema.json'), 'utf8');
    const set = (mappingVersion: string) => ({
      'sets/dms/dms.json': {
        ...{ schemas: ['district'], mappingVersion, upgradeFrom: '../../released', collation: 'Turkish_100_CS_AS' },
        ...{ baseline: '../../released', databases: { pgsql: { env: 'NX_DMS_DISTRICT' } } },
      },
    });
    const root = temporaryWorkspace({ 'schemas/district/ApiSchema.json': district, ...set('v2') });
    const outputOf = async (target: string) => {
      const { success, printed } = await run(root, target, target.endsWith('-db') ? { dialect: 'pgsql' } : {});
      expect([target, success ? [] : printed]).toEqual([target, []]);
      return printed;
    };
    for (const step of ['district:normalize-schema', ...firstSteps.slice(1), 'dms:provision-db']) await outputOf(step);
    cpSync(path.join(root, 'dist/sets/dms'), path.join(root, 'released'), { recursive: true });
    writeFiles(root, set('v2-natural'));
    for (const step of [...firstSteps.slice(1), 'dms:compile-plans', 'dms:plan-upgrade']) await outputOf(step);
    // only SQL Server has such collations
    const naming = ['pgsql', 'mssql'].filter((dialect) =>
      readFileSync(path.join(root, `dist/sets/dms/upgrade.${dialect}.sql`), 'utf8').includes('Turkish_100_CS_AS'),
    );
    expect(naming).toEqual(['mssql']);
    expect(await outputOf('dms:verify-upgrade')).toEqual([
      expect.stringMatching(/^pgsql: verdict checked, \d+ statements, \d+ documents went through it$/),
      expect.stringMatching(/^mssql: verdict checked, \d+ statements, the script was looked at$/),
    ]);
    expect((await run(root, 'dms:check-db', { dialect: 'pgsql' })).printed).toContainEqual(
      expect.stringMatching(/^error GATE_OTHER_GENERATION /),
    );
    const moved = /^pgsql: upgraded \(v2 → v2-natural; 0 documents; locked for [^)]+\)$/;
    expect(await outputOf('dms:upgrade-db')).toEqual([expect.stringMatching(moved)]);
    expect(await outputOf('dms:upgrade-db')).toEqual(['pgsql: already upgraded']);
    expect((await outputOf('dms:check-db'))[0]).toMatch(/^pgsql: passed/);
    expect(await outputOf('dms:status-db')).toEqual([expect.stringContaining('(v2-natural)')]);
    expect((await outputOf('dms:report-impact'))[0]).toBe('PostgreSQL: checks rows first');
    rmSync(path.join(root, 'released'), { recursive: true });
    cpSync(path.join(root, 'dist/sets/dms'), path.join(root, 'released'), { recursive: true });
    writeFiles(root, set('v2'));
    for (const step of [...firstSteps.slice(1), 'dms:compile-plans', 'dms:plan-upgrade']) await outputOf(step);
    const back = /^pgsql: upgraded \(v2-natural → v2; 0 documents; locked for [^)]+\)$/;
    expect(await outputOf('dms:upgrade-db')).toEqual([expect.stringMatching(back)]);
    expect((await outputOf('dms:check-db'))[0]).toMatch(/^pgsql: passed/);
    const misnamed = { ...set('v2')['sets/dms/dms.json'], collation: 'no such; --' };
    writeFiles(root, { 'sets/dms/dms.json': misnamed });
    expect((await run(root, 'dms:plan-upgrade')).printed).toEqual([
      expect.stringMatching(/^error CONFIG_INVALID .* \/collation must be the name of a collation, or null; /),
    ]);
  });

  test.each([
    [
      'provision-db',
      { pgsql: { env: 'NX_DMS_CAMPUS' }, fleet: [{ name: 'north', env: 'NX_DMS_NORTH' }] },
      '"provision-db:single", "provision-db:north".',
    ],
    ['check-db', { fleet: [{ name: 'north', env: 'NX_DMS_NORTH' }] }, '"check-db:north".'],
    ['upgrade-db', { fleet: { env: 'DB_{district}' } }, '"upgrade-db --database=<name>".'],
    [
      'status-db',
      { pgsql: { env: 'A' }, fleet: [{ name: 'b', env: 'B' }] },
      '"status-db:single", "status-db --database=b".',
    ],
  ])('%s without a name lists the databases, because Nx drops a mistyped one', async (target, databases, ways) => {
    const root = workspace(dms({ databases, upgradeFrom: '../../released' }));
    for (const options of [{}, { dialect: 'pgsql' }]) {
      const { success, printed: lines } = await run(root, `dms:${target}`, options);
      expect(success).toBe(false);
      expect(lines).toEqual([expect.stringMatching(/^error TASK_DATABASE_MISSING sets\/dms\/dms\.json:\d/)]);
      expect(lines[0]).toContain(`The set has a fleet, so ${target} needs the name of a database: ${ways}`);
    }
  });

  test('an empty fleet has no database to name', async () => {
    const root = workspace(dms({ databases: { fleet: [] } }));
    const { success, printed: lines } = await run(root, 'dms:check-db', {});
    expect(success).toBe(false);
    expect(lines).toEqual([
      expect.stringContaining(
        'The fleet of the set has no database, so there is none for check-db. Add one to the fleet, or name a connection.',
      ),
    ]);
  });

  test('the single database beside a fleet is named single', async () => {
    await newDatabase('NX_DMS_CAMPUS');
    const databases = { pgsql: { env: 'NX_DMS_CAMPUS' }, fleet: [{ name: 'north', env: 'NX_DMS_NOWHERE' }] };
    const root = await builtWorkspace({ databases });
    const single = { database: 'single' };
    expect((await run(root, 'dms:provision-db', single)).success).toBe(true);
    expect((await run(root, 'dms:check-db', single)).printed).toEqual(['pgsql: passed']);
    expect((await run(root, 'dms:status-db', single)).printed).toEqual([expect.stringMatching(/^pgsql: provisioned /)]);
    // an option may also name the database
    expect((await run(root, 'dms:check-db', { connectionEnv: 'NX_DMS_CAMPUS' })).success).toBe(true);
  });

  test('a program that asks for a configuration that the target lacks is refused', async () => {
    const root = workspace(dms({ databases: { fleet: [{ name: 'north-2026', env: 'NX_DMS_NORTH' }] } }));
    for (const [task, asked, hint] of [
      ['dms:provision-db', 'nort-2026', '; did you mean "north-2026"?'],
      ['dms:emit-ddl', 'pgsq', '; did you mean "pgsql"?'],
      ['campus:normalize-schema', 'pgsql', '.'],
    ] as const) {
      const { success, printed: lines } = await run(root, task, {}, projectsOf, asked);
      const text = `error TASK_CONFIGURATION_UNKNOWN ${task} has no configuration "${asked}"${hint} Nothing was run.`;
      expect([success, lines]).toEqual([false, [text]]);
    }
  });

  test.each([
    [
      'no fleet',
      {},
      /^error CONFIG_INVALID .*: \/databases\/fleet is missing; expected a list with the database "north"\.$/,
    ],
    [
      'a fleet without the database',
      { fleet: [{ name: 'south', env: 'X' }] },
      /^error FLEET_SELECTION_EMPTY .*"north"/,
    ],
    [
      'a fleet of another dialect',
      { fleet: { dialect: 'mssql', databases: [{ name: 'north', env: 'X' }] } },
      /^error CONFIG_INVALID .*: \/dialects does not list mssql/,
    ],
    [
      'a mistake in the fleet',
      { fleet: [{ name: 'north' }] },
      /^error CONFIG_INVALID .*: \/databases\/fleet\/0 must be /,
    ],
    [
      'a password in the fleet',
      { fleet: [{ name: 'north', target: 'postgres://u:hidden@h/d' }] },
      /^error DB_SECRET_IN_PROJECT_FILE .*databases\.fleet\.0\.target holds a password(?!.*hidden)/,
    ],
  ])('%s in dms.json', async (_what, databases, message) => {
    const root = workspace(dms({ databases }));
    const { success, printed: lines } = await run(root, 'dms:check-db', { database: 'north' });
    expect([success, lines]).toEqual([false, [expect.stringMatching(message)]]);
  });
});

test('report-impact says what the schemas do to a database of the baseline', async () => {
  const root = await builtWorkspace({ baseline: '../../released' });
  const output = path.join(root, 'dist/sets/dms');
  const missing = await run(root, 'dms:report-impact');
  expect(missing.success).toBe(false);
  expect(missing.printed[0]).toMatch(
    /^error INPUT_FILE_NOT_FOUND released\/effective-schema\.manifest\.json .*folder that \/baseline of dms\.json names/,
  );

  cpSync(output, path.join(root, 'released'), { recursive: true });
  expect(await run(root, 'dms:report-impact')).toEqual({
    success: true,
    printed: [
      'PostgreSQL: nothing changes',
      expect.stringMatching(/^The effective schema hash stays [0-9a-f]{12}…\.$/),
      expect.stringMatching(/^dist\/sets\/dms\/impact\.pgsql\.json {2}\d+ bytes {2}[0-9a-f]{12}$/),
    ],
  });

  const schema = JSON.parse(campus);
  const { resourceSchemas } = schema.projectSchema;
  const [endpoint = ''] = Object.keys(resourceSchemas).filter((name) => !resourceSchemas[name].isDescriptor);
  resourceSchemas[endpoint].jsonSchemaForInsert.properties.addedByTest = { type: 'string', maxLength: 9 };
  writeFiles(root, { 'schemas/campus/ApiSchema.json': schema });
  for (const step of firstSteps) await run(root, step);
  const { printed: lines } = await run(root, 'dms:report-impact');
  expect(lines[0]).toBe('PostgreSQL: free');
  expect(lines).toContainEqual(expect.stringMatching(/^ {4}\+ column added .*\.AddedByTest: varchar\(9\), nullable$/));
  expect(JSON.parse(readFileSync(path.join(output, 'impact.pgsql.json'), 'utf8'))).toMatchObject({ verdict: 'free' });
});

test('report-impact that was added by hand asks for a baseline', async () => {
  const root = workspace({ schemas: ['campus'], dialects: ['pgsql'] });
  const { success, printed: lines } = await run(root, 'dms:report-impact', { outputDirectory: 'dist/sets/dms' });
  expect(success).toBe(false);
  expect(lines).toEqual([
    'error CONFIG_INVALID sets/dms/dms.json:1:1: /baseline is missing; expected a folder relative to dms.json.',
  ]);
});
