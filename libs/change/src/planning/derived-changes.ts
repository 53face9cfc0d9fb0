import { resourceLabel } from '@dms/api-schema';
import { compareOrdinal } from '@dms/canonical-json';
import {
  type AbstractIdentityTrigger,
  type AuthEdOrgHierarchy,
  authTable,
  type IdentityBlock,
  type ReferentialIdentityTrigger,
} from '@dms/inventory';
import { type DbTableName, qualified } from '@dms/model';
import { coreOwner } from '../matching/table-pairs.ts';
import type { QualifiedName } from '../script/upgrade-dialect.ts';
import type { Change, NumberedDescriptor } from './change.ts';
import type { Comparison } from './comparison.ts';
import { renamedDescriptors } from './discriminators.ts';
import { referencesTo } from './member-references.ts';
import { sameValue } from './value.ts';

/** Rows that are recomputed (design 12 §3.5). */
export interface DerivedPlan {
  readonly referentialIds: readonly { readonly block: IdentityBlock; readonly table: DbTableName }[];
  /** Descriptors whose referential ids are recomputed. */
  readonly descriptors: readonly NumberedDescriptor[];
  readonly abstractIdentities: readonly AbstractIdentityTrigger[];
  /** Rows of resources that are no longer members, by the abstract identity table. */
  readonly leavers: readonly { readonly table: QualifiedName; readonly member: QualifiedName }[];
  readonly hierarchy: AuthEdOrgHierarchy | null;
}

/** What a referential id is made from, apart from the number of the resource. */
function blockMeaning({ projectName, resourceName, identityElements }: IdentityBlock): string {
  const elements = identityElements.map(({ identityJsonPath, isDescriptor }) => [identityJsonPath.canonical, isDescriptor]);
  return JSON.stringify([projectName, resourceName, elements]);
}

const blocksOf = (trigger: ReferentialIdentityTrigger): readonly IdentityBlock[] =>
  trigger.superclassAlias ? [trigger, trigger.superclassAlias] : [trigger];

function referentialIds({ before, after, changesByAfter }: Comparison, found: Change[]): DerivedPlan['referentialIds'] {
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
    const [was, is] = [then ? blocksOf(then) : [], blocksOf(trigger)];
    if (JSON.stringify(was.map(blockMeaning)) === JSON.stringify(is.map(blockMeaning))) return [];
    const { owner } = change.pair.after;
    found.push({ kind: 'referential ids', owner, path: [owner] });
    return is.map((block) => ({ block, table: trigger.table }));
  });
}

function abstractIdentities(comparison: Comparison, found: Change[]): Pick<DerivedPlan, 'abstractIdentities' | 'leavers'> {
  const { before, after, changesByAfter, changesByBefore, values } = comparison;
  const maintenance = (side: typeof before) =>
    side.inventory.triggers.flatMap((trigger) => (trigger.kind === 'AbstractIdentityMaintenance' ? [trigger] : []));
  const memberKey = (member: string, target: string) => `${member}\n${target}`;
  const was = new Map(
    maintenance(before).flatMap((trigger) => {
      const [member, target] = [
        changesByBefore.get(qualified(trigger.table)),
        changesByBefore.get(qualified(trigger.targetTable)),
      ];
      return member && target ? [[memberKey(member.pair.after.key, target.pair.after.key), trigger] as const] : [];
    }),
  );
  const joined: AbstractIdentityTrigger[] = [];
  const now = new Set<string>();
  for (const trigger of maintenance(after)) {
    const key = memberKey(qualified(trigger.table), qualified(trigger.targetTable));
    now.add(key);
    const member = changesByAfter.get(qualified(trigger.table));
    if (!member) continue;
    const target = changesByAfter.get(qualified(trigger.targetTable));
    const then = was.get(key);
    const owner = member.pair.after.owner;
    if (!then) {
      found.push({ kind: 'abstract identities', owner, path: [qualified(trigger.targetTable), owner], leaves: null });
      joined.push(trigger);
      continue;
    }
    for (const { sourceColumn, targetColumn } of trigger.targetColumnMappings) {
      const targetBefore = target?.pair.earlier.get(targetColumn);
      const sourceBefore = then.targetColumnMappings.find((mapping) => mapping.targetColumn === targetBefore)?.sourceColumn;
      if (sourceBefore === undefined) continue;
      if (sameValue(values.held(member.pair.after.key, sourceColumn), values.earlier(member.pair.before, sourceBefore)))
        continue;
      const reason = 'references to it hold the value of another member of the document';
      const path = [qualified(trigger.targetTable), targetColumn];
      found.push({ kind: 'abstract identity mapping changed', owner, path, reason });
    }
  }
  const leavers = [...was].flatMap(([key, trigger]) => {
    if (now.has(key)) return [];
    const [member, target] = [
      changesByBefore.get(qualified(trigger.table)),
      changesByBefore.get(qualified(trigger.targetTable)),
    ];
    if (!member || !target) return [];
    const { owner } = member.pair.after;
    const path = [target.pair.after.key, owner];
    const id = before.info.resourceKeys.find((row) => resourceLabel(row) === member.pair.before.owner)?.id;
    const referrers = referencesTo(comparison, target.pair.before.owner);
    found.push({
      kind: 'abstract identities',
      owner,
      path,
      leaves: id === undefined ? null : { resourceKeyId: id, referrers },
    });
    return [{ table: target.pair.after.catalog, member: member.pair.after.catalog }];
  });
  return { abstractIdentities: joined, leavers };
}

/** An entity as a text that can be compared. */
const entityText = (table: string | null, id: string | null, parents: readonly (string | null)[]) =>
  JSON.stringify([table, id, [...new Set(parents)].sort()]);

/**
 * Whether the closure of the existing rows changes, because an entity or a parent with rows was added or removed. Tables that are new in
 * the later set have no rows yet; triggers extend the closure when rows are inserted.
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

/** Which rows are recomputed. */
export function planDerivedRows(comparison: Comparison): {
  readonly derived: DerivedPlan;
  readonly changes: readonly Change[];
} {
  const { after } = comparison;
  const changes: Change[] = [];
  const hierarchy = after.inventory.authEdOrgHierarchy;
  const hasTable = hierarchy !== null && hierarchy.entities.length > 0;
  const isChanged = hasTable && changesHierarchy(comparison);
  if (isChanged) {
    const view = after.model.abstractUnionViews.find(({ resourceKey }) => resourceKey.resourceName === 'EducationOrganization');
    const owner = view ? resourceLabel(view.resourceKey) : coreOwner;
    changes.push({ kind: 'hierarchy', owner, path: [qualified(authTable)] });
  }
  const descriptors = renamedDescriptors(comparison);
  for (const owner of descriptors.map(resourceLabel)) changes.push({ kind: 'referential ids', owner, path: [owner] });
  const derived: DerivedPlan = {
    referentialIds: referentialIds(comparison, changes),
    descriptors,
    ...abstractIdentities(comparison, changes),
    hierarchy: isChanged ? hierarchy : null,
  };
  return { derived, changes };
}
