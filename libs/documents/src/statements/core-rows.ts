/* Rows of the core tables that are written with documents. */

export interface NewDocument {
  readonly uuid: string;
  readonly resourceKeyId: number;
  /** The id that an attempt before gave it; null by default. Only PostgreSQL can use it again. */
  readonly documentId?: string | null | undefined;
}

/** A row of `dms.Descriptor`, with the values for its identity row. */
export interface DescriptorRow {
  readonly documentId: string;
  readonly resourceKeyId: number;
  readonly referentialId: string;
  readonly namespace: string;
  readonly codeValue: string;
  readonly shortDescription: string;
  readonly description: string | null;
  readonly effectiveBeginDate: string | null;
  readonly effectiveEndDate: string | null;
  readonly discriminator: string;
  readonly uri: string;
}

/** A column of `dms.Descriptor` and its value. */
export interface DescriptorColumn {
  readonly name: string;
  /** On PostgreSQL. */
  readonly type: 'bigint' | 'varchar' | 'date' | 'smallint';
  readonly mssqlType: string;
  of(row: DescriptorRow): string | null;
}

/** The columns of `dms.Descriptor` in every generation, in their order. */
export const descriptorColumns: readonly DescriptorColumn[] = [
  { name: 'DocumentId', type: 'bigint', mssqlType: 'bigint', of: ({ documentId }) => documentId },
  { name: 'Namespace', type: 'varchar', mssqlType: 'nvarchar(255)', of: ({ namespace }) => namespace },
  { name: 'CodeValue', type: 'varchar', mssqlType: 'nvarchar(50)', of: ({ codeValue }) => codeValue },
  {
    name: 'ShortDescription',
    type: 'varchar',
    mssqlType: 'nvarchar(75)',
    of: ({ shortDescription }) => shortDescription,
  },
  { name: 'Description', type: 'varchar', mssqlType: 'nvarchar(1024)', of: ({ description }) => description },
  { name: 'EffectiveBeginDate', type: 'date', mssqlType: 'date', of: ({ effectiveBeginDate }) => effectiveBeginDate },
  { name: 'EffectiveEndDate', type: 'date', mssqlType: 'date', of: ({ effectiveEndDate }) => effectiveEndDate },
  { name: 'Discriminator', type: 'varchar', mssqlType: 'nvarchar(128)', of: ({ discriminator }) => discriminator },
  { name: 'Uri', type: 'varchar', mssqlType: 'nvarchar(306)', of: ({ uri }) => uri },
];
