import { childPath, elementPath, type JsonPath, rootPath } from '@dms/api-schema';
import type { JsonObject } from '@dms/canonical-json';
import type { DraftTable } from '../draft/draft-table.ts';
import type { DraftResource } from '../draft/model-draft.ts';
import { isDeclaredNullable, itemsSchema, nodeKind, propertySchemas, requiredNames } from '../input/insert-schema.ts';
import { failResource } from '../input/resource-entry.ts';
import { singularize } from '../naming/singularize.ts';
import { addValueColumn, type ValueColumnContext } from './value-column.ts';

/** Reports descriptor paths that no walk has met (design 02 §7.2). */
export function checkDescriptorPathsMet(label: string, declared: Iterable<string>, met: ReadonlySet<string>): void {
  const lost = [...declared].filter((path) => !met.has(path)).sort();
  if (lost.length === 0) return;
  const text = `descriptor paths that jsonSchemaForInsert does not have: ${lost.join(', ')}`;
  failResource('DESCRIPTOR_PATH_NOT_IN_SCHEMA', label, text, lost[0], { paths: lost });
}

/**
 * Adds a column for every scalar outside `_ext` that is no part of a reference (design 02 §7). Objects are inlined, with
 * their name in front; optionality crosses objects but no array.
 */
export function deriveBaseColumns(resource: DraftResource): void {
  const { input, label } = resource;
  const context: ValueColumnContext = {
    resource,
    input,
    descriptorPaths: resource.entry.descriptorPaths.base,
    overrides: [input.overrides],
    met: new Set(),
    decimals: { onFallback: (reason, path) => resource.decimalPrecisionFallbacks.push({ sourcePath: path, reason }) },
    checksIdentity: true,
  };

  const visit = (
    node: JsonObject,
    path: JsonPath,
    location: string,
    table: DraftTable,
    prefix: readonly string[],
    optional: boolean,
  ): void => {
    const required = requiredNames(label, node, location);
    for (const [name, property] of propertySchemas(label, node, location)) {
      if (name === '_ext') continue;
      if (name === 'link' && input.referenceObjectPaths.has(path.canonical)) continue;
      const place = `${location}.properties.${name}`;
      const nullable = isDeclaredNullable(label, property, place) || optional || !required.has(name);
      const kind = nodeKind(label, property, place);
      const propertyPath = childPath(path, name);
      if (kind === 'object') visit(property, propertyPath, place, table, [...prefix, name], nullable);
      else if (kind === 'scalar') addValueColumn(context, table, property, propertyPath, [...prefix, name], nullable);
      else {
        const scope = elementPath(propertyPath);
        const child = resource.tablesAt(scope)[0] as DraftTable;
        const items = itemsSchema(label, property, place);
        if (nodeKind(label, items, `${place}.items`) === 'object') visit(items, scope, `${place}.items`, child, [], false);
        else
          addValueColumn(context, child, items, scope, [singularize(name)], isDeclaredNullable(label, items, `${place}.items`));
      }
    }
  };

  visit(input.insertSchema, rootPath, '$', resource.root, [], false);
  checkDescriptorPathsMet(label, context.descriptorPaths.keys(), context.met);
}
