import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { artifactsOf, filesOf, parseMappingSet, stepNames, writtenBy } from '@dms/operations';
import { compareOrdinal } from '@dms/values';
import { AggregateCreateNodesError, type ProjectConfiguration } from 'nx/src/devkit-exports';
import { expect, test } from 'vitest';
import { emptySchema, temporaryWorkspace, writeFiles } from '../../test/temporary-workspace.ts';
import { type FileFacts, inferProjects } from './create-nodes.ts';
import { ContentHashes, openFileCache } from './file-cache.ts';
import { readOptions } from './options.ts';
import { mappingSetTargetNames, placesOfTarget } from './targets.ts';
import { toolSituation } from './tool-input.ts';

/** Hashes of files that were written long ago. */
const settledHashes = () => new ContentHashes(() => Date.now() + 60_000);

/**
 * Infers as Nx does, with all matching files, sorted; runs twice, so that every test compares cached and uncached
 * inference.
 */
async function infer(root: string, files: readonly string[], givenOptions?: unknown, isIgnoredHashed = true) {
  const options = readOptions(givenOptions);
  const tool = toolSituation(path.join(root, 'plugins/nx-dms'), root, '24.0.6');
  const hashes = settledHashes();
  const once = () => {
    const cache = openFileCache<FileFacts>(path.join(root, '.cache/facts.json'), [JSON.stringify(options)]);
    const context = { workspaceRoot: root, options, tool, isIgnoredHashed, cache, hashes };
    return inferProjects([...files].sort(compareOrdinal), context);
  };
  rmSync(path.join(root, '.cache'), { recursive: true, force: true });
  const uncached = await once();
  expect(await once()).toStrictEqual(uncached);
  return uncached;
}

async function projectsOf(files: Readonly<Record<string, unknown>>, options?: unknown, isIgnoredHashed?: boolean) {
  const results = await infer(temporaryWorkspace(files), Object.keys(files), options, isIgnoredHashed);
  const projects: Record<string, ProjectConfiguration> = {};
  for (const [, { projects: found = {} }] of results) {
    for (const [root, project] of Object.entries(found)) {
      expect(projects).not.toHaveProperty([root]);
      expect(project.root).toBe(root);
      projects[root] = project as ProjectConfiguration;
    }
  }
  return projects;
}

/** Files as an input, even if a pattern ignores them. */
const evenIgnored = (fileset: string) => ({ fileset, includeIgnored: true });

const allIn = (folder: string) => evenIgnored(`${folder}/**/*`);

/** A file as the output of a task that runs before. */
const writtenBefore = (file: string) => ({ dependentTasksOutputFiles: file, transitive: true });

const target = (project: ProjectConfiguration | undefined, name: string) => project?.targets?.[name];

/** The inputs that are folders for comparison. */
function comparedIn(project: ProjectConfiguration | undefined, name: string) {
  return target(project, name)?.inputs?.filter((input) => {
    return typeof input === 'string' || ('fileset' in input && !input.fileset.includes('/dist/executors/'));
  });
}

test('a core and an extension become schema projects', async () => {
  const projects = await projectsOf({
    'schemas/ed-fi/ApiSchema.json': emptySchema('EdFi'),
    'schemas/TPDM/my-api-schema-1.json': emptySchema('TPDM', true),
    'schemas/$&/ApiSchema.json': emptySchema('Money', true),
  });
  expect(target(projects['schemas/$&'], 'normalize-schema')?.inputs?.[1]).toEqual(
    writtenBefore('schemas/$&/ApiSchema.json'),
  );
  expect(projects['schemas/ed-fi']).toEqual({
    name: 'ed-fi',
    root: 'schemas/ed-fi',
    tags: ['dms:schema', 'dms:core'],
    metadata: {
      technologies: ['ed-fi'],
      description: 'EdFi 1.0.0 (core)',
      targetGroups: { Schema: ['normalize-schema'] },
    },
    targets: {
      'normalize-schema': {
        executor: 'nx-dms:normalize-schema',
        cache: true,
        metadata: {
          technologies: ['ed-fi'],
          description: 'Check the ApiSchema file and write the hashed part of it',
          help: { command: 'npx nx run ed-fi:normalize-schema --help', example: { options: {} } },
        },
        inputs: [
          '{projectRoot}/ApiSchema.json',
          writtenBefore('schemas/ed-fi/ApiSchema.json'),
          { fileset: '{workspaceRoot}/plugins/nx-dms/dist/executors/normalize-schema/**/*', includeIgnored: true },
          { externalDependencies: [] },
        ],
        outputs: ['{workspaceRoot}/dist/schemas/ed-fi/schema.normalized.json'],
        options: {
          source: 'schemas/ed-fi/ApiSchema.json',
          output: 'dist/schemas/ed-fi/schema.normalized.json',
        },
        parallelism: true,
      },
    },
  });
  expect(projects['schemas/TPDM']).toMatchObject({ name: 'tpdm', tags: ['dms:schema', 'dms:extension'] });
  expect(target(projects['schemas/TPDM'], 'normalize-schema')?.inputs?.[0]).toBe('{projectRoot}/my-api-schema-1.json');
});

test('the target of the worked example', async () => {
  const projects = await projectsOf({
    'fixtures/mapping-sets/dms/dms.json': { schemas: ['../../schemas/ed-fi'], dialects: ['pgsql'] },
  });
  const project = projects['fixtures/mapping-sets/dms'];
  expect(project).toMatchObject({
    name: 'dms',
    tags: ['dms:mapping-set'],
    metadata: {
      technologies: ['ed-fi', 'sql'],
      description: 'Mapping set',
      targetGroups: {
        Model: [
          'derive-model',
          'derive-inventory',
          'compile-plans',
          'build-pack',
          'derive-ods-mapping',
          'explore-model',
        ],
        Database: ['emit-ddl', 'emit-reporting', 'emit-comments', 'verify-db', 'provision-db', 'check-db', 'status-db'],
      },
    },
  });
  expect(Object.keys(project?.targets ?? {})).toEqual([
    'derive-model',
    'derive-inventory',
    'compile-plans',
    'build-pack',
    'emit-ddl',
    'derive-ods-mapping',
    'emit-reporting',
    'emit-comments',
    'verify-db',
    'explore-model',
    'provision-db',
    'check-db',
    'status-db',
  ]);
  expect(target(project, 'derive-inventory')).toEqual({
    executor: 'nx-dms:derive-inventory',
    cache: true,
    metadata: {
      technologies: ['ed-fi', 'sql'],
      description: 'Derive indexes and triggers',
      help: { command: 'npx nx run dms:derive-inventory --help', example: { options: { dialect: 'pgsql' } } },
    },
    dependsOn: ['derive-model'],
    inputs: [
      { json: '{projectRoot}/dms.json', fields: ['dialects', 'inventory'] },
      writtenBefore('fixtures/mapping-sets/dms/dms.json'),
      { dependentTasksOutputFiles: '**/relational-model.{pgsql,mssql}.json' },
      { dependentTasksOutputFiles: '**/effective-schema.manifest.json' },
      { fileset: '{workspaceRoot}/plugins/nx-dms/dist/executors/derive-inventory/**/*', includeIgnored: true },
      { externalDependencies: [] },
    ],
    outputs: artifactsOf('derive-inventory', ['pgsql']).map(
      (file) => `{workspaceRoot}/dist/fixtures/mapping-sets/dms/${file}`,
    ),
    options: { outputDirectory: 'dist/fixtures/mapping-sets/dms' },
    // a dialect that is not listed must fail: Nx would drop an unknown configuration and run the other dialect
    configurations: { pgsql: { dialect: 'pgsql' }, mssql: { dialect: 'mssql' } },
    parallelism: true,
  });
});

