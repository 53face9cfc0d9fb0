import { resourceLabel } from '@dms/api-schema';
import { type AbstractIdentityTrigger, authTable, type ReferentialIdentityTrigger } from '@dms/inventory';
import { core, type IdentityBlock, mustExist, qualified, type ScalarType } from '@dms/model';
import type { QualifiedName } from '@dms/sql';
import { compareOrdinal } from '@dms/values';
import type { Comparison } from '../comparing/comparison.ts';
import { type MemberKey, memberKey } from '../comparing/lookup-keys.ts';
import { catalogColumn, coreOwner, type SideTable } from '../matching/table-pairs.ts';
import { sameValue } from '../matching/value.ts';
import type { AffectedRows } from '../ops/effect.ts';
import type { UpgradeOperation } from '../ops/operation.ts';
import type { HashedDescriptor, NumberedDescriptor } from '../script/row-queries.ts';
import { type DerivedPlan, derivedFrom, laterTable, type ScriptParts } from '../script/script-parts.ts';
import { checks, type Impossible, impossible, noQueries, type Place, type RulesOf, type Sink } from './change-rules.ts';
import { type ReferenceColumn, referencesTo, referring, resourceChanges } from './resources.ts';

export interface ReferentialIdChanges extends Place {
  readonly kind: 'referential ids';
  /** The rows whose ids may be wrong or equal; null if the database had their ids before. */
  readonly hashed: RestoredIds | null;
}

interface RestoredIds {
  readonly table: SideTable;
  /** The identity that is hashed; null for descriptors, whose URI is. */
  readonly block: IdentityBlock | null;
}

export const referentialIdRules: RulesOf<ReferentialIdChanges> = {
  'referential ids': {
    object: 'referential ids',
    class: ({ hashed }) => (hashed === null ? 'rewritten' : 'checked'),
    queries: ({ hashed }, queries) => {
      if (hashed === null) return noQueries;
      const { table, block } = hashed;
      return block === null
        ? checks(queries.ofDocumentWithOtherKey(table), queries.otherLetterCase(table), queries.descriptorsAlike(table))
        : checks(queries.identitiesAlike(table, block));
    },
  },
};

/** The kinds whose texts in hashed names may be equal for different values. */
const cutKinds: ReadonlySet<string> = new Set<ScalarType['kind']>(['DateTime', 'Time']);

const identities = qualified(core.referentialIdentity);

/** Whether the databases of both sets have referential ids. */
export const bothStoreReferentialIds = ({ changesByAfter }: Comparison): boolean => changesByAfter.has(identities);

/** Whether only databases of the later set have referential ids, so that all of them are computed (design 22 §7). */
const gainsReferentialIds = ({ match }: Comparison): boolean => match.added.some(({ key }) => key === identities);

/**
 * The referential ids that are computed again: those of identities with other names, paths or kinds, and of renamed
 * descriptors.
 */
export function planReferentialIds(
  comparison: Comparison,
  hashed: readonly HashedDescriptor[],
  changes: Sink<ReferentialIdChanges>,
): Pick<DerivedPlan, 'referentialIds' | 'descriptors'> {
  const descriptors = gainsReferentialIds(comparison)
    ? comparison.after.model.resources.flatMap(({ storageKind, resourceKey }) =>
        storageKind === 'SharedDescriptorTable' ? [{ before: resourceKey, after: resourceKey }] : [],
      )
    : hashed;
  for (const owner of descriptors.map(({ after }) => resourceLabel(after)))
    changes.push({ kind: 'referential ids', owner, path: [owner], hashed: null });
  const table = comparison.changesByAfter.get(qualified(core.descriptor))?.pair.before;
  if (gainsReferentialIds(comparison) && table) {
    const place = { owner: coreOwner, path: [identities] };
    changes.push({ kind: 'referential ids', ...place, hashed: { table, block: null } });
    for (const hashed of abstractIdentities(comparison)) changes.push({ kind: 'referential ids', ...place, hashed });
  }
  return { referentialIds: changedIdentities(comparison, changes), descriptors };
}

