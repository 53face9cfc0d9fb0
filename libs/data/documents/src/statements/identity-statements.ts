import { command, query, type Statement } from '@dms/databases';
import { core } from '@dms/model';
import { type Dialect, dialectOf, type PlainSql, type SqlDialect } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import type { CheckedDocument } from '../checking/checked-document.ts';
import type { SoughtIdentity } from '../identity/referential-id.ts';
import {
  type DescriptorScan,
  type ExistingDescriptor,
  existingDescriptors,
  existingList,
} from './descriptor-statements.ts';
import type { DescriptorRow, DocumentPageRow } from './document-statements.ts';
import {
  coreTypes,
  listLimit,
  lockAndSelect,
  nextOfResource as nextMssqlOfResource,
  selecting,
  tuples,
} from './mssql-lists.ts';
import { documentColumns as mssqlDocumentColumns } from './mssql-statements.ts';
import { among, arrayOf, arraysOf, documentColumns, nextOfResource } from './pgsql-statements.ts';
import type { IdentityLookup } from './statement.ts';

const { sql: pg } = dialectOf.pgsql;
const { sql: ms, text: msText } = dialectOf.mssql;

/** A row of `dms.Document` with its identity. */
export interface DocumentRow extends DocumentPageRow {
  /** Null if the database does not have it: its trigger has not written it, or the generation does not store it. */
  readonly ReferentialId: string | null;
}

/** An identity that exists. */
export interface FoundIdentity {
  readonly referentialId: string;
  readonly documentId: string;
}

/**
 * The statements by which a generation finds documents by their identities, in one dialect (design 14 §2, 22 §4.2).
 * Their answers throw `DOCUMENT_KEY_AMBIGUOUS` if several documents have one identity.
 */
export interface IdentityStatements {
  /** The targets of references, and documents with keys, which exist. */
  findTargets(identities: readonly SoughtIdentity[]): IdentityLookup<readonly FoundIdentity[]>;
  /** Those of the documents that exist; `ids` are those of their targets. */
  findOwn(
    documents: readonly CheckedDocument[],
    ids: ReadonlyMap<string, string>,
  ): IdentityLookup<readonly FoundIdentity[]>;
  /**
   * The rows of the documents that exist by their referential ids, locked until the end of the transaction. Null if this
   * needs the ids of targets and `ids` is null.
   */
  lockOwn(
    documents: readonly CheckedDocument[],
    ids: ReadonlyMap<string, string> | null,
  ): IdentityLookup<ReadonlyMap<string, DocumentRow>> | null;
  /** {@link DocumentRow}s, locked until the end of the transaction. */
  lockByUuid(uuids: readonly string[]): readonly Statement[];
  /** {@link DocumentRow}s without a lock. */
  documentsByUuid(uuids: readonly string[]): readonly Statement[];
}

/** A descriptor by which a row is looked up. */
export interface SoughtDescriptor {
  readonly referentialId: string;
  readonly uri: string;
  readonly resourceKeyId: number;
}

/** The statements for descriptors, which are also written and read without a model. */
export interface DescriptorIdentityStatements {
  /** Inserts the identity rows of new descriptors, if the database stores any. */
  insert(descriptors: readonly DescriptorRow[]): readonly Statement[];
  /** The existing ones by their referential ids. */
  find(descriptors: readonly SoughtDescriptor[]): IdentityLookup<ReadonlyMap<string, ExistingDescriptor>>;
  /**
   * For each URI the number of its class: the database regards URIs of one class as equal. Null if the product knows
   * which ones are equal.
   */
  classes: ((uris: readonly string[]) => IdentityLookup<readonly number[]>) | null;
  /** `ExistingDescriptor`s of one resource, in the order of their documents. */
  scan(scan: DescriptorScan): Statement;
}

/*
 * Both generations store the referential id of every document in `dms.ReferentialIdentity`, which triggers fill (design
 * 07 §9).
 */

const idsOf = (identities: readonly Pick<SoughtIdentity, 'referentialId'>[]) =>
  identities.map(({ referentialId }) => referentialId);

/** The statements of a dialect that compare referential ids. */
interface StoredIdStatements {
  /** `ReferentialId`, `DocumentId`. */
  find(ids: readonly string[]): readonly Statement[];
  /** {@link DocumentRow}s. */
  lock(ids: readonly string[]): readonly Statement[];
}

