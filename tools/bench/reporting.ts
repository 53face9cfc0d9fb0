/**
 * Times typical queries of analysts on reporting views, and on the same rows in tables of an ODS with their keys and
 * indexes (design 19 §9). The documents are those of a district; both sides are warm and queried in turn, on a
 * PostgreSQL server from npm.
 *
 *   npm run bench -- reporting                          the second generation, 60,000 documents
 *   npm run bench -- reporting --mapping-version v1     the first generation
 *   npm run bench -- reporting --documents 12000        a smaller district
 *   npm run bench -- reporting --runs 51                runs of each query; the fastest counts
 *   npm run bench -- reporting --only sectiondim        only the queries with these names (repeatable)
 *   npm run bench -- reporting --plans folder           also writes the plans of both sides of each query
 *   npm run bench -- reporting core.json                the core of the data standard 5.2 from another place
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Connection, openDatabase, parseTarget, startPostgresServer } from '@dms/databases';
import { failIfAny } from '@dms/diagnostics';
import {
  applyReporting,
  dropReporting,
  emitArtifacts,
  emitReporting,
  load,
  optionValues,
  provision,
  runOnDatabase,
} from '@dms/operations';
import { trusted } from '@dms/sql';
import { coreOf, versionOf } from './data-standard.ts';
import { districtDocuments } from './district-documents.ts';
import { explained, type Timed } from './explained.ts';
import { fillOdsTables } from './ods-tables.ts';
import { type QueryKind, queryKinds, type ReportQuery, reportQueries } from './report-queries.ts';
import { median, runsOf } from './runs.ts';

/** The rows of a query as one text, to compare both sides. */
async function rowsOf(
  connection: Connection,
  text: string,
): Promise<{ readonly text: string; readonly count: number }> {
  const rows = await connection.query(trusted(text));
  return { text: JSON.stringify(rows.map((row) => JSON.stringify(row)).sort()), count: rows.length };
}

const tablesOf = (text: string) => text.replaceAll('edfi.', 'ods.');

const seconds = async <Result>(work: () => Promise<Result>): Promise<readonly [number, Result]> => {
  const start = performance.now();
  const result = await work();
  return [(performance.now() - start) / 1000, result];
};

interface Ratio {
  readonly kind: QueryKind;
  readonly executed: number;
  readonly whole: number;
}

function printLine(name: string, kind: QueryKind | 'kind' | '', figures: readonly string[]): void {
  console.log(name.padEnd(34) + kind.padEnd(13) + figures.map((figure) => figure.padStart(9)).join(''));
}

/** Times one query over the tables and over the views, and prints both. Throws if their rows differ. */
async function compareQuery(connection: Connection, { kind, name, text }: ReportQuery, runs: number): Promise<Ratio> {
  const rows = await rowsOf(connection, text);
  if (rows.text !== (await rowsOf(connection, tablesOf(text))).text) throw new Error(`${name}: other rows`);
  const found: { readonly tables: Timed[]; readonly views: Timed[] } = { tables: [], views: [] };
  for (let run = 0; run < runs; run += 1) {
    found.tables.push(await explained(connection, tablesOf(text)));
    found.views.push(await explained(connection, text));
  }
  const executed = (side: readonly Timed[]) => Math.min(...side.map(({ execution }) => execution));
  const planned = (side: readonly Timed[]) => Math.min(...side.map(({ planning, execution }) => planning + execution));
  const tables = executed(found.tables);
  const onViews = executed(found.views);
  const ratio = { kind, executed: onViews / tables, whole: planned(found.views) / planned(found.tables) };
  const figures = [tables, onViews, ratio.executed, ratio.whole].map((figure) => figure.toFixed(2));
  printLine(name, kind, [...figures, String(rows.count)]);
  return ratio;
}

function printMedian(name: string, ratios: readonly Ratio[]): void {
  const executed = median(ratios.map((each) => each.executed));
  const whole = median(ratios.map((each) => each.whole));
  printLine(name, '', ['', '', executed.toFixed(2), whole.toFixed(2)]);
  const worst = Math.max(...ratios.map((each) => each.executed));
  console.log(`  at most ${worst.toFixed(2)}`);
}

