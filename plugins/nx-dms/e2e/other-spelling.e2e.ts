import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repository } from './run-nx.ts';
import { createScratchWorkspace, type ScratchWorkspace, workspaceFiles } from './scratch-workspace.ts';

/*
 * Places that `dms.json` spells otherwise than the disk. Patterns of Nx know letter case on every system. Where the file
 * system does not (set TMPDIR to a folder of one), Nx finds no file for such an input, and the result of a task would
 * come from the cache after the file has changed (design 10 §5).
 */

const versions = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')).devDependencies;
const asked = (process.env.DMS_TEST_NX_VERSIONS ?? '').split(',').filter((version) => version !== '');

const schema = readFileSync(path.join(repository, 'fixtures/schemas/campus/ApiSchema.json'), 'utf8');
const dms = 'sets/dms/dms.json';
const artifacts = ['effective-schema.manifest.json', 'document-schemas.json', 'ods-mapping.json'].concat(
  ['relational-model', 'inventory', 'catalog'].map((name) => `${name}.pgsql.json`),
);
const folders = ['golden', 'baseline', 'released', 'before', 'earlier'];
const translations = ['moves.json', 'ours.json', 'theirs.json'];
const places = {
  golden: 'golden',
  baseline: 'baseline',
  upgradeFrom: 'released',
  translation: 'moves.json',
  odsOverrides: 'ods.json',
  translate: { documents: 'documents', before: 'before', translation: ['ours.json'] },
  earlier: { artifacts: 'earlier', translation: ['theirs.json'] },
};
const readers = [
  'check-golden',
  'derive-earlier-mapping',
  'derive-ods-mapping',
  'explore-model',
  'plan-upgrade',
].concat('report-impact', 'translate-documents');

/**
 * The readers except `explore-model`, in groups without dependencies among them: Nx does not begin a task if one that it
 * needs has failed.
 */
const apart = [
  ['derive-ods-mapping', 'plan-upgrade', 'report-impact', 'translate-documents'],
  ['check-golden', 'derive-earlier-mapping'],
];

describe.each([versions.nx, ...asked] as string[])('with Nx %s', (version) => {
  let workspace: ScratchWorkspace;
  const runAll = () => workspace.nx(['run-many', '-t', readers.join(','), '-p', 'dms', '--nxBail=false']);
  const configure = (named: object) =>
    workspace.write(dms, { schemas: ['../../schemas/campus'], dialects: ['pgsql'], ...named });

  beforeAll(async () => {
    workspace = await createScratchWorkspace({
      ...workspaceFiles(version),
      'nx.json': { analytics: false, neverConnectToCloud: true, plugins: ['nx-dms'] },
      // some file systems without letter case list every name in lower case
      'schemas/campus/api-schema.json': schema,
    });
    configure({});
    const built = await workspace.nx(['run-many', '-t', 'emit-ddl,derive-ods-mapping', '-p', 'dms']);
    expect(built.exitCode, built.output).toBe(0);
    for (const folder of folders)
      for (const name of artifacts)
        workspace.write(`sets/dms/${folder}/${name}`, workspace.read(`dist/sets/dms/${name}`));
    for (const name of translations) workspace.write(`sets/dms/${name}`, {});
    workspace.write('sets/dms/ods.json', {});
    workspace.write('sets/dms/documents/a.jsonl', '');
  });
  afterAll(() => workspace?.dispose());

  test('each task that reads a place in another spelling fails, and none comes from the cache', async () => {
    configure(places);
    await runAll();
    const usual = await runAll();
    // so that the next runs say something: these came from the cache
    for (const name of ['check-golden', 'derive-ods-mapping', 'report-impact', 'plan-upgrade'])
      expect(usual.executed, usual.output).not.toContain(`dms:${name}`);
    const misspelt = JSON.parse(JSON.stringify(places), (_, value) =>
      typeof value === 'string' ? value.replace(/^./, (first) => first.toUpperCase()) : value,
    );
    configure(misspelt);
    for (const change of ['', ' ', '  ']) {
      for (const folder of folders)
        for (const name of artifacts)
          workspace.write(`sets/dms/${folder}/${name}`, workspace.read(`dist/sets/dms/${name}`) + change);
      for (const name of [...translations, 'ods.json'])
        workspace.write(`sets/dms/${name}`, `${workspace.read(`sets/dms/${name}`)}${change}`);
      workspace.write('sets/dms/documents/a.jsonl', change);
      for (const names of apart) {
        const options = ['--exclude-task-dependencies', '--nxBail=false', '--output-style=static'];
        const { exitCode, executed, output } = await workspace.nx([
          'run-many',
          '-t',
          names.join(),
          '-p',
          'dms',
          ...options,
        ]);
        expect(executed, output).toEqual(names.map((name) => `dms:${name}`));
        expect(exitCode, output).toBe(1);
        const failed = output.slice(output.indexOf('Failed tasks:'));
        for (const name of names) expect(failed, output).toContain(`- dms:${name}\n`);
        expect(
          output.match(/error CONFIG_PATH_SPELLING sets\/dms\/dms\.json:/g)?.length,
          output,
        ).toBeGreaterThanOrEqual(names.length);
      }
    }
    configure(places);
    const again = await runAll();
    for (const name of ['check-golden', 'derive-ods-mapping', 'report-impact', 'plan-upgrade'])
      expect(again.executed, again.output).toContain(`dms:${name}`);
  });
});
