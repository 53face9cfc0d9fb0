/**
 * Times `dms-ddl load` and `dms-ddl load --bulk` as users run them, on a separate PostgreSQL server, from npm: the
 * processor time of the command and of all processes of the server, the elapsed time, and the peak memory. The floor of
 * each is a program that writes the rows of all tables after the load into the same tables, with all keys and without
 * triggers: by INSERTs of 500 rows, or by COPY (design 14 §5). Each run has a new database; of several runs of a kind
 * the one with the least processor time counts. Needs Linux.
 *
 *   npm run bench -- loads                       60,000 documents of the data standard 5.2, three runs of each kind
 *   npm run bench -- loads --documents 240000    a larger sample
 *   npm run bench -- loads --runs 1              fewer runs
 *   npm run bench -- loads --mapping-version v2  the second generation
 *   npm run bench -- loads core.json             the core of the data standard from another place
 *   npm run bench -- loads --ods                 reads an ODS of these, loads from it and from files; no floors
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Connection } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';
import { bundle } from '../build/bundle.ts';
import {
  Benchmark,
  buildCommand,
  LeastCosts,
  type LoadInputs,
  type MeasuredCost,
  total,
  withConnection,
} from './benchmark.ts';
import { coreOf, versionOf } from './data-standard.ts';
import { measureOds } from './ods.ts';
import { runsOf } from './runs.ts';
import { dropTriggers } from './write-cases.ts';

/** A table that the floor writes. */
export interface FloorTable {
  /** The quoted name, with the schema. */
  readonly name: string;
  /** The quoted names of the columns that are not computed. */
  readonly columns: readonly string[];
  /** The file with its rows, in the text form of COPY. */
  readonly file: string;
}

const tablesQuery = `SELECT c.oid::int AS id, format('%I.%I', n.nspname, c.relname) AS name,
    json_agg(quote_ident(a.attname) ORDER BY a.attnum)::text AS columns,
    (SELECT coalesce(json_agg(k.confrelid::int), '[]')::text FROM pg_constraint AS k WHERE k.conrelid = c.oid AND k.contype = 'f') AS targets
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relkind = 'r' AND n.nspname NOT IN ('information_schema') AND n.nspname NOT LIKE 'pg\\_%'
GROUP BY c.oid, 2 ORDER BY 2`;

/** The number of rows that are read at once. */
const fetched = 5_000;

/** A value in the text form of COPY. */
const field = (value: string | null) =>
  value === null
    ? '\\N'
    : value.replace(/[\\\n\r\t]/g, (match) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[match] ?? '\\\\');

/**
 * Writes the rows after a load, one file per table, with the tables in the order of their foreign keys; returns the
 * number of rows.
 */
async function writeRows(loaded: Connection, empty: Connection, folder: string): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const found = await loaded.query<{ id: number; name: string; columns: string; targets: string }>(
    trusted(tablesQuery),
  );
  const byId = new Map(found.map((each) => [each.id, each]));
  const ordered = new Set<(typeof found)[number]>();
  const visit = (table: (typeof found)[number], around: ReadonlySet<number>) => {
    if (around.has(table.id)) return;
    for (const id of JSON.parse(table.targets) as readonly number[]) {
      const target = byId.get(id);
      if (target) visit(target, new Set([...around, table.id]));
    }
    ordered.add(table);
  };
  for (const table of found) visit(table, new Set());
  const tables: FloorTable[] = [];
  let count = 0;
  for (const { name, columns: text } of ordered) {
    const columns: readonly string[] = JSON.parse(text);
    // skip tables whose rows are seeds
    const [seeds] = await empty.query<{ n: number }>(trusted(`SELECT count(*)::int AS n FROM ${name}`));
    if (seeds?.n !== 0) continue;
    const lines: string[] = [];
    // a row that others of its table refer to has a lower id, while its position in the file changes with each update
    const order = columns.includes('"DocumentId"') ? '"DocumentId"' : 'ctid';
    await loaded.begin('reading');
    await loaded.execute(
      givenScript(
        `DECLARE bench CURSOR FOR SELECT json_build_array(${columns.map((column) => `${column}::text`).join(', ')})::text AS row FROM ${name} ORDER BY ${order}`,
      ),
    );
    for (;;) {
      const rows = await loaded.query<{ row: string }>(trusted(`FETCH ${fetched} FROM bench`));
      for (const { row } of rows)
        lines.push(`${(JSON.parse(row) as readonly (string | null)[]).map(field).join('\t')}\n`);
      if (rows.length < fetched) break;
    }
    await loaded.rollback();
    if (lines.length === 0) continue;
    const file = `${tables.length}.txt`;
    writeFileSync(path.join(folder, file), lines.join(''));
    tables.push({ name, columns, file });
    count += lines.length;
  }
  writeFileSync(path.join(folder, 'tables.json'), JSON.stringify(tables));
  return count;
}

