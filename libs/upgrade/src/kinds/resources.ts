import { resourceLabel } from '@dms/api-schema';
import { core, qualified, type RelationalModelSet } from '@dms/model';
import { qualifiedName } from '@dms/sql';
import type { Comparison } from '../comparing/comparison.ts';
import { effectOn, effectOnNone } from '../hazards/statement-effect.ts';
import { type ReferenceColumn, referencesTo } from '../matching/member-references.ts';
import { coreOwner } from '../matching/table-pairs.ts';
import { type ResourceKind, resourceKinds } from '../renaming/schema-objects.ts';
import type { HashedDescriptor, NumberedDescriptor } from '../script/descriptor-identity.ts';
import type { RowCheck } from '../script/row-check.ts';
import type { RowQueries } from '../script/row-queries.ts';
import type { ScriptParts } from '../script/script-parts.ts';
import type { StatementList } from '../script/statement-list.ts';
import {
  type ChangeRules,
  checks,
  type Impossible,
  impossible,
  noQueries,
  objectKey,
  type Place,
  type RulesOf,
  type Shown,
} from './change-rules.ts';

interface ResourceAdded extends Place, Shown {
  readonly kind: `${ResourceKind} added`;
}

interface ResourceRenamed extends Place, Shown {
  readonly kind: 'project renamed' | `${Exclude<ResourceKind, 'descriptor'>} renamed`;
}

interface DescriptorRenamed extends Place, Shown {
  readonly kind: 'descriptor renamed';
  /**
   * The name and the number in the earlier set, from which stored referential ids were computed; null if none are
   * stored.
   */
  readonly descriptor: NumberedDescriptor | null;
}

interface ResourceRemoved extends Place {
  readonly kind: `${ResourceKind} removed`;
  /** Its number; null for an abstract resource, which has no documents. */
  readonly resourceKeyId: number | null;
  /** The columns that stay and may refer to its documents through an abstract resource. */
  readonly referrers: readonly ReferenceColumn[];
}

interface ResourceImpossible extends Place, Shown, Impossible {
  readonly kind: 'kind of resource changed' | 'resource became an extension';
}

export type ResourceChanges =
  | ResourceAdded
  | ResourceRenamed
  | DescriptorRenamed
  | ResourceRemoved
  | ResourceImpossible;

const documents = qualified(core.document);

/** The rows that refer to documents of a resource. */
export const referring = (
  queries: RowQueries,
  resourceKeyId: number,
  referrers: readonly ReferenceColumn[],
): RowCheck[] => referrers.map(({ table, column }) => queries.referringTo(table, column, [resourceKeyId]));

const added = { object: 'resource', class: 'free', made: ['insert rows'] } as const;
const renamed = { object: 'resource', class: 'rewritten', made: ['delete rows', 'insert rows'] } as const;
const removed: ChangeRules<ResourceRemoved> = {
  object: 'resource',
  class: 'loss',
  made: ['delete rows'],
  queries: ({ resourceKeyId, referrers }, queries) =>
    resourceKeyId === null
      ? noQueries
      : {
          checks: referring(queries, resourceKeyId, referrers),
          losses: [queries.lossOfDocuments(resourceKeyId)],
        },
};

export const resourceRules: RulesOf<ResourceChanges> = {
  'resource added': added,
  'descriptor added': added,
  'abstract resource added': added,
  'project renamed': { ...renamed, object: 'project' },
  'resource renamed': renamed,
  'abstract resource renamed': renamed,
  'descriptor renamed': {
    object: 'resource',
    class: ({ descriptor }) => (descriptor === null ? 'rewritten' : 'checked'),
    made: ['update rows', 'delete rows', 'insert rows'],
    queries: ({ descriptor }, queries) =>
      descriptor === null ? noQueries : checks(queries.withOtherReferentialId(descriptor)),
  },
  'resource removed': removed,
  'descriptor removed': removed,
  'abstract resource removed': removed,
  'kind of resource changed': impossible('resource'),
  'resource became an extension': impossible('resource'),
};

/** Whether a resource of the earlier set continues as its project's extension of a resource of the same name. */
function becameExtension(
  { projects, resources }: RelationalModelSet,
  projectName: string,
  resourceName: string,
): boolean {
  const schema = projects.find((project) => project.projectName === projectName)?.physicalSchema;
  return resources.some(
    ({ resourceKey, physicalSchema, tablesInDependencyOrder }) =>
      resourceKey.resourceName === resourceName &&
      physicalSchema !== schema &&
      tablesInDependencyOrder.some(({ table }) => table.schema === schema),
  );
}

/** The change of a renamed resource. */
function renamedResource(
  hashed: readonly HashedDescriptor[],
  kind: ResourceKind,
  label: string,
  owner: string,
): ResourceChanges {
  const place = { owner, path: [owner], before: label, after: owner };
  if (kind !== 'descriptor') return { kind: `${kind} renamed`, ...place };
  const descriptor = hashed.find(({ before }) => resourceLabel(before) === label)?.before ?? null;
  return { kind: 'descriptor renamed', ...place, descriptor };
}

/** The projects and resources that come, go, get another name or become something else (design 12 §3.2). */
export function* compareResources(
  comparison: Comparison,
  hashed: readonly HashedDescriptor[],
): Generator<ResourceChanges> {
  const { before, after, renaming } = comparison;
  const then = resourceKinds(before.model);
  const now = resourceKinds(after.model);
  for (const { projectName } of before.model.projects) {
    const name = renaming.project(projectName);
    if (name !== projectName)
      yield { kind: 'project renamed', owner: coreOwner, path: [name], before: projectName, after: name };
  }
  const labels = new Map([...then.keys()].map((label) => [renaming.resource(label), label]));
  for (const [owner, kind] of now) {
    const label = labels.get(owner);
    const earlier = label === undefined ? undefined : then.get(label);
    if (label === undefined || earlier === undefined) yield { kind: `${kind} added`, owner, path: [owner] };
    else if (earlier === kind && label !== owner) yield renamedResource(hashed, kind, label, owner);
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
    const superclass = before.model.resources.find(
      ({ resourceKey }) => resourceLabel(resourceKey) === owner,
    )?.superclass;
    const referrers = superclass ? referencesTo(comparison, resourceLabel(superclass.resource)) : [];
    const resourceKeyId = kind === 'abstract resource' ? null : id;
    yield { kind: `${kind} removed`, owner, path: [owner], resourceKeyId, referrers };
  }
}

/** Deletes the documents of removed resources. */
export function deleteDocuments(
  { comparison: { dialect, before }, resourceKeys }: ScriptParts,
  out: StatementList,
): void {
  const { removed: ids } = resourceKeys;
  if (ids.length === 0) return;
  const isGone = `${dialect.rules.quote('ResourceKeyId')} IN (${ids.join(', ')})`;
  const labels = before.info.resourceKeys.filter(({ id }) => ids.includes(id)).map(resourceLabel);
  const effect = effectOn(
    'delete rows',
    documents,
    labels.map((label) => objectKey('resource', label)),
  );
  const rows = { table: documents, condition: `t.${isGone}` };
  const text = `DELETE FROM ${qualifiedName(dialect.rules, core.document)} WHERE ${isGone};`;
  out.add('tables and names', documents, { ...effect, rows }, text);
  out.add('tables and names', documents, effectOnNone('run deferred checks'), ...dialect.settle());
}