test('the targets of the mapping set dms of this repository', async () => {
  const text = readFileSync(new URL('../../../../fixtures/mapping-sets/dms/dms.json', import.meta.url), 'utf8');
  const projects = await projectsOf({ 'fixtures/mapping-sets/dms/dms.json': text });
  const targets = projects['fixtures/mapping-sets/dms']?.targets;
  await expect(`${JSON.stringify(targets, null, 2)}\n`).toMatchFileSnapshot('dms-targets.golden');
});

test('no output belongs to two targets, and none is a pattern except for the dialects of the run', async () => {
  const projects = await projectsOf({
    'a/ApiSchema.json': emptySchema('A'),
    'b/dms.json': { schemas: ['../a'], golden: 'g', baseline: 'r', earlier: { artifacts: 'e' } },
  });
  const outputs = Object.values(projects).flatMap(({ targets = {} }) =>
    Object.values(targets).flatMap((entry) => entry.outputs ?? []),
  );
  const steps = stepNames.filter((name) => name !== 'plan-upgrade' && name !== 'verify-upgrade');
  expect(outputs).toHaveLength(steps.flatMap(writtenBy).length);
  const literal = outputs.map((output) => output.replace('{options.dialect}', '{pgsql,mssql}'));
  const files = literal.flatMap((output) =>
    output.includes('{pgsql,mssql}')
      ? ['pgsql', 'mssql'].map((name) => output.replace('{pgsql,mssql}', name))
      : [output],
  );
  expect(files).toHaveLength(filesOf(steps).length);
  expect(new Set(files).size).toBe(files.length);
  expect(files.filter((output) => /[*?[\]]|\{(?!workspaceRoot\})/.test(output))).toEqual([]);
});

test('a run for one of several dialects has outputs of its own only, and one for a single dialect plain ones', async () => {
  const projects = await projectsOf({
    'a/dms.json': { schemas: ['x'] },
    'b/dms.json': { schemas: ['x'], dialects: ['mssql'] },
  });
  expect(target(projects.a, 'emit-ddl')).toMatchObject({
    outputs: [
      '{workspaceRoot}/dist/a/{options.dialect}.sql',
      '{workspaceRoot}/dist/a/catalog.{options.dialect}.json',
      '{workspaceRoot}/dist/a/ddl.manifest.json',
    ],
    options: { dialect: '{pgsql,mssql}' },
    configurations: { pgsql: { dialect: 'pgsql' }, mssql: { dialect: 'mssql' } },
  });
  expect(target(projects.b, 'emit-ddl')?.outputs?.[0]).toBe('{workspaceRoot}/dist/b/mssql.sql');
  expect(target(projects.b, 'emit-ddl')?.options).toEqual({ outputDirectory: 'dist/b' });
});

test('the options of the plugin set the output folder and the names of targets', async () => {
  const files = { 'a/ApiSchema.json': emptySchema('A'), 'b/dms.json': { schemas: ['../a'], dialects: ['mssql'] } };
  const projects = await projectsOf(files, { outputDirectory: 'build/x', targetPrefix: 'dms-' });
  expect(target(projects.a, 'dms-normalize-schema')).toMatchObject({
    executor: 'nx-dms:normalize-schema',
    outputs: ['{workspaceRoot}/build/x/a/schema.normalized.json'],
    metadata: { help: { command: 'npx nx run a:dms-normalize-schema --help' } },
  });
  expect(target(projects.b, 'dms-derive-model')).toMatchObject({
    dependsOn: ['^dms-normalize-schema'],
    metadata: { help: { example: { options: { dialect: 'mssql' } } } },
  });
  expect(target(projects.b, 'dms-emit-ddl')?.dependsOn).toEqual(['dms-derive-model', 'dms-derive-inventory']);
  expect(projects.b?.metadata?.targetGroups?.Database).toEqual([
    'dms-emit-ddl',
    'dms-emit-reporting',
    'dms-emit-comments',
    'dms-verify-db',
    'dms-provision-db',
    'dms-check-db',
    'dms-status-db',
  ]);
});

test('a mapping set with an output folder of its own writes there', async () => {
  const projects = await projectsOf({ 'b/dms.json': { schemas: ['a'], outputDirectory: 'out', dialects: ['pgsql'] } });
  expect(target(projects.b, 'compile-plans')).toMatchObject({
    outputs: ['{workspaceRoot}/out/plans.pgsql.json', '{workspaceRoot}/out/mappingset.manifest.json'],
    options: { outputDirectory: 'out' },
  });
});

test.each([
  ['nothing is said', {}, true],
  ['the embedded engine and the text alone', { pgsql: { target: 'pglite:' }, mssql: { target: 'static:' } }, true],
  ['a server in a variable', { pgsql: { env: 'SCHOOLS_PG' } }, false],
  ['a server in a file', { mssql: { file: 'connection.txt' } }, false],
  ['a server', { pgsql: { target: 'postgres://h/d' } }, false],
  ['a folder, which only people see', { pgsql: { target: 'pglite:data' } }, false],
])('verification is cached where it needs nothing from outside: %s', async (_name, databases, isCached) => {
  const projects = await projectsOf({ 'b/dms.json': { schemas: ['a'], databases } });
  expect(target(projects.b, 'verify-db')?.cache).toBe(isCached);
  expect(target(projects.b, 'emit-ddl')?.cache).toBe(true);
});

test('the order in which dialects are written changes nothing', async () => {
  const projects = async (dialects: string[]) => projectsOf({ 'b/dms.json': { schemas: ['a'], dialects } });
  expect(await projects(['mssql', 'pgsql'])).toEqual(await projects(['pgsql', 'mssql']));
});

