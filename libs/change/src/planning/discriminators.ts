import { resourceLabel } from '@dms/api-schema';
import type { AbstractIdentityTrigger } from '@dms/inventory';
import { core, type DbTableName, qualified } from '@dms/model';
import type { Change } from './change.ts';
import type { Comparison } from './comparison.ts';

/** The name of a descriptor resource, which the rows of its documents repeat. */
export interface RenamedDiscriminator {
  /** The number of the resource in the later set. */
  readonly resourceKeyId: number;
  readonly from: string;
  readonly to: string;
}

/** Rows that repeat the name of a renamed resource (design 12 §11). */
export interface DiscriminatorPlan {
  /** Renamed members of abstract resources; rows of the abstract identity tables contain their names. */
  readonly members: readonly AbstractIdentityTrigger[];
  readonly descriptors: readonly RenamedDiscriminator[];
  /** Names of descriptors that are not renamed. */
  readonly kept: readonly string[];
  /** Tables of tracked changes that contain names of descriptors, with the column. */
  readonly tracked: readonly { readonly table: DbTableName; readonly column: string }[];
  /** `schema.name`, in the earlier set, of the tables whose rows are written. */
  readonly written: readonly string[];
}

/** The members whose rows get another name. New members of an abstract resource are left out: their rows are inserted with the new name. */
function renamedMembers({ before, after, changesByBefore, changesByAfter }: Comparison) {
  const place = (table: DbTableName, target: DbTableName) => `${qualified(table)}\n${qualified(target)}`;
  const then = new Map(
    before.inventory.triggers.flatMap((trigger) => {
      if (trigger.kind !== 'AbstractIdentityMaintenance') return [];
      const [member, target] = [trigger.table, trigger.targetTable].map((table) => changesByBefore.get(qualified(table))?.pair);
      if (!member || !target) return [];
      return [[place(member.after.catalog as DbTableName, target.after.catalog as DbTableName), trigger.discriminatorValue]];
    }) as readonly (readonly [string, string])[],
  );
  return after.inventory.triggers.flatMap((trigger) => {
    if (trigger.kind !== 'AbstractIdentityMaintenance') return [];
    const name = then.get(place(trigger.table, trigger.targetTable));
    const target = changesByAfter.get(qualified(trigger.targetTable))?.pair;
    const owner = changesByAfter.get(qualified(trigger.table))?.pair.after.owner;
    if (name === undefined || name === trigger.discriminatorValue || !target || owner === undefined) return [];
    return [{ trigger, name, owner, written: target.before.key }];
  });
}

/** The descriptor resources of the earlier set, each with its row in the later one, if it has one. */
function laterDescriptors({ before, after, renaming }: Comparison) {
  const later = new Map(after.info.resourceKeys.map((row) => [resourceLabel(row), row]));
  return before.model.resources
    .filter(({ storageKind }) => storageKind === 'SharedDescriptorTable')
    .map(({ resourceKey }) => ({ resourceKey, later: later.get(renaming.resource(resourceLabel(resourceKey))) }));
}

/** Finds the rows that repeat the name of a renamed resource. */
export function planDiscriminators(comparison: Comparison): {
  readonly discriminators: DiscriminatorPlan;
  readonly changes: readonly Change[];
} {
  const { after } = comparison;
  const changes: Change[] = [];
  const members = renamedMembers(comparison);
  for (const { trigger, name, owner } of members) {
    const path = [qualified(trigger.targetTable), owner];
    changes.push({ kind: 'discriminator', owner, path, before: name, after: trigger.discriminatorValue });
  }
  const all = laterDescriptors(comparison);
  const tracked = after.inventory.trackedChangeTables.flatMap(({ table, systemColumns }) =>
    systemColumns.flatMap(({ role, column }) => (role === 'Discriminator' ? [{ table, column }] : [])),
  );
  const descriptors: RenamedDiscriminator[] = [];
  for (const { resourceKey, later } of all) {
    const from = resourceKey.resourceName;
    if (!later || later.resourceName === from) continue;
    const owner = resourceLabel(later);
    const path = [qualified(core.descriptor), owner];
    descriptors.push({ resourceKeyId: later.id, from, to: later.resourceName });
    changes.push({ kind: 'discriminator', owner, path, before: from, after: later.resourceName });
    const namesakes = all.filter((other) => other.resourceKey.resourceName === from && other.resourceKey !== resourceKey);
    if (tracked.length === 0 || namesakes.length === 0) continue;
    const others = namesakes.map((other) => resourceLabel(other.resourceKey)).join(', ');
    const reason = `the tracked changes of deleted descriptors say ${from} only, which ${others} is called too`;
    changes.push({ kind: 'discriminator shared', owner, path, reason });
  }
  const renamed = new Set(descriptors.map(({ from }) => from));
  const discriminators: DiscriminatorPlan = {
    members: members.map(({ trigger }) => trigger),
    descriptors,
    kept: all.flatMap(({ resourceKey: { resourceName } }) => (renamed.has(resourceName) ? [] : [resourceName])),
    tracked,
    written: [...members.map(({ written }) => written), ...(descriptors.length > 0 ? [qualified(core.descriptor)] : [])],
  };
  return { discriminators, changes };
}

/** The descriptors whose referential ids change because they or their project were renamed, with their later numbers. */
export const renamedDescriptors = (comparison: Comparison) =>
  laterDescriptors(comparison).flatMap(({ resourceKey, later }) =>
    later && resourceLabel(later) !== resourceLabel(resourceKey) ? [later] : [],
  );
