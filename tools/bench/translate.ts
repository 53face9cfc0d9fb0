/**
 * Times `dms-ddl translate` of generated documents of the data standard 5.2 with TPDM to 6.1, with all schema checks,
 * beside `translate` without rules, which reads, checks and writes them, a program that only parses and writes them,
 * and `dms-ddl dump` of them on a separate PostgreSQL server, from npm. A quarter of the documents is measured too,
 * because the memory must not grow with the documents. The output of a run is removed before the next one. Of several
 * runs of a kind the one with the least processor time counts. Needs Linux.
 *
 *   npm run bench -- translate                       400,000 documents, one run of each kind
 *   npm run bench -- translate --documents 60000     fewer documents
 *   npm run bench -- translate --runs 3              more runs
 *   npm run bench -- translate --no-dump             without a server
 *   npm run bench -- translate --before <file> --after <file> --translation <file>    between other schemas
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Benchmark, buildCommand, LeastCosts, type MeasuredCost } from './benchmark.ts';
import { dataStandard, standard61, tpdm } from './data-standard.ts';
import { countOf, runsOf } from './runs.ts';

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '400000' },
    runs: { type: 'string', default: '1' },
    'no-dump': { type: 'boolean', default: false },
    before: { type: 'string', multiple: true, default: [dataStandard('v1'), tpdm] },
    after: { type: 'string', multiple: true, default: [standard61.stripped] },
    translation: { type: 'string', default: 'ed-fi-5.2-to-6.1' },
  },
});
const runs = runsOf(values.runs);
const documents = countOf('documents', values.documents);
const missing = [...values.before, ...values.after].find((file) => !existsSync(file));
if (missing !== undefined) {
  console.error(`${missing} does not exist; this benchmark needs the data standards 5.2 with TPDM and 6.1.`);
  process.exit(1);
}

/** The number of documents that a run has read, by its accounting. */
const readDocuments = (file: string): number => JSON.parse(readFileSync(file, 'utf8')).read;

const command = buildCommand();
await Benchmark.run(command, async (bench) => {
  const place = (name: string) => path.join(bench.folder, name);
  const schemas = (...files: readonly string[]) => files.flatMap((file) => ['--schema', file]);
  const emit = ['emit', '--dialect', 'pgsql', '--output'];
  bench.command([...emit, place('before'), ...schemas(...values.before)]);
  bench.command([...emit, place('after'), ...schemas(...values.after)]);
  const sets = ['--before', place('before'), '--after', place('after'), '--translation', values.translation];
  const floor = path.join(import.meta.dirname, 'floor-documents.mjs');
  const sizes = [Math.ceil(documents / 4), documents];
  const costs = new LeastCosts();
  const read = new Map<string, number>();
  /** Measures a program that fills a new folder, and removes the folder. */
  const filling = async (
    title: string,
    args: (output: string) => readonly string[],
    database = 'postgres',
    expected: readonly number[] = [0],
  ) => {
    const output = place('output');
    costs.keep(title, await bench.measure(args(output), database, { expected }));
    rmSync(output, { recursive: true });
  };
  const rejects = ['--continue', '--rejects', place('rejects.jsonl')];
  const count = place('count.json');
  for (const size of sizes) {
    const sample = place(`sample-${size}`);
    bench.command(['sample', '--artifacts', place('before'), '--documents', String(size), '--output', sample]);
    const translate = [command, 'translate', sample];
    for (let run = 0; run < runs; run += 1) {
      const carried = (output: string) => [...translate, ...sets, '--output', output, ...rejects];
      // some generated documents may lack values that are required later
      await filling(`translate ${size}`, carried, 'postgres', [0, 1]);
      const plain = [...translate, '--before', place('before')];
      await filling(`without rules ${size}`, (output) => [...plain, '--output', output]);
      await filling(`parse and write ${size}`, (output) => [floor, sample, output, count]);
      read.set(String(size), readDocuments(count));
    }
    if (!values['no-dump']) {
      const connection = ['--artifacts', place('before'), '--connection-env', 'BENCH_URL'];
      await bench.create('loaded');
      bench.command(['provision', '--dialect', 'pgsql', ...connection], 'loaded');
      bench.command(['load', sample, '--bulk', ...connection], 'loaded');
      const dump = [command, 'dump', ...connection];
      for (let run = 0; run < runs; run += 1)
        await filling(`dump ${size}`, (output) => [...dump, '--output', output], 'loaded');
    }
    rmSync(sample, { recursive: true });
  }
  const row = (title: string, cells: readonly string[]) =>
    console.log(`${title.padEnd(28)}${cells.map((cell) => cell.padStart(12)).join('')}`);
  row('', ['documents', 'CPU', 'of no rules', 'passed', 'per second', 'MB']);
  for (const [title, cost] of costs.entries()) {
    const size = title.split(' ').at(-1) ?? '';
    const count = read.get(size) ?? 0;
    const ratio = (of: MeasuredCost) => (cost.client / of.client).toFixed(2);
    row(title, [
      String(count),
      cost.client.toFixed(1),
      ratio(costs.of(`without rules ${size}`)),
      cost.passed.toFixed(1),
      String(Math.round(count / cost.passed)),
      String(Math.round(cost.megabytes)),
    ]);
  }
});
