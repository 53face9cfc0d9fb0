import type { ResourceKeyEntry } from '@dms/api-schema';
import type { DiagnosticLocation } from '@dms/diagnostics';

/** A place in a file; lines count from 1. */
export interface FilePlace {
  readonly file: string;
  readonly line: number;
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

/** The URI by which documents name a descriptor. */
export const descriptorUri = ({ namespace, codeValue }: Pick<Descriptor, 'namespace' | 'codeValue'>) =>
  `${namespace}#${codeValue}`;

/** The place in the form of diagnostics. */
export const whereOf = ({ file, line }: FilePlace): DiagnosticLocation => ({ file, line });
