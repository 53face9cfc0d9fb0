import { cachedByObject } from '@dms/values';
import type { IdentityBlock, IdentityElement } from './model.ts';

/*
 * The name from which a referential id is made: the id is the UUID version 5 of this name in a namespace (design 07
 * §9.2).
 */

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
