import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DmsError } from '@dms/diagnostics';
import { ownSchemaFile, ownSchemas } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPacks as build, packManifest, verifyPack as verify } from '../commands/pack.ts';
import { buildPackStep, emitArtifacts, openMappingSet, readPackFile, stepInFolder } from '../index.ts';
import type { DatabaseSource } from '../sources/source.ts';

/* Packs made and read by steps, commands and other packages (design 08 §12). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-packs-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const place = (...parts: string[]) => path.join(scratch, ...parts);
const schemas = ownSchemas.map(ownSchemaFile);
const fromSchemas = { kind: 'schemas', files: schemas } as const;
const fromArtifacts = { kind: 'artifacts', folder: place('artifacts') } as const;

async function buildPacks(source: DatabaseSource, output: string, dialects?: readonly ['pgsql']) {
  return (await build.run({ source, dialects, options: { output } }, {})).written;
}

const writePackManifest = (file: string, plans?: boolean) =>
  packManifest.run({ source: undefined, options: { file, plans, output: place('manifest') } }, {});

const verifyPack = (file: string, source?: DatabaseSource) => verify.run({ source, options: { file } }, {});

async function refusal(work: Promise<unknown>): Promise<DmsError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof DmsError) return error;
  throw error ?? new Error('nothing was reported');
}

beforeAll(async () => {
  await emitArtifacts({ schemas, dialects: ['pgsql', 'mssql'], outputDirectory: place('artifacts') });
  await emitArtifacts({ schemas: schemas.slice(0, 1), dialects: ['pgsql'], outputDirectory: place('campus') });
});

describe('the step build-pack', () => {
  it('writes a pack and its manifest per dialect, and the same again', async () => {
    const run = () =>
      stepInFolder(
        buildPackStep,
        { outputDirectory: place('artifacts'), dialects: ['pgsql', 'mssql'] },
        () => undefined,
      );
    const { artifacts } = await run();
    expect(artifacts.map(({ file }) => path.basename(file))).toEqual([
      'mappingset.pgsql.mpack',
      'pack.pgsql.manifest.json',
      'mappingset.mssql.mpack',
      'pack.mssql.manifest.json',
    ]);
    expect((await run()).artifacts).toEqual(artifacts);
    const { mappingSet } = await readPackFile(place('artifacts', 'mappingset.mssql.mpack'));
    const manifest = JSON.parse(readFileSync(place('artifacts', 'mappingset.manifest.json'), 'utf8'));
    const packManifest = JSON.parse(readFileSync(place('artifacts', 'pack.mssql.manifest.json'), 'utf8'));
    expect(mappingSet.key.dialect).toBe('mssql');
    expect(packManifest.resources).toEqual(manifest.mapping_sets[0].resources);
  });
});

describe('packs of schemas and of artifacts', () => {
  it('are the same files, in a folder per dialect, beside those of other sets', async () => {
    const written = await buildPacks(fromSchemas, place('packs'));
    expect(written.map(({ key }) => key.dialect)).toEqual(['pgsql', 'mssql']);
    const [{ key, artifact }] = written as [(typeof written)[number]];
    expect(artifact.file).toBe(place('packs', 'pgsql', `dms-mappingpack-v1-${key.effectiveSchemaHash}.mpack`));
    const again = await buildPacks(fromArtifacts, place('again'));
    expect(again.map((each) => each.artifact.sha256)).toEqual(written.map((each) => each.artifact.sha256));
    await buildPacks({ kind: 'artifacts', folder: place('campus') }, place('packs'));
    expect(readdirSync(place('packs', 'pgsql'))).toHaveLength(2);
    expect(readdirSync(place('packs', 'mssql'))).toHaveLength(1);
  });

  it('of a folder without models say what writes them', async () => {
    const error = await refusal(buildPacks({ kind: 'artifacts', folder: place('none') }, place('x')));
    expect(error.code).toBe('INPUT_FILE_NOT_FOUND');
    expect(error.message).toContain('dms-ddl emit --schema');
  });

  it('execute like the plans they were built from', async () => {
    const [written] = await buildPacks(fromSchemas, place('one'), ['pgsql']);
    const file = written?.artifact.file ?? '';
    const packed = await openMappingSet({ kind: 'pack', file }, 'pgsql');
    for (const source of [fromSchemas, fromArtifacts]) {
      const compiled = await openMappingSet(source, 'pgsql');
      expect(packed.key).toEqual(compiled.key);
      expect([...packed.writePlansByResource.keys()].sort()).toEqual([...compiled.writePlansByResource.keys()].sort());
      expect(packed.resourceKeyById).toEqual(compiled.resourceKeyById);
    }
    const other = await refusal(openMappingSet({ kind: 'pack', file }, 'mssql'));
    expect(other.diagnostics).toMatchObject([
      { code: 'PACK_HEADER_MISMATCH', details: { what: 'dialect', expected: 'mssql' } },
    ]);
  });
});

describe('a pack in a file', () => {
  const pack = place('artifacts', 'mappingset.pgsql.mpack');

  it('is written as pack.manifest.json, on request with mappingset.manifest.json', async () => {
    const { artifacts } = await writePackManifest(pack);
    expect(artifacts.map(({ file }) => file)).toEqual([place('manifest', 'pack.manifest.json')]);
    expect(readFileSync(place('manifest', 'pack.manifest.json'))).toEqual(
      readFileSync(place('artifacts', 'pack.pgsql.manifest.json')),
    );
    await writePackManifest(pack, true);
    const compiled = JSON.parse(readFileSync(place('artifacts', 'mappingset.manifest.json'), 'utf8'));
    const found = JSON.parse(readFileSync(place('manifest', 'mappingset.manifest.json'), 'utf8'));
    expect(found.mapping_sets).toEqual([compiled.mapping_sets[1]]);
  });

  it('is verified alone, or against the source that it is of', async () => {
    const alone = await verifyPack(pack);
    expect(alone.producer).toBe('dms');
    for (const source of [fromSchemas, fromArtifacts]) {
      expect((await verifyPack(pack, source)).payloadSha256).toEqual(alone.payloadSha256);
    }
    const other = await refusal(verifyPack(pack, { kind: 'artifacts', folder: place('campus') }));
    expect(other.diagnostics).toMatchObject([
      { code: 'PACK_HEADER_MISMATCH', details: { what: 'effective_schema_hash' } },
    ]);
  });

  it('is named in messages about it', async () => {
    const file = place('short.mpack');
    writeFileSync(file, readFileSync(pack).subarray(0, 1000));
    expect((await refusal(readPackFile(file))).diagnostics).toMatchObject([{ code: 'PACK_ENVELOPE', where: { file } }]);
    const missing = place('missing.mpack');
    expect((await refusal(readPackFile(missing))).diagnostics).toMatchObject([
      { code: 'INPUT_FILE_NOT_FOUND', where: { file: missing } },
    ]);
    // a sparse file, which takes no room on the disk
    truncateSync(file, 2 ** 31);
    expect((await refusal(readPackFile(file))).diagnostics).toMatchObject([
      { code: 'PACK_PAYLOAD_LENGTH', where: { file } },
    ]);
  });
});
