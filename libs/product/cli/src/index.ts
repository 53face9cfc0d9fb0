import { DmsError as ReportedError } from '@dms/diagnostics';
import * as functions from './library/functions.ts';

/*
 * The library `dms-ddl`: the operations of the command line, for programs. Its types are written out here, so that only
 * the declarations of this file are published; the compiler checks that the results of the operations fit them.
 */

/** A value in the details of a diagnostic; always JSON. */
export type DetailValue =
  | string
  | number
  | boolean
  | null
  | readonly DetailValue[]
  | { readonly [name: string]: DetailValue };

/** One finding. Its code is stable (docs/reference/codes.md); the wording of its message is not. */
export interface Diagnostic {
  readonly code: string;
  /**
   * `I` the input is wrong, `M` a bug, `D` a database or its state, `R` a document at run time: these make an operation
   * fail. `W` is a warning, `N` a note.
   */
  readonly class: 'I' | 'M' | 'D' | 'R' | 'W' | 'N';
  /** One sentence that says what is wrong and what to do. */
  readonly message: string;
  readonly where: {
    readonly file?: string | undefined;
    /** The line of the JSON value that the diagnostic is about, from 1. */
    readonly line?: number | undefined;
    /** The column, from 1, in UTF-16 units. */
    readonly column?: number | undefined;
    /** `ProjectName:ResourceName`. */
    readonly resource?: string | undefined;
    /** A JSON path, a JSON pointer or a member name. */
    readonly path?: string | undefined;
  };
  readonly details: { readonly [name: string]: DetailValue };
}

