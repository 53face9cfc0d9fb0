import path from 'node:path';
import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { filesIn, scratchFolders, writeJson } from '../../test/scratch-folder.ts';
import { convert as operation } from '../commands/convert.ts';
import { hash } from '../commands/hash.ts';
import { emitArtifacts } from '../index.ts';

const scratchFolder = scratchFolders();

const convert = ({
  source: file,
  outputDirectory: output,
}: {
  readonly source: string;
  readonly outputDirectory: string;
}) => operation.run({ source: undefined, options: { file, output } }, {});

const hashSchemas = (files: readonly string[]) => hash.run({ source: { kind: 'schemas', files }, options: {} }, {});

/** A core of the wrapped older format: projects by endpoint under `projectSchemas`. */
function wrapped() {
  const { projectSchema } = build.project('Ed', [
    build.resource('Student', {
      identityJsonPaths: ['$.studentId'],
      jsonSchemaForInsert: build.object({ studentId: build.string() }, ['studentId']),
    }),
  ]) as { projectSchema: build.JsonRecord };
  return { apiSchemaVersion: '1.0.0', projectSchemas: { ed: projectSchema } };
}

describe('convert', () => {
  it('writes one file per project, which emit takes', async () => {
    const folder = scratchFolder();
    const source = writeJson(folder, 'old.json', wrapped());
    const output = path.join(folder, 'converted');
    const { artifacts } = await convert({ source, outputDirectory: output });
    expect(artifacts.map(({ file }) => path.relative(output, file))).toEqual(['ApiSchema-ed.json']);
    const { info } = await emitArtifacts({
      schemas: artifacts.map(({ file }) => file),
      dialects: ['pgsql'],
      outputDirectory: path.join(folder, 'out'),
    });
    expect(info.resourceKeyCount).toBe(1);
  });

  it('replaces its own files, but refuses a folder with others', async () => {
    const folder = scratchFolder();
    const source = writeJson(folder, 'old.json', wrapped());
    const output = path.join(folder, 'converted');
    await convert({ source, outputDirectory: output });
    const before = filesIn(output);
    await convert({ source, outputDirectory: output });
    expect(filesIn(output)).toEqual(before);
    writeJson(output, 'notes.txt', 'mine');
    await expect(convert({ source, outputDirectory: output })).rejects.toMatchObject({ code: 'DDL_OUTPUT_NOT_EMPTY' });
  });

  it.each(['a/../../../evil', '..\\evil'])(
    'writes nothing outside of its folder for an endpoint %s',
    async (endpoint) => {
      const folder = scratchFolder();
      const old = wrapped();
      const { ed } = old.projectSchemas;
      const projectSchemas = { [endpoint]: { ...(ed as build.JsonRecord), projectEndpointName: endpoint } };
      const source = writeJson(folder, 'old.json', { ...old, projectSchemas });
      await expect(convert({ source, outputDirectory: path.join(folder, 'x', 'converted') })).rejects.toMatchObject({
        code: 'INPUT_VALUE_UNSAFE',
      });
      expect(Object.keys(filesIn(folder))).toEqual(['old.json']);
    },
  );

  it('writes nothing when a converted file would be refused', async () => {
    const folder = scratchFolder();
    const old = wrapped();
    Object.assign(old.projectSchemas.ed, { projectVersion: '' });
    const source = writeJson(folder, 'old.json', old);
    const output = path.join(folder, 'converted');
    await expect(convert({ source, outputDirectory: output })).rejects.toMatchObject({
      code: 'INPUT_PROJECT_MALFORMED',
      message: expect.stringContaining('projectVersion'),
    });
    expect(() => filesIn(output)).toThrow('ENOENT');
  });
});

describe('hash', () => {
  it('is that of the artifacts, in any order of files', async () => {
    const folder = scratchFolder();
    const core = writeJson(folder, 'core.json', build.project('Ed', []));
    const extension = writeJson(folder, 'ext.json', build.project('Ext', [], { isExtension: true }));
    const { info } = await emitArtifacts({
      schemas: [core, extension],
      dialects: ['pgsql'],
      outputDirectory: path.join(folder, 'out'),
    });
    expect((await hashSchemas([extension, core])).effectiveSchemaHash).toBe(info.effectiveSchemaHash);
    expect((await hashSchemas([core])).effectiveSchemaHash).not.toBe(info.effectiveSchemaHash);
  });
});
