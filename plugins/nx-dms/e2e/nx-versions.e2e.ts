import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testPrompts } from './prompts.ts';
import { cleanEnvironment, repository, run } from './run-nx.ts';
import {
  createScratchWorkspace,
  installedVersionsOfNx,
  packedPlugin,
  type ScratchWorkspace,
  workspaceFiles,
} from './scratch-workspace.ts';

/*
 * The same plugin under the other supported versions of Nx (design 10 §1). They are not installed in this repository,
 * so they are tested only if `DMS_TEST_NX_VERSIONS` lists them, separated by commas, as `.ci/run` does. All other
 * end-to-end tests use the newest version.
 */

const asked = (process.env.DMS_TEST_NX_VERSIONS ?? '').split(',').filter((version) => version !== '');

if (asked.length === 0) test.skip('other versions of Nx (needs DMS_TEST_NX_VERSIONS)');

describe.each(asked)('with Nx %s', (version) => {
  const schemaFile = (name: string) => path.join(repository, 'fixtures/schemas', name, 'ApiSchema.json');
  const dms = 'mapping-sets/schools/dms.json';
  let workspace: ScratchWorkspace;

  beforeAll(async () => {
    workspace = await createScratchWorkspace(workspaceFiles(version), 'without the plugin');
  });
  afterAll(() => workspace?.dispose());

  async function succeeding(...args: readonly string[]) {
    const run = await workspace.nx(args);
    expect(run.exitCode, run.output).toBe(0);
    return run;
  }
  const executedByGoal = async () =>
    (await succeeding('run-many', '-t', 'emit-ddl,compile-plans', '-p', 'schools')).executed;

  test('`nx add` installs the plugin, and no other version of Nx with it', async () => {
    await succeeding('add', `nx-dms@file:${packedPlugin(path.dirname(workspace.root))}`);
    expect(JSON.parse(workspace.read('nx.json')).plugins).toEqual(['nx-dms']);
    expect(await installedVersionsOfNx(workspace)).toEqual([version]);
  });

  test('the published types exist in this Nx', async () => {
    const use = [
      "import { createDependencies, createMetadata, createNodes } from 'nx-dms';",
      'const [pattern, infer] = createNodes;',
      'const text: string = pattern;',
      "void [text, infer([], { outputDirectory: 'build' }, { workspaceRoot: '', nxJsonConfiguration: {} })];",
      ...['pattern', 'infer', 'createDependencies', 'createMetadata'].flatMap((name) => [
        '// @ts-expect-error a type that is not found would be any',
        `export const ${name}AsNumber: number = ${name};`,
      ]),
    ];
    workspace.write('types/use.ts', use.join('\n'));
    workspace.write('types/tsconfig.json', {
      compilerOptions: { module: 'nodenext', strict: true, noEmit: true, skipLibCheck: true, types: [] },
      files: ['use.ts'],
    });
    const tsc = path.join(repository, 'node_modules/.bin/tsc');
    const checked = await run(tsc, ['--project', 'types'], workspace.root, cleanEnvironment({}));
    workspace.remove('types');
    expect(checked.exitCode, checked.output).toBe(0);
  });

  test('generators set up a workspace', async () => {
    for (const name of ['campus', 'athletics']) await succeeding('g', 'nx-dms:schema', schemaFile(name));
    await succeeding('g', 'nx-dms:mapping-set', 'schools', '--schemas=campus,athletics');
    workspace.git('add', '.');
    workspace.git('commit', '--quiet', '--message=schools');
    await succeeding('graph', '--file=dist/graph.json');
    const { nodes, dependencies } = JSON.parse(workspace.read('dist/graph.json')).graph;
    workspace.remove('dist/graph.json');
    expect(Object.keys(nodes).sort()).toEqual(['athletics', 'campus', 'schools']);
    expect(dependencies.schools.map(({ target }: { target: string }) => target).sort()).toEqual([
      'athletics',
      'campus',
    ]);
    expect(nodes.schools.data.metadata.description).toBe('Mapping set of athletics + campus');
  });

  testPrompts(() => workspace);

  test('a run makes the artifacts of this repository, a second one and a restored one execute nothing', async () => {
    expect(await executedByGoal()).toHaveLength(6);
    const made = workspace.files('dist');
    for (const name of ['ddl.manifest.json', 'mappingset.manifest.json', 'effective-schema.manifest.json']) {
      const golden = readFileSync(path.join(repository, 'golden/dms', name), 'utf8');
      expect(made[`dist/mapping-sets/schools/${name}`] === golden, name).toBe(true);
    }
    expect(await executedByGoal()).toEqual([]);
    workspace.remove('dist');
    expect(await executedByGoal()).toEqual([]);
    expect(workspace.files('dist')).toEqual(made);
  });

  test('an edit runs the step that reads it, a run for one dialect leaves the other, and affected follows the graph', async () => {
    workspace.write(dms, { ...JSON.parse(workspace.read(dms)), plans: { $comment: 'edited' } });
    expect(await executedByGoal()).toEqual(['schools:compile-plans']);
    const script = workspace.read('dist/mapping-sets/schools/mssql.sql');
    expect((await succeeding('run', 'schools:emit-ddl', '--dialect=pgsql')).executed).toEqual(['schools:emit-ddl']);
    expect(workspace.read('dist/mapping-sets/schools/mssql.sql')).toBe(script);
    const schema = JSON.parse(workspace.read('schemas/athletics/ApiSchema.json'));
    schema.projectSchema.openApiBaseDocuments = { changed: true };
    workspace.write('schemas/athletics/ApiSchema.json', schema);
    const affected = await succeeding('affected', '-t', 'emit-ddl', '--files=schemas/athletics/ApiSchema.json');
    expect(affected.executed).toEqual(['athletics:normalize-schema']);
  });

  test('without a lock file the code of an executor is still an input', async () => {
    workspace.remove('package-lock.json');
    const emit = () => workspace.nx(['run', 'schools:emit-ddl']);
    expect((await emit()).executed).toHaveLength(5);
    expect(await emit()).toMatchObject({ exitCode: 0, executed: [] });
    const executor = 'node_modules/nx-dms/dist/executors/emit-ddl/executor.js';
    workspace.write(executor, `${workspace.read(executor)}\n// a later version`);
    expect((await emit()).executed).toEqual(['schools:emit-ddl']);
  });
});
