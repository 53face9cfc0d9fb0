import { childPath, elementPath, isPathName, type JsonPath, parseJsonPath, rootPath } from '@dms/api-schema';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, orderedMembers } from '@dms/canonical-json';
import { failResource } from './resource-entry.ts';

export type SchemaNodeKind = 'object' | 'array' | 'scalar';

const rejectedKeywords = ['$ref', 'oneOf', 'anyOf', 'allOf', 'enum', 'patternProperties'];

/** Kind of a schema node by `type`, else by its members (design 02 §6.1). */
export function nodeKind(label: string, schema: JsonObject, location: string): SchemaNodeKind {
  const type = schema.get('type');
  if (type === undefined || type === null) {
    if (schema.has('items')) return 'array';
    return schema.has('properties') || location === '$' ? 'object' : 'scalar';
  }
  if (typeof type !== 'string')
    failResource('SCHEMA_TYPE_INVALID', label, `the "type" at ${location} of jsonSchemaForInsert must be a string`, location);
  return type === 'object' || type === 'array' ? type : 'scalar';
}

/** The property schemas of an object node in ordinal order. */
export function propertySchemas(label: string, schema: JsonObject, location: string): [string, JsonObject][] {
  const properties = schema.get('properties');
  if (properties === undefined) return [];
  if (!isJsonObject(properties))
    return failResource(
      'SCHEMA_SHAPE_INVALID',
      label,
      `"properties" at ${location} of jsonSchemaForInsert must be an object`,
      location,
    );
  return orderedMembers(properties).map(([name, property]) => {
    const place = `${location}.properties.${name}`;
    if (!isJsonObject(property))
      return failResource('SCHEMA_SHAPE_INVALID', label, `the property schema at ${place} must be an object`, place);
    return [name, property];
  });
}

/** The schema of the items of an array node. */
export function itemsSchema(label: string, schema: JsonObject, location: string): JsonObject {
  const items = schema.get('items');
  if (isJsonObject(items)) return items;
  return failResource(
    'SCHEMA_SHAPE_INVALID',
    label,
    `"items" at ${location} of jsonSchemaForInsert must be an object`,
    location,
  );
}

/** The names that an object node requires. */
export function requiredNames(label: string, schema: JsonObject, location: string): ReadonlySet<string> {
  const required = schema.get('required');
  if (required === undefined || required === null) return new Set();
  if (!isJsonArray(required) || !required.every((name) => typeof name === 'string' && name.trim() !== '')) {
    return failResource(
      'SCHEMA_SHAPE_INVALID',
      label,
      `"required" at ${location} of jsonSchemaForInsert must be an array of names`,
      location,
    );
  }
  return new Set(required as readonly string[]);
}

/** Whether a node says `x-nullable: true`. */
export function isDeclaredNullable(label: string, schema: JsonObject, location: string): boolean {
  const nullable: JsonValue | undefined = schema.get('x-nullable');
  if (nullable !== undefined && typeof nullable !== 'boolean') {
    failResource(
      'SCHEMA_SHAPE_INVALID',
      label,
      `"x-nullable" at ${location} of jsonSchemaForInsert must be true or false`,
      location,
    );
  }
  return nullable === true;
}

/** The places of an insert schema where data stands. */
export interface InsertSchemaPlaces {
  readonly scalars: ReadonlySet<string>;
  /** Paths of array elements, ending in `[*]`. */
  readonly arrays: ReadonlySet<string>;
}

function refuseKeywords(label: string, schema: JsonObject, location: string): void {
  const keyword = rejectedKeywords.find((name) => schema.has(name));
  if (keyword === undefined) return;
  const place = `${location}.${keyword}`;
  const text = `jsonSchemaForInsert uses "${keyword}" at ${place}; the schema must be dereferenced and plain`;
  failResource('SCHEMA_KEYWORD_UNSUPPORTED', label, text, place, { keyword });
}

/** A name that no path can hold: two documents with different members would have one path (design 01 §10). */
function refusePropertyName(label: string, name: string, place: string): never {
  const found = parseJsonPath(`$.${name}`);
  // in a path "." and "[" would start the next segment
  const separator = name.search(/[.[]/);
  const fault = 'fault' in found ? { reason: found.fault, offset: found.offset - 2 } : undefined;
  const { reason, offset } =
    fault && (separator < 0 || fault.offset < separator) ? fault : { reason: 'invalid-property-character', offset: separator };
  const text = `the property name ${JSON.stringify(name)} at ${place} of jsonSchemaForInsert is no part of a JSONPath; only letters, digits, "_" and "-" are`;
  return failResource('JSONPATH_INVALID', label, text, place, { text: name, reason, offset, member: place });
}

/**
 * Walks a whole insert schema, `_ext` included, and checks that it is of the supported, dereferenced form (design 02 §6.2,
 * §6.3). Arrays of scalars are legal only where `descriptorPaths` has their element. Throws the `SCHEMA_*` codes and
 * `JSONPATH_INVALID`.
 */
export function validateInsertSchema(
  label: string,
  root: JsonObject,
  descriptorPaths: ReadonlyMap<string, unknown>,
): InsertSchemaPlaces {
  const scalars = new Set<string>();
  const arrays = new Set<string>();
  const visit = (schema: JsonObject, path: JsonPath, location: string): void => {
    refuseKeywords(label, schema, location);
    const kind = nodeKind(label, schema, location);
    if (location === '$' && kind !== 'object')
      failResource('SCHEMA_ROOT_NOT_OBJECT', label, 'the root of jsonSchemaForInsert must be an object', '$');
    if (kind === 'object') {
      for (const [name, property] of propertySchemas(label, schema, location)) {
        const place = `${location}.properties.${name}`;
        // an empty project key is reported by whoever reads the extension site
        if (name === '' && location.endsWith('.properties._ext')) continue;
        if (!isPathName(name)) refusePropertyName(label, name, place);
        visit(property, childPath(path, name), place);
      }
    } else if (kind === 'array') {
      const element = elementPath(path);
      const items = itemsSchema(label, schema, location);
      refuseKeywords(label, items, `${location}.items`);
      const itemKind = nodeKind(label, items, `${location}.items`);
      arrays.add(element.canonical);
      if (itemKind === 'array' || (itemKind === 'scalar' && !descriptorPaths.has(element.canonical))) {
        const what = itemKind === 'array' ? 'arrays' : 'scalars that are no descriptors';
        failResource(
          'SCHEMA_ARRAY_ITEM_UNSUPPORTED',
          label,
          `the array ${path.canonical} holds ${what}; only objects and descriptor URIs can be stored`,
          path.canonical,
        );
      }
      visit(items, element, `${location}.items`);
    } else scalars.add(path.canonical);
  };
  visit(root, rootPath, '$');
  return { scalars, arrays };
}

/** The schema node at `path`; undefined where the path leads nowhere. */
export function schemaNodeAt(root: JsonObject, path: JsonPath): JsonObject | undefined {
  let node: JsonValue | undefined = root;
  for (const segment of path.segments) {
    if (!isJsonObject(node)) return undefined;
    if (segment.kind === 'anyElement') node = node.get('items');
    else {
      const properties: JsonValue | undefined = node.get('properties');
      node = isJsonObject(properties) ? properties.get(segment.name) : undefined;
    }
  }
  return isJsonObject(node) ? node : undefined;
}
