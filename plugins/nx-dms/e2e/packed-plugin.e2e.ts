import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { artifactsOf, type SqlDialect, type StepName } from '@dms/operations';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { repository } from './run-nx.ts';
import { createScratchWorkspace, type ScratchWorkspace, workspaceFiles } from './scratch-workspace.ts';

/*
 * The packed plugin in a separate workspace, run by the real Nx (design 10 §9). Each test edits the workspace, checks
 * which tasks run, and reverts its changes. The cache and the artifacts stay, as for a user.
 */

const fixture = (name: string) =>
  readFileSync(path.join(repository, 'fixtures/schemas', name, 'ApiSchema.json'), 'utf8');
const versions = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')).devDependencies;

const steps = [
  'derive-model',
  'derive-inventory',
  'compile-plans',
  'emit-ddl',
  'derive-ods-mapping',
  'explore-model',
] as const;
const tasksOf = (project: string) => steps.map((step) => `${project}:${step}`);

const campus = 'schemas/campus/ApiSchema.json';
const athletics = 'schemas/athletics/ApiSchema.json';
const dms = 'mapping-sets/dms/dms.json';
const small = 'mapping-sets/small/dms.json';

const files: Readonly<Record<string, unknown>> = {
  ...workspaceFiles(versions.nx),
  'nx.json': {
    analytics: false,
    neverConnectToCloud: true,
    plugins: [{ plugin: 'nx-dms', exclude: ['excluded/**'] }],
  },
  [campus]: fixture('campus'),
  [athletics]: fixture('athletics'),
  'excluded/other/ApiSchema.json': fixture('campus'),
  [dms]: { schemas: ['../../schemas/campus', '../../schemas/athletics'] },
  [small]: { schemas: ['../../schemas/campus'], dialects: ['pgsql'], golden: '../../golden/small' },
};

let workspace: ScratchWorkspace;

beforeAll(async () => {
  workspace = await createScratchWorkspace(files);
});

afterAll(() => workspace?.dispose());

/** Functions that revert the changes of a test; called in reverse order. */
const undo: (() => void)[] = [];

afterEach(() => {
  for (const step of undo.splice(0).reverse()) step();
});

function put(file: string, content: unknown) {
  const before = existsSync(path.join(workspace.root, file)) ? workspace.read(file) : undefined;
  undo.push(() => (before === undefined ? workspace.remove(file) : workspace.write(file, before)));
  workspace.write(file, content);
}

// biome-ignore lint/suspicious/noExplicitAny: any document, for a test to edit
type JsonDocument = any;

/** Changes a JSON file in place; `edit` may also return another document. */
function edit(file: string, change: (document: JsonDocument) => unknown) {
  const document = JSON.parse(workspace.read(file));
  put(file, change(document) ?? document);
}

const runGoal = () => workspace.nx(['run-many', '-t', 'emit-ddl,compile-plans,explore-model', '-p', 'dms,small']);

/** Runs all steps of both mapping sets, for tests that check which tasks are executed. */
async function executedByGoal() {
  const { exitCode, output, executed } = await runGoal();
  expect(exitCode, output).toBe(0);
  return executed;
}

async function graphOf(): Promise<{
  nodes: Record<string, JsonDocument>;
  dependencies: Record<string, JsonDocument[]>;
}> {
  const { exitCode, output } = await workspace.nx(['graph', '--file=dist/graph.json']);
  expect(exitCode, output).toBe(0);
  const { graph } = JSON.parse(workspace.read('dist/graph.json'));
  workspace.remove('dist/graph.json');
  return graph;
}

test('folders become projects, excluded ones do not, and mapping sets depend on their schemas', async () => {
  const { nodes, dependencies } = await graphOf();
  expect(Object.keys(nodes).sort()).toEqual(['athletics', 'campus', 'dms', 'small']);
  expect(nodes.campus.data.tags).toEqual(['dms:schema', 'dms:core']);
  expect(nodes.dms.data.metadata.description).toBe('Mapping set of athletics + campus');
  const edges = Object.values(dependencies).flat();
  expect(edges.map(({ source, target, type }) => `${source} ${type} ${target}`).sort()).toEqual([
    'dms implicit athletics',
    'dms implicit campus',
    'small implicit campus',
  ]);
});

