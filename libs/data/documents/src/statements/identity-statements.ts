import { command, query, type Statement } from '@dms/databases';
import { core } from '@dms/model';
import { type Dialect, dialectOf, join, type PlainSql, type SqlDialect, value } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import type { SoughtIdentity } from '../identity/referential-id.ts';
import { type DescriptorScan, existingColumns } from './descriptor-statements.ts';
import type { DescriptorRow, DocumentPageRow } from './document-statements.ts';
import { coreTypes, listLimit, lockAndSelect, nextRows as nextMssqlRows, selecting, tuples } from './mssql-lists.ts';
import { documentColumns as mssqlDocumentColumns } from './mssql-statements.ts';
import { among, arrayOf, arraysOf, documentColumns, nextRows } from './pgsql-statements.ts';

const { sql: pg } = dialectOf.pgsql;
const { sql: ms, text: msText } = dialectOf.mssql;

/** A row of `dms.Document` with its identity. */
export interface DocumentRow extends DocumentPageRow {
  /** Null if the database does not have it: its trigger has not written it, or the generation does not store it. */
  readonly ReferentialId: string | null;
}

/**
 * The statements by which a generation finds documents by their identities, in one dialect. Results contain the
 * referential id of the requested identity (design 14 §2).
 */
export interface IdentityStatements {
  /** `ReferentialId`, `DocumentId` of existing identities. */
  findTargets(identities: readonly SoughtIdentity[]): readonly Statement[];
  /** {@link DocumentRow}s, locked until the end of the transaction. */
  lockByIdentity(identities: readonly SoughtIdentity[]): readonly Statement[];
  lockByUuid(uuids: readonly string[]): readonly Statement[];
  /** {@link DocumentRow}s without a lock. */
  documentsByUuid(uuids: readonly string[]): readonly Statement[];
}

/** The statements for descriptors, which are also written and read without a model. */
export interface DescriptorIdentityStatements {
  /** Inserts the identity rows of new descriptors, if the database stores any. */
  insert(descriptors: readonly DescriptorRow[]): readonly Statement[];
  /** `ExistingDescriptor`s. */
  find(identities: readonly SoughtIdentity[]): readonly Statement[];
  /** `ExistingDescriptor`s of one resource, in the order of their documents. */
  scan(scan: DescriptorScan): Statement;
}

/*
 * Both generations store the referential id of every document in `dms.ReferentialIdentity`, which triggers fill (design
 * 07 §9).
 */

const idsOf = (identities: readonly SoughtIdentity[]) => identities.map(({ referentialId }) => referentialId);

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

const selectDescriptors = pg`SELECT i."ReferentialId"::text AS "ReferentialId", i."ResourceKeyId", i."DocumentId"::text AS "DocumentId", ${join(
  existingColumns.map((name) => pg`s.${dialectOf.pgsql.id(name)}::text AS ${dialectOf.pgsql.id(name)}`),
)} FROM ${identities} i`;

const pgsql: IdentityStatements = {
  findTargets: (sought) => [
    query(
      pg`SELECT "ReferentialId"::text AS "ReferentialId", "DocumentId" FROM ${identities} WHERE "ReferentialId" IN ${among(idsOf(sought), 'uuid')}`,
    ),
  ],
  lockByIdentity: (sought) => [
    query(pg`${selectDocuments} WHERE i."ReferentialId" IN ${among(idsOf(sought), 'uuid')}${locked}`),
  ],
  lockByUuid: (uuids) => [query(pg`${selectDocuments} WHERE d."DocumentUuid" IN ${among(uuids, 'uuid')}${locked}`)],
  documentsByUuid: (uuids) => [query(pg`${selectIdentified} WHERE d."DocumentUuid" IN ${among(uuids, 'uuid')}`)],
};

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
  find: (sought) => [
    query(
      pg`${selectDescriptors} LEFT JOIN ${descriptor} s ON s."DocumentId" = i."DocumentId" WHERE i."ReferentialId" = ANY (${arrayOf(idsOf(sought), 'uuid')})`,
    ),
  ],
  scan: ({ resourceKeyId, hasVersion, ...range }) =>
    query(
      pg`${selectDescriptors} JOIN ${descriptor} s ON s."DocumentId" = i."DocumentId" JOIN ${hasVersion ? descriptor : document} d ON d."DocumentId" = i."DocumentId" AND d."ResourceKeyId" = i."ResourceKeyId" WHERE d."ResourceKeyId" = ${value(resourceKeyId)} AND ${nextRows('d', range)}`,
    ),
};

