import type { JsonPath } from '@dms/api-schema';
import { qualified } from '../full-names.ts';
import type { ColumnKind, QualifiedResourceName, ResourceModel, ScalarType } from '../model.ts';
import { mustExist } from '../must-exist.ts';

/* The tree of a resource's documents, built from the paths of its model (design 14 §1). */

/** A path: parsed in a model, a text in its file. */
type Path = JsonPath | string;

interface SourceName {
  readonly schema: string;
  readonly name: string;
}

interface DocumentTreeColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly sourcePath: Path | null;
  readonly scalarType: ScalarType | null;
  readonly targetResource: QualifiedResourceName | null;
}

/** The source of a tree: a resource of a model, or the same in the form of a file. */
export interface TreeSource {
  readonly tablesInDependencyOrder: readonly {
    readonly table: SourceName;
    readonly jsonScope: Path;
    readonly columns: readonly DocumentTreeColumn[];
  }[];
  readonly documentReferenceBindings: readonly {
    readonly table: SourceName;
    readonly referenceObjectPath: Path;
    readonly identityBindings: readonly { readonly identityJsonPath: Path; readonly referenceJsonPath: Path }[];
  }[];
}

type TableOf<Source extends TreeSource> = Source['tablesInDependencyOrder'][number];
type ColumnOf<Source extends TreeSource> = TableOf<Source>['columns'][number];
type BindingOf<Source extends TreeSource> = Source['documentReferenceBindings'][number];

/** The possible contents of the documents of a resource, as far as tables store them. */
interface DocumentTree<Source extends TreeSource = ResourceModel> {
  readonly root: DocumentObject<Source>;
  /** Tables in the order of the model. */
  readonly tables: readonly TreeTable<Source>[];
}

/** A table from the point of view of documents. */
export interface TreeTable<Source extends TreeSource = ResourceModel> {
  readonly index: number;
  readonly table: TableOf<Source>;
  /** The table has one row for each of these nodes. */
  readonly scope: DocumentObject<Source> | DocumentLeaf<Source>;
  readonly leaves: readonly DocumentLeaf<Source>[];
  readonly references: readonly DocumentReference<Source>[];
}

export type DocumentNode<Source extends TreeSource = ResourceModel> =
  | DocumentObject<Source>
  | DocumentArray<Source>
  | DocumentLeaf<Source>;

export interface DocumentObject<Source extends TreeSource = ResourceModel> {
  readonly kind: 'object';
  readonly path: string;
  /** Members in model order; extensions are the members of `_ext`. */
  readonly members: ReadonlyMap<string, DocumentNode<Source>>;
  /** The index of the table with a row per object; null for an object that is part of another row. */
  readonly table: number | null;
  /** The reference that the object represents. */
  readonly reference: DocumentReference<Source> | null;
}

export interface DocumentArray<Source extends TreeSource = ResourceModel> {
  readonly kind: 'array';
  /** The path without `[*]`, which is part of the path of the element. */
  readonly path: string;
  readonly element: DocumentObject<Source> | DocumentLeaf<Source>;
  /** The tables with rows at or below the items. */
  readonly tables: readonly number[];
}

/** A value of a document. */
export type DocumentLeaf<Source extends TreeSource = ResourceModel> = LeafPlace<Source> &
  (
    | { readonly value: 'scalar'; readonly scalarType: ScalarType }
    | { readonly value: 'descriptor'; readonly descriptor: QualifiedResourceName }
  );

interface LeafPlace<Source extends TreeSource> {
  readonly kind: 'leaf';
  readonly path: string;
  /** The index of the table with the value; for an array of values, the table has a row per value. */
  readonly table: number;
  /** The position among the leaves of the table. */
  readonly slot: number;
  /** The columns of the path: one, or several with the same value. */
  readonly columns: readonly ColumnOf<Source>[];
}

export interface DocumentReference<Source extends TreeSource = ResourceModel> {
  readonly binding: BindingOf<Source>;
  /** The index of the table with its foreign key. */
  readonly table: number;
  /** The position among the references of the table. */
  readonly index: number;
  readonly parts: readonly TreeReferencePart<Source>[];
}

/** A member of a reference object. */
interface TreeReferencePart<Source extends TreeSource = ResourceModel> {
  readonly name: string;
  readonly leaf: DocumentLeaf<Source>;
  /** The identity paths of the target whose value the part repeats: one, or several that must be equal. */
  readonly identityPaths: readonly string[];
}

interface ObjectDraft<Source extends TreeSource> extends DocumentObject<Source> {
  readonly members: Map<string, ObjectDraft<Source> | ArrayDraft<Source> | DocumentLeaf<Source>>;
  table: number | null;
  reference: DocumentReference<Source> | null;
}

interface ArrayDraft<Source extends TreeSource> extends DocumentArray<Source> {
  element: ObjectDraft<Source> | DocumentLeaf<Source>;
  readonly tables: number[];
}

