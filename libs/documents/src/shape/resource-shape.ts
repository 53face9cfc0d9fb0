import { type JsonPath, resourceLabel } from '@dms/api-schema';
import {
  type Column,
  type DocumentPlace,
  type DocumentReferenceBinding,
  equalPlaces,
  itemReference,
  mustExist,
  qualified,
  type ResourceModel,
  type Table,
} from '@dms/model';
import type { ShapeRules } from './shape-rules.ts';
import type { EqualityShape, LeafShape, ReferenceShape, ResourceShape, TableShape, UniqueShape } from './shapes.ts';

interface ObjectDraft {
  readonly kind: 'object';
  readonly members: Map<string, ObjectDraft | ArrayDraft | LeafShape>;
  table: number | null;
  reference: ReferenceShape | null;
}

interface ArrayDraft {
  readonly kind: 'array';
  element: ObjectDraft | LeafShape;
  readonly tables: number[];
}

const newObject = (): ObjectDraft => ({ kind: 'object', members: new Map(), table: null, reference: null });

/** The tree of a document, grown from the paths of its columns. */
class ShapeTree {
  readonly root = newObject();

  /** The object at a path; missing objects on the way are created. */
  object(path: JsonPath, table: number): ObjectDraft {
    let object = this.root;
    for (const [index, segment] of path.segments.entries()) {
      if (segment.kind === 'anyElement') continue;
      const isArray = path.segments[index + 1]?.kind === 'anyElement';
      object = isArray ? this.elementOf(object, segment.name, table, path) : this.memberOf(object, segment.name, path);
    }
    return object;
  }

  private memberOf(object: ObjectDraft, name: string, path: JsonPath): ObjectDraft {
    const member = object.members.get(name) ?? newObject();
    if (member.kind !== 'object') throw new Error(`${path.canonical} leads through the ${member.kind} ${name}`);
    object.members.set(name, member);
    return member;
  }

  private elementOf(object: ObjectDraft, name: string, table: number, path: JsonPath): ObjectDraft {
    const array = object.members.get(name) ?? { kind: 'array', element: newObject(), tables: [] };
    if (array.kind !== 'array' || array.element.kind !== 'object')
      throw new Error(`${path.canonical} leads through ${name}, which is not an array of objects`);
    if (!array.tables.includes(table)) array.tables.push(table);
    object.members.set(name, array);
    return array.element;
  }

  leaf(leaf: LeafShape): void {
    const { segments, canonical } = leaf.path;
    const isElement = segments.at(-1)?.kind === 'anyElement';
    const last = segments.at(isElement ? -2 : -1);
    if (last?.kind !== 'property') throw new Error(`${canonical} is not a path of a value`);
    const object = this.object({ canonical, segments: segments.slice(0, isElement ? -2 : -1) }, leaf.table);
    if (object.members.has(last.name)) throw new Error(`${canonical} is an object and a value`);
    object.members.set(last.name, isElement ? { kind: 'array', element: leaf, tables: [leaf.table] } : leaf);
  }
}

function leavesOf(table: Table, index: number): LeafShape[] {
  const byPath = new Map<string, { readonly path: JsonPath; readonly columns: Column[] }>();
  for (const column of table.columns) {
    const { sourcePath: path, kind } = column;
    if (!path || (kind !== 'Scalar' && kind !== 'DescriptorFk')) continue;
    const known = byPath.get(path.canonical);
    if (known) known.columns.push(column);
    else byPath.set(path.canonical, { path, columns: [column] });
  }
  return [...byPath.values()].map(({ path, columns }, slot): LeafShape => {
    const [column] = columns;
    const place = { kind: 'leaf', path, table: index, slot, columns } as const;
    const name = `${qualified(table.table)}.${column?.name}`;
    return column?.kind === 'DescriptorFk'
      ? { ...place, value: 'descriptor', descriptor: mustExist(column.targetResource, `the descriptor of ${name}`) }
      : { ...place, value: 'scalar', scalarType: mustExist(column?.scalarType, `the type of ${name}`) };
  });
}

