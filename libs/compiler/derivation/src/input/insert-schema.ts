import { childPath, elementPath, isPathName, type JsonPath, parseJsonPath, rootPath } from '@dms/api-schema';
import type { DiagnosticCollector } from '@dms/diagnostics';
import { isJsonArray, isJsonObject, JsonNumber, type JsonObject, type JsonValue, orderedMembers } from '@dms/values';
import { failResource } from './resource-entry.ts';

/** The members of every node of an insert schema. */
interface NodePlace {
  /** The path of the value in a document. */
  readonly path: JsonPath;
  /** The place of the node in the schema, for messages: `$.properties.a.items`. */
  readonly location: string;
  /** Whether the node has `x-nullable: true`. */
  readonly isNullable: boolean;
}

export interface ObjectNode extends NodePlace {
  readonly kind: 'object';
  /** The properties in ordinal order of their names. */
  readonly properties: ReadonlyMap<string, InsertProperty>;
  /** Whether the schema has the members `properties` and `required`. */
  readonly declares: { readonly properties: boolean; readonly required: boolean };
}

interface InsertProperty {
  readonly node: SchemaNode;
  readonly isRequired: boolean;
}

/** An array; its items are objects, or descriptor URIs. */
export interface ArrayNode extends NodePlace {
  readonly kind: 'array';
  readonly items: ObjectNode | ScalarNode;
}

export interface ScalarNode extends NodePlace {
  readonly kind: 'scalar';
  readonly type: string | undefined;
  readonly format: JsonValue | undefined;
  readonly maxLength: number | undefined;
}

export type SchemaNode = ObjectNode | ArrayNode | ScalarNode;

/** `jsonSchemaForInsert` as derivation reads it, `_ext` included. */
export interface InsertSchema {
  readonly root: ObjectNode;
  /** Every node by the canonical path of its value; items of an array end in `[*]`. */
  readonly nodes: ReadonlyMap<string, SchemaNode>;
  /** The paths of values whose schema has a reported error; `nodes` lacks these paths and all paths below them. */
  readonly refused: ReadonlySet<string>;
}

/** A canonical path and all paths above it. */
export function pathAndAbove(path: string): string[] {
  const paths: string[] = [];
  for (let end = path.length; end > 0; end = Math.max(path.lastIndexOf('.', end - 1), path.lastIndexOf('[', end - 1)))
    paths.push(path.slice(0, end));
  return paths;
}

/** Whether a path leads to a refused value, into a refused value, or to an object that contains one. */
export function isRefusedAround(schema: InsertSchema, path: string): boolean {
  return isRefused(schema, path) || [...schema.refused].some((refused) => refused.startsWith(`${path}.`));
}

/** Whether a path leads to a refused value or into one. */
export function isRefused({ refused }: InsertSchema, path: string): boolean {
  return refused.size > 0 && pathAndAbove(path).some((start) => refused.has(start));
}

/** Whether a path leads into a refused value, or into an `_ext` without members, which is reported at its place. */
export const isUnread = (schema: InsertSchema, path: string): boolean =>
  isRefused(schema, path) ||
  pathAndAbove(path).some((start) => {
    const node = start.endsWith('._ext') ? schema.nodes.get(start) : undefined;
    return node !== undefined && !(node.kind === 'object' && node.declares.properties);
  });

/**
 * Reads a whole insert schema, `_ext` included, and checks that it has the supported, dereferenced form (design 02
 * §6.1–6.3). Arrays of scalars are legal only if `descriptorPaths` has the path of their items.
 */
export function readInsertSchema(
  label: string,
  schema: JsonObject,
  descriptorPaths: ReadonlyMap<string, unknown>,
  diagnostics: DiagnosticCollector,
): InsertSchema {
  const reader = new InsertSchemaReader(label, descriptorPaths, diagnostics);
  return { root: reader.root(schema), nodes: reader.nodes, refused: reader.refused };
}

const rejectedKeywords = ['$ref', 'oneOf', 'anyOf', 'allOf', 'patternProperties'];

/** Stands for a `required` that cannot be read: everything is required, because the optional members are unknown. */
const everything: Pick<ReadonlySet<string>, 'has'> = { has: () => true };

/**
 * Reads one insert schema; arrays at `descriptorPaths` may hold scalars. A node with an error is reported and omitted.
 */
