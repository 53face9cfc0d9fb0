import {
  compileJsonPath,
  type DocumentPathEntry,
  issueText,
  type JsonPath,
  readDocumentPathEntry,
  readFormat,
  referencePathPair,
} from '@dms/api-schema';
import { isJsonArray, isJsonObject, orderedMembers } from '@dms/canonical-json';
import { failIfAny } from '@dms/diagnostics';
import { failResource, type ResourceEntry, resourceDiagnostic } from './resource-entry.ts';

export interface ReferencePath {
  readonly identityJsonPath: JsonPath;
  readonly referenceJsonPath: JsonPath;
}

export type DocumentReferenceEntry = DocumentPathEntry & { readonly kind: 'reference' };

/** Reads the `documentPathsMapping` of the resources of a set. Each is read once, although several passes use it. */
export class DocumentPaths {
  private readonly entries = new Map<ResourceEntry, readonly (readonly [string, DocumentPathEntry])[]>();
  private readonly paths = new Map<DocumentPathEntry, readonly ReferencePath[]>();

  /** The entries in key order, each read by its kind; empty if the mapping is not an object. Throws `APISCHEMA_INVALID`. */
  entriesOf(entry: ResourceEntry): readonly (readonly [string, DocumentPathEntry])[] {
    let entries = this.entries.get(entry);
    if (!entries) {
      entries = readEntries(entry);
      this.entries.set(entry, entries);
    }
    return entries;
  }

  /** The pairs of a document reference in file order. Throws `REFERENCE_PATHS_MISSING` if there are none. */
  pathsOf(entry: ResourceEntry, key: string, reference: DocumentReferenceEntry): readonly ReferencePath[] {
    let paths = this.paths.get(reference);
    if (!paths) {
      paths = readPaths(entry, key, reference.referenceJsonPaths);
      this.paths.set(reference, paths);
    }
    return paths;
  }
}

/** Whether a resource has a mapping. A resource without one names its descriptors by its identity paths. */
export function hasDocumentPaths(entry: ResourceEntry): boolean {
  return isJsonObject(entry.json.get('documentPathsMapping'));
}

function readEntries(entry: ResourceEntry): readonly (readonly [string, DocumentPathEntry])[] {
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
  return read.flatMap(({ key, result }) => ('value' in result ? [[key, result.value] as const] : []));
}

function readPaths(entry: ResourceEntry, key: string, referenceJsonPaths: unknown): ReferencePath[] {
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
