import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generationPurposes, nextLines, type Question } from '@dms/operations';
import { type OwnSchema, ownSchemaFile } from '@dms/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/* init on the command line, in separate folders (design 10 §5). */

const home = process.cwd();
const folders: string[] = [];

beforeEach(() => {
  const folder = mkdtempSync(path.join(tmpdir(), 'dms-init-'));
  folders.push(folder);
  process.chdir(folder);
});
afterEach(() => process.chdir(home));
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function copied(schema: OwnSchema, file: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  cpSync(ownSchemaFile(schema), file);
  return file;
}

const written = (file = 'dms.json') => JSON.parse(readFileSync(file, 'utf8'));

const closing = (version: 'v1' | 'v2') =>
  [
    `Mapping version ${version}: ${generationPurposes[version]}. It can be changed in dms.json until a database is provisioned.`,
    ...nextLines({
      emit: 'dms-ddl emit',
      verify: 'dms-ddl verify',
      provision: 'dms-ddl provision --connection-env DATABASE --create-database --dry-run',
    }),
    'Before artifacts are committed: a .gitattributes in their folder, with the line "* -text", keeps Git from changing them.',
    '',
  ].join('\n');

describe('with options', () => {
  it('writes a dms.json that emit finds, and says what comes next', async () => {
    const core = copied('district', 'schemas/district/ApiSchema.json');
    const extension = copied('transport', 'schemas/transport/ApiSchema-EXTENSION.json');
    const named = ['--schema', extension, core, '--dialect', 'pgsql', '--mapping-version', 'v2'];
    expect(await ran(['init', ...named])).toEqual({ code: 0, out: `Written: dms.json\n${closing('v2')}`, err: '' });
    expect(written()).toEqual({ schemas: [core, extension], dialects: ['pgsql'], mappingVersion: 'v2' });
    const { code, out } = await ran(['emit', '--only', 'document-schemas', '--json']);
    expect([code, jsonLines(out)[0].output]).toEqual([0, 'dist']);
    expect(existsSync(path.join('dist', 'document-schemas.json'))).toBe(true);
  });

  it.each([
    ['a project.json', 'other', () => writeFileSync('other/project.json', '{ "name": "taken" }')],
    ['the folder of a schema', 'schemas/taken', () => copied('campus', 'schemas/taken/ApiSchema.json')],
  ] as const)('refuses the name of another project in an Nx workspace: %s', async (_, folder, addProject) => {
    writeFileSync('nx.json', '{ "plugins": ["nx-dms"] }');
    mkdirSync('other');
    addProject();
    const { code, err } = await ran(['init', '--schema', copied('campus', 'ApiSchema.json'), '--name', 'taken']);
    expect([code, err]).toEqual([
      1,
      `error PROJECT_NAME_SHARED A project taken exists already, in ${folder}; choose another name.\n`,
    ]);
  });

  it('names files relative to the dms.json, wherever that is', async () => {
    copied('campus', 'schemas/campus/ApiSchema.json');
    const { out } = await ran(['init', '--schema', 'schemas/**/*.json', '--output', 'sets/campus/dms.json', '--json']);
    expect(jsonLines(out)).toMatchObject([
      {
        command: 'init',
        file: 'sets/campus/dms.json',
        set: { schemas: ['../../schemas/campus/ApiSchema.json'], dialects: ['pgsql', 'mssql'] },
        mappingVersion: 'v1',
        next: [expect.stringMatching(/^dms-ddl emit sets\/campus\/dms\.json$/), expect.anything(), expect.anything()],
      },
    ]);
    expect((await ran(['hash', 'sets/campus'])).code).toBe(0);
    rmSync('sets/campus/dms.json');
    const again = await ran(['init', '--schema', 'schemas/campus', '--output', 'sets/campus/dms.json'], {
      startedAs: 'npx dms-ddl',
    });
    expect(again.out).toContain('  npx dms-ddl emit sets/campus/dms.json ');
  });

  it('without a terminal and --schema names all files below the folder, but not those of tools', async () => {
    copied('campus', 'a/ApiSchema.json');
    copied('athletics', 'b/ApiSchema-EXTENSION.json');
    for (const folder of ['node_modules/x', 'dist', '.nx/cache']) copied('campus', `${folder}/ApiSchema.json`);
    mkdirSync('node_modules/dms-ddl');
    writeFileSync('node_modules/dms-ddl/dms.schema.json', '{}');
    expect(await ran(['init'])).toMatchObject({ code: 0, out: `Written: dms.json\n${closing('v1')}` });
    expect(written()).toEqual({
      $schema: 'node_modules/dms-ddl/dms.schema.json',
      schemas: ['a/ApiSchema.json', 'b/ApiSchema-EXTENSION.json'],
      dialects: ['pgsql', 'mssql'],
    });
  });
});

