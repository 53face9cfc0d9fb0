import type { JsonPath } from '@dms/api-schema';
import type { Column, DocumentReferenceBinding, QualifiedResourceName, ResourceModel, ScalarType, Table } from '@dms/model';

/** What a document of a resource may hold, and which column holds it: read from the model alone (design 14 §1). */
export interface ResourceShape {
  readonly label: string;
  readonly model: ResourceModel;
  readonly root: ObjectShape;
  /** In the order of the model's tables. */
  readonly tables: readonly TableShape[];
}

export type Shape = ObjectShape | ArrayShape | LeafShape;

export interface ObjectShape {
  readonly kind: 'object';
  /** In model order. */
  readonly members: ReadonlyMap<string, Shape>;
  /** Index of the table with a row per object here; null for an object that is part of a row. */
  readonly table: number | null;
  /** The reference that the object is. */
  readonly reference: ReferenceShape | null;
}

export interface ArrayShape {
  readonly kind: 'array';
  readonly element: Shape;
  /** Tables with rows at or below the elements. */
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
  /** Index of the table that holds the value; as many as the scope of that table are in an array of values. */
  readonly table: number;
  /** Position among the leaves of the table. */
  readonly slot: number;
  /** The columns of the path: one, or several that hold the same. */
  readonly columns: readonly Column[];
}

/** A table as the rows of documents see it. */
export interface TableShape {
  readonly index: number;
  readonly table: Table;
  readonly leaves: readonly LeafShape[];
  /** Leaves that every row must have; parts of references are asked for with their reference. */
  readonly required: readonly LeafShape[];
  readonly references: readonly ReferenceShape[];
  readonly uniques: readonly UniqueShape[];
  /** Number of arrays around a row. */
  readonly depth: number;
  /** Index of the table whose row a row here belongs to, unless that is the root. */
  readonly parent: number | null;
}

export interface ReferenceShape {
  readonly binding: DocumentReferenceBinding;
  /** Position among the references of the table. */
  readonly index: number;
  readonly isRequired: boolean;
  readonly parts: readonly ReferencePart[];
}

export interface ReferencePart {
  readonly leaf: LeafShape;
  /** Identity paths of the target that the value stands for. */
  readonly identityPaths: readonly string[];
}

/** What tells the elements of an array apart: a column of a unique constraint as the document shows it. */
export type UniquePart =
  | { readonly kind: 'ordinal'; readonly depth: number }
  | { readonly kind: 'leaf'; readonly slot: number }
  | { readonly kind: 'reference'; readonly index: number };

export interface UniqueShape {
  readonly name: string;
  /** Whether absent values are equal to each other in every dialect; otherwise as its unique constraints take them. */
  readonly areAbsentEqual: boolean;
  readonly parts: readonly UniquePart[];
}
