import { core, coreV2, qualified } from '@dms/model';

/**
 * How errors begin that another program tells apart by their text: the server of the service and its tests (design 16
 * §11.3). What follows is ours.
 */
export const serverErrors = {
  cacheUuid: `${qualified(core.documentCache)}.DocumentUuid diverges from the owning ${qualified(core.document)} row`,
  stateMissing: `${qualified(coreV2.documentCacheState)} singleton row is missing or unreadable for projection enqueue.`,
  stateUnknown: `${qualified(coreV2.documentCacheState)}.ProjectionLifecycleState has unsupported value`,
} as const;

/** An error of the same kind that names a value in its middle on PostgreSQL: how it begins, and what it says then. */
export const descriptorKeyError = {
  begins: `${qualified(core.descriptor)}.ResourceKeyId`,
  says: `diverges from the owning ${qualified(core.document)} row`,
} as const;