const throughIds = (
  { find, lock }: StoredIdStatements,
  others: Pick<IdentityStatements, 'lockByUuid' | 'documentsByUuid'>,
): IdentityStatements => {
  const findTargets: IdentityStatements['findTargets'] = (sought) => ({
    statements: sought.length === 0 ? [] : find(idsOf(sought)),
    read: (answers) =>
      answers.flat().map(({ ReferentialId, DocumentId }) => {
        return { referentialId: String(ReferentialId).toLowerCase(), documentId: String(DocumentId) };
      }),
  });
  return {
    findTargets,
    findOwn: findTargets,
    lockOwn: (documents) => ({
      statements: lock(idsOf(documents)),
      read: (answers) =>
        new Map(
          (answers.flat() as unknown as readonly DocumentRow[]).flatMap((row) =>
            row.ReferentialId === null ? [] : [[row.ReferentialId, row]],
          ),
        ),
    }),
    ...others,
  };
};

const existing = (statements: readonly Statement[]): IdentityLookup<ReadonlyMap<string, ExistingDescriptor>> => ({
  statements,
  read: (answers) => new Map(existingDescriptors(answers.flat()).map((row) => [String(row.ReferentialId), row])),
});

const { referentialIdentity: identities, descriptor, document } = core;

/** The documents `d` with their identities `i`, which a document may lack. */
const ofDocument = ({ sql }: Dialect): PlainSql =>
  sql`i."DocumentId" = d."DocumentId" AND i."ResourceKeyId" = d."ResourceKeyId"`;

const selectDocuments = pg`SELECT ${documentColumns}, i."ReferentialId"::text AS "ReferentialId" FROM ${document} d LEFT JOIN ${identities} i ON ${ofDocument(dialectOf.pgsql)}`;
/** Without locks: a lookup for each document, because a join might read all identities. */
const selectIdentified = pg`SELECT ${documentColumns}, (SELECT i."ReferentialId"::text FROM ${identities} i WHERE ${ofDocument(dialectOf.pgsql)}) AS "ReferentialId" FROM ${document} d`;
/**
 * Does not lock the key, so that rows that refer to the document need not wait. Always locks in the same order, so that
 * two writers do not deadlock.
 */
const locked = pg` ORDER BY d."DocumentId" FOR NO KEY UPDATE OF d`;

const selectDescriptors = pg`SELECT i."ReferentialId"::text AS "ReferentialId", i."ResourceKeyId", i."DocumentId"::text AS "DocumentId", ${existingList(dialectOf.pgsql)} FROM ${identities} i`;

const pgsql = throughIds(
  {
    find: (ids) => [
      query(
        pg`SELECT "ReferentialId"::text AS "ReferentialId", "DocumentId" FROM ${identities} WHERE "ReferentialId" IN ${among(ids, 'uuid')}`,
      ),
    ],
    lock: (ids) => [query(pg`${selectDocuments} WHERE i."ReferentialId" IN ${among(ids, 'uuid')}${locked}`)],
  },
  {
    lockByUuid: (uuids) => [query(pg`${selectDocuments} WHERE d."DocumentUuid" IN ${among(uuids, 'uuid')}${locked}`)],
    documentsByUuid: (uuids) => [query(pg`${selectIdentified} WHERE d."DocumentUuid" IN ${among(uuids, 'uuid')}`)],
  },
);

const pgsqlDescriptors: DescriptorIdentityStatements = {
  insert: (descriptors) => {
    const rows = descriptors.map(({ referentialId, documentId, resourceKeyId }) => [
      referentialId,
      documentId,
      String(resourceKeyId),
    ]);
    return [
      command(
        pg`INSERT INTO ${identities} ("ReferentialId", "DocumentId", "ResourceKeyId") SELECT * FROM ${arraysOf(rows, ['uuid', 'bigint', 'smallint'])}`,
      ),
    ];
  },
  find: (sought) =>
    existing([
      query(
        pg`${selectDescriptors} LEFT JOIN ${descriptor} s ON s."DocumentId" = i."DocumentId" WHERE i."ReferentialId" = ANY (${arrayOf(idsOf(sought), 'uuid')})`,
      ),
    ]),
  classes: null,
  scan: ({ hasVersion, ...range }) =>
    query(
      pg`${selectDescriptors} JOIN ${descriptor} s ON s."DocumentId" = i."DocumentId" JOIN ${hasVersion ? descriptor : document} d ON d."DocumentId" = i."DocumentId" AND d."ResourceKeyId" = i."ResourceKeyId" WHERE ${nextOfResource(range)}`,
    ),
};

