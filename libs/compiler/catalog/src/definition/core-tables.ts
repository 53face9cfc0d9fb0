import { core, descriptorLengths, type ScalarType } from '@dms/model';
import { dialectRules, type SqlDialect } from '@dms/sql';
import { dialectFacts, type NamedType } from '../dialect-facts.ts';
import { all, type CheckExpression, call, column, equal, greater, notEqual, number, text } from '../expression.ts';

/** Types of core columns; the dialects differ only in their names (design 06 §4.1). */
type CoreType =
  | NamedType
  | `text(${number})`
  /** ASCII text, with the same type in both dialects. */
  | `ascii(${number})`;

export function coreTypeName(dialect: SqlDialect, type: CoreType): string {
  const open = type.indexOf('(');
  const { coreTypes } = dialectFacts[dialect];
  if (open === -1) return coreTypes[type as NamedType];
  return (type.startsWith('ascii') ? 'varchar' : coreTypes.text) + type.slice(open);
}

/** The type of a column of a union view; one without a scalar type has the resource key of a member. */
export const viewColumnType = (
  dialect: SqlDialect,
  { scalarType }: { readonly scalarType: ScalarType | null },
): string => (scalarType === null ? coreTypeName(dialect, 'small') : dialectRules[dialect].typeName(scalarType));

/**
 * The scalar type of a text, which determines how values are compared (design 07 §8.2 rule 4); other types do not need
 * it.
 */
export function coreScalarType(type: CoreType): ScalarType | null {
  const length = /^text\((\d+)\)$/.exec(type)?.[1];
  return length === undefined ? null : { kind: 'String', maxLength: Number(length), decimal: null };
}

export interface CoreColumn {
  readonly name: string;
  readonly type: CoreType;
  readonly nullable?: true;
  readonly identity?: true;
  readonly default?: 'nextVersion' | 'now' | 'zero';
  /** Whether SQL Server compares the column by its bytes, independent of the collation of the database. */
  readonly isBinary?: true;
  /** Whether the column stores a text of identities (design 22 §2.3). */
  readonly identityText?: true;
  /** The expression of a computed column that is not stored. */
  readonly computed?: CheckExpression;
  /** The only dialect that has the column; absent if both have it. */
  readonly only?: SqlDialect;
}

interface CoreTableCheck {
  readonly name: string;
  readonly condition: CheckExpression;
  /** The only dialect that has the check; absent if both have it. */
  readonly only?: SqlDialect;
}

interface CoreUnique {
  readonly name: string;
  readonly columns: readonly string[];
  /** Whether it is inside CREATE TABLE; in SQL Server it then clusters the table. */
  readonly isInline?: true;
}

export interface CoreForeignKey {
  readonly name: string;
  /** The columns, which have the same names in the target. */
  readonly columns: readonly string[];
  readonly target: string;
  readonly onDelete: 'CASCADE' | 'NO ACTION';
}

interface CoreIndex {
  readonly name: string;
  /** Columns of the table, or expressions over them. */
  readonly columns: readonly (string | CheckExpression)[];
  readonly isUnique?: true;
  /** The only dialect that has the index; absent if both have it. */
  readonly only?: SqlDialect;
}

/** A table of schema `dms`, for both dialects (design 06 §4, 16 §2). */
export interface CoreTable {
  readonly name: string;
  readonly columns: readonly CoreColumn[];
  readonly primaryKey: readonly string[];
  readonly isPrimaryKeyNonclustered?: true;
  readonly checks?: readonly CoreTableCheck[];
  readonly uniques?: readonly CoreUnique[];
  /** Whether uniques are added before checks; default: checks come first. */
  readonly addsUniquesFirst?: true;
  readonly foreignKeys?: readonly CoreForeignKey[];
  readonly indexes?: readonly CoreIndex[];
}

/* The parts of schema `dms` that all generations share (design 06 §4). */

/** The columns that define a descriptor. */
export const descriptorColumns: readonly CoreColumn[] = [
  { name: 'Namespace', type: `text(${descriptorLengths.namespace})` },
  { name: 'CodeValue', type: `text(${descriptorLengths.codeValue})` },
  { name: 'ShortDescription', type: 'text(75)' },
  { name: 'Description', type: 'text(1024)', nullable: true },
  { name: 'EffectiveBeginDate', type: 'date', nullable: true },
  { name: 'EffectiveEndDate', type: 'date', nullable: true },
  { name: 'Discriminator', type: 'text(128)' },
  { name: 'Uri', type: `text(${descriptorLengths.uri})` },
];

/** The columns with the versions and times of a document. */
export const stampColumns: readonly CoreColumn[] = [
  { name: 'ContentVersion', type: 'id', default: 'nextVersion' },
  { name: 'IdentityVersion', type: 'id', default: 'nextVersion' },
  { name: 'ContentLastModifiedAt', type: 'instant', default: 'now' },
  { name: 'IdentityLastModifiedAt', type: 'instant', default: 'now' },
  { name: 'CreatedAt', type: 'instant', default: 'now' },
];

/** The foreign key to `dms.Document`: deleting a document deletes its rows of the table. */
export const keyToDocument = (table: string): CoreForeignKey => ({
  name: `FK_${table}_Document`,
  columns: ['DocumentId'],
  target: core.document.name,
  onDelete: 'CASCADE',
});

export const keyToResourceKey = (table: string): CoreForeignKey => ({
  name: `FK_${table}_ResourceKey`,
  columns: ['ResourceKeyId'],
  target: core.resourceKey.name,
  onDelete: 'NO ACTION',
});

/** The check that the cached document is a JSON object. */
export const jsonObjectChecks: readonly CoreTableCheck[] = [
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
  // the primary key is random, so SQL Server clusters the rows by document instead
  isPrimaryKeyNonclustered: true,
  uniques: [
    {
      name: 'UX_ReferentialIdentity_DocumentId_ResourceKeyId',
      columns: ['DocumentId', 'ResourceKeyId'],
      isInline: true,
    },
  ],
  foreignKeys: [keyToDocument('ReferentialIdentity'), keyToResourceKey('ReferentialIdentity')],
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
      columns: ['EffectiveSchemaHash'],
      target: core.effectiveSchema.name,
      onDelete: 'CASCADE',
    },
  ],
};
