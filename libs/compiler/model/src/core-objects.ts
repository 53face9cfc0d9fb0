import type { DbTableName } from './model.ts';
import { coreSchema } from './naming/name-forms.ts';

/** The name of an object of schema `dms`. */
const coreObject = (name: string): DbTableName => ({ schema: coreSchema, name });

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

/** The maximum lengths of the texts by which a descriptor is found. A URI is a namespace, `#` and a code value. */
export const descriptorLengths = { namespace: 255, codeValue: 50, uri: 255 + 1 + 50 } as const;

/** The members of a descriptor document, with their columns of `dms.Descriptor` (design 06 §4). */
export const descriptorMembers = {
  namespace: 'Namespace',
  codeValue: 'CodeValue',
  shortDescription: 'ShortDescription',
  description: 'Description',
  effectiveBeginDate: 'EffectiveBeginDate',
  effectiveEndDate: 'EffectiveEndDate',
} as const;

/** The columns of `dms.ReferentialIdentity` (design 06 §4). */
export const referentialIdentityColumns = ['ReferentialId', 'DocumentId', 'ResourceKeyId'] as const;

/** The objects of schema `dms` that only the first generation has (design 06 §4, §5.2). */
export const coreV1 = {
  documentChangeEvent: coreObject('DocumentChangeEvent'),
} as const;

/** The objects of schema `dms` that only the second generation has (design 16 §2). */
export const coreV2 = {
  dataStoreIdentity: coreObject('DataStoreIdentity'),
  documentCacheState: coreObject('DocumentCacheState'),
  documentProjectionWork: coreObject('DocumentProjectionWork'),
  collectionItemIdSequence: coreObject('CollectionItemIdSequence'),
  getMaxChangeVersion: coreObject('GetMaxChangeVersion'),
  throwError: coreObject('throw_error'),
  bigIntTable: coreObject('BigIntTable'),
  uniqueIdentifierTable: coreObject('UniqueIdentifierTable'),
} as const;
