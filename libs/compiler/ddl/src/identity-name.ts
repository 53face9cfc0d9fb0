import { resourceLabel } from '@dms/api-schema';
import { fail } from '@dms/diagnostics';
import { maintainedIdentities, type ReferentialIdentityTrigger } from '@dms/inventory';
import type { IdentityBlock, IdentityElement } from '@dms/model';
import { kindFacts, ofKinds, type PlainSql, type SqlDialect, textOf, trusted } from '@dms/sql';
import type { IdentityTexts } from './ddl-generation.ts';

/**
 * The text of the value of an identity element, equal in both dialects and independent of session settings (design 07
 * §9.2).
 */
export const identityText = (
  { scalarType, isDescriptor }: IdentityElement,
  value: PlainSql,
  texts: IdentityTexts,
): PlainSql => texts[isDescriptor ? 'Descriptor' : scalarType.kind](value, scalarType);

/** The texts of all kinds in a dialect: dates as in the calendar, times without a fraction. */
export const identityTextsOf = (dialect: SqlDialect): Omit<IdentityTexts, 'Descriptor'> =>
  ofKinds((kind) => (value, type) => trusted(kindFacts[kind][dialect].identityText(textOf(value), type)));

/** The blocks that a trigger maintains, the resource's own first; `DDL_IDENTITY_EMPTY` if one has no elements. */
export function identityBlocks(trigger: ReferentialIdentityTrigger): readonly IdentityBlock[] {
  const blocks = maintainedIdentities(trigger);
  for (const block of blocks) {
    if (block.identityElements.length > 0) continue;
    const resource = resourceLabel(block);
    fail(
      'DDL_IDENTITY_EMPTY',
      `The identity trigger ${trigger.name} has no identity elements for ${resource}.`,
      { resource },
      { resource },
    );
  }
  return blocks;
}
