import type { Connection, Limits } from '@dms/databases';
import { mostExamples } from '@dms/diagnostics';
import type { ReferentialRow } from '@dms/laws';
import { referentialIdentityColumns as columns, core } from '@dms/model';
import { columnList, mssqlName, pgsqlName, qualifiedName, type SqlDialect } from '@dms/sql';
import { compareOrdinal } from '@dms/values';
import type { DataFinding, DataFindingKind, ServiceCause, WrongIdentities } from './data-finding.ts';
import type { PageOfDocuments, PageRow } from './row-dialect.ts';
import { rowDialects } from './row-dialects.ts';

/** The number of documents that are compared at a time and held in memory. */
const pageSize = 1000;

/** Reads documents in the order of their ids and calls `visit` with each page. */
export async function eachPage(
  connection: Connection,
  source: PageOfDocuments,
  limits: Limits,
  visit: (rows: readonly PageRow[]) => Promise<void>,
): Promise<void> {
  const dialect = rowDialects[connection.dialect];
  const query = dialect.page(source, pageSize);
  let after = '0';
  for (;;) {
    const found = await connection.query<Record<string, unknown>>(query, [after], limits);
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

interface IdentityDialect {
  /** The ids of the document of a row `t`: `id resourceKeyId` of each. */
  readonly stored: string;
  /** Statement that inserts the rows in the parameters. */
  readonly insertion: string;
  parameters(rows: readonly ReferentialRow[]): readonly unknown[];
}

const pgsql: IdentityDialect = {
  stored: `ARRAY(SELECT r."ReferentialId" || ' ' || r."ResourceKeyId" FROM ${pgsqlName(core.referentialIdentity)} AS r WHERE r."DocumentId" = t."DocumentId")`,
  insertion: `INSERT INTO ${pgsqlName(core.referentialIdentity)} (${columnList(rowDialects.pgsql.rules, columns)}) SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::smallint[])`,
  parameters: (rows) => [
    rows.map(({ referentialId }) => referentialId),
    rows.map(({ documentId }) => documentId),
    rows.map(({ resourceKeyId }) => resourceKeyId),
  ],
};

const { rules, uuidText, numberText } = rowDialects.mssql;

const mssql: IdentityDialect = {
  stored: `(SELECT STRING_AGG(${uuidText('r.[ReferentialId]')} + N' ' + ${numberText('r.[ResourceKeyId]')}, N',') FROM ${mssqlName(core.referentialIdentity)} AS r WHERE r.[DocumentId] = t.[DocumentId])`,
  insertion: `INSERT INTO ${mssqlName(core.referentialIdentity)} (${columnList(rules, columns)}) SELECT CONVERT(uniqueidentifier, JSON_VALUE(j.[value], N'$[0]')), CONVERT(bigint, JSON_VALUE(j.[value], N'$[1]')), CONVERT(smallint, JSON_VALUE(j.[value], N'$[2]')) FROM OPENJSON(@p1) AS j;`,
  parameters: (rows) => [
    JSON.stringify(
      rows.map(({ referentialId, documentId, resourceKeyId }) => [referentialId, documentId, resourceKeyId]),
    ),
  ],
};

const identityDialects: Readonly<Record<SqlDialect, IdentityDialect>> = { pgsql, mssql };

/** The stored referential ids of a database, for rows that contradict each other (design 09c §4). */
export interface StoredIds {
  /** An expression of the ids of the document of a row `t`: `id resourceKeyId` of each. */
  of(dialect: SqlDialect): string;
}

export const storedIds: StoredIds = { of: (dialect) => identityDialects[dialect].stored };

/**
 * Rewrites the referential ids of documents with wrong ids. All wrong rows are deleted before any row is inserted,
 * because an id may have moved from one document to another; the sources are read for both steps.
 */
export async function repairIdentities(
  connection: Connection,
  limits: Limits,
  sources: readonly WrongIdentities[],
): Promise<void> {
  const { rules: own, isAmong, idParameter } = rowDialects[connection.dialect];
  const { insertion, parameters } = identityDialects[connection.dialect];
  const removal = `DELETE FROM ${qualifiedName(own, core.referentialIdentity)} WHERE ${isAmong(own.quote('DocumentId'))}`;
  for (const source of sources)
    await source(async (wrong) => {
      if (wrong.length > 0)
        await connection.query(removal, [idParameter(wrong.map(({ documentId }) => documentId))], limits);
    });
  for (const source of sources)
    await source(async (wrong) => {
      const rows = wrong.flatMap(({ documentId, expected }) =>
        expected.map((entry): ReferentialRow => {
          const [referentialId = '', resourceKeyId = ''] = entry.split(' ');
          return { referentialId, documentId, resourceKeyId };
        }),
      );
      if (rows.length > 0) await connection.query(insertion, parameters(rows), limits);
    });
}
