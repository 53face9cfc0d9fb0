import { readFileSync } from 'node:fs';
import type { Connection } from '@dms/databases';
import { mustExist } from '@dms/model';
import { givenScript, trusted } from '@dms/sql';
import { breakingRelease, type Document, type MainGeneration, mainGenerations, provisionedEngines } from '@dms/testing';
import { expect, it } from 'vitest';
import { completeTranslation, earlierQueries, earlierSet } from '../../test/earlier-views.ts';
import { applyViews, type OdsType, tableLabel } from '../index.ts';
import { deriveEarlier } from './derive-earlier.ts';

/* A query for one row, by the key of its table, reads no table whole (design 21 §5). */

const json = (file: string): Document => JSON.parse(readFileSync(file, 'utf8'));

/** The breaking release with wider whole numbers. An ODS has the same types for them in both versions. */
function widenedRelease(mappingVersion: MainGeneration) {
  const widened = (schema: Document): Document =>
    JSON.parse(JSON.stringify(schema).replaceAll('"type":"integer"', '"type":"integer","format":"int64"'));
  const before = earlierSet(breakingRelease.before.map(json), mappingVersion);
  const after = earlierSet(
    breakingRelease.after.map((file) => widened(json(file))),
    mappingVersion,
  );
  const translation = completeTranslation(json(breakingRelease.translation), before, after);
  return { after, earlier: deriveEarlier(before.mapping, after.mapping, translation, '') };
}

it.each(mainGenerations)('a query for one row reads no table whole, in %s', async (mappingVersion) => {
  const { after, earlier } = widenedRelease(mappingVersion);
  const { connection, close } = await mustExist(provisionedEngines()[0], 'an engine').open(after.script);
  try {
    await applyViews(connection, after.reporting);
    await fillTables(connection);
    const queries = earlierQueries(earlier, after.mapping);
    const found: Record<string, readonly string[]> = {};
    for (const table of earlier.tables.filter(({ arms }) => arms.length > 0)) {
      const key = table.columns.filter(({ name }) => table.key.includes(name));
      const conditions = key.map(({ pgsqlName, type }) => `${pgsqlName} = ${literalOf(type)}`);
      const query = mustExist(queries.get(tableLabel(table)), tableLabel(table));
      const [row] = await connection.query<{ 'QUERY PLAN': unknown }>(
        trusted(`EXPLAIN (FORMAT JSON) SELECT * FROM (${query}) q WHERE ${conditions.join(' AND ')}`),
      );
      const read = readWhole(row?.['QUERY PLAN']);
      if (read.length > 0) found[tableLabel(table)] = read;
    }
    expect(found).toEqual({
      // a flag that became a descriptor: two descriptors are found by URI, each once for a query
      'preparation.Candidate': ['Descriptor', 'Descriptor'],
      // the first generation has an index on the documents that a key refers to, and none on their values
      ...(mappingVersion === 'v1' ? { 'preparation.PreparationProgram': ['EducatorPreparationProgram'] } : {}),
    });
  } finally {
    await close();
  }
});

/** Enough rows for an index to be faster. */
const rows = 1000;

/** Gives each table rows that differ in their keys; they are no documents. */
async function fillTables(connection: Connection): Promise<void> {
  const tables = await connection.query<{ name: string; columns: string; values: string }>(
    trusted(`
SELECT c.oid::regclass::text AS name, string_agg(quote_ident(a.attname), ', ') AS columns,
  string_agg(CASE a.atttypid WHEN 'varchar'::regtype THEN '''x'' || g' WHEN 'bool'::regtype THEN 'true' WHEN 'date'::regtype THEN 'DATE ''2020-01-01'' + g'
    WHEN 'uuid'::regtype THEN 'gen_random_uuid()' WHEN 'timestamptz'::regtype THEN 'now()' WHEN 'jsonb'::regtype THEN '''{}''' ELSE 'g' END, ', ') AS values
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND (c.relnamespace = 'edfi'::regnamespace OR c.oid IN ('dms."Document"'::regclass, 'dms."Descriptor"'::regclass))
  AND a.attnum > 0 AND a.attgenerated = '' AND NOT a.attisdropped
GROUP BY c.oid`),
  );
  const inserts = tables.map(
    ({ name, columns, values }) =>
      `INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM generate_series(1, ${rows}) g;`,
  );
  // without triggers and foreign keys
  await connection.execute(givenScript(`SET session_replication_role = replica; ${inserts.join('\n')} ANALYZE;`));
}

/** A value as a query writes it. */
function literalOf({ kind }: OdsType): string {
  if (kind === 'string') return `'x7'`;
  return kind === 'date' ? `DATE '2020-01-08'` : '7';
}

/** The tables that a plan reads whole, in its order. */
function readWhole(plan: unknown): readonly string[] {
  if (Array.isArray(plan)) return plan.flatMap(readWhole);
  if (typeof plan !== 'object' || plan === null) return [];
  const node = plan as Readonly<Record<string, unknown>>;
  const isTable = 'Relation Name' in node && node['Node Type'] !== 'Bitmap Heap Scan';
  const own = isTable && !('Index Cond' in node) ? [String(node['Relation Name'])] : [];
  return [...own, ...Object.values(node).flatMap(readWhole)];
}
