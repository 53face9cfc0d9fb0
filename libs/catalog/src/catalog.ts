import type { Deferral, MappingVersion } from '@dms/model';
import type { SqlDialect } from '@dms/sql';

/**
 * The contents of a database as plain data, for desired and live databases alike (design 09 §3.1). Lists are sorted ordinally
 * by name: objects by schema and name, functions then by arguments. Columns and key columns keep their order; the events of a
 * trigger follow the order of their type.
 */
export interface Catalog {
  readonly dialect: SqlDialect;
  /** The generation of its objects; null for a live database without objects of any generation. */
  readonly mappingVersion: MappingVersion | null;
  readonly schemas: readonly string[];
  readonly extensions: readonly { readonly name: string; readonly schema: string }[];
  readonly sequences: readonly Sequence[];
  readonly tables: readonly CatalogTable[];
  readonly views: readonly View[];
  readonly functions: readonly Routine[];
  readonly tableTypes: readonly TableType[];
  /** The roles that own functions (PostgreSQL, design 16 §2.6). */
  readonly roles: readonly Role[];
  /** The privileges of these roles, by kind, schema and name. */
  readonly grants: readonly Grant[];
  readonly fingerprint: Fingerprint | null;
}

/** A role of the server, shared by all its databases. */
export interface Role {
  readonly name: string;
  /** Its attributes, by name: `LOGIN`, `INHERIT`, …; a locked-down role has none. */
  readonly attributes: readonly string[];
  readonly memberOf: readonly string[];
}

export interface Grant {
  readonly kind: 'schema' | 'table' | 'function';
  readonly schema: string;
  /** The name of the table or function; for a schema, the name of the schema. */
  readonly name: string;
  readonly grantee: string;
  /** By name. */
  readonly privileges: readonly string[];
}

/** Further facts about an object that a database may have. */
export interface WithOptions {
  /** In SQL terms, sorted: `DEFERRABLE`, `POLICY mine`, …. A desired catalog has none; absent means empty. */
  readonly options?: readonly string[] | undefined;
}

/** Normal form of an expression (design 09 §3.5). */
export type ExpressionText = string;

/** SHA-256 of a normalized body, lower-case hex. */
export type BodyHash = string;

export type CatalogAction = 'NO ACTION' | 'RESTRICT' | 'CASCADE' | 'SET NULL' | 'SET DEFAULT';

export interface Sequence extends WithOptions {
  readonly schema: string;
  readonly name: string;
  readonly type: string;
  readonly start: string;
  readonly increment: string;
  readonly min: string;
  readonly max: string;
  readonly cycle: boolean;
}

export interface CatalogTable extends WithOptions {
  readonly schema: string;
  readonly name: string;
  readonly storage: 'ordinary' | 'unlogged' | 'partitioned' | 'foreign';
  readonly columns: readonly CatalogColumn[];
  readonly primaryKey: Key | null;
  readonly uniques: readonly Key[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly Check[];
  readonly indexes: readonly Index[];
  readonly triggers: readonly Trigger[];
}

export interface CatalogColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  /** SQL Server: with seed and increment where they are not 1. */
  readonly identity: 'always' | 'byDefault' | `always(${string})` | null;
  readonly default: ExpressionText | null;
  readonly generated: { readonly expression: ExpressionText; readonly stored: boolean } | null;
  readonly collation: string | null;
}

export interface Key extends WithOptions {
  readonly name: string;
  readonly columns: readonly string[];
  /** Null in PostgreSQL. */
  readonly clustered: boolean | null;
}

export interface ForeignKey extends WithOptions {
  readonly name: string;
  readonly columns: readonly string[];
  readonly target: { readonly schema: string; readonly table: string };
  readonly targetColumns: readonly string[];
  readonly onDelete: CatalogAction;
  readonly onUpdate: CatalogAction;
  readonly deferrable: Deferral;
  readonly validated: boolean;
}

export interface Check extends WithOptions {
  readonly name: string;
  readonly expression: ExpressionText;
  readonly validated: boolean;
}

export interface Index {
  readonly name: string;
  readonly unique: boolean;
  readonly columns: readonly string[];
  readonly include: readonly string[];
  readonly predicate: ExpressionText | null;
  readonly plain: boolean;
  readonly valid: boolean;
}

export interface Trigger extends WithOptions {
  readonly name: string;
  readonly timing: 'BEFORE' | 'AFTER' | 'INSTEAD OF';
  readonly level: 'ROW' | 'STATEMENT';
  readonly events: readonly ('INSERT' | 'UPDATE' | 'DELETE' | 'TRUNCATE')[];
  readonly updateOf: readonly string[];
  /** Names of the transition tables; null in SQL Server, which always has `deleted` and `inserted`. */
  readonly oldTable: string | null;
  readonly newTable: string | null;
  /** The condition on the row (PostgreSQL). */
  readonly when: ExpressionText | null;
  readonly enabled: boolean;
  /** `schema.name` of the function in PostgreSQL. */
  readonly function: string | null;
  readonly body: BodyHash | null;
}

export interface View extends WithOptions {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** In PostgreSQL, unquoted names are in lower case, as the engine keeps them. */
  readonly body: BodyHash;
}

export interface Routine extends WithOptions {
  readonly schema: string;
  readonly name: string;
  readonly arguments: string;
  readonly result: string;
  readonly language: string;
  readonly volatility: 'immutable' | 'stable' | 'volatile' | null;
  readonly strict: boolean | null;
  /** Whether it runs with the rights of its owner (PostgreSQL). */
  readonly securityDefiner: boolean;
  /** Settings of the session while it runs: `name=value` (PostgreSQL). */
  readonly settings: readonly string[];
  /** The role of the catalog that owns it; null for the role that provisioned the database. */
  readonly owner: string | null;
  /** Whether everybody may call it (PostgreSQL). */
  readonly publicExecute: boolean;
  readonly body: BodyHash;
}

export interface TableType {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
}

export interface Fingerprint {
  readonly formatVersion: string;
  readonly effectiveSchemaHash: string;
  readonly resourceKeyCount: number;
  /** Lower-case hex. */
  readonly resourceKeySeedHash: string;
  readonly components: readonly {
    readonly projectEndpointName: string;
    readonly projectName: string;
    readonly projectVersion: string;
    readonly isExtensionProject: boolean;
  }[];
  readonly resourceKeys: readonly {
    readonly id: number;
    readonly projectName: string;
    readonly resourceName: string;
    readonly resourceVersion: string;
  }[];
}
