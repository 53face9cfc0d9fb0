import { compileJsonPath, isExtensionScoped, propertyNames, resourceLabel } from '@dms/api-schema';
import { compareBy } from '@dms/files';
import type { QualifiedResourceName } from '@dms/model';
import { pascalCase } from '@dms/model';
import type { ModelDraft } from '../draft/model-draft.ts';
import { hasDocumentPaths } from '../input/document-paths.ts';
import { entryOrder, failResource, identityTexts, type ResourceEntry } from '../input/resource-entry.ts';

interface ReferencePair {
  readonly target: ResourceEntry;
  readonly identityPath: string;
  readonly referencePath: string;
}

type PathMap = Map<string, QualifiedResourceName>;

function put(entry: ResourceEntry, paths: PathMap, path: string, descriptor: QualifiedResourceName): boolean {
  const present = paths.get(path);
  if (!present) {
    paths.set(path, descriptor);
    return true;
  }
  const labels = [resourceLabel(present), resourceLabel(descriptor)];
  if (labels[0] !== labels[1]) {
    const descriptors = labels.sort();
    failResource(
      'DESCRIPTOR_PATH_CONFLICT',
      entry.label,
      `${path} would be two descriptors: ${descriptors.join(' and ')}`,
      path,
      { path, descriptors },
    );
  }
  return false;
}

function readOwnPaths(draft: ModelDraft, entry: ResourceEntry, paths: PathMap, pairs: ReferencePair[]): void {
  if (!hasDocumentPaths(entry)) {
    draft.diagnostics.forEach(identityTexts(entry).entries(), ([index, text]) => {
      const { segments } = compileJsonPath(text, { resource: entry.label }, `identityJsonPaths[${index}]`);
      const last = propertyNames(segments).at(-1);
      if (last?.endsWith('Descriptor'))
        put(entry, paths, text, { projectName: entry.project.projectName, resourceName: pascalCase(last) });
    });
    return;
  }
  draft.diagnostics.forEach(draft.documentPaths.entriesOf(entry), ([key, value]) => {
    if (value.kind === 'descriptor') {
      const path = compileJsonPath(
        value.path,
        { resource: entry.label },
        `documentPathsMapping["${key}"].path`,
      ).canonical;
      if (paths.has(path)) {
        const descriptors = [
          resourceLabel(paths.get(path) as QualifiedResourceName),
          resourceLabel(value.target),
        ].sort();
        failResource(
          'DESCRIPTOR_PATH_CONFLICT',
          entry.label,
          `${path} is mapped to a descriptor twice: ${descriptors.join(' and ')}`,
          path,
          { path, descriptors },
        );
      }
      put(entry, paths, path, value.target);
    } else if (value.kind === 'reference' && !draft.documentPaths.isRefused(value)) {
      const target = draft.entries.known.get(resourceLabel(value.target)) as ResourceEntry;
      for (const { identityJsonPath, referenceJsonPath } of draft.documentPaths.pathsOf(entry, key, value)) {
        pairs.push({ target, identityPath: identityJsonPath.canonical, referencePath: referenceJsonPath.canonical });
      }
    }
  });
}

type PathsByResource = ReadonlyMap<ResourceEntry, PathMap>;

const pairOrder = compareBy<ReferencePair>(
  (pair) => pair.target.project.projectName,
  (pair) => pair.target.resourceName,
  (pair) => pair.identityPath,
  (pair) => pair.referencePath,
);

/**
 * Copies the descriptors that are known at the ends of the references of all resources, until no resource gets another
 * one.
 */
function followReferences(
  draft: ModelDraft,
  pathsOf: PathsByResource,
  pairsOf: ReadonlyMap<ResourceEntry, readonly ReferencePair[]>,
): void {
  const copyDescriptor = (
    entry: ResourceEntry,
    paths: PathMap,
    { target, identityPath, referencePath }: ReferencePair,
  ): boolean => {
    const descriptor = pathsOf.get(target)?.get(identityPath);
    return (
      descriptor !== undefined && draft.diagnostics.attempt(() => put(entry, paths, referencePath, descriptor)) === true
    );
  };
  for (let hasGrown = true; hasGrown; ) {
    hasGrown = false;
    for (const [entry, paths] of pathsOf)
      for (const pair of pairsOf.get(entry) ?? []) hasGrown = copyDescriptor(entry, paths, pair) || hasGrown;
  }
}

/** Stores the paths of every resource in the draft, those below an extension apart from the others. */
function storeDescriptorPaths(draft: ModelDraft, pathsOf: PathsByResource): void {
  for (const [entry, paths] of pathsOf) {
    const own = { base: new Map(), extension: new Map() };
    draft.descriptorPaths.set(entry, own);
    for (const [path, descriptor] of paths) {
      const isBelowExtension = isExtensionScoped(
        compileJsonPath(path, { resource: entry.label }, 'documentPathsMapping'),
      );
      (isBelowExtension ? own.extension : own.base).set(path, descriptor);
    }
  }
}

/**
 * Finds every path where a resource names a descriptor: mapped paths, and paths in the identity of a referenced
 * resource, over any number of references (design 02 §4). Fills `descriptorPaths`. Codes: `DESCRIPTOR_PATH_CONFLICT`,
 * `JSONPATH_INVALID`.
 */
export function mapDescriptorPaths(draft: ModelDraft): void {
  const entries = [...draft.entries.concrete, ...draft.entries.abstract].sort(entryOrder);
  const pathsOf = new Map<ResourceEntry, PathMap>();
  const pairsOf = new Map<ResourceEntry, ReferencePair[]>();
  draft.diagnostics.forEach(entries, (entry) => {
    const paths: PathMap = new Map();
    const pairs: ReferencePair[] = [];
    readOwnPaths(draft, entry, paths, pairs);
    pathsOf.set(entry, paths);
    pairsOf.set(entry, pairs.sort(pairOrder));
  });
  followReferences(draft, pathsOf, pairsOf);
  storeDescriptorPaths(draft, pathsOf);
}
