import { alternatives, forEachReported } from '@dms/diagnostics';
import type { FinishedDraft } from '../draft/model-draft.ts';
import { failResource } from '../input/resource-entry.ts';

/** Every override must have been looked up by a pass; an unused one is a typing error (design 02 §14.4). */
export function checkUnusedOverrides(draft: FinishedDraft): void {
  const inputs = [...[...draft.resources.values()].map((base) => ({ base, input: base.input })), ...draft.extensions];
  forEachReported(inputs, ({ base, input: { label, overrides, insertSchema } }) => {
    const unused = [...overrides.byPath.values()]
      .filter((override) => !base.usedOverrides.has(override))
      .map(({ rawKey, path }) => ({ rawKey, canonical: path.canonical }));
    const [first] = unused;
    if (!first) return;
    const text = unused.map(({ rawKey, canonical }) => `"${rawKey}" (${canonical})`).join(', ');
    const near = unused.length === 1 ? alternatives(first.canonical, insertSchema.nodes.keys()) : '; check the paths';
    const message = `these overrides match nothing: ${text}${near}`;
    failResource('OVERRIDE_UNUSED', label, message, first.canonical, { overrides: unused });
  });
}
