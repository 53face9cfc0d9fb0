import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DmsError } from '@dms/diagnostics';
import { authTable } from '@dms/inventory';
import { ownSchemaFile, ownSchemas } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { allSteps, normalized } from '../../test/all-steps.ts';
import { filesIn, scratchFolders } from '../../test/scratch-folder.ts';
import { stepTable } from '../incremental-build/step-table.ts';
import {
  type AnyStep,
  artifactsOf,
  buildPackStep,
  compilePlansStep,
  deriveInventoryStep,
  deriveModelInFolder,
  dialects,
  emitArtifacts,
  emitDdlStep,
  emitSteps,
  filesOf,
  normalizeSchemaInFolder,
  stepInFolder,
} from '../index.ts';

const scratchFolder = scratchFolders();

interface StepRow {
  readonly reads: readonly string[];
  readonly writes: Readonly<Record<string, { readonly file: string; readonly of: string }>>;
}

let emitted: Promise<string> | undefined;

/** A folder with the artifacts of PostgreSQL for a test to change; the steps write them only once. */
async function emittedFolder(): Promise<string> {
  emitted ??= (async () => {
    const folder = scratchFolder();
    await allSteps(scratchFolder(), folder, ['pgsql']);
    return folder;
  })();
  const copy = scratchFolder();
  cpSync(await emitted, copy, { recursive: true });
  return copy;
}

async function refusal(work: Promise<unknown>): Promise<DmsError> {
  const error = await work.catch((reason: unknown) => reason);
  if (!(error instanceof DmsError)) throw new Error(`It should be refused, but: ${error}`);
  return error;
}

