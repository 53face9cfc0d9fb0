import { resourceLabel } from '@dms/api-schema';
import type { Connection, Limits } from '@dms/databases';
import { coreSchema, qualified } from '@dms/model';
import type { ComparedSet, Renaming } from '@dms/upgrade';
import { BehaviourSession } from '../behaviour/behaviour-session.ts';
import { cacheInsert } from '../behaviour/core-rows.ts';
import { DocumentRows } from '../behaviour/document-rows.ts';
import { Failures } from '../behaviour/failures.ts';
import { buildWorld, type SkippedTable } from '../behaviour/world.ts';
import { WorldValues } from '../behaviour/world-values.ts';
import { generations } from '../generations.ts';
import { DocumentsOfSet } from './upgrade-documents.ts';

/** Far from the numbers of generated documents. */
const worldNumbers = 1_000_000;

export interface FilledDatabase {
  /** Tables in which no document can have a row, because the row and its targets require each other. */
  readonly skipped: readonly SkippedTable[];
  /** What is wrong with the earlier set: a refused row, a table without rows. */
  readonly faults: readonly string[];
}

/**
 * Fills a database that was provisioned for `before`, so that every table has rows: with the world of design 09 §7.3,
 * one document of every resource and one row in every table below it, without optional values; with generated
 * documents; and with a document in the cache.
 */
export async function fillDatabase(
  connection: Connection,
  before: ComparedSet,
  after: ComparedSet,
  { random, limits, renaming }: { readonly random: number; readonly limits: Limits; readonly renaming?: Renaming },
): Promise<FilledDatabase> {
  if (before.model.resources.length === 0) return { skipped: [], faults: [] };
  const failures = new Failures();
  const session = new BehaviourSession(connection, limits);
  const rows = new DocumentRows(session);
  const generation = generations[before.info.relationalMappingVersion];
  const { rows: coreRows } = generation.resources;
  // if the shared descriptor belonged to a removed resource, every document that uses it would be lost
  const kept = new Set(after.info.resourceKeys.map((key) => resourceLabel(key)));
  await connection.begin();
  for (const text of generation.fillingStatements(session)) await session.change(text);
  const { documents: made, skipped } = await buildWorld(session, rows, { model: before.model, coreRows }, failures, {
    values: new WorldValues(worldNumbers),
    isDescriptor: (resource) => kept.has(renaming?.resource(resourceLabel(resource)) ?? resourceLabel(resource)),
  });
  const [first] = made;
  if (first) await session.change(cacheInsert(session, coreRows, first.documentId, '{}'));
  await connection.commit();
  const refused = failures.list.map(({ object, expected, found }) => `${object}: ${found} instead of ${expected}`);
  if (refused.length > 0) return { skipped, faults: refused };
  await new DocumentsOfSet(connection, before).write(random);
  // identity tables and the hierarchy have the rows that follow from these
  const tables = [
    ...before.catalog.tables.filter(({ schema }) => schema === coreSchema && made.length > 0),
    ...before.model.resources.flatMap(({ tablesInDependencyOrder }) =>
      tablesInDependencyOrder.map(({ table }) => table),
    ),
  ];
  const counts = await session.counts(tables);
  const empty = tables.filter((_, index) => counts[index] === 0).map(qualified);
  const reasons = new Map(skipped.map((each) => [each.table, each]));
  return {
    skipped: empty.flatMap((name) => reasons.get(name) ?? []),
    faults: empty.flatMap((name) => (reasons.has(name) ? [] : [`${name} has no rows`])),
  };
}