test('report-impact has the baseline among its inputs, wherever it is, and is there only with one', async () => {
  const files = (baseline: unknown, root = 'b') => projectsOf({ [`${root}/dms.json`]: { schemas: ['a'], baseline } });
  const inputs = async (baseline: string) => target((await files(baseline)).b, 'report-impact')?.inputs;
  expect(await inputs('released')).toContainEqual(allIn('{projectRoot}/released'));
  expect(await inputs('../baselines/5.2')).toContainEqual(allIn('{workspaceRoot}/baselines/5.2'));
  expect(target((await files('released')).b, 'report-impact')).toMatchObject({
    cache: true,
    dependsOn: ['derive-model', 'derive-inventory', 'emit-ddl'],
    inputs: [
      { json: '{projectRoot}/dms.json', fields: ['dialects', 'baseline', 'upgradeFrom', 'translation'] },
      allIn('{projectRoot}/released'),
      writtenBefore('b/dms.json'),
      writtenBefore('b/released/**/*'),
      { dependentTasksOutputFiles: '**/relational-model.{pgsql,mssql}.json' },
      { dependentTasksOutputFiles: '**/inventory.{pgsql,mssql}.json' },
      { dependentTasksOutputFiles: '**/catalog.{pgsql,mssql}.json' },
      { dependentTasksOutputFiles: '**/effective-schema.manifest.json' },
      { dependentTasksOutputFiles: '**/document-schemas.json' },
      { fileset: '{workspaceRoot}/plugins/nx-dms/dist/executors/report-impact/**/*', includeIgnored: true },
      { externalDependencies: [] },
    ],
    outputs: ['{workspaceRoot}/dist/b/impact.{options.dialect}.json'],
    options: { outputDirectory: 'dist/b' },
    configurations: { pgsql: { dialect: 'pgsql' }, mssql: { dialect: 'mssql' } },
  });
  expect(target((await files(null)).b, 'report-impact')).toBeUndefined();
  const { b } = await files(7);
  expect(comparedIn(b, 'report-impact')).toEqual([]);
  const both = await projectsOf({ 'b/dms.json': { schemas: ['a'], golden: 'g', baseline: 'r' } });
  expect(comparedIn(both.b, 'check-golden')).toEqual([allIn('{projectRoot}/g')]);
  expect(comparedIn(both.b, 'report-impact')).toEqual([allIn('{projectRoot}/r')]);
});

test('the targets of an earlier version have all that they read among their inputs, and are there only with one', async () => {
  const files = (earlier: unknown) =>
    projectsOf({ 'b/dms.json': { schemas: ['a'], earlier, upgradeFrom: '../released' } });
  const translation = ['ed-fi-5.2-to-6.1', 'own.json'];
  const { b } = await files({ artifacts: '../released', translation });
  expect(comparedIn(b, 'derive-earlier-mapping')).toEqual(
    ['{workspaceRoot}/released/**/*', '{projectRoot}/own.json'].map(evenIgnored),
  );
  expect(target(b, 'derive-earlier-mapping')).toMatchObject({
    dependsOn: ['derive-model', 'derive-inventory', 'derive-ods-mapping'],
    cache: true,
    outputs: ['{workspaceRoot}/dist/b/earlier-mapping.json'],
  });
  expect(comparedIn(b, 'emit-earlier-reporting')).toEqual([]);
  expect(target(b, 'emit-earlier-reporting')).toMatchObject({
    dependsOn: ['derive-model', 'derive-ods-mapping', 'derive-earlier-mapping'],
    cache: true,
  });
  // the page searches for its tables, and an upgrade creates its views again
  const readers = ['explore-model', 'upgrade-db'];
  for (const name of readers)
    expect(target(b, name)?.dependsOn?.slice(-2)).toEqual(['derive-ods-mapping', 'derive-earlier-mapping']);
  expect(target(b, 'explore-model')?.inputs).toContainEqual({ dependentTasksOutputFiles: '**/earlier-mapping.json' });
  const plain = (await files(undefined)).b;
  for (const name of readers) expect(target(plain, name)?.dependsOn?.at(-1)).toBe('derive-ods-mapping');
  expect(JSON.stringify(target(plain, 'explore-model'))).not.toContain('earlier-mapping');
  for (const name of ['derive-earlier-mapping', 'emit-earlier-reporting']) expect(target(plain, name)).toBeUndefined();
});

test('translate-documents has all that it reads among its inputs, and is there only with documents', async () => {
  const files = (translate: unknown) => projectsOf({ 'b/dms.json': { schemas: ['a'], translate } });
  const { b } = await files({
    documents: '../documents',
    before: 'released',
    translation: ['ed-fi-5.2-to-6.1', 'ours.json', '../rules/theirs.json'],
  });
  expect(target(b, 'translate-documents')).toMatchObject({
    cache: true,
    dependsOn: ['derive-model', 'derive-inventory'],
    inputs: [
      { json: '{projectRoot}/dms.json', fields: ['dialects', 'translate'] },
      allIn('{projectRoot}/released'),
      allIn('{workspaceRoot}/documents'),
      evenIgnored('{projectRoot}/ours.json'),
      evenIgnored('{workspaceRoot}/rules/theirs.json'),
      writtenBefore('b/dms.json'),
      writtenBefore('b/released/**/*'),
      writtenBefore('documents/**/*'),
      writtenBefore('b/ours.json'),
      writtenBefore('rules/theirs.json'),
      { dependentTasksOutputFiles: '**/effective-schema.manifest.json' },
      { dependentTasksOutputFiles: '**/document-schemas.json' },
      { dependentTasksOutputFiles: '**/relational-model.{pgsql,mssql}.json' },
      { dependentTasksOutputFiles: '**/inventory.{pgsql,mssql}.json' },
      { fileset: '{workspaceRoot}/plugins/nx-dms/dist/executors/translate-documents/**/*', includeIgnored: true },
      { externalDependencies: [] },
    ],
    outputs: ['{workspaceRoot}/dist/b/translated'],
  });
  expect(b?.metadata?.targetGroups?.Documents).toEqual(['translate-documents']);
  const { b: plain } = await files({ documents: 'documents' });
  expect(comparedIn(plain, 'translate-documents')).toEqual([allIn('{projectRoot}/documents')]);
  // the target itself reports a mistake
  expect(comparedIn((await files({})).b, 'translate-documents')).toEqual([]);
  expect(target((await files(undefined)).b, 'translate-documents')).toBeUndefined();
});

test.each(['b', '.'])(
  'each file that a cached target reads is also the output of a task before: in %s',
  async (root) => {
    const places = {
      golden: 'g',
      baseline: 'r',
      upgradeFrom: '../u',
      odsOverrides: 'ods.json',
      translation: ['own.json'],
    };
    const translating = { documents: 'documents', before: 'released', translation: ['ours.json'] };
    const dms = { schemas: ['a'], ...places, translate: translating, earlier: { artifacts: 'e' } };
    const inside = JSON.parse(JSON.stringify(dms).replace('../u', root === '.' ? 'u' : '../u'));
    const file = (name: string) => (root === '.' ? name : `${root}/${name}`);
    const projects = await projectsOf({ [file('dms.json')]: inside, 's/one.api-schema.json': emptySchema('S') });
    let seen = 0;
    for (const { targets = {} } of Object.values(projects))
      for (const { inputs = [], cache } of Object.values(targets)) {
        if (cache === false) continue;
        for (const input of inputs) {
          const read =
            typeof input === 'string' ? input : 'json' in input ? input.json : 'fileset' in input ? input.fileset : '';
          if (read === '' || read.includes('/dist/executors/')) continue;
          seen += 1;
          const place = read.startsWith('{projectRoot}') && targets['derive-model'] ? file(read.slice(14)) : undefined;
          expect(inputs).toContainEqual(
            writtenBefore(place ?? read.replace('{workspaceRoot}/', '').replace('{projectRoot}', 's')),
          );
        }
      }
    // dms.json in each target, and the places of these
    expect(seen).toBeGreaterThan(20);
  },
);

