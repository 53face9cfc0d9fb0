import { resourceLabel } from '@dms/api-schema';
import { core, type DbTableName, qualified } from '@dms/model';
import type { Comparison } from '../comparing/comparison.ts';
import { memberKey } from '../comparing/lookup-keys.ts';
import type { RenameDiscriminators, UpgradeOperation } from '../ops/operation.ts';
import { renameOrder } from '../script/name-changes.ts';
import type { HashedDescriptor } from '../script/row-queries.ts';
import {
  type DiscriminatorPlan,
  laterTable,
  type RenamedDiscriminator,
  type ScriptParts,
} from '../script/script-parts.ts';
import { type Impossible, impossible, type Place, type RulesOf, type Shown } from './change-rules.ts';
import { resourceChanges } from './resources.ts';

interface DiscriminatorRewritten extends Place, Shown {
  readonly kind: 'discriminator';
}

interface DiscriminatorShared extends Place, Impossible {
  readonly kind: 'discriminator shared';
}

export type DiscriminatorChanges = DiscriminatorRewritten | DiscriminatorShared;

export const discriminatorRules: RulesOf<DiscriminatorChanges> = {
  discriminator: { object: 'discriminator', class: 'rewritten' },
  'discriminator shared': impossible('discriminator'),
};

/** Finds the rows that repeat the name of a renamed resource. */
export function planDiscriminators(comparison: Comparison): {
  readonly discriminators: DiscriminatorPlan;
  readonly changes: readonly DiscriminatorChanges[];
} {
  const { after } = comparison;
  const changes: DiscriminatorChanges[] = [];
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
    const namesakes = all.filter(
      (other) => other.resourceKey.resourceName === from && other.resourceKey !== resourceKey,
    );
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
    written: [
      ...members.map(({ written }) => written),
      ...(descriptors.length > 0 ? [qualified(core.descriptor)] : []),
    ],
  };
  return { discriminators, changes };
}

/**
 * The members whose rows get another name. New members of an abstract resource are left out: their rows are inserted
 * with the new name.
 */
function renamedMembers({ before, after, changesByBefore, changesByAfter }: Comparison) {
  const then = new Map(
    before.inventory.triggers.flatMap((trigger) => {
      if (trigger.kind !== 'AbstractIdentityMaintenance') return [];
      const [member, target] = [trigger.table, trigger.targetTable].map(
        (table) => changesByBefore.get(qualified(table))?.pair,
      );
      if (!member || !target) return [];
      return [[memberKey(member.after.key, target.after.key), trigger.discriminatorValue] as const];
    }),
  );
  return after.inventory.triggers.flatMap((trigger) => {
    if (trigger.kind !== 'AbstractIdentityMaintenance') return [];
    const name = then.get(memberKey(qualified(trigger.table), qualified(trigger.targetTable)));
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

/** The descriptors that have another name, or a project with another name. */
export const renamedDescriptors = (comparison: Comparison): readonly HashedDescriptor[] =>
  laterDescriptors(comparison).flatMap(({ resourceKey, later }) =>
    later && resourceLabel(later) !== resourceLabel(resourceKey) ? [{ before: resourceKey, after: later }] : [],
  );

/**
 * The new name of a resource in rows that repeat the name, once resources have their later numbers. A URI is unique
 * among descriptors of the same name, so names change in an order that never makes two of them equal (design 12 §11).
 */
export function discriminatorOperations({
  comparison,
  found,
  discriminators,
}: ScriptParts): readonly UpgradeOperation[] {
  const { after, dialect } = comparison;
  const owners = new Map(after.info.resourceKeys.map((row) => [row.id, resourceLabel(row)]));
  const renamed = (
    table: DbTableName,
    owner: string | undefined,
    what: Pick<RenameDiscriminators, 'column' | 'to' | 'of'>,
  ): RenameDiscriminators => {
    const subject = qualified(table);
    const made =
      owner === undefined
        ? []
        : [
            ...found.at<DiscriminatorChanges>([subject, owner], 'discriminator'),
            ...resourceChanges(found, owner, 'update'),
          ];
    return { op: 'renameDiscriminators', subject, on: [laterTable(comparison, subject)], for: made, table, ...what };
  };
  const column = 'Discriminator';
  const steps = renameOrder(discriminators.descriptors, discriminators.kept, dialect.rules.comparedName);
  return [
    ...discriminators.members.map(({ table, targetTable, discriminatorValue: to }) => {
      const owner = comparison.changesByAfter.get(qualified(table))?.pair.after.owner;
      return renamed(targetTable, owner, { column, to, of: { member: table } });
    }),
    ...steps.map(({ resourceKeyId, to }) =>
      renamed(core.descriptor, owners.get(resourceKeyId), { column, to, of: { resourceKeyId } }),
    ),
    ...discriminators.tracked.flatMap((holder) =>
      steps.map(({ resourceKeyId, from, to }) =>
        renamed(holder.table, owners.get(resourceKeyId), { column: holder.column, to, of: { name: from } }),
      ),
    ),
  ];
}