/**
 * Whether an input is the same everywhere: the list of packages that the plugin depends on differs by registry and
 * platform.
 */
function isPrescribed(input: string) {
  return !input.startsWith('npm:') || input === 'npm:nx-dms';
}

test('what is hashed for each task (T29)', async () => {
  const targets = 'emit-ddl,compile-plans,explore-model,check-golden';
  const { exitCode, output } = await workspace.nx(['run-many', '-t', targets, '--graph=dist/tasks.json']);
  expect(exitCode, output).toBe(0);
  const { taskPlans } = JSON.parse(workspace.read('dist/tasks.json'));
  workspace.remove('dist/tasks.json');
  const sorted = Object.fromEntries(
    Object.entries<string[]>(taskPlans)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([task, plan]) => [task, plan.filter(isPrescribed).sort()]),
  );
  await expect(`${JSON.stringify(sorted, null, 2)}\n`).toMatchFileSnapshot('task-plans.golden');
});

let artifacts: Record<string, string>;

test('the first run executes every task, and writes the artifacts and nothing else', async () => {
  expect(await executedByGoal()).toEqual(
    ['athletics:normalize-schema', 'campus:normalize-schema', ...tasksOf('dms'), ...tasksOf('small')].sort(),
  );
  artifacts = workspace.files('dist');
  const expected = (folder: string, dialects: readonly SqlDialect[]) =>
    steps.flatMap((step) => artifactsOf(step, dialects)).map((name) => `dist/mapping-sets/${folder}/${name}`);
  expect(Object.keys(artifacts)).toEqual(
    [
      ...expected('dms', ['pgsql', 'mssql']),
      ...expected('small', ['pgsql']),
      'dist/schemas/athletics/schema.normalized.json',
      'dist/schemas/campus/schema.normalized.json',
    ].sort(),
  );
});

test('the artifacts are those that are committed in this repository', () => {
  const golden = path.join(repository, 'golden/dms');
  const names = existsSync(golden)
    ? readdirSync(golden).filter((name) => `dist/mapping-sets/dms/${name}` in artifacts)
    : [];
  for (const name of names) {
    expect(artifacts[`dist/mapping-sets/dms/${name}`] === readFileSync(path.join(golden, name), 'utf8'), name).toBe(
      true,
    );
  }
});

test('a second run executes nothing', async () => {
  expect(await executedByGoal()).toEqual([]);
});

test('OpenAPI text is cut off after the first step', async () => {
  edit(athletics, ({ projectSchema }) => {
    projectSchema.openApiBaseDocuments = { changed: true };
  });
  expect(await executedByGoal()).toEqual(['athletics:normalize-schema']);
});

test('an edited member of dms.json runs the step that reads it', async () => {
  edit(dms, (document) => ({ ...document, inventory: { $comment: 'no option yet' } }));
  // Its output did not change, so no later step runs.
  expect(await executedByGoal()).toEqual(['dms:derive-inventory']);
  edit(small, (document) => ({ ...document, ddl: {} }));
  expect(await executedByGoal()).toEqual(['small:emit-ddl']);
});

test('edited plans run compile-plans (T14)', async () => {
  edit(dms, (document) => ({ ...document, plans: {} }));
  expect(await executedByGoal()).toEqual(['dms:compile-plans']);
});

test('comments, white space and the order of members run nothing; an unknown member is reported (T15)', async () => {
  edit(dms, (document) => ({ $comment: 'a comment', ...document, $schema: 'x' }));
  expect(await executedByGoal()).toEqual([]);
  put(dms, JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(workspace.read(dms))).reverse())));
  expect(await executedByGoal()).toEqual([]);
  edit(dms, (document) => ({ ...document, dialectz: ['pgsql'] }));
  const { exitCode, output, executed } = await runGoal();
  expect(exitCode).toBe(1);
  expect(executed).toEqual(['dms:derive-model']);
  expect(output).toContain(
    `error CONFIG_MEMBER_UNKNOWN ${dms}:8:15: /dialectz is unknown; did you mean "dialects"? Correct or remove it.`,
  );
});

test('schemas in another order, or by name, run the steps that read them and nothing after these', async () => {
  edit(dms, (document) => ({ ...document, schemas: ['athletics', '../../schemas/campus'] }));
  expect(await executedByGoal()).toEqual(['dms:derive-model', 'dms:derive-ods-mapping']);
  expect(workspace.files('dist')).toEqual(artifacts);
});

