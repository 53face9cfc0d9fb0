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

/** The first dialect that a folder has a model of. */
async function designInFolder(folder: string, wanted: readonly SqlDialect[]): Promise<DocumentDesign> {
  const [dialect, ...others] = wanted;
  const store = folderStore(folder);
  try {
    const design = await designIn(store, dialect ?? 'pgsql');
    await store.checkUnchanged();
    return design;
  } catch (error) {
    const isMissing = error instanceof DmsError && error.code === 'INPUT_FILE_NOT_FOUND';
    if (!isMissing || others.length === 0) throw error;
    return designInFolder(folder, others).catch((other) => {
      // what is missed is that of the first dialect
      throw other instanceof DmsError && other.code === 'INPUT_FILE_NOT_FOUND' ? error : other;
    });
  }
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
  return designInFolder(source.folder, dialect === undefined ? dialects : [dialect]);
}
