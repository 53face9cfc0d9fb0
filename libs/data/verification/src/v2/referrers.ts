import { qualified } from '@dms/model';
import { groupBy } from '@dms/values';
import type { CheckedWorld } from '../behaviour/checked-world.ts';
import type { WorldDocument } from '../behaviour/world.ts';
import { type RowReference, referenceTargets } from '../behaviour/world-tables.ts';

/** The references of all rows of a document. */
const allReferences = ({ root, lower }: WorldDocument): readonly RowReference[] =>
  [root, ...lower].flatMap(({ references, optionalReferences }) => [...references, ...optionalReferences]);

/**
 * Returns a function that gives some of the documents and those that refer to them directly or indirectly, each before
 * the documents that it must refer to. `referencesOf` limits the references of a document.
 */
export function referrersFirst(
  { input }: Pick<CheckedWorld, 'input'>,
  documents: readonly WorldDocument[],
  referencesOf = allReferences,
): (some: readonly WorldDocument[]) => readonly WorldDocument[] {
  const targets = referenceTargets(input.model, documents);
  const references = documents.flatMap((referrer) =>
    referencesOf(referrer).flatMap(({ target }) =>
      (targets.get(qualified(target)) ?? []).map(({ root }) => ({ target: root.name, referrer: referrer.root.name })),
    ),
  );
  const byTarget = groupBy(references, ({ target }) => target);
  return (some) => {
    const found = new Set(some.map(({ root }) => root.name));
    // the set grows while it is gone through
    for (const name of found) for (const { referrer } of byTarget.get(name) ?? []) found.add(referrer);
    return documents.filter(({ root }) => found.has(root.name)).reverse();
  };
}