function addColumn({ projectSchema }: JsonDocument) {
  const [resource] = Object.values<JsonDocument>(projectSchema.resourceSchemas).filter(
    ({ isDescriptor, isResourceExtension }) => !isDescriptor && !isResourceExtension,
  );
  resource.jsonSchemaForInsert.properties.addedByTest = { type: 'string', maxLength: 7 };
  resource.documentPathsMapping.AddedByTest = {
    isReference: false,
    path: '$.addedByTest',
    isRequired: false,
    isPartOfIdentity: false,
  };
}

test('a new column runs the steps of the mapping sets that use the schema (T16)', async () => {
  edit(athletics, addColumn);
  expect(await executedByGoal()).toEqual(['athletics:normalize-schema', ...tasksOf('dms')].sort());
  expect(workspace.read('dist/mapping-sets/dms/pgsql.sql')).toContain('AddedByTest');
});

test('after the change is reverted, everything comes from the cache', async () => {
  expect(await executedByGoal()).toEqual([]);
  expect(workspace.files('dist')).toEqual(artifacts);
});

test('an artifact deleted or overwritten, or all of them gone, is restored and nothing executed (T18)', async () => {
  workspace.remove('dist/mapping-sets/dms/inventory.mssql.json');
  workspace.write('dist/mapping-sets/dms/pgsql.sql', '-- not what it was');
  workspace.write('dist/schemas/campus/schema.normalized.json', '{}');
  expect(await executedByGoal()).toEqual([]);
  expect(workspace.files('dist')).toEqual(artifacts);
  workspace.remove('dist');
  expect(await executedByGoal()).toEqual([]);
  expect(workspace.files('dist')).toEqual(artifacts);
});

test('a broken ApiSchema file fails its own task, and those of no other project (T5)', async () => {
  put('schemas/broken/ApiSchema.json', '{');
  const good = await workspace.nx(['run', 'small:emit-ddl']);
  expect(good.exitCode, good.output).toBe(0);
  edit(athletics, ({ projectSchema }) => {
    projectSchema.openApiBaseDocuments = { changed: 'again' };
  });
  const both = await workspace.nx(['run-many', '-t', 'normalize-schema']);
  expect(both.exitCode).toBe(1);
  expect(both.output).toContain('error INPUT_JSON_INVALID schemas/broken/ApiSchema.json:1:2: Invalid JSON at 1:2');
  // A batch keeps the result of each task separately.
  expect(both.executed).toEqual(['athletics:normalize-schema', 'broken:normalize-schema']);
  expect((await workspace.nx(['run-many', '-t', 'normalize-schema'])).executed).toEqual(['broken:normalize-schema']);
});

test('a broken dms.json fails its own tasks, and those of no other project', async () => {
  put('mapping-sets/broken/dms.json', '{ "schemas": ["campus"], }');
  const good = await workspace.nx(['run', 'small:emit-ddl']);
  expect(good.exitCode, good.output).toBe(0);
  const { exitCode, output, executed } = await workspace.nx(['run', 'broken:emit-ddl']);
  expect(exitCode).toBe(1);
  expect(executed).toEqual(['broken:derive-model']);
  expect(output).toContain('error CONFIG_INVALID mapping-sets/broken/dms.json:1:26: Invalid JSON at 1:26');
});

test('a folder name used twice is an error of both, and an explicit name fixes it; no other project is renamed (T6)', async () => {
  put('other/campus/ApiSchema.json', fixture('campus'));
  const good = await workspace.nx(['run', 'athletics:normalize-schema']);
  expect(good.exitCode, good.output).toBe(0);
  const { nodes } = await graphOf();
  expect(Object.keys(nodes).sort()).toEqual(['athletics', 'campus', 'dms', 'schemas-campus', 'small']);
  const { exitCode, output, executed } = await runGoal();
  expect(exitCode).toBe(1);
  expect(output).toContain(
    `error PROJECT_NAME_SHARED ${campus}: other/campus and schemas/campus are projects with the same name; give it one of its own: "name" in a project.json beside the ApiSchema file.`,
  );
  expect(executed).toEqual(['schemas-campus:normalize-schema']);
  put('other/campus/project.json', { name: 'other-campus' });
  const mended = await runGoal();
  expect(mended, mended.output).toMatchObject({ exitCode: 0, executed: [] });
  expect(Object.keys((await graphOf()).nodes).sort()).toEqual(['athletics', 'campus', 'dms', 'other-campus', 'small']);
});

