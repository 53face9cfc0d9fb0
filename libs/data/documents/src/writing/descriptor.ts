import { type ResourceKeyEntry, resourceLabel } from '@dms/api-schema';
import { needsOfServer } from '@dms/catalog';
import { type Connection, type Limits, loweredByDatabase } from '@dms/databases';
import { type Diagnostic, type DiagnosticLocation, diagnostic, failIfAny, mostShown } from '@dms/diagnostics';
import type { MappingVersion } from '@dms/model';
import { chunk } from 'es-toolkit/array';
import { lowerCased } from '../identity/descriptor-case.ts';

/** A place in a file; lines count from 1. */
export interface FilePlace {
  readonly file: string;
  readonly line: number;
}

/** The contents of a descriptor, as a document and as a row. */
export interface DescriptorContent {
  readonly namespace: string;
  readonly codeValue: string;
  readonly shortDescription: string;
  readonly description: string | null;
  readonly effectiveBeginDate: string | null;
  readonly effectiveEndDate: string | null;
}

/** A descriptor to be written. */
export interface Descriptor extends FilePlace, DescriptorContent {
  readonly resourceKey: ResourceKeyEntry;
  readonly referentialId: string;
  /** The uuid of a new descriptor; a random one by default. A stored descriptor keeps its own. */
  readonly uuid?: string | undefined;
}

/** The URI by which documents refer to a descriptor. */
export const descriptorUri = ({ namespace, codeValue }: Pick<Descriptor, 'namespace' | 'codeValue'>) =>
  `${namespace}#${codeValue}`;

/** The place of a descriptor in the form of diagnostics. */
export const whereOf = ({ file, line }: FilePlace): DiagnosticLocation => ({ file, line });

/** The number of texts in one query. */
const batch = 500;

/**
 * Refuses descriptors whose URI the database lower-cases differently from the product: a reference to one would not
 * find it (design 14a §4.3), unless the database does so for both (design 22 §4.5). The gate has checked the letters
 * from A to Z. Throws `SEED_LETTER_CASE`, `DB_*`.
 */
export async function rejectOtherLetterCase(
  connection: Connection,
  descriptors: readonly Descriptor[],
  version: MappingVersion,
  limits: Limits,
): Promise<void> {
  if (needsOfServer(version).uriFolding !== null) return;
  const diagnostics: Diagnostic[] = [];
  const named = descriptors
    .map((descriptor) => ({ descriptor, uri: `${descriptor.namespace}#${descriptor.codeValue}` }))
    .filter(({ uri }) => !isAscii(uri));
  for (const piece of chunk(named, batch)) {
    const found = await loweredByDatabase(
      connection,
      piece.map(({ uri }) => uri),
      limits,
    );
    for (const [index, { descriptor, uri }] of piece.entries()) {
      if (found[index] === lowerCased(uri)) continue;
      const { resourceKey, file, line } = descriptor;
      const resource = resourceLabel(resourceKey);
      const text =
        `${resource} ${uri}: the database lower-cases it as ${found[index]}, so no reference would find it. ` +
        'Write it without this capital letter, or create the database with another locale.';
      diagnostics.push(diagnostic('SEED_LETTER_CASE', text, { file, line, resource }, { uri }));
      if (diagnostics.length === mostShown) failIfAny(diagnostics);
    }
  }
  failIfAny(diagnostics);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
const isAscii = (text: string) => /^[\x00-\x7f]*$/.test(text);
