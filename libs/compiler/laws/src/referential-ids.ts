import { resourceLabel } from '@dms/api-schema';
import { maintainedIdentities, type ReferentialIdentityTrigger } from '@dms/inventory';
import { core, type MappingVersion, referentialIdentityColumns } from '@dms/model';
import { dialectOf, type SqlDialect } from '@dms/sql';
import { generations } from './generations.ts';
import { type HashedTexts, referentialRow } from './hashed-name.ts';
import { referentialIdInsertion } from './identity-expression.ts';
import type { ComputedRule, LawfulSet } from './law.ts';
import type { LawGeneration } from './law-generation.ts';

/** The documents of a resource have the referential ids of their identities, own and of the superclass. */
export function referentialIdRules({ model, inventory }: LawfulSet): readonly ComputedRule[] {
  const generation = generations[model.effectiveSchema.relationalMappingVersion];
  return inventory.triggers.flatMap((trigger) =>
    trigger.kind === 'ReferentialIdentityMaintenance' ? [referentialIdRule(trigger, model.dialect, generation)] : [],
  );
}

function referentialIdRule(
  trigger: ReferentialIdentityTrigger,
  dialect: SqlDialect,
  { hashed, identityValues }: LawGeneration,
): ComputedRule {
  const blocks = maintainedIdentities(trigger);
  const elements = blocks.flatMap(({ identityElements }) => identityElements);
  const columnsOf = (some: typeof elements) => [...new Set(some.map(({ column }) => column))];
  const descriptorColumns = columnsOf(elements.filter(({ isDescriptor }) => isDescriptor));
  return {
    rule: 'referentialIdentity',
    object: resourceLabel(trigger),
    table: core.referentialIdentity,
    row: dialectOf[dialect].sql`r`,
    key: referentialIdentityColumns,
    values: [],
    unique: [],
    from: [trigger.table, ...(descriptorColumns.length > 0 ? [core.descriptor] : [])],
    expected: {
      in: 'program',
      reads: trigger.table,
      columns: columnsOf(elements),
      projection: trigger.identityProjectionColumns,
      descriptorColumns,
      rows: (row, uris, texts = hashed) => blocks.map((block) => referentialRow(block, row, uris, texts)),
      insertions: blocks.map((block) => referentialIdInsertion(block, trigger.table, dialect, identityValues[dialect])),
    },
  };
}

/** The texts that a generation hashes. */
export const hashedTextsOf = (version: MappingVersion): HashedTexts => generations[version].hashed;
