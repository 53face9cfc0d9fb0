import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sourceNames } from '@dms/databases';
import { ownSchemaFile } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolders } from '../../test/scratch-folder.ts';
import { compareEmitted } from '../build-steps/emit-artifacts.ts';
import { compiledSet } from '../build-steps/impact.ts';
import { upgradeSets } from '../build-steps/upgrade.ts';
import { doctor } from '../commands/doctor.ts';
import { load } from '../commands/load.ts';
import type { Context } from '../declaring/operation.ts';
import { catalogFormat, inventoryFormat, scriptFormat } from '../incremental-build/artifact-formats.ts';
import { folderStore } from '../incremental-build/stores.ts';
import { dialects, emitArtifacts } from '../index.ts';
import { earlierDesigns } from './earlier-source.ts';
import {
  catalogWithViews,
  commentDesigns,
  databaseDesign,
  databaseWithDocuments,
  designIn,
  documentDesign,
  odsDocumentDesign,
  openMappingSet,
  reportingDesigns,
} from './source.ts';

const scratchFolder = scratchFolders();

/** The artifacts of a set, and of a set with one more schema. */
let before = '';
let after = '';

beforeAll(async () => {
  [before, after] = [scratchFolder(), scratchFolder()];
  await emitArtifacts({ schemas: [ownSchemaFile('campus')], dialects, outputDirectory: before });
  await emitArtifacts({
    schemas: [ownSchemaFile('campus'), ownSchemaFile('athletics')],
    dialects,
    outputDirectory: after,
  });
});

/** The artifacts of the later set, with some files of the earlier one. */
function mixed(...earlier: readonly string[]): string {
  const folder = scratchFolder();
  cpSync(after, folder, { recursive: true });
  for (const name of earlier) cpSync(path.join(before, name), path.join(folder, name));
  return folder;
}

