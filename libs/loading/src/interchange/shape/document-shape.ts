import type { JsonPath } from '@dms/api-schema';
import { mustExist, type QualifiedResourceName, type ResourceModel, type ScalarType } from '@dms/model';

/** An object in the documents of a resource, derived from the paths of its model (design 14 §7.1). */
export interface ObjectShape {
  readonly kind: 'object';
  /** In the order of the model, without `_ext`. */
  readonly members: ReadonlyMap<string, MemberShape>;
  /** The objects below `_ext`, by the name of their project. */
  readonly extensions: ReadonlyMap<string, ObjectShape>;
  /** Set if the object is a reference. */
  readonly reference: ReferenceShape | null;
}

export type MemberShape = ObjectShape | ArrayShape | ValueShape;

export interface ArrayShape {
  readonly kind: 'array';
  readonly element: ObjectShape | ValueShape;
}

export interface ValueShape {
  readonly kind: 'value';
  readonly type: ScalarType['kind'] | 'Descriptor';
}

export interface ReferenceShape {
  readonly target: QualifiedResourceName;
  readonly parts: readonly ReferencePart[];
}

/** A member of a reference object. It stands for one identity path of the target, or for several that must be equal. */
export interface ReferencePart {
  readonly name: string;
  readonly identityPaths: readonly string[];
}

interface ObjectDraft {
  readonly kind: 'object';
  readonly members: Map<string, ObjectDraft | ArrayDraft | ValueShape>;
  readonly extensions: Map<string, ObjectDraft>;
  reference: ReferenceShape | null;
}

interface ArrayDraft {
  readonly kind: 'array';
  element: ObjectDraft | ValueShape;
}

const extensionMember = '_ext';

const newObject = (): ObjectDraft => ({ kind: 'object', members: new Map(), extensions: new Map(), reference: null });

/** Finds the object at the first `length` segments of a path. Creates what is missing on the way. */
function objectAt(root: ObjectDraft, { segments, canonical }: JsonPath, length = segments.length): ObjectDraft {
  let object = root;
  for (let index = 0; index < length; index += 1) {
    const segment = segments[index];
    if (segment?.kind !== 'property') continue;
    const { name } = segment;
    const next = segments[index + 1];
    if (name === extensionMember) {
      if (next?.kind !== 'property') continue;
      const extension = object.extensions.get(next.name) ?? newObject();
      object.extensions.set(next.name, extension);
      object = extension;
      index += 1;
    } else if (next?.kind === 'anyElement') {
      const array = object.members.get(name) ?? { kind: 'array', element: newObject() };
      if (array.kind !== 'array' || array.element.kind !== 'object')
        throw new Error(`${canonical} leads through ${name}`);
      object.members.set(name, array);
      object = array.element;
    } else {
      const member = object.members.get(name) ?? newObject();
      if (member.kind !== 'object') throw new Error(`${canonical} leads through ${name}`);
      object.members.set(name, member);
      object = member;
    }
  }
  return object;
}

function addValue(root: ObjectDraft, path: JsonPath, value: ValueShape): void {
  const { segments, canonical } = path;
  const isElement = segments.at(-1)?.kind === 'anyElement';
  const length = segments.length - (isElement ? 2 : 1);
  const last = segments[length];
  if (last?.kind !== 'property') throw new Error(`${canonical} is not a path of a value`);
  const object = objectAt(root, path, length);
  // several columns can store the value of one path
  if (!object.members.has(last.name))
    object.members.set(last.name, isElement ? { kind: 'array', element: value } : value);
}

function referenceShape({ targetResource, identityBindings, referenceObjectPath }: Binding): ReferenceShape {
  const parts = new Map<string, string[]>();
  for (const { identityJsonPath, referenceJsonPath } of identityBindings) {
    const name = mustExist(
      referenceJsonPath.segments.flatMap((segment) => (segment.kind === 'property' ? [segment.name] : [])).at(-1),
      `the name of a part of ${referenceObjectPath.canonical}`,
    );
    parts.set(name, [...(parts.get(name) ?? []), identityJsonPath.canonical]);
  }
  return { target: targetResource, parts: [...parts].map(([name, identityPaths]) => ({ name, identityPaths })) };
}

type Binding = ResourceModel['documentReferenceBindings'][number];

/** Derives the shape of the documents of a relational resource. Throws if the model contradicts itself (a bug). */
export function documentShape(resource: ResourceModel): ObjectShape {
  const root = newObject();
  for (const { jsonScope, columns } of resource.tablesInDependencyOrder) {
    const values = columns.flatMap(({ sourcePath: path, kind, scalarType }) => {
      const type = kind === 'DescriptorFk' ? 'Descriptor' : kind === 'Scalar' ? scalarType?.kind : undefined;
      return path && type ? [{ path, value: { kind: 'value', type } as const }] : [];
    });
    const isArrayOfValues = values.some(({ path }) => path.canonical === jsonScope.canonical);
    if (!isArrayOfValues) objectAt(root, jsonScope);
    for (const { path, value } of values) addValue(root, path, value);
  }
  for (const binding of resource.documentReferenceBindings)
    objectAt(root, binding.referenceObjectPath).reference = referenceShape(binding);
  return root;
}
