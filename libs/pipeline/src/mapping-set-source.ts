import { stat } from 'node:fs/promises';
import { readInput } from '@dms/canonical-json';
import { promised } from '@dms/model';
import { checkPackLength, type Pack, readPack } from '@dms/packs';
import { compileMappingSet, type MappingSet, type MappingSetKey } from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import { modelFormat } from './artifact-formats.ts';
import type { DatabaseSource } from './database-source.ts';
import { deriveModelStep } from './derive-model.ts';
import { ofDialect } from './document-source.ts';
import { loadSchemas } from './schema-input.ts';
import { runStep } from './step.ts';
import { folderStore, memoryStore } from './stores.ts';

/** Where a mapping set comes from: compiled from ApiSchema files or from a folder of artifacts, or as it is in a pack. */
export type MappingSetSource = DatabaseSource | { readonly kind: 'pack'; readonly file: string };

export interface MappingSetOptions {
  readonly source: MappingSetSource;
  /** Without it that of the artifacts or of the pack, `pgsql` where the source is of both. */
  readonly dialect?: SqlDialect | undefined;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
}

/** Reads the file of a pack. Throws `INPUT_FILE_*` and the `PACK_*` code of the first check that fails. */
export async function readPackFile(file: string, expected: Partial<MappingSetKey> = {}): Promise<Pack> {
  // What cannot be asked for its size cannot be read either, and says so then.
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  checkPackLength(file, size);
  return readPack(await readInput(file), file, { expected });
}

/** The mapping sets of ApiSchema files or of a folder of artifacts, for the dialects in their order. */
export async function compiledMappingSets(
  source: DatabaseSource,
  dialects: readonly SqlDialect[],
  onProgress?: (part: string) => void,
): Promise<MappingSet[]> {
  if (source.kind === 'artifacts') {
    onProgress?.('read artifacts');
    const store = folderStore(source.folder);
    const models = [];
    for (const dialect of dialects) models.push(await store.read(modelFormat, dialect));
    await store.checkUnchanged();
    return models.map(compileMappingSet);
  }
  onProgress?.('load');
  const documents = await loadSchemas(source.files);
  const store = memoryStore();
  await runStep(deriveModelStep, { dialects, store, onProgress }, () => documents);
  const models = await Promise.all(dialects.map((dialect) => store.read(modelFormat, dialect)));
  return models.map(compileMappingSet);
}

/**
 * The mapping set of a source, to execute its plans. One of a pack has of the model what a pack carries (design 08 §12.3). Throws
 * `INPUT_*`, `MODEL_FILE_INVALID`, `PACK_*` and the codes of the steps.
 */
export async function mappingSetOf({ source, dialect, onProgress }: MappingSetOptions): Promise<MappingSet> {
  if (source.kind === 'pack') {
    onProgress?.('read the pack');
    return (await readPackFile(source.file, dialect === undefined ? {} : { dialect })).mappingSet;
  }
  const compiled = async (each: SqlDialect) => promised((await compiledMappingSets(source, [each], onProgress))[0], each);
  return source.kind === 'artifacts' ? ofDialect(dialect, compiled) : compiled(dialect ?? 'pgsql');
}