interface QueryComparison {
  readonly runs: number;
  /** The names of the queries to run; empty for all. */
  readonly only: readonly string[];
  /** The folder for the plans. */
  readonly plans?: string | undefined;
}

/** Writes the plans of the server for a query over the tables and over the views. */
async function writePlans(connection: Connection, { name, text }: ReportQuery, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [side, asked] of [['tables', tablesOf(text)] as const, ['views', text] as const]) {
    const lines = await connection.query<{ 'QUERY PLAN': string }>(trusted(`EXPLAIN (ANALYZE, BUFFERS) ${asked}`));
    writeFileSync(path.join(folder, `${name}.${side}.txt`), `${lines.map((line) => line['QUERY PLAN']).join('\n')}\n`);
  }
}

async function compareQueries(connection: Connection, { runs, only, plans }: QueryComparison): Promise<void> {
  const unknown = only.filter((name) => !reportQueries.some((query) => query.name === name));
  if (unknown.length > 0) throw new Error(`There is no query ${unknown.join(', ')}`);
  printLine('query', 'kind', ['tables', 'views', 'ratio', 'planned', 'rows']);
  const ratios: Ratio[] = [];
  for (const query of reportQueries.filter(({ name }) => only.length === 0 || only.includes(name))) {
    ratios.push(await compareQuery(connection, query, runs));
    if (plans !== undefined) await writePlans(connection, query, plans);
  }
  for (const kind of queryKinds) {
    const ofKind = ratios.filter((each) => each.kind === kind);
    if (ofKind.length > 0) printMedian(`median of ${kind}`, ofKind);
  }
  printMedian('median of all', ratios);
}

async function measure(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      documents: { type: 'string', default: '60000' },
      runs: { type: 'string', default: '21' },
      only: { type: 'string', multiple: true, default: [] },
      plans: { type: 'string' },
      'mapping-version': { type: 'string', default: 'v2' },
    },
    allowPositionals: true,
  });
  const mappingVersion = versionOf(values['mapping-version']);
  const schema = coreOf(positionals[0], mappingVersion, 'reporting');
  const folder = mkdtempSync(path.join(tmpdir(), 'dms-bench-'));
  const server = await startPostgresServer({
    isInMemory: true,
    settings: { shared_buffers: '512MB', max_locks_per_transaction: '256' },
  });
  try {
    await emitArtifacts({ schemas: [schema], mappingVersion, dialects: ['pgsql'], outputDirectory: folder });
    const source = { kind: 'schemas', files: [schema], mappingVersion } as const;
    await emitReporting.run({ source, dialects: ['pgsql'], options: { output: folder } }, {});
    const place = { sources: { connection: server.url }, environment: {}, folder };
    const dialect = 'pgsql';
    const artifacts = { kind: 'artifacts', folder } as const;
    const provisioning = { dialect, source: artifacts, options: optionValues(provision, { verify: false }) } as const;
    await runOnDatabase(provision, provisioning, place, {});
    const documents = districtDocuments(Number(values.documents));
    const input = path.join(folder, 'district.jsonl');
    writeFileSync(input, `${documents.map((document) => JSON.stringify(document)).join('\n')}\n`);
    const { failures = [] } = await runOnDatabase(
      load,
      { dialect, source: artifacts, options: { paths: [input], bulk: true }, placeOf: () => place },
      place,
      {},
    );
    failIfAny(failures);
    const [applied, { views }] = await seconds(() =>
      runOnDatabase(applyReporting, { dialect, source: artifacts, options: {} }, place, {}),
    );
    const { target } = parseTarget(server.url, 'pgsql');
    if (target.kind === 'static') throw new Error(`${server.url} is not a database`);
    const connection = await openDatabase(target);
    try {
      const rows = await fillOdsTables(connection, folder, () => 'ods');
      console.log(
        `${documents.length} documents, ${rows} rows in tables of an ODS, ${views} views applied in ${applied.toFixed(1)} s (${mappingVersion})`,
      );
      await compareQueries(connection, { ...values, runs: runsOf(values.runs) });
    } finally {
      await connection.close();
    }
    const [dropped] = await seconds(() =>
      runOnDatabase(dropReporting, { dialect, source: undefined, options: {} }, place, {}),
    );
    console.log(`dropped in ${dropped.toFixed(1)} s`);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await measure();
