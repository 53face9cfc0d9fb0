import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { namedDatabases } from '../libs/product/cli/test/named-databases.ts';
import { ran } from '../libs/product/cli/test/ran.ts';
import { operations } from '../libs/product/operations/src/commands/index.ts';
import { ownSchema } from '../libs/testing/src/index.ts';
import * as executors from '../plugins/nx-dms/src/executors/index.ts';
import { emptySchema } from '../plugins/nx-dms/test/temporary-workspace.ts';

/*
 * Commands and targets that could succeed although they compared, checked, proved, loaded or wrote nothing: a pipeline
 * that names the wrong folder would stay green. Each of them ends with a code and exit 1, unless an option says that
 * nothing is intended. Every command and every executor has a case, or a reason why it needs none.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'dms-empty-gates-')));
const home = process.cwd();

/** Two databases with the set and without documents, and one without anything. */
const databases = namedDatabases('stocked', 'other', 'bare');
const at = (name: string) => ['--artifacts', 'set', ...databases.connection(name)];
const database = at('stocked');
const other = ['--from-database-env', databases.variable('other')];
const fleet = ['--artifacts', 'set', '--fleet', 'fleet.json'];
const same = ['--before', 'set', '--after', 'set'];
const hollow = ['--before', 'hollow', '--after', 'hollow-2'];

interface EmptyRun {
  readonly args: readonly string[];
  readonly code: string;
  /** The option with which the run succeeds. */
  readonly intended?: string;
}

const run = (args: readonly string[], code: string, intended?: string): EmptyRun =>
  intended === undefined ? { args, code } : { args, code, intended };

