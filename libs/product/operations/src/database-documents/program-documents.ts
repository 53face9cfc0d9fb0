import { labelledResource, resourceLabel } from '@dms/api-schema';
import {
  atOneMoment,
  type Connection,
  isFailure,
  type LentDatabase,
  lentDialect,
  onLent,
  passGate,
} from '@dms/databases';
import { type Diagnostic, DmsError, fail } from '@dms/diagnostics';
import {
  type CheckOfDocument,
  checkDocument,
  type DocumentPlans,
  type DocumentStore,
  documentWork,
  givenDocument,
  keyIdentity,
  mergedDiagnostics,
  type OnExisting,
  openDocuments,
  readChanges,
  type SchemaCheck,
  type StoredDocument,
  schemaCheck,
  uuidsByIdentity,
} from '@dms/documents';
import { changeValue, upsertDescriptor } from '@dms/loading';
import { type MappingVersion, mustExist, type QualifiedResourceName } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { type JsonObject, type JsonValue, jsonText } from '@dms/values';
import { documentDesign } from '../sources/source.ts';
import { documentPage } from './document-page.ts';
import { withoutFile } from './load-documents.ts';

/*
 * The documents of a database for a program that owns the connection (design 14a §1.6): `load`, `get` and `changes` in the
 * transactions of the program.
 */

/** A document from a program: a JSON text, whose numbers keep their digits, or an object. */
export type GivenDocument = string | object;

/** The outcome of a write. */
export interface WrittenDocument {
  /** `unchanged`: nothing was written, as the stored document is equal; `skipped`: it exists and stays. */
  readonly kind: 'inserted' | 'replaced' | 'unchanged' | 'skipped';
  readonly uuid: string;
  /** Decimal digits; null for a descriptor in a generation without content versions of descriptors. */
  readonly contentVersion: string | null;
}

/** A rejected document of a batch; the others were written. */
export interface RejectedDocument {
  readonly kind: 'rejected';
  readonly diagnostics: readonly Diagnostic[];
}

/** A stored document. */
export interface FoundDocument {
  readonly resource: string;
  readonly uuid: string;
  /** Decimal digits. */
  readonly contentVersion: string;
  /** Decimals become floating-point numbers; `json` has their digits. */
  readonly document: Readonly<Record<string, unknown>>;
  readonly json: string;
}

interface WriteOptions {
  /** How to treat a document that already exists; it is replaced by default. */
  readonly onExisting?: OnExisting | undefined;
  /** Whether to leave out members that the schema set does not have. */
  readonly ignoreUnknown?: boolean | undefined;
  /** The uuid of a new document; random by default. */
  readonly uuid?: string | undefined;
}

interface ConditionOptions {
  /** The content version that the document must have; any by default. */
  readonly ifVersion?: string | undefined;
}

interface QueryOptions {
  /** Values by path, as in `{ 'schoolReference.schoolId': 1 }`. */
  readonly where?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** The maximum number of documents; 25 by default. */
  readonly limit?: number | undefined;
  /** The start of the page: `next` of the previous page. */
  readonly cursor?: string | undefined;
}

interface ChangesOptions {
  /** Only changes after this version. */
  readonly since?: string | undefined;
  readonly resources?: readonly string[] | undefined;
}

