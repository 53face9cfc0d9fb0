import { resourceLabel } from '@dms/api-schema';
import type { CatalogTable, ForeignKey } from '@dms/catalog';
import { core, qualified, type RelationalModelSet, unqualified } from '@dms/model';
import type { ComparedSet } from '../comparing/compared-set.ts';
import type { Comparison } from '../comparing/comparison.ts';
import { type TablePartKey, tablePartKey } from '../comparing/lookup-keys.ts';
import { coreOwner, type SideTable } from '../matching/table-pairs.ts';
import { type AffectedTable, type MadeChange, present } from '../ops/effect.ts';
import type { UpgradeOperation } from '../ops/operation.ts';
import { type ResourceKind, resourceKinds } from '../renaming/schema-objects.ts';
import type { HashedDescriptor, NumberedDescriptor, RowCheckQuery, RowQueries } from '../script/row-queries.ts';
import type { ResourceKeyPlan, ScriptParts } from '../script/script-parts.ts';
import {
  type ChangeRules,
  checks,
  type Impossible,
  impossible,
  noQueries,
  type Place,
  type RulesOf,
  type Shown,
} from './change-rules.ts';
import type { FoundChanges } from './found-changes.ts';

/** A column of the earlier set that refers to documents. */
export interface ReferenceColumn {
  readonly table: SideTable;
  readonly column: string;
}

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

/** Columns that stay and refer to an abstract resource, so that they may hold documents of any member. */
export function referencesTo({ changes }: Comparison, abstractResource: string): readonly ReferenceColumn[] {
  return changes.flatMap(({ pair: { before: table }, dropped }) =>
    (table.model?.references ?? [])
      .filter(
        ({ targetResource, fkColumn }) =>
          resourceLabel(targetResource) === abstractResource &&
          !dropped.some(({ column, isLost }) => isLost && column.name === fkColumn),
      )
      .map(({ fkColumn }) => ({ table, column: fkColumn })),
  );
}

/** The rows that refer to documents of a resource. */
export const referring = (
  queries: RowQueries,
  resourceKeyId: number,
  referrers: readonly ReferenceColumn[],
): RowCheckQuery[] => referrers.map(({ table, column }) => queries.referringTo(table, column, [resourceKeyId]));

const added = { object: 'resource', class: 'free' } as const;
const renamed = { object: 'resource', class: 'rewritten' } as const;
const removed: ChangeRules<ResourceRemoved> = {
  object: 'resource',
  class: 'loss',
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
    queries: ({ descriptor }, queries) =>
      descriptor === null ? noQueries : checks(queries.withOtherReferentialId(descriptor)),
  },
  'resource removed': removed,
  'descriptor removed': removed,
  'abstract resource removed': removed,
  'kind of resource changed': impossible('resource'),
  'resource became an extension': impossible('resource'),
};

/** Compares the projects and resources: added, removed, renamed, or turned into something else (design 12 §3.2). */
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

/** The changes of a resource, `Project:Resource`, that statements about its rows make. */
export const resourceChanges = (found: FoundChanges, label: string, does: 'update' | 'delete' | 'insert') =>
  found.at<ResourceChanges>([label], ...rowsOfResource[does]);

const renamedKinds = ['resource renamed', 'abstract resource renamed', 'descriptor renamed'] as const;
const rowsOfResource = {
  update: ['descriptor renamed'],
  delete: [...renamedKinds, 'resource removed', 'descriptor removed', 'abstract resource removed'],
  insert: [...renamedKinds, 'resource added', 'descriptor added', 'abstract resource added'],
} as const;

/** The documents of removed resources, which are deleted. */
export function removedResources({
  comparison: { dialect, before, changesByBefore },
  found,
  resourceKeys,
}: ScriptParts): readonly UpgradeOperation[] {
  const { removed: resourceKeyIds, moves } = resourceKeys;
  if (resourceKeyIds.length === 0) return [];
  const labels = before.info.resourceKeys.filter(({ id }) => resourceKeyIds.includes(id)).map(resourceLabel);
  const { sql, literals } = dialect.rules;
  const condition = sql`t."ResourceKeyId" IN (${literals(resourceKeyIds)})`;
  // while ids change, these have no key that removes their rows
  const followers = moves.length === 0 ? [] : rowsOfResources(before).filter((key) => changesByBefore.has(key));
  return [
    ...[documents, ...followers].map(
      (key): UpgradeOperation => ({
        op: 'deleteDocuments',
        subject: key,
        on: [present(key)],
        for: labels.flatMap((label) => resourceChanges(found, label, 'delete')),
        table: unqualified(key),
        rows: { table: key, condition },
        resourceKeyIds,
      }),
    ),
    { op: 'settleDocuments', subject: documents, on: [], for: [] },
  ];
}

