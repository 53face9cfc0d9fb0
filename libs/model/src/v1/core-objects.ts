import { coreObject } from '../core-objects.ts';

/** The objects of schema `dms` that only the first generation has (design 06 §4, §5.2). */
export const coreV1 = {
  documentChangeEvent: coreObject('DocumentChangeEvent'),
} as const;
