import {
  compileJsonPath,
  type DocumentPathEntry,
  issueText,
  type JsonPath,
  parentPath,
  readDocumentPathEntry,
  readFormat,
  referencePathPair,
} from '@dms/api-schema';
import { isJsonArray, isJsonObject, orderedMembers } from '@dms/canonical-json';
import { failIfAny } from '@dms/diagnostics';
import type { QualifiedResourceName } from '@dms/model';
import { failResource, type ResourceEntry, resourceDiagnostic } from './resource-entry.ts';

export interface ReferencePath {
  readonly identityJsonPath: JsonPath;
  readonly referenceJsonPath: JsonPath;
}

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

// several passes read the same mappings; entries live as long as one derivation
const entriesOf = new WeakMap<ResourceEntry, readonly [string, DocumentPathEntry][]>();
const pathsOf = new WeakMap<DocumentPathEntry, readonly ReferencePath[]>();

/** The entries of a resource's `documentPathsMapping` in key order, each read by its kind. Throws `APISCHEMA_INVALID`. */
export function readDocumentPathEntries(entry: ResourceEntry): readonly [string, DocumentPathEntry][] {
  const known = entriesOf.get(entry);
  if (known) return known;
  const mapping = entry.json.get('documentPathsMapping');
  const read = isJsonObject(mapping)
    ? orderedMembers(mapping).map(([key, value]) => ({ key, result: readDocumentPathEntry(value) }))
    : [];
  failIfAny(
    read.flatMap(({ key, result }) =>
      'value' in result
        ? []
        : result.issues.map((issue) => {
            const member = `documentPathsMapping["${key}"]${issue.member === '' ? '' : `.${issue.member}`}`;
            return resourceDiagnostic('APISCHEMA_INVALID', entry.label, `${member} ${issueText(issue)}`, member, {
              field: member,
            });
          }),
    ),
  );
  const entries = read.flatMap(({ key, result }) =>
    'value' in result ? [[key, result.value] as [string, DocumentPathEntry]] : [],
  );
  entriesOf.set(entry, entries);
  return entries;
}

/** The pairs of a document reference in file order; `REFERENCE_PATHS_MISSING` without any. */
export function readReferencePaths(
  entry: ResourceEntry,
  key: string,
  reference: DocumentPathEntry & { readonly kind: 'reference' },
): readonly ReferencePath[] {
  const known = pathsOf.get(reference);
  if (known) return known;
  const paths = compileReferencePaths(entry, key, reference.referenceJsonPaths);
  pathsOf.set(reference, paths);
  return paths;
}

function compileReferencePaths(entry: ResourceEntry, key: string, referenceJsonPaths: unknown): ReferencePath[] {
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
    const read = readFormat(referencePathPair, pair);
    if ('issues' in read) {
      const [issue] = read.issues;
      return failResource(
        'APISCHEMA_INVALID',
        entry.label,
        `${member}.${issue?.member} ${issue ? issueText(issue) : ''}`,
        member,
        { field: member },
      );
    }
    const where = { resource: entry.label };
    return {
      identityJsonPath: compileJsonPath(read.value.identityJsonPath, where, `${member}.identityJsonPath`),
      referenceJsonPath: compileJsonPath(read.value.referenceJsonPath, where, `${member}.referenceJsonPath`),
    };
  });
}

function objectPathOf(entry: ResourceEntry, key: string, paths: readonly ReferencePath[]): JsonPath {
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
    failResource('REFERENCE_IDENTITY_INCOMPLETE', entry.label, text, mapping.key, { mappingKey: mapping.key, missing: paths });
  }
  if (!mapping.isRequired) {
    const text = `the reference ${mapping.key} is part of the identity but not required; set isRequired to true`;
    failResource('REFERENCE_IDENTITY_OPTIONAL', entry.label, text, mapping.key, { mappingKey: mapping.key });
  }
}

/** Reads the document references of a resource and checks them against its identity (design 02 §5.3). */
export function readReferenceMappings(entry: ResourceEntry, identityPaths: readonly JsonPath[]): ReferenceMapping[] {
  const identity = new Set(identityPaths.map((path) => path.canonical));
  const covered = new Set<string>();
  const references: ReferenceMapping[] = [];
  for (const [key, value] of readDocumentPathEntries(entry)) {
    if (value.kind !== 'reference') {
      covered.add(compileJsonPath(value.path, { resource: entry.label }, `documentPathsMapping["${key}"].path`).canonical);
      continue;
    }
    const paths = readReferencePaths(entry, key, value);
    const reference: ReferenceMapping = {
      key,
      target: value.target,
      isRequired: value.isRequired,
      paths,
      referenceObjectPath: objectPathOf(entry, key, paths),
      isIdentityComponent: paths.some((pair) => identity.has(pair.referenceJsonPath.canonical)),
    };
    checkIdentityPaths(entry, reference, identity);
    for (const pair of paths) covered.add(pair.referenceJsonPath.canonical);
    references.push(reference);
  }
  const unmapped = [...identity].filter((path) => !covered.has(path)).sort();
  if (unmapped.length > 0) {
    const text = `identityJsonPaths has paths that no entry of documentPathsMapping covers: ${unmapped.join(', ')}`;
    failResource('IDENTITY_PATH_UNMAPPED', entry.label, text, unmapped[0], { paths: unmapped });
  }
  return references;
}
