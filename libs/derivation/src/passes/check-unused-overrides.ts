import { forEachReported } from '@dms/diagnostics';
import type { ModelDraft } from '../draft/model-draft.ts';
import { failResource } from '../input/resource-entry.ts';

/** Every override must have been looked up by some pass: what none asked for is a typing error (design 02 §14.4). */
export function checkUnusedOverrides(draft: ModelDraft): void {
  const inputs = [...[...draft.resources.values()].map(({ input }) => input), ...draft.extensions.map(({ input }) => input)];
  forEachReported(inputs, ({ label, overrides }) => {
    const { unused } = overrides;
    if (unused.length === 0) return;
    const text = unused.map(({ rawKey, canonical }) => `"${rawKey}" (${canonical})`).join(', ');
    failResource('OVERRIDE_UNUSED', label, `these overrides match nothing: ${text}; check the paths`, unused[0]?.canonical, {
      overrides: unused.map(({ rawKey, canonical }) => ({ rawKey, canonical })),
    });
  });
}
