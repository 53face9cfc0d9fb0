import { resourceLabel } from '@dms/api-schema';
import { DraftResource, descriptorPathsOf, type ModelDraft } from '../draft/model-draft.ts';
import { readResourceInput } from '../input/resource-input.ts';
import { deriveBaseColumns } from './derive-base-columns.ts';
import { deriveBaseTables } from './derive-base-tables.ts';
import { findExtensionSites } from './find-extension-sites.ts';

/**
 * For each resource that is not an extension: reads and checks its schema, records extension sites, creates tables and
 * columns (design 02 §5–§7).
 */
export function deriveResources(draft: ModelDraft): void {
  const keys = new Map(draft.set.info.resourceKeys.map((key) => [resourceLabel(key), key]));
  const entries = draft.entries.concrete.filter((entry) => !entry.isResourceExtension);
  draft.faults.forEach(entries, (entry) => {
    // of two resources with one name, the first stays
    if (draft.resources.has(entry.label)) return;
    const resourceKey = keys.get(entry.label);
    if (!resourceKey) throw new Error(`${entry.label} has no resource key`);
    const resource = new DraftResource(
      readResourceInput(entry, draft.documentPaths, descriptorPathsOf(draft, entry).base, draft.rules, draft.faults),
      resourceKey,
    );
    draft.resources.set(entry.label, resource);
    findExtensionSites(draft, resource);
    deriveBaseTables(draft, resource);
    deriveBaseColumns(draft, resource);
  });
}