const referentialId = (column: PlainSql): PlainSql => ms`${msText(column, 'uuid')} AS "ReferentialId"`;
const identified = ms`SELECT ${mssqlDocumentColumns}, ${referentialId(ms`i."ReferentialId"`)} FROM`;
const withIdentity = ms`LEFT JOIN ${identities} i ON ${ofDocument(dialectOf.mssql)}`;

const selectMssql = ms`SELECT ${referentialId(ms`i."ReferentialId"`)}, i."ResourceKeyId", ${msText(ms`i."DocumentId"`, 'bigint')} AS "DocumentId", ${existingList(dialectOf.mssql)} FROM ${identities} i`;

const identityTypes = [coreTypes.uuid, coreTypes.documentId, coreTypes.resourceKeyId];

/** Locks documents in the order of their ids and then reads them. */
const lockedDocuments = (select: PlainSql, values: readonly string[]) =>
  lockAndSelect(
    { select, values, type: coreTypes.uuid },
    (ids) =>
      ms`${identified} ${ids} o INNER JOIN ${document} d ON d."DocumentId" = o."DocumentId" ${withIdentity} ORDER BY d."DocumentId";`,
  );

const mssql = throughIds(
  {
    find: (ids) =>
      selecting(
        ms`SELECT ${referentialId(ms`"ReferentialId"`)}, "DocumentId" FROM ${identities} WHERE "ReferentialId"`,
        ids,
        coreTypes.uuid,
      ),
    lock: (ids) => lockedDocuments(ms`SELECT DISTINCT "DocumentId" FROM ${identities} WHERE "ReferentialId"`, ids),
  },
  {
    lockByUuid: (uuids) => lockedDocuments(ms`SELECT "DocumentId" FROM ${document} WHERE "DocumentUuid"`, uuids),
    documentsByUuid: (uuids) =>
      selecting(ms`${identified} ${document} d ${withIdentity} WHERE d."DocumentUuid"`, uuids, coreTypes.uuid),
  },
);

const mssqlDescriptors: DescriptorIdentityStatements = {
  insert: (descriptors) =>
    chunk(descriptors, Math.floor(listLimit / identityTypes.length)).map((piece) => {
      const rows = piece.map(({ referentialId, documentId, resourceKeyId }) => [
        referentialId,
        documentId,
        resourceKeyId,
      ]);
      return command(
        ms`INSERT INTO ${identities} ("ReferentialId", "DocumentId", "ResourceKeyId") VALUES ${tuples(rows, identityTypes)};`,
      );
    }),
  find: (sought) =>
    existing(
      selecting(
        ms`${selectMssql} LEFT JOIN ${descriptor} s ON s."DocumentId" = i."DocumentId" WHERE i."ReferentialId"`,
        idsOf(sought),
        coreTypes.uuid,
      ),
    ),
  classes: null,
  scan: ({ hasVersion, ...range }) =>
    query(
      ms`${selectMssql} INNER JOIN ${descriptor} s ON s."DocumentId" = i."DocumentId" INNER JOIN ${hasVersion ? descriptor : document} d ON d."DocumentId" = i."DocumentId" AND d."ResourceKeyId" = i."ResourceKeyId" WHERE ${nextMssqlOfResource(range)}`,
    ),
};

/** Identities found through `dms.ReferentialIdentity`. */
export const storedReferentialIds: Readonly<Record<SqlDialect, IdentityStatements>> = { pgsql, mssql };

/** Identities of descriptors found through `dms.ReferentialIdentity`. */
export const storedDescriptorIds: Readonly<Record<SqlDialect, DescriptorIdentityStatements>> = {
  pgsql: pgsqlDescriptors,
  mssql: mssqlDescriptors,
};
