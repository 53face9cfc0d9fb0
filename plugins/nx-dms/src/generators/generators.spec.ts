import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DmsError } from '@dms/diagnostics';
import { generationPurposes, type Question } from '@dms/operations';
import { ownSchemaFile } from '@dms/testing';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { zipSync } from 'fflate';
import { createTarGzip } from 'nanotar';
import { logger, type NxJsonConfiguration, readJson, type Tree } from 'nx/src/devkit-exports';
import { FsTree } from 'nx/src/generators/tree';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { emptySchema, temporaryWorkspace } from '../../test/temporary-workspace.ts';
import type { NewMappingSetOptions } from './generators.ts';
import { initGenerator, mappingSetGenerator, removeGenerator, schemaGenerator } from './index.ts';

vi.stubGlobal('__VERSION__', '1.2.3');

const { execSync, formatFiles } = vi.hoisted(() => ({ execSync: vi.fn(), formatFiles: vi.fn() }));
vi.mock('node:child_process', async (original) => ({
  ...(await original<typeof import('node:child_process')>()),
  execSync,
}));
vi.mock('@nx/devkit', () => ({ formatFiles }));

const campus = readFileSync(ownSchemaFile('campus'));
const athletics = readFileSync(ownSchemaFile('athletics'));

let tree: Tree;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
  execSync.mockClear();
  formatFiles.mockClear();
});

