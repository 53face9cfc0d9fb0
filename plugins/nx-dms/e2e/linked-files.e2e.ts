import { readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { repository } from './run-nx.ts';
import { createScratchWorkspace, type ScratchWorkspace, workspaceFiles } from './scratch-workspace.ts';

/*
 * Symbolic links in place of the files that tasks read. Nx hashes a link again when the link itself changes, but not
 * when the file behind it changes, so no result may come from the cache (design 10 §6.5).
 */

const versions = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')).devDependencies;
const fixture = (name: string) =>
  readFileSync(path.join(repository, 'fixtures/schemas', name, 'ApiSchema.json'), 'utf8');

const goal = ['run-many', '-t', 'emit-ddl,check-golden,report-impact', '-p', 'dms'];
const manifest = 'effective-schema.manifest.json';
const catalog = 'catalog.pgsql.json';
const released = [manifest, 'document-schemas.json', 'relational-model.pgsql.json', 'inventory.pgsql.json', catalog];

const schemaFile = 'schemas/campus/ApiSchema.json';
const golden = 'mapping-sets/dms/golden';
const dms = 'mapping-sets/dms/dms.json';

describe.each([
  { daemon: 'without the daemon', env: { NX_DAEMON: 'false' } },
  { daemon: 'with the daemon', env: { NX_DAEMON: 'true' } },
])('$daemon', ({ env }) => {
  const hasDaemon = env.NX_DAEMON === 'true';
  let workspace: ScratchWorkspace;
  const nx = (...args: readonly string[]) => workspace.nx(args, env);
  const place = (file: string) => path.join(workspace.root, file);

  beforeAll(async () => {
    workspace = await createScratchWorkspace({
      ...workspaceFiles(versions.nx),
      'nx.json': { analytics: false, neverConnectToCloud: true, plugins: ['nx-dms'] },
      '.gitignore': 'node_modules/\ndist/\n.nx/\nreleased\n',
      [schemaFile]: fixture('campus'),
      'schemas/athletics/ApiSchema.json': fixture('athletics'),
      [dms]: {
        schemas: ['../../schemas/campus', '../../schemas/athletics'],
        dialects: ['pgsql'],
        golden: 'golden',
        baseline: '../../released',
      },
    });
    await succeeding('run', 'dms:emit-ddl');
    for (const name of released) workspace.write(`released/${name}`, built(name));
    workspace.write(`${golden}/${manifest}`, built(manifest));
  });
  afterAll(async () => {
    await stopDaemon();
    workspace?.dispose();
  });

  const built = (name: string) => workspace.read(`dist/mapping-sets/dms/${name}`);

  async function succeeding(...args: readonly string[]) {
    const run = await nx(...args);
    expect(run.exitCode, run.output).toBe(0);
    return run;
  }

  /** Stops the daemon of Nx, which does not notice every replacement of a file by a link, or of a link by a file. */
  async function stopDaemon() {
    if (hasDaemon) await nx('daemon', '--stop');
  }

  /** Functions that restore the files that links have replaced. */
  const undo: (() => void)[] = [];
  async function putBack() {
    if (undo.length > 0) await stopDaemon();
    for (const step of undo.splice(0)) step();
  }
  afterEach(putBack);

  /**
   * Puts links in place of files and folders.
   *
   * @param targets targets of the links: in the workspace, or with `../` beside it
   */
  async function link(targets: Readonly<Record<string, string>>) {
    await stopDaemon();
    for (const [file, target] of Object.entries(targets)) {
      const files: [string, string][] = statSync(place(file)).isDirectory()
        ? Object.entries(workspace.files(file))
        : [[file, workspace.read(file)]];
      for (const [name, text] of files) workspace.write(target + name.slice(file.length), text);
      rmSync(place(file), { recursive: true });
      symlinkSync(path.relative(path.dirname(place(file)), place(target)), place(file));
      undo.push(() => {
        workspace.remove(file);
        for (const [name, text] of files) workspace.write(name, text);
      });
    }
  }

  function change(file: string, from: string | RegExp, to: string) {
    expect(workspace.read(file)).toMatch(from);
    workspace.write(file, workspace.read(file).replace(from, to));
  }

  test('without links a second run executes nothing', async () => {
    await succeeding(...goal);
    expect((await succeeding(...goal)).executed).toEqual([]);
  });

  const links = [
    {
      where: 'to files outside of the workspace',
      links: {
        [schemaFile]: '../elsewhere/campus.json',
        [`${golden}/${manifest}`]: `../elsewhere/${manifest}`,
        [`released/${catalog}`]: `../elsewhere/${catalog}`,
      },
      behind: { schema: '../elsewhere/campus.json', golden: '../elsewhere', released: '../elsewhere' },
    },
    {
      where: 'to a file and folders in the workspace',
      links: { [schemaFile]: 'real/campus.json', [golden]: 'real/golden', released: 'real/released' },
      behind: { schema: 'real/campus.json', golden: 'real/golden', released: 'real/released' },
    },
  ];

  // the daemon watches the files of the workspace; without it each run reads the file behind a link
  test.each(hasDaemon ? links : links.slice(1))(
    'files behind links $where are read each time',
    async ({ links: made, behind }) => {
      const readers = ['campus:normalize-schema', 'dms:check-golden', 'dms:report-impact'];
      await link(made);
      for (const run of [await succeeding(...goal), await succeeding(...goal)]) {
        expect(run.executed).toEqual(readers);
        expect(JSON.parse(built('impact.pgsql.json'))).toMatchObject({ owners: [] });
      }
      change(`${behind.golden}/${manifest}`, 'Campus', 'Kampus');
      change(`${behind.released}/${catalog}`, '"timing": "AFTER"', '"timing": "BEFORE"');
      const compared = await nx(...goal);
      expect(compared.executed).toEqual(readers);
      expect(compared.exitCode).toBe(1);
      expect(compared.output).toContain(`error GOLDEN_DIFFERS ${golden}/${manifest}`);
      expect(JSON.parse(built('impact.pgsql.json'))).toMatchObject({ owners: [{ verdict: 'free' }] });
      change(behind.schema, /"projectVersion": *"1\.0\.0"/, '"projectVersion": "77.7"');
      await succeeding('run', 'dms:emit-ddl');
      expect(built(manifest)).toContain('77.7');
      await putBack();
      // a result from the files behind the links does not apply to the current files
      expect((await succeeding(...goal)).executed).toEqual([]);
      expect(built(manifest)).not.toContain('77.7');
    },
  );

  if (hasDaemon) return;

  test('a dms.json that is a link is refused, because targets and edges are made from it', async () => {
    await link({ [dms]: '../elsewhere/dms.json' });
    const { exitCode, output, executed } = await nx('run', 'dms:emit-ddl');
    expect(exitCode).toBe(1);
    expect(executed).toEqual(['dms:derive-model']);
    expect(output).toContain(`error TASK_INPUT_LINKED ${dms} is a symbolic link`);
  });

  test('a target that is cached by hand refuses a link', async () => {
    await link({ [schemaFile]: '../elsewhere/campus.json' });
    workspace.write('schemas/campus/project.json', {
      name: 'campus',
      targets: { 'normalize-schema': { cache: true } },
    });
    undo.push(() => workspace.remove('schemas/campus/project.json'));
    const { exitCode, output } = await nx('run', 'campus:normalize-schema');
    expect(exitCode, output).toBe(1);
    expect(output).toContain(`error TASK_INPUT_LINKED ${schemaFile}`);
  });
});