test('check-golden has the accepted files among its inputs, wherever they are', async () => {
  const files = (golden: string, root = 'b') => projectsOf({ [`${root}/dms.json`]: { schemas: ['a'], golden } });
  const inputs = async (golden: string) => target((await files(golden)).b, 'check-golden')?.inputs;
  expect(await inputs('golden')).toContainEqual(allIn('{projectRoot}/golden'));
  expect(await inputs('../golden/b/')).toContainEqual(allIn('{workspaceRoot}/golden/b'));
  expect(await inputs('golden')).toContainEqual({ dependentTasksOutputFiles: '**/*.{json,sql}' });
  const { b } = await files('golden');
  expect(target(b, 'check-golden')).toMatchObject({
    outputs: [],
    dependsOn: ['derive-model', 'derive-inventory', 'compile-plans', 'emit-ddl', 'derive-ods-mapping'],
  });
});

test.each([
  ['b', '.', '{workspaceRoot}/b/**/*'],
  ['b', './', '{workspaceRoot}/b/**/*'],
  ['b', '..', '{workspaceRoot}/**/*'],
  ['sets/b', '..', '{workspaceRoot}/sets/**/*'],
  ['b', '../dist', '{workspaceRoot}/dist/**/*'],
  ['.', '.', '{workspaceRoot}/**/*'],
  ['.', 'golden', allIn('{projectRoot}/golden')],
])(
  'what a folder to compare with holds is an input, what git ignores where nothing else is in it: in %s, %s',
  async (root, folder, input) => {
    const compared = { golden: folder, baseline: folder, upgradeFrom: folder };
    const projects = await projectsOf({
      [root === '.' ? 'dms.json' : `${root}/dms.json`]: { schemas: ['a'], ...compared },
    });
    for (const name of ['report-impact', 'explore-model', 'plan-upgrade', 'verify-upgrade', 'check-golden']) {
      expect(comparedIn(projects[root], name)).toEqual([input]);
    }
  },
);

test.each([
  ['b', 'moves.json', '{projectRoot}/moves.json'],
  ['b', '../names/b.json', '{workspaceRoot}/names/b.json'],
  ['.', ['ed-fi-5.1-to-5.2', './moves.json'], '{projectRoot}/moves.json'],
])(
  'a file of a translation is an input of the targets that compare with upgradeFrom: in %s, %s',
  async (root, translation, fileset) => {
    const input = evenIgnored(fileset);
    const dms = { schemas: ['a'], upgradeFrom: 'released', baseline: 'released', translation };
    const file = root === '.' ? 'dms.json' : `${root}/dms.json`;
    const { [root]: project } = await projectsOf({ [file]: dms });
    for (const name of ['plan-upgrade', 'verify-upgrade', 'report-impact', 'explore-model'])
      expect(comparedIn(project, name)).toEqual([allIn('{projectRoot}/released'), input]);
    const { [root]: other } = await projectsOf({ [file]: { ...dms, baseline: 'older' } });
    expect(comparedIn(other, 'plan-upgrade')).toContainEqual(input);
    for (const name of ['report-impact', 'explore-model'])
      expect(comparedIn(other, name)).toEqual([allIn('{projectRoot}/older')]);
  },
);

test.each([
  ['b', 'ods.json', '{projectRoot}/ods.json'],
  ['b', '../facts/ods.json', '{workspaceRoot}/facts/ods.json'],
])(
  'a file of ODS overrides is an input of derive-ods-mapping alone: in %s, %s',
  async (root, odsOverrides, fileset) => {
    const projects = await projectsOf({ [`${root}/dms.json`]: { schemas: ['a'], odsOverrides } });
    const targets = Object.keys(projects[root]?.targets ?? {});
    const readers = targets.filter((name) => JSON.stringify(target(projects[root], name)?.inputs).includes(fileset));
    expect(readers).toEqual(['derive-ods-mapping']);
    expect(comparedIn(projects[root], 'derive-ods-mapping')).toEqual([evenIgnored(fileset)]);
  },
);

test('what is reached through a symbolic link is never cached', async () => {
  const released = { 'pgsql.sql': '', 'ddl.manifest.json': '' };
  const folders = ['golden', 'released', 'last'].map((folder) => {
    return Object.entries(released).map(([name, text]) => [`real/${folder}/${name}`, text]);
  });
  const root = temporaryWorkspace({
    ...Object.fromEntries(folders.flat()),
    'real/A.txt': JSON.stringify(emptySchema('A')),
    'real/dms.txt': JSON.stringify({ schemas: ['a'], golden: 'g' }),
    'plain/ApiSchema.json': emptySchema('P'),
    'two/ApiSchema.json': emptySchema('T'),
    'sets/plain/dms.json': { schemas: ['a'], golden: '../../real/golden', baseline: '../../real/released' },
    'sets/golden/dms.json': { schemas: ['a'], golden: 'g', baseline: '../../real/released' },
    'sets/baseline/dms.json': { schemas: ['a'], golden: '../../real/golden', baseline: '../../links/released' },
    'sets/upgrade/dms.json': { schemas: ['a'], upgradeFrom: '../../last', golden: '../../real/golden' },
    'sets/translation/dms.json': { schemas: ['a'], upgradeFrom: '../../real/last', translation: 'moves.json' },
    'real/moves.json': { moves: [] },
    'sets/golden/g/README.md': '',
    'last/README.md': '',
  });
  const link = (target: string, place: string) => {
    mkdirSync(path.dirname(path.join(root, place)), { recursive: true });
    symlinkSync(path.join(root, target), path.join(root, place));
  };
  link('real/A.txt', 'schemas/a/ApiSchema.json');
  link('real/A.txt', 'two/ApiSchema-2.json');
  link('real/dms.txt', 'sets/linked/dms.json');
  link('real/golden/pgsql.sql', 'sets/golden/g/pgsql.sql');
  link('real', 'links');
  link('real/moves.json', 'sets/translation/moves.json');
  link('real/last/ddl.manifest.json', 'last/ddl.manifest.json');
  const schemas = ['schemas/a/ApiSchema.json', 'plain/ApiSchema.json', 'two/ApiSchema.json', 'two/ApiSchema-2.json'];
  const sets = ['plain', 'golden', 'baseline', 'upgrade', 'translation', 'linked'].map(
    (name) => `sets/${name}/dms.json`,
  );
  const results = await infer(root, [...schemas, ...sets]);
  const projects = Object.fromEntries(results.flatMap(([, { projects: found = {} }]) => Object.entries(found)));
  const uncached = (project: string) =>
    Object.entries(projects[project]?.targets ?? {}).flatMap(([name, { cache }]) => (cache === true ? [] : [name]));
  expect(uncached('plain')).toEqual([]);
  expect(uncached('schemas/a')).toEqual(['normalize-schema']);
  expect(uncached('two')).toEqual(['normalize-schema']);
  expect(uncached('sets/plain')).toEqual(['provision-db', 'check-db', 'status-db']);
  expect(uncached('sets/golden')).toEqual(['provision-db', 'check-db', 'status-db', 'check-golden']);
  expect(uncached('sets/baseline')).toEqual([
    'explore-model',
    'report-impact',
    'provision-db',
    'check-db',
    'status-db',
  ]);
  expect(uncached('sets/upgrade')).toEqual([
    ...['plan-upgrade', 'verify-upgrade', 'provision-db', 'check-db', 'upgrade-db', 'status-db'],
  ]);
  expect(uncached('sets/translation')).toEqual(uncached('sets/upgrade'));
  expect(uncached('sets/linked')).toEqual(Object.keys(projects['sets/linked']?.targets ?? {}));
  for (const [project, target] of [
    ['schemas/a', 'normalize-schema'],
    ['sets/golden', 'check-golden'],
    ['sets/linked', 'emit-ddl'],
  ] as const) {
    // otherwise Nx would use the hash of the earlier file for a link
    expect(projects[project]?.targets?.[target]?.inputs).toEqual([]);
  }
  expect(projects['sets/linked']?.metadata?.description).toMatch(
    /^error TASK_INPUT_LINKED sets\/linked\/dms\.json is a symbolic link/,
  );
  expect(projects['schemas/a']?.metadata?.description).toBe('A 1.0.0 (core)');
});

