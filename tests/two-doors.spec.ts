import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { logger } from 'nx/src/devkit-exports';
import { FsTree, flushChanges } from 'nx/src/generators/tree';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { ran } from '../libs/product/cli/test/ran.ts';
import { factsOf, flagOf, newSetOptions } from '../libs/product/operations/src/index.ts';
import { ownSchemaFile } from '../libs/testing/src/index.ts';
import { generators } from '../plugins/nx-dms/src/generators/generators.ts';
import { mappingSetGenerator } from '../plugins/nx-dms/src/generators/mapping-set.ts';

/*
 * `dms-ddl init` and `nx g nx-dms:mapping-set` are one operation: with the same options both doors write the same bytes
 * into a workspace of Nx, and refuse the same with the same codes.
 */

const home = process.cwd();
const scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'dms-two-doors-')));
const template = path.join(scratch, 'template');
let workspace = '';
let runs = 0;

const write = (file: string, content: unknown) => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
};

beforeAll(() => {
  write(path.join(template, 'nx.json'), { plugins: ['nx-dms'] });
  write(path.join(template, '.git/HEAD'), '');
  write(path.join(template, 'node_modules/nx-dms/dms.schema.json'), {});
  for (const [folder, schema] of [
    ['core', 'campus'],
    ['ext', 'athletics'],
    ['ignored', 'transport'],
  ] as const) {
    mkdirSync(path.join(template, 'schemas', folder), { recursive: true });
    cpSync(ownSchemaFile(schema), path.join(template, 'schemas', folder, 'ApiSchema.json'));
  }
  write(path.join(template, '.gitignore'), 'node_modules\nschemas/ignored\n');
  write(path.join(template, 'schemas/ext/project.json'), { name: 'sports' });
  write(path.join(template, 'sets/there/dms.json'), { schemas: ['core'] });
  write(path.join(template, 'apps/web/project.json'), { name: 'web' });
  write(path.join(template, 'apps/nameless/project.json'), {});
  write(path.join(template, 'apps/manual/project.json'), {});
  write(path.join(template, 'apps/manual/package.json'), { name: 'guide' });
  // Nx counts a package of the package manager's workspaces, and the root only with a member "nx"
  write(path.join(template, 'package.json'), { name: 'campus-district', workspaces: ['packages/*'] });
  write(path.join(template, 'packages/tools/package.json'), { name: 'tooling', nx: { name: 'tools' } });
  write(path.join(template, 'examples/first/package.json'), { name: 'first' });
  write(path.join(template, 'schemas/ignored/project.json'), { name: 'hidden' });
  write(path.join(template, 'apps/web/package.json'), { name: 'website' });
});

