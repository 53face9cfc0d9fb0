import { core, coreV2, qualified } from '@dms/model';

/**
 * The beginnings of errors that other programs distinguish by their text: the server of the service and its tests
 * (design 16 §11.3). The rest of each text is ours.
 */
export const serverErrors = {
  cacheUuid: `${qualified(core.documentCache)}.DocumentUuid diverges from the owning ${qualified(core.document)} row`,
  stateMissing: `${qualified(coreV2.documentCacheState)} singleton row is missing or unreadable for projection enqueue.`,
  stateUnknown: `${qualified(coreV2.documentCacheState)}.ProjectionLifecycleState has unsupported value`,
} as const;

/** An error of the same kind with a value in its middle on PostgreSQL: the text before and after the value. */
export const descriptorKeyError = {
  begins: `${qualified(core.descriptor)}.ResourceKeyId`,
  says: `diverges from the owning ${qualified(core.document)} row`,
} as const;
