/**
 * Times inserts of a document and the row of its resource, in a transaction of their own, for two generations in the
 * same run: documents of four resources of the data standard 5.2, copied from a loaded sample with another value in the
 * identity. The figures are CPU of the session in µs for one document, the lowest of several runs. Needs Linux.
 *
 *   npm run bench -- inserts                   v2 and v2-natural, 500 documents of each resource, three runs
 *   npm run bench -- inserts --documents 2000  more documents of each resource
 *   npm run bench -- inserts --runs 5          more runs
 */

import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Connection } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';
import { Benchmark, buildCommand, withConnection } from './benchmark.ts';
import { dataStandard } from './data-standard.ts';
import { sessionTime } from './processor-time.ts';
import { countOf, runsOf } from './runs.ts';

const generations = ['v2', 'v2-natural'] as const;

/** A run has ten thousand dates of its own. */
const mostDocuments = 9999;

/** The resources: two without required references and two with them; each with an expression for a new identity. */
const resources = [
  { table: 'Student', column: 'StudentUniqueId', value: `'bench ' || run || ' ' || number` },
  { table: 'School', column: 'SchoolId', value: '4000000000 + run * 1000000 + number' },
  { table: 'StudentSchoolAssociation', column: 'EntryDate', value: `DATE '1900-01-01' + (run * 10000 + number)` },
  { table: 'StudentSectionAssociation', column: 'BeginDate', value: `DATE '1900-01-01' + (run * 10000 + number)` },
] as const;

type Resource = (typeof resources)[number];

/** A procedure that inserts documents of a resource, each with the columns of the row with the lowest document id. */
async function createProcedure(connection: Connection, { table, column, value }: Resource): Promise<void> {
  const found = await connection.query<{ name: string }>(
    trusted(`SELECT quote_ident(attname) AS name FROM pg_attribute
     WHERE attrelid = 'edfi."${table}"'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
       AND attname NOT IN ('DocumentId', 'ContentVersion', 'ContentLastModifiedAt') ORDER BY attnum`),
  );
  const columns = found.map(({ name }) => name);
  const values = columns.map((name) => (name === `"${column}"` ? value : `source.${name}`));
  await connection.execute(
    givenScript(`CREATE PROCEDURE bench."${table}"(run integer, documents integer) LANGUAGE plpgsql AS $$
    DECLARE
        document bigint;
        key smallint := (SELECT "ResourceKeyId" FROM dms."ResourceKey" WHERE "ProjectName" = 'Ed-Fi' AND "ResourceName" = '${table}');
        source edfi."${table}" := (SELECT t FROM edfi."${table}" AS t ORDER BY "DocumentId" LIMIT 1);
    BEGIN
        FOR number IN 1..documents LOOP
            INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES (gen_random_uuid(), key)
            RETURNING "DocumentId" INTO document;
            INSERT INTO edfi."${table}" ("DocumentId", ${columns.join(', ')}) VALUES (document, ${values.join(', ')});
            COMMIT;
        END LOOP;
    END $$`),
  );
}

/** The CPU of the session in µs for one document of each resource. */
function insert(url: string, run: number, documents: number): Promise<number[]> {
  return withConnection(url, async (connection) => {
    const costs: number[] = [];
    for (const { table } of resources) {
      await connection.execute(givenScript(`CALL bench."${table}"(${2 * run}, 50)`));
      const before = await sessionTime(connection);
      await connection.execute(givenScript(`CALL bench."${table}"(${2 * run + 1}, ${documents})`));
      costs.push((1000 * ((await sessionTime(connection)) - before)) / documents);
    }
    return costs;
  });
}

const { values } = parseArgs({
  options: { documents: { type: 'string', default: '500' }, runs: { type: 'string', default: '3' } },
});
const documents = countOf('documents', values.documents);
if (documents > mostDocuments) throw new Error(`--documents takes at most ${mostDocuments}.`);
const runs = runsOf(values.runs);

await Benchmark.run(buildCommand(), async (bench) => {
  const databaseOf = (version: (typeof generations)[number]) => version.replaceAll('-', '_');
  const connection = ['--connection-env', 'BENCH_URL'];
  const sample = path.join(bench.folder, 'sample');
  for (const version of generations) {
    const out = path.join(bench.folder, version);
    const database = databaseOf(version);
    const schema = ['--schema', dataStandard(version), '--mapping-version', version];
    bench.command(['emit', ...schema, '--dialect', 'pgsql', '--output', out]);
    if (version === 'v2') bench.command(['sample', '--artifacts', out, '--documents', '3000', '--output', sample]);
    await bench.create(database);
    bench.command(['provision', '--artifacts', out, '--dialect', 'pgsql', ...connection], database);
    bench.command(['load', sample, '--artifacts', out, ...connection], database);
    await withConnection(bench.urlOf(database), async (each) => {
      await each.execute(givenScript('CREATE SCHEMA bench'));
      for (const resource of resources) await createProcedure(each, resource);
    });
    await bench.execute(database, 'VACUUM ANALYZE');
  }
  const lowest = generations.map(() => resources.map(() => Number.POSITIVE_INFINITY));
  for (let run = 0; run < runs; run += 1)
    for (const [at, version] of generations.entries()) {
      const costs = await insert(bench.urlOf(databaseOf(version)), run, documents);
      lowest[at] = costs.map((cost, resource) => Math.min(cost, lowest[at]?.[resource] ?? cost));
    }
  console.log(`µs of the session's CPU for one document and its row; the lowest of ${runs} runs of ${documents}.\n`);
  console.log(`${''.padEnd(28)}${[...generations, 'ratio'].map((head) => head.padStart(12)).join('')}`);
  resources.forEach(({ table }, resource) => {
    const costs = lowest.map((each) => each[resource] ?? Number.NaN);
    const [first = Number.NaN, second = Number.NaN] = costs;
    const cells = [...costs.map((cost) => cost.toFixed(0)), (second / first).toFixed(2)];
    console.log(`${table.padEnd(28)}${cells.map((cell) => cell.padStart(12)).join('')}`);
  });
});
