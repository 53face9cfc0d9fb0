import type { Statement } from '@dms/databases';
import { core } from '@dms/model';
import { mssqlName } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import { among, listLimit } from './mssql-lists.ts';
import { command, query, type StatementPart } from './statement.ts';

/** The documents to lock: the query of their ids, up to the list that one of its columns is compared with. */
export interface LockedDocuments {
  readonly select: string;
  readonly values: readonly string[];
  readonly type: string;
}

/** The tables of several parts are in one request, so each has its own name. */
const own = (part: number) => `@own${part + 1}`;

/**
 * Takes the locks one by one, by id: a single statement would take them in the order of its plan, and two writers that
 * take the same locks in different orders would deadlock.
 */
function locking({ select, type }: LockedDocuments, piece: readonly string[], part: number): StatementPart[] {
  const ids = own(part);
  const next = `@next${part + 1}`;
  const locked = `@locked${part + 1}`;
  return [
    `DECLARE ${ids} TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY); INSERT INTO ${ids} ([DocumentId]) ${select} IN `,
    ...among(piece, type),
    [
      `; DECLARE ${locked} bigint, ${next} bigint = (SELECT MIN([DocumentId]) FROM ${ids});`,
      `WHILE ${next} IS NOT NULL BEGIN`,
      `SELECT ${locked} = d.[DocumentId] FROM ${mssqlName(core.document)} d WITH (UPDLOCK, ROWLOCK) WHERE d.[DocumentId] = ${next};`,
      `SET ${next} = (SELECT MIN([DocumentId]) FROM ${ids} WHERE [DocumentId] > ${next});`,
      'END;',
    ].join(' '),
  ];
}

/** Locks documents until the end of the transaction, in the order of their ids; a long list is locked part by part. */
export const lockDocuments = (documents: LockedDocuments): Statement[] =>
  chunk(documents.values, listLimit).map((piece, part) => command(...locking(documents, piece, part)));

/** The same, and then reads the documents. `before` and `after` enclose the table with their ids. */
export const lockAndSelect = (documents: LockedDocuments, before: string, after: string): Statement[] =>
  chunk(documents.values, listLimit).map((piece, part) =>
    query(...locking(documents, piece, part), ` ${before} ${own(part)} ${after}`),
  );