const referentialId = (column: PlainSql): PlainSql => ms`${msText(column, 'uuid')} AS "ReferentialId"`;
const identified = ms`SELECT ${mssqlDocumentColumns}, ${referentialId(ms`i."ReferentialId"`)} FROM`;
const withIdentity = ms`LEFT JOIN ${identities} i ON ${ofDocument(dialectOf.mssql)}`;

const dateColumns: ReadonlySet<string> = new Set(['EffectiveBeginDate', 'EffectiveEndDate']);
const selectMssql = ms`SELECT ${referentialId(ms`i."ReferentialId"`)}, i."ResourceKeyId", ${msText(ms`i."DocumentId"`, 'bigint')} AS "DocumentId", ${join(
  existingColumns.map((name) => {
    const column = dialectOf.mssql.id(name);
    return dateColumns.has(name) ? ms`${msText(ms`s.${column}`, 'date')} AS ${column}` : ms`s.${column}`;
  }),
)} FROM ${identities} i`;

const identityTypes = [coreTypes.uuid, coreTypes.documentId, coreTypes.resourceKeyId];

/** Locks documents in the order of their ids and then reads them. */
const lockedDocuments = (select: PlainSql, values: readonly string[]) =>
  lockAndSelect(
    { select, values, type: coreTypes.uuid },
    (ids) =>
      ms`${identified} ${ids} o INNER JOIN ${document} d ON d."DocumentId" = o."DocumentId" ${withIdentity} ORDER BY d."DocumentId";`,
  );

const mssql: IdentityStatements = {
  findTargets: (sought) =>
    selecting(
      ms`SELECT ${referentialId(ms`"ReferentialId"`)}, "DocumentId" FROM ${identities} WHERE "ReferentialId"`,
      idsOf(sought),
      coreTypes.uuid,
    ),
  lockByIdentity: (sought) =>
    lockedDocuments(ms`SELECT DISTINCT "DocumentId" FROM ${identities} WHERE "ReferentialId"`, idsOf(sought)),
  lockByUuid: (uuids) => lockedDocuments(ms`SELECT "DocumentId" FROM ${document} WHERE "DocumentUuid"`, uuids),
  documentsByUuid: (uuids) =>
    selecting(ms`${identified} ${document} d ${withIdentity} WHERE d."DocumentUuid"`, uuids, coreTypes.uuid),
};

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
    selecting(
      ms`${selectMssql} LEFT JOIN ${descriptor} s ON s."DocumentId" = i."DocumentId" WHERE i."ReferentialId"`,
      idsOf(sought),
      coreTypes.uuid,
    ),
  scan: ({ resourceKeyId, hasVersion, ...range }) =>
    query(
      ms`${selectMssql} INNER JOIN ${descriptor} s ON s."DocumentId" = i."DocumentId" INNER JOIN ${hasVersion ? descriptor : document} d ON d."DocumentId" = i."DocumentId" AND d."ResourceKeyId" = i."ResourceKeyId" WHERE d."ResourceKeyId" = ${value(resourceKeyId, coreTypes.resourceKeyId)} AND ${nextMssqlRows('d', range)}`,
    ),
};

/** Identities found through `dms.ReferentialIdentity`. */
export const storedReferentialIds: Readonly<Record<SqlDialect, IdentityStatements>> = { pgsql, mssql };

/** Identities of descriptors found through `dms.ReferentialIdentity`. */
export const storedDescriptorIds: Readonly<Record<SqlDialect, DescriptorIdentityStatements>> = {
  pgsql: pgsqlDescriptors,
  mssql: mssqlDescriptors,
};