test('two ApiSchema files in a folder fail its task, with both names (T7)', async () => {
  put('schemas/campus/ApiSchema-2.json', fixture('athletics'));
  const { exitCode, output, executed } = await runGoal();
  expect(exitCode).toBe(1);
  expect(output).toMatch(
    /error PROJECT_FILES_AMBIGUOUS .*: schemas\/campus\/ApiSchema-2\.json, schemas\/campus\/ApiSchema\.json\./,
  );
  expect(executed).toEqual(['campus:normalize-schema']);
});

test('an entry that names nothing fails derive-model of its mapping set (T8)', async () => {
  edit(dms, (document) => ({ ...document, schemas: [...document.schemas, 'athletix'] }));
  const { exitCode, output, executed } = await runGoal();
  expect(exitCode).toBe(1);
  expect(executed).toEqual(['dms:derive-model']);
  expect(output).toContain(
    `error CONFIG_SCHEMA_UNKNOWN ${dms}:5:5: /schemas/2 names "athletix", which is neither a schema project nor its folder; did you mean "athletics"?`,
  );
});

test.each([
  ['without', {}],
  ['with', { NX_DAEMON: 'true' }],
])(
  'a schema that is created after the dms.json that names it has its edge at the next command, %s the daemon (T9)',
  async (_, env) => {
    try {
      put('mapping-sets/late/dms.json', { schemas: ['../../schemas/latest'], dialects: ['pgsql'] });
      const before = await workspace.nx(['show', 'projects'], env);
      expect(before.output).toContain('late');
      put('schemas/latest/ApiSchema.json', fixture('campus'));
      const { output } = await workspace.nx(['run', 'latest:normalize-schema', '--graph=dist/tasks.json'], env);
      const { graph } = JSON.parse(workspace.read('dist/tasks.json'));
      expect(graph.dependencies.late, output).toMatchObject([{ target: 'latest', type: 'implicit' }]);
    } finally {
      workspace.remove('dist/tasks.json');
      if ('NX_DAEMON' in env) await workspace.nx(['daemon', '--stop'], env);
    }
  },
);

test('two entries for one project are reported by derive-model (T10)', async () => {
  edit(dms, (document) => ({ ...document, schemas: [...document.schemas, 'campus'] }));
  const { exitCode, output } = await workspace.nx(['run', 'dms:derive-model']);
  expect(exitCode).toBe(1);
  expect(output).toContain(
    `error CONFIG_SCHEMA_DUPLICATE ${dms}:5:5: /schemas/0 and /schemas/2 both name the schema project campus`,
  );
});

test('a project.json renames a schema project, and its folder still names it (T11)', async () => {
  put('schemas/campus/project.json', { name: 'core' });
  const { nodes, dependencies } = await graphOf();
  expect(Object.keys(nodes)).toContain('core');
  expect(dependencies.small?.map(({ target }) => target)).toEqual(['core']);
  const { exitCode, output } = await workspace.nx(['run', 'small:derive-model']);
  expect(exitCode, output).toBe(0);
});

test('affected tasks are those of the mapping sets that use a changed schema (T16), and none for a README (T17)', async () => {
  const affected = () => workspace.nx(['affected', '-t', 'emit-ddl', '--base=HEAD~1', '--head=HEAD']);
  edit(athletics, addColumn);
  workspace.git('commit', '--quiet', '--all', '--message=column');
  const column = await affected();
  expect(column.exitCode, column.output).toBe(0);
  expect(column.output).not.toContain('small:');
  expect(column.output).toContain('dms:emit-ddl');
  workspace.write('schemas/campus/README.md', 'About it');
  workspace.git('add', '.');
  workspace.git('commit', '--quiet', '--message=readme');
  const readme = await affected();
  expect(readme.executed).toEqual([]);
  expect(readme.output).toContain('No tasks were run');
  workspace.git('reset', '--quiet', '--hard', 'HEAD~2');
});

