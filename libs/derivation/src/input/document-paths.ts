import {
  compileJsonPath,
  type DocumentPathEntry,
  type JsonPath,
  readDocumentPathEntry,
  readReferencePathPair,
} from '@dms/api-schema';
import type { Diagnostic, DiagnosticCollector } from '@dms/diagnostics';
import { isJsonArray, isJsonObject, orderedMembers } from '@dms/files';
import { failResource, malformedMember, type ResourceEntry } from './resource-entry.ts';

export interface ReferencePath {
  readonly identityJsonPath: JsonPath;
  readonly referenceJsonPath: JsonPath;
}

export type DocumentReferenceEntry = DocumentPathEntry & { readonly kind: 'reference' };

/**
 * Reads the `documentPathsMapping` of the resources of a set. Each is read once, although several passes use it; what
 * cannot be read is reported once and left out.
 */
export class DocumentPaths {
  private readonly diagnostics: DiagnosticCollector;
  private readonly refused = new Set<DocumentPathEntry>();
  private readonly incomplete = new Set<ResourceEntry>();
  private readonly entries = new Map<ResourceEntry, readonly (readonly [string, DocumentPathEntry])[]>();
  private readonly paths = new Map<DocumentPathEntry, readonly ReferencePath[]>();

  constructor(diagnostics: DiagnosticCollector) {
    this.diagnostics = diagnostics;
  }

  /**
   * The entries in key order, each read by its kind; empty if the mapping is not an object. Code: `APISCHEMA_INVALID`.
   */
  entriesOf(entry: ResourceEntry): readonly (readonly [string, DocumentPathEntry])[] {
    let entries = this.entries.get(entry);
    if (!entries) {
      entries = readEntries(entry, (found) => {
        this.diagnostics.add(found);
        this.incomplete.add(entry);
      });
      this.entries.set(entry, entries);
    }
    return entries;
  }

  /**
   * The pairs of a document reference in file order. Codes: `REFERENCE_PATHS_MISSING`, `APISCHEMA_INVALID`,
   * `JSONPATH_INVALID`.
   */
  pathsOf(entry: ResourceEntry, key: string, reference: DocumentReferenceEntry): readonly ReferencePath[] {
    let paths = this.paths.get(reference);
    if (!paths) {
      const read = this.diagnostics.attempt(() =>
        readPaths(entry, key, reference.referenceJsonPaths, this.diagnostics),
      );
      paths = (read ?? []).flatMap((path) => path ?? []);
      this.paths.set(reference, paths);
      if (read === undefined || paths.length < read.length) {
        this.refuse(reference);
        this.incomplete.add(entry);
      }
    }
    return paths;
  }

  /** Leaves a mapping out of all later passes, because an error in it was reported. */
  refuse(mapping: DocumentPathEntry): void {
    this.refused.add(mapping);
  }

  isRefused(mapping: DocumentPathEntry): boolean {
    return this.refused.has(mapping);
  }

  /** Whether a part of the mapping could not be read, so that the paths that it covers are unknown. */
  isIncomplete(entry: ResourceEntry): boolean {
    return this.incomplete.has(entry);
  }
}

/** Whether a resource has a mapping. A resource without one names its descriptors by its identity paths. */
export function hasDocumentPaths(entry: ResourceEntry): boolean {
  return isJsonObject(entry.json.get('documentPathsMapping'));
}

function readEntries(
  entry: ResourceEntry,
  report: (found: readonly Diagnostic[]) => void,
): readonly (readonly [string, DocumentPathEntry])[] {
  const mapping = entry.json.get('documentPathsMapping');
  const read = isJsonObject(mapping)
    ? orderedMembers(mapping).map(([key, value]) => ({ key, result: readDocumentPathEntry(value) }))
    : [];
  const found = read.flatMap(({ key, result }) =>
    'value' in result
      ? []
      : result.findings.map((finding) => {
          const member = `documentPathsMapping["${key}"]${finding.member === '' ? '' : `.${finding.member}`}`;
          return malformedMember(entry.label, finding, member);
        }),
  );
  if (found.length > 0) report(found);
  return read.flatMap(({ key, result }) => ('value' in result ? [[key, result.value] as const] : []));
}

/** The pairs; undefined in place of a pair with an error. */
function readPaths(
  entry: ResourceEntry,
  key: string,
  referenceJsonPaths: unknown,
  diagnostics: DiagnosticCollector,
): (ReferencePath | undefined)[] {
  if (!isJsonArray(referenceJsonPaths as never) || (referenceJsonPaths as readonly unknown[]).length === 0) {
    failResource(
      'REFERENCE_PATHS_MISSING',
      entry.label,
      `the reference ${key} needs a non-empty array referenceJsonPaths`,
      key,
      { mappingKey: key },
    );
  }
  return (referenceJsonPaths as readonly unknown[]).map((pair, index) => {
    const member = `documentPathsMapping["${key}"].referenceJsonPaths[${index}]`;
    const read = readReferencePathPair(pair);
    if ('findings' in read) {
      diagnostics.add(
        read.findings.map((finding) => {
          const field = `${member}${finding.member === '' ? '' : `.${finding.member}`}`;
          return malformedMember(entry.label, finding, field);
        }),
      );
      return undefined;
    }
    const path = (name: 'identityJsonPath' | 'referenceJsonPath') =>
      diagnostics.attempt(() => compileJsonPath(read.value[name], { resource: entry.label }, `${member}.${name}`));
    const identityJsonPath = path('identityJsonPath');
    const referenceJsonPath = path('referenceJsonPath');
    return identityJsonPath && referenceJsonPath && { identityJsonPath, referenceJsonPath };
  });
}