test('an older Nx hashes only what no pattern ignores, so a target that reads more runs every time', async () => {
  const files = {
    '.gitignore': 'b/released/*.sql\n',
    '.nxignore': '/c/own/\n',
    'b/dms.json': { schemas: ['a'], baseline: 'released', golden: 'accepted', odsOverrides: 'ods.json' },
    'b/.nxignore': 'ods.json\n',
    'b/released/pgsql.sql': '',
    'b/accepted/pgsql.sql': '',
    'b/ods.json': {},
    'c/dms.json': { schemas: ['a'], upgradeFrom: 'own', translation: 'own/moves.json' },
    'c/own/moves.json': {},
  };
  const root = temporaryWorkspace(files);
  const results = await infer(root, ['b/dms.json', 'c/dms.json'], undefined, false);
  const projects = Object.fromEntries(results.flatMap(([, { projects: found = {} }]) => Object.entries(found)));
  const uncached = (project: string) =>
    Object.entries(projects[project]?.targets ?? {}).flatMap(([name, { cache }]) => (cache === true ? [] : [name]));
  const databaseTargets = ['provision-db', 'check-db', 'status-db'];
  expect(uncached('b')).toEqual(['derive-ods-mapping', 'explore-model', 'report-impact', ...databaseTargets]);
  expect(comparedIn(projects.b as ProjectConfiguration, 'check-golden')).toEqual(['{workspaceRoot}/b/accepted/**/*']);
  expect(uncached('c')).toEqual([
    ...['plan-upgrade', 'verify-upgrade', 'provision-db', 'check-db', 'upgrade-db', 'status-db'],
  ]);
  for (const name of uncached('c')) expect(projects.c?.targets?.[name]?.inputs).toEqual([]);
});

test('a folder name used twice, by either kind of project, is an error of each that says what to do', async () => {
  const projects = await projectsOf({
    'schemas/ed-fi/ApiSchema.json': emptySchema('EdFi'),
    'other/ed-fi/ApiSchema.json': emptySchema('EdFi'),
    'sets/ed-fi/dms.json': { schemas: ['ed-fi'] },
    'sets/tpdm/dms.json': { schemas: ['ed-fi'] },
  });
  expect(Object.values(projects).map(({ name }) => name)).toEqual(['ed-fi', 'schemas-ed-fi', 'sets-ed-fi', 'tpdm']);
  expect(target(projects['other/ed-fi'], 'normalize-schema')?.options.namesakes).toEqual([
    'schemas/ed-fi/ApiSchema.json',
    'sets/ed-fi/dms.json',
  ]);
  expect(projects['sets/ed-fi']?.metadata?.description).toBe(
    'error PROJECT_NAME_SHARED other/ed-fi and schemas/ed-fi and sets/ed-fi/dms.json are projects with the same name; give it one of its own: "name" in its dms.json.',
  );
  expect(target(projects['sets/tpdm'], 'derive-model')?.options).not.toHaveProperty('namesakes');
});

test('a name in dms.json or in a project.json is that of the project, and in nobody’s way', async () => {
  const root = temporaryWorkspace({
    'schemas/ed-fi/ApiSchema.json': emptySchema('EdFi'),
    'schemas/ed-fi/project.json': { name: 'core' },
    'sets/ed-fi/dms.json': { schemas: ['core'], name: 'state' },
    'sets/x/dms.json': { schemas: ['core'], name: 'ed-fi' },
  });
  const results = await infer(root, ['schemas/ed-fi/ApiSchema.json', 'sets/ed-fi/dms.json', 'sets/x/dms.json']);
  const projects = results.flatMap(([, { projects: found = {} }]) => Object.values(found));
  expect(projects.map(({ name }) => name)).toEqual(['core', 'state', 'ed-fi']);
  for (const project of projects) expect(JSON.stringify(project)).not.toContain('PROJECT_NAME_SHARED');
  expect(projects[1]?.targets?.['emit-ddl']?.metadata?.help?.command).toBe('npx nx run state:emit-ddl --help');
});

test('a project.json may have comments, as Nx reads it', async () => {
  const root = temporaryWorkspace({
    'schemas/ed-fi/ApiSchema.json': emptySchema('EdFi'),
    'schemas/ed-fi/project.json': '{\n  // not ed-fi, which is the mapping set\n  "name": "core",\n}\n',
    'schemas/x/ApiSchema.json': emptySchema('X', true),
    'schemas/x/project.json': '{ "name": ',
  });
  const results = await infer(root, ['schemas/ed-fi/ApiSchema.json', 'schemas/x/ApiSchema.json']);
  const projects = results.flatMap(([, { projects: found = {} }]) => Object.values(found));
  expect(projects.map(({ name }) => name)).toEqual(['core', 'x']);
});

test.each(['sets/a', 'schemas/b', 'schemas/b/out'])(
  'an output folder in that of another project, %s, is refused',
  async (folder) => {
    const projects = await projectsOf({
      'sets/a/dms.json': { schemas: ['../../schemas/b'] },
      'schemas/b/ApiSchema.json': emptySchema('B'),
      'sets/c/dms.json': { schemas: ['../../schemas/b'], outputDirectory: folder },
    });
    expect(projects['sets/c']?.metadata?.description).toMatch(
      /^error CONFIG_OUTPUT_SHARED sets\/c\/dms\.json would write into the folder of (sets\/a\/dms\.json|schemas\/b), /,
    );
    expect(target(projects['sets/c'], 'emit-ddl')?.options.others).toHaveLength(1);
    expect(target(projects['sets/a'], 'emit-ddl')?.options).not.toHaveProperty('others');
    expect(target(projects['schemas/b'], 'normalize-schema')?.options).not.toHaveProperty('others');
  },
);