class InsertSchemaReader {
  readonly nodes = new Map<string, SchemaNode>();
  readonly refused = new Set<string>();
  private readonly diagnostics: DiagnosticCollector;
  private readonly label: string;
  private readonly descriptorPaths: ReadonlyMap<string, unknown>;

  constructor(label: string, descriptorPaths: ReadonlyMap<string, unknown>, diagnostics: DiagnosticCollector) {
    this.label = label;
    this.descriptorPaths = descriptorPaths;
    this.diagnostics = diagnostics;
  }

  root(schema: JsonObject): ObjectNode {
    const isObject = this.diagnostics.attempt(() => {
      this.refuseKeywords(schema, '$');
      if (this.findKind(schema, '$', true) === 'object') return true;
      return failResource(
        'SCHEMA_ROOT_NOT_OBJECT',
        this.label,
        'the root of jsonSchemaForInsert must be an object',
        '$',
      );
    });
    if (isObject) return this.object(schema, rootPath, '$');
    this.refused.add('$');
    return this.object(new Map(), rootPath, '$');
  }

  private node(schema: JsonObject, path: JsonPath, location: string, isProjectSchema: boolean): SchemaNode {
    this.refuseKeywords(schema, location);
    const kind = this.findKind(schema, location, isProjectSchema);
    if (kind === 'object') return this.object(schema, path, location);
    return kind === 'array' ? this.array(schema, path, location) : this.scalar(schema, path, location);
  }

  private add<Node extends SchemaNode>(node: Node): Node {
    this.nodes.set(node.path.canonical, node);
    return node;
  }

  private object(schema: JsonObject, path: JsonPath, location: string): ObjectNode {
    if (schema.has('enum')) this.unsupported('enum', location);
    const required = this.diagnostics.attempt(() => this.requiredNames(schema, location)) ?? everything;
    const properties = new Map<string, InsertProperty>();
    const schemas = this.diagnostics.attempt(() => this.propertySchemas(schema, location));
    if (schemas === undefined) this.refused.add(path.canonical);
    for (const [name, property] of schemas ?? []) {
      const node = this.diagnostics.attempt(() => this.property(property, name, { path, location }));
      if (node) properties.set(name, { node, isRequired: required.has(name) });
      else this.refused.add(`${path.canonical}.${name}`);
    }
    const declares = { properties: schema.has('properties'), required: isJsonArray(schema.get('required')) };
    return this.add({
      kind: 'object',
      path,
      location,
      isNullable: this.isNullable(schema, location),
      properties,
      declares,
    });
  }

  private property(schema: JsonValue, name: string, owner: Pick<ObjectNode, 'path' | 'location'>): SchemaNode {
    const { path, location } = owner;
    const place = `${location}.properties.${name}`;
    if (!isJsonObject(schema)) return this.invalid(place, `the property schema at ${place} must be an object`);
    const isProjectSchema = location.endsWith('.properties._ext');
    // the reader of the extension site reports an empty project key
    if (name === '' && isProjectSchema) return this.object(new Map(), path, place);
    if (!isPathName(name)) refusePropertyName(this.label, name, place);
    return this.node(schema, childPath(path, name), place, isProjectSchema);
  }

  private array(schema: JsonObject, path: JsonPath, location: string): ArrayNode {
    const element = elementPath(path);
    const itemsLocation = `${location}.items`;
    const items = schema.get('items');
    if (schema.has('enum')) this.unsupported('enum', location);
    if (!isJsonObject(items))
      return this.invalid(location, `"items" at ${location} of jsonSchemaForInsert must be an object`);
    this.refuseKeywords(items, itemsLocation);
    const kind = this.findKind(items, itemsLocation, false);
    if (kind === 'array' || (kind === 'scalar' && !this.descriptorPaths.has(element.canonical))) {
      const what = kind === 'array' ? 'arrays' : 'scalars that are not descriptors';
      const text = `the array ${path.canonical} holds ${what}; only objects and descriptor URIs can be stored`;
      return failResource('SCHEMA_ARRAY_ITEM_UNSUPPORTED', this.label, text, path.canonical);
    }
    const node =
      kind === 'object' ? this.object(items, element, itemsLocation) : this.scalar(items, element, itemsLocation);
    return this.add({ kind: 'array', path, location, isNullable: this.isNullable(schema, location), items: node });
  }

