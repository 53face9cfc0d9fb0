import { completeVersions, mappingVersions } from '@dms/api-schema';
import type { DmsError } from '@dms/diagnostics';
import { ownSchemaFile } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { scratchFolders } from '../../test/scratch-folder.ts';
import { buildPackStep } from '../build-steps/build-pack.ts';
import { emitArtifacts } from '../build-steps/emit-artifacts.ts';
import { emitDdlStep } from '../build-steps/emit-ddl.ts';
import { upgradeSets } from '../build-steps/upgrade.ts';
import { stepInFolder } from '../incremental-build/stores.ts';
import { databaseDesign, documentDesign, openMappingSet, type SchemaSource } from './source.ts';

const scratchFolder = scratchFolders();

const unfinished = mappingVersions.filter((version) => !completeVersions.some((complete) => complete === version));

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: DmsError) => error.code,
  );

describe.each(unfinished)('a generation that is not finished, %s', (mappingVersion) => {
  const schemas = [ownSchemaFile('district')];
  const outputDirectory = scratchFolder();

  it('has artifacts, whose steps run in their folder, and a note about the rest', async () => {
    const { diagnostics } = await emitArtifacts({ schemas, mappingVersion, dialects: ['pgsql'], outputDirectory });
    expect(diagnostics.map(({ code }) => code)).toEqual(['GENERATION_ARTIFACTS_ONLY']);
    const { artifacts } = await stepInFolder(emitDdlStep, { outputDirectory, dialects: ['pgsql'] }, () => undefined);
    expect(artifacts.map(({ name }) => name)).toContain('pgsql.sql');
  });

  it('is refused by all that reads artifacts or schemas for other work', async () => {
    const folder = { kind: 'artifacts', folder: outputDirectory } as const;
    const files: SchemaSource = { kind: 'schemas', files: schemas, mappingVersion };
    for (const source of [folder, files]) {
      const refused = [
        databaseDesign(source, 'pgsql'),
        documentDesign(source, 'pgsql'),
        openMappingSet(source, 'pgsql'),
      ];
      expect(await Promise.all(refused.map(codeOf))).toEqual(refused.map(() => 'GENERATION_UNFINISHED'));
    }
    const upgrade = upgradeSets({ before: outputDirectory, after: outputDirectory });
    const pack = stepInFolder(buildPackStep, { outputDirectory, dialects: ['pgsql'] }, () => undefined);
    expect([await codeOf(upgrade), await codeOf(pack)]).toEqual(['GENERATION_UNFINISHED', 'GENERATION_UNFINISHED']);
  });
});
