import type { DbTableName, QualifiedResourceName, TableKind } from '@dms/model';
import type { DocumentRules } from '../document-rules.ts';
import type { CoreStatement } from './core-statements.ts';

/*
 * What a program needs besides the plans to write, read and find documents (design 08 §11.6). Paths are texts. A member
 * that does not apply is absent.
 */

/** How a value of a document stands in the text of an identity. */
export type TextForm =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'boolean'
  | 'date'
  | 'dateTime'
  | 'time'
  /** The URI of a descriptor in lower case. */
  | 'descriptor';

/** A value of an identity, in the order of its text. */
export interface IdentityPart {
  readonly path: string;
  readonly form: TextForm;
}

/** An identity of the documents of a resource. */
export interface IdentityDescription {
  readonly resource: QualifiedResourceName;
  readonly parts: readonly IdentityPart[];
}

/** A value of the identity of a target, with the place in the document that holds it. */
export interface ReferencePart extends IdentityPart {
  /** Null if the reference has no such value, so that it can name no document. */
  readonly referencePath: string | null;
}

/** A reference; its position is the `bindingIndex` of plans. */
export interface ReferenceDescription {
  readonly path: string;
  readonly targetResource: QualifiedResourceName;
  readonly table: DbTableName;
  readonly column: string;
  /** The identity of the target, in the order of the target. */
  readonly identity: readonly ReferencePart[];
}

/** What the violation of a constraint means for who sent a document. */
export interface ConstraintMeaning {
  readonly name: string;
  /**
   * `identity`: another document has this identity. `element`: two elements of an array are equal in `paths`.
   * `reference`, `descriptor`: the document at `paths` is missing, or is still in use if it was to be removed.
   */
  readonly meaning: 'identity' | 'element' | 'reference' | 'descriptor';
  readonly paths: readonly string[];
}

export interface TableDescription {
  readonly jsonScope: string;
  readonly tableKind: TableKind;
  readonly rowIdentity: readonly string[];
  readonly parentLocator: readonly string[];
  /** The table with the rows that enclose these; null for a root. */
  readonly parentTable: DbTableName | null;
  readonly constraints: readonly ConstraintMeaning[];
}

/** A value by which documents can be found. */
export interface PageField {
  /** The name of the query field; absent in a generation without query fields. */
  readonly field?: string;
  readonly path: string;
  /** The column of the root table; of a descriptor, the parameter is the document id. */
  readonly column: string;
  readonly parameterName: string;
  readonly predicate: string;
}

/** The parts of a resource in a page query. */
export interface PageSource {
  readonly from: string;
  readonly fields: readonly PageField[];
}

/** The parts of a page query that all resources share. A statement is their texts one after the other. */
export interface PageTemplate {
  readonly selectIds: string;
  readonly selectCount: string;
  /** Before the first predicate, between two, and after the last. */
  readonly where: string;
  readonly and: string;
  readonly end: string;
  /** A predicate: documents after the last one of the page before. */
  readonly after: string;
  readonly orderAndPage: string;
}

/** Paths whose values are equal in every document, although different tables hold them. */
export interface EqualPaths {
  readonly a: string;
  readonly b: string;
}

export interface ResourceDescription {
  readonly resourceKeyId: number;
  readonly endpointName: string;
  /** The identity, and the one by which references to an abstract resource find the document. */
  readonly identities: readonly IdentityDescription[];
  readonly references: readonly ReferenceDescription[];
  /** By table, in the order of the model. */
  readonly tables: readonly TableDescription[];
  /** The positions of the tables in an order in which their rows can be inserted. */
  readonly insertionOrder: readonly number[];
  /** The statement that precedes the delete of the document; null if there is none. */
  readonly deleteRootSql: string | null;
  readonly page: PageSource | null;
  readonly equalPaths: readonly EqualPaths[];
  /** References of elements that alone tell the elements of a document apart. */
  readonly distinctReferences: readonly string[];
}

/** An abstract resource: what references to it are made of. */
export interface AbstractResourceDescription {
  readonly resource: QualifiedResourceName;
  readonly resourceKeyId: number;
  readonly parts: readonly IdentityPart[];
  readonly constraints: readonly ConstraintMeaning[];
}

export interface ProjectDescription {
  readonly projectName: string;
  readonly projectEndpointName: string;
  readonly projectVersion: string;
  readonly physicalSchema: string;
}

export interface MappingSetDescription {
  readonly projects: readonly ProjectDescription[];
  readonly referentialIdNamespace: string;
  /** The path in the text of a descriptor's identity. */
  readonly descriptorPath: string;
  readonly rules: DocumentRules;
  /** Whether an absent value equals an absent value where elements are compared. */
  readonly absentValuesAreEqual: boolean;
  readonly coreStatements: readonly CoreStatement[];
  readonly pageTemplate: PageTemplate;
  readonly abstractResources: readonly AbstractResourceDescription[];
  /** By `Project:Resource`; of concrete resources, descriptors included. */
  readonly resources: ReadonlyMap<string, ResourceDescription>;
}
