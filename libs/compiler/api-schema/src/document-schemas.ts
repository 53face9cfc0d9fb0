import { fail } from '@dms/diagnostics';
import {
  canonicalText,
  compareBy,
  decodeUtf8,
  isJsonArray,
  isJsonObject,
  JsonNumber,
  type JsonObject,
  type JsonValue,
  orderedMembers,
  parseJson,
} from '@dms/files';
import { type EffectiveSchemaSet, resourceLabel } from './effective-schema/effective-schema.ts';

/**
 * The JSON schemas that an API checks a document with, by resource (`Project:Resource`): the schema of the resource and
 * the properties of its extensions. Each one applies to the whole document.
 */
export type DocumentSchemas = ReadonlyMap<string, readonly JsonObject[]>;

/** Keywords that never reject a value, or that the model checks itself with a code of its own. */
export const keywordsLeftOut: ReadonlySet<string> = new Set([
  '$comment',
  '$id',
  '$schema',
  'additionalProperties',
  'default',
  'deprecated',
  'examples',
  'readOnly',
  'title',
  'writeOnly',
]);

/** A schema without the keywords that are left out. Names of properties are not keywords. */
function essential(schema: JsonObject): JsonObject {
  const members = orderedMembers(schema).flatMap(([keyword, value]): [string, JsonValue][] => {
    if (keywordsLeftOut.has(keyword)) return [];
    if (keyword === 'items' && isJsonObject(value)) return [[keyword, essential(value)]];
    if (keyword !== 'properties' || !isJsonObject(value)) return [[keyword, value]];
    const properties = orderedMembers(value).map(([name, inner]): [string, JsonValue] => [
      name,
      isJsonObject(inner) ? essential(inner) : inner,
    ]);
    return [[keyword, new Map(properties)]];
  });
  return new Map(members);
}

/**
 * An API adds only the properties of an extension to a resource: other keywords at its root, such as `required`, have
 * no effect.
 */
const ofExtension = (schema: JsonObject): JsonObject => {
  const properties = schema.get('properties');
  return new Map(properties === undefined ? [] : [['properties', properties]]);
};

/**
 * The schemas that an API checks documents with (design 01 §9.1): `jsonSchemaForInsert` of each resource, and its
 * `properties` of each extension, in the order of the projects. Descriptors are included.
 */
export function documentSchemas(set: EffectiveSchemaSet): DocumentSchemas {
  const entries = set.projects.flatMap(({ projectName, isExtensionProject, projectSchema }) => {
    const resources = projectSchema.get('resourceSchemas');
    return orderedMembers(isJsonObject(resources) ? resources : new Map<string, JsonValue>()).flatMap(([, json]) => {
      if (!isJsonObject(json)) return [];
      const schema = json.get('jsonSchemaForInsert');
      if (!isJsonObject(schema)) return [];
      const resourceName = String(json.get('resourceName'));
      const isExtension = json.get('isResourceExtension') === true;
      return [{ projectName, isExtensionProject, resourceName, isExtension, schema: essential(schema) }];
    });
  });
  const bases = entries.filter(({ isExtension }) => !isExtension);
  const extensions = entries.filter(({ isExtension }) => isExtension);
  return new Map(
    bases
      .map(({ schema, isExtensionProject, ...name }): [string, JsonObject[]] => {
        // extensions can extend core resources only (design 02 §12)
        const own = isExtensionProject
          ? []
          : extensions.filter(({ resourceName }) => resourceName === name.resourceName);
        return [resourceLabel(name), [schema, ...own.map((each) => ofExtension(each.schema))]];
      })
      .sort(compareBy(([label]) => label)),
  );
}

const format = '2';

/** The text of `document-schemas.json` (design 01 §9.1): one resource per line, schemas as canonical JSON. */
export function documentSchemasText(schemas: DocumentSchemas, effectiveSchemaHash: string): string {
  const lines = [...schemas].map(([resource, own]) =>
    canonicalText(
      new Map<string, JsonValue>([
        ['resource', resource],
        ['schemas', own],
      ]),
    ),
  );
  const head = `{"documentSchemasFormat":${format},\n"effectiveSchemaHash":${JSON.stringify(effectiveSchemaHash)},\n`;
  return `${head}"resources":[\n${lines.join(',\n')}\n]}\n`;
}

/**
 * Reads `document-schemas.json`. Throws `MODEL_FILE_INVALID`, also if the file belongs to another schema set, and the
 * `INPUT_JSON_*` codes.
 */
export function readDocumentSchemas(bytes: Uint8Array, file: string, effectiveSchemaHash: string): DocumentSchemas {
  const invalid = (reason: string): never =>
    fail(
      'MODEL_FILE_INVALID',
      `${file} does not hold document schemas: ${reason}; emit the artifacts again.`,
      { file },
      { reason },
    );
  const root = parseJson(decodeUtf8(bytes, file), file);
  if (!isJsonObject(root)) return invalid('the document must be an object');
  const version = root.get('documentSchemasFormat');
  if (!(version instanceof JsonNumber) || version.lexeme !== format)
    return invalid(`documentSchemasFormat must be ${format}`);
  if (root.get('effectiveSchemaHash') !== effectiveSchemaHash)
    return invalid('effectiveSchemaHash must be that of effective-schema.manifest.json');
  const resources = root.get('resources');
  if (!isJsonArray(resources)) return invalid('resources must be a list');
  return new Map(
    resources.map((entry, index): [string, readonly JsonObject[]] => {
      const resource = isJsonObject(entry) ? entry.get('resource') : undefined;
      const schemas = isJsonObject(entry) ? entry.get('schemas') : undefined;
      if (typeof resource !== 'string' || !isJsonArray(schemas) || !schemas.every(isJsonObject))
        return invalid(`resources.${index} must have a resource and a list of schemas`);
      return [resource, schemas];
    }),
  );
}
