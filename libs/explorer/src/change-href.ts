import { resourceLabel } from '@dms/api-schema';
import { qualified } from '@dms/model';
import type { ImpactChange } from '@dms/upgrade';
import type { Address, ModelLookup } from './model-lookup.ts';
import { hrefs } from './search-entries.ts';

/** The object of a change. */
export type ChangedObject = Pick<ImpactChange, 'object' | 'path'>;

/** The address of a table of either set: by its name before shortening, or by its old name if it was removed. */
function tableAddress(lookup: ModelLookup, text: string): Address {
  // schema names contain no dots
  const split = text.indexOf('.');
  const name = { schema: text.slice(0, split), name: text.slice(split + 1) };
  return lookup.table(name)?.address ?? name;
}

/**
 * The address of the view that shows a changed object: the table, at the changed part; for a view its abstract
 * resource; for a project its resources. Null if the page has no such view.
 */
export function changeHref(lookup: ModelLookup, { object, path }: ChangedObject): string | null {
  const [place = '', part] = path;
  switch (object) {
    case 'project':
      return hrefs.start(`${place}:`);
    case 'resource':
    case 'resource key':
    case 'referential ids':
    case 'document rule':
      return hrefs.resource(place);
    case 'view': {
      const view = lookup.set.model.abstractUnionViews.find((each) => qualified(each.view) === place);
      return view ? hrefs.resource(resourceLabel(view.resourceKey)) : null;
    }
    case 'table':
    case 'hierarchy':
    case 'abstract identities':
    case 'discriminator':
      return hrefs.table(tableAddress(lookup, place));
    case 'column':
    case 'constraint':
    case 'index':
    case 'trigger':
      return hrefs.table(tableAddress(lookup, place), part);
  }
}
