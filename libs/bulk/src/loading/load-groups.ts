import { resourceLabel } from '@dms/api-schema';
import { type WriteGroup, writeGroups } from '@dms/documents';
import type { RelationalModelSet } from '@dms/model';
import type { LoadInputs } from './load-inputs.ts';

/** The superclasses of the resources that have one, by label. */
export const superclassesOf = ({ resources }: RelationalModelSet): ReadonlyMap<string, string> =>
  new Map(
    resources.flatMap(({ resourceKey, superclass }) =>
      superclass ? [[resourceLabel(resourceKey), resourceLabel(superclass.resource)] as const] : [],
    ),
  );

/**
 * The groups in which resources are loaded (design 14 §4.2). Groups whose documents could take each other's identities or uuids
 * come after one another, so that it is always the later document that is refused.
 */
export function loadGroups(
  model: RelationalModelSet,
  inputs: Pick<LoadInputs, 'hasDocuments' | 'hasUuids'>,
): readonly WriteGroup[] {
  const superclasses = superclassesOf(model);
  /** The last group that takes identities of an abstract resource, or uuids. */
  const taken = new Map<string, number>();
  return writeGroups(model).map((group, position) => {
    const takes = group.labels
      .filter((label) => inputs.hasDocuments(label))
      .flatMap((label) => [superclasses.get(label) ?? [], inputs.hasUuids(label) ? ['uuids'] : []].flat());
    const before = takes.flatMap((each) => taken.get(each) ?? []);
    for (const each of takes) taken.set(each, position);
    return { ...group, after: [...group.after, ...before] };
  });
}
