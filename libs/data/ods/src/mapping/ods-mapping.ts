import type { QualifiedResourceName } from '@dms/model';

/** The type of a column of an ODS (design 19 §5.6). Durations and identifiers are strings. */
export type OdsType =
  | { readonly kind: 'string'; readonly maxLength: number }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | {
      readonly kind: 'boolean' | 'int' | 'bigint' | 'smallint' | 'money' | 'date' | 'time' | 'timestamp' | 'uuid';
    };

/** The columns that an ODS adds to the derived ones (design 19 §1), in the order in which tables have them. */
export const fixedColumns = ['Discriminator', 'CreateDate', 'LastModifiedDate', 'Id'] as const;

export type FixedColumn = (typeof fixedColumns)[number];

/** The contents of a column. */
export type ColumnContent =
  /** A value of the document as it is, a school year too. */
  | { readonly kind: 'value' }
  /** The id of a descriptor. */
  | { readonly kind: 'descriptor'; readonly resource: QualifiedResourceName }
  /** The number that a database gives to a person; documents have its unique id instead. */
  | { readonly kind: 'usi'; readonly resource: QualifiedResourceName }
  /** A column of `edfi.Descriptor`, or the key of a table of descriptors. */
  | { readonly kind: 'descriptorColumn' }
  | { readonly kind: 'fixed'; readonly column: FixedColumn };

export interface OdsColumn {
  /** The whole name; where it is longer than PostgreSQL allows, `pgsqlName` is shorter. */
  readonly name: string;
  readonly pgsqlName: string;
  readonly content: ColumnContent;
  readonly type: OdsType;
  readonly isNullable: boolean;
  /**
   * Whether the name depends on the role of a reference, and nothing shows the role; another name is possible (design
   * 19 §3.2).
   */
  readonly isGuessed?: true | undefined;
}

/**
 * The rows of a table: documents of a resource (`root`), the common properties of an abstract resource's documents
 * (`base`), the properties that a subclass adds (`subclass`), the items of an array (`collection`), an object
 * (`common`), or the data that a project adds to the rows of another table (`extension`).
 */
export type OdsTableKind =
  | 'root'
  | 'base'
  | 'subclass'
  | 'schoolYear'
  | 'collection'
  | 'common'
  | 'extension'
  | 'descriptor'
  | 'descriptorBase';

export interface OdsTableName {
  readonly schema: string;
  /** The whole name. */
  readonly name: string;
}

/** The contents of a column that is derived from paths. */
export type PathContent = Extract<ColumnContent, { readonly kind: 'value' | 'descriptor' | 'usi' }>;

/** A path whose value an ODS keeps in the column of another value (design 19 §5.3), with its own content and type. */
export interface SharingPath {
  readonly path: string;
  readonly content: PathContent;
  readonly type: OdsType;
  /**
   * Whether the object around the path requires it in the JSON schema; for a path in a reference, whether the object
   * requires the reference.
   */
  readonly isRequired: boolean;
}

/** Documents of one resource that have rows in a table. */
export interface OdsSource {
  readonly resource: QualifiedResourceName;
  /** The JSON path of a row: `$`, an array element, an object, or the data of an extension. */
  readonly scope: string;
  /** The paths of each column by name. All paths of a column have one value, but any of them may be absent. */
  readonly paths: Readonly<Record<string, readonly string[]>>;
  /** Paths that documents keep apart from those of a column, by its name. An ODS has no other column for them. */
  readonly sharing?: Readonly<Record<string, readonly SharingPath[]>> | undefined;
}

export interface OdsForeignKey {
  readonly columns: readonly string[];
  readonly targetTable: OdsTableName;
  readonly targetColumns: readonly string[];
}

export interface OdsTable extends OdsTableName {
  readonly pgsqlName: string;
  readonly kind: OdsTableKind;
  /**
   * The table whose key is the beginning of the key of this one: of the enclosing scope, the base, or the table that an
   * extension adds to.
   */
  readonly parent: OdsTableName | null;
  readonly columns: readonly OdsColumn[];
  /** The names of the key columns, which are the first columns. */
  readonly key: readonly string[];
  readonly foreignKeys: readonly OdsForeignKey[];
  /** One for each resource whose documents have rows in the table; several for a base. Empty for `edfi.Descriptor`. */
  readonly sources: readonly OdsSource[];
}

/** The codes of the notes of a derivation about its mapping. */
export const mappingNotes = ['ODS_BASE_UNKNOWN', 'ODS_NAME_COLLISION', 'ODS_NAME_GUESSED'] as const;

/** The tables of an ODS for a schema set, and the paths of their columns; immutable (design 19 §1–§5). */
export interface OdsMapping {
  readonly effectiveSchemaHash: string;
  /** By schema and name, ordinally. */
  readonly tables: readonly OdsTable[];
}

/**
 * All paths whose values a column holds, also those that documents keep apart from the others (design 19 §5.3).
 */
export const allPaths = ({ paths, sharing }: OdsSource, column: string): readonly string[] => [
  ...(paths[column] ?? []),
  ...(sharing?.[column] ?? []).map(({ path }) => path),
];

/** The name of a table in messages and as a key. */
export const tableLabel = ({ schema, name }: OdsTableName) => `${schema}.${name}`;

/** The largest values of integers, by type. */
const largest: Partial<Readonly<Record<OdsType['kind'], bigint>>> = {
  smallint: 2n ** 15n - 1n,
  int: 2n ** 31n - 1n,
  bigint: 2n ** 63n - 1n,
};

/** Whether a type can hold the integer; true for types that are not integers. */
export function holdsInteger({ kind }: OdsType, value: bigint): boolean {
  const limit = largest[kind];
  return limit === undefined || (value <= limit && value >= -limit - 1n);
}
