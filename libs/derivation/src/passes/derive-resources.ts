import { childPath, type JsonPath, resourceLabel } from '@dms/api-schema';
import { append, listOfNames } from '@dms/diagnostics';
import { compareBy } from '@dms/files';
import type { ExtensionSite } from '@dms/model';
import { DraftResource, descriptorPathsOf, type ModelDraft } from '../draft/model-draft.ts';
import type { ObjectNode, SchemaNode } from '../input/insert-schema.ts';
import { failResource, missingProject, resolveProjectKey } from '../input/resource-entry.ts';
import { readResourceInput } from '../input/resource-input.ts';
import { deriveBaseColumns } from './derive-base-columns.ts';
import { deriveBaseTables } from './derive-base-tables.ts';

/**
 * For each resource that is not an extension: reads and checks its schema, records extension sites, creates tables and
 * columns (design 02 §5–§7).
 */
export function deriveResources(draft: ModelDraft): void {
  const keys = new Map(draft.set.info.resourceKeys.map((key) => [resourceLabel(key), key]));
  const entries = draft.entries.concrete.filter((entry) => !entry.isResourceExtension);
  draft.diagnostics.forEach(entries, (entry) => {
    // of two resources with one name, the first stays
    if (draft.resources.has(entry.label)) return;
    const resourceKey = keys.get(entry.label);
    if (!resourceKey) throw new Error(`${entry.label} has no resource key`);
    const resource = new DraftResource(
      readResourceInput(
        entry,
        draft.documentPaths,
        descriptorPathsOf(draft, entry).base,
        draft.rules,
        draft.diagnostics,
      ),
      resourceKey,
    );
    draft.resources.set(entry.label, resource);
    findExtensionSites(draft, resource);
    deriveBaseTables(draft, resource);
    deriveBaseColumns(draft, resource);
  });
}

function readSite(
  draft: ModelDraft,
  { label }: DraftResource,
  owningScope: JsonPath,
  extension: SchemaNode,
): ExtensionSite {
  const { location } = extension;
  if (extension.kind !== 'object' || !extension.declares.properties) {
    const text = `"_ext" at ${location} needs "properties" whose values are objects`;
    return failResource('EXTENSION_SITE_INVALID', label, text, location);
  }
  const projectKeys = [...extension.properties.keys()];
  const extensionPath = childPath(owningScope, '_ext');
  draft.diagnostics.forEach(projectKeys, (key) => {
    const resolved = resolveProjectKey(key, draft.entries.projects);
    if ('project' in resolved || (resolved.candidates.length === 0 && !draft.isWhole)) return;
    const extensions = draft.entries.projects.filter((project) => project.isExtensionProject);
    const found =
      resolved.candidates.length > 0
        ? `; it could be: ${listOfNames(resolved.candidates)}`
        : missingProject(
            key,
            extensions.map((project) => project.projectEndpointName),
          );
    const text = `the key "${key}" under ${extensionPath.canonical} (${location}) names no single extension project of the set${found}`;
    failResource('EXTENSION_KEY_UNRESOLVED', label, text, extensionPath.canonical, {
      key,
      owningScope: owningScope.canonical,
      extensionPath: extensionPath.canonical,
      candidates: resolved.candidates,
    });
  });
  return { owningScope, extensionPath, projectKeys };
}

/**
 * Records where a base schema has `_ext` itself (design 02 §6.4, 03 §10.7). For information only: no tables follow from
 * it.
 */
function findExtensionSites(draft: ModelDraft, resource: DraftResource): void {
  const sites: ExtensionSite[] = [];
  const visit = (object: ObjectNode): void => {
    for (const [name, { node }] of object.properties) {
      if (name === '_ext')
        append(sites, draft.diagnostics.attempt(() => [readSite(draft, resource, object.path, node)]) ?? []);
      else if (node.kind === 'object') visit(node);
      else if (node.kind === 'array' && node.items.kind === 'object') visit(node.items);
    }
  };
  visit(resource.input.insertSchema.root);
  resource.extensionSites = sites.sort(
    compareBy(
      (site) => site.owningScope.canonical,
      (site) => site.extensionPath.canonical,
      (site) => site.projectKeys.join('|'),
    ),
  );
}
