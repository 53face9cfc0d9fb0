import type { EffectiveSchemaManifest } from '@dms/api-schema';
import { DmsError } from '@dms/diagnostics';
import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import { inventoryFormat, manifestFormat, modelFormat } from './artifact-formats.ts';
import { type DatabaseSource, storeOfSchemas } from './database-source.ts';
import type { ArtifactReader } from './step.ts';
import { folderStore } from './stores.ts';

/** What work on documents needs to know of a schema set, in one dialect. */
export interface DocumentDesign {
  readonly info: EffectiveSchemaManifest;
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
}

async function designIn(store: ArtifactReader, dialect: SqlDialect): Promise<DocumentDesign> {
  const info = await store.read(manifestFormat);
  const model = await store.read(modelFormat, dialect);
  return { info, model, inventory: await store.read(inventoryFormat, dialect) };
}

const isMissing = (error: unknown) => error instanceof DmsError && error.code === 'INPUT_FILE_NOT_FOUND';

/** What a folder holds of a dialect; where none is named, of the first one that it has files of. */
export async function ofDialect<Held>(
  dialect: SqlDialect | undefined,
  read: (dialect: SqlDialect) => Promise<Held>,
): Promise<Held> {
  let missing: unknown;
  for (const each of dialect === undefined ? dialects : [dialect]) {
    try {
      return await read(each);
    } catch (error) {
      if (!isMissing(error)) throw error;
      // what is missed is that of the first dialect
      missing ??= error;
    }
  }
  throw missing;
}

async function designInFolder(folder: string, dialect: SqlDialect): Promise<DocumentDesign> {
  const store = folderStore(folder);
  const design = await designIn(store, dialect);
  await store.checkUnchanged();
  return design;
}

/**
 * Model and inventory of a source: read from artifacts, or made from schemas in memory. Without a dialect that of the artifacts,
 * `pgsql` where they are of both. Throws `INPUT_*`, `MODEL_FILE_INVALID` and the codes of the steps.
 */
export async function documentDesign(
  source: DatabaseSource,
  dialect?: SqlDialect,
  onProgress?: (part: string) => void,
): Promise<DocumentDesign> {
  if (source.kind === 'schemas') {
    const made = dialect ?? 'pgsql';
    return designIn(await storeOfSchemas(source.files, [made], onProgress), made);
  }
  onProgress?.('read artifacts');
  return ofDialect(dialect, (each) => designInFolder(source.folder, each));
}