/** By command: runs with nothing to work on. */
const commands: Readonly<Record<string, readonly EmptyRun[] | string>> = {
  emit: [
    run(['emit', '--check', '--schema', 'campus', '--output', 'nowhere'], 'ARTIFACTS_OUT_OF_DATE'),
    run(['emit', '--check', '--schema', 'no/*.json', '--output', 'set'], 'INPUT_FILE_NOT_FOUND'),
    run(['emit', '--schema', 'nothing'], 'INPUT_FILE_NOT_FOUND'),
  ],
  init: [run(['init', '--schema', 'nothing'], 'INPUT_FILE_NOT_FOUND')],
  schemas: [run(['schemas', 'nothing'], 'INPUT_FILE_NOT_FOUND')],
  hash: [run(['hash', '--schema', 'no/*.json'], 'INPUT_FILE_NOT_FOUND')],
  convert: [run(['convert', 'no.json', '--output', 'converted.json'], 'INPUT_FILE_NOT_FOUND')],
  verify: [run(['verify', '--artifacts', 'hollow'], 'VERIFY_EMPTY')],
  provision: [
    run(['provision', ...database, '--seed-descriptors', 'empty.json'], 'DOCUMENT_INPUT_EMPTY'),
    run(['provision', ...database, '--seed-descriptors', 'nothing'], 'SEED_NO_FILES'),
    run(['provision', ...fleet], 'FLEET_EMPTY'),
  ],
  check: [
    run(['check', '--artifacts', 'set', '--connection', 'pglite:no-database'], 'DB_NO_DATABASE'),
    run(['check', ...at('bare')], 'GATE_NOT_PROVISIONED'),
    run(['check', ...fleet], 'FLEET_EMPTY'),
    run(['check', '--artifacts', 'set', '--fleet', 'one.json', '--only', 'south'], 'FLEET_SELECTION_EMPTY'),
    run(['check', '--artifacts', 'set', '--fleet', 'one.json', '--only', 'year=2027'], 'FLEET_SELECTION_EMPTY'),
  ],
  inspect: [run(['inspect', '--connection', 'pglite:no-database'], 'DB_NO_DATABASE')],
  impact: [
    run(['impact', ...same], 'UPGRADE_SAME_FOLDER'),
    run(['impact', ...hollow], 'INPUT_SET_EMPTY'),
    run(['impact', '--before', 'nothing', '--after', 'set'], 'INPUT_FILE_NOT_FOUND'),
    run(['impact', '--before', 'set', '--after', 'nothing'], 'INPUT_FILE_NOT_FOUND'),
  ],
  'upgrade plan': [
    run(['upgrade', 'plan', ...same], 'UPGRADE_SAME_FOLDER'),
    run(['upgrade', 'plan', '--before', 'nothing', '--after', 'set'], 'INPUT_FILE_NOT_FOUND'),
    run(['upgrade', 'plan', '--before', 'hollow', '--after', 'set', '--fleet', 'fleet.json'], 'FLEET_EMPTY'),
  ],
  'upgrade prepare': [
    run(['upgrade', 'prepare', '--before', 'hollow', '--after', 'set', '--fleet', 'fleet.json'], 'FLEET_EMPTY'),
  ],
  'upgrade apply': [
    run(['upgrade', 'apply', '--before', 'hollow', '--after', 'set', '--fleet', 'fleet.json'], 'FLEET_EMPTY'),
  ],
  'upgrade status': [run(['upgrade', 'status', '--fleet', 'fleet.json'], 'FLEET_EMPTY')],
  'comments emit': [run(['comments', 'emit', '--artifacts', 'nothing'], 'INPUT_FILE_NOT_FOUND')],
  'comments apply': [run(['comments', 'apply', ...fleet], 'FLEET_EMPTY')],
  adopt: [run(['adopt', '--artifacts', 'nothing', ...databases.connection('stocked')], 'INPUT_FILE_NOT_FOUND')],
  'reporting emit': [run(['reporting', 'emit', '--artifacts', 'nothing'], 'INPUT_FILE_NOT_FOUND')],
  'reporting apply': [run(['reporting', 'apply', ...fleet], 'FLEET_EMPTY')],
  'reporting drop': [run(['reporting', 'drop', ...fleet], 'FLEET_EMPTY')],
  'seed-descriptors': [
    run(['seed-descriptors', 'empty.json', ...database], 'DOCUMENT_INPUT_EMPTY', '--allow-empty'),
    run(['seed-descriptors', 'nothing', ...database], 'SEED_NO_FILES'),
    run(['seed-descriptors', 'no/*.xml', ...database], 'INPUT_FILE_NOT_FOUND'),
    run(['seed-descriptors', 'empty.json', ...fleet], 'FLEET_EMPTY'),
  ],
  load: [
    run(['load', 'empty.json', ...database], 'DOCUMENT_INPUT_EMPTY', '--allow-empty'),
    run(['load', 'empty.jsonl', ...database], 'DOCUMENT_INPUT_EMPTY', '--allow-empty'),
    run(['load', 'nothing', ...database], 'INPUT_NO_FILES'),
    run(['load', 'no/*.jsonl', ...database], 'INPUT_FILE_NOT_FOUND'),
    run(['load', ...other, ...database], 'DOCUMENT_INPUT_EMPTY', '--allow-empty'),
    run(['load', ...fleet], 'FLEET_EMPTY'),
  ],
  translate: [
    run(['translate', 'empty.json', '--before', 'set', '--output', 'out-1'], 'DOCUMENT_INPUT_EMPTY', '--allow-empty'),
    run(['translate', 'nothing', '--before', 'set', '--output', 'out-2'], 'INPUT_NO_FILES'),
    run(['translate', '--check', ...same], 'UPGRADE_SAME_FOLDER'),
    run(['translate', '--check', ...hollow], 'INPUT_SET_EMPTY'),
  ],
  dump: [
    run(
      ['dump', '--artifacts', 'nothing', ...databases.connection('stocked'), '--output', 'out-3'],
      'INPUT_FILE_NOT_FOUND',
    ),
    run(['dump', ...at('bare'), '--output', 'out-4'], 'GATE_NOT_PROVISIONED'),
  ],
  'read-ods': [
    run(
      ['read-ods', '--artifacts', 'set', ...databases.connection('stocked'), '--output', 'out-6'],
      'DOCUMENT_INPUT_EMPTY',
      '--allow-empty',
    ),
  ],
  sample: [run(['sample', '--artifacts', 'hollow', '--documents', '3', '--output', 'out-7'], 'INPUT_SET_EMPTY')],
  'pack build': [run(['pack', 'build', '--artifacts', 'nothing', '--output', 'packs'], 'INPUT_FILE_NOT_FOUND')],
  'pack manifest': [run(['pack', 'manifest', 'no/*.mpack'], 'INPUT_FILE_NOT_FOUND')],
  'pack verify': [run(['pack', 'verify', 'no/*.mpack'], 'INPUT_FILE_NOT_FOUND')],
  explore: [run(['explore', '--artifacts', 'nothing', '--output', 'page.html'], 'INPUT_FILE_NOT_FOUND')],
  diagram: [run(['diagram', 'Campus:School', '--artifacts', 'hollow'], 'EXPLORE_RESOURCE_UNKNOWN')],
  dictionary: [run(['dictionary', '--artifacts', 'nothing'], 'INPUT_FILE_NOT_FOUND')],
  doctor: [
    run(['doctor', '--purpose', 'upgrade'], 'DB_NO_TARGET'),
    run(['doctor', '--role', 'reader'], 'DB_NO_TARGET'),
  ],
  get: 'a question; the answer may be that no document matches',
  changes: 'a question, whose answer may be that nothing changed',
};

