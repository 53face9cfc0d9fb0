import type { FilePlace } from '@dms/documents';

/** Fields of a descriptor, by their names in JSON. */
export const descriptorFields = [
  'namespace',
  'codeValue',
  'shortDescription',
  'description',
  'effectiveBeginDate',
  'effectiveEndDate',
] as const;

export type DescriptorField = (typeof descriptorFields)[number];

/** A descriptor as written in a file. */
export interface RawDescriptor extends FilePlace {
  /** Null if the file does not name it. */
  readonly projectName: string | null;
  /** The name of the resource or of its endpoint, in any letter case. */
  readonly resourceName: string;
  /** Undefined if it is absent or JSON null. A value that is not text is not valid for a field. */
  readonly fields: Readonly<Partial<Record<DescriptorField, unknown>>>;
}
