import { core, coreV1 } from '@dms/model';
import {
  type CoreTable,
  descriptorColumns,
  effectiveSchemaTable,
  jsonObjectChecks,
  keyToDocument,
  keyToResourceKey,
  referentialIdentityTable,
  resourceKeyTable,
  schemaComponentTable,
  stampColumns,
} from '../definition/core-tables.ts';

/** The tables of schema `dms` in creation order, which is ordinal by name (design 06 §4). */
export const coreTablesV1: readonly CoreTable[] = [
  {
    name: core.descriptor.name,
    columns: [{ name: 'DocumentId', type: 'id' }, ...descriptorColumns],
    primaryKey: ['DocumentId'],
    uniques: [{ name: 'UX_Descriptor_Uri_Discriminator', columns: ['Uri', 'Discriminator'] }],
    foreignKeys: [keyToDocument('Descriptor')],
  },
  {
    name: core.document.name,
    columns: [
      { name: 'DocumentId', type: 'id', identity: true },
      { name: 'DocumentUuid', type: 'uuid' },
      { name: 'ResourceKeyId', type: 'small' },
      ...stampColumns,
    ],
    primaryKey: ['DocumentId'],
    uniques: [{ name: 'UX_Document_DocumentUuid', columns: ['DocumentUuid'] }],
    foreignKeys: [keyToResourceKey('Document')],
    indexes: [{ name: 'IX_Document_ResourceKeyId_DocumentId', columns: ['ResourceKeyId', 'DocumentId'] }],
  },
  {
    name: core.documentCache.name,
    columns: [
      { name: 'DocumentId', type: 'id' },
      { name: 'DocumentUuid', type: 'uuid' },
      { name: 'ProjectName', type: 'text(256)' },
      { name: 'ResourceName', type: 'text(256)' },
      { name: 'ResourceVersion', type: 'text(32)' },
      { name: 'Etag', type: 'text(64)' },
      { name: 'LastModifiedAt', type: 'instant' },
      { name: 'DocumentJson', type: 'json' },
      { name: 'ComputedAt', type: 'instant', default: 'now' },
    ],
    primaryKey: ['DocumentId'],
    addsUniquesFirst: true,
    uniques: [{ name: 'UX_DocumentCache_DocumentUuid', columns: ['DocumentUuid'] }],
    checks: jsonObjectChecks,
    foreignKeys: [keyToDocument('DocumentCache')],
    indexes: [
      {
        name: 'IX_DocumentCache_ProjectName_ResourceName_LastModifiedAt',
        columns: ['ProjectName', 'ResourceName', 'LastModifiedAt', 'DocumentId'],
      },
    ],
  },
  {
    name: coreV1.documentChangeEvent.name,
    columns: [
      { name: 'ChangeVersion', type: 'id' },
      { name: 'DocumentId', type: 'id' },
      { name: 'ResourceKeyId', type: 'small' },
      { name: 'CreatedAt', type: 'instant', default: 'now' },
    ],
    primaryKey: ['ChangeVersion', 'DocumentId'],
    foreignKeys: [keyToDocument('DocumentChangeEvent'), keyToResourceKey('DocumentChangeEvent')],
    indexes: [
      { name: 'IX_DocumentChangeEvent_DocumentId', columns: ['DocumentId'] },
      {
        name: 'IX_DocumentChangeEvent_ResourceKeyId_ChangeVersion',
        columns: ['ResourceKeyId', 'ChangeVersion', 'DocumentId'],
      },
    ],
  },
  effectiveSchemaTable,
  referentialIdentityTable,
  resourceKeyTable,
  schemaComponentTable,
];
