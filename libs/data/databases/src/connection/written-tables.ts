import { serviceTableNames } from '@dms/catalog';
import { core } from '@dms/model';

/* The tables of schema `dms`, and those of recorded changes, to which no role needs all rights (design 09 §1.8.1). */

/** The queue, for which no role needs a right. */
export const queueTable = 'DocumentProjectionWork';

/** The core tables that no document is written to: the fingerprint, and what the service and the queue write. */
export const notWritten: readonly string[] = [
  core.effectiveSchema.name,
  core.resourceKey.name,
  core.schemaComponent.name,
  core.documentCache.name,
  'DataStoreIdentity',
  'DocumentCacheState',
  queueTable,
  ...serviceTableNames,
];

/** Events: triggers add them, and nothing changes them. */
export const eventTable = 'DocumentChangeEvent';

/** How the schemas of recorded changes begin, which are only added, too. */
export const trackedSchemas = 'tracked_changes_';
