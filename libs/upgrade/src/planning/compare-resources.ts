import { resourceLabel } from '@dms/api-schema';
import type { RelationalModelSet } from '@dms/model';
import type { Comparison } from './comparison.ts';
import { checkReferences } from './member-references.ts';

type ResourceKind = 'resource' | 'descriptor' | 'abstract resource';

function kindsOf({ resources, abstractIdentityTables }: RelationalModelSet): Map<string, ResourceKind> {
  const kinds = new Map<string, ResourceKind>(
    abstractIdentityTables.map(({ resourceKey }) => [resourceLabel(resourceKey), 'abstract resource']),
  );
  for (const { resourceKey, storageKind } of resources)
    kinds.set(resourceLabel(resourceKey), storageKind === 'SharedDescriptorTable' ? 'descriptor' : 'resource');
  return kinds;
}

/** Whether a resource of the earlier set lives on as the extension, by its project, of a resource of the same name. */
function becameExtension({ projects, resources }: RelationalModelSet, projectName: string, resourceName: string): boolean {
  const schema = projects.find((project) => project.projectName === projectName)?.physicalSchema;
  return resources.some(
    ({ resourceKey, physicalSchema, tablesInDependencyOrder }) =>
      resourceKey.resourceName === resourceName &&
      physicalSchema !== schema &&
      tablesInDependencyOrder.some(({ table }) => table.schema === schema),
  );
}

/** Resources and tables that come and go, and resources that become of another kind (design 12 §3.2). */
export function compareResources(comparison: Comparison): void {
  const { before, after, match, findings, queries } = comparison;
  const [then, now] = [kindsOf(before.model), kindsOf(after.model)];
  for (const [owner, kind] of now) {
    const earlier = then.get(owner);
    if (earlier === undefined) findings.item({ class: 'free', change: `${kind} added`, owner, path: [owner] });
    else if (earlier !== kind) {
      const reason = `documents of a ${earlier} cannot become those of a ${kind}`;
      findings.item({
        class: 'impossible',
        change: 'kind of resource changed',
        owner,
        path: [owner],
        before: earlier,
        after: kind,
        reason,
      });
    }
  }
  for (const { id, projectName, resourceName } of before.info.resourceKeys) {
    const owner = resourceLabel({ projectName, resourceName });
    const kind = then.get(owner);
    if (kind === undefined || now.has(owner)) continue;
    if (becameExtension(after.model, projectName, resourceName)) {
      const reason = 'documents of a resource cannot become parts of the documents of another one';
      findings.item({ class: 'impossible', change: 'resource became an extension', owner, path: [owner], reason });
      continue;
    }
    const item = findings.item({ class: 'loss', change: `${kind} removed`, owner, path: [owner] });
    if (kind === 'abstract resource') continue;
    findings.loss(item, queries.countOfDocuments(id));
    const superclass = before.model.resources.find(({ resourceKey }) => resourceLabel(resourceKey) === owner)?.superclass;
    if (superclass) checkReferences(comparison, item, resourceLabel(superclass.resource), id);
  }
  for (const { owner, key } of match.added) findings.item({ class: 'free', change: 'table added', owner, path: [key] });
  for (const { owner, key } of match.removed) {
    const item = findings.item({ class: 'loss', change: 'table removed', owner, path: [key] });
    findings.loss(item, queries.countOfRows(key));
  }
  for (const { before: earlier, after: later } of match.pairs) {
    if (earlier.key !== later.key)
      findings.item({
        class: 'free',
        change: 'table renamed',
        owner: later.owner,
        path: [later.key],
        before: earlier.key,
        after: later.key,
      });
    const keyOf = ({ model }: typeof earlier) => JSON.stringify(model?.table.key.columns.map(({ role }) => role) ?? null);
    if (keyOf(earlier) === keyOf(later)) continue;
    const reason = 'its rows are told apart by other positions';
    findings.item({ class: 'impossible', change: 'nesting changed', owner: later.owner, path: [later.key], reason });
  }
}