function referencesOf(
  bindings: readonly DocumentReferenceBinding[],
  table: Table,
  leaves: ReadonlyMap<string, LeafShape>,
) {
  return bindings.map((binding, index): ReferenceShape => {
    const parts = new Map<string, { readonly leaf: LeafShape; readonly identityPaths: string[] }>();
    for (const { identityJsonPath, referenceJsonPath } of binding.identityBindings) {
      const { canonical } = referenceJsonPath;
      const leaf = mustExist(leaves.get(canonical), `the column of ${canonical} in ${qualified(table.table)}`);
      const part = parts.get(canonical) ?? { leaf, identityPaths: [] };
      part.identityPaths.push(identityJsonPath.canonical);
      parts.set(canonical, part);
    }
    const column = table.columns.find(({ name }) => name === binding.fkColumn);
    return { binding, index, isRequired: column?.isNullable === false, parts: [...parts.values()] };
  });
}

/** Items that differ in a reference alone name different targets in the whole document, even without a constraint. */
function distinctTargets(model: ResourceModel, table: Table, references: readonly ReferenceShape[]): UniqueShape[] {
  const binding = itemReference(model, table);
  const reference = references.find((each) => each.binding === binding);
  return reference ? [{ name: null, absent: 'different', parts: [{ kind: 'reference', index: reference.index }] }] : [];
}

function equalitiesOf(model: ResourceModel, tables: readonly TableShape[]): EqualityShape[] {
  const leafAt = ({ path, binding }: DocumentPlace): LeafShape => {
    const table = tables.find((each) => qualified(each.table.table) === qualified(binding.table));
    const leaf = table?.leaves.find((each) => each.path.canonical === path.canonical);
    return mustExist(leaf, `the value of ${path.canonical} in ${qualified(binding.table)}`);
  };
  const depthOf = ({ table }: LeafShape) => mustExist(tables[table], 'the table of a value').depth;
  return equalPlaces(model).map((places): EqualityShape => {
    const a = leafAt(places.a);
    const b = leafAt(places.b);
    return depthOf(a) <= depthOf(b) ? { a, b } : { a: b, b: a };
  });
}

/** The shape of the documents of a relational resource. Throws for models that contradict themselves (a bug). */
export function resourceShape(model: ResourceModel, rules: ShapeRules): ResourceShape {
  const tree = new ShapeTree();
  const byKey = new Map(model.tablesInDependencyOrder.map(({ table }, index) => [qualified(table), index]));
  const tables = model.tablesInDependencyOrder.map((table, index): TableShape => {
    const leaves = leavesOf(table, index);
    const isArrayOfValues = leaves.some(({ path }) => path.canonical === table.jsonScope.canonical);
    if (!isArrayOfValues) tree.object(table.jsonScope, index).table = index;
    for (const leaf of leaves) tree.leaf(leaf);
    const byPath = new Map(leaves.map((leaf) => [leaf.path.canonical, leaf]));
    const own = model.documentReferenceBindings.filter(
      (binding) => qualified(binding.table) === qualified(table.table),
    );
    const references = referencesOf(own, table, byPath);
    for (const reference of references) tree.object(reference.binding.referenceObjectPath, index).reference = reference;
    const inReferences = new Set(references.flatMap(({ parts }) => parts.map(({ leaf }) => leaf)));
    return {
      index,
      table,
      leaves,
      required: leaves.filter((leaf) => !inReferences.has(leaf) && leaf.columns.some(({ isNullable }) => !isNullable)),
      references,
      uniques:
        index === 0
          ? []
          : [...rules.uniquesOf(table, leaves, references), ...distinctTargets(model, table, references)],
      depth: table.jsonScope.segments.filter(({ kind }) => kind === 'anyElement').length,
      parent: rules.parentOf(table, byKey),
    };
  });
  return {
    label: resourceLabel(model.resourceKey),
    model,
    root: tree.root,
    tables,
    equalities: equalitiesOf(model, tables),
  };
}
