import { counted } from '@dms/diagnostics';
import type { DataFinding, DataFindingKind, ServiceCause } from './data-finding.ts';
import { isDerived } from './witnesses.ts';

/** Whether a repair recomputes the rows of a finding. */
export const isRepairable = ({ repairable }: DataFinding): boolean => repairable;

/** What a finding counts: one, and many. */
const dataWords: Readonly<Record<DataFindingKind, readonly [string, string]>> = {
  documentWithoutRoot: ['document without a root row', 'documents without a root row'],
  rootWithoutDocument: ['root row without a document', 'root rows without a document'],
  foreignKey: [
    'row whose key finds no row, or a row with other values than it repeats',
    'rows whose key finds no row, or a row with other values than it repeats',
  ],
  orphan: ['row without a document', 'rows without a document'],
  discriminator: ['row with the name of another resource', 'rows with the name of another resource'],
  descriptorUri: [
    'row whose Uri is not made of its namespace and code value',
    'rows whose Uri is not made of their namespace and code value',
  ],
  descriptorResource: [
    'row with the key of another resource than its document',
    'rows with the key of another resource than their document',
  ],
  stamp: [
    'stamp that was not drawn yet, stands twice, or is a time that no clock can have shown',
    'stamps that were not drawn yet, stand twice, or are times that no clock can have shown',
  ],
  contentVersion: [
    'row with another content version than its document',
    'rows with another content version than their document',
  ],
  journal: [
    'document whose first or last change, or last change of identity, is missing, different or ahead of it',
    'documents whose first or last change, or last change of identity, is missing, different or ahead of them',
  ],
  cache: [
    'cached document that is not of its document, has other contents, or is ahead of it',
    'cached documents that are not of their document, have other contents, or are ahead of it',
  ],
  queue: [
    'queued document that is ahead of its document, or has impossible versions or times',
    'queued documents that are ahead of their document, or have impossible versions or times',
  ],
  referentialIdentity: [
    'document with another referential id than its values make',
    'documents with other referential ids than their values make',
  ],
  abstractIdentity: [
    'document whose row is missing, different or too many',
    'documents whose row is missing, different or too many',
  ],
  hierarchy: ['pair that is missing or too many', 'pairs that are missing or too many'],
  sequence: [
    'sequence that is behind a value that it gave out',
    'sequences that are behind a value that they gave out',
  ],
  trackedChange: [
    'recorded change that contradicts itself or its document',
    'recorded changes that contradict themselves or their document',
  ],
  unifiedValue: [
    'row with a unified value and no reference or flag for it, or the other way round',
    'rows with a unified value and no reference or flag for it, or the other way round',
  ],
  unwritableValue: ['row with a value that no document can hold', 'rows with a value that no document can hold'],
  equality: [
    'document with different values where an equality constraint of the schema requires one',
    'documents with different values where an equality constraint of the schema requires one',
  ],
  arrayUniqueness: ['document with equal items in an array', 'documents with equal items in an array'],
  documentSchema: [
    'document that the JSON schema of the resource refuses',
    'documents that the JSON schema of the resource refuses',
  ],
};

const causeWords: Readonly<Record<ServiceCause, string>> = {
  infiniteDate: "the service's triggers hash infinity instead of the date",
  cutTime: "the service's triggers hash times without their fraction",
  hierarchyOfService: "the service's triggers lose or keep pairs when organizations change together",
};

/** A hierarchy that the service's triggers keep differs for their reason, as far as the rows show. */
export const leftByService = (finding: DataFinding): DataFinding =>
  finding.kind === 'hierarchy' ? { ...finding, cause: 'hierarchyOfService' } : finding;

/** One line for each finding, with the first documents. */
export function dataLines(data: readonly DataFinding[]): string[] {
  return data.map(({ kind, object, count, examples, repairable, cause }) => {
    const contested =
      !repairable && isDerived(kind) ? '; not recomputed, because other rows do not say which is right' : '';
    const more = count > examples.length ? `, and ${count - examples.length} more` : '';
    return `  ${object}: ${counted(count, ...dataWords[kind])} (${examples.join(', ')}${more})${cause === null ? '' : `; ${causeWords[cause]}`}${contested}`;
  });
}