/** Thrown when an operation fails; nothing was written. Any other exception is a bug. */
export interface DmsError extends Error {
  /** The code of the first diagnostic. */
  readonly code: string;
  /** All findings, in the order of the input. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The class of `DmsError`, for `instanceof`. */
export const DmsError: abstract new (...args: never[]) => DmsError = ReportedError;

// begin: written by npm run generate from the operations (tools/generate/library-types.ts)
/** A database system to compile for. */
export type Dialect = 'pgsql' | 'mssql';

/** A generation of the mapping (docs/design/15-second-generation-model.md). */
export type MappingVersion = 'v1' | 'v2' | 'v2-natural';

/** An ApiSchema: the path of its file, or a text in memory with a name for messages. */
export type Schema = string | { readonly name: string; readonly content: string | Uint8Array };

/** The options of `hash`. */
export interface SchemaOptions {
  /** The core and its extensions, in any order. */
  readonly schemas: readonly Schema[];
  /** The generation of the mapping that turns the schemas into a database; v1 unless given. */
  readonly mappingVersion?: ('v1' | 'v2' | 'v2-natural') | undefined;
}

/** The options of `emit` and `check`. */
export interface EmitOptions {
  /** The core and its extensions, in any order. */
  readonly schemas: readonly Schema[];
  /** The generation of the mapping that turns the schemas into a database; v1 unless given. */
  readonly mappingVersion?: ('v1' | 'v2' | 'v2-natural') | undefined;
  /** The database systems to compile for; all of them unless given. */
  readonly dialects?: readonly ('pgsql' | 'mssql')[] | undefined;
  /** Folder for the artifacts; it must be new, empty, or hold artifacts only. */
  readonly output: string;
  /** Write these artifacts and their manifests alone: script, catalog, model, inventory, model-manifest, plans, document-schemas, ods-mapping (default: all). */
  readonly only?:
    | readonly (
        | 'script'
        | 'catalog'
        | 'model'
        | 'inventory'
        | 'model-manifest'
        | 'plans'
        | 'document-schemas'
        | 'ods-mapping'
      )[]
    | undefined;
  /** Facts about properties that an ODS needs and ApiSchema lacks. */
  readonly odsOverrides?: string | undefined;
  /** Folder with the artifacts of an earlier version: also write earlier-mapping.json, for views like its ODS tables. */
  readonly earlier?: string | undefined;
  /** The translation from the earlier version: one that comes with the product, or a file; if there are several, later ones take precedence (repeatable). */
  readonly earlierTranslation?: readonly string[] | undefined;
  /** Called with the name of each part of the work before it starts. */
  readonly onProgress?: ((part: string) => void) | undefined;
}

/** The options of `translate`. */
export interface TranslateOptions {
  /** The files or folders with documents that load reads. */
  readonly paths: readonly string[];
  /** Artifacts of the schemas that the documents have. */
  readonly before: string;
  /** Artifacts of the schemas that they will have; those of before unless given. */
  readonly after?: string | undefined;
  /** Translations that come with the product, or files; later ones take precedence. */
  readonly translation?: readonly string[] | undefined;
  /** Renames of a Project, Project:Resource or Project:Resource.$.path, as before=after with full names on both sides. */
  readonly rename?: readonly string[] | undefined;
  /** Folder for <project>/<endpoint>.jsonl; new or empty. */
  readonly output: string;
  /** Write records with the uuids of the documents, into documents.jsonl. */
  readonly keepIds?: boolean | undefined;
  /** Write the other documents if some are rejected. */
  readonly continue?: boolean | undefined;
  /** File for the documents that are rejected, with the reasons; correct it, and translate reads it. */
  readonly rejects?: string | undefined;
  /** Leave out members and elements that the earlier schemas do not have. */
  readonly ignoreUnknown?: boolean | undefined;
  /** Succeed if the files hold no document. */
  readonly allowEmpty?: boolean | undefined;
  /** Whether documents are checked against the JSON schemas of the later resources; true unless given. */
  readonly schemaChecks?: boolean | undefined;
  /** Called with the name of each part of the work before it starts. */
  readonly onProgress?: ((part: string) => void) | undefined;
}
// end

/** The members that every result about a schema set has. */
export interface Fingerprint {
  /** 64 lower-case hex digits that name the schema set. */
  readonly effectiveSchemaHash: string;
  readonly resourceKeyCount: number;
}

export interface EmittedFile {
  readonly name: string;
  /** Size in bytes. */
  readonly bytes: number;
  /** SHA-256 of the bytes, 64 lower-case hex digits. */
  readonly sha256: string;
}

export interface EmitResult extends Fingerprint {
  /** The folder, as given. */
  readonly output: string;
  /** The files that were written, in a fixed order. */
  readonly files: readonly EmittedFile[];
  /** Files that other commands had written for an earlier set, and that were removed with it. */
  readonly removed: readonly string[];
  /** Warnings and notes. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface CheckResult extends Fingerprint {
  readonly output: string;
  /** The number of artifacts that were compared. */
  readonly compared: number;
  /** The changes that `emit` would make; empty if the folder is current. */
  readonly changes: readonly { readonly name: string; readonly kind: 'added' | 'changed' | 'removed' }[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface HashResult extends Fingerprint {
  /** Fingerprint of the resource keys alone, 64 lower-case hex digits. */
  readonly resourceKeySeedHash: string;
  /** The projects of the set, the core first. */
  readonly projects: readonly {
    readonly projectEndpointName: string;
    readonly projectName: string;
    readonly projectVersion: string;
    readonly isExtensionProject: boolean;
  }[];
}

/** The numbers of values of a rule or a place, by outcome. */
export interface ValueCounts {
  readonly carried: number;
  readonly dropped: number;
  readonly rejected: number;
}

/** The accounting of a translation (docs/design/20-translation.md §5). */
export interface TranslateResult {
  /** The folder, as given. */
  readonly output: string;
  /** The number of rejected documents: documents that could not be read, and documents that were not made. */
  readonly rejected: number;
  /** Rejects by code and place, the most frequent first. */
  readonly causes: readonly { readonly code: string; readonly place: string; readonly documents: number }[];
  /** Every value that was read is carried, dropped by a rule, or rejected. */
  readonly values: ValueCounts & { readonly read: number };
  readonly documents: DocumentCounts;
  readonly resources: readonly (DocumentCounts & { readonly resource: string })[];
  readonly rules: readonly (ValueCounts & { readonly rule: string })[];
  /** The number of values that each fill has given. */
  readonly filled: readonly { readonly rule: string; readonly values: number }[];
  /** The places that have lost values. */
  readonly places: readonly { readonly place: string; readonly dropped: number; readonly rejected: number }[];
  readonly descriptorsMerged: readonly { readonly resource: string; readonly stays: string; readonly goes: string }[];
  /** Warnings and notes, and the first errors of rejected documents. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The numbers of documents that were read, written, made from others, and not made. */
export interface DocumentCounts {
  readonly read: number;
  readonly written: number;
  readonly made: number;
  readonly rejects: number;
}

/** The contents of a `dms.json`, for the options of the other functions. */
export interface MappingSet {
  /** Paths of the ApiSchema files. */
  readonly schemas: readonly string[];
  readonly dialects: readonly Dialect[];
  /** The generation of the mapping. */
  readonly mappingVersion: MappingVersion;
  /** A file of facts about properties that an ODS needs and ApiSchema lacks; absent if none is named. */
  readonly odsOverrides?: string | undefined;
  /** The folder of the artifacts; the targets of Nx write them there too. */
  readonly output: string;
}

/** A document: its JSON text, whose numbers keep their digits, or an object. */
export type GivenDocument = string | object;

/** The outcome of a write. */
export interface WrittenDocument {
  /** `unchanged`: the stored document is equal, so nothing was written. `skipped`: it exists and stays. */
  readonly kind: 'inserted' | 'replaced' | 'unchanged' | 'skipped';
  readonly uuid: string;
  /** Decimal digits; null for a descriptor. */
  readonly contentVersion: string | null;
}

/** One of several documents that was not written; the others were. */
export interface RejectedDocument {
  readonly kind: 'rejected';
  readonly diagnostics: readonly Diagnostic[];
}

/** A stored document. */
export interface FoundDocument {
  /** `Project:Resource`. */
  readonly resource: string;
  readonly uuid: string;
  /** Decimal digits. */
  readonly contentVersion: string;
  /** Its decimals are floating-point numbers; `json` has all digits. */
  readonly document: { readonly [member: string]: unknown };
  readonly json: string;
}

/** The documents of the database behind a client. If a function throws a `DmsError`, it has changed nothing. */
export interface Documents {
  /** Writes a document or a descriptor, found by its identity, after all checks that `load` makes. */
  write(
    resource: string,
    document: GivenDocument,
    options?: {
      /** The action for a document that exists already; it is replaced by default. */
      readonly onExisting?: 'replace' | 'skip' | 'fail' | undefined;
      /** Leave out members that the schema set does not have. */
      readonly ignoreUnknown?: boolean | undefined;
      /** The uuid of a new document; random by default. */
      readonly uuid?: string | undefined;
    },
  ): Promise<WrittenDocument>;
  /** Writes documents of one resource together, which is faster; a refused document does not affect the others. */
  writeAll(
    resource: string,
    documents: readonly GivenDocument[],
    options?: {
      readonly onExisting?: 'replace' | 'skip' | 'fail' | undefined;
      readonly ignoreUnknown?: boolean | undefined;
    },
  ): Promise<readonly (WrittenDocument | RejectedDocument)[]>;
  /** Replaces a document by uuid, including its identity if the resource allows that. */
  replace(
    resource: string,
    uuid: string,
    document: GivenDocument,
    options?: {
      /** The content version that the document must have; by default, any version. */
      readonly ifVersion?: string | undefined;
    },
  ): Promise<WrittenDocument>;
  /** Removes a document, or several that may refer to each other. */
  remove(uuid: string | readonly string[], options?: { readonly ifVersion?: string | undefined }): Promise<void>;
  /** The document with a uuid; null if there is none. */
  read(uuid: string): Promise<FoundDocument | null>;
  /** A page of the documents of a resource, by document id; `next` is the cursor of the page after it, or null. */
  query(
    resource: string,
    options?: {
      /** Values by path, as in `{ 'schoolReference.schoolId': 1 }`. */
      readonly where?: { readonly [path: string]: string | number | boolean } | undefined;
      /** The maximum number of documents; 25 by default. */
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
    },
  ): Promise<{ readonly documents: readonly FoundDocument[]; readonly next: string | null }>;
  /** The deletes and changed identities that a database of `v2` has recorded, by version. */
  changes(options?: {
    /** Only changes after this version. */
    readonly since?: string | undefined;
    readonly resources?: readonly string[] | undefined;
  }): Promise<readonly { readonly [member: string]: unknown }[]>;
}

/** A client of the package `pg`, or a client of its pool. */
export interface PgClient {
  query(query: never): Promise<unknown>;
}

/** A pool of the package `pg`. */
export interface PgPool {
  connect(): Promise<PgClient & { release(error?: Error | boolean): void }>;
  readonly totalCount: number;
}

/** A pool of the package `mssql`. */
export interface MssqlPool {
  request(): unknown;
  transaction(): unknown;
}

/** A transaction of the package `mssql` that the program has begun. */
export interface MssqlTransaction {
  request(): unknown;
  begin(...given: never): unknown;
  commit(): unknown;
}

/** The opened plans of a folder of artifacts. */
export interface OpenedMappingSet {
  readonly effectiveSchemaHash: string;
  readonly dialect: Dialect;
  readonly mappingVersion: MappingVersion;
  /** `Project:Resource` of every resource with documents, including descriptors. */
  readonly resources: readonly string[];
  /**
   * The documents of a database through the client or pool of the program. In a transaction that the program has begun,
   * on a client of `pg` or as one of `mssql`, each call is a part of that transaction; otherwise each call is a
   * transaction of its own.
   */
  on(client: PgClient | PgPool | MssqlPool | MssqlTransaction): Documents;
}

/**
 * Opens the plans of a folder of artifacts, to write and read the documents of a database that was created from them.
 * Throws a `DmsError`.
 */
export function openMappingSet(
  artifacts: string,
  options: {
    /** The dialect of the database; by default that of the artifacts, or `pgsql` if they have both. */
    readonly dialect?: Dialect | undefined;
  } = {},
): Promise<OpenedMappingSet> {
  return functions.openMappingSet(artifacts, options) as Promise<OpenedMappingSet>;
}

/**
 * Compiles a schema set and writes all its artifacts into a folder, as `dms-ddl emit` does. The contents of the folder
 * are replaced as a whole. Throws a `DmsError`, and then the folder is unchanged.
 */
export function emit(options: EmitOptions): Promise<EmitResult> {
  return functions.emit(options);
}

/**
 * Lists what `emit` would change in a folder, and changes nothing, as `dms-ddl emit --check` does. Throws a `DmsError`.
 */
export function check(options: EmitOptions): Promise<CheckResult> {
  return functions.check(options);
}

/** Fingerprints a schema set, as `dms-ddl hash` does. Throws a `DmsError`. */
export function hash(options: SchemaOptions): Promise<HashResult> {
  return functions.hash(options);
}

/**
 * Turns documents of one version of the standard into documents of the next, as `dms-ddl translate` does: a new folder
 * that `load` reads. Throws a `DmsError`, also for documents that are rejected unless `continue` is set; then there is
 * no folder.
 */
export function translate(options: TranslateOptions): Promise<TranslateResult> {
  return functions.translate(options);
}

/** Reads a `dms.json` in the same way as the commands. Throws a `DmsError` with all errors of the file. */
export function readMappingSet(file: string): Promise<MappingSet> {
  return functions.readMappingSet(file);
}
