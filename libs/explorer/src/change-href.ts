import { resourceLabel } from '@dms/api-schema';
import type { CatalogValue, ImpactChange } from '@dms/change';
import { qualified } from '@dms/model';
import type { Address, ModelLookup } from './model-lookup.ts';
import { hrefs } from './search-entries.ts';

/** The object of a change, or of one side of a renaming. */
export type ChangedObject = Pick<ImpactChange, 'object' | 'path' | 'trigger'>;

/** The address of a table of either set: by its name before shortening, or by its old name if it was removed. */
function tableAddress(lookup: ModelLookup, text: string): Address {
  // schema names contain no dots
  const split = text.indexOf('.');
  const name = { schema: text.slice(0, split), name: text.slice(split + 1) };
  return lookup.table(name)?.address ?? name;
}

/**
 * The address of the view that shows a changed object: the table, at the changed part; for a view its abstract resource; for a
 * schema the resources of its project. Null if no view shows it.
 */
export function changeHref(lookup: ModelLookup, { object, path, trigger }: ChangedObject): string | null {
  const [place = '', part] = path;
  const { projects, abstractUnionViews } = lookup.set.model;
  switch (object) {
    case 'extension':
    case 'sequence':
    case 'tableType':
      return null;
    case 'schema': {
      const project = projects.find(({ physicalSchema }) => physicalSchema === place);
      return project ? hrefs.start(`${project.projectName}:`) : null;
    }
    case 'view': {
      const view = abstractUnionViews.find((each) => qualified(each.view) === place);
      return view ? hrefs.resource(resourceLabel(view.resourceKey)) : null;
    }
    case 'function':
      return trigger ? hrefs.table(tableAddress(lookup, trigger.table), trigger.name) : null;
    case 'trigger':
      return hrefs.table(tableAddress(lookup, place), trigger?.name ?? part);
    case 'seed':
      return hrefs.table(tableAddress(lookup, place));
    default:
      return hrefs.table(tableAddress(lookup, place), part);
  }
}

/** The resource, `Project:Resource`, that a value of a change is the key row of; null for any other value. */
export function keyedResource({ object, path }: ChangedObject, value: CatalogValue | undefined): string | null {
  if (object !== 'seed' || path[0] !== 'dms.ResourceKey') return null;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { projectName, resourceName } = value as { readonly [name: string]: CatalogValue };
  if (typeof projectName !== 'string' || typeof resourceName !== 'string') return null;
  return resourceLabel({ projectName, resourceName });
}

/** A value of a change for people: lists and members one after the other, without members that carry no information. */
export function valueText(value: CatalogValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map((each) => valueText(each)).join(', ');
  const members = value as { readonly [name: string]: CatalogValue };
  const { schema, table, ...others } = members;
  if (typeof schema === 'string' && typeof table === 'string' && Object.keys(others).length === 0) return `${schema}.${table}`;
  return Object.entries(members)
    .map(([name, member]) => [name, valueText(member)] as const)
    .filter(([, text]) => text !== '' && text !== 'false')
    .map(([name, text]) => (text === 'true' ? name : `${name}: ${text}`))
    .join('; ');
}