function changedIdentities(comparison: Comparison, changes: Sink<ReferentialIdChanges>): DerivedPlan['referentialIds'] {
  const { before, after, changesByAfter } = comparison;
  const earlier = new Map(
    before.inventory.triggers.flatMap((trigger) =>
      trigger.kind === 'ReferentialIdentityMaintenance' ? [[qualified(trigger.table), trigger] as const] : [],
    ),
  );
  return after.inventory.triggers.flatMap((trigger) => {
    if (trigger.kind !== 'ReferentialIdentityMaintenance') return [];
    const change = changesByAfter.get(qualified(trigger.table));
    if (!change) return [];
    const then = earlier.get(change.pair.before.key);
    const was = then ? blocksOf(then) : [];
    const is = blocksOf(trigger);
    if (JSON.stringify(was.map(blockMeaning)) === JSON.stringify(is.map(blockMeaning))) return [];
    const { owner } = change.pair.after;
    const isChecked = gainsReferentialIds(comparison) && isCut(trigger);
    const hashed = isChecked ? { table: change.pair.before, block: trigger } : null;
    changes.push({ kind: 'referential ids', owner, path: [owner], hashed });
    return is.map((block) => ({ block, table: trigger.table }));
  });
}

const isCut = ({ identityElements }: IdentityBlock) =>
  identityElements.some(({ scalarType }) => cutKinds.has(scalarType.kind));

/**
 * The rows of abstract resources, with the identity under which their members have a second referential id. Members of
 * different tables may share it.
 */
function abstractIdentities({ after, changesByAfter }: Comparison): readonly RestoredIds[] {
  const aliases = new Map(
    after.inventory.triggers.flatMap((trigger) =>
      trigger.kind === 'ReferentialIdentityMaintenance' && trigger.superclassAlias
        ? [[qualified(trigger.table), trigger.superclassAlias] as const]
        : [],
    ),
  );
  const rows = new Map<string, RestoredIds>();
  for (const trigger of after.inventory.triggers) {
    if (trigger.kind !== 'AbstractIdentityMaintenance') continue;
    const alias = aliases.get(qualified(trigger.table));
    const change = changesByAfter.get(qualified(trigger.targetTable));
    if (!alias || !change || !isCut(alias)) continue;
    const targets = new Map(
      trigger.targetColumnMappings.map(({ sourceColumn, targetColumn }) => [sourceColumn, targetColumn]),
    );
    const identityElements = alias.identityElements.map((element) => ({
      ...element,
      column: mustExist(targets.get(element.column), `the column of ${element.column}`),
    }));
    const table = change.pair.before;
    rows.set(table.key, { table, block: { ...alias, identityElements } });
  }
  return [...rows.values()];
}

const blocksOf = (trigger: ReferentialIdentityTrigger): readonly IdentityBlock[] =>
  trigger.superclassAlias ? [trigger, trigger.superclassAlias] : [trigger];

/** The input of a referential id, apart from the number of the resource. */
function blockMeaning({ projectName, resourceName, identityElements }: IdentityBlock): string {
  const elements = identityElements.map(({ identityJsonPath, isDescriptor }) => [
    identityJsonPath.canonical,
    isDescriptor,
  ]);
  return JSON.stringify([projectName, resourceName, elements]);
}

/** The descriptors of a resource of the earlier set: all descriptors where they do not have its number. */
function descriptorRows(comparison: Comparison, { id }: NumberedDescriptor): AffectedRows | undefined {
  const table = comparison.changesByAfter.get(qualified(core.descriptor))?.pair.before;
  if (table === undefined) return undefined;
  if (catalogColumn(table, resourceKeyId) === undefined) return { table: table.key };
  const { sql, id: column, literal } = comparison.dialect.rules;
  return { table: table.key, condition: sql`t.${column(resourceKeyId)} = ${literal(id)}` };
}

const resourceKeyId = 'ResourceKeyId';

/** The referential ids that are deleted and computed again (design 12 §3.5). */
export function referentialIdOperations({ comparison, found, derived }: ScriptParts): readonly UpgradeOperation[] {
  const subject = identities;
  const place = { subject, on: [laterTable(comparison, subject)], table: core.referentialIdentity };
  const of = (does: 'delete' | 'insert', source: string, owner: string | undefined) => ({
    ...place,
    rows: derivedFrom(comparison, source),
    for:
      owner === undefined
        ? []
        : [...found.at<ReferentialIdChanges>([owner], 'referential ids'), ...resourceChanges(found, owner, does)],
  });
  const ownerOf = (table: string) => comparison.changesByAfter.get(table)?.pair.after.owner;
  const descriptors = qualified(core.descriptor);
  const tables = new Map(derived.referentialIds.map(({ table }) => [qualified(table), table]));
  const deletions = [
    ...[...tables].map(
      ([name, table]): UpgradeOperation => ({
        op: 'deleteReferentialIds',
        ...of('delete', name, ownerOf(name)),
        of: { table },
      }),
    ),
    ...derived.descriptors.map(
      ({ before, after }): UpgradeOperation => ({
        op: 'deleteReferentialIds',
        ...of('delete', descriptors, resourceLabel(after)),
        rows: descriptorRows(comparison, before),
        of: { resourceKeyId: after.id },
      }),
    ),
  ];
  return [
    ...(gainsReferentialIds(comparison) ? [] : deletions),
    ...derived.descriptors.map(
      ({ before, after }): UpgradeOperation => ({
        op: 'insertReferentialIds',
        ...of('insert', descriptors, resourceLabel(after)),
        rows: descriptorRows(comparison, before),
        of: { descriptor: after },
      }),
    ),
    ...derived.referentialIds.map(({ block, table }): UpgradeOperation => {
      const name = qualified(table);
      return { op: 'insertReferentialIds', ...of('insert', name, ownerOf(name)), of: { block, table } };
    }),
  ];
}

