import { resourceLabel } from '@dms/api-schema';
import type { RelationalModelSet, ResourceModel } from '@dms/model';

/** What a document may hold, read from the insert schemas: the base schema, and under `_ext` what its extensions add. */
export type Shape = ValueShape | ObjectShape | ArrayShape;

export interface ValueShape {
  readonly kind: 'value';
}

export interface ObjectShape {
  readonly kind: 'object';
  readonly members: Map<string, { readonly shape: Shape; readonly isRequired: boolean }>;
}

export interface ArrayShape {
  readonly kind: 'array';
  readonly items: Shape;
  /** A copy of a base array, below `_ext`, that leads to extensions of its elements. */
  readonly isAligned: boolean;
}

/** An ApiSchema document as JSON. */
export interface SchemaDocument {
  readonly projectSchema: {
    readonly projectName: string;
    readonly projectEndpointName: string;
    readonly resourceSchemas: Readonly<Record<string, ResourceSchemaJson>>;
  };
}

interface ResourceSchemaJson {
  readonly resourceName: string;
  readonly isResourceExtension: boolean;
  readonly jsonSchemaForInsert: NodeJson;
}

interface NodeJson {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, NodeJson>>;
  readonly required?: readonly string[];
  readonly items?: NodeJson;
}

const emptyObject = (): ObjectShape => ({ kind: 'object', members: new Map() });
const isEmpty = (shape: Shape): boolean =>
  shape.kind === 'object' ? shape.members.size === 0 : shape.kind === 'array' && isEmpty(shape.items);

class ShapeReader {
  private readonly referencePaths: ReadonlySet<string>;

  constructor(model: ResourceModel) {
    this.referencePaths = new Set(
      model.documentReferenceBindings.map(({ referenceObjectPath }) => referenceObjectPath.canonical),
    );
  }

  /** Everything but `_ext`; below `_ext`, arrays whose items have an `_ext` lead to elements of base arrays. */
  read(node: NodeJson, path: string, isExtension = false): Shape {
    if (node.items) {
      const isAligned = isExtension && node.items.properties?._ext !== undefined;
      if (!isAligned) return { kind: 'array', items: this.read(node.items, `${path}[*]`, isExtension), isAligned };
      throw new Error(`${path} is read with its project`);
    }
    if (!node.properties) return { kind: 'value' };
    const shape = emptyObject();
    for (const [name, property] of Object.entries(node.properties)) {
      if (name === '_ext' || (name === 'link' && this.referencePaths.has(path))) continue;
      const isRequired = node.required?.includes(name) ?? false;
      if (isExtension && property.items?.properties?._ext) continue;
      shape.members.set(name, { shape: this.read(property, `${path}.${name}`, isExtension), isRequired });
    }
    return shape;
  }

  /** Adds what an extension schema has under the `_ext` of its objects and array items. */
  extend(shape: ObjectShape, node: NodeJson, path: string, project: SchemaDocument['projectSchema']): void {
    for (const [name, property] of Object.entries(node.properties ?? {})) {
      if (name === '_ext') this.addExtension(shape, property, `${path}._ext`, project);
      else this.descend(shape, name, property, path, project);
    }
  }

  private descend(
    shape: ObjectShape,
    name: string,
    node: NodeJson,
    path: string,
    project: SchemaDocument['projectSchema'],
  ): void {
    const known = shape.members.get(name)?.shape;
    if (node.items?.properties) {
      const array = known ?? { kind: 'array', items: emptyObject(), isAligned: true };
      if (array.kind !== 'array' || array.items.kind !== 'object') throw new Error(`${path}.${name} is no array of objects`);
      this.extend(array.items, node.items, `${path}.${name}[*]`, project);
      if (!isEmpty(array)) shape.members.set(name, shape.members.get(name) ?? { shape: array, isRequired: false });
    } else if (node.properties) {
      const object = known ?? emptyObject();
      if (object.kind !== 'object') throw new Error(`${path}.${name} is no object`);
      this.extend(object, node, `${path}.${name}`, project);
      if (!isEmpty(object)) shape.members.set(name, shape.members.get(name) ?? { shape: object, isRequired: false });
    }
  }

  private addExtension(shape: ObjectShape, node: NodeJson, path: string, project: SchemaDocument['projectSchema']): void {
    const wanted = [project.projectEndpointName, project.projectName].map((name) => name.toLowerCase());
    const key = Object.keys(node.properties ?? {}).find((name) => wanted.includes(name.toLowerCase()));
    const own = key === undefined ? undefined : node.properties?.[key];
    if (key === undefined || !own) throw new Error(`${path} has no key of ${project.projectName}`);
    const site = (shape.members.get('_ext')?.shape ?? emptyObject()) as ObjectShape;
    const content = this.read(own, `${path}.${key}`, true) as ObjectShape;
    for (const [name, property] of Object.entries(own.properties ?? {})) {
      if (property.items?.properties?._ext) this.descend(content, name, property, `${path}.${key}`, project);
    }
    site.members.set(key, { shape: content, isRequired: false });
    shape.members.set('_ext', { shape: site, isRequired: false });
  }
}

/** Shapes of all relational resources, by `Project:Resource`. */
export function documentShapes(model: RelationalModelSet, schemas: readonly SchemaDocument[]): Map<string, ObjectShape> {
  const shapes = new Map<string, ObjectShape>();
  const readers = new Map<string, ShapeReader>();
  const entries = schemas.flatMap(({ projectSchema }) =>
    Object.values(projectSchema.resourceSchemas).map((schema) => ({ projectSchema, schema })),
  );
  const models = new Map(model.resources.map((resource) => [resourceLabel(resource.resourceKey), resource]));
  for (const { projectSchema, schema } of entries) {
    const label = `${projectSchema.projectName}:${schema.resourceName}`;
    const resource = models.get(label);
    if (schema.isResourceExtension || resource?.storageKind !== 'RelationalTables') continue;
    const reader = new ShapeReader(resource);
    readers.set(label, reader);
    shapes.set(label, reader.read(schema.jsonSchemaForInsert, '$') as ObjectShape);
  }
  for (const { projectSchema, schema } of entries) {
    if (!schema.isResourceExtension) continue;
    const [label] = [...shapes.keys()].filter((name) => name.endsWith(`:${schema.resourceName}`));
    const shape = shapes.get(label ?? '');
    if (!shape) throw new Error(`no resource ${schema.resourceName} to extend`);
    readers.get(label ?? '')?.extend(shape, schema.jsonSchemaForInsert, '$', projectSchema);
  }
  return shapes;
}
