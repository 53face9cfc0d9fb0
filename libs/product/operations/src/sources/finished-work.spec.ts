import path from 'node:path';
import { completeVersions, type MappingWork, mappingVersions, missingWork } from '@dms/api-schema';
import type { DmsError } from '@dms/diagnostics';
import { ownSchemaFile } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolders } from '../../test/scratch-folder.ts';
import { buildPackStep } from '../build-steps/build-pack.ts';
import { emitArtifacts } from '../build-steps/emit-artifacts.ts';
import { emitDdlStep } from '../build-steps/emit-ddl.ts';
import { upgradeSets } from '../build-steps/upgrade.ts';
import { buildPacks } from '../commands/pack.ts';
import { modelFormat } from '../incremental-build/artifact-formats.ts';
import { stepInFolder } from '../incremental-build/stores.ts';
import { expectFinished, workOf } from './finished-work.ts';
import {
  commentDesigns,
  type DatabaseSource,
  databaseDesign,
  databaseWithDocuments,
  documentDesign,
  odsDocumentDesign,
  openMappingSet,
  readSource,
  reportingDesigns,
  type SchemaSource,
} from './source.ts';

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
  const packs = scratchFolder();

  let emitted: Awaited<ReturnType<typeof emitArtifacts>>;

  beforeAll(async () => {
    emitted = await emitArtifacts({ schemas, mappingVersion, dialects: ['pgsql'], outputDirectory });
  });

  it('has artifacts, whose steps run in their folder, and a note about the rest', async () => {
    expect(emitted.diagnostics.map(({ code }) => code)).toEqual(['GENERATION_INCOMPLETE']);
    const { artifacts } = await stepInFolder(emitDdlStep, { outputDirectory, dialects: ['pgsql'] }, () => undefined);
    expect(artifacts.map(({ name }) => name)).toContain('pgsql.sql');
  });

  const readModel = (source: DatabaseSource) =>
    readSource({ source, dialects: ['pgsql'] }, (store) => store.read(modelFormat, 'pgsql'));

  /** Work of each kind, which a generation can do or which is refused. */
  const works = (source: DatabaseSource): Readonly<Record<MappingWork, readonly (() => Promise<unknown>)[]>> => ({
    artifacts: [() => stepInFolder(emitDdlStep, { outputDirectory, dialects: ['pgsql'] }, () => undefined)],
    databases: [
      () => databaseDesign(source, 'pgsql'),
      () => databaseWithDocuments({ source, work: 'databases' }, 'pgsql'),
    ],
    documents: [
      () => documentDesign(source, 'pgsql'),
      () => openMappingSet(source, 'pgsql'),
      () => odsDocumentDesign(source, 'pgsql', {}),
    ],
    packs: [
      () => stepInFolder(buildPackStep, { outputDirectory, dialects: ['pgsql'] }, () => undefined),
      () => buildPacks.run({ source, dialects: ['pgsql'], options: { output: packs } }, {}),
    ],
    checking: [() => databaseWithDocuments({ source, work: 'checking' }, 'pgsql')],
    verification: [async () => expectFinished(mappingVersion, workOf('verify-db'))],
    upgrades: [() => upgradeSets({ before: outputDirectory, after: outputDirectory })],
    reporting: [() => reportingDesigns({ source, dialects: ['pgsql'] })],
    descriptions: [() => commentDesigns({ source, dialects: ['pgsql'] })],
    others: [() => readModel(source)],
  });

  it('is refused by everything that reads its artifacts for work that is not finished', async () => {
    const folder = { kind: 'artifacts', folder: outputDirectory } as const;
    const files: SchemaSource = { kind: 'schemas', files: schemas, mappingVersion };
    for (const source of [folder, files])
      for (const [work, attempts] of Object.entries(works(source))) {
        const refused = missingWork[mappingVersion].some((missing) => missing === work)
          ? 'GENERATION_UNFINISHED'
          : null;
        expect(attempts, work).not.toEqual([]);
        for (const attempt of attempts) expect(await codeOf(attempt()), work).toBe(refused);
      }
    const refusal = await errorOf(readModel(folder));
    const model = path.join(outputDirectory, 'relational-model.pgsql.json');
    expect(refusal?.diagnostics).toMatchObject([{ message: expect.stringContaining(model), where: { file: model } }]);
  });
});
