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

/** A column of `dms.Descriptor` and its value. */
export interface DescriptorColumn {
  readonly name: string;
  /** On PostgreSQL. */
  readonly type: 'bigint' | 'varchar' | 'date' | 'smallint';
  of(row: DescriptorRow): string | null;
}

/** The columns of `dms.Descriptor` that every generation has, in that order. */
export const descriptorColumns: readonly DescriptorColumn[] = [
  { name: 'DocumentId', type: 'bigint', of: (row: DescriptorRow) => row.documentId },
  { name: 'Namespace', type: 'varchar', of: (row: DescriptorRow) => row.namespace },
  { name: 'CodeValue', type: 'varchar', of: (row: DescriptorRow) => row.codeValue },
  { name: 'ShortDescription', type: 'varchar', of: (row: DescriptorRow) => row.shortDescription },
  { name: 'Description', type: 'varchar', of: (row: DescriptorRow) => row.description },
  { name: 'EffectiveBeginDate', type: 'date', of: (row: DescriptorRow) => row.effectiveBeginDate },
  { name: 'EffectiveEndDate', type: 'date', of: (row: DescriptorRow) => row.effectiveEndDate },
  { name: 'Discriminator', type: 'varchar', of: (row: DescriptorRow) => row.discriminator },
  { name: 'Uri', type: 'varchar', of: (row: DescriptorRow) => row.uri },
];