/** A resource gets another resource key, or its key another version. */
export interface ResourceKeyChanges extends Place, Shown {
  readonly kind: 'resource key' | 'resource version';
}

export const resourceKeyRules: RulesOf<ResourceKeyChanges> = {
  'resource key': {
    object: 'resource key',
    class: 'rewritten',
  },
  'resource version': { object: 'resource key', class: 'free' },
};

const keyTable = qualified(core.resourceKey);

/** Finds the resource ids that change; resources are matched by name. */
export function planResourceKeys({ before, after, renaming }: Comparison): {
  readonly resourceKeys: ResourceKeyPlan;
  readonly changes: readonly ResourceKeyChanges[];
} {
  const changes: ResourceKeyChanges[] = [];
  const now = new Map(after.info.resourceKeys.map((row) => [resourceLabel(row), row]));
  const then = new Map(before.info.resourceKeys.map((row) => [renaming.resource(resourceLabel(row)), row]));
  const renamed = new Set([...then].flatMap(([label, row]) => (label === resourceLabel(row) ? [] : [label])));
  const moves: [number, number][] = [];
  const removed: number[] = [];
  const deleted: number[] = [];
  const versions = new Map<string, number[]>();
  const holders = [...keyColumns(after.catalog.tables)].flatMap(([table, columns]) =>
    columns.map((column) => ({ table, column })),
  );
  for (const [label, row] of then) {
    const later = now.get(label);
    if (!later) removed.push(row.id);
    else if (later.id !== row.id) {
      moves.push([row.id, later.id]);
      changes.push({ kind: 'resource key', owner: coreOwner, path: [label], before: row.id, after: later.id });
    } else if (later.resourceVersion !== row.resourceVersion) {
      if (!renamed.has(label))
        versions.set(later.resourceVersion, [...(versions.get(later.resourceVersion) ?? []), row.id]);
      const change = { before: row.resourceVersion, after: later.resourceVersion };
      changes.push({ kind: 'resource version', owner: coreOwner, path: [label], ...change });
    }
    if (later?.id !== row.id || renamed.has(label)) deleted.push(row.id);
  }
  const inserted = after.info.resourceKeys.filter((row) => {
    const label = resourceLabel(row);
    return then.get(label)?.id !== row.id || renamed.has(label);
  });
  const reversioned = [...versions].map(([version, ids]) => ({ version, ids }));
  const isRenamed = [...renamed].some((label) => then.get(label)?.id === now.get(label)?.id);
  return { resourceKeys: { moves, removed, deleted, reversioned, inserted, isRenamed, holders }, changes };
}

/** The tables whose rows refer to a document together with its resource. */
export const rowsOfResources = ({ catalog }: Pick<ComparedSet, 'catalog'>): readonly string[] =>
  catalog.tables.flatMap((table) =>
    table.foreignKeys.some((each) => targetOf(each) === documents && each.columns.length > 1) ? [qualified(table)] : [],
  );

const targetOf = ({ target }: ForeignKey) => `${target.schema}.${target.table}`;

/**
 * The columns that hold ids of resources, by `schema.name` of their table: those that refer to `dms.ResourceKey`, and
 * those that refer to such a column.
 */
