import { type Connection, type Limits, rowsOf, run } from '@dms/databases';
import { mostExamples } from '@dms/diagnostics';
import type { ReferentialRow } from '@dms/laws';
import { core } from '@dms/model';
import type { PlainSql, SqlDialect } from '@dms/sql';
import { compareOrdinal } from '@dms/values';
import type { DataFinding, DataFindingKind, ServiceCause, WrongIdentities } from './data-finding.ts';
import type { PageOfDocuments, PageRow } from './row-dialect.ts';
import { rowDialects } from './row-dialects.ts';

/** The number of documents that are compared at a time and held in memory. */
export const pageSize = 1000;

/** Reads documents in the order of their ids and calls `visit` with each page. */
export async function eachPage(
  connection: Connection,
  source: PageOfDocuments,
  limits: Limits,
  visit: (rows: readonly PageRow[]) => Promise<void>,
): Promise<void> {
  const dialect = rowDialects[connection.dialect];
  let after = '0';
  for (;;) {
    const found = await rowsOf<Record<string, unknown>>(connection, dialect.page(source, pageSize, after), limits);
    const rows = found.map((row) => dialect.pageRow(row, source.columns));
    const last = rows.at(-1);
    if (last === undefined) return;
    await visit(rows);
    if (rows.length < pageSize) return;
    after = last.documentId;
  }
}

/** Counts the documents that break a rule, and keeps the first ones. */
export class FoundDocuments {
  private readonly found = new Map<
    string,
    Pick<DataFinding, 'kind' | 'repairable' | 'cause'> & { count: number; readonly examples: string[] }
  >();

  add(kind: DataFindingKind, repairable: boolean, uuid: string, cause: ServiceCause | null = null): void {
    const key = `${kind} ${repairable} ${cause}`;
    const entry = this.found.get(key) ?? { kind, repairable, cause, count: 0, examples: [] };
    this.found.set(key, entry);
    entry.count += 1;
    if (entry.examples.length < mostExamples) entry.examples.push(uuid);
  }

  findings(object: string): DataFinding[] {
    return [...this.found.values()].map((entry) => ({ ...entry, object }));
  }
}

/* The rows of dms.ReferentialIdentity, compared and rewritten for one document at a time. */

export const sameIds = (left: readonly string[], right: readonly string[]) =>
  left.length === right.length && [...left].sort(compareOrdinal).join() === [...right].sort(compareOrdinal).join();

/** The stored referential ids of a database, for rows that contradict each other (design 09c §4). */
export interface StoredIds {
  /** An expression of the ids of the document of a row `t`: `id resourceKeyId` of each. */
  of(dialect: SqlDialect): PlainSql;
}

export const storedIds: StoredIds = { of: (dialect) => rowDialects[dialect].storedIds };

/**
 * Rewrites the referential ids of documents with wrong ids. All wrong rows are deleted before any row is inserted,
 * because an id may have moved from one document to another; the sources are read for both steps.
 */
export async function repairIdentities(
  connection: Connection,
  limits: Limits,
  sources: readonly WrongIdentities[],
): Promise<void> {
  const { rules, insertIds } = rowDialects[connection.dialect];
  const removal = (documentIds: readonly string[]) =>
    rules.sql`DELETE FROM ${core.referentialIdentity} WHERE ${rules.among(rules.id('DocumentId'), documentIds, 'bigint')}`;
  for (const source of sources)
    await source(async (wrong) => {
      const documentIds = wrong.map(({ documentId }) => documentId);
      if (documentIds.length > 0) await run(connection, removal(documentIds), limits);
    });
  for (const source of sources)
    await source(async (wrong) => {
      const rows = wrong.flatMap(({ documentId, expected }) =>
        expected.map((entry): ReferentialRow => {
          const [referentialId = '', resourceKeyId = ''] = entry.split(' ');
          return { referentialId, documentId, resourceKeyId };
        }),
      );
      if (rows.length > 0) await run(connection, insertIds(rows), limits);
    });
}