const written = () =>
  tree
    .listChanges()
    .filter(({ path: file }) => /^(schemas|mapping-sets|other)\//.test(file))
    .map(({ path: file }) => file)
    .sort();

async function refusal(work: Promise<unknown>): Promise<DmsError> {
  const error = await work.catch((reason: unknown) => reason);
  if (!(error instanceof DmsError)) throw new Error(`It should be refused, but: ${error}`);
  return error;
}

describe('init', () => {
  const plugins = () => readJson<NxJsonConfiguration>(tree, 'nx.json').plugins;

  test('registers the plugin and adds the package, once (T25)', async () => {
    const install = await initGenerator(tree, { skipFormat: true });
    const [nxJson, packageJson] = ['nx.json', 'package.json'].map((file) => tree.read(file, 'utf8'));
    expect(plugins()).toEqual(['nx-dms']);
    expect(readJson(tree, 'package.json').devDependencies).toEqual({ 'nx-dms': '1.2.3' });
    await install();
    expect(execSync.mock.calls).toEqual([['npm install', expect.objectContaining({ cwd: tree.root })]]);
    await (await initGenerator(tree, { skipFormat: true }))();
    expect(['nx.json', 'package.json'].map((file) => tree.read(file, 'utf8'))).toEqual([nxJson, packageJson]);
    expect(execSync).toHaveBeenCalledTimes(1);
  });

  test('changes the version of a listed package only when it is asked to, and leaves it where it is listed', async () => {
    for (const member of ['dependencies', 'devDependencies']) {
      tree.write(
        'package.json',
        JSON.stringify({ name: 'x', [member]: { zod: '4.0.0', 'nx-dms': '1.0.0', ajv: '8.0.0' } }),
      );
      await initGenerator(tree, { skipFormat: true, keepExistingVersions: true });
      expect(readJson(tree, 'package.json')[member]['nx-dms']).toBe('1.0.0');
      await initGenerator(tree, { skipFormat: true, keepExistingVersions: false });
      expect(tree.read('package.json', 'utf8')).toBe(
        `${JSON.stringify({ name: 'x', [member]: { ajv: '8.0.0', 'nx-dms': '1.2.3', zod: '4.0.0' } }, null, 2)}\n`,
      );
    }
  });

  test('writes nx.json where there is none', async () => {
    tree.delete('nx.json');
    for (const options of [{ outputDirectory: 'build' }, {}])
      await initGenerator(tree, { ...options, skipFormat: true });
    expect(readJson(tree, 'nx.json')).toEqual({
      $schema: './node_modules/nx/schemas/nx-schema.json',
      plugins: [{ plugin: 'nx-dms', options: { outputDirectory: 'build' } }],
    });
  });

  test('needs no package.json', async () => {
    tree.delete('package.json');
    await (await initGenerator(tree, { skipFormat: true }))();
    expect(plugins()).toEqual(['nx-dms']);
    expect(tree.exists('package.json')).toBe(false);
    expect(execSync).not.toHaveBeenCalled();
  });

  test('has the workspace format what it has written, unless it is not to', async () => {
    await initGenerator(tree, { skipFormat: true });
    expect(formatFiles).not.toHaveBeenCalled();
    await initGenerator(tree, {});
    expect(formatFiles.mock.calls).toEqual([[tree]]);
  });

  test('leaves a registration with options, other plugins and an installed version as they are (T25)', async () => {
    const registered = ['@nx/js', { plugin: 'nx-dms', exclude: ['test/**'] }];
    tree.write('nx.json', JSON.stringify({ plugins: registered }));
    tree.write('package.json', JSON.stringify({ devDependencies: { 'nx-dms': 'file:../x.tgz' } }));
    await initGenerator(tree, { skipFormat: true });
    expect(plugins()).toEqual(registered);
    expect(readJson(tree, 'package.json').devDependencies).toEqual({ 'nx-dms': 'file:../x.tgz' });
    expect((await refusal(initGenerator(tree, { outputDirectory: 'build' }))).code).toBe('GENERATOR_OPTION_INVALID');
  });

  test('writes the output folder into the options, and refuses one that the plugin would', async () => {
    const packageJson = tree.read('package.json', 'utf8');
    expect((await refusal(initGenerator(tree, { outputDirectory: '.' }))).code).toBe('PLUGIN_OPTION_INVALID');
    expect(plugins()).toBeUndefined();
    await initGenerator(tree, { outputDirectory: './build/', skipPackageJson: true, skipFormat: true });
    expect(plugins()).toEqual([{ plugin: 'nx-dms', options: { outputDirectory: 'build' } }]);
    expect(tree.read('package.json', 'utf8')).toBe(packageJson);
  });
});

describe('remove', () => {
  test('undoes init, and leaves everything else', async () => {
    const registered = ['@nx/js', { plugin: 'nx-dms', exclude: ['test/**'] }, 'nx-dms'];
    tree.write('nx.json', JSON.stringify({ defaultBase: 'main', plugins: registered }));
    tree.write(
      'package.json',
      JSON.stringify({ dependencies: { 'nx-dms': '1.0.0' }, devDependencies: { ajv: '8.0.0', 'nx-dms': '1.0.0' } }),
    );
    tree.write('mapping-sets/a/dms.json', '{}');
    await (await removeGenerator(tree, { skipFormat: true }))();
    expect(readJson(tree, 'nx.json')).toEqual({ defaultBase: 'main', plugins: ['@nx/js'] });
    expect(readJson(tree, 'package.json')).toEqual({ dependencies: {}, devDependencies: { ajv: '8.0.0' } });
    expect(tree.exists('mapping-sets/a/dms.json')).toBe(true);
    expect(execSync.mock.calls).toEqual([['npm install', expect.objectContaining({ cwd: tree.root })]]);
  });

  test('leaves no empty list of plugins', async () => {
    tree.write('nx.json', JSON.stringify({ defaultBase: 'main', plugins: ['nx-dms'] }));
    await removeGenerator(tree, { skipFormat: true });
    expect(readJson(tree, 'nx.json')).toEqual({ defaultBase: 'main' });
  });

  test('changes nothing where there is no plugin, nor package.json if that is to stay', async () => {
    const files = () => ['nx.json', 'package.json'].map((file) => tree.read(file, 'utf8'));
    const before = files();
    await (await removeGenerator(tree, { skipFormat: true }))();
    expect(files()).toEqual(before);
    tree.write('package.json', JSON.stringify({ devDependencies: { 'nx-dms': '1.0.0' } }));
    await (await removeGenerator(tree, { skipFormat: true, skipPackageJson: true }))();
    tree.delete('package.json');
    await (await removeGenerator(tree, { skipFormat: true }))();
    expect(execSync).not.toHaveBeenCalled();
  });
});

describe('the text of nx.json', () => {
  const text = (ends: string, indent: string) =>
    [
      '// what Nx does here',
      '{',
      `${indent}"defaultBase": "main", // our branch`,
      `${indent}/* the plugins */`,
      `${indent}"plugins": [`,
      `${indent}${indent}"@nx/js", // builds`,
      `${indent}${indent}{ "plugin": "@nx/vite" }`,
      `${indent}]`,
      '}',
      '',
    ].join(ends);

  test.each([
    ['two blanks', '\n', '  '],
    ['four blanks', '\n', '    '],
    ['tabs', '\n', '\t'],
    ['lines of Windows', '\r\n', '  '],
    ['tabs and lines of Windows', '\r\n', '\t'],
  ])('keeps comments, %s and order through init and remove', async (_, ends, indent) => {
    const before = text(ends, indent);
    tree.write('nx.json', before);
    await initGenerator(tree, { skipPackageJson: true, skipFormat: true });
    const during = tree.read('nx.json', 'utf8') ?? '';
    const last = `${indent}${indent}{ "plugin": "@nx/vite" }`;
    expect(during).toBe(before.replace(last, `${last},${ends}${indent}${indent}"nx-dms"`));
    await removeGenerator(tree, { skipPackageJson: true, skipFormat: true });
    expect(tree.read('nx.json', 'utf8')).toBe(before);
  });

  test('keeps comments where there are no plugins yet, and where ours is the only one', async () => {
    const before = '{\n\t// nothing yet\n\t"defaultBase": "main"\n}\n';
    tree.write('nx.json', before);
    await initGenerator(tree, { skipPackageJson: true, skipFormat: true, outputDirectory: 'build' });
    const during = tree.read('nx.json', 'utf8') ?? '';
    expect(during).toMatch(
      /^\{\n\t\/\/ nothing yet\n\t"defaultBase": "main",\n\t"plugins": \[\n\t\t\{\n\t\t\t"plugin": "nx-dms",/,
    );
    await removeGenerator(tree, { skipPackageJson: true, skipFormat: true });
    expect(tree.read('nx.json', 'utf8')).toBe(before);
  });

  test('keeps a comment between two of our entries, which both go', async () => {
    tree.write(
      'nx.json',
      '{\n  "plugins": [\n    "nx-dms",\n    "@nx/js", // stays\n    { "plugin": "nx-dms" }\n  ]\n}\n',
    );
    await removeGenerator(tree, { skipPackageJson: true, skipFormat: true });
    const left = tree.read('nx.json', 'utf8') ?? '';
    expect(left).toContain('// stays');
    expect(readJson(tree, 'nx.json')).toEqual({ plugins: ['@nx/js'] });
  });
});

const register = () => tree.write('nx.json', JSON.stringify({ plugins: ['nx-dms'] }));

test.each([
  ['schema', () => schemaGenerator(tree, { from: ownSchemaFile('campus') })],
  ['mapping-set', () => mappingSetGenerator(tree, { name: 'x', schema: ['schemas/campus'], skipFormat: true })],
])('%s says how to register the plugin where it is not registered', async (_, generate) => {
  for (const text of ['{ "plugins": ["@nx/js"] }', null]) {
    if (text === null) tree.delete('nx.json');
    else tree.write('nx.json', text);
    const { code, message } = await refusal(generate());
    expect(code).toBe('PLUGIN_NOT_REGISTERED');
    expect(message).toContain(text === null ? 'This workspace has no nx.json' : 'nx.json does not register nx-dms');
    expect(message).toContain('run: npx nx g nx-dms:init');
    expect(written()).toEqual([]);
  }
});

describe('schema', () => {
  beforeEach(register);

  /** A file or a folder outside of the workspace. */
  function outside(files: Readonly<Record<string, unknown>>, bytes: Readonly<Record<string, Uint8Array>> = {}): string {
    const folder = temporaryWorkspace(files);
    for (const [name, content] of Object.entries(bytes)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    return folder;
  }

  test('copies a file byte for byte into a folder with the endpoint name', async () => {
    await schemaGenerator(tree, { from: ownSchemaFile('campus') });
    expect(written()).toEqual(['schemas/campus/ApiSchema.json']);
    expect(tree.read('schemas/campus/ApiSchema.json')?.equals(campus)).toBe(true);
  });

  test('takes the one file of a folder, keeps its name, and writes a name of the project where one is given', async () => {
    const from = outside({ 'notes.json': '{}' }, { 'my-api-schema-1.json': athletics });
    await schemaGenerator(tree, { from, directory: './other/x/', name: '@state/athletics' });
    expect(written()).toEqual(['other/x/my-api-schema-1.json', 'other/x/project.json']);
    expect(readJson(tree, 'other/x/project.json')).toEqual({ name: '@state/athletics' });
  });

  test('gives a file of another name one that inference finds', async () => {
    await schemaGenerator(tree, { from: path.join(outside({}, { 'core.json': campus }), 'core.json') });
    expect(written()).toEqual(['schemas/campus/ApiSchema.json']);
  });

  const inPackage = {
    'ApiSchema/core/ApiSchema.json': campus,
    'ApiSchema/ext/ApiSchema-ext.json': athletics,
    'schemas/ApiSchema.schema.json': Buffer.from('{ "type": "object" }'),
    'README.md': Buffer.from('# Schemas'),
    'node_modules/x/ApiSchema.json': campus,
  };
  const tarball = () =>
    createTarGzip(
      Object.entries(inPackage).map(([name, data]) => ({ name: `package/${name}`, data: new Uint8Array(data) })),
    );

  test.each([
    ['a tarball of npm', 'x-1.0.0.tgz', tarball],
    ['a package of NuGet', 'X.1.0.0.nupkg', async () => zipSync(inPackage)],
  ])('takes core and extensions of %s', async (_, name, pack) => {
    const from = path.join(outside({}, { [name]: await pack() }), name);
    await schemaGenerator(tree, { from });
    expect(written()).toEqual(['schemas/athletics/ApiSchema-ext.json', 'schemas/campus/ApiSchema.json']);
    expect(tree.read('schemas/athletics/ApiSchema-ext.json')?.equals(athletics)).toBe(true);
    expect(tree.read('schemas/campus/ApiSchema.json')?.equals(campus)).toBe(true);
  });

  test('takes one schema of a package, by the endpoint name or the name of its project', async () => {
    const from = path.join(outside({}, { 'x.nupkg': zipSync(inPackage) }), 'x.nupkg');
    await schemaGenerator(tree, { from, project: 'athletics', directory: 'other/a' });
    await schemaGenerator(tree, { from, project: 'Campus', directory: 'other/c' });
    expect(written()).toEqual(['other/a/ApiSchema-ext.json', 'other/c/ApiSchema.json']);
    const unknown = await refusal(schemaGenerator(tree, { from, project: 'tpdm' }));
    expect(unknown.message).toContain(`no schema of the project "tpdm"; it has campus, athletics`);
    for (const options of [{ directory: 'other/x' }, { name: 'x' }]) {
      expect((await refusal(schemaGenerator(tree, { from, ...options }))).message).toMatch(
        /^error GENERATOR_OPTION_INVALID --(directory|name) is for one schema, but .* holds 2: campus, athletics; choose one with --project/,
      );
    }
  });

  test.each([
    ['a path that is not there', 'none', 'GENERATOR_SOURCE_MISSING', 'none does not exist'],
    ['a folder without an ApiSchema file', 'empty', 'GENERATOR_SOURCE_AMBIGUOUS', 'holds no ApiSchema file'],
    [
      'a folder with two of them',
      'two',
      'GENERATOR_SOURCE_AMBIGUOUS',
      /two\/ApiSchema-2\.json, .*two\/ApiSchema\.json; name one of them, or its project with --project/,
    ],
    [
      'a package that holds one project twice',
      'twice.nupkg',
      'GENERATOR_SOURCE_AMBIGUOUS',
      /twice\.nupkg!\/a\/ApiSchema\.json, /,
    ],
    ['a file that is none', 'none.json', 'INPUT_PROJECT_MISSING', 'none.json'],
    [
      'a package whose only file of that name is none',
      'none.nupkg',
      'INPUT_JSON_INVALID',
      'none.nupkg!/ApiSchema.json:1:2',
    ],
    ['a package that is cut off', 'cut.nupkg', 'INPUT_PACKAGE_INVALID', 'cannot be unpacked'],
    ['a tarball that is none', 'none.tgz', 'INPUT_PACKAGE_INVALID', 'cannot be unpacked'],
    ['an endpoint name that leads elsewhere', 'evil.json', 'INPUT_VALUE_UNSAFE', 'projectEndpointName'],
    [
      'an endpoint name that is not a folder',
      'odd.json',
      'GENERATOR_OPTION_INVALID',
      'say where it goes with --directory',
    ],
  ])('refuses %s, and changes nothing (T26)', async (_, name, code, text) => {
    const folder = outside(
      {
        'empty/README.md': '',
        'two/ApiSchema.json': emptySchema('A'),
        'two/ApiSchema-2.json': emptySchema('B'),
        'none.json': '{}',
        'evil.json': JSON.stringify(emptySchema('Evil')).replace('"evil"', '"../../evil"'),
        'odd.json': JSON.stringify(emptySchema('Odd')).replace('"odd"', '"odd one"'),
      },
      {
        'twice.nupkg': zipSync({ 'a/ApiSchema.json': campus, 'b/ApiSchema.json': campus }),
        'none.nupkg': zipSync({ 'ApiSchema.json': Buffer.from('{') }),
        'cut.nupkg': zipSync({ 'ApiSchema.json': campus }).subarray(0, 1000),
        'none.tgz': campus,
      },
    );
    const error = await refusal(schemaGenerator(tree, { from: path.join(folder, name) }));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(text);
    expect(written()).toEqual([]);
  });

  test('refuses a folder that has a schema or a mapping set, or is outside of the workspace (T26)', async () => {
    tree.write('schemas/campus/ApiSchema-old.json', '{}');
    tree.write('other/set/dms.json', '{}');
    const from = ownSchemaFile('campus');
    const taken = await refusal(schemaGenerator(tree, { from }));
    expect([taken.code, taken.message]).toEqual([
      'GENERATOR_TARGET_EXISTS',
      expect.stringContaining('schemas/campus/ApiSchema-old.json exists already'),
    ]);
    expect((await refusal(schemaGenerator(tree, { from, directory: 'other/set' }))).code).toBe(
      'GENERATOR_TARGET_EXISTS',
    );
    for (const directory of ['../x', '/tmp/x', '.']) {
      expect((await refusal(schemaGenerator(tree, { from, directory }))).code).toBe('GENERATOR_OPTION_INVALID');
    }
    expect(written()).toEqual(['other/set/dms.json', 'schemas/campus/ApiSchema-old.json']);
  });
});

describe('mapping-set', () => {
  const home = process.cwd();
  let workspace: Tree;
  beforeEach(() => {
    const root = temporaryWorkspace({
      'nx.json': { plugins: ['nx-dms'] },
      'schemas/campus/ApiSchema.json': campus.toString('utf8'),
      'schemas/athletics/ApiSchema.json': athletics.toString('utf8'),
      'node_modules/nx-dms/dms.schema.json': {},
    });
    process.chdir(root);
    workspace = new FsTree(root, false);
  });
  afterEach(() => process.chdir(home));

  const made = async (options: Partial<NewMappingSetOptions>) => {
    await mappingSetGenerator(workspace, { name: 'schools', skipFormat: true, ...options }, undefined);
    return workspace.listChanges().map(({ path: file, content }) => [file, JSON.parse(String(content))]);
  };

  test('adds the ignored folder to a .gitignore that another generator changed, with its line ends', async () => {
    mkdirSync('.git');
    workspace.write('.gitignore', 'node_modules\r\n');
    for (const name of ['schools', 'other']) {
      await mappingSetGenerator(workspace, { name, skipFormat: true }, undefined);
      expect(workspace.read('.gitignore', 'utf8')).toBe('node_modules\r\ndist/\r\n');
    }
  });

  test('writes only into the tree, and uses all schemas of the workspace and both databases by default', async () => {
    const content = {
      $schema: '../../node_modules/nx-dms/dms.schema.json',
      name: 'schools',
      schemas: ['../../schemas/campus', '../../schemas/athletics'],
      dialects: ['pgsql', 'mssql'],
    };
    expect(await made({})).toEqual([['mapping-sets/schools/dms.json', content]]);
  });

  test('ends with the generation and what comes next, in the words of dms-ddl init', async () => {
    const told = vi.spyOn(logger, 'info').mockImplementation(() => undefined);
    await made({ schema: ['schemas/campus'] });
    expect(told.mock.calls.flat().join('\n').split('\n')).toEqual([
      `Mapping version v1: ${generationPurposes.v1}. It can be changed in dms.json until a database is provisioned.`,
      'Next:',
      '  npx nx run schools:emit-ddl   # write the scripts',
      '  npx nx run schools:verify-db  # prove them on databases of their own',
      '  npx nx run schools:provision-db --connectionEnv=DATABASE --dryRun  # say what would be made in the database that the variable DATABASE names',
      'Before artifacts are committed: a .gitattributes in their folder, with the line "* -text", keeps Git from changing them.',
    ]);
    told.mockRestore();
  });

  test('warns of the errors that the model of a written set will have', async () => {
    const told = vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
    await made({ schema: ['campus'], mappingVersion: 'v2' });
    expect(told.mock.calls.flat().join('\n')).toMatch(/^warning [A-Z_]+ /);
    told.mockRestore();
  });

  test.each([
    ['schemas\\campus', 'sets\\x', '../../schemas/campus', 'sets/x'],
    ['.\\schemas\\campus\\', '.\\other\\', '../schemas/campus', 'other'],
    ['./schemas/campus/', 'other/x/dms.json', '../../schemas/campus', 'other/x'],
  ])('finds %s and %s as PowerShell completes them', async (schema, output, entry, folder) => {
    expect(await made({ output, schema: [schema] })).toEqual([
      [`${folder}/dms.json`, expect.objectContaining({ schemas: [entry] })],
    ]);
  });

  test('formats the written files in the style of the workspace, unless an option says otherwise', async () => {
    await made({ skipFormat: true });
    expect(formatFiles).not.toHaveBeenCalled();
    workspace = new FsTree(workspace.root, false);
    await made({ skipFormat: false });
    expect(formatFiles.mock.calls).toEqual([[workspace]]);
  });

  test.each([
    [{ dialect: [] }, '--dialect is []. It must be one of: pgsql, mssql.'],
    [{ output: '..' }, '--output is ".."; expected a folder inside the workspace, or a dms.json in it.'],
    [{ output: 'sets/other.json' }, 'or a dms.json in it.'],
  ])('refuses %j, which Nx cannot have', async (options, text) => {
    const error = await refusal(made(options));
    expect([error.code, error.message]).toEqual(['GENERATOR_OPTION_INVALID', expect.stringContaining(text)]);
    expect(workspace.listChanges()).toEqual([]);
  });

  test('asks with the questions of dms-ddl init', async () => {
    const asked: string[] = [];
    const ask = async ({ text, chosen }: Question) => {
      asked.push(text);
      return chosen.slice(0, 1);
    };
    await mappingSetGenerator(workspace, { name: 'a', dialect: ['pgsql'], skipFormat: true }, ask);
    expect(asked).toEqual(['Which schemas?', 'Which generation of the mapping?']);
    expect(readJson(workspace, 'mapping-sets/a/dms.json')).toMatchObject({
      schemas: ['../../schemas/campus'],
      mappingVersion: 'v1',
    });
  });
});

test('generators.json lists every generator, described as its options are', () => {
  const folder = fileURLToPath(new URL('../..', import.meta.url));
  const { generators } = JSON.parse(readFileSync(path.join(folder, 'generators.json'), 'utf8'));
  expect(Object.keys(generators)).toEqual(['init', 'schema', 'mapping-set', 'remove']);
  for (const [name, { factory, schema, description }] of Object.entries<Record<string, string>>(generators)) {
    expect([factory, schema]).toEqual([
      `./dist/generators/${name}/generator.js`,
      `./dist/generators/${name}/schema.json`,
    ]);
    const options = JSON.parse(readFileSync(path.join(folder, 'src/generators', name, 'schema.json'), 'utf8'));
    expect(options).toMatchObject({ description, type: 'object', additionalProperties: false });
    for (const property of Object.values<{ description?: string }>(options.properties))
      expect(property.description).toBeTruthy();
  }
});
