/**
 * Times `dms-ddl upgrade apply --translation` of generated documents of the data standard 5.2 with TPDM to 6.1, beside
 * a copy of them by `dump`, `translate` and `load --bulk`. The rewritten documents account for a share of the time of
 * the copy, by their number. The same upgrade of a database without documents shows the time of its statements. Ratios
 * are those of elapsed time and of CPU. Uses a separate PostgreSQL server, from npm. Needs Linux.
 *
 *   npm run bench -- in-place                              20,000 documents
 *   npm run bench -- in-place --documents 100000           another number
 *   npm run bench -- in-place --mapping-version v2         in the second generation
 *   npm run bench -- in-place --before <file> --after <file> --translation <file>    between other schemas
 */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { trusted } from '@dms/sql';
import { Benchmark, buildCommand, LeastCosts, type MeasuredCost, total, withConnection } from './benchmark.ts';
import { dataStandard, standard61, tpdm, versionOf } from './data-standard.ts';

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '20000' },
    'mapping-version': { type: 'string', default: 'v1' },
    before: { type: 'string', multiple: true },
    after: { type: 'string', multiple: true, default: [standard61.stripped] },
    translation: { type: 'string', default: 'ed-fi-5.2-to-6.1' },
  },
});
const version = versionOf(values['mapping-version']);
const earlier = values.before ?? [dataStandard(version), tpdm];
const missing = [...earlier, ...values.after].find((file) => !existsSync(file));
if (missing !== undefined) {
  console.error(`${missing} does not exist; this benchmark needs the data standards 5.2 with TPDM and 6.1.`);
  process.exit(1);
}

interface PlannedResource {
  readonly is: string;
  readonly written?: number;
}

/** The number of documents that a plan rewrites. */
function writtenAgain(file: string): number {
  const { translation }: { readonly translation: readonly PlannedResource[] } = JSON.parse(readFileSync(file, 'utf8'));
  const again = translation.filter(({ is }) => is === 'rewritten' || is === 'new');
  return again.reduce((sum, { written = 0 }) => sum + written, 0);
}

/** The costs of which ratios are printed; CPU is that of the process and the server. */
const ratios: readonly (readonly [of: string, cost: (measured: MeasuredCost) => number])[] = [
  ['time', ({ passed }) => passed],
  ['CPU', total],
];

const command = buildCommand();
await Benchmark.run(command, async (bench) => {
  const place = (name: string) => path.join(bench.folder, name);
  const schemas = (...files: readonly string[]) => files.flatMap((file) => ['--schema', file]);
  const emit = ['emit', '--dialect', 'pgsql', '--mapping-version', version, '--output'];
  bench.command([...emit, place('before'), ...schemas(...earlier)]);
  bench.command([...emit, place('after'), ...schemas(...values.after)]);
  const database = ['--connection-env', 'BENCH_URL'];
  const of = (folder: string) => ['--artifacts', place(folder), ...database];
  const sets = ['--before', place('before'), '--after', place('after'), '--translation', values.translation];
  bench.command([
    'sample',
    '--artifacts',
    place('before'),
    '--documents',
    values.documents,
    '--output',
    place('sample'),
  ]);
  await bench.create('empty');
  bench.command(['provision', '--dialect', 'pgsql', ...of('before')], 'empty');
  await bench.create('given', 'empty');
  bench.command(['load', place('sample'), '--bulk', ...of('before')], 'given');
  await bench.execute('given', 'VACUUM ANALYZE');
  const costs = new LeastCosts();
  const measure = async (title: string, args: readonly string[], name: string, expected = 0) =>
    costs.keep(title, await bench.measure([command, ...args], name, { expected: [expected] }));
  const rejects = (name: string) => ['--rejects', place(`${name}.jsonl`)];
  bench.command(['upgrade', 'plan', ...sets, ...database, ...rejects('planned'), '--output', place('plan')], 'given');
  await measure('dump', ['dump', ...of('before'), '--output', place('dump')], 'given');
  // some generated documents lack values that 6.1 requires
  const later = ['--output', place('later'), '--keep-ids', '--continue', ...rejects('translated')];
  const code = existsSync(place('planned.jsonl')) ? 1 : 0;
  await measure('translate', ['translate', place('dump'), ...sets, ...later], 'postgres', code);
  await bench.create('fresh');
  bench.command(['provision', '--dialect', 'pgsql', ...of('after')], 'fresh');
  await measure('load --bulk', ['load', place('later'), '--bulk', ...of('after')], 'fresh');
  await measure('upgrade apply', ['upgrade', 'apply', ...sets, ...database, ...rejects('applied')], 'given');
  await measure('the same without documents', ['upgrade', 'apply', ...sets, ...database], 'empty');
  for (const [title, { client, server, passed, megabytes }] of costs.entries())
    console.log(
      `${title.padEnd(30)}${passed.toFixed(1).padStart(8)} s${client.toFixed(1).padStart(8)} s CPU${server.toFixed(1).padStart(8)} s of the server${Math.round(megabytes).toString().padStart(6)} MB`,
    );
  const again = writtenAgain(path.join(place('plan'), 'upgrade.pgsql.json'));
  const all = await withConnection(bench.urlOf('fresh'), async (connection) => {
    const [row] = await connection.query<{ n: number }>(trusted('SELECT count(*)::int AS n FROM dms."Document"'));
    return row?.n ?? 0;
  });
  console.log(`${again} of ${all} documents are written again`);
  for (const [of, cost] of ratios) {
    const copy = cost(costs.of('dump')) + cost(costs.of('translate')) + cost(costs.of('load --bulk'));
    const apply = cost(costs.of('upgrade apply'));
    const documents = apply - cost(costs.of('the same without documents'));
    const share = (copy * again) / all;
    console.log(`${of}: in place ${(apply / copy).toFixed(2)} of the copy of all`);
    console.log(
      `${of}: what documents add ${(documents / share).toFixed(2)} of the copy of those that are written again`,
    );
  }
});
