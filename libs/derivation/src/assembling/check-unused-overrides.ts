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
    const isThere = insertSchema.nodes.has(first.canonical);
    // a path of the schema would be the nearest to itself
    const near = isThere
      ? '; the schema has this path, but no table or column is named after it, so leave the override out'
      : alternatives(first.canonical, insertSchema.nodes.keys());
    const message = `these overrides match nothing: ${text}${unused.length === 1 ? near : '; check the paths'}`;
    failResource('OVERRIDE_UNUSED', label, message, first.canonical, { overrides: unused });
  });
}
