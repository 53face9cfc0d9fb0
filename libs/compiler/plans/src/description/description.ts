import type { DbTableName, QualifiedResourceName, TableKind } from '@dms/model';
import type { TextEquality } from '@dms/values';
import type { DocumentRules } from '../document-rules.ts';
import type { DescriptorProbeTarget } from '../probes/probe.ts';
import type { NaturalKeyStatements } from '../probes/probe-sql.ts';
import type { CoreStatement } from './core-statements.ts';

/*
 * The data that a program needs besides the plans to write, read and find documents (design 08 §11.6). Paths are texts.
 * A member that does not apply is absent.
 */

/** The form of a document value in the text of an identity. */
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

/** A value of the identity of a target, with the path in the document that holds it. */
export interface ReferencePart extends IdentityPart {
  /** Null if the reference has no such value, so that it can reference no document. */
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

/** The meaning of a violated constraint for the sender of a document. */
export interface ConstraintMeaning {
  readonly name: string;
  /**
   * `identity`: another document has this identity. `element`: two elements of an array have equal values at `paths`.
   * `reference`, `descriptor`: the document at `paths` does not exist, or could not be removed because it is still in
   * use.
   */
  readonly meaning: 'identity' | 'element' | 'reference' | 'descriptor';
  readonly paths: readonly string[];
}

export interface TableDescription {
  readonly jsonScope: string;
  readonly tableKind: TableKind;
  readonly rowIdentity: readonly string[];
  readonly parentLocator: readonly string[];
  /** The table with the enclosing rows; null for a root. */
  readonly parentTable: DbTableName | null;
  readonly constraints: readonly ConstraintMeaning[];
}

/** A value by which documents can be queried. */
export interface PageField {
  /** The name of the query field; absent in a generation without query fields. */
  readonly field?: string;
  readonly path: string;
  /** The column of the root table; for a descriptor, the parameter is its document id. */
  readonly column: string;
  readonly parameterName: string;
  readonly predicate: string;
}

/** The parts of a page query that depend on the resource. */
export interface PageSource {
  readonly from: string;
  readonly fields: readonly PageField[];
}

/** The parts of a page query that all resources share. Concatenating the texts gives the statement. */
export interface PageTemplate {
  readonly selectIds: string;
  readonly selectCount: string;
  /** The texts before the first predicate, between two predicates, and after the last one. */
  readonly where: string;
  readonly and: string;
  readonly end: string;
  /** A predicate for the documents after the last one of the previous page. */
  readonly after: string;
  readonly orderAndPage: string;
}

/** Paths whose values are equal in every document, although they are stored in different tables. */
export interface EqualIdentityPaths {
  readonly a: string;
  readonly b: string;
}

export interface ResourceDescription {
  readonly resourceKeyId: number;
  readonly endpointName: string;
  /** The own identity, and the identity by which references to an abstract resource find the document. */
  readonly identities: readonly IdentityDescription[];
  readonly references: readonly ReferenceDescription[];
  /** The tables in the order of the model. */
  readonly tables: readonly TableDescription[];
  /** The positions of the tables in a valid order of inserts. */
  readonly insertionOrder: readonly number[];
  /** The statement that precedes the delete of the document; null if there is none. */
  readonly deleteRootSql: string | null;
  readonly page: PageSource | null;
  readonly equalPaths: readonly EqualIdentityPaths[];
  /** References in elements whose values alone distinguish the elements of a document. */
  readonly distinctReferences: readonly string[];
}

/** An abstract resource, with the parts of references to it. */
export interface AbstractResourceDescription {
  readonly resource: QualifiedResourceName;
  readonly resourceKeyId: number;
  readonly parts: readonly IdentityPart[];
  readonly constraints: readonly ConstraintMeaning[];
}

/** How documents are found by their natural keys (design 22 §4.6). */
export interface NaturalKeysDescription {
  readonly descriptorProbe: DescriptorProbeTarget;
  readonly textEquality: TextEquality;
  /** The collation of texts in keys; null if they are compared by code units. */
  readonly collation: string | null;
  /** The collation by which URIs of descriptors are folded. */
  readonly fold: string;
  /** The probes of resources with tables, concrete and abstract, by `Project:Resource`. */
  readonly byResource: ReadonlyMap<string, NaturalKeyStatements>;
}

/** What the hashes of identities need besides the parts of each identity. */
interface HashedIdentities {
  readonly namespace: string;
  /** The path in the identity text of a descriptor. */
  readonly descriptorPath: string;
}

export interface ProjectDescription {
  readonly projectName: string;
  readonly projectEndpointName: string;
  readonly projectVersion: string;
  readonly physicalSchema: string;
}

export interface MappingSetDescription {
  readonly projects: readonly ProjectDescription[];
  /** Null in a generation that finds documents by natural keys. */
  readonly identities: HashedIdentities | null;
  /** Null in a generation that finds documents by referential ids. */
  readonly naturalKeys: NaturalKeysDescription | null;
  readonly rules: DocumentRules;
  /** Whether two absent values are equal when elements are compared. */
  readonly absentValuesAreEqual: boolean;
  readonly coreStatements: readonly CoreStatement[];
  readonly pageTemplate: PageTemplate;
  readonly abstractResources: readonly AbstractResourceDescription[];
  /** The concrete resources, including descriptors, by `Project:Resource`. */
  readonly resources: ReadonlyMap<string, ResourceDescription>;
}