/** The tree of the documents of a relational resource. Throws for models that contradict themselves (a bug). */
export function documentTree<Source extends TreeSource = ResourceModel>(resource: Source): DocumentTree<Source> {
  const root = newObject<Source>('$');
  const tables = resource.tablesInDependencyOrder.map((table: TableOf<Source>, index): TreeTable<Source> => {
    const leaves = leavesOf<Source>(table, index);
    const scopePath = textOf(table.jsonScope);
    const byPath = new Map(leaves.map((leaf) => [leaf.path, leaf]));
    // an array of values contains no objects
    const scope = byPath.get(scopePath) ?? objectAt(root, scopePath, index);
    if (scope.kind === 'object') scope.table = index;
    for (const leaf of leaves) addLeaf(root, leaf);
    const references = resource.documentReferenceBindings
      .filter((binding) => qualified(binding.table) === qualified(table.table))
      .map((binding: BindingOf<Source>, position) => {
        const reference = referenceOf(binding, byPath, { table: index, index: position });
        objectAt(root, textOf(binding.referenceObjectPath), index).reference = reference;
        return reference;
      });
    return { index, table, scope, leaves, references };
  });
  return { root, tables };
}

const newObject = <Source extends TreeSource>(path: string): ObjectDraft<Source> => ({
  kind: 'object',
  path,
  members: new Map(),
  table: null,
  reference: null,
});

function leavesOf<Source extends TreeSource>(table: TableOf<Source>, index: number): DocumentLeaf<Source>[] {
  const byPath = new Map<string, [ColumnOf<Source>, ...ColumnOf<Source>[]]>();
  for (const column of table.columns) {
    const { sourcePath, kind } = column;
    // a foreign key has the path of the reference object; the parts of the reference have their own columns
    if (sourcePath === null || (kind !== 'Scalar' && kind !== 'DescriptorFk')) continue;
    const known = byPath.get(textOf(sourcePath));
    if (known) known.push(column);
    else byPath.set(textOf(sourcePath), [column]);
  }
  return [...byPath].map(([path, columns], slot) => documentLeaf<Source>(columns, { path, table: index, slot }));
}

const textOf = (path: Path): string => (typeof path === 'string' ? path : path.canonical);

const elementMark = '[*]';

/** The object at a path; missing objects and arrays on the path are created. */
function objectAt<Source extends TreeSource>(
  root: ObjectDraft<Source>,
  path: string,
  table: number,
): ObjectDraft<Source> {
  let object = root;
  for (const part of path.split('.').slice(1)) {
    const isArray = part.endsWith(elementMark);
    const name = isArray ? part.slice(0, -elementMark.length) : part;
    const at = `${object.path}.${name}`;
    const inner = isArray ? at + elementMark : at;
    const known = object.members.get(name);
    const member =
      known ?? (isArray ? { kind: 'array', path: at, element: newObject(inner), tables: [] } : newObject(at));
    if (!known) object.members.set(name, member);
    const next = isArray && member.kind === 'array' ? member.element : member;
    if (next.kind !== 'object' || next.path !== inner) throw new Error(`${path} leads through ${at}`);
    if (member.kind === 'array' && !member.tables.includes(table)) member.tables.push(table);
    object = next;
  }
  return object;
}

function addLeaf<Source extends TreeSource>(root: ObjectDraft<Source>, leaf: DocumentLeaf<Source>): void {
  const { path, table } = leaf;
  const isElement = path.endsWith(elementMark);
  const at = isElement ? path.slice(0, -elementMark.length) : path;
  const name = lastPart(at);
  const { members } = objectAt(root, at.slice(0, -name.length - 1), table);
  if (members.has(name)) throw new Error(`${path} is an object and a value`);
  members.set(name, isElement ? { kind: 'array', path: at, element: leaf, tables: [table] } : leaf);
}

function referenceOf<Source extends TreeSource>(
  binding: BindingOf<Source>,
  leaves: ReadonlyMap<string, DocumentLeaf<Source>>,
  place: Pick<DocumentReference, 'table' | 'index'>,
): DocumentReference<Source> {
  const parts = new Map<string, { readonly leaf: DocumentLeaf<Source>; readonly identityPaths: string[] }>();
  for (const { identityJsonPath, referenceJsonPath } of binding.identityBindings) {
    const path = textOf(referenceJsonPath);
    const leaf = mustExist(leaves.get(path), `the column of ${path} in ${qualified(binding.table)}`);
    const part = parts.get(path) ?? { leaf, identityPaths: [] };
    part.identityPaths.push(textOf(identityJsonPath));
    parts.set(path, part);
  }
  return { ...place, binding, parts: [...parts].map(([path, part]) => ({ name: lastPart(path), ...part })) };
}

/** The last part of a path, including the `[*]` of array items; names contain no dots (design 01). */
export const lastPart = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/**
 * The leaf of columns with the same path. Throws if a column lacks its type or its descriptor (a bug).
 *
 * @param place its place in the tree
 */
export function documentLeaf<Source extends TreeSource = ResourceModel>(
  columns: readonly [ColumnOf<Source>, ...ColumnOf<Source>[]],
  place: Pick<LeafPlace<Source>, 'path' | 'table' | 'slot'>,
): DocumentLeaf<Source> {
  const [{ name, kind, targetResource, scalarType }] = columns;
  const leaf = { ...place, kind: 'leaf', columns } as const;
  return kind === 'DescriptorFk'
    ? { ...leaf, value: 'descriptor', descriptor: mustExist(targetResource, `the descriptor of ${name}`) }
    : { ...leaf, value: 'scalar', scalarType: mustExist(scalarType, `the type of ${name}`) };
}