test('output folders that differ only in letter case are one, as on Windows and macOS', async () => {
  const projects = await projectsOf({
    'sets/a/dms.json': { schemas: ['b'], outputDirectory: 'out/Dms' },
    'sets/c/dms.json': { schemas: ['b'], outputDirectory: 'OUT/dms' },
    'sets/d/dms.json': { schemas: ['b'], outputDirectory: 'Sets/A/out' },
    'sets/e/dms.json': { schemas: ['b'], outputDirectory: 'out/dms2' },
  });
  for (const [root, other] of [
    ['sets/a', 'sets/c/dms.json'],
    ['sets/c', 'sets/a/dms.json'],
    ['sets/d', 'sets/a/dms.json'],
  ] as const) {
    expect(projects[root]?.metadata?.description).toMatch(/^error CONFIG_OUTPUT_SHARED /);
    expect(target(projects[root], 'emit-ddl')?.options.others).toEqual([other]);
  }
  expect(projects['sets/e']?.metadata?.description).toBe('Mapping set');
});

/** Every place that a `dms.json` can name, for each target that reads one. */
const everyPlace = {
  schemas: ['b'],
  golden: 'golden',
  baseline: 'baseline',
  upgradeFrom: 'released',
  translation: 'moves.json',
  odsOverrides: 'ods.json',
  translate: { documents: 'documents', before: 'before', translation: ['ours.json'] },
  earlier: { artifacts: 'earlier', translation: ['theirs.json'] },
};
const placesThere = Object.fromEntries(
  ['golden/x', 'baseline/x', 'released/x', 'documents/x', 'before/x', 'earlier/x', 'moves.json', 'ods.json']
    .concat('ours.json', 'theirs.json')
    .map((name) => [`sets/a/${name}`, '{}']),
);

/** The targets of a mapping set in a workspace with all these places. */
async function targetsWith(dms: unknown) {
  const root = temporaryWorkspace({ ...placesThere, 'sets/a/dms.json': dms });
  const [found] = await infer(root, ['sets/a/dms.json']);
  return found?.[1].projects?.['sets/a']?.targets ?? {};
}

/** The places that each target reads, relative to the workspace, as inference compares them with the disk. */
function comparedPlaces(): Readonly<Record<string, readonly string[]>> {
  const set = parseMappingSet(Buffer.from(JSON.stringify(everyPlace)), 'sets/a/dms.json').mappingSet;
  return Object.fromEntries(
    mappingSetTargetNames(['golden', 'baseline', 'upgradeFrom', 'translate', 'earlier']).map((name) => {
      const { folder, documents, files } = placesOfTarget(name, set);
      return [name, [folder, documents, ...files].filter((each) => each !== null)];
    }),
  );
}

test('the files that a target reads are the dms.json, places that are compared with the disk, and outputs', async () => {
  const targets = await targetsWith(everyPlace);
  const places = comparedPlaces();
  expect(Object.keys(targets).sort()).toEqual(Object.keys(places).sort());
  const fileOf = (input: object | string) =>
    typeof input === 'string' ? input : 'fileset' in input ? input.fileset : 'json' in input ? input.json : null;
  for (const [name, { cache, inputs = [] }] of Object.entries(targets)) {
    const files = inputs.flatMap((input) => fileOf(input) ?? []).map((file) => String(file).replace('/**/*', ''));
    const tool = `{workspaceRoot}/plugins/nx-dms/dist/executors/${name}`;
    const read = files.filter((file) => file !== tool);
    const compared = places[name]?.map((place) => `{projectRoot}/${path.posix.relative('sets/a', place)}`) ?? [];
    expect(read.sort(), name).toEqual(cache === true ? ['{projectRoot}/dms.json', ...compared].sort() : []);
  }
});

test('each file that a cached target reads is hashed after a task that may write it', async () => {
  const root = temporaryWorkspace({ 'c/ApiSchema.json': emptySchema('Core') });
  const [schema] = await infer(root, ['c/ApiSchema.json']);
  const all = { 'sets/a': await targetsWith(everyPlace), c: schema?.[1].projects?.c?.targets ?? {} };
  const cached = Object.entries(all).flatMap(([folder, targets]) =>
    Object.entries(targets).flatMap(([name, { cache, inputs = [] }]) =>
      cache === true ? [{ folder, name, inputs }] : [],
    ),
  );
  expect(cached.map(({ name }) => name)).toContain('normalize-schema');
  expect(cached.length).toBeGreaterThan(10);
  for (const { folder, name, inputs } of cached) {
    const files = inputs
      .map((input) =>
        typeof input === 'string' ? input : 'fileset' in input ? input.fileset : 'json' in input ? input.json : '',
      )
      .map((file) => String(file).replace('{projectRoot}', folder).replace('{workspaceRoot}/', ''))
      .filter((file) => file !== '' && !file.includes('/dist/executors/'));
    expect(files.length, name).toBeGreaterThan(0);
    expect(inputs, name).toEqual(expect.arrayContaining(files.map(writtenBefore)));
  }
});

test('a target with an input in another spelling than the disk is never cached', async () => {
  const cachedWith = async (dms: unknown) => {
    const targets = await targetsWith(dms);
    return new Set(Object.keys(targets).filter((name) => targets[name]?.cache === true));
  };
  const usual = await cachedWith(everyPlace);
  const placesOf = comparedPlaces();
  const places = [...new Set(Object.values(placesOf).flat())];
  expect(places).toHaveLength(Object.keys(placesThere).length);
  for (const place of places) {
    const name = path.posix.basename(place);
    const misspelt = JSON.parse(JSON.stringify(everyPlace), (_, value) => (value === name ? upperName(name) : value));
    const readers = Object.keys(placesOf).filter((each) => placesOf[each]?.includes(place) && usual.has(each));
    expect(readers, place).not.toEqual([]);
    const left = await cachedWith(misspelt);
    expect([...usual].filter((each) => !left.has(each)).sort(), place).toEqual(readers.sort());
  }
});

const upperName = (name: string) => name.toUpperCase().replace('.JSON', '.json');

test('an output folder in the project itself is its own', async () => {
  const { a } = await projectsOf({ 'a/dms.json': { schemas: ['b'], outputDirectory: 'a/out' } });
  expect(a?.metadata?.description).toBe('Mapping set');
});

test.each([
  [
    '{',
    'error INPUT_JSON_INVALID broken/ApiSchema.json:1:2: Invalid JSON at 1:2: expected a member name, found the end of the file.',
  ],
  ['', 'error INPUT_JSON_INVALID broken/ApiSchema.json:1:1'],
  [
    '[]',
    'error INPUT_ROOT_NOT_OBJECT broken/ApiSchema.json: This is not an ApiSchema file; run the target of this project to see what is wrong.',
  ],
  ['{}', 'error INPUT_PROJECT_MISSING broken/ApiSchema.json: This is not an ApiSchema file;'],
  ['{"projectSchemas":{}}', 'error INPUT_LEGACY_FORMAT broken/ApiSchema.json: '],
  ['{"projectSchema":null,"projectSchemas":{}}', 'error INPUT_LEGACY_FORMAT broken/ApiSchema.json: '],
  ['{"projectSchema":null}', 'error INPUT_PROJECT_MISSING broken/ApiSchema.json: '],
  ['{"projectSchema":3}', 'error INPUT_PROJECT_MALFORMED broken/ApiSchema.json: '],
  ['{"projectSchema":{"isExtensionProject":"no"}}', 'error INPUT_PROJECT_MALFORMED broken/ApiSchema.json: '],
])('the ApiSchema file %j still gives its project, which says what is wrong', async (text, description) => {
  const projects = await projectsOf({ 'broken/ApiSchema.json': text, 'schemas/a/ApiSchema.json': emptySchema('A') });
  expect(projects['schemas/a']?.tags).toEqual(['dms:schema', 'dms:core']);
  expect(projects.broken).toMatchObject({ name: 'broken', tags: ['dms:schema'] });
  expect(projects.broken?.metadata?.description).toContain(description);
  expect(Object.keys(projects.broken?.targets ?? {})).toEqual(['normalize-schema']);
});

