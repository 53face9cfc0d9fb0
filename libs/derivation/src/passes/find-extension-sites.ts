import { childPath, elementPath, type JsonPath, rootPath } from '@dms/api-schema';
import { compareBy, isJsonObject, type JsonObject } from '@dms/canonical-json';
import type { ExtensionSite } from '@dms/model';
import type { DraftResource, SetDraft } from '../draft/model-draft.ts';
import { resolveProjectKey } from '../input/extension-key.ts';
import { itemsSchema, nodeKind, propertySchemas } from '../input/insert-schema.ts';
import { failResource } from '../input/resource-entry.ts';

function readSite(
  draft: SetDraft,
  resource: DraftResource,
  owningScope: JsonPath,
  extension: JsonObject,
  location: string,
): ExtensionSite {
  const properties = extension.get('properties');
  if (!isJsonObject(properties) || ![...properties.values()].every((value) => isJsonObject(value))) {
    return failResource(
      'EXTENSION_SITE_INVALID',
      resource.label,
      `"_ext" at ${location} needs "properties" whose values are objects`,
      location,
    );
  }
  const projectKeys = [...properties.keys()].sort();
  const extensionPath = childPath(owningScope, '_ext');
  for (const key of projectKeys) {
    const resolved = resolveProjectKey(key, draft.entries.projects);
    if ('project' in resolved) continue;
    const found = resolved.candidates.length > 0 ? `; it could be: ${resolved.candidates.join(', ')}` : '';
    const text = `the key "${key}" under ${extensionPath.canonical} (${location}) names no single extension project of the set${found}`;
    failResource('EXTENSION_KEY_UNRESOLVED', resource.label, text, extensionPath.canonical, {
      key,
      owningScope: owningScope.canonical,
      extensionPath: extensionPath.canonical,
      candidates: resolved.candidates,
    });
  }
  return { owningScope, extensionPath, projectKeys };
}

/** Records where a base schema itself has `_ext` (design 02 §6.4, 03 §10.7). Informational: no tables follow from it. */
export function findExtensionSites(draft: SetDraft, resource: DraftResource): void {
  const sites: ExtensionSite[] = [];
  const visit = (node: JsonObject, path: JsonPath, location: string): void => {
    for (const [name, property] of propertySchemas(resource.label, node, location)) {
      const place = `${location}.properties.${name}`;
      if (name === '_ext') {
        sites.push(readSite(draft, resource, path, property, place));
        continue;
      }
      const kind = nodeKind(resource.label, property, place);
      if (kind === 'object') visit(property, childPath(path, name), place);
      if (kind !== 'array') continue;
      const items = itemsSchema(resource.label, property, place);
      if (nodeKind(resource.label, items, `${place}.items`) === 'object')
        visit(items, elementPath(childPath(path, name)), `${place}.items`);
    }
  };
  visit(resource.input.insertSchema, rootPath, '$');
  resource.extensionSites = sites.sort(
    compareBy(
      (site) => site.owningScope.canonical,
      (site) => site.extensionPath.canonical,
      (site) => site.projectKeys.join('|'),
    ),
  );
}