/** A target on a mapping set in the folder `sets/<target>`, whose artifacts are in the folder `output`. */
interface EmptyTarget {
  readonly set: object;
  readonly output: string;
  readonly code: string;
}

const target = (set: object, code: string, output = 'set'): EmptyTarget => ({ set, output, code });
const missing = '../../nothing';

/** By target: runs with nothing to work on. */
const targets: Readonly<Record<string, readonly EmptyTarget[] | string>> = {
  'normalize-schema': 'its project is a file',
  'derive-model': [target({ schemas: ['nowhere'] }, 'CONFIG_SCHEMA_UNKNOWN')],
  'derive-inventory': [target({}, 'INPUT_FILE_NOT_FOUND', 'nothing')],
  'compile-plans': [target({}, 'INPUT_FILE_NOT_FOUND', 'nothing')],
  'build-pack': [target({}, 'INPUT_FILE_NOT_FOUND', 'nothing')],
  'emit-ddl': [target({}, 'INPUT_FILE_NOT_FOUND', 'nothing')],
  'derive-ods-mapping': [target({ schemas: ['nowhere'] }, 'CONFIG_SCHEMA_UNKNOWN')],
  'emit-reporting': [target({}, 'INPUT_FILE_NOT_FOUND', 'nothing')],
  'derive-earlier-mapping': [target({ earlier: { artifacts: missing } }, 'INPUT_FILE_NOT_FOUND')],
  'emit-earlier-reporting': [target({ earlier: { artifacts: missing } }, 'INPUT_FILE_NOT_FOUND')],
  'emit-comments': [target({}, 'INPUT_FILE_NOT_FOUND', 'nothing')],
  'explore-model': [target({ baseline: missing }, 'INPUT_FILE_NOT_FOUND')],
  'verify-db': [target({}, 'VERIFY_EMPTY', 'hollow')],
  'report-impact': [
    target({ baseline: missing }, 'INPUT_FILE_NOT_FOUND'),
    target({ baseline: '../../set' }, 'UPGRADE_SAME_FOLDER'),
    target({ baseline: '../../hollow-2' }, 'INPUT_SET_EMPTY', 'hollow'),
  ],
  'plan-upgrade': [
    target({ upgradeFrom: missing }, 'INPUT_FILE_NOT_FOUND'),
    target({ upgradeFrom: '../../set' }, 'UPGRADE_SAME_FOLDER'),
  ],
  'verify-upgrade': [
    target({ upgradeFrom: missing }, 'INPUT_FILE_NOT_FOUND'),
    target({ upgradeFrom: '../../set' }, 'UPGRADE_SAME_FOLDER'),
    target({ upgradeFrom: '../../hollow-2' }, 'VERIFY_EMPTY', 'hollow'),
  ],
  'upgrade-db': [target({ upgradeFrom: '../../set' }, 'DB_NO_TARGET')],
  'provision-db': [target({}, 'DB_NO_TARGET')],
  'check-db': [
    target({}, 'DB_NO_TARGET'),
    target({ databases: { fleet: { databases: [] } } }, 'TASK_DATABASE_MISSING'),
    target({ databases: { pgsql: { env: databases.variable('bare') } } }, 'GATE_NOT_PROVISIONED'),
  ],
  'status-db': [target({}, 'DB_NO_TARGET')],
  'check-golden': [target({ golden: '../../nowhere' }, 'GOLDEN_MISSING'), target({ golden: missing }, 'GOLDEN_EMPTY')],
  'translate-documents': [
    target({ translate: { documents: '../../empty' } }, 'DOCUMENT_INPUT_EMPTY'),
    target({ translate: { documents: missing } }, 'INPUT_NO_FILES'),
  ],
};

const write = (file: string, content: unknown) => {
  mkdirSync(path.dirname(path.join(scratch, file)), { recursive: true });
  writeFileSync(path.join(scratch, file), typeof content === 'string' ? content : JSON.stringify(content));
};

beforeAll(async () => {
  process.chdir(scratch);
  mkdirSync('nothing');
  // descriptors alone are compiled and provisioned fast
  const { projectSchema, ...schema } = ownSchema('campus');
  const resources = Object.entries<{ readonly isDescriptor?: boolean }>(projectSchema.resourceSchemas);
  const descriptors = Object.fromEntries(resources.filter(([, { isDescriptor }]) => isDescriptor));
  write('campus/ApiSchema.json', {
    ...schema,
    projectSchema: { ...projectSchema, resourceSchemas: descriptors, abstractResources: {} },
  });
  write('hollow-schema/ApiSchema.json', emptySchema('Hollow'));
  write('empty.json', []);
  write('empty.jsonl', '');
  write('empty/campus/termDescriptors.jsonl', '');
  write('fleet.json', { databases: [] });
  write('one.json', { databases: [{ name: 'north', env: databases.variable('stocked'), labels: { year: '2026' } }] });
  const emit = ['emit', '--dialect', 'pgsql', '--schema'];
  await done(...emit, 'campus', '--output', 'set');
  for (const output of ['hollow', 'hollow-2']) await done(...emit, 'hollow-schema', '--output', output);
  cpSync('set', 'set-2', { recursive: true });
  await done('provision', ...database);
  await done('provision', ...at('other'));
  await done('reporting', 'apply', ...database);
});

