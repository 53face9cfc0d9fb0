import { coreSchema } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { all, call, column, type Expression, equal, greater, notEqual, number, text } from './expression.ts';

/** Types of core columns; the pair of names is all that differs between the dialects (design 06 §4.1). */
type CoreType = 'id' | 'small' | 'uuid' | 'instant' | 'date' | 'bool' | 'json' | 'hash32' | `text(${number})`;

const typeNames: Readonly<Record<SqlDialect, Readonly<Record<Exclude<CoreType, `text(${number})`>, string>>>> = {
  pgsql: {
    id: 'bigint',
    small: 'smallint',
    uuid: 'uuid',
    instant: 'timestamp with time zone',
    date: 'date',
    bool: 'boolean',
    json: 'jsonb',
    hash32: 'bytea',
  },
  mssql: {
    id: 'bigint',
    small: 'smallint',
    uuid: 'uniqueidentifier',
    instant: 'datetime2(7)',
    date: 'date',
    bool: 'bit',
    json: 'nvarchar(max)',
    hash32: 'binary(32)',
  },
};

const textTypes: Readonly<Record<SqlDialect, string>> = { pgsql: 'varchar', mssql: 'nvarchar' };

export function coreTypeName(dialect: SqlDialect, type: CoreType): string {
  if (!type.startsWith('text(')) return typeNames[dialect][type as keyof (typeof typeNames)['pgsql']];
  return textTypes[dialect] + type.slice('text'.length);
}

export interface CoreColumn {
  readonly name: string;
  readonly type: CoreType;
  readonly nullable?: true;
  readonly identity?: true;
  readonly default?: 'nextVersion' | 'now';
}

export interface CoreCheck {
  readonly name: string;
  readonly condition: Expression;
  /** Absent where both dialects have it. */
  readonly only?: SqlDialect;
}

export interface CoreUnique {
  readonly name: string;
  readonly columns: readonly string[];
  /** Inside CREATE TABLE, and in SQL Server what the table is clustered by. */
  readonly isInline?: true;
}

export interface CoreForeignKey {
  readonly name: string;
  readonly column: string;
  readonly target: string;
  readonly onDelete: 'CASCADE' | 'NO ACTION';
}

export interface CoreTable {
  readonly name: string;
  readonly columns: readonly CoreColumn[];
  readonly primaryKey: readonly string[];
  readonly isPrimaryKeyNonclustered?: true;
  readonly checks?: readonly CoreCheck[];
  readonly uniques?: readonly CoreUnique[];
  /** Checks are added before uniques, but for a table that lists it the other way round. */
  readonly addsUniquesFirst?: true;
  readonly foreignKeys?: readonly CoreForeignKey[];
  readonly indexes?: readonly { readonly name: string; readonly columns: readonly string[] }[];
}

export const changeVersionSequence = { schema: coreSchema, name: 'ChangeVersionSequence' };
/** Makes the referential ids (design 06 §5.1). */
export const uuidFunction = { schema: coreSchema, name: 'uuidv5' };
export const journalTriggerName = 'TR_Document_Journal';
/** Where PostgreSQL has the body of the journal. */
export const journalFunction = { schema: coreSchema, name: 'TF_Document_Journal' };

/** The tables of schema `dms` in creation order, which is ordinal by name (design 06 §4). */
export const coreTables: readonly CoreTable[] = [
  {
    name: 'Descriptor',
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
    foreignKeys: [{ name: 'FK_Descriptor_Document', column: 'DocumentId', target: 'Document', onDelete: 'CASCADE' }],
  },
  {
    name: 'Document',
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
    foreignKeys: [{ name: 'FK_Document_ResourceKey', column: 'ResourceKeyId', target: 'ResourceKey', onDelete: 'NO ACTION' }],
    indexes: [{ name: 'IX_Document_ResourceKeyId_DocumentId', columns: ['ResourceKeyId', 'DocumentId'] }],
  },
  {
    name: 'DocumentCache',
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
    checks: [
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
    ],
    foreignKeys: [{ name: 'FK_DocumentCache_Document', column: 'DocumentId', target: 'Document', onDelete: 'CASCADE' }],
    indexes: [
      {
        name: 'IX_DocumentCache_ProjectName_ResourceName_LastModifiedAt',
        columns: ['ProjectName', 'ResourceName', 'LastModifiedAt', 'DocumentId'],
      },
    ],
  },
  {
    name: 'DocumentChangeEvent',
    columns: [
      { name: 'ChangeVersion', type: 'id' },
      { name: 'DocumentId', type: 'id' },
      { name: 'ResourceKeyId', type: 'small' },
      { name: 'CreatedAt', type: 'instant', default: 'now' },
    ],
    primaryKey: ['ChangeVersion', 'DocumentId'],
    foreignKeys: [
      { name: 'FK_DocumentChangeEvent_Document', column: 'DocumentId', target: 'Document', onDelete: 'CASCADE' },
      { name: 'FK_DocumentChangeEvent_ResourceKey', column: 'ResourceKeyId', target: 'ResourceKey', onDelete: 'NO ACTION' },
    ],
    indexes: [
      { name: 'IX_DocumentChangeEvent_DocumentId', columns: ['DocumentId'] },
      { name: 'IX_DocumentChangeEvent_ResourceKeyId_ChangeVersion', columns: ['ResourceKeyId', 'ChangeVersion', 'DocumentId'] },
    ],
  },
  {
    name: 'EffectiveSchema',
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
  },
  {
    name: 'ReferentialIdentity',
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
      { name: 'FK_ReferentialIdentity_Document', column: 'DocumentId', target: 'Document', onDelete: 'CASCADE' },
      { name: 'FK_ReferentialIdentity_ResourceKey', column: 'ResourceKeyId', target: 'ResourceKey', onDelete: 'NO ACTION' },
    ],
  },
  {
    name: 'ResourceKey',
    columns: [
      { name: 'ResourceKeyId', type: 'small' },
      { name: 'ProjectName', type: 'text(256)' },
      { name: 'ResourceName', type: 'text(256)' },
      { name: 'ResourceVersion', type: 'text(32)' },
    ],
    primaryKey: ['ResourceKeyId'],
    uniques: [{ name: 'UX_ResourceKey_ProjectName_ResourceName', columns: ['ProjectName', 'ResourceName'] }],
  },
  {
    name: 'SchemaComponent',
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
        target: 'EffectiveSchema',
        onDelete: 'CASCADE',
      },
    ],
  },
];
