import path from 'node:path';
import { completeVersions, mappingVersions } from '@dms/api-schema';
import type { DmsError } from '@dms/diagnostics';
import { ownSchemaFile } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolders } from '../../test/scratch-folder.ts';
import { buildPackStep } from '../build-steps/build-pack.ts';
import { emitArtifacts } from '../build-steps/emit-artifacts.ts';
import { emitDdlStep } from '../build-steps/emit-ddl.ts';
import { upgradeSets } from '../build-steps/upgrade.ts';
import { stepInFolder } from '../incremental-build/stores.ts';
import { databaseDesign, documentDesign, openMappingSet, repairDesign, type SchemaSource } from './source.ts';

const scratchFolder = scratchFolders();

const unfinished = mappingVersions.filter((version) => !completeVersions.some((complete) => complete === version));

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: DmsError) => error,
  );

const codeOf = async (work: Promise<unknown>) => (await errorOf(work))?.code ?? null;

describe.each(unfinished)('a generation that is not finished, %s', (mappingVersion) => {
  const schemas = [ownSchemaFile('district')];
  const outputDirectory = scratchFolder();

  let emitted: Awaited<ReturnType<typeof emitArtifacts>>;

  beforeAll(async () => {
    emitted = await emitArtifacts({ schemas, mappingVersion, dialects: ['pgsql'], outputDirectory });
  });

  it('has artifacts, whose steps run in their folder, and a note about the rest', async () => {
    expect(emitted.diagnostics.map(({ code }) => code)).toEqual(['GENERATION_INCOMPLETE']);
    const { artifacts } = await stepInFolder(emitDdlStep, { outputDirectory, dialects: ['pgsql'] }, () => undefined);
    expect(artifacts.map(({ name }) => name)).toContain('pgsql.sql');
  });

  it('makes and compares databases, and is refused by everything that reads its artifacts for other work', async () => {
    const folder = { kind: 'artifacts', folder: outputDirectory } as const;
    const files: SchemaSource = { kind: 'schemas', files: schemas, mappingVersion };
    for (const source of [folder, files]) {
      const designs = [databaseDesign(source, 'pgsql'), repairDesign(source, 'pgsql')];
      expect(await Promise.all(designs.map(codeOf))).toEqual([null, null]);
      const refused = [documentDesign(source, 'pgsql'), openMappingSet(source, 'pgsql')];
      expect(await Promise.all(refused.map(codeOf))).toEqual(refused.map(() => 'GENERATION_UNFINISHED'));
    }
    const refusal = await errorOf(openMappingSet(folder, 'pgsql'));
    const model = path.join(outputDirectory, 'relational-model.pgsql.json');
    expect(refusal?.diagnostics).toMatchObject([{ message: expect.stringContaining(model), where: { file: model } }]);
    const earlier = { artifacts: 'not-read', translation: ['not-read.json'] };
    const further = [
      upgradeSets({ before: outputDirectory, after: outputDirectory }),
      stepInFolder(buildPackStep, { outputDirectory, dialects: ['pgsql'] }, () => undefined),
      emitArtifacts({ schemas, mappingVersion, dialects: ['pgsql'], outputDirectory, earlier }),
    ];
    expect(await Promise.all(further.map(codeOf))).toEqual(further.map(() => 'GENERATION_UNFINISHED'));
  });
});