  private scalar(schema: JsonObject, path: JsonPath, location: string): ScalarNode {
    const type = schema.get('type');
    const values = schema.get('enum');
    // the choice among the values is a rule for documents, like `const`
    if (values !== undefined && !(isJsonArray(values) && values.length > 0 && values.every(isScalar)))
      this.invalid(
        location,
        `"enum" at ${location} of jsonSchemaForInsert must be an array of texts, numbers or booleans`,
      );
    // `@dms/api-schema` has checked that a length is an integer in range
    const maxLength = schema.get('maxLength');
    return this.add({
      kind: 'scalar',
      path,
      location,
      isNullable: this.isNullable(schema, location),
      type: typeof type === 'string' ? type : undefined,
      format: schema.get('format'),
      maxLength: maxLength instanceof JsonNumber ? Number(maxLength.lexeme) : undefined,
    });
  }

  /**
   * Kind of a node by `type`, otherwise by its members (design 02 §6.1); the root and a project's part of `_ext` are
   * objects.
   */
  private findKind(schema: JsonObject, location: string, isObjectByPlace: boolean): SchemaNode['kind'] {
    const type = schema.get('type');
    if (type === undefined || type === null) {
      if (schema.has('items')) return 'array';
      return schema.has('properties') || isObjectByPlace ? 'object' : 'scalar';
    }
    if (typeof type !== 'string')
      return failResource(
        'SCHEMA_TYPE_INVALID',
        this.label,
        `the "type" at ${location} of jsonSchemaForInsert must be a string`,
        location,
      );
    return type === 'object' || type === 'array' ? type : 'scalar';
  }

  private propertySchemas(schema: JsonObject, location: string): readonly (readonly [string, JsonValue])[] {
    const properties = schema.get('properties');
    if (properties === undefined) return [];
    if (!isJsonObject(properties))
      return this.invalid(location, `"properties" at ${location} of jsonSchemaForInsert must be an object`);
    return orderedMembers(properties);
  }

  private requiredNames(schema: JsonObject, location: string): ReadonlySet<string> {
    const required = schema.get('required');
    if (required === undefined || required === null) return new Set();
    if (!isJsonArray(required) || !required.every((name) => typeof name === 'string' && name.trim() !== ''))
      return this.invalid(location, `"required" at ${location} of jsonSchemaForInsert must be an array of names`);
    return new Set(required as readonly string[]);
  }

  private isNullable(schema: JsonObject, location: string): boolean {
    const nullable = schema.get('x-nullable');
    if (nullable !== undefined && typeof nullable !== 'boolean')
      this.diagnostics.attempt(() =>
        this.invalid(location, `"x-nullable" at ${location} of jsonSchemaForInsert must be true or false`),
      );
    return nullable === true;
  }

  private refuseKeywords(schema: JsonObject, location: string): void {
    const keyword = rejectedKeywords.find((name) => schema.has(name));
    if (keyword !== undefined) this.unsupported(keyword, location);
  }

  private unsupported(keyword: string, location: string): never {
    const place = `${location}.${keyword}`;
    const text = `jsonSchemaForInsert uses "${keyword}" at ${place}; the schema must be dereferenced and plain`;
    return failResource('SCHEMA_KEYWORD_UNSUPPORTED', this.label, text, place, { keyword });
  }

  private invalid(location: string, text: string): never {
    return failResource('SCHEMA_SHAPE_INVALID', this.label, text, location);
  }
}

/** Refuses a name that a path cannot contain: different members would have the same path (design 01 §10). */
function refusePropertyName(label: string, name: string, place: string): never {
  const found = parseJsonPath(`$.${name}`);
  // in a path "." and "[" would start the next segment
  const separator = name.search(/[.[]/);
  const wrong = 'reason' in found ? { reason: found.reason, offset: found.offset - 2 } : undefined;
  const { reason, offset } =
    wrong && (separator < 0 || wrong.offset < separator)
      ? wrong
      : { reason: 'invalid-property-character', offset: separator };
  const text = `the property name ${JSON.stringify(name)} at ${place} of jsonSchemaForInsert is not part of a JSONPath; only letters, digits, "_" and "-" are`;
  return failResource('JSONPATH_INVALID', label, text, place, { text: name, reason, offset, member: place });
}

const isScalar = (value: JsonValue) => value !== null && !isJsonArray(value) && !isJsonObject(value);
