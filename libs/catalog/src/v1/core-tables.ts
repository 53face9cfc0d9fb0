import { core, coreV1 } from '@dms/model';
import {
  type CoreTable,
  effectiveSchemaTable,
  jsonObjectChecks,
  referentialIdentityTable,
  resourceKeyTable,
  schemaComponentTable,
} from '../core-tables.ts';

/** The tables of schema `dms` in creation order, which is ordinal by name (design 06 §4). */
export const coreTablesV1: readonly CoreTable[] = [
  {
    name: core.descriptor.name,
    columns: [
      { name: 'DocumentId', type: 'id' },
      { name: 'Namespace', type: 'text(255)' },
      { name: 'CodeValue', type: 'text(50)' },
      { name: 'ShortDescription', type: 'text(75)' },
      { name: 'Description', type: 'text(1024)', nullable: true },
      { name: 'EffectiveBeginDate', type: 'date', nullable: true },
      { name: 'EffectiveEndDate', type: 'date', nullable: true },
      { name: 'Discriminator', type: 'text(128)' },
      { name: 'Uri', type: 'text(306)' },
    ],
    primaryKey: ['DocumentId'],
    uniques: [{ name: 'UX_Descriptor_Uri_Discriminator', columns: ['Uri', 'Discriminator'] }],
    foreignKeys: [
      { name: 'FK_Descriptor_Document', column: 'DocumentId', target: core.document.name, onDelete: 'CASCADE' },
    ],
  },
  {
    name: core.document.name,
    columns: [
      { name: 'DocumentId', type: 'id', identity: true },
      { name: 'DocumentUuid', type: 'uuid' },
      { name: 'ResourceKeyId', type: 'small' },
      { name: 'ContentVersion', type: 'id', default: 'nextVersion' },
      { name: 'IdentityVersion', type: 'id', default: 'nextVersion' },
      { name: 'ContentLastModifiedAt', type: 'instant', default: 'now' },
      { name: 'IdentityLastModifiedAt', type: 'instant', default: 'now' },
      { name: 'CreatedAt', type: 'instant', default: 'now' },
    ],
    primaryKey: ['DocumentId'],
    uniques: [{ name: 'UX_Document_DocumentUuid', columns: ['DocumentUuid'] }],
    foreignKeys: [
      {
        name: 'FK_Document_ResourceKey',
        column: 'ResourceKeyId',
        target: core.resourceKey.name,
        onDelete: 'NO ACTION',
      },
    ],
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
    foreignKeys: [
      { name: 'FK_DocumentCache_Document', column: 'DocumentId', target: core.document.name, onDelete: 'CASCADE' },
    ],
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
    foreignKeys: [
      {
        name: 'FK_DocumentChangeEvent_Document',
        column: 'DocumentId',
        target: core.document.name,
        onDelete: 'CASCADE',
      },
      {
        name: 'FK_DocumentChangeEvent_ResourceKey',
        column: 'ResourceKeyId',
        target: core.resourceKey.name,
        onDelete: 'NO ACTION',
      },
    ],
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
