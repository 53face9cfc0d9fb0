import { compileJsonPath, type JsonPath, parentPath } from '@dms/api-schema';
import type { DiagnosticCollector } from '@dms/diagnostics';
import { mustExist, type QualifiedResourceName } from '@dms/model';
import type { DeclaredReference } from '../draft/draft-rules.ts';
import type { DocumentPaths, DocumentReferenceEntry, ReferencePath } from './document-paths.ts';
import { failResource, type ResourceEntry, resourceDiagnostic } from './resource-entry.ts';

/** A document reference of a resource (design 02 §5.3). */
export interface ReferenceMapping {
  readonly key: string;
  readonly target: QualifiedResourceName;
  readonly isRequired: boolean;
  /** In file order. */
  readonly paths: readonly ReferencePath[];
  readonly referenceObjectPath: JsonPath;
  readonly isIdentityComponent: boolean;
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

/**
 * Reads the document references of a resource and checks them against its identity (design 02 §5.3). A reference with a
 * error is reported and left out.
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
    paths,
    referenceObjectPath,
    isIdentityComponent: paths.some((pair) => identity.has(pair.referenceJsonPath.canonical)),
  };
  checkIdentityPaths(entry, reference, identity);
  return reference;
}
