import { restoreViews } from '@dms/ods';
import type { SqlDialect } from '@dms/sql';
import type { ComparedSet, RestoreViews } from '@dms/upgrade';
import {
  catalogFormat,
  documentSchemasFormat,
  inventoryFormat,
  manifestFormat,
  modelFormat,
} from '../engine/artifact-formats.ts';
import type { ArtifactReader } from '../engine/step.ts';
import { folderStore, readOdsMapping } from '../engine/stores.ts';
import { ofDialect } from '../sources/source.ts';

/** Folders with the artifacts of two schema sets. */
export interface UpgradeFolders {
  readonly before: string;
  readonly after: string;
  /** Default: the dialect of the artifacts, or `pgsql` if they have both. */
  readonly dialect?: SqlDialect | undefined;
}

/** The sets before and after an upgrade. */
export interface UpgradeSets {
  readonly before: ComparedSet;
  readonly after: ComparedSet;
}

/** What a folder, or a store of compiled schemas, holds of one dialect. */
export async function upgradeSet(store: ArtifactReader, dialect: SqlDialect): Promise<ComparedSet> {
  return {
    info: await store.read(manifestFormat),
    model: await store.read(modelFormat, dialect),
    inventory: await store.read(inventoryFormat, dialect),
    catalog: await store.read(catalogFormat, dialect),
    schemas: await store.read(documentSchemasFormat),
  };
}

/**
 * What two folders hold of one dialect; without one of the first that both have files of. Throws `INPUT_*`,
 * `MODEL_FILE_INVALID`.
 */
export function upgradeSets({ before, after, dialect }: UpgradeFolders): Promise<UpgradeSets> {
  return ofDialect(dialect, async (each) => ({
    before: await upgradeSet(folderStore(before), each),
    after: await upgradeSet(folderStore(after), each),
  }));
}

/**
 * How an upgrade to the set of a folder gives a database reporting views; undefined if the folder has no mapping of an
 * ODS.
 */
export async function restoredViews(after: string, { model }: ComparedSet): Promise<RestoreViews | undefined> {
  const mapping = await readOdsMapping(folderStore(after));
  return mapping && ((connection, earlier, limits) => restoreViews(connection, mapping, model, earlier, limits));
}
