import { fail } from '@dms/diagnostics';
import {
  cachedByObject,
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
} from '@dms/values';
import { type EffectiveSchemaSet, resourceLabel } from './effective-schema/effective-schema.ts';

/**
 * The JSON schemas with which an API checks documents, by resource (`Project:Resource`): the schema of the resource and
 * the properties of its extensions. Each one applies to the whole document.
 */
export type DocumentSchemas = ReadonlyMap<string, readonly JsonObject[]>;

/** Keywords that never reject a value, or whose rules the check against the model enforces with its own codes. */
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

/** A schema without the keywords of `keywordsLeftOut`. Names of properties are not keywords. */
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

/** Members that an API adds to its output and ignores in its input: of a document, and of a reference. */
export const ignoredAtRoot: ReadonlySet<string> = new Set(['_etag', '_lastModifiedDate']);
export const ignoredInReference: ReadonlySet<string> = new Set(['link']);

/** The object paths of the references of a resource. */
function referencePaths(json: JsonObject): string[] {
  const mapping = json.get('documentPathsMapping');
  return orderedMembers(isJsonObject(mapping) ? mapping : new Map<string, JsonValue>()).flatMap(([, entry]) => {
    const parts = isJsonObject(entry) && entry.get('isDescriptor') !== true ? entry.get('referenceJsonPaths') : [];
    return (isJsonArray(parts) ? parts : []).flatMap((part) => {
      const path = isJsonObject(part) ? part.get('referenceJsonPath') : undefined;
      return typeof path === 'string' ? [path.slice(0, path.lastIndexOf('.'))] : [];
    });
  });
}

/**
 * A schema that refuses every member that is in none of the given schemas of a value. If none of them has properties,
 * any member is allowed.
 */
function closedSchema(schemas: readonly JsonObject[], path: string, references: ReadonlySet<string>): JsonObject {
  const items = schemas.map((schema) => schema.get('items')).filter(isJsonObject);
  const objects = schemas.map((schema) => schema.get('properties')).filter(isJsonObject);
  const closed = new Map<string, JsonValue>();
  if (items.length > 0) closed.set('items', closedSchema(items, `${path}[*]`, references));
  if (objects.length > 0) {
    const ignored = path === '$' ? ignoredAtRoot : references.has(path) ? ignoredInReference : [];
    const properties = new Map<string, JsonValue>([...ignored].map((name) => [name, new Map()]));
    const schemasOf = new Map<string, JsonObject[]>();
    for (const object of objects)
      object.forEach((schema, name) => {
        const known = schemasOf.get(name) ?? [];
        schemasOf.set(name, known);
        if (isJsonObject(schema)) known.push(schema);
      });
    schemasOf.forEach((own, name) => {
      properties.set(name, closedSchema(own, `${path}.${name}`, references));
    });
    closed.set('additionalProperties', false).set('properties', properties);
  }
  return closed;
}

/** The schemas of a resource, and the object paths of its references. */
interface ResourceSchemas {
  /** `Project:Resource`. */
  readonly label: string;
  readonly schemas: readonly JsonObject[];
  readonly references: ReadonlySet<string>;
}

/** The schemas of all resources, sorted by label; cached, because a run may need both the schemas and their text. */
const resourceSchemas = cachedByObject((set: EffectiveSchemaSet): readonly ResourceSchemas[] => {
  const entries = set.projects.flatMap(({ projectName, isExtensionProject, projectSchema }) => {
    const resources = projectSchema.get('resourceSchemas');
    return orderedMembers(isJsonObject(resources) ? resources : new Map<string, JsonValue>()).flatMap(([, json]) => {
      if (!isJsonObject(json)) return [];
      const schema = json.get('jsonSchemaForInsert');
      if (!isJsonObject(schema)) return [];
      const resourceName = String(json.get('resourceName'));
      const isExtension = json.get('isResourceExtension') === true;
      const references = referencePaths(json);
      return [{ projectName, isExtensionProject, resourceName, isExtension, references, schema: essential(schema) }];
    });
  });
  const bases = entries.filter(({ isExtension }) => !isExtension);
  const extensions = entries.filter(({ isExtension }) => isExtension);
  return bases
    .map((base) => {
      // only resources of the core can be extended (design 02 §12)
      const own = base.isExtensionProject
        ? []
        : extensions.filter(({ resourceName }) => resourceName === base.resourceName);
      const schemas = [base.schema, ...own.map((each) => ofExtension(each.schema))];
      const references = new Set([base, ...own].flatMap((each) => each.references));
      return { label: resourceLabel(base), schemas, references };
    })
    .sort(compareBy(({ label }) => label));
});

/**
 * The schemas with which an API checks documents (design 01 §9.1): `jsonSchemaForInsert` of each resource, and its
 * `properties` of each extension, in the order of the projects. Descriptors are included.
 */
export const documentSchemas = cachedByObject(
  (set: EffectiveSchemaSet): DocumentSchemas =>
    new Map(resourceSchemas(set).map(({ label, schemas }) => [label, schemas])),
);

const format = '2';

/**
 * The text of `document-schemas.json` (design 01 §9.1): one resource per line, schemas as canonical JSON. The last schema
 * of a resource refuses unknown members, for programs that do not check documents against the model.
 */
export function documentSchemasText(set: EffectiveSchemaSet, effectiveSchemaHash: string): string {
  const lines = resourceSchemas(set).map(({ label, schemas, references }) => {
    const closed = closedSchema(schemas, '$', references);
    return canonicalText(
      new Map<string, JsonValue>([
        ['resource', label],
        // a schema without properties has nothing to refuse
        ['schemas', closed.size === 0 ? schemas : [...schemas, closed]],
      ]),
    );
  });
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
      // the check against the model finds unknown members
      return [resource, schemas.filter((schema) => !schema.has('additionalProperties'))];
    }),
  );
}
