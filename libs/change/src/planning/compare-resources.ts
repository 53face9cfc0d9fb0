import { resourceLabel } from '@dms/api-schema';
import type { RelationalModelSet } from '@dms/model';
import { coreOwner } from '../matching/table-pairs.ts';
import { resourceKinds } from '../renaming/schema-objects.ts';
import type { Change, ResourceKind } from './change.ts';
import type { Comparison } from './comparison.ts';
import { referencesTo } from './member-references.ts';

/** Whether a resource of the earlier set continues as its project's extension of a resource of the same name. */
function becameExtension({ projects, resources }: RelationalModelSet, projectName: string, resourceName: string): boolean {
  const schema = projects.find((project) => project.projectName === projectName)?.physicalSchema;
  return resources.some(
    ({ resourceKey, physicalSchema, tablesInDependencyOrder }) =>
      resourceKey.resourceName === resourceName &&
      physicalSchema !== schema &&
      tablesInDependencyOrder.some(({ table }) => table.schema === schema),
  );
}

/** The change of a renamed resource. The change of a descriptor also carries what its referential ids are computed from. */
function* renamedResource({ before }: Comparison, kind: ResourceKind, label: string, owner: string): Generator<Change> {
  const place = { owner, path: [owner], before: label, after: owner };
  const descriptor = before.info.resourceKeys.find((row) => resourceLabel(row) === label);
  if (kind !== 'descriptor') yield { kind: `${kind} renamed`, ...place };
  else if (descriptor) yield { kind: 'descriptor renamed', ...place, descriptor };
}

/** The changes of projects, resources and tables: renamed, added, removed, or turned into another kind (design 12 §3.2). */
export function* compareResources(comparison: Comparison): Generator<Change> {
  const { before, after, match, renaming } = comparison;
  const [then, now] = [resourceKinds(before.model), resourceKinds(after.model)];
  for (const { projectName } of before.model.projects) {
    const name = renaming.project(projectName);
    if (name !== projectName)
      yield { kind: 'project renamed', owner: coreOwner, path: [name], before: projectName, after: name };
  }
  const labels = new Map([...then.keys()].map((label) => [renaming.resource(label), label]));
  for (const [owner, kind] of now) {
    const label = labels.get(owner);
    const earlier = label === undefined ? undefined : then.get(label);
    if (earlier === undefined) yield { kind: `${kind} added`, owner, path: [owner] };
    else if (earlier === kind && label !== owner) yield* renamedResource(comparison, kind, label ?? '', owner);
    else if (earlier !== kind) {
      const reason = `documents of a ${earlier} cannot become documents of a ${kind}`;
      yield { kind: 'kind of resource changed', owner, path: [owner], before: earlier, after: kind, reason };
    }
  }
  for (const { id, projectName, resourceName } of before.info.resourceKeys) {
    const owner = resourceLabel({ projectName, resourceName });
    const kind = then.get(owner);
    if (kind === undefined || now.has(renaming.resource(owner))) continue;
    if (becameExtension(after.model, projectName, resourceName)) {
      const reason = 'documents of a resource cannot become parts of the documents of another resource';
      yield { kind: 'resource became an extension', owner, path: [owner], reason };
      continue;
    }
    const superclass = before.model.resources.find(({ resourceKey }) => resourceLabel(resourceKey) === owner)?.superclass;
    const referrers = superclass ? referencesTo(comparison, resourceLabel(superclass.resource)) : [];
    const resourceKeyId = kind === 'abstract resource' ? null : id;
    yield { kind: `${kind} removed`, owner, path: [owner], resourceKeyId, referrers };
  }
  for (const { owner, key } of match.added) yield { kind: 'table added', owner, path: [key] };
  for (const { owner, key } of match.removed) yield { kind: 'table removed', owner, path: [key] };
  for (const { before: earlier, after: later } of match.pairs) {
    const place = { owner: later.owner, path: [later.key] };
    if (earlier.key !== later.key) yield { kind: 'table renamed', ...place, before: earlier.key, after: later.key };
    const keyOf = ({ model }: typeof earlier) => JSON.stringify(model?.table.key.columns.map(({ role }) => role) ?? null);
    if (keyOf(earlier) === keyOf(later)) continue;
    const reason = 'its rows are told apart by other positions';
    yield { kind: 'nesting changed', ...place, reason };
  }
}
