import { isJsonArray, isJsonObject, type JsonObject, orderedMembers } from '@dms/values';

/** A schema within the schema of a resource. */
interface SchemaPart {
  readonly schema: JsonObject;
  /** `$` for the document itself, `$.addresses[*].city` for a value in it. */
  readonly path: string;
  readonly isRequired: boolean;
}

/** A schema and all schemas in it, in the order in which they are written. */
export function* schemaParts(schema: JsonObject, path = '$', isRequired = true): Generator<SchemaPart> {
  yield { schema, path, isRequired };
  const items = schema.get('items');
  if (isJsonObject(items)) yield* schemaParts(items, `${path}[*]`, isRequired);
  const properties = schema.get('properties');
  if (!isJsonObject(properties)) return;
  const required = schema.get('required');
  const names = new Set(isJsonArray(required) ? required : []);
  for (const [name, property] of orderedMembers(properties))
    if (isJsonObject(property)) yield* schemaParts(property, `${path}.${name}`, names.has(name));
}

/** The `description` of a schema, or an empty text. */
export function definitionOf(schema: JsonObject): string {
  const description = schema.get('description');
  return typeof description === 'string' ? description : '';
}

/**
 * The definitions of a resource by path (design 13 §7): `$` is the resource. Paths without a definition are omitted. An
 * extension adds its own definitions; for each path, the first schema with a definition is used.
 */
export function collectDefinitions(schemas: readonly JsonObject[]): ReadonlyMap<string, string> {
  const definitions = new Map<string, string>();
  for (const own of schemas)
    for (const { schema, path } of schemaParts(own)) {
      const definition = definitionOf(schema);
      if (definition !== '' && !definitions.has(path)) definitions.set(path, definition);
    }
  return definitions;
}

/** The definition of a scope; for the items of an array without their own definition, that of the array. */
export function definitionOfScope(definitions: ReadonlyMap<string, string>, scope: string): string | undefined {
  return definitions.get(scope) ?? (scope.endsWith('[*]') ? definitions.get(scope.slice(0, -'[*]'.length)) : undefined);
}
