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

/** A descriptor as a file has it. */
export interface RawDescriptor extends FilePlace {
  /** Null where the file does not say it. */
  readonly projectName: string | null;
  /** Of the resource or, in lower case or not, of its endpoint. */
  readonly resourceName: string;
  /** Undefined where there is none, or JSON null; what is not text is not a value of a field. */
  readonly fields: Readonly<Partial<Record<DescriptorField, unknown>>>;
}