test('an unknown dialect or option is refused before anything is executed (T22)', async () => {
  const dialect = await workspace.nx(['run', 'dms:emit-ddl', '--dialect=oracle']);
  expect(dialect).toMatchObject({ exitCode: 1, executed: [] });
  expect(dialect.output).toContain(
    "Property 'dialect' does not match the schema. 'oracle' should be one of pgsql,mssql,{pgsql,mssql}.",
  );
  const option = await workspace.nx(['run', 'dms:emit-ddl', '--colour=red']);
  expect(option).toMatchObject({ exitCode: 1, executed: [] });
  expect(option.output).toContain("'colour' is not found in schema");
});

test('--dialect runs one step for one dialect, and leaves the files of the other', async () => {
  await executedByGoal();
  const { exitCode, executed } = await workspace.nx(['run', 'dms:emit-ddl', '--dialect=pgsql']);
  expect(exitCode).toBe(0);
  expect(executed).toEqual(['dms:emit-ddl']);
  const { 'dist/mapping-sets/dms/ddl.manifest.json': _both, ...kept } = artifacts;
  expect(workspace.files('dist')).toEqual(kept);
});

const ofDialect = (dialect: SqlDialect) => `dist/mapping-sets/dms/${dialect}.sql`;

test('a run for one dialect keeps no file of another in the cache (T21)', async () => {
  await executedByGoal();
  edit(campus, addColumn);
  const configured = () => workspace.nx(['run', 'dms:emit-ddl:pgsql']);
  expect((await configured()).executed).toEqual([
    'campus:normalize-schema',
    'dms:derive-inventory',
    'dms:derive-model',
    'dms:emit-ddl',
  ]);
  const script = workspace.read(ofDialect('pgsql'));
  expect(script).toContain('AddedByTest');
  // the file for the earlier schemas is still there
  expect(workspace.read(ofDialect('mssql'))).toBe(artifacts[ofDialect('mssql')]);
  workspace.remove('dist');
  expect((await configured()).executed).toEqual([]);
  expect(workspace.read(ofDialect('pgsql'))).toBe(script);
  const names = Object.keys(workspace.files('dist/mapping-sets/dms')).map((name) => path.basename(name));
  expect(names).toEqual(
    ['derive-model', 'derive-inventory', 'emit-ddl']
      .flatMap((step) => artifactsOf(step as StepName, ['pgsql']))
      .filter((name) => name !== 'ddl.manifest.json')
      .sort(),
  );
});

test('runs for each dialect at the same time make what one run makes, and keep it', async () => {
  edit(campus, addColumn);
  edit(dms, (document) => ({ ...document, ddl: { $comment: 'not in the cache yet' } }));
  workspace.remove('dist');
  const configured = () =>
    Promise.all((['pgsql', 'mssql'] as const).map((dialect) => workspace.nx(['run', `dms:emit-ddl:${dialect}`])));
  for (const { exitCode, output, executed } of await configured()) {
    expect(exitCode, output).toBe(0);
    expect(executed).toContain('dms:emit-ddl');
  }
  const made = workspace.files('dist/mapping-sets/dms');
  workspace.remove('dist');
  // One run may repeat a task whose inputs the other was restoring when Nx hashed them; the result is the same.
  for (const { exitCode, output } of await configured()) expect(exitCode, output).toBe(0);
  expect(workspace.files('dist/mapping-sets/dms')).toEqual(made);
  workspace.remove('dist');
  for (const dialect of ['pgsql', 'mssql']) {
    const { exitCode, output, executed } = await workspace.nx(['run', `dms:emit-ddl:${dialect}`]);
    expect(exitCode, output).toBe(0);
    expect(executed).toEqual([]);
  }
  expect(workspace.files('dist/mapping-sets/dms')).toEqual(made);
  expect((await workspace.nx(['run', 'dms:emit-ddl'])).exitCode).toBe(0);
  expect(workspace.files('dist/mapping-sets/dms')).toMatchObject(made);
});

test('check-golden is cached, and runs again when a committed file changes', async () => {
  const manifest = artifacts['dist/mapping-sets/small/ddl.manifest.json'] ?? '';
  put('golden/small/ddl.manifest.json', manifest);
  const check = () => workspace.nx(['run', 'small:check-golden']);
  const first = await check();
  expect(first, first.output).toMatchObject({ exitCode: 0, executed: ['small:check-golden'] });
  expect(first.output).toMatch(/golden\/small {2}1 of \d+ artifacts compared/);
  expect((await check()).executed).toEqual([]);
  put('golden/small/ddl.manifest.json', manifest.replace('pgsql', 'psql'));
  const changed = await check();
  expect(changed).toMatchObject({ exitCode: 1, executed: ['small:check-golden'] });
  expect(changed.output).toContain('error GOLDEN_DIFFERS golden/small/ddl.manifest.json');
});

