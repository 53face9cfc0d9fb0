import { readFileSync } from 'node:fs';
import path from 'node:path';
import { hasSharedData, sharedFile } from '@dms/testing';
import { expect, it } from 'vitest';
import { scratchFolders } from '../../test/scratch-folder.ts';
import { convert } from '../commands/convert.ts';
import { dialects, emitArtifacts } from '../index.ts';

/* Runs the steps on the published data standards. */

const scratchFolder = scratchFolders();

it.runIf(hasSharedData)(
  'the data standard 5.2 has 349 resources and a script per dialect (needs the shared conformance data)',
  async () => {
    const folder = scratchFolder();
    const { info } = await emitArtifacts({
      schemas: [sharedFile('inputs', 'ds-5.2-core.json')],
      dialects,
      outputDirectory: folder,
    });
    const manifest = JSON.parse(readFileSync(path.join(folder, 'effective-schema.manifest.json'), 'utf8'));
    expect(manifest.resource_keys.length).toBe(info.resourceKeyCount);
    const model = JSON.parse(readFileSync(path.join(folder, 'relational-model.pgsql.json'), 'utf8'));
    expect(model.resources.length).toBe(349);
    const script = readFileSync(path.join(folder, 'pgsql.sql'), 'utf8');
    for (const { tablesInDependencyOrder } of model.resources)
      for (const { table } of tablesInDependencyOrder)
        expect(script).toContain(`CREATE TABLE IF NOT EXISTS "${table.schema}"."${table.name}"`);
  },
);

it.runIf(hasSharedData)(
  'the older format is refused and says what to do (needs the shared conformance data)',
  async () => {
    const old = sharedFile('inputs', 'ds-5.1-core.old-format.json');
    const emitted = emitArtifacts({ schemas: [old], dialects: ['pgsql'], outputDirectory: scratchFolder() });
    await expect(emitted).rejects.toMatchObject({ code: 'INPUT_LEGACY_FORMAT' });
  },
);

it.runIf(hasSharedData)('the data standard 5.1 converts and emits (needs the shared conformance data)', async () => {
  const folder = scratchFolder();
  const { artifacts, report, shipped } = await convert.run(
    {
      source: undefined,
      options: { file: sharedFile('inputs', 'ds-5.1-core.old-format.json'), output: path.join(folder, 'converted') },
    },
    {},
  );
  expect(shipped).toEqual([{ project: 'Ed-Fi 5.1.0', numbers: 95, durations: 3 }]);
  expect(report.notes.filter((note) => note.includes('lost: the precision'))).toEqual([]);
  const { info } = await emitArtifacts({
    schemas: artifacts.map(({ file }) => file),
    dialects: ['pgsql', 'mssql'],
    outputDirectory: path.join(folder, 'out'),
  });
  expect(info.resourceKeyCount).toBe(342);
});
