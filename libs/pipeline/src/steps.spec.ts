import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DmsError } from '@dms/diagnostics';
import { ownSchemaFile, ownSchemas } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { filesIn, scratchFolder } from '../test/scratch-folder.ts';
import {
  artifactsOf,
  compilePlansStep,
  deriveInventoryStep,
  deriveModelStep,
  dialects,
  emit,
  emitDdlStep,
  normalizeSchema,
  type SqlDialect,
} from './index.ts';

async function normalized(folder: string) {
  return Promise.all(
    ownSchemas.map(async (name) => {
      const file = path.join(folder, `${name}.normalized.json`);
      await normalizeSchema({ source: ownSchemaFile(name), output: file });
      return { file };
    }),
  );
}

async function allSteps(outputDirectory: string, chosen: readonly SqlDialect[] = dialects) {
  const schemas = await normalized(scratchFolder());
  const options = { outputDirectory, dialects: chosen };
  await deriveModelStep({ ...options, schemas });
  await deriveInventoryStep(options);
  await compilePlansStep(options);
  await emitDdlStep(options);
}

async function refusal(work: Promise<unknown>): Promise<DmsError> {
  const error = await work.catch((reason: unknown) => reason);
  if (!(error instanceof DmsError)) throw new Error(`It should be refused, but: ${error}`);
  return error;
}

describe('steps', () => {
  it('write, each from the files of earlier ones, the bytes of one process', async () => {
    const [together, stepwise] = [scratchFolder(), scratchFolder()];
    await emit({ schemas: ownSchemas.map(ownSchemaFile), dialects, outputDirectory: together });
    await allSteps(stepwise);
    expect(filesIn(stepwise)).toEqual(filesIn(together));
  });

  it('write what the inputs of their task graph declare, and nothing else', async () => {
    const folder = scratchFolder();
    await allSteps(folder, ['mssql']);
    const declared = (['derive-model', 'derive-inventory', 'compile-plans', 'emit-ddl'] as const).flatMap((step) =>
      artifactsOf(step, ['mssql']),
    );
    expect(readdirSync(folder).sort()).toEqual(declared.sort());
  });

  it('remove their outputs of another dialect', async () => {
    const folder = scratchFolder();
    await allSteps(folder);
    await allSteps(folder, ['pgsql']);
    expect(readdirSync(folder).filter((name) => name.includes('mssql'))).toEqual([]);
  });

  it('a normalized schema has no OpenAPI text and normalizes to itself', async () => {
    const folder = scratchFolder();
    const [schema] = await normalized(folder);
    if (!schema) throw new Error('There is a schema.');
    const again = path.join(folder, 'again.json');
    await normalizeSchema({ source: schema.file, output: again });
    expect(readFileSync(again, 'utf8')).toBe(readFileSync(schema.file, 'utf8'));
    expect(readFileSync(ownSchemaFile('campus'), 'utf8')).toContain('"openApiBaseDocuments"');
    expect(readFileSync(schema.file, 'utf8')).not.toContain('openApi');
  });

  it.each([
    ['derive-inventory', deriveInventoryStep, 'derive-model'],
    ['compile-plans', compilePlansStep, 'derive-model'],
    ['emit-ddl', emitDdlStep, 'derive-model'],
  ] as const)('%s in an empty folder says which step to run', async (_, step, earlier) => {
    const error = await refusal(step({ outputDirectory: scratchFolder(), dialects }));
    expect(error.code).toBe('INPUT_FILE_NOT_FOUND');
    expect(error.message).toContain(`run ${earlier} first`);
  });

  it.each([
    ['is no JSON', () => '{', 'MODEL_FILE_INVALID'],
    ['is of another format', (text: string) => text.replace('"modelFormat": 1', '"modelFormat": 2'), 'MODEL_FILE_INVALID'],
    ['lacks a member', (text: string) => text.replace('"physicalSchema"', '"physical"'), 'MODEL_FILE_INVALID'],
  ])('a model file that %s is refused by name', async (_, change, code) => {
    const folder = scratchFolder();
    await deriveModelStep({ schemas: await normalized(scratchFolder()), dialects, outputDirectory: folder });
    const file = path.join(folder, 'relational-model.pgsql.json');
    const text = readFileSync(file, 'utf8');
    const changed = change(text);
    expect(changed).not.toBe(text);
    writeFileSync(file, changed);
    const error = await refusal(deriveInventoryStep({ outputDirectory: folder, dialects }));
    expect(error.code).toBe(code);
    expect(error.message).toContain(file);
    expect(readdirSync(folder).filter((name) => name.startsWith('inventory'))).toEqual([]);
  });
});
