import { core } from '@dms/model';
import type { CoreCheck, CoreTable } from './core-table.ts';
import { all, call, column, equal, greater, notEqual, number, text } from './expression.ts';

/* The parts of schema `dms` that all generations share (design 06 §4). */

/** The cached document is a JSON object. */
export const jsonObjectChecks: readonly CoreCheck[] = [
  {
    name: 'CK_DocumentCache_JsonObject',
    only: 'pgsql',
    condition: equal(call('jsonb_typeof', column('DocumentJson')), text('object')),
  },
  {
    name: 'CK_DocumentCache_IsJsonObject',
    only: 'mssql',
    condition: all(
      equal(call('ISJSON', column('DocumentJson')), number(1)),
      equal(call('LEFT', call('LTRIM', column('DocumentJson')), number(1)), text('{')),
    ),
  },
];

export const effectiveSchemaTable: CoreTable = {
  name: core.effectiveSchema.name,
  columns: [
    { name: 'EffectiveSchemaSingletonId', type: 'small' },
    { name: 'ApiSchemaFormatVersion', type: 'text(64)' },
    { name: 'EffectiveSchemaHash', type: 'text(64)' },
    { name: 'ResourceKeyCount', type: 'small' },
    { name: 'ResourceKeySeedHash', type: 'hash32' },
    { name: 'AppliedAt', type: 'instant', default: 'now' },
  ],
  primaryKey: ['EffectiveSchemaSingletonId'],
  checks: [
    { name: 'CK_EffectiveSchema_Singleton', condition: equal(column('EffectiveSchemaSingletonId'), number(1)) },
    {
      name: 'CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank',
      only: 'pgsql',
      condition: notEqual(call('btrim', column('ApiSchemaFormatVersion')), text('')),
    },
    {
      name: 'CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank',
      only: 'mssql',
      condition: greater(call('LEN', call('LTRIM', call('RTRIM', column('ApiSchemaFormatVersion')))), number(0)),
    },
    {
      name: 'CK_EffectiveSchema_ResourceKeySeedHash_Length',
      only: 'pgsql',
      condition: equal(call('octet_length', column('ResourceKeySeedHash')), number(32)),
    },
  ],
  uniques: [{ name: 'UX_EffectiveSchema_EffectiveSchemaHash', columns: ['EffectiveSchemaHash'] }],
};

export const referentialIdentityTable: CoreTable = {
  name: core.referentialIdentity.name,
  columns: [
    { name: 'ReferentialId', type: 'uuid' },
    { name: 'DocumentId', type: 'id' },
    { name: 'ResourceKeyId', type: 'small' },
  ],
  primaryKey: ['ReferentialId'],
  // its key is random, so SQL Server clusters the rows by document instead
  isPrimaryKeyNonclustered: true,
  uniques: [
    {
      name: 'UX_ReferentialIdentity_DocumentId_ResourceKeyId',
      columns: ['DocumentId', 'ResourceKeyId'],
      isInline: true,
    },
  ],
  foreignKeys: [
    { name: 'FK_ReferentialIdentity_Document', column: 'DocumentId', target: core.document.name, onDelete: 'CASCADE' },
    {
      name: 'FK_ReferentialIdentity_ResourceKey',
      column: 'ResourceKeyId',
      target: core.resourceKey.name,
      onDelete: 'NO ACTION',
    },
  ],
};

export const resourceKeyTable: CoreTable = {
  name: core.resourceKey.name,
  columns: [
    { name: 'ResourceKeyId', type: 'small' },
    { name: 'ProjectName', type: 'text(256)' },
    { name: 'ResourceName', type: 'text(256)' },
    { name: 'ResourceVersion', type: 'text(32)' },
  ],
  primaryKey: ['ResourceKeyId'],
  uniques: [{ name: 'UX_ResourceKey_ProjectName_ResourceName', columns: ['ProjectName', 'ResourceName'] }],
};

export const schemaComponentTable: CoreTable = {
  name: core.schemaComponent.name,
  columns: [
    { name: 'EffectiveSchemaHash', type: 'text(64)' },
    { name: 'ProjectEndpointName', type: 'text(128)' },
    { name: 'ProjectName', type: 'text(256)' },
    { name: 'ProjectVersion', type: 'text(32)' },
    { name: 'IsExtensionProject', type: 'bool' },
  ],
  primaryKey: ['EffectiveSchemaHash', 'ProjectEndpointName'],
  foreignKeys: [
    {
      name: 'FK_SchemaComponent_EffectiveSchemaHash',
      column: 'EffectiveSchemaHash',
      target: core.effectiveSchema.name,
      onDelete: 'CASCADE',
    },
  ],
};