afterAll(() => {
  process.chdir(home);
  rmSync(scratch, { recursive: true, force: true });
});

async function done(...args: readonly string[]): Promise<void> {
  const { code, err } = await ran(args);
  if (code !== 0) throw new Error(err);
}

const casesOf = <Case>(of: Readonly<Record<string, readonly Case[] | string>>) =>
  Object.entries(of).flatMap(([name, each]) =>
    typeof each === 'string' ? [] : each.map((one) => [name, one] as const),
  );

test.each(casesOf(commands).map(([, each]) => [each.args.join(' '), each] as const))(
  '%s',
  async (_, { args, code, intended }) => {
    const { code: exit, err } = await ran(args);
    expect([exit, err]).toEqual([1, expect.stringMatching(new RegExp(`^error ${code} `, 'm'))]);
    // a refused run leaves nothing behind, so the same folder can be named again
    const output = args[args.indexOf('--output') + 1];
    if (args.includes('--output') && output !== 'set') expect(existsSync(output ?? '')).toBe(false);
    // the way out is one of the command line, not of a task
    expect(err).not.toMatch(/--connectionEnv|--allowEmpty/);
    if (intended !== undefined) expect(err).toContain(intended);
    if (intended !== undefined) expect(await ran([...args, intended])).toMatchObject({ code: 0 });
  },
);

// no gates: a pipeline repeats them, over districts that have no documents yet and databases that are current
test.each([
  // the objects and the fingerprint are compared all the same
  [['check', '--data', ...at('other')], 'Rows: ok (no documents)'],
  [['dump', ...database, '--output', 'dumped'], '0 documents of '],
  [['dump', ...database, '--output', 'dumped-one', '--resource', 'Campus:TermDescriptor'], '0 documents of '],
  [['dump', ...database, '--output', 'dumped-as', '--after', 'set'], '0 documents and 0 descriptors of '],
  [['upgrade', 'apply', ...same, ...databases.connection('stocked')], 'has the later schema set; nothing was changed'],
  [['upgrade', 'prepare', ...same, ...databases.connection('stocked')], 'has the later schema set; nothing was made'],
])('%s succeeds', async (args, text) => {
  expect(await ran(args)).toMatchObject({ code: 0, err: '', out: expect.stringContaining(text) });
});

test('every command has a case', async () => {
  const loaded = await Promise.all(Object.values(operations).map(({ load }) => load()));
  const names = loaded.flat().map(({ name }) => name);
  expect(Object.keys(commands).sort()).toEqual(names.sort());
});

const camel = (name: string) => name.replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());

async function ranTarget(name: string, set: object, output: string) {
  const printed: string[] = [];
  for (const method of ['log', 'error'] as const)
    vi.spyOn(console, method).mockImplementation((line) => void printed.push(line));
  write('sets/dms/dms.json', { schemas: ['campus'], dialects: ['pgsql'], ...set });
  const projects = { dms: { root: 'sets/dms' } };
  const context = { root: scratch, projectName: 'dms', targetName: name, projectsConfigurations: { projects } };
  const executor = new Map<string, unknown>(Object.entries(executors)).get(camel(name)) as typeof executors.emitDdl;
  const { success } = await executor({ outputDirectory: output }, context as unknown as ExecutorContext);
  vi.restoreAllMocks();
  return { success, text: printed.join('\n') };
}

test.each(casesOf(targets).map(([name, each]) => [name, JSON.stringify(each.set), each] as const))(
  '%s of %s',
  async (name, _, { set, output, code }) => {
    const text = expect.stringMatching(new RegExp(`^error ${code} `, 'm'));
    expect(await ranTarget(name, set, output)).toEqual({ success: false, text });
  },
);

test('verify-upgrade succeeds with descriptors alone', async () => {
  expect(await ranTarget('verify-upgrade', { upgradeFrom: '../../set-2' }, 'set')).toMatchObject({ success: true });
});

test('every target has a case', () => {
  const { executors: declared } = JSON.parse(readFileSync(path.join(root, 'plugins/nx-dms/executors.json'), 'utf8'));
  expect(Object.keys(targets).sort()).toEqual(Object.keys(declared).sort());
});
