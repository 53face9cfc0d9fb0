import type { JsonPath } from '@dms/api-schema';
import type {
  Column,
  DocumentReferenceBinding,
  QualifiedResourceName,
  ResourceModel,
  ScalarType,
  Table,
} from '@dms/model';

/**
 * The possible contents of a document of a resource, with their columns; derived from the model only (design 14 §1).
 */
export interface ResourceShape {
  readonly label: string;
  readonly model: ResourceModel;
  readonly root: ObjectShape;
  /** In the order of the model's tables. */
  readonly tables: readonly TableShape[];
  /** Values of several rows that must be equal. */
  readonly equalities: readonly EqualityShape[];
}

export type Shape = ObjectShape | ArrayShape | LeafShape;

export interface ObjectShape {
  readonly kind: 'object';
  /** In model order. */
  readonly members: ReadonlyMap<string, Shape>;
  /** The index of the table with a row per object; null for an object that is part of another row. */
  readonly table: number | null;
  /** The reference that the object represents. */
  readonly reference: ReferenceShape | null;
}

export interface ArrayShape {
  readonly kind: 'array';
  readonly element: Shape;
  /** The tables with rows at or below the items. */
  readonly tables: readonly number[];
}

export type LeafShape = LeafPlace &
  (
    | { readonly value: 'scalar'; readonly scalarType: ScalarType }
    | { readonly value: 'descriptor'; readonly descriptor: QualifiedResourceName }
  );

interface LeafPlace {
  readonly kind: 'leaf';
  readonly path: JsonPath;
  /** The index of the table with the value; for an array of values, the table has a row per value. */
  readonly table: number;
  /** The position among the leaves of the table. */
  readonly slot: number;
  /** The columns of the path: one, or several with the same value. */
  readonly columns: readonly Column[];
}

/** A table from the point of view of document rows. */
export interface TableShape {
  readonly index: number;
  readonly table: Table;
  readonly leaves: readonly LeafShape[];
  /** The leaves that every row must have; parts of references are checked with their reference. */
  readonly required: readonly LeafShape[];
  readonly references: readonly ReferenceShape[];
  readonly uniques: readonly UniqueShape[];
  /** The number of arrays around a row. */
  readonly depth: number;
  /** The index of the table with the parent row, unless that is the root. */
  readonly parent: number | null;
}

export interface ReferenceShape {
  readonly binding: DocumentReferenceBinding;
  /** The position among the references of the table. */
  readonly index: number;
  readonly isRequired: boolean;
  readonly parts: readonly ReferencePart[];
}

export interface ReferencePart {
  readonly leaf: LeafShape;
  /** The identity paths of the target that the value stands for. */
  readonly identityPaths: readonly string[];
}

/** A value that distinguishes the items of an array: a column of a unique constraint, in the form of the document. */
export type UniquePart =
  | { readonly kind: 'ordinal'; readonly depth: number }
  | { readonly kind: 'leaf'; readonly slot: number }
  | { readonly kind: 'reference'; readonly index: number };

export interface UniqueShape {
  /** The name of the constraint; null if no constraint enforces it. */
  readonly name: string | null;
  /** What an absent value equals: other absent values, nothing, or what the unique constraints of the dialect say. */
  readonly absent: 'equal' | 'different' | 'dialect';
  readonly parts: readonly UniquePart[];
}

/** All values of two leaves of different tables must be equal (design 14 §1.2). */
export interface EqualityShape {
  /** In as many arrays as `b`, or in fewer. */
  readonly a: LeafShape;
  readonly b: LeafShape;
}
