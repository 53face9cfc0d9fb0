import type { JsonPath } from '@dms/api-schema';
import type { DiagnosticCollector } from '@dms/diagnostics';
import type { DescriptorTexts, QueryField, SecurableElements, TableKind } from '@dms/model';
import type { InsertSchema } from '../input/insert-schema.ts';
import type { ResourceEntry } from '../input/resource-entry.ts';
import type { DraftColumn, DraftTable, TableShape } from './draft-table.ts';

/** The place of a table in its resource, from which a generation derives how its rows are identified. */
export interface TablePlace {
  readonly kind: TableKind;
  /** The kind of the table with the enclosing rows; undefined for a root and an abstract identity table. */
  readonly parentKind: TableKind | undefined;
  readonly rootBaseName: string;
  /** Effective base names of the collections that enclose the rows, outermost first. */
  readonly collectionNames: readonly string[];
}

/** A document reference as declared by its mapping. */
export interface DeclaredReference {
  readonly entry: ResourceEntry;
  readonly mappingKey: string;
  /** `isRequired` of the mapping. */
  readonly isRequired: boolean;
  readonly referenceObjectPath: JsonPath;
  /** The schema of the resource that declares it. */
  readonly insertSchema: () => InsertSchema;
}

/** A member of an abstract resource, for one identity path. */
export interface IdentityPathMember {
  readonly label: string;
  /** The path of the member that corresponds to the abstract path. */
  readonly path: JsonPath;
  /** The parts of references that repeat the path; empty if the path is a value of the member itself. */
  readonly parts: readonly DraftReferencePart[];
}

/** A part of a reference, with the facts that distinguish it from other parts with the same path. */
interface DraftReferencePart {
  readonly identityJsonPath: JsonPath;
  /** The name of the part's column without overrides. */
  readonly defaultName: string;
  /** Whether the part has the same name as its identity path. */
  readonly isFieldMatched: boolean;
}

/** A part of a bound reference: an identity path of the target, and the path that repeats it in the document. */
export interface DraftIdentityPart {
  readonly identityJsonPath: JsonPath;
  readonly referenceJsonPath: JsonPath;
}

export interface BoundParts<Part extends DraftIdentityPart> {
  readonly referenceObjectPath: JsonPath;
  readonly identityBindings: readonly Part[];
}

/** Members of a resource schema that only some generations read. */
export interface ResourceMembers {
  readonly securableElements: SecurableElements;
  readonly queryFieldMapping: readonly QueryField[];
  readonly descriptorTexts: DescriptorTexts | null;
}

/** The rules of a generation for drafts: everything that passes need to know about it (design 15). */
export interface DraftRules {
  /** The structural columns of a table (design 02 §6.6, 15 §4). */
  tableShape(place: TablePlace, defaultPlace: TablePlace): TableShape;
  /** The columns of the foreign key from a table to the table of the enclosing rows. */
  parentKey(
    table: DraftTable,
    parent: DraftTable,
  ): { readonly columns: readonly DraftColumn[]; readonly targetColumns: readonly DraftColumn[] };
  /** The position of the document id in a reference key (design 02 §9.3, 15 §6). */
  referenceKey(documentId: DraftColumn, values: readonly DraftColumn[]): DraftColumn[];
  /**
   * The part of a reference that represents a path of the identity; undefined if the reference has none at the path
   * (design 05 §4.1, 15 §8.1).
   */
  identityPart<Part extends DraftIdentityPart>(binding: BoundParts<Part>, path: string): Part | undefined;
  /** Whether a document must have the reference (design 02 §5.3, 15 §5). */
  isReferenceRequired(reference: DeclaredReference): boolean;
  /**
   * The name of the column of an abstract identity path; `isDescriptor` if it holds a descriptor (design 03 §9.3, 15
   * §8.1).
   */
  abstractColumnName(
    label: string,
    path: JsonPath,
    members: readonly IdentityPathMember[],
    isDescriptor: boolean,
  ): { readonly name: string; readonly defaultName: string };
  /** Whether a row of an abstract identity table names the resource of its member (design 22 §2.2). */
  readonly abstractRowsNameResource: boolean;
  /** Whether a descriptor with parts that `dms.Descriptor` cannot hold is refused (design 02 §11, 15 §5.1). */
  readonly refusesLostDescriptorParts: boolean;
  resourceMembers(entry: ResourceEntry, diagnostics: DiagnosticCollector): ResourceMembers;
}
