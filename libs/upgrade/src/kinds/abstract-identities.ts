import { resourceLabel } from '@dms/api-schema';
import type { AbstractIdentityTrigger } from '@dms/inventory';
import { qualified } from '@dms/model';
import { qualifiedName } from '@dms/sql';
import type { Comparison } from '../comparing/comparison.ts';
import { type ReferenceColumn, referencesTo } from '../matching/member-references.ts';
import { sameValue } from '../matching/value.ts';
import type { DerivedPlan, ScriptParts } from '../script/script-parts.ts';
import { effectOnRowsOf, type StatementList } from '../script/statement-list.ts';
import {
  checks,
  type Impossible,
  impossible,
  noQueries,
  objectKey,
  type Place,
  type RulesOf,
  type Sink,
} from './change-rules.ts';
import { referring } from './resources.ts';

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
    made: ['insert rows', 'delete rows'],
    queries: ({ leaves }, queries) =>
      leaves ? checks(...referring(queries, leaves.resourceKeyId, leaves.referrers)) : noQueries,
  },
  'abstract identity mapping changed': impossible('abstract identities'),
};

/** The resources that join or leave an abstract resource, whose rows in the identity table are added or deleted. */
export function planAbstractIdentities(
  comparison: Comparison,
  found: Sink<AbstractIdentityChanges>,
): Pick<DerivedPlan, 'abstractIdentities' | 'leavers'> {
  const { before, after, changesByAfter, changesByBefore, values } = comparison;
  const maintenance = (side: typeof before) =>
    side.inventory.triggers.flatMap((trigger) => (trigger.kind === 'AbstractIdentityMaintenance' ? [trigger] : []));
  const memberKey = (member: string, target: string) => `${member}\n${target}`;
  const was = new Map(
    maintenance(before).flatMap((trigger) => {
      const member = changesByBefore.get(qualified(trigger.table));
      const target = changesByBefore.get(qualified(trigger.targetTable));
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
      const sourceBefore = then.targetColumnMappings.find(
        (mapping) => mapping.targetColumn === targetBefore,
      )?.sourceColumn;
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
    const member = changesByBefore.get(qualified(trigger.table));
    const target = changesByBefore.get(qualified(trigger.targetTable));
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

/**
 * Adds the rows of members that join an abstract resource, and deletes those of members that leave (design 12 §3.5).
 */
export function computeAbstractIdentities({ comparison, rows, derived }: ScriptParts, out: StatementList): void {
  const { dialect, changesByAfter } = comparison;
  const id = dialect.rules.quote('DocumentId');
  const keysOf = (table: string, member: string) => {
    const owner = changesByAfter.get(member)?.pair.after.owner;
    return owner === undefined ? [] : [objectKey('abstract identities', table, owner)];
  };
  for (const { table, member } of derived.leavers) {
    const target = qualified(table);
    const source = qualified(member);
    const gone = `SELECT m.${id} FROM ${qualifiedName(dialect.rules, member)} AS m`;
    const effect = effectOnRowsOf(comparison, 'delete rows', target, source, keysOf(target, source));
    out.add(
      'derived rows',
      target,
      effect,
      `DELETE FROM ${qualifiedName(dialect.rules, table)} WHERE ${id} IN (${gone});`,
    );
  }
  for (const trigger of derived.abstractIdentities) {
    const target = qualified(trigger.targetTable);
    const source = qualified(trigger.table);
    const effect = effectOnRowsOf(comparison, 'insert rows', target, source, keysOf(target, source));
    out.add('derived rows', target, effect, rows.abstractIdentities(trigger));
  }
}