describe('steps', () => {
  it('write, each from the files of earlier ones, the bytes of one process', async () => {
    const together = scratchFolder();
    const stepwise = scratchFolder();
    await emitArtifacts({ schemas: ownSchemas.map(ownSchemaFile), dialects, outputDirectory: together });
    await allSteps(scratchFolder(), stepwise);
    expect(filesIn(stepwise)).toEqual(filesIn(together));
  });

  it('write what the inputs of their task graph declare, and nothing else', async () => {
    const folder = scratchFolder();
    await allSteps(scratchFolder(), folder, ['mssql']);
    expect(readdirSync(folder).sort()).toEqual(filesOf(emitSteps, ['mssql']).sort());
  });

  it('a normalized schema exists until a new one replaces it, and is removed if none can be made', async () => {
    const outputDirectory = scratchFolder();
    const file = path.join(outputDirectory, 'schema.normalized.json');
    const source = path.join(scratchFolder(), 'ApiSchema.json');
    writeFileSync(source, readFileSync(ownSchemaFile('campus')));
    await normalizeSchemaInFolder({ source, outputDirectory });
    let isAway = false;
    const watch = setInterval(() => {
      isAway ||= !existsSync(file);
    });
    await Promise.all(Array.from({ length: 6 }, () => normalizeSchemaInFolder({ source, outputDirectory })));
    clearInterval(watch);
    expect(isAway).toBe(false);
    expect(readdirSync(outputDirectory)).toEqual(['schema.normalized.json']);
    writeFileSync(source, '{');
    expect((await refusal(normalizeSchemaInFolder({ source, outputDirectory }))).code).toBe('INPUT_JSON_INVALID');
    expect(readdirSync(outputDirectory)).toEqual([]);
  });

  it('a normalized schema has no OpenAPI text and normalizes to itself', async () => {
    const folder = scratchFolder();
    const [schema] = await normalized(folder);
    if (!schema) throw new Error('There is a schema.');
    const again = path.join(folder, 'again');
    await normalizeSchemaInFolder({ source: schema.file, outputDirectory: again });
    expect(readFileSync(path.join(again, 'schema.normalized.json'), 'utf8')).toBe(readFileSync(schema.file, 'utf8'));
    expect(readFileSync(ownSchemaFile('campus'), 'utf8')).toContain('"openApiBaseDocuments"');
    expect(readFileSync(schema.file, 'utf8')).not.toContain('openApi');
  });

  it.each([
    ['derive-inventory', deriveInventoryStep, 'derive-model'],
    ['compile-plans', compilePlansStep, 'derive-model'],
    ['build-pack', buildPackStep, 'derive-model'],
    ['emit-ddl', emitDdlStep, 'derive-model'],
  ] as const)('%s in an empty folder says which step to run', async (_, step, earlier) => {
    const error = await refusal(stepInFolder(step, { outputDirectory: scratchFolder(), dialects }, () => undefined));
    expect(error.code).toBe('INPUT_FILE_NOT_FOUND');
    expect(error.message).toContain(`run the target ${earlier} first`);
  });

  it.each([
    ['is not JSON', () => '{', 'MODEL_FILE_INVALID'],
    [
      'is of another format',
      (text: string) => text.replace('"modelFormat": 3', '"modelFormat": 2'),
      'MODEL_FILE_INVALID',
    ],
    ['lacks a member', (text: string) => text.replace('"physicalSchema"', '"physical"'), 'MODEL_FILE_INVALID'],
  ])('a model file that %s is refused by name', async (_, change, code) => {
    const folder = scratchFolder();
    await deriveModelInFolder({ schemas: await normalized(scratchFolder()), dialects, outputDirectory: folder });
    const file = path.join(folder, 'relational-model.pgsql.json');
    const text = readFileSync(file, 'utf8');
    const changed = change(text);
    expect(changed).not.toBe(text);
    writeFileSync(file, changed);
    const error = await refusal(
      stepInFolder(deriveInventoryStep, { outputDirectory: folder, dialects }, () => undefined),
    );
    expect(error.code).toBe(code);
    expect(error.message).toContain(file);
    expect(readdirSync(folder).filter((name) => name.startsWith('inventory'))).toEqual([]);
  });

  it.each([
    ['table of dms', { table: { schema: 'dms', name: 'Gone' } }, 'dms.Gone'],
    [
      'column of the core',
      { table: { schema: 'dms', name: 'Descriptor' }, keyColumns: ['Gone'] },
      'dms.Descriptor.Gone',
    ],
    ['hierarchy', { table: authTable }, 'auth.EducationOrganizationIdToEducationOrganizationId'],
  ])('an inventory with an index of a %s that does not exist is refused', async (_, change, said) => {
    const folder = await emittedFolder();
    const file = path.join(folder, 'inventory.pgsql.json');
    const { indexes, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...rest, indexes: [{ ...indexes[0], ...change }, ...indexes.slice(1)] }));
    const error = await refusal(
      stepInFolder(emitDdlStep, { outputDirectory: folder, dialects: ['pgsql'] }, () => undefined),
    );
    expect(error.diagnostics).toMatchObject([{ code: 'MODEL_FILE_INVALID', where: { file } }]);
    expect(error.message).toContain(said);
  });

  it.each([
    ['derive-inventory', deriveInventoryStep],
    ['compile-plans', compilePlansStep],
    ['build-pack', buildPackStep],
    ['emit-ddl', emitDdlStep],
  ] as const)('%s refuses artifacts of a mapping version that it does not know', async (_, step) => {
    const folder = await emittedFolder();
    const manifest = path.join(folder, 'effective-schema.manifest.json');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, text.replace('"relational_mapping_version": "v1"', '"relational_mapping_version": "v9"'));
    const error = await refusal(stepInFolder(step, { outputDirectory: folder, dialects: ['pgsql'] }, () => undefined));
    expect(error.diagnostics).toMatchObject([
      { code: 'MAPPING_VERSION_UNKNOWN', where: { file: manifest }, details: { version: 'v9' } },
    ]);
  });

  it('refuses files that another run replaced while they were read', async () => {
    const folder = await emittedFolder();
    const manifest = path.join(folder, 'effective-schema.manifest.json');
    const replacing: AnyStep = {
      name: 'compile-plans',
      async run(context) {
        const output = await compilePlansStep.run(context, undefined);
        writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"Campus"', '"Kampus"'));
        return output;
      },
    };
    const error = await refusal(
      stepInFolder(replacing, { outputDirectory: folder, dialects: ['pgsql'] }, () => undefined),
    );
    expect(error.diagnostics).toMatchObject([
      { code: 'INPUT_FILE_UNREADABLE', details: { path: manifest, cause: 'replaced' } },
    ]);
    expect(readdirSync(folder)).not.toContain('plans.pgsql.json');
  });

  it('that do not make what the table declares are a bug, and write nothing', async () => {
    const folder = await emittedFolder();
    const lazy: AnyStep = { name: 'emit-ddl', run: async () => ({ made: [], diagnostics: [] }) };
    await expect(stepInFolder(lazy, { outputDirectory: folder, dialects: ['pgsql'] }, () => undefined)).rejects.toThrow(
      'emit-ddl declares catalog.pgsql.json, ddl.manifest.json, pgsql.sql',
    );
    expect(readdirSync(folder)).not.toContain('pgsql.sql');
  });
});

describe('the table of steps', () => {
  it('gives each artifact one writer, before those that read it, and a file of its own', () => {
    const written = new Set<string>();
    const files: string[] = [];
    for (const { reads, writes } of Object.values<StepRow>(stepTable)) {
      for (const name of reads) expect(written).toContain(name);
      for (const [name, { file, of }] of Object.entries(writes)) {
        expect(written).not.toContain(name);
        written.add(name);
        files.push(file);
        expect(file.includes('<d>'), file).toBe(of === 'dialect');
      }
    }
    expect(new Set(files).size).toBe(files.length);
  });

  it('names the files of each step', () => {
    expect(artifactsOf('compile-plans')).toEqual(['plans.pgsql.json', 'plans.mssql.json', 'mappingset.manifest.json']);
    expect(artifactsOf('compile-plans', ['mssql'])).toEqual(['plans.mssql.json', 'mappingset.manifest.json']);
    expect(artifactsOf('derive-model', [])).toEqual(['effective-schema.manifest.json', 'document-schemas.json']);
    expect(artifactsOf('normalize-schema')).toEqual(['schema.normalized.json']);
  });
});