test('a broken dms.json still gives its project, with the outputs of both dialects', async () => {
  for (const text of ['{', '[]', '{"dialects":["oracle"]}']) {
    const { broken } = await projectsOf({ 'broken/dms.json': text });
    expect(broken).toMatchObject({ name: 'broken', tags: ['dms:mapping-set'] });
    expect(broken?.metadata?.description).toMatch(/^error CONFIG_INVALID broken\/dms\.json/);
    expect(target(broken, 'emit-ddl')).toMatchObject({ outputs: { length: 3 }, options: { dialect: '{pgsql,mssql}' } });
  }
});

test('what can be read of a dms.json with a mistake in it is used', async () => {
  const { b } = await projectsOf({ 'b/dms.json': { schemas: ['a'], dialects: ['pgsql'], golden: 3, dialectz: 4 } });
  expect(target(b, 'derive-model')?.outputs).toHaveLength(3);
  expect(comparedIn(b, 'check-golden')).toEqual([]);
  expect(b?.metadata?.description).toContain('CONFIG_MEMBER_UNKNOWN');
});

test('several ApiSchema files in a folder are one project, whose task gets all of them', async () => {
  const { x } = await projectsOf({
    'x/b-ApiSchema.json': emptySchema('B'),
    'x/ApiSchema.json': '{',
    'x/api-schema.json': emptySchema('A'),
  });
  expect(x).toMatchObject({ name: 'x', tags: ['dms:schema'] });
  expect(x?.metadata?.description).toBe(
    'error PROJECT_FILES_AMBIGUOUS x holds several ApiSchema files: x/ApiSchema.json, x/api-schema.json, x/b-ApiSchema.json. Give each a folder of its own, or remove what is not in use.',
  );
  expect(target(x, 'normalize-schema')).toMatchObject({
    inputs: expect.arrayContaining([
      '{projectRoot}/ApiSchema.json',
      '{projectRoot}/api-schema.json',
      '{projectRoot}/b-ApiSchema.json',
    ]),
    options: { source: 'x/ApiSchema.json', others: ['x/api-schema.json', 'x/b-ApiSchema.json'] },
  });
});

test('a folder with an ApiSchema file and a dms.json has the targets of both, all told of the other file', async () => {
  const { x } = await projectsOf({ 'x/ApiSchema.json': emptySchema('A'), 'x/dms.json': { schemas: ['.'] } });
  expect(x?.tags).toEqual(['dms:mapping-set', 'dms:schema']);
  expect(x?.metadata?.description).toContain('PROJECT_KIND_AMBIGUOUS');
  expect(target(x, 'normalize-schema')?.options.others).toEqual(['x/dms.json']);
  for (const name of ['derive-model', 'derive-inventory', 'compile-plans', 'emit-ddl']) {
    expect(target(x, name)?.options.others).toEqual(['x/ApiSchema.json']);
  }
});

test('projects that share an output folder are reported with each other', async () => {
  const projects = await projectsOf({
    'a/dms.json': { schemas: ['x'], outputDirectory: 'dist/c' },
    'b/dms.json': { schemas: ['x'], outputDirectory: 'dist/./c/' },
    'c/ApiSchema.json': emptySchema('C'),
    'd/dms.json': { schemas: ['x'] },
  });
  expect(target(projects.a, 'emit-ddl')?.options.others).toEqual(['b/dms.json', 'c/ApiSchema.json']);
  expect(target(projects.b, 'derive-model')?.options.others).toEqual(['a/dms.json', 'c/ApiSchema.json']);
  expect(target(projects.c, 'normalize-schema')?.options.others).toEqual(['a/dms.json', 'b/dms.json']);
  expect(projects.c?.metadata?.description).toBe(
    'error CONFIG_OUTPUT_SHARED c/ApiSchema.json: a/dms.json and b/dms.json and c write to the same folder, dist/c. Set another "outputDirectory" in one of them.',
  );
  expect(target(projects.d, 'emit-ddl')?.options).not.toHaveProperty('others');
});

test.each([
  ['[x]', '_x_'],
  ['{x}', '_x_'],
  ['ed (2)', 'ed _2_'],
  ['x(', 'x_'],
  ['+(x)', '+_x_'],
  ['x\\y', 'x_y'],
])(
  'a project whose path Nx takes for a pattern is not cached, has no inputs and plain outputs: %s',
  async (folder, plain) => {
    const projects = await projectsOf({
      [`s/${folder}/ApiSchema.json`]: emptySchema('X'),
      [`m/${folder}/dms.json`]: { schemas: [`../../s/${folder}`], golden: '../../golden', name: 'set' },
    });
    expect(target(projects[`s/${folder}`], 'normalize-schema')).toMatchObject({
      cache: false,
      inputs: [],
      outputs: [`{workspaceRoot}/dist/s/${plain}/schema.normalized.json`],
      options: { source: `s/${folder}/ApiSchema.json`, output: `dist/s/${plain}/schema.normalized.json` },
    });
    const targets = Object.values(projects[`m/${folder}`]?.targets ?? {});
    expect(targets).toHaveLength(mappingSetTargetNames(['golden']).length);
    for (const each of targets) expect(each).toMatchObject({ cache: false, inputs: [] });
    expect(target(projects[`m/${folder}`], 'emit-ddl')?.outputs).toContain(
      `{workspaceRoot}/dist/m/${plain}/ddl.manifest.json`,
    );
  },
);

test('a project in the workspace itself', async () => {
  const root = temporaryWorkspace({ 'dms.json': { schemas: ['schemas/a'] } });
  const [[file, { projects = {} }] = ['', {}]] = await infer(root, ['dms.json']);
  expect(file).toBe('dms.json');
  expect(target(projects['.'] as ProjectConfiguration, 'emit-ddl')?.options).toMatchObject({ outputDirectory: 'dist' });
});

test('only a file that cannot be read is an error, which leaves the other projects', async () => {
  const root = temporaryWorkspace({ 'a/ApiSchema.json': emptySchema('A') });
  symlinkSync(path.join(root, 'nowhere'), path.join(root, 'ApiSchema.json'));
  const error = await infer(root, ['ApiSchema.json', 'a/ApiSchema.json']).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AggregateCreateNodesError);
  const { errors, partialResults } = error as AggregateCreateNodesError;
  expect(errors.map(([file, { message }]) => [file, message])).toEqual([
    ['ApiSchema.json', 'INPUT_FILE_NOT_FOUND: ApiSchema.json does not exist; check the path.'],
  ]);
  expect(partialResults?.map(([file]) => file)).toEqual(['a/ApiSchema.json']);
});

