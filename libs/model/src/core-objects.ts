import type { DbTableName } from './model.ts';
import { coreSchema } from './naming/physical-schema.ts';

/** The name of an object of schema `dms`. */
export const coreObject = (name: string): DbTableName => ({ schema: coreSchema, name });

/**
 * The objects of schema `dms` that every generation has (design 06 §4). Objects of a single generation are in its
 * folder.
 */
export const core = {
  descriptor: coreObject('Descriptor'),
  document: coreObject('Document'),
  documentCache: coreObject('DocumentCache'),
  effectiveSchema: coreObject('EffectiveSchema'),
  referentialIdentity: coreObject('ReferentialIdentity'),
  resourceKey: coreObject('ResourceKey'),
  schemaComponent: coreObject('SchemaComponent'),
  changeVersionSequence: coreObject('ChangeVersionSequence'),
  /** The function that computes referential ids (design 06 §5.1). */
  uuidv5: coreObject('uuidv5'),
} as const satisfies Readonly<Record<string, DbTableName>>;

/** The columns of `dms.ReferentialIdentity` (design 06 §4). */
export const referentialIdentityColumns = ['ReferentialId', 'DocumentId', 'ResourceKeyId'] as const;
