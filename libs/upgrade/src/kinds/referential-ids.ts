import { resourceLabel } from '@dms/api-schema';
import type { ReferentialIdentityTrigger } from '@dms/inventory';
import { core, type IdentityBlock, qualified } from '@dms/model';
import { qualifiedName } from '@dms/sql';
import type { Comparison } from '../comparing/comparison.ts';
import type { StatementKind } from '../hazards/statement-effect.ts';
import { descriptorBlock, type HashedDescriptor } from '../script/descriptor-identity.ts';
import type { DerivedPlan, ScriptParts } from '../script/script-parts.ts';
import { effectOnRowsOf, type StatementList } from '../script/statement-list.ts';
import { objectKey, type Place, type RulesOf, type Sink } from './change-rules.ts';

export interface ReferentialIdChanges extends Place {
  readonly kind: 'referential ids';
}

export const referentialIdRules: RulesOf<ReferentialIdChanges> = {
  'referential ids': { object: 'referential ids', class: 'rewritten', made: ['delete rows', 'insert rows'] },
};

/** What a referential id is made from, apart from the number of the resource. */
function blockMeaning({ projectName, resourceName, identityElements }: IdentityBlock): string {
  const elements = identityElements.map(({ identityJsonPath, isDescriptor }) => [
    identityJsonPath.canonical,
    isDescriptor,
  ]);
  return JSON.stringify([projectName, resourceName, elements]);
}

const blocksOf = (trigger: ReferentialIdentityTrigger): readonly IdentityBlock[] =>
  trigger.superclassAlias ? [trigger, trigger.superclassAlias] : [trigger];

/**
 * The referential ids that are computed again: those of identities with other names, paths or kinds, and of renamed
 * descriptors.
 */
export function planReferentialIds(
  comparison: Comparison,
  hashed: readonly HashedDescriptor[],
  found: Sink<ReferentialIdChanges>,
): Pick<DerivedPlan, 'referentialIds' | 'descriptors'> {
  const descriptors = hashed.map(({ after }) => after);
  for (const owner of descriptors.map(resourceLabel)) found.push({ kind: 'referential ids', owner, path: [owner] });
  return { referentialIds: changedIdentities(comparison, found), descriptors };
}

function changedIdentities(
  { before, after, changesByAfter }: Comparison,
  found: Sink<ReferentialIdChanges>,
): DerivedPlan['referentialIds'] {
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
    found.push({ kind: 'referential ids', owner, path: [owner] });
    return is.map((block) => ({ block, table: trigger.table }));
  });
}

/** Deletes and computes referential ids again (design 12 §3.5). */
export function computeReferentialIds({ comparison, rows, derived }: ScriptParts, out: StatementList): void {
  const { dialect, changesByAfter } = comparison;
  const { quote } = dialect.rules;
  const identityTable = qualified(core.referentialIdentity);
  const identities = qualifiedName(dialect.rules, core.referentialIdentity);
  const id = quote('DocumentId');
  const key = quote('ResourceKeyId');
  const add = (kind: StatementKind, source: string, owners: readonly string[], sql: string) => {
    const makes = owners.flatMap((owner) => [objectKey('referential ids', owner), objectKey('resource', owner)]);
    out.add('derived rows', identityTable, effectOnRowsOf(comparison, kind, identityTable, source, makes), sql);
  };
  const ownersOf = (table: string) => {
    const owner = changesByAfter.get(table)?.pair.after.owner;
    return owner === undefined ? [] : [owner];
  };
  const tables = new Map(derived.referentialIds.map(({ table }) => [qualified(table), table]));
  for (const [name, table] of tables) {
    // all identities of the table's documents, including those for a former superclass
    const documents = `SELECT t.${id} FROM ${qualifiedName(dialect.rules, table)} AS t`;
    add('delete rows', name, ownersOf(name), `DELETE FROM ${identities} WHERE ${id} IN (${documents});`);
  }
  const descriptors = qualified(core.descriptor);
  for (const descriptor of derived.descriptors)
    add(
      'delete rows',
      descriptors,
      [resourceLabel(descriptor)],
      `DELETE FROM ${identities} WHERE ${key} = ${descriptor.id};`,
    );
  for (const descriptor of derived.descriptors)
    add(
      'insert rows',
      descriptors,
      [resourceLabel(descriptor)],
      [
        `INSERT INTO ${identities} (${[quote('ReferentialId'), id, key].join(', ')})`,
        `SELECT ${rows.referentialId(descriptorBlock(descriptor))}, t.${id}, ${descriptor.id}`,
        `FROM ${qualifiedName(dialect.rules, core.descriptor)} AS t`,
        `INNER JOIN ${qualifiedName(dialect.rules, core.document)} AS d ON d.${id} = t.${id}`,
        `WHERE d.${key} = ${descriptor.id};`,
      ].join('\n'),
    );
  for (const { block, table } of derived.referentialIds)
    add('insert rows', qualified(table), ownersOf(qualified(table)), rows.referentialIds(block, table));
}