/** The documents of the database behind a client. */
export interface ProgramDocuments {
  write(resource: string, document: GivenDocument, options?: WriteOptions): Promise<WrittenDocument>;
  writeAll(
    resource: string,
    documents: readonly GivenDocument[],
    options?: Omit<WriteOptions, 'uuid'>,
  ): Promise<readonly (WrittenDocument | RejectedDocument)[]>;
  replace(
    resource: string,
    uuid: string,
    document: GivenDocument,
    options?: ConditionOptions,
  ): Promise<WrittenDocument>;
  remove(uuid: string | readonly string[], options?: ConditionOptions): Promise<void>;
  read(uuid: string): Promise<FoundDocument | null>;
  query(
    resource: string,
    options?: QueryOptions,
  ): Promise<{ readonly documents: readonly FoundDocument[]; readonly next: string | null }>;
  changes(options?: ChangesOptions): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** A mapping set with plans that a program can run. */
export interface ProgramMappingSet {
  readonly effectiveSchemaHash: string;
  readonly dialect: SqlDialect;
  readonly mappingVersion: MappingVersion;
  /** `Project:Resource` of every resource that has documents, descriptors among them. */
  readonly resources: readonly string[];
  /** Throws `DB_TARGET_DIALECT` for a client of another dialect. */
  expectClient(client: LentDatabase): void;
  on(client: LentDatabase): ProgramDocuments;
}

/** State that the functions of a client share. */
interface Parts {
  readonly plans: DocumentPlans;
  readonly check: SchemaCheck;
  readonly descriptors: ReadonlySet<string>;
  /** Runs work on the documents, after the gate. */
  readonly on: <Result>(work: (connection: Connection) => Promise<Result>) => Promise<Result>;
}

/**
 * Opens the mapping set of artifacts for a program, which lends its own client, pool or transaction. The default
 * dialect is that of the artifacts, `pgsql` if they have both. Throws `INPUT_*` and `MODEL_FILE_INVALID`; its functions
 * throw `GATE_*`, `DOCUMENT_*`, `SEED_*`, `DB_*`.
 */
export async function programMappingSet(folder: string, dialect?: SqlDialect): Promise<ProgramMappingSet> {
  const design = await documentDesign({ kind: 'artifacts', folder }, dialect, undefined, true);
  const { info, plans, schemas } = documentWork(design);
  if (schemas === null) throw new Error('the schemas of documents were not read');
  const check = schemaCheck(schemas);
  const { resources } = plans.mappingSet.model;
  const ofKind = (kind: (typeof resources)[number]['storageKind']) =>
    resources.flatMap(({ storageKind, resourceKey }) => (storageKind === kind ? [resourceLabel(resourceKey)] : []));
  const descriptors = ofKind('SharedDescriptorTable');
  return {
    effectiveSchemaHash: info.effectiveSchemaHash,
    dialect: plans.dialect,
    mappingVersion: plans.version,
    resources: [...ofKind('RelationalTables'), ...descriptors].sort(),
    expectClient: (client) => checkLent(plans.dialect, client),
    on: (client) => {
      let passed: Promise<void> | null = null;
      const on: Parts['on'] = (work) =>
        onLent(client, async (connection) => {
          const isPassed = await passed?.then(
            () => true,
            (error: unknown) => {
              // the session of the call that asked was lost, not that of this call
              if (isFailure(error, 'DB_CONNECTION_LOST')) return false;
              throw error;
            },
          );
          if (isPassed) return work(connection);
          // ask again after the gate has refused
          passed = passGate(connection, info).catch((error: unknown) => {
            passed = null;
            throw error;
          });
          await passed;
          return work(connection);
        });
      return documentsOf({ plans, check, descriptors: new Set(descriptors), on });
    },
  };
}

const packageOf: Readonly<Record<SqlDialect, string>> = {
  pgsql: 'a Client or a Pool of the package pg',
  mssql: 'a ConnectionPool or a Transaction of the package mssql',
};

/** Refuses a client of another dialect (`DB_TARGET_DIALECT`), and one that is not connected (`OPTION_INVALID`). */
function checkLent(dialect: SqlDialect, lent: LentDatabase): void {
  // a client of `pg` would keep statements until somebody connects it, and end the program if nobody does
  const { _connected, _connecting } = lent as { readonly _connected?: unknown; readonly _connecting?: unknown };
  if (_connected === false && _connecting === false)
    fail('OPTION_INVALID', 'The client is not connected. Call its function connect() first, and wait for it.');
  if (lentDialect(lent) === dialect) return;
  const text = `The mapping set is of the dialect ${dialect}: give it ${packageOf[dialect]}, or open it with the dialect of the database.`;
  fail('DB_TARGET_DIALECT', text, {}, { form: 'client', dialect });
}

/** The default maximum number of documents on a page. */
const defaultLimit = 25;

function documentsOf(parts: Parts): ProgramDocuments {
  const { plans, descriptors, on } = parts;
  const onStore = <Result>(work: (store: DocumentStore) => Promise<Result>, ignoreUnknown?: boolean) =>
    on((connection) => work(openDocuments(connection, plans, { ignoreUnknown })));
  const reading = <Result>(work: (store: DocumentStore) => Promise<Result>) =>
    on((connection) => atOneMoment(connection, (session) => work(openDocuments(session, plans))));
  const condition = ({ ifVersion }: ConditionOptions) => ({
    ifVersion: ifVersion === undefined ? undefined : BigInt(ifVersion),
  });

  const writeAll = async (
    label: string,
    given: readonly GivenDocument[],
    { onExisting, ignoreUnknown, uuid }: WriteOptions = {},
  ): Promise<readonly (WrittenDocument | RejectedDocument)[]> => {
    const resource = labelledResource(label);
    plans.of(resource);
    const all = checkedDocuments(parts, label, given, ignoreUnknown);
    const sent = all.flatMap((each) =>
      'checked' in each && each.diagnostics.length === 0
        ? [{ document: each.document, checked: each.checked, uuid }]
        : [],
    );
    const written =
      sent.length === 0
        ? []
        : await onStore((store) => store.upsertBatch(resource, sent, { onExisting }), ignoreUnknown);
    const outcomes = written.values();
    return all.map(({ diagnostics }) => {
      if (diagnostics.length > 0) return { kind: 'rejected', diagnostics };
      const outcome = outcomes.next().value;
      if (outcome === undefined) throw new Error('a document has no outcome');
      if (outcome.kind === 'rejected') return outcome;
      return { kind: outcome.kind, uuid: outcome.uuid, contentVersion: versionOf(outcome.contentVersion) };
    });
  };

  return {
    write: async (label, document, options = {}) => {
      if (descriptors.has(label)) return writeDescriptor(parts, label, givenDocument(document, label), options);
      const [outcome] = await writeAll(label, [document], options);
      if (outcome === undefined) throw new Error('a document has no outcome');
      if (outcome.kind !== 'rejected') return outcome;
      expectNone(outcome.diagnostics);
      throw new Error('a refused document has no diagnostic');
    },
    writeAll: async (label, documents, options = {}) => {
      if (!descriptors.has(label)) return writeAll(label, documents, options);
      const outcomes: (WrittenDocument | RejectedDocument)[] = [];
      for (const document of documents)
        try {
          outcomes.push(await writeDescriptor(parts, label, givenDocument(document, label), options));
        } catch (error) {
          // only what is about the document itself
          if (!(error instanceof DmsError) || /^(?:DB|GATE|PROCESS)_/.test(error.code)) throw error;
          outcomes.push({ kind: 'rejected', diagnostics: error.diagnostics });
        }
      return outcomes;
    },
    replace: async (label, uuid, document, options = {}) => {
      const resource = labelledResource(label);
      plans.of(resource);
      const value = givenDocument(document, label);
      // the store checks the document against the model, because it knows the uuid, which the document may repeat
      expectNone(schemaDiagnostics(parts.check, resource, [value])[0] ?? []);
      const written = await onStore((store) => store.replace(resource, uuid, value, condition(options)));
      return { kind: written.kind, uuid: written.uuid, contentVersion: versionOf(written.contentVersion) };
    },
    remove: (uuid, options = {}) =>
      onStore((store) => (typeof uuid === 'string' ? store.remove(uuid, condition(options)) : store.removeBatch(uuid))),
    read: async (uuid) => {
      const [document] = await reading((store) => store.read([uuid]));
      return document === undefined ? null : found(document);
    },
    query: async (label, { where = {}, limit = defaultLimit, cursor } = {}) => {
      plans.of(labelledResource(label));
      const values = Object.entries(where).map(([path, value]) => ({ path, value: String(value) }));
      const page = await reading((store) => documentPage(store, label, { where: values, cursor, limit }));
      return { documents: page.documents.map(found), next: page.next };
    },
    changes: ({ since, resources } = {}) =>
      on((connection) =>
        atOneMoment(connection, async (session) => {
          const changes: Readonly<Record<string, unknown>>[] = [];
          const options = { since: since === undefined ? undefined : BigInt(since), resources };
          for await (const page of readChanges(session, plans, options))
            for (const change of page) {
              const { changeVersion, ...others } = JSON.parse(jsonText(changeValue(change)));
              changes.push({ changeVersion: String(changeVersion), ...others });
            }
          return changes;
        }),
      ),
  };
}

/** A document after the checks of `load`, against the model and against the schemas. */
interface DocumentWithCheck {
  readonly document: JsonValue;
  readonly checked: CheckOfDocument;
  readonly diagnostics: readonly Diagnostic[];
}

/** A document that cannot be read. */
type Unread = Pick<RejectedDocument, 'diagnostics'>;

function checkedDocuments(
  { plans, check }: Parts,
  label: string,
  given: readonly GivenDocument[],
  ignoreUnknown: boolean | undefined,
): readonly (DocumentWithCheck | Unread)[] {
  const resource = labelledResource(label);
  const read = given.map((document) => readDocument(document, label));
  const documents = read.flatMap((each) => ('document' in each ? [each.document] : []));
  const ofSchemas = schemaDiagnostics(check, resource, documents).values();
  return read.map((each) => {
    if (!('document' in each)) return each;
    const { document } = each;
    const checked = checkDocument(plans, resource, document, { ignoreUnknown });
    return { document, checked, diagnostics: mergedDiagnostics(checked.diagnostics, ofSchemas.next().value ?? []) };
  });
}

function readDocument(given: GivenDocument, label: string): Pick<DocumentWithCheck, 'document'> | Unread {
  try {
    return { document: givenDocument(given, label) };
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    return { diagnostics: error.diagnostics };
  }
}

/** The errors of documents against the schemas of a resource. */
function schemaDiagnostics(
  check: SchemaCheck,
  resource: QualifiedResourceName,
  documents: readonly JsonValue[],
): readonly (readonly Diagnostic[])[] {
  const label = resourceLabel(resource);
  check.prepare(label);
  const placed = documents.map((document) => ({ document, file: '', line: 0 }));
  return check.diagnosticsOf(label, placed, () => undefined).map((found) => found.map(withoutFile));
}

function found({ resource, uuid, contentVersion, document }: StoredDocument): FoundDocument {
  const json = jsonText(document);
  return { resource, uuid, contentVersion: String(contentVersion), document: JSON.parse(json), json };
}

const versionOf = (version: bigint | null) => (version === null ? null : String(version));

async function writeDescriptor(
  { plans, check, on }: Parts,
  label: string,
  document: JsonObject,
  { onExisting = 'replace' }: WriteOptions,
): Promise<WrittenDocument> {
  const resource = labelledResource(label);
  check.prepare(label);
  const written = on(async (connection) => {
    const { model } = plans.mappingSet;
    const writing = { connection, model, resource, onExisting, schemaCheck: check };
    const kind = await upsertDescriptor(writing, document);
    const [namespace, codeValue] = [document.get('namespace'), document.get('codeValue')].map((text) =>
      String(text).trim(),
    );
    const sought = keyIdentity(plans, resource, new Map([['descriptor', `${namespace}#${codeValue}`]]));
    const uuids = await uuidsByIdentity(connection, plans, sought === null ? [] : [sought]);
    return { kind, uuid: mustExist([...uuids.values()][0], 'a descriptor that was written'), contentVersion: null };
  });
  return written.catch((error: unknown) => {
    if (!(error instanceof DmsError)) throw error;
    const [first, ...others] = error.diagnostics;
    throw new DmsError([withoutFile(first), ...others.map(withoutFile)]);
  });
}

function expectNone([first, ...others]: readonly Diagnostic[]): void {
  if (first !== undefined) throw new DmsError([first, ...others]);
}
