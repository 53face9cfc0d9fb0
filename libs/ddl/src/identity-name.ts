import { resourceLabel } from '@dms/api-schema';
import { fail } from '@dms/diagnostics';
import { cachedByObject } from '@dms/files';
import { maintainedIdentities, type ReferentialIdentityTrigger } from '@dms/inventory';
import type { IdentityBlock, IdentityElement } from '@dms/model';
import type { IdentityTexts } from './ddl-generation.ts';

/** Namespace of all referential ids (design 07 §9.2). */
export const referentialIdNamespace = 'edf1edf1-3df1-3df1-3df1-3df1edf1edf1';

/** A part of the hashed name: constant text, or the value of an identity element. */
type NamePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly element: IdentityElement };

/**
 * The parts of the name string: `{project}{resource}` and `path=value` elements joined with `#`. Every document needs
 * the parts of its own block and of the blocks of its targets.
 */
export const namePartsOf = cachedByObject((block: IdentityBlock): readonly NamePart[] =>
  block.identityElements.flatMap((element, index): NamePart[] => {
    const before = index === 0 ? block.projectName + block.resourceName : '#';
    return [
      { kind: 'text', text: `${before}${element.identityJsonPath.canonical}=` },
      { kind: 'value', element },
    ];
  }),
);

/**
 * The text of the value of an identity element, equal in both dialects and independent of session settings (design 07
 * §9.2).
 */
export const identityText = (
  { scalarType, isDescriptor }: IdentityElement,
  value: string,
  texts: IdentityTexts,
): string => texts[isDescriptor ? 'Descriptor' : scalarType.kind](value, scalarType);

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