test('report-impact is cached, and runs again when a file of the baseline changes', async () => {
  expect(await workspace.nx(['run', 'small:emit-ddl'])).toMatchObject({ exitCode: 0 });
  const catalog = 'catalog.pgsql.json';
  const model = ['relational-model.pgsql.json', 'document-schemas.json', 'inventory.pgsql.json'];
  const names = ['effective-schema.manifest.json', ...model, catalog];
  for (const name of names) put(`released/${name}`, workspace.read(`dist/mapping-sets/small/${name}`));
  edit(small, (document) => {
    document.baseline = '../../released';
  });
  const report = () => workspace.nx(['run', 'small:report-impact']);
  const first = await report();
  expect(first, first.output).toMatchObject({ exitCode: 0 });
  expect(first.executed).toContain('small:report-impact');
  expect(first.output).toContain('PostgreSQL: nothing changes');
  const again = await report();
  expect(again.executed).toEqual([]);
  expect(again.output).toContain('PostgreSQL: nothing changes');
  put(`released/${catalog}`, workspace.read(`released/${catalog}`).replace('"timing": "AFTER"', '"timing": "BEFORE"'));
  const changed = await report();
  expect(changed).toMatchObject({ exitCode: 0, executed: ['small:report-impact'] });
  expect(changed.output).toContain('PostgreSQL: free');
  expect(changed.output).toMatch(/~ 1 trigger changed: campus\./);
  expect(JSON.parse(workspace.read('dist/mapping-sets/small/impact.pgsql.json'))).toMatchObject({
    owners: [{ verdict: 'free' }],
  });
});

test('without a lock file everything works, and a second run executes nothing (T20)', async () => {
  undo.push(() => workspace.git('checkout', '--quiet', 'package-lock.json'));
  workspace.remove('package-lock.json');
  const emit = () => workspace.nx(['run', 'small:emit-ddl']);
  expect((await emit()).executed).toEqual([
    'campus:normalize-schema',
    'small:derive-inventory',
    'small:derive-model',
    'small:emit-ddl',
  ]);
  expect(await emit()).toMatchObject({ exitCode: 0, executed: [] });
});

test('the workspace contains only the files from the beginning', () => {
  expect(workspace.git('status', '--short')).toBe('');
});

test('provision-db works at each run, with only the packages that come with the plugin', async () => {
  const data = path.join(workspace.root, '../provisioned');
  put('database.connection', `pglite:${data}\n`);
  const provision = () =>
    workspace.nx(['run', 'dms:provision-db', '--dialect=pgsql', '--connectionFile=database.connection']);
  const first = await provision();
  expect(first.exitCode, first.output).toBe(0);
  expect(first.output).toContain(`Provisioned pgsql database: ${path.normalize(data)}`);
  const second = await provision();
  expect(second.output).toContain('Already provisioned, applied again');
  expect(second.executed).toEqual(['dms:provision-db']);
});

test('the password of a connection is in no output and in no file (T23)', async () => {
  const password = 'Tr0ub%dour';
  edit(dms, (document) => ({ ...document, databases: { pgsql: { env: 'SCRATCH_DATABASE' } } }));
  const { exitCode, output } = await workspace.nx(['run', 'dms:provision-db', '--dialect=pgsql'], {
    SCRATCH_DATABASE: `postgres://u:${encodeURIComponent(password)}@127.0.0.1:1/db`,
  });
  expect(exitCode).toBe(1);
  expect(output).toContain('error DB_UNREACHABLE postgres://u@127.0.0.1:1/db: ');
  const folder = path.dirname(workspace.root);
  const written = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => path.join(entry.parentPath, entry.name));
  expect(written.some((file) => file.includes(`${path.sep}cache${path.sep}`))).toBe(true);
  for (const spelling of [password, encodeURIComponent(password)]) {
    expect(output).not.toContain(spelling);
    expect(written.filter((file) => readFileSync(file, 'latin1').includes(spelling))).toEqual([]);
  }
});