/** The artifacts of the later set, as Git for Windows checks them out. */
function withCarriageReturns(isChanged: (name: string) => boolean): string {
  const folder = mixed();
  for (const name of readdirSync(folder).filter(isChanged)) {
    const file = path.join(folder, name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
  }
  return folder;
}

describe('artifacts whose lines end in two characters', () => {
  it.each([
    ['all', () => true],
    ['models', (name: string) => name.startsWith('relational-model')],
    ['inventories', (name: string) => name.startsWith('inventory')],
    ['scripts and manifests', (name: string) => /\.sql$|manifest/.test(name)],
  ])('are read as they were written: %s', async (_, isChanged) => {
    const changed = folderStore(withCarriageReturns(isChanged));
    const written = folderStore(after);
    for (const dialect of dialects) {
      expect(await changed.hashOf('model', dialect)).toBe(await written.hashOf('model', dialect));
      for (const format of [inventoryFormat, catalogFormat, scriptFormat])
        expect(await changed.read(format, dialect)).toEqual(await written.read(format, dialect));
    }
  });

  it('are what emit writes', async () => {
    const folder = withCarriageReturns(() => true);
    const schemas = [ownSchemaFile('campus'), ownSchemaFile('athletics')];
    expect(await compareEmitted({ schemas, dialects, outputDirectory: folder })).toMatchObject({ changes: [] });
  });
});

/** The artifacts of the later set, with a manifest that lists only one script, with another hash. */
function withManifestOfOne(dialect: string): string {
  const folder = mixed();
  const file = path.join(folder, 'ddl.manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const ddl = manifest.ddl.filter((entry: { readonly dialect: string }) => entry.dialect === dialect);
  const ofOtherText = ddl.map((entry: object) => ({ ...entry, normalized_sql_sha256: 'f'.repeat(64) }));
  writeFileSync(file, JSON.stringify({ ...manifest, ddl: ofOtherText }));
  return folder;
}

const provisioned = (folder: string, isOneOfSeveral?: boolean) => {
  return databaseDesign({ kind: 'artifacts', folder, ...(isOneOfSeveral && { isOneOfSeveral }) }, 'pgsql');
};
const verified = (folder: string, isOneOfSeveral?: boolean) => designIn(folderStore(folder), 'pgsql', isOneOfSeveral);

const stale = (message: string) => ({ code: 'PROVISION_INPUT_STALE', message: expect.stringContaining(message) });
const otherSet = (name: string) => `${name} is of another schema set than effective-schema.manifest.json. Emit`;

describe('a manifest that an earlier run for all dialects has left', () => {
  it('refuses a database, but in a run for one of several dialects', async () => {
    const folder = mixed('ddl.manifest.json');
    await expect(provisioned(folder)).rejects.toMatchObject(stale(otherSet('ddl.manifest.json')));
    expect(await provisioned(folder, true)).toMatchObject({ scriptSha256: null });
    const unlisted = withManifestOfOne('mssql');
    await expect(provisioned(unlisted)).rejects.toMatchObject(stale('does not list the script pgsql.sql'));
    expect(await provisioned(unlisted, true)).toMatchObject({ scriptSha256: null });
  });

  it('is not part of a run for one of several dialects, even if it belongs to the set', async () => {
    const folder = withManifestOfOne('pgsql');
    expect(await provisioned(folder)).toMatchObject({ scriptSha256: 'f'.repeat(64) });
    expect(await provisioned(folder, true)).toMatchObject({ scriptSha256: null });
  });

  it('is not part of the verification of one of several dialects either', async () => {
    await expect(verified(mixed('ddl.manifest.json'))).rejects.toMatchObject(stale(otherSet('ddl.manifest.json')));
    await expect(verified(withManifestOfOne('mssql'))).rejects.toMatchObject(
      stale('does not list the script pgsql.sql'),
    );
    expect(await verified(withManifestOfOne('pgsql'))).toMatchObject({ scriptSha256: 'f'.repeat(64) });
    for (const folder of [mixed('ddl.manifest.json'), withManifestOfOne('mssql'), withManifestOfOne('pgsql')])
      expect(await verified(folder, true)).toMatchObject({ scriptSha256: null });
  });
});

describe('artifacts of several schema sets', () => {
  it.each([
    ['catalog.pgsql.json', ['catalog.pgsql.json', 'pgsql.sql', 'ddl.manifest.json']],
    ['pgsql.sql', ['pgsql.sql', 'ddl.manifest.json']],
    ['pgsql.sql', ['pgsql.sql']],
  ])('%s of another one is refused, whatever the run is for', async (named, earlier) => {
    const folder = mixed(...earlier);
    await expect(provisioned(folder)).rejects.toMatchObject(stale(otherSet(named)));
    await expect(provisioned(folder, true)).rejects.toMatchObject(stale(otherSet(named)));
    await expect(verified(folder)).rejects.toMatchObject(stale(otherSet(named)));
  });

  it('a script of another one is refused also where there is no manifest', async () => {
    const folder = mixed('pgsql.sql');
    rmSync(path.join(folder, 'ddl.manifest.json'));
    await expect(provisioned(folder)).rejects.toMatchObject(stale(otherSet('pgsql.sql')));
    await expect(verified(folder)).rejects.toMatchObject(stale(otherSet('pgsql.sql')));
  });
});

describe('artifacts of two generations with the same hash', () => {
  const emittedAs: Record<string, string> = {};
  const schemas = [ownSchemaFile('district'), ownSchemaFile('transport')];
  beforeAll(async () => {
    for (const mappingVersion of ['v2', 'v2-natural'] as const) {
      const outputDirectory = scratchFolder();
      await emitArtifacts({ schemas, dialects, outputDirectory, mappingVersion });
      emittedAs[mappingVersion] = outputDirectory;
    }
  });

  /** The artifacts of a version with some files of the other one. */
  function mixedAs(version: string, ...names: readonly string[]): string {
    const folder = scratchFolder();
    cpSync(emittedAs[version] ?? '', folder, { recursive: true });
    const other = emittedAs[version === 'v2' ? 'v2-natural' : 'v2'] ?? '';
    for (const name of names) cpSync(path.join(other, name), path.join(folder, name));
    return folder;
  }

  it.each(['v2', 'v2-natural'])(
    'a script of the other one than %s is refused also without a manifest',
    async (version) => {
      for (const dialect of dialects) {
        const folder = mixedAs(version, `${dialect}.sql`);
        rmSync(path.join(folder, 'ddl.manifest.json'));
        const read = () => designIn(folderStore(folder), dialect);
        const text = `${dialect}.sql makes another shape of schema dms than catalog.${dialect}.json. Emit`;
        await expect(read()).rejects.toMatchObject(stale(text));
        cpSync(path.join(emittedAs[version] ?? '', `${dialect}.sql`), path.join(folder, `${dialect}.sql`));
        expect((await read()).info.relationalMappingVersion).toBe(version);
      }
    },
  );

  const catalogFiles = ['catalog.pgsql.json', 'pgsql.sql', 'ddl.manifest.json'];
  const readers: readonly (readonly [string, readonly string[], (folder: string) => Promise<unknown>])[] = [
    [
      'databaseWithDocuments',
      catalogFiles,
      (folder) => databaseWithDocuments({ source: { kind: 'artifacts', folder } }, 'pgsql'),
    ],
    ['catalogWithViews', catalogFiles, (folder) => catalogWithViews({ kind: 'artifacts', folder }, 'pgsql')],
    ['upgradeSets', catalogFiles, (folder) => upgradeSets({ before: folder, after: folder })],
    ['compiledSet', catalogFiles, (folder) => compiledSet(folderStore(folder), 'pgsql', folder)],
    [
      'commentDesigns',
      ['relational-model.pgsql.json'],
      (folder) => commentDesigns({ source: { kind: 'artifacts', folder }, dialects }),
    ],
  ];

  describe.each(['v2', 'v2-natural'] as const)('%s', (version) => {
    it('names the generation of documents, reports and mapping sets, from a folder and from schemas', async () => {
      const folder = { kind: 'artifacts', folder: emittedAs[version] ?? '' } as const;
      for (const source of [folder, { kind: 'schemas', files: schemas, mappingVersion: version } as const]) {
        const infos = [
          (await documentDesign(source, 'pgsql')).info,
          (await odsDocumentDesign(source, 'pgsql', {})).design.info,
          (await reportingDesigns({ source, dialects })).info,
          (await openMappingSet(source, 'pgsql')).key,
        ];
        expect(new Set(infos.map((info) => info.relationalMappingVersion))).toEqual(new Set([version]));
      }
    });

    it.each(readers)('are refused by %s', async (_, names, read) => {
      expect(await read(emittedAs[version] ?? '')).toBeDefined();
      await expect(read(mixedAs(version, ...names))).rejects.toMatchObject({
        code: 'MODEL_FILE_INVALID',
        message: expect.stringMatching(
          /: its mapping version is v2(-natural)?, and that of \S+ is v2(-natural)?; emit the artifacts again\.$/,
        ),
      });
    });
  });
});

describe('schemas of which a task needs several parts', () => {
  const source = { kind: 'schemas', files: [ownSchemaFile('campus')] } as const;
  const placeOf = () => ({ environment: {}, folder: '.', sources: { names: sourceNames.otherDatabase } });
  const input = { source, dialect: 'pgsql', placeOf } as const;

  it.each([
    ['rights, of views too', (context: Context) => doctor.run({ ...input, options: { grants: 'reader' } }, context)],
    ['documents of an ODS', (context: Context) => load.prepare({ ...input, options: { fromOds: 'x' } }, context)],
  ])('are compiled once: %s', async (_, work) => {
    const steps: string[] = [];
    await work({ onProgress: (step) => void steps.push(step) });
    expect(steps).toEqual([...new Set(steps)]);
    expect(steps).toEqual(expect.arrayContaining(['load', 'derive-ods-mapping']));
  });

  describe('among them views of an earlier version', () => {
    const later = { kind: 'schemas', files: [ownSchemaFile('campus'), ownSchemaFile('athletics')] } as const;
    const designs = (further: object) =>
      earlierDesigns({ source: later, dialects: ['pgsql'], ...further }, { artifacts: before, translation: [] });

    it('are compiled once, without the scripts', async () => {
      const steps: string[] = [];
      await designs({ onProgress: (step: string) => void steps.push(step) });
      expect(steps).toEqual([
        ...['load', 'derive-model pgsql', 'derive-inventory pgsql', 'derive-ods-mapping', 'derive-earlier-mapping'],
      ]);
    });

    it('are compiled with the overrides of the ODS', async () => {
      const odsOverrides = path.join(scratchFolder(), 'none.json');
      await expect(designs({ odsOverrides })).rejects.toMatchObject({ code: 'INPUT_FILE_NOT_FOUND' });
    });
  });
});
