import { serviceTableNames } from '@dms/catalog';
import { core, coreV1, coreV2 } from '@dms/model';

/* The tables of schema `dms`, and those of recorded changes, to which no role needs all rights (design 09c §1.1). */

/** The queue, for which no role needs a right. */
export const queueTable = coreV2.documentProjectionWork.name;

/**
 * The core tables that a write of documents leaves alone: the fingerprint, and the tables that the service and the
 * queue write.
 */
export const notWritten: readonly string[] = [
  core.effectiveSchema.name,
  core.resourceKey.name,
  core.schemaComponent.name,
  core.documentCache.name,
  coreV2.dataStoreIdentity.name,
  coreV2.documentCacheState.name,
  queueTable,
  ...serviceTableNames,
];

/** The table of events: triggers add rows, and nothing changes them. */
export const eventTable = coreV1.documentChangeEvent.name;

/** The prefix of the schemas of recorded changes, to which rows are only added, too. */
export const trackedSchemas = 'tracked_changes_';
