import type { ResourceKeyEntry } from '@dms/api-schema';
import type { DiagnosticLocation } from '@dms/diagnostics';

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

/** Where something stands in a file; lines from 1. */
export interface FilePlace {
  readonly file: string;
  readonly line: number;
}

/** A descriptor as a file has it. */
export interface RawDescriptor extends FilePlace {
  /** Null where the file does not say it. */
  readonly projectName: string | null;
  /** Of the resource or, in lower case or not, of its endpoint. */
  readonly resourceName: string;
  /** Undefined where there is none, or JSON null; what is no text is no value of a field. */
  readonly fields: Readonly<Partial<Record<DescriptorField, unknown>>>;
}

/** A descriptor that may be written. */
export interface Descriptor extends FilePlace {
  readonly resourceKey: ResourceKeyEntry;
  readonly namespace: string;
  readonly codeValue: string;
  readonly shortDescription: string;
  readonly description: string | null;
  readonly effectiveBeginDate: string | null;
  readonly effectiveEndDate: string | null;
  readonly referentialId: string;
}

/** The URI that documents name a descriptor by. */
export const descriptorUri = ({ namespace, codeValue }: Pick<Descriptor, 'namespace' | 'codeValue'>) =>
  `${namespace}#${codeValue}`;

/** The place as diagnostics have it. */
export const whereOf = ({ file, line }: FilePlace): DiagnosticLocation => ({ file, line });
