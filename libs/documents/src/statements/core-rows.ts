/* Rows of the core tables that are written with documents. */

export interface NewDocument {
  readonly uuid: string;
  readonly resourceKeyId: number;
}

/** A row of `dms.Descriptor`, with what its identity row needs. */
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

/** The columns of `dms.Descriptor` in that order; `mssqlType` is the type of the column in SQL Server. */
export const descriptorColumns = [
  { name: 'DocumentId', mssqlType: 'bigint', type: 'bigint', of: (row: DescriptorRow) => row.documentId },
  { name: 'Namespace', mssqlType: 'nvarchar(255)', type: 'varchar', of: (row: DescriptorRow) => row.namespace },
  { name: 'CodeValue', mssqlType: 'nvarchar(50)', type: 'varchar', of: (row: DescriptorRow) => row.codeValue },
  { name: 'ShortDescription', mssqlType: 'nvarchar(75)', type: 'varchar', of: (row: DescriptorRow) => row.shortDescription },
  { name: 'Description', mssqlType: 'nvarchar(1024)', type: 'varchar', of: (row: DescriptorRow) => row.description },
  { name: 'EffectiveBeginDate', mssqlType: 'date', type: 'date', of: (row: DescriptorRow) => row.effectiveBeginDate },
  { name: 'EffectiveEndDate', mssqlType: 'date', type: 'date', of: (row: DescriptorRow) => row.effectiveEndDate },
  { name: 'Discriminator', mssqlType: 'nvarchar(128)', type: 'varchar', of: (row: DescriptorRow) => row.discriminator },
  { name: 'Uri', mssqlType: 'nvarchar(306)', type: 'varchar', of: (row: DescriptorRow) => row.uri },
] as const;
