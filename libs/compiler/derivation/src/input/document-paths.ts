import {
  compileJsonPath,
  type DocumentPathEntry,
  type JsonPath,
  parentPath,
  readDocumentPathEntry,
  readReferencePathPair,
} from '@dms/api-schema';
import type { Diagnostic, DiagnosticCollector } from '@dms/diagnostics';
import { mustExist, type QualifiedResourceName } from '@dms/model';
import { isJsonArray, isJsonObject, orderedMembers } from '@dms/values';
import type { DeclaredReference } from '../draft/draft-rules.ts';
import { failResource, malformedMember, type ResourceEntry, resourceDiagnostic } from './resource-entry.ts';

export interface ReferencePath {
  readonly identityJsonPath: JsonPath;
  readonly referenceJsonPath: JsonPath;
}

type DocumentReferenceEntry = DocumentPathEntry & { readonly kind: 'reference' };

/**
 * Reads the `documentPathsMapping` of the resources of a set. Each mapping is read once, although several passes use
 * it; entries that cannot be read are reported once and omitted.
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

  /** The entries in key order, each read by its kind; empty if the mapping is not an object. */
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

  /** The pairs of a document reference in file order. */
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

  /** Excludes a mapping from all later passes, because an error in it was reported. */
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

/** Reads the pairs; a pair with an error gives undefined. */
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

/** Whether a resource has a mapping. A resource without one names its descriptors by its identity paths. */
export function hasDocumentPaths(entry: ResourceEntry): boolean {
  return isJsonObject(entry.json.get('documentPathsMapping'));
}

/** A document reference of a resource (design 02 §5.3). */
export interface ReferenceMapping {
  readonly key: string;
  readonly target: QualifiedResourceName;
  readonly isRequired: boolean;
  /** `isRequired` of the mapping, which some generations do not follow. */
  readonly isRequiredByMapping: boolean;
  /** The pairs in file order. */
  readonly paths: readonly ReferencePath[];
  readonly referenceObjectPath: JsonPath;
  readonly isIdentityComponent: boolean;
}

/**
 * Reads the document references of a resource and checks them against its identity (design 02 §5.3). A reference with
 * an error is reported and omitted.
 */
export function readReferenceMappings(
  entry: ResourceEntry,
  documentPaths: DocumentPaths,
  identityPaths: readonly JsonPath[],
  diagnostics: DiagnosticCollector,
  isRequired: (reference: Omit<DeclaredReference, 'entry' | 'insertSchema'>) => boolean,
): ReferenceMapping[] {
  const identity = new Set(identityPaths.map((path) => path.canonical));
  const covered = new Set<string>();
  const references: ReferenceMapping[] = [];
  for (const [key, value] of documentPaths.entriesOf(entry)) {
    if (value.kind !== 'reference') {
      diagnostics.attempt(() => {
        covered.add(
          compileJsonPath(value.path, { resource: entry.label }, `documentPathsMapping["${key}"].path`).canonical,
        );
      });
      continue;
    }
    const paths = documentPaths.pathsOf(entry, key, value);
    for (const pair of paths) covered.add(pair.referenceJsonPath.canonical);
    if (documentPaths.isRefused(value)) continue;
    const reference = diagnostics.attempt(() => readReference(entry, { key, value, paths }, identity, isRequired));
    if (reference) references.push(reference);
  }
  const unmapped = documentPaths.isIncomplete(entry) ? [] : [...identity].filter((path) => !covered.has(path)).sort();
  if (unmapped.length > 0) {
    const text = `identityJsonPaths has paths that no entry of documentPathsMapping covers: ${unmapped.join(', ')}`;
    diagnostics.add([
      resourceDiagnostic('IDENTITY_PATH_UNMAPPED', entry.label, text, unmapped[0], { paths: unmapped }),
    ]);
  }
  return references;
}

/** A reference under its key in the mapping, with its pairs of paths. */
interface KeyedReference {
  readonly key: string;
  readonly value: DocumentReferenceEntry;
  readonly paths: readonly ReferencePath[];
}

function readReference(
  entry: ResourceEntry,
  { key, value, paths }: KeyedReference,
  identity: ReadonlySet<string>,
  isRequired: (reference: Omit<DeclaredReference, 'entry' | 'insertSchema'>) => boolean,
): ReferenceMapping {
  const referenceObjectPath = findObjectPath(entry, key, paths);
  const reference: ReferenceMapping = {
    key,
    target: value.target,
    isRequired: isRequired({ mappingKey: key, isRequired: value.isRequired, referenceObjectPath }),
    isRequiredByMapping: value.isRequired,
    paths,
    referenceObjectPath,
    isIdentityComponent: paths.some((pair) => identity.has(pair.referenceJsonPath.canonical)),
  };
  checkIdentityPaths(entry, reference, identity);
  return reference;
}

function findObjectPath(entry: ResourceEntry, key: string, paths: readonly ReferencePath[]): JsonPath {
  const parents = paths.map(({ referenceJsonPath }) => {
    if (referenceJsonPath.segments.at(-1)?.kind !== 'property') {
      const text = `the reference ${key} has the path ${referenceJsonPath.canonical}, which must end in a property`;
      return failResource('REFERENCE_PREFIX_INCONSISTENT', entry.label, text, key, { mappingKey: key });
    }
    return parentPath(referenceJsonPath);
  });
  const prefixes = [...new Set(parents.map((path) => path.canonical))].sort();
  const [first] = parents;
  if (prefixes.length > 1 || !first) {
    const text = `the reference ${key} has paths under different objects: ${prefixes.join(', ')}`;
    return failResource('REFERENCE_PREFIX_INCONSISTENT', entry.label, text, key, { mappingKey: key, prefixes });
  }
  return first;
}

function checkIdentityPaths(entry: ResourceEntry, mapping: ReferenceMapping, identity: ReadonlySet<string>): void {
  const seen = new Map<string, string>();
  for (const { identityJsonPath, referenceJsonPath } of mapping.paths) {
    const other = seen.get(identityJsonPath.canonical);
    if (other !== undefined) {
      const text = `the reference ${mapping.key} binds ${identityJsonPath.canonical} twice, to ${other} and ${referenceJsonPath.canonical}`;
      failResource('REFERENCE_IDENTITY_PATH_DUPLICATE', entry.label, text, mapping.key, { mappingKey: mapping.key });
    }
    seen.set(identityJsonPath.canonical, referenceJsonPath.canonical);
  }
  if (!mapping.isIdentityComponent) return;
  const missing = mapping.paths.map((pair) => pair.referenceJsonPath.canonical).filter((path) => !identity.has(path));
  if (missing.length > 0) {
    const paths = [...new Set(missing)].sort();
    const text = `only some paths of the reference ${mapping.key} (${mapping.referenceObjectPath.canonical}) are in identityJsonPaths; missing: ${paths.join(', ')}`;
    failResource('REFERENCE_IDENTITY_INCOMPLETE', entry.label, text, mapping.key, {
      mappingKey: mapping.key,
      missing: paths,
    });
  }
  if (!mapping.isRequired) {
    const path = mustExist(mapping.paths[0], `a path of the reference ${mapping.key}`).referenceJsonPath.canonical;
    const text = `the reference ${mapping.key} is part of the identity (${path}), but ${mapping.referenceObjectPath.canonical} is not required`;
    failResource('REFERENCE_IDENTITY_OPTIONAL', entry.label, text, mapping.key, { mappingKey: mapping.key });
  }
}