/** A resource that joins an abstract resource, or leaves it. */
interface MemberChanged extends Place {
  readonly kind: 'abstract identities';
  /**
   * The number of a resource that leaves an abstract resource, and the columns that refer to its documents through the
   * abstract resource.
   */
  readonly leaves: { readonly resourceKeyId: number; readonly referrers: readonly ReferenceColumn[] } | null;
}

interface MappingChanged extends Place, Impossible {
  readonly kind: 'abstract identity mapping changed';
}

export type AbstractIdentityChanges = MemberChanged | MappingChanged;

export const abstractIdentityRules: RulesOf<AbstractIdentityChanges> = {
  'abstract identities': {
    object: 'abstract identities',
    class: 'rewritten',
    queries: ({ leaves }, queries) =>
      leaves ? checks(...referring(queries, leaves.resourceKeyId, leaves.referrers)) : noQueries,
  },
  'abstract identity mapping changed': impossible('abstract identities'),
};

/**
 * Finds the resources that join or leave an abstract resource; their rows in the identity table are added or deleted.
 */
export function planAbstractIdentities(
  comparison: Comparison,
  changes: Sink<AbstractIdentityChanges>,
): Pick<DerivedPlan, 'abstractIdentities' | 'leavers'> {
  const { before, after, changesByAfter, changesByBefore, values } = comparison;
  const maintenance = (side: typeof before) =>
    side.inventory.triggers.flatMap((trigger) => (trigger.kind === 'AbstractIdentityMaintenance' ? [trigger] : []));
  const was = new Map(
    maintenance(before).flatMap((trigger) => {
      const member = changesByBefore.get(qualified(trigger.table));
      const target = changesByBefore.get(qualified(trigger.targetTable));
      return member && target ? [[memberKey(member.pair.after.key, target.pair.after.key), trigger] as const] : [];
    }),
  );
  const joined: AbstractIdentityTrigger[] = [];
  const now = new Set<MemberKey>();
  for (const trigger of maintenance(after)) {
    const key = memberKey(qualified(trigger.table), qualified(trigger.targetTable));
    now.add(key);
    const member = changesByAfter.get(qualified(trigger.table));
    if (!member) continue;
    const target = changesByAfter.get(qualified(trigger.targetTable));
    const then = was.get(key);
    const owner = member.pair.after.owner;
    if (!then) {
      changes.push({ kind: 'abstract identities', owner, path: [qualified(trigger.targetTable), owner], leaves: null });
      joined.push(trigger);
      continue;
    }
    for (const { sourceColumn, targetColumn } of trigger.targetColumnMappings) {
      const targetBefore = target?.pair.earlier.get(targetColumn);
      const sourceBefore = then.targetColumnMappings.find(
        (mapping) => mapping.targetColumn === targetBefore,
      )?.sourceColumn;
      if (sourceBefore === undefined) continue;
      if (sameValue(values.held(member.pair.after.key, sourceColumn), values.earlier(member.pair.before, sourceBefore)))
        continue;
      const reason = 'references to it hold the value of another member of the document';
      const path = [qualified(trigger.targetTable), targetColumn];
      changes.push({ kind: 'abstract identity mapping changed', owner, path, reason });
    }
  }
  const leavers = [...was].flatMap(([key, trigger]) => {
    if (now.has(key)) return [];
    const member = changesByBefore.get(qualified(trigger.table));
    const target = changesByBefore.get(qualified(trigger.targetTable));
    if (!member || !target) return [];
    const { owner } = member.pair.after;
    const path = [target.pair.after.key, owner];
    const id = before.info.resourceKeys.find((row) => resourceLabel(row) === member.pair.before.owner)?.id;
    const referrers = referencesTo(comparison, target.pair.before.owner);
    changes.push({
      kind: 'abstract identities',
      owner,
      path,
      leaves: id === undefined ? null : { resourceKeyId: id, referrers },
    });
    return [{ table: target.pair.after.catalog, member: member.pair.after.catalog }];
  });
  return { abstractIdentities: joined, leavers };
}