describe('in a working tree of Git', () => {
  const initialized = async (ignored: string | Buffer | null, ...args: string[]) => {
    mkdirSync('.git');
    if (ignored !== null) writeFileSync('.gitignore', ignored);
    copied('campus', 'schemas/campus/ApiSchema.json');
    const { code, out } = await ran(['init', ...args]);
    expect(code).toBe(0);
    return out;
  };

  it.each([
    ['there is no .gitignore', null, 'dist/\n'],
    ['its last line has an end', 'node_modules\n', 'node_modules\ndist/\n'],
    ['its last line has none', 'node_modules', 'node_modules\ndist/\n'],
    ['its lines end as on Windows', 'node_modules\r\nout\r\n', 'node_modules\r\nout\r\ndist/\r\n'],
    [
      'it has letters of another encoding',
      Buffer.from('gr\xfcn\n', 'latin1'),
      Buffer.from('gr\xfcn\ndist/\n', 'latin1'),
    ],
    ['another folder ends alike', '/build/dist\n', '/build/dist\ndist/\n'],
  ])('has Git ignore the folder of the artifacts where %s', async (_, before, after) => {
    expect(await initialized(before)).toMatch(/^Written: dms\.json\nAdded to \.gitignore: dist\/\nMapping version/);
    expect(readFileSync('.gitignore', 'latin1')).toBe(Buffer.from(after).toString('latin1'));
  });

  it.each(['dist', 'dist/', '/dist', '/dist/'])('leaves a .gitignore with %s as it is', async (line) => {
    expect(await initialized(`${line}\n`)).toMatch(/^Written: dms\.json\nMapping version/);
    expect(readFileSync('.gitignore', 'utf8')).toBe(`${line}\n`);
  });

  it('looks into folders above, where a line with a / at the beginning is about another folder', async () => {
    const output = ['--schema', 'schemas/campus', '--output', 'sets/a/dms.json'];
    expect(await initialized('dist\n', ...output)).not.toContain('Added');
    writeFileSync('.gitignore', '/dist\n');
    const { out } = await ran(['init', '--schema', 'schemas/campus', '--output', 'sets/b/dms.json', '--json']);
    expect(jsonLines(out)).toMatchObject([{ ignored: { file: path.join('sets', 'b', '.gitignore'), entry: 'dist/' } }]);
    expect(readFileSync('sets/b/.gitignore', 'utf8')).toBe('dist/\n');
  });
});

describe('on a terminal', () => {
  it('asks for what no option says', async () => {
    copied('campus', 'ApiSchema.json');
    copied('athletics', 'ext/ApiSchema-EXTENSION.json');
    const questions: Question[] = [];
    const answers = [['ApiSchema.json'], ['mssql'], ['v2']];
    const ask = async (question: Question) => answers[questions.push(question) - 1];
    expect((await ran(['init'], { ask })).code).toBe(0);
    expect(written()).toEqual({ schemas: ['ApiSchema.json'], dialects: ['mssql'], mappingVersion: 'v2' });
    rmSync('dms.json');
    expect(
      questions.map(({ text, answers: offered, chosen, several }) => [text, offered.length, chosen, several]),
    ).toEqual([
      ['Which schemas?', 2, ['ApiSchema.json', path.join('ext', 'ApiSchema-EXTENSION.json')], true],
      ['Which databases?', 2, ['pgsql', 'mssql'], true],
      ['Which generation of the mapping?', 3, ['v1'], false],
    ]);
    answers.splice(0, 3, ['mssql'], ['v2-natural']);
    questions.length = 0;
    expect((await ran(['init', '--schema', 'ApiSchema.json'], { ask })).code).toBe(0);
    expect(written()).toEqual({ schemas: ['ApiSchema.json'], dialects: ['mssql'], mappingVersion: 'v2-natural' });
  });

  it('writes nothing where a question is ended, and asks nothing with --json', async () => {
    copied('campus', 'ApiSchema.json');
    const { code, err } = await ran(['init'], { ask: async () => undefined });
    expect([code, err]).toEqual([2, expect.stringContaining('the question was not answered; nothing was written')]);
    expect(existsSync('dms.json')).toBe(false);
    const ask = () => expect.fail('nobody reads it');
    expect((await ran(['init', '--json'], { ask })).code).toBe(0);
  });
});

describe('is refused', () => {
  const refused = async (...args: string[]) => {
    const { code, out, err } = await ran(['init', ...args]);
    expect([code, out]).toEqual([1, '']);
    return err;
  };

  it('where a dms.json is there', async () => {
    writeFileSync('dms.json', '{}');
    expect(await refused()).toMatch(/^error CONFIG_EXISTS dms\.json is there already/);
    expect(readFileSync('dms.json', 'utf8')).toBe('{}');
  });

  it('for schemas that no command could use', async () => {
    expect(await refused()).toMatch(/^error INPUT_FILE_NOT_FOUND /);
    copied('athletics', 'ext/ApiSchema.json');
    expect(await refused()).toMatch(/^error INPUT_CORE_MISSING /);
    expect(await refused('--schema', 'nowhere')).toMatch(/^error INPUT_FILE_NOT_FOUND .*nowhere does not exist/);
    expect(existsSync('dms.json')).toBe(false);
  });
});
