import { resourceLabel } from '@dms/api-schema';
import { type Connection, type Limits, rowsOf } from '@dms/databases';
import { counted, diagnostic, fail, failIfAny } from '@dms/diagnostics';
import { core, qualified } from '@dms/model';
import { dialectOf, type PlainSql, type SqlDialect } from '@dms/sql';
import type { LockedUpgrade } from '../hazards/locks-at-start.ts';
import { hazardsOf } from '../hazards/table-hazards.ts';
import { queryLimits, type UpgradeRun } from './upgrade-run.ts';

/** The number of documents of each resource, by `Project:Resource`. */
export async function countDocuments(connection: Connection, limits: Limits): Promise<ReadonlyMap<string, number>> {
  const { sql } = dialectOf[connection.dialect];
  const rows = await rowsOf<{ project: string; resource: string; n: unknown }>(
    connection,
    sql`SELECT k."ProjectName" AS project, k."ResourceName" AS resource, c.n
FROM (SELECT d."ResourceKeyId", COUNT(*) AS n FROM ${core.document} AS d GROUP BY d."ResourceKeyId") AS c
INNER JOIN ${core.resourceKey} AS k ON k."ResourceKeyId" = c."ResourceKeyId"`,
    limits,
  );
  return new Map(
    rows.map(({ project, resource, n }) => [
      resourceLabel({ projectName: project, resourceName: resource }),
      Number(n),
    ]),
  );
}

/** The number of all documents. */
export const totalOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

/** The state of the documents before the first statement of an upgrade. */
type DocumentsBefore =
  | { readonly kind: 'counted'; readonly counts: ReadonlyMap<string, number> }
  /** No statement of the upgrade writes documents; the server's counter of writes verifies that. */
  | { readonly kind: 'untouched'; readonly writes: number }
  /** The translation has given the number of documents of each later resource. */
  | { readonly kind: 'foreseen'; readonly counts: ReadonlyMap<string, number> };

/**
 * Counts the documents under the locks of an upgrade, unless the server can show afterwards that the upgrade wrote
 * none.
 */
export async function documentsBefore(
  run: UpgradeRun,
  { statements }: Pick<LockedUpgrade, 'statements'>,
): Promise<DocumentsBefore> {
  const { connection, plan } = run;
  const isWritten = statements.some(({ effects }) =>
    hazardsOf(plan.dialect, effects).some(
      ({ table, work }) => table.name === qualified(core.document) && work === 'row writes',
    ),
  );
  const writes = isWritten ? null : await writesSoFar(connection, queryLimits(run));
  if (writes !== null) return { kind: 'untouched', writes };
  return { kind: 'counted', counts: await countDocuments(connection, queryLimits(run)) };
}

const { pgsql } = dialectOf;

/**
 * Number of document rows that the transaction has inserted, updated and deleted so far, plus those of earlier
 * transactions of the session that the server has not added up yet; null if the server does not count. SQL Server has
 * no counts by transaction.
 */
const writesQueries: Readonly<Record<SqlDialect, PlainSql | null>> = {
  pgsql: pgsql.sql`SELECT CASE WHEN current_setting('track_counts')::boolean THEN (SELECT pg_stat_get_xact_tuples_inserted(d.id)
  + pg_stat_get_xact_tuples_updated(d.id) + pg_stat_get_xact_tuples_deleted(d.id)
  FROM (SELECT ${pgsql.nameLiteral(core.document)}::regclass::oid AS id) AS d) END AS n`,
  mssql: null,
};

async function writesSoFar(connection: Connection, limits: Limits): Promise<number | null> {
  const query = writesQueries[connection.dialect];
  if (query === null) return null;
  const [row] = await rowsOf<{ n: unknown }>(connection, query, limits);
  return row === undefined || row.n === null ? null : Number(row.n);
}

/**
 * Checks that every resource has its documents (design 12 §1). Returns the number of all documents; null if they were
 * not counted. Throws `UPGRADE_COUNTS_DIFFER`, `DB_*`.
 */
export async function expectDocuments(run: UpgradeRun, earlier: DocumentsBefore): Promise<number | null> {
  const { connection } = run;
  const bug = 'This is a bug in the upgrade; nothing was changed.';
  if (earlier.kind === 'untouched') {
    const writes = (await writesSoFar(connection, queryLimits(run))) ?? earlier.writes;
    if (writes === earlier.writes) return null;
    const rows = writes - earlier.writes;
    const text = `${connection.label}: the upgrade wrote ${counted(rows, 'row')} of ${qualified(core.document)}, although its plan writes none. ${bug}`;
    return fail('UPGRADE_COUNTS_DIFFER', text, {}, { rows });
  }
  const now = await countDocuments(connection, queryLimits(run));
  const found =
    earlier.kind === 'foreseen' ? foreseenDifferences(earlier.counts, now) : countDifferences(run, earlier.counts, now);
  const differences = found.map(({ resource, earlier: then, found: left }) => {
    const whence = earlier.kind === 'foreseen' ? 'must have' : 'had';
    const when = earlier.kind === 'foreseen' ? '' : ' before the upgrade';
    const text = `${connection.label}: ${resource} ${whence} ${counted(then, 'document')}${when} and has ${left} after it. ${bug}`;
    return diagnostic('UPGRADE_COUNTS_DIFFER', text, { resource }, { resource, before: then, after: left });
  });
  failIfAny(differences);
  return totalOf(now);
}

/** Resources whose number of documents differs from the foreseen number. */
const foreseenDifferences = (foreseen: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>) =>
  [...new Set([...foreseen.keys(), ...now.keys()])].flatMap((resource) => {
    const [earlier, found] = [foreseen.get(resource) ?? 0, now.get(resource) ?? 0];
    return earlier === found ? [] : [{ resource, earlier, found }];
  });

/**
 * Resources of both sets whose number of documents changed, and resources of neither set that have documents; by their
 * later names.
 */
function countDifferences(
  { before, after, plan: { renaming } }: UpgradeRun,
  then: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
): { readonly resource: string; readonly earlier: number; readonly found: number }[] {
  const counts = new Map([...then].map(([label, count]) => [renaming.resource(label), count]));
  const earlier = before.info.resourceKeys.map((key) => renaming.resource(resourceLabel(key)));
  const later = new Set(after.info.resourceKeys.map((key) => resourceLabel(key)));
  return [...new Set([...earlier, ...later])].flatMap((resource) => {
    const expected = later.has(resource) ? (counts.get(resource) ?? 0) : 0;
    const found = now.get(resource) ?? 0;
    return found === expected ? [] : [{ resource, earlier: counts.get(resource) ?? 0, found }];
  });
}