/** The members of abstract resources whose tables are new but get rows from a translation. */
export function membersWithNewTables({ after, match }: Comparison): readonly AbstractIdentityTrigger[] {
  const added = new Set(match.added.map(({ key }) => key));
  return after.inventory.triggers.flatMap((trigger) =>
    trigger.kind === 'AbstractIdentityMaintenance' && added.has(qualified(trigger.table)) ? [trigger] : [],
  );
}

/**
 * The rows of members that join an abstract resource, which are added, and those of members that leave, which are
 * deleted (design 12 §3.5).
 */
export function abstractIdentityOperations({ comparison, found, derived }: ScriptParts): readonly UpgradeOperation[] {
  const of = (table: QualifiedName, member: QualifiedName) => {
    const [subject, source] = [qualified(table), qualified(member)];
    const owner = comparison.changesByAfter.get(source)?.pair.after.owner;
    const made = owner === undefined ? [] : found.at<AbstractIdentityChanges>([subject, owner], 'abstract identities');
    const rows = derivedFrom(comparison, source);
    return { subject, on: [laterTable(comparison, subject)], for: made, table, rows };
  };
  return [
    ...derived.leavers.map(
      ({ table, member }): UpgradeOperation => ({ op: 'deleteAbstractIdentities', ...of(table, member), member }),
    ),
    ...derived.abstractIdentities.map(
      (trigger): UpgradeOperation => ({
        op: 'insertAbstractIdentities',
        ...of(trigger.targetTable, trigger.table),
        trigger,
      }),
    ),
  ];
}

export interface HierarchyChanges extends Place {
  readonly kind: 'hierarchy';
}

export const hierarchyRules: RulesOf<HierarchyChanges> = {
  hierarchy: { object: 'hierarchy', class: 'rewritten' },
};

/** The hierarchy whose closure is computed again; null if the existing rows keep theirs. */
export function planHierarchy(comparison: Comparison, found: Sink<HierarchyChanges>): Pick<DerivedPlan, 'hierarchy'> {
  const { after } = comparison;
  const hierarchy = after.inventory.authEdOrgHierarchy;
  const hasTable = hierarchy !== null && hierarchy.entities.length > 0;
  if (!hasTable || !changesHierarchy(comparison)) return { hierarchy: null };
  const view = after.model.abstractUnionViews.find(
    ({ resourceKey }) => resourceKey.resourceName === 'EducationOrganization',
  );
  const owner = view ? resourceLabel(view.resourceKey) : coreOwner;
  found.push({ kind: 'hierarchy', owner, path: [qualified(authTable)] });
  return { hierarchy };
}

/**
 * Whether the closure of the existing rows changes, because an entity or a parent with rows was added or removed.
 * Tables that are new in the later set have no rows yet; triggers extend the closure when rows are inserted.
 */
function changesHierarchy({ before, after, changesByBefore, changesByAfter, values }: Comparison): boolean {
  const earlier = (before.inventory.authEdOrgHierarchy?.entities ?? []).map(({ table, identityColumn, parentFks }) => {
    const change = changesByBefore.get(qualified(table));
    const later = (column: string) => change?.pair.later.get(column)?.[0] ?? null;
    const parents = parentFks.map(({ denormalizedParentIdColumn }) => later(denormalizedParentIdColumn));
    return entityText(change?.pair.after.key ?? null, later(identityColumn), parents);
  });
  const now = (after.inventory.authEdOrgHierarchy?.entities ?? []).flatMap(({ table, identityColumn, parentFks }) => {
    const key = qualified(table);
    if (!changesByAfter.has(key)) return [];
    const columns = parentFks.map(({ denormalizedParentIdColumn }) => denormalizedParentIdColumn);
    return [
      entityText(
        key,
        identityColumn,
        columns.filter((column) => values.of(key, column).kind !== 'null'),
      ),
    ];
  });
  return JSON.stringify(earlier.sort(compareOrdinal)) !== JSON.stringify(now.sort(compareOrdinal));
}

/** An entity as a text that can be compared. */
const entityText = (table: string | null, id: string | null, parents: readonly (string | null)[]) =>
  JSON.stringify([table, id, [...new Set(parents)].sort()]);

/** The closure of the hierarchy, which is computed again (design 12 §3.5). */
export function hierarchyOperations({ comparison, found, derived }: ScriptParts): readonly UpgradeOperation[] {
  const { hierarchy } = derived;
  if (hierarchy === null) return [];
  const closure = qualified(authTable);
  const made = found.at<HierarchyChanges>([closure], 'hierarchy');
  return [{ op: 'closeHierarchy', subject: 'auth', on: [laterTable(comparison, closure)], for: made, hierarchy }];
}