beforeEach(() => {
  vi.spyOn(logger, 'info').mockImplementation(() => undefined);
  vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
});
afterEach(() => {
  process.chdir(home);
  vi.restoreAllMocks();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

type BothOptions = Parameters<typeof mappingSetGenerator>[1];

/** A new copy of the workspace, which becomes the current folder. */
function enter(): void {
  workspace = path.join(scratch, `workspace-${runs++}`);
  cpSync(template, workspace, { recursive: true });
  process.chdir(workspace);
}

const written = () =>
  Object.fromEntries(
    readdirSync('.', { recursive: true, encoding: 'utf8' })
      .filter((file) => /(?:dms\.json|\.gitignore)$/.test(file))
      .map((file) => [file, readFileSync(file, 'utf8')]),
  );

interface DoorOutcome {
  readonly files: Readonly<Record<string, string>>;
  readonly errors: readonly string[];
}

const errorsIn = (text: string) => text.split('\n').filter((line) => line.startsWith('error '));

async function byCommand(options: BothOptions): Promise<DoorOutcome> {
  enter();
  const args = Object.entries(options).flatMap(([name, value]) => [flagOf(name), ...[value].flat().map(String)]);
  const { err } = await ran(['init', ...args]);
  return { files: written(), errors: errorsIn(err) };
}

async function byGenerator(options: BothOptions): Promise<DoorOutcome> {
  enter();
  const tree = new FsTree(workspace, false);
  const error = await mappingSetGenerator(tree, { ...options, skipFormat: true }, undefined).catch((reason) => reason);
  flushChanges(workspace, tree.listChanges());
  return { files: written(), errors: errorsIn(error instanceof Error ? error.message : '') };
}

test.each<[BothOptions, Record<string, unknown>]>([
  [{ name: 'schools' }, { schemas: ['../../schemas/core', '../../schemas/ext'], dialects: ['pgsql', 'mssql'] }],
  [{ name: 'schools', schema: ['sports', 'core'] }, { schemas: ['../../schemas/core', '../../schemas/ext'] }],
  [{ name: 'schools', schema: ['schemas/core/ApiSchema.json'] }, { schemas: ['../../schemas/core'] }],
  [{ name: 'schools', schema: ['schemas/core'], dialect: ['mssql'] }, { dialects: ['mssql'] }],
  [{ name: 'schools', schema: ['core'], mappingVersion: 'v1' }, { mappingVersion: 'v1' }],
  // none of these names is that of a project
  ...['campus-district', 'first', 'hidden', 'website', 'tooling'].map((name): [BothOptions, { name: string }] => [
    { name, schema: ['core'], output: 'sets/new' },
    { name },
  ]),
  [{ name: 'schools', schema: ['core'], output: 'sets/new' }, { schemas: ['../../schemas/core'] }],
  [{ name: 'schools', schema: ['core'], output: 'sets/new/dms.json' }, { name: 'schools' }],
])('both doors write the same files for %j', async (options, members) => {
  const [command, generator] = [await byCommand(options), await byGenerator(options)];
  expect(generator).toEqual(command);
  expect(command.errors).toEqual([]);
  const file = options.output === undefined ? 'mapping-sets/schools/dms.json' : 'sets/new/dms.json';
  expect(JSON.parse(command.files[file] ?? '')).toMatchObject({
    $schema: '../../node_modules/nx-dms/dms.schema.json',
    name: 'schools',
    ...members,
  });
  expect(command.files['.gitignore']).toBe('node_modules\nschemas/ignored\ndist/\n');
});

test.each<[BothOptions, string]>([
  [{ name: 'x', schema: ['athletix'] }, 'CONFIG_SCHEMA_UNKNOWN --schema has "athletix"'],
  [{ name: 'x', schema: ['no/*.json'] }, 'INPUT_FILE_NOT_FOUND No file matches'],
  [{ name: 'x', schema: ['sports'] }, 'INPUT_CORE_MISSING'],
  [{ name: 'x', schema: ['core'], output: 'sets/there' }, 'CONFIG_EXISTS sets/there/dms.json is there already'],
  [{ name: 'x', schema: ['core'], output: 'schemas/core' }, 'PROJECT_KIND_AMBIGUOUS'],
  [{ name: 'web', schema: ['core'] }, 'PROJECT_NAME_SHARED'],
  [{ name: 'sports', schema: ['core'] }, 'PROJECT_NAME_SHARED'],
  [{ name: 'there', schema: ['core'] }, 'PROJECT_NAME_SHARED'],
  [{ name: 'core', schema: ['core'] }, 'A project core exists already, in schemas/core'],
  [{ name: 'nameless', schema: ['core'] }, 'A project nameless exists already, in apps/nameless'],
  [{ name: 'guide', schema: ['core'] }, 'A project guide exists already, in apps/manual'],
  [{ name: 'tools', schema: ['core'] }, 'A project tools exists already, in packages/tools'],
])('both doors refuse %j', async (options, text) => {
  const [command, generator] = [await byCommand(options), await byGenerator(options)];
  expect(generator).toEqual(command);
  expect(command.errors).toEqual([expect.stringContaining(text)]);
  enter();
  expect(command.files).toEqual(written());
});

test('the generator reads patterns from the workspace, also in a folder below its root', async () => {
  enter();
  process.chdir('apps');
  const tree = new FsTree(workspace, false);
  const options = { name: 'schools', schema: ['schemas/[ce]*'], skipFormat: true };
  await mappingSetGenerator(tree, options, undefined);
  const text = tree.read('mapping-sets/schools/dms.json', 'utf8') ?? '';
  expect(JSON.parse(text)).toMatchObject({ schemas: ['../../schemas/core', '../../schemas/ext'] });
});

test('init names the schema projects below the current folder', async () => {
  enter();
  cpSync('schemas/core', 'later/core', { recursive: true });
  process.chdir('later');
  expect(await ran(['init'])).toMatchObject({ code: 0 });
  expect(JSON.parse(readFileSync('dms.json', 'utf8'))).toMatchObject({ schemas: ['core'] });
  process.chdir('../apps');
  const { err } = await ran(['init']);
  expect(errorsIn(err)).toEqual([
    'error INPUT_FILE_NOT_FOUND There is no schema project in the folder apps of this workspace; name schemas with --schema, or add a project with: npx nx g nx-dms:schema <file>',
  ]);
});

test('the generator keeps what another generator of the same run wrote', async () => {
  enter();
  const tree = new FsTree(workspace, false);
  const options = { name: 'schools', schema: ['core'], skipFormat: true };
  tree.write('.gitignore', 'secrets\n');
  await mappingSetGenerator(tree, options, undefined);
  expect(tree.read('.gitignore', 'utf8')).toBe('secrets\ndist/\n');
  await expect(mappingSetGenerator(tree, options, undefined)).rejects.toThrow(
    'CONFIG_EXISTS mapping-sets/schools/dms.json is there already',
  );
});

test('both doors have the options of one list, except those that it marks', async () => {
  const all = Object.entries(newSetOptions);
  const { options } = generators['mapping-set'] ?? {};
  expect(Object.keys(options ?? {})).toEqual(all.map(([name]) => name));
  const { out } = await ran(['init', '--help']);
  for (const [name, option] of all)
    expect(out.includes(`${flagOf(name)} `), name).toBe(factsOf(option).door === undefined);
});
