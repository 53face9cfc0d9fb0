import path from 'node:path';
import { ownSchemaFile, ownSchemas } from '@dms/testing';
import { expect } from 'vitest';
import {
  compilePlansStep,
  deriveInventoryStep,
  deriveModelInFolder,
  deriveOdsMappingInFolder,
  dialects,
  emitDdlStep,
  normalizeSchemaInFolder,
  type SqlDialect,
  stepInFolder,
} from '../src/index.ts';

/** Writes the normalized schemas of the project into `folder`. */
export async function normalized(folder: string, names: readonly (typeof ownSchemas)[number][] = ownSchemas) {
  return Promise.all(
    names.map(async (name) => {
      const outputDirectory = path.join(folder, name);
      const { artifacts } = await normalizeSchemaInFolder({ source: ownSchemaFile(name), outputDirectory });
      expect(artifacts.map(({ file }) => path.relative(outputDirectory, file))).toEqual(['schema.normalized.json']);
      return { file: path.join(outputDirectory, 'schema.normalized.json') };
    }),
  );
}

/** Runs the steps of `emit` one after another, as their tasks do; `schemaDirectory` receives the normalized schemas. */
export async function allSteps(
  schemaDirectory: string,
  outputDirectory: string,
  chosen: readonly SqlDialect[] = dialects,
  keptDialects: readonly SqlDialect[] = [],
  names: readonly (typeof ownSchemas)[number][] = ownSchemas,
) {
  const schemas = await normalized(schemaDirectory, names);
  const options = { outputDirectory, dialects: chosen, keptDialects };
  await deriveModelInFolder({ ...options, schemas });
  for (const step of [deriveInventoryStep, compilePlansStep, emitDdlStep])
    await stepInFolder(step, options, () => undefined);
  await deriveOdsMappingInFolder({ ...options, schemas });
}
