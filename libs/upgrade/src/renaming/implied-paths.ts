import { resourceLabel } from '@dms/api-schema';
import type { DocumentReferenceBinding, RelationalModelSet, ResourceModel } from '@dms/model';
import { type RenamedNames, type Renaming, renamingOf } from './renaming.ts';

type Models = Readonly<Record<'before' | 'after', RelationalModelSet>>;

/** A path of a resource of the earlier set whose later name follows from other renames. */
interface ImpliedPath {
  readonly resource: string;
  readonly path: string;
  readonly later: string;
}

const byLabel = <Entry extends Pick<ResourceModel, 'resourceKey'>>(entries: readonly Entry[]) =>
  new Map(entries.map((entry) => [resourceLabel(entry.resourceKey), entry]));

/** The members that repeat a target's identity get the names that the same reference has in the later set. */
function* pathsOfReference(
  { referenceObjectPath, targetResource, identityBindings }: DocumentReferenceBinding,
  resource: string,
  later: readonly DocumentReferenceBinding[],
  renaming: Renaming,
): Generator<ImpliedPath> {
  const target = resourceLabel(targetResource);
  const objectPath = renaming.path(resource, referenceObjectPath.canonical);
  const now = later.find((each) => each.referenceObjectPath.canonical === objectPath);
  if (!now || resourceLabel(now.targetResource) !== renaming.resource(target)) return;
  const seen = new Set<string>();
  for (const { identityJsonPath, referenceJsonPath } of identityBindings) {
    const { canonical: path } = referenceJsonPath;
    // one member may repeat several parts; the first part decides its name
    if (seen.has(path)) continue;
    seen.add(path);
    const part = renaming.path(target, identityJsonPath.canonical);
    const found = now.identityBindings.find((each) => each.identityJsonPath.canonical === part);
    if (found) yield { resource, path, later: found.referenceJsonPath.canonical };
  }
}

/**
 * A part of an abstract resource's identity gets the name that all its members give to it, if they have it under its
 * own name.
 */
function* pathsOfAbstractResources({ before, after }: Models, renaming: Renaming): Generator<ImpliedPath> {
  const later = byLabel(after.abstractIdentityTables);
  for (const { resourceKey, table } of before.abstractIdentityTables) {
    const resource = resourceLabel(resourceKey);
    const members = before.resources.filter(
      ({ superclass }) => superclass?.identityJsonPath === null && resourceLabel(superclass.resource) === resource,
    );
    const columns = later.get(renaming.resource(resource))?.table.columns ?? [];
    for (const path of table.columns.flatMap(({ sourcePath }) => sourcePath?.canonical ?? [])) {
      const [name, ...others] = new Set(
        members.map((member) => renaming.path(resourceLabel(member.resourceKey), path)),
      );
      if (name === undefined || others.length > 0) continue;
      if (columns.some(({ sourcePath }) => sourcePath?.canonical === name)) yield { resource, path, later: name };
    }
  }
}

function* pathsOf(models: Models, renaming: Renaming): Generator<ImpliedPath> {
  const later = byLabel(models.after.resources);
  for (const { resourceKey, documentReferenceBindings } of models.before.resources) {
    const label = resourceLabel(resourceKey);
    const references = later.get(renaming.resource(label))?.documentReferenceBindings ?? [];
    for (const reference of documentReferenceBindings) yield* pathsOfReference(reference, label, references, renaming);
  }
  yield* pathsOfAbstractResources(models, renaming);
}

/**
 * The paths that follow from a renamed part of an identity, in the references that repeat it and in identities of
 * abstract resources. The new name passes from reference to reference (design 12 §11).
 */
export function impliedPaths(models: Models, names: RenamedNames): RenamedNames['implied'] {
  const implied = new Map<string, Map<string, string>>();
  const renaming = renamingOf({ ...names, implied }, []);
  let isChanged = true;
  // a chain of references is no longer than there are resources
  for (let round = 0; isChanged && round <= models.before.resources.length; round += 1) {
    isChanged = false;
    for (const { resource, path, later } of pathsOf(models, renaming)) {
      if (renaming.path(resource, path) === later) continue;
      implied.set(resource, (implied.get(resource) ?? new Map<string, string>()).set(path, later));
      isChanged = true;
    }
  }
  return implied;
}
