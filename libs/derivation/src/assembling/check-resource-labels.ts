import { resourceLabel } from '@dms/api-schema';
import { diagnostic, failIfAny } from '@dms/diagnostics';
import { compareOrdinal, groupBy } from '@dms/files';
import type { DialectRules } from '@dms/sql';
import type { FinishedDraft } from '../draft/model-draft.ts';

/**
 * `dms.ResourceKey` has one row per project and resource name, unique by the engine's comparison of texts. Labels that
 * the engine considers equal are `RESOURCE_KEY_DUPLICATE` (design 03 §8.4).
 */
export function checkResourceLabels(draft: FinishedDraft, { name: dialect, comparedName }: DialectRules): void {
  const labels = draft.set.info.resourceKeys.map(resourceLabel);
  failIfAny(
    [...groupBy(labels, comparedName).values()]
      .filter((group) => group.length > 1)
      .map((group) => {
        const names = group.sort(compareOrdinal);
        const text = `${names.join(' and ')} are the same resource for ${dialect}, which takes such names for equal; rename one.`;
        const [resource = ''] = names;
        return diagnostic(
          'RESOURCE_KEY_DUPLICATE',
          text,
          { resource },
          { resource, locations: names, engine: dialect },
        );
      }),
  );
}