test('a file that changes is read again', async () => {
  const root = temporaryWorkspace({ 'a/ApiSchema.json': emptySchema('A') });
  const options = readOptions(undefined);
  const hashes = settledHashes();
  const once = () =>
    inferProjects(['a/ApiSchema.json'], {
      workspaceRoot: root,
      options,
      tool: { kind: 'locked' },
      isIgnoredHashed: true,
      cache: openFileCache<FileFacts>(path.join(root, 'facts.json'), []),
      hashes,
    });
  const description = async () => (await once())[0]?.[1].projects?.a?.metadata?.description;
  expect(await description()).toBe('A 1.0.0 (core)');
  writeFiles(root, { 'a/ApiSchema.json': emptySchema('A', true) });
  expect(await description()).toBe('A 1.0.0 (extension)');
  writeFileSync(path.join(root, 'a/ApiSchema.json'), '{');
  expect(await description()).toContain('INPUT_JSON_INVALID');
});

const ofFleet = (project: ProjectConfiguration | undefined) =>
  Object.keys(project?.targets ?? {}).filter((name) => name.includes(':') || name.endsWith('-fleet'));

test('each database of a fleet has targets of its own, which are never cached', async () => {
  const fleet = ['north-2026', 'south-2026'].map((name) => ({ name, env: name.toUpperCase() }));
  const { b } = await projectsOf({ 'b/dms.json': { schemas: ['a'], upgradeFrom: 'released', databases: { fleet } } });
  expect(ofFleet(b)).toEqual([
    ...['provision-fleet', 'provision-db:north-2026', 'provision-db:south-2026'],
    ...['check-fleet', 'check-db:north-2026', 'check-db:south-2026'],
    ...['upgrade-fleet', 'upgrade-db:north-2026', 'upgrade-db:south-2026'],
  ]);
  expect(b?.metadata?.targetGroups?.Fleet).toEqual(ofFleet(b));
  expect(target(b, 'check-fleet')).toMatchObject({ executor: 'nx:noop', cache: false, dependsOn: ['check-db:*'] });
  expect(target(b, 'upgrade-db:south-2026')).toEqual({
    executor: 'nx-dms:upgrade-db',
    cache: false,
    metadata: {
      description: 'Upgrade from the last release the database south-2026',
      help: { command: 'npx nx run b:upgrade-db:south-2026 --help', example: { options: {} } },
    },
    dependsOn: ['derive-model', 'derive-inventory', 'emit-ddl', 'derive-ods-mapping'],
    inputs: [
      { json: '{projectRoot}/dms.json', fields: ['dialects', 'databases', 'upgradeFrom', 'translation', 'collation'] },
      { fileset: '{projectRoot}/released/**/*', includeIgnored: true },
      { dependentTasksOutputFiles: '**/*.{json,sql}', transitive: true },
    ],
    outputs: [],
    options: { database: 'south-2026', outputDirectory: 'dist/b' },
    parallelism: true,
  });
});

test('beside a fleet the database of dms.json has a configuration of its own', async () => {
  const fleet = [{ name: 'north', env: 'NORTH' }];
  const { a, b, c } = await projectsOf({
    'a/dms.json': { schemas: ['x'], upgradeFrom: 'released', databases: { pgsql: { env: 'A' }, fleet } },
    'b/dms.json': { schemas: ['x'], databases: { fleet: { env: 'DB_{district}' } } },
    'c/dms.json': { schemas: ['x'], databases: { pgsql: { env: 'C' } } },
  });
  const named = { database: 'single' };
  const beside = { pgsql: { dialect: 'pgsql', ...named }, mssql: { dialect: 'mssql', ...named }, single: named };
  for (const name of ['check-db', 'status-db'] as const) expect(target(a, name)?.configurations).toEqual(beside);
  // targets that change a database have a dry run
  const dry = { 'dry-run': { dryRun: true } };
  for (const name of ['provision-db', 'upgrade-db'] as const)
    expect(target(a, name)?.configurations).toEqual({ ...beside, ...dry });
  expect(target(b, 'check-db')?.configurations).toEqual(beside);
  const plain = { pgsql: { dialect: 'pgsql' }, mssql: { dialect: 'mssql' } };
  expect(target(c, 'check-db')?.configurations).toEqual(plain);
  expect(target(c, 'provision-db')?.configurations).toEqual({ ...plain, ...dry });
  expect(target(a, 'verify-db')?.configurations).toEqual(plain);
  expect(target(a, 'check-db:north')?.configurations).toBeUndefined();
});

test('a mistake in the list of dms.json leaves no targets of a fleet, as one in a file does', async () => {
  const [north, again] = ['NORTH', 'AGAIN'].map((env) => ({ name: 'north', env }));
  const { a } = await projectsOf({ 'a/dms.json': { schemas: ['x'], databases: { fleet: [north, again] } } });
  expect(ofFleet(a)).toEqual([]);
  expect(a?.metadata?.description).toMatch(/^error CONFIG_INVALID a\/dms\.json: .*rename one of them\.$/);
});

test('a fleet may be in a file; what variables and queries give is not inferred', async () => {
  const root = temporaryWorkspace({
    'b/dms.json': { schemas: ['a'], databases: { fleet: 'fleet.json' } },
    'b/fleet.json': { databases: [{ name: 'north', env: 'NORTH' }] },
    'c/dms.json': { schemas: ['a'], databases: { fleet: { env: 'DB_{district}' } } },
    'd/dms.json': { schemas: ['a'], databases: { fleet: '../b/nowhere.json' } },
    'e/dms.json': { schemas: ['a'], databases: { fleet: 'fleet.json' } },
    'e/fleet.json': { databases: [{ name: 'north' }] },
  });
  const projects = async () => {
    const results = await infer(root, ['b/dms.json', 'c/dms.json', 'd/dms.json', 'e/dms.json']);
    return Object.fromEntries(results.flatMap(([, { projects: found = {} }]) => Object.entries(found)));
  };
  const { b, c, d, e } = await projects();
  expect((b as ProjectConfiguration).targets?.['check-db:north']?.inputs).toContainEqual(
    evenIgnored('{projectRoot}/fleet.json'),
  );
  expect([b, c, d, e].map((project) => ofFleet(project as ProjectConfiguration))).toEqual([
    ['provision-fleet', 'provision-db:north', 'check-fleet', 'check-db:north'],
    [],
    [],
    [],
  ]);
  expect(d?.metadata?.description).toMatch(/^error INPUT_FILE_NOT_FOUND b\/nowhere\.json does not exist/);
  expect(e?.metadata?.description).toMatch(/^error CONFIG_INVALID e\/fleet\.json: \/databases\/0 must be /);
  writeFiles(root, { 'b/fleet.json': { databases: [{ name: 'south', env: 'SOUTH' }] } });
  expect(ofFleet((await projects()).b as ProjectConfiguration)).toEqual([
    'provision-fleet',
    'provision-db:south',
    'check-fleet',
    'check-db:south',
  ]);
});
