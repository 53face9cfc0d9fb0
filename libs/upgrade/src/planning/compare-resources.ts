import { resourceLabel } from '@dms/api-schema';
import type { RelationalModelSet } from '@dms/model';
import type { Change, ResourceKind } from './change.ts';
import type { Comparison } from './comparison.ts';
import { referencesTo } from './member-references.ts';

function kindsOf({ resources, abstractIdentityTables }: RelationalModelSet): Map<string, ResourceKind> {
  const kinds = new Map<string, ResourceKind>(
    abstractIdentityTables.map(({ resourceKey }) => [resourceLabel(resourceKey), 'abstract resource']),
  );
  for (const { resourceKey, storageKind } of resources)
    kinds.set(resourceLabel(resourceKey), storageKind === 'SharedDescriptorTable' ? 'descriptor' : 'resource');
  return kinds;
}

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

/** Resources and tables that are added and removed, and resources that change their kind (design 12 §3.2). */
export function* compareResources(comparison: Comparison): Generator<Change> {
  const { before, after, match } = comparison;
  const [then, now] = [kindsOf(before.model), kindsOf(after.model)];
  for (const [owner, kind] of now) {
    const earlier = then.get(owner);
    if (earlier === undefined) yield { kind: `${kind} added`, owner, path: [owner] };
    else if (earlier !== kind) {
      const reason = `documents of a ${earlier} cannot become those of a ${kind}`;
      yield { kind: 'kind of resource changed', owner, path: [owner], before: earlier, after: kind, reason };
    }
  }
  for (const { id, projectName, resourceName } of before.info.resourceKeys) {
    const owner = resourceLabel({ projectName, resourceName });
    const kind = then.get(owner);
    if (kind === undefined || now.has(owner)) continue;
    if (becameExtension(after.model, projectName, resourceName)) {
      const reason = 'documents of a resource cannot become parts of the documents of another one';
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
