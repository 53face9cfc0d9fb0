import type { Statement } from '@dms/databases';
import { core } from '@dms/model';
import { mssqlName, pgsqlName, type SqlDialect } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import type { SoughtIdentity } from '../identity/referential-id.ts';
import { type DescriptorScan, existingColumns } from './descriptor-statements.ts';
import type { DescriptorRow, PageRow } from './document-statements.ts';
import { coreTypes, listLimit, lockAndSelect, nextRows as nextMssqlRows, selecting, tuples } from './mssql-lists.ts';
import { documentColumns as mssqlDocumentColumns } from './mssql-statements.ts';
import { among, arrayOf, documentColumns, nextRows } from './pgsql-statements.ts';
import { command, query, value } from './statement.ts';

/** A row of `dms.Document` with its identity. */
export interface DocumentRow extends PageRow {
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

const pgsqlTable = pgsqlName(core.referentialIdentity);
const documentSource = `FROM ${pgsqlName(core.document)} d LEFT JOIN ${pgsqlTable} i ON i."DocumentId" = d."DocumentId" AND i."ResourceKeyId" = d."ResourceKeyId"`;
const selectDocuments = `SELECT ${documentColumns}, i."ReferentialId"::text AS "ReferentialId" ${documentSource}`;
/** Without locks: a lookup for each document, because a join might read all identities. */
const selectIdentified = `SELECT ${documentColumns}, (SELECT i."ReferentialId"::text FROM ${pgsqlTable} i WHERE i."DocumentId" = d."DocumentId" AND i."ResourceKeyId" = d."ResourceKeyId") AS "ReferentialId" FROM ${pgsqlName(core.document)} d`;
/**
 * Does not lock the key, so that rows that refer to the document need not wait. Always locks in the same order, so that
 * two writers do not deadlock.
 */
const locked = ' ORDER BY d."DocumentId" FOR NO KEY UPDATE OF d';

const selectDescriptors = `SELECT i."ReferentialId"::text AS "ReferentialId", i."ResourceKeyId", i."DocumentId"::text AS "DocumentId", ${existingColumns
  .map((name) => `s."${name}"::text AS "${name}"`)
  .join(', ')} FROM ${pgsqlTable} i`;

const pgsql: IdentityStatements = {
  findTargets: (identities) => [
    query(
      `SELECT "ReferentialId"::text AS "ReferentialId", "DocumentId" FROM ${pgsqlTable} WHERE "ReferentialId" IN `,
      ...among(idsOf(identities), 'uuid'),
      '',
    ),
  ],
  lockByIdentity: (identities) => [
    query(`${selectDocuments} WHERE i."ReferentialId" IN `, ...among(idsOf(identities), 'uuid'), `${locked}`),
  ],
  lockByUuid: (uuids) => [query(`${selectDocuments} WHERE d."DocumentUuid" IN `, ...among(uuids, 'uuid'), `${locked}`)],
  documentsByUuid: (uuids) => [query(`${selectIdentified} WHERE d."DocumentUuid" IN `, ...among(uuids, 'uuid'))],
};

const pgsqlDescriptors: DescriptorIdentityStatements = {
  insert: (descriptors) => [
    command(
      `INSERT INTO ${pgsqlTable} ("ReferentialId", "DocumentId", "ResourceKeyId") SELECT * FROM unnest(`,
      ...arrayOf(
        descriptors.map(({ referentialId }) => referentialId),
        'uuid',
      ),
      ', ',
      ...arrayOf(
        descriptors.map(({ documentId }) => documentId),
        'bigint',
      ),
      ', ',
      ...arrayOf(
        descriptors.map(({ resourceKeyId }) => String(resourceKeyId)),
        'smallint',
      ),
      ')',
    ),
  ],
  find: (identities) => [
    query(
      `${selectDescriptors} LEFT JOIN ${pgsqlName(core.descriptor)} s ON s."DocumentId" = i."DocumentId" WHERE i."ReferentialId" = ANY (`,
      ...arrayOf(idsOf(identities), 'uuid'),
      ')',
    ),
  ],
  scan: ({ resourceKeyId, hasVersion, ...range }) =>
    query(
      `${selectDescriptors} JOIN ${pgsqlName(core.descriptor)} s ON s."DocumentId" = i."DocumentId" JOIN "dms"."${hasVersion ? 'Descriptor' : 'Document'}" d ON d."DocumentId" = i."DocumentId" AND d."ResourceKeyId" = i."ResourceKeyId" WHERE d."ResourceKeyId" = `,
      value(resourceKeyId),
      ' AND ',
      ...nextRows('d', range),
    ),
};

const mssqlTable = mssqlName(core.referentialIdentity);
const identified = `SELECT ${mssqlDocumentColumns}, LOWER(CONVERT(nvarchar(36), i.[ReferentialId])) AS [ReferentialId] FROM`;
const withIdentity = `LEFT JOIN ${mssqlTable} i ON i.[DocumentId] = d.[DocumentId] AND i.[ResourceKeyId] = d.[ResourceKeyId]`;

/** Locks documents in the order of their ids and then reads them. */
const lockedDocuments = (select: string, values: readonly string[]) =>
  lockAndSelect(
    { select, values, type: coreTypes.uuid },
    identified,
    `o INNER JOIN ${mssqlName(core.document)} d ON d.[DocumentId] = o.[DocumentId] ${withIdentity} ORDER BY d.[DocumentId];`,
  );

const dateColumns: ReadonlySet<string> = new Set(['EffectiveBeginDate', 'EffectiveEndDate']);
const selectMssql = `SELECT LOWER(CONVERT(nvarchar(36), i.[ReferentialId])) AS [ReferentialId], i.[ResourceKeyId], CONVERT(nvarchar(20), i.[DocumentId]) AS [DocumentId], ${existingColumns
  .map((name) => (dateColumns.has(name) ? `CONVERT(nvarchar(10), s.[${name}], 23) AS [${name}]` : `s.[${name}]`))
  .join(', ')} FROM ${mssqlTable} i`;

const identityTypes = [coreTypes.uuid, coreTypes.documentId, coreTypes.resourceKeyId];

const mssql: IdentityStatements = {
  findTargets: (identities) =>
    selecting(
      `SELECT LOWER(CONVERT(nvarchar(36), [ReferentialId])) AS [ReferentialId], [DocumentId] FROM ${mssqlTable} WHERE [ReferentialId]`,
      idsOf(identities),
      coreTypes.uuid,
    ),
  lockByIdentity: (identities) =>
    lockedDocuments(`SELECT DISTINCT [DocumentId] FROM ${mssqlTable} WHERE [ReferentialId]`, idsOf(identities)),
  lockByUuid: (uuids) =>
    lockedDocuments(`SELECT [DocumentId] FROM ${mssqlName(core.document)} WHERE [DocumentUuid]`, uuids),
  documentsByUuid: (uuids) =>
    selecting(
      `${identified} ${mssqlName(core.document)} d ${withIdentity} WHERE d.[DocumentUuid]`,
      uuids,
      coreTypes.uuid,
    ),
};

const mssqlDescriptors: DescriptorIdentityStatements = {
  insert: (descriptors) =>
    chunk(descriptors, Math.floor(listLimit / identityTypes.length)).map((piece) =>
      command(
        `INSERT INTO ${mssqlTable} ([ReferentialId], [DocumentId], [ResourceKeyId]) VALUES `,
        ...tuples(
          piece.map(({ referentialId, documentId, resourceKeyId }) => [referentialId, documentId, resourceKeyId]),
          identityTypes,
        ),
        ';',
      ),
    ),
  find: (identities) =>
    selecting(
      `${selectMssql} LEFT JOIN ${mssqlName(core.descriptor)} s ON s.[DocumentId] = i.[DocumentId] WHERE i.[ReferentialId]`,
      idsOf(identities),
      coreTypes.uuid,
    ),
  scan: ({ resourceKeyId, hasVersion, ...range }) =>
    query(
      `${selectMssql} INNER JOIN ${mssqlName(core.descriptor)} s ON s.[DocumentId] = i.[DocumentId] INNER JOIN [dms].[${hasVersion ? 'Descriptor' : 'Document'}] d ON d.[DocumentId] = i.[DocumentId] AND d.[ResourceKeyId] = i.[ResourceKeyId] WHERE d.[ResourceKeyId] = `,
      value(resourceKeyId, coreTypes.resourceKeyId),
      ' AND ',
      ...nextMssqlRows('d', range),
    ),
};

/** Identities found through `dms.ReferentialIdentity`. */
export const storedReferentialIds: Readonly<Record<SqlDialect, IdentityStatements>> = { pgsql, mssql };

/** Identities of descriptors found through `dms.ReferentialIdentity`. */
export const storedDescriptorIds: Readonly<Record<SqlDialect, DescriptorIdentityStatements>> = {
  pgsql: pgsqlDescriptors,
  mssql: mssqlDescriptors,
};