function keyColumns(tables: readonly CatalogTable[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>([[keyTable, ['ResourceKeyId']]]);
  let isGrowing = true;
  while (isGrowing) {
    isGrowing = false;
    for (const table of tables) {
      const key = qualified(table);
      const known = found.get(key) ?? [];
      const referring = table.foreignKeys.flatMap((foreignKey) => {
        const { columns, targetColumns } = foreignKey;
        const held = found.get(targetOf(foreignKey)) ?? [];
        return columns.filter((_, index) => held.includes(targetColumns[index] ?? ''));
      });
      const all = [...new Set([...known, ...referring])];
      if (all.length === known.length) continue;
      found.set(key, all);
      isGrowing = true;
    }
  }
  found.delete(keyTable);
  return found;
}

/**
 * The keys that would block a change of resource ids or names: foreign keys to `dms.ResourceKey` and, on an engine that
 * checks them row by row, unique constraints over ids that change.
 */
export function resourceKeyHindrances(
  { before, dialect }: Comparison,
  { moves, isRenamed }: ResourceKeyPlan,
): Set<TablePartKey> {
  const names = new Set<TablePartKey>();
  if (moves.length === 0 && !isRenamed) return names;
  const holders = keyColumns(before.catalog.tables);
  for (const table of before.catalog.tables) {
    const key = qualified(table);
    const columns = holders.get(key) ?? [];
    const isBlocking = (named: readonly string[]) => named.some((column) => columns.includes(column));
    for (const foreignKey of table.foreignKeys)
      if (targetOf(foreignKey) === keyTable || (moves.length > 0 && isBlocking(foreignKey.columns)))
        names.add(tablePartKey(key, foreignKey.name));
    if (columns.length === 0 || moves.length === 0 || !dialect.checksUniquesPerRow) continue;
    for (const unique of [...table.uniques, ...table.indexes.filter((index) => index.unique)])
      if (isBlocking(unique.columns)) names.add(tablePartKey(key, unique.name));
  }
  return names;
}

/** The changes of the resources whose keys get another id. */
export function movedResources(
  { after }: Pick<Comparison, 'after'>,
  found: FoundChanges,
  { moves }: ResourceKeyPlan,
): readonly MadeChange[] {
  const ids = new Set(moves.map(([, to]) => to));
  return after.info.resourceKeys.flatMap((row) =>
    ids.has(row.id) ? found.at<ResourceKeyChanges>([resourceLabel(row)], 'resource key') : [],
  );
}

export const isResourceKeyTarget = (target: AffectedTable | undefined): boolean => target?.name === keyTable;

/** The rows of `dms.ResourceKey` and the numbers that other tables hold (design 12 §3.4). */
export function resourceKeyOperations({ comparison, found, resourceKeys }: ScriptParts): readonly UpgradeOperation[] {
  const { before, renaming } = comparison;
  const { moves, deleted, reversioned, inserted, holders } = resourceKeys;
  const moved = movedResources(comparison, found, resourceKeys);
  /** The changes of the key, the resource and the project that a row of `dms.ResourceKey` stands for. */
  const changesOf = (does: 'update' | 'delete' | 'insert', label: string, project: string) => [
    ...found.at<ResourceKeyChanges>(
      [label],
      'resource key',
      ...(does === 'update' ? ['resource version' as const] : []),
    ),
    ...resourceChanges(found, label, does),
    ...(does === 'update' ? [] : found.at<ResourceChanges>([project], 'project renamed')),
  ];
  const earlier = new Map(before.info.resourceKeys.map((row) => [row.id, row]));
  const changesOfIds = (does: 'update' | 'delete', ids: readonly number[]) =>
    ids.flatMap((id) => {
      const row = earlier.get(id);
      if (!row) return [];
      const label = resourceLabel(row);
      return [
        ...changesOf(does, label, row.projectName),
        ...changesOf(does, renaming.resource(label), renaming.project(row.projectName)),
      ];
    });
  const place = { subject: keyTable, on: [present(keyTable)], table: core.resourceKey };
  return [
    ...(moves.length === 0 ? [] : holders.map((holder) => renumbered(comparison, holder, moves, moved))),
    ...(deleted.length === 0
      ? []
      : [{ op: 'deleteResourceKeys', ...place, for: changesOfIds('delete', deleted), ids: deleted } as const]),
    ...reversioned.map(
      ({ version, ids }): UpgradeOperation => ({
        op: 'changeVersions',
        ...place,
        for: changesOfIds('update', ids),
        version,
        ids,
      }),
    ),
    ...(inserted.length === 0
      ? []
      : [
          {
            op: 'insertResourceKeys',
            ...place,
            for: inserted.flatMap((row) => changesOf('insert', resourceLabel(row), row.projectName)),
            resourceKeys: inserted,
          } as const,
        ]),
  ];
}

/** The update of the rows of a table that hold the number of a renumbered resource. */
function renumbered(
  { changesByAfter, dialect }: Comparison,
  { table: key, column }: ResourceKeyPlan['holders'][number],
  moves: ResourceKeyPlan['moves'],
  made: readonly MadeChange[],
): UpgradeOperation {
  const pair = changesByAfter.get(key)?.pair;
  const place = { subject: key, for: made, table: unqualified(key), column, moves };
  if (pair === undefined) return { op: 'renumberRows', ...place, on: [{ name: key, isNew: true }] };
  const table = pair.before.key;
  const { sql, id, literals } = dialect.rules;
  const condition = sql`t.${id(pair.earlier.get(column) ?? column)} IN (${literals(moves.map(([from]) => from))})`;
  return { op: 'renumberRows', ...place, on: [present(table)], rows: { table, condition } };
}