function row(title: string, cost: MeasuredCost, floor?: MeasuredCost): string {
  const numbers = [total(cost), cost.client, cost.server, cost.passed].map((seconds) => seconds.toFixed(1).padStart(9));
  const ratio = floor ? (total(cost) / total(floor)).toFixed(2).padStart(9) : '';
  return `${title.padEnd(36)}${numbers.join('')}${Math.round(cost.megabytes).toString().padStart(9)}${ratio}`;
}

async function measureLoads({ schema, version, documents, runs }: LoadInputs, floor: string): Promise<void> {
  const command = buildCommand();
  await Benchmark.run(command, async (bench) => {
    const out = path.join(bench.folder, 'out');
    const sample = path.join(bench.folder, 'sample');
    const connection = ['--connection-env', 'BENCH_URL'];
    bench.command(['emit', '--schema', schema, '--mapping-version', version, '--dialect', 'pgsql', '--output', out]);
    bench.command(['sample', '--artifacts', out, '--documents', documents, '--output', sample]);
    await bench.create('empty');
    bench.command(['provision', '--artifacts', out, '--dialect', 'pgsql', ...connection], 'empty');
    await bench.create('bare', 'empty');
    await bench.execute('bare', dropTriggers);
    const load = [command, 'load', sample, '--artifacts', out, ...connection];
    const kinds = [
      { title: 'load', args: [], way: 'insert', floor: 'INSERTs of 500 of its rows' },
      { title: 'load --bulk', args: ['--bulk'], way: 'copy', floor: 'COPY of its rows' },
    ] as const;
    const least = new LeastCosts();
    const rows: number[] = [];
    const measure = async ({ title, args, way, floor: under }: (typeof kinds)[number], isFirst: boolean) => {
      await bench.create('loaded', 'empty');
      least.keep(title, await bench.measure([...load, ...args], 'loaded'));
      const folder = path.join(bench.folder, way);
      if (isFirst)
        rows.push(
          await withConnection(bench.urlOf('loaded'), (loaded) =>
            withConnection(bench.urlOf('empty'), (empty) => writeRows(loaded, empty, folder)),
          ),
        );
      await bench.create('loaded', 'bare');
      least.keep(under, await bench.measure([floor, way, folder], 'loaded'));
    };
    for (let run = 0; run < runs; run += 1) for (const kind of kinds) await measure(kind, run === 0);
    const [text] = await withConnection(bench.urlOf('empty'), (each) =>
      each.query<{ version: string }>(trusted(`SELECT current_setting('server_version') AS version`)),
    );
    console.log(
      `PostgreSQL ${text?.version}; ${version}; ${documents} documents; ${rows.join(' and ')} rows, plain and in bulk.`,
    );
    console.log('Processor time and time passed in s, peak memory of the command in MB; the least of the runs.\n');
    const heads = ['cpu', 'client', 'server', 'passed', 'MB', 'ratio'].map((head) => head.padStart(9));
    console.log(`${''.padEnd(36)}${heads.join('')}`);
    for (const { title, floor: under } of kinds) {
      console.log(row(under, least.of(under)));
      console.log(row(title, least.of(title), least.of(under)));
    }
  });
}

/** Calls `work` with the program of the floor, which is bundled because its processor time counts. */
async function withFloor(work: (floor: string) => Promise<void>): Promise<void> {
  // inside the workspace, so that the database clients are found
  const folder = mkdtempSync(path.resolve(import.meta.dirname, '../../node_modules/.dms-bench-'));
  try {
    const entryPoints = { 'floor-rows': path.join(import.meta.dirname, 'floor-rows.ts') };
    const [floor = ''] = (await bundle({ entryPoints, outdir: folder })).bundles;
    await work(floor);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { values, positionals } = parseArgs({
  options: {
    documents: { type: 'string', default: '60000' },
    runs: { type: 'string', default: '3' },
    'mapping-version': { type: 'string', default: 'v1' },
    ods: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const version = versionOf(values['mapping-version']);
const schema = coreOf(positionals[0], version, 'loads');
const inputs: LoadInputs = { schema, version, documents: values.documents, runs: runsOf(values.runs) };
await (values.ods ? measureOds(inputs) : withFloor((floor) => measureLoads(inputs, floor)));
