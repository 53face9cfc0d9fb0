import { arrayDepth, resourceLabel } from '@dms/api-schema';
import {
  type DocumentLeaf,
  type DocumentObject,
  type DocumentPlace,
  type DocumentReference,
  documentTree,
  equalPlaces,
  itemReference,
  mustExist,
  qualified,
  type ResourceModel,
  type Table,
  type TreeTable,
} from '@dms/model';
import type { JsonObject } from '@dms/values';

/**
 * The possible contents of a document of a resource, with their columns; derived from the model only (design 14 §1).
 */
export interface ResourceShape {
  readonly label: string;
  readonly model: ResourceModel;
  readonly root: DocumentObject;
  /** The tables, in the order of the model. */
  readonly tables: readonly DocumentTableShape[];
  /** Values of several rows that must be equal. */
  readonly equalities: readonly EqualityShape[];
}

/** A table from the point of view of document rows. */
export interface DocumentTableShape extends TreeTable {
  /** The leaves that every row must have; parts of references are checked with their reference. */
  readonly required: readonly DocumentLeaf[];
  readonly uniques: readonly UniqueShape[];
  /** The number of arrays around a row. */
  readonly depth: number;
  /** The index of the table with the parent row, unless that is the root. */
  readonly parent: number | null;
}

/** A value that distinguishes the items of an array: a column of a unique constraint, in the form of the document. */
export type UniquePart =
  | { readonly kind: 'ordinal'; readonly depth: number }
  | { readonly kind: 'leaf'; readonly slot: number }
  | { readonly kind: 'reference'; readonly index: number };

export interface UniqueShape {
  /** The name of the constraint; null if no constraint enforces it. */
  readonly name: string | null;
  /** Whether an absent value equals other absent values; with `dialect`, its unique constraints decide. */
  readonly absent: 'equal' | 'different' | 'dialect';
  readonly parts: readonly UniquePart[];
}

/** All values of two leaves of different tables must be equal (design 14 §1.2). */
export interface EqualityShape {
  /** In at most as many arrays as `b`. */
  readonly a: DocumentLeaf;
  readonly b: DocumentLeaf;
}

/** The rules of a generation for the rows of a document (design 14 §1, 17 §7.1). */
export interface ShapeRules {
  /**
   * The position of the parent of a table among the tables of the resource, by `schema.name`; null if the parent is the
   * root.
   */
  parentOf(table: Table, positions: ReadonlyMap<string, number>): number | null;
  /** The values that distinguish the items of a collection. */
  uniquesOf(table: TreeTable): UniqueShape[];
  /** Whether {@link makesRow} may be false for an object of a table. */
  mayMakeNoRow(table: Table): boolean;
  /** Whether the object of a table makes a row; `members` are the members known to the model. */
  makesRow(table: Table, members: JsonObject, hasRowsBelow: boolean): boolean;
  /** Whether an extension object is shown even if none of its values is stored. */
  readonly showsEmptyExtensions: boolean;
}

/** Items that differ only in a reference have different targets in the whole document, even without a constraint. */
function distinctTargets(model: ResourceModel, { table, references }: TreeTable): UniqueShape[] {
  const binding = itemReference(model, table);
  const reference = references.find((each) => each.binding === binding);
  return reference ? [{ name: null, absent: 'different', parts: [{ kind: 'reference', index: reference.index }] }] : [];
}

function equalitiesOf(model: ResourceModel, tables: readonly DocumentTableShape[]): EqualityShape[] {
  const leafAt = ({ path, binding }: DocumentPlace): DocumentLeaf => {
    const table = tables.find((each) => qualified(each.table.table) === qualified(binding.table));
    const leaf = table?.leaves.find((each) => each.path === path.canonical);
    return mustExist(leaf, `the value of ${path.canonical} in ${qualified(binding.table)}`);
  };
  const depthOf = ({ table }: DocumentLeaf) => mustExist(tables[table], 'the table of a value').depth;
  return equalPlaces(model).map((places): EqualityShape => {
    const a = leafAt(places.a);
    const b = leafAt(places.b);
    return depthOf(a) <= depthOf(b) ? { a, b } : { a: b, b: a };
  });
}

const isRequired = ({ columns }: DocumentLeaf): boolean => columns.some(({ isNullable }) => !isNullable);

const partsOf = ({ parts }: DocumentReference): DocumentLeaf[] => parts.map(({ leaf }) => leaf);

/** The shape of the documents of a relational resource. Throws for models that contradict themselves (a bug). */
export function resourceShape(model: ResourceModel, rules: ShapeRules): ResourceShape {
  const tree = documentTree(model);
  const byKey = new Map(model.tablesInDependencyOrder.map(({ table }, index) => [qualified(table), index]));
  const tables = tree.tables.map((own): DocumentTableShape => {
    const { table, leaves, references, index } = own;
    const inReferences = new Set(references.flatMap(partsOf));
    return {
      ...own,
      required: leaves.filter((leaf) => !inReferences.has(leaf) && isRequired(leaf)),
      uniques: index === 0 ? [] : [...rules.uniquesOf(own), ...distinctTargets(model, own)],
      depth: arrayDepth(table.jsonScope),
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
