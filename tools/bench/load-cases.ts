/**
 * Times loads that the database makes difficult, each beside the same load without the difficulty: documents that the
 * database refuses, by a plain load and in bulk, and a chain of documents in reverse order of their references (design
 * 14 §5). Uses the schemas of this repository, on a separate PostgreSQL server, from npm. Each run has a new database;
 * of several runs of a kind the one with the least processor time counts. Needs Linux.
 *
 *   npm run bench -- load-cases                     20,000 students, a chain of 3,000 districts, three runs of each kind
 *   npm run bench -- load-cases --documents 100000  more students
 *   npm run bench -- load-cases --chain 10000       a longer chain
 *   npm run bench -- load-cases --runs 1            fewer runs
 *   npm run bench -- load-cases --command cli.mjs   another build of the command, to compare with
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Benchmark, buildCommand, LeastCosts, type MeasuredCost, total } from './benchmark.ts';
import { runsOf } from './runs.ts';

/** The trigger refuses every 100th student. */
const refusedEvery = 100;

/** A trigger as a user might add it to a table. */
const refusingTrigger = `CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW."FamilyName" = 'refused' THEN RAISE EXCEPTION 'refused'; END IF;
    RETURN NEW;
END$$;
CREATE TRIGGER refuse BEFORE INSERT ON campus."Student" FOR EACH ROW EXECUTE FUNCTION public.refuse()`;

const student = (id: number, isRefused: boolean) => ({
  studentUniqueId: String(id),
  familyName: isRefused ? 'refused' : `Family ${id}`,
  givenName: `Given ${id}`,
  preferredName: 'Sam',
  birth: { birthDate: '2010-05-06', birthCity: 'Springfield', multipleBirth: false },
  identificationDocuments: [
    {
      documentNumber: `N${id}`,
      issuingAuthority: 'Office',
      validity: { issuedOn: '2020-01-02', renewals: [{ renewedOn: '2022-01-02', remark: 'in time' }] },
    },
    { documentNumber: `M${id}`, issuingAuthority: 'Ministry' },
  ],
});

/** A chain of districts: each is part of the one before it. */
const district = (id: number) => ({
  districtId: id,
  districtName: `District ${id}`,
  ...(id > 1 ? { parentDistrictReference: { districtId: id - 1 } } : {}),
});

interface MeasuredLoad {
  readonly title: string;
  /** The title of the same load without the difficulty. */
  readonly beside: string;
  readonly folder: string;
  readonly args: readonly string[];
  /** The expected exit code of the load. */
  readonly status: number;
}

function line(title: string, cost: MeasuredCost, beside: MeasuredCost): string {
  const numbers = [total(cost), cost.client, cost.server, cost.passed].map((seconds) => seconds.toFixed(2).padStart(9));
  const ratio = (total(cost) / total(beside)).toFixed(2).padStart(9);
  return `${title.padEnd(36)}${numbers.join('')}${Math.round(cost.megabytes).toString().padStart(9)}${ratio}`;
}

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '20000' },
    chain: { type: 'string', default: '3000' },
    runs: { type: 'string', default: '3' },
    command: { type: 'string' },
  },
});

async function main(): Promise<void> {
  const { documents, chain: length } = values;
  const runs = runsOf(values.runs);
  const schema = path.resolve(import.meta.dirname, '../../fixtures/schemas/campus/ApiSchema.json');
  const command = values.command === undefined ? buildCommand() : path.resolve(values.command);
  await Benchmark.run(command, async (bench) => {
    const out = path.join(bench.folder, 'out');
    const connection = ['--connection-env', 'BENCH_URL'];
    const filled = (name: string, endpoint: string, records: readonly object[]) => {
      const folder = path.join(bench.folder, name);
      mkdirSync(path.join(folder, 'campus'), { recursive: true });
      const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
      writeFileSync(path.join(folder, 'campus', `${endpoint}.jsonl`), text);
      return folder;
    };
    const numbers = (count: string) => Array.from({ length: Number(count) }, (_, index) => index + 1);
    const students = (isBad: boolean) => numbers(documents).map((id) => student(id, isBad && id % refusedEvery === 7));
    const chain = numbers(length).map(district);
    const good = filled('good', 'students', students(false));
    const bad = filled('bad', 'students', students(true));
    const parents = filled('parents', 'districts', chain);
    const children = filled('children', 'districts', chain.toReversed());
    const cases: readonly MeasuredLoad[] = [
      { title: 'load', beside: 'load', folder: good, args: [], status: 0 },
      { title: 'load, 1 in 100 refused', beside: 'load', folder: bad, args: ['--continue'], status: 1 },
      { title: 'load --bulk', beside: 'load --bulk', folder: good, args: ['--bulk'], status: 0 },
      {
        title: 'load --bulk, 1 in 100 refused',
        beside: 'load --bulk',
        folder: bad,
        args: ['--bulk', '--continue'],
        status: 1,
      },
      { title: 'a chain, parents first', beside: 'a chain, parents first', folder: parents, args: [], status: 0 },
      { title: 'a chain, children first', beside: 'a chain, parents first', folder: children, args: [], status: 0 },
      {
        title: 'a chain in bulk, parents first',
        beside: 'a chain in bulk, parents first',
        folder: parents,
        args: ['--bulk'],
        status: 0,
      },
      {
        title: 'a chain in bulk, children first',
        beside: 'a chain in bulk, parents first',
        folder: children,
        args: ['--bulk'],
        status: 0,
      },
    ];
    bench.command(['emit', '--schema', schema, '--dialect', 'pgsql', '--output', out]);
    await bench.create('empty');
    bench.command(['provision', '--artifacts', out, '--dialect', 'pgsql', ...connection], 'empty');
    await bench.execute('empty', refusingTrigger);
    const least = new LeastCosts();
    for (let run = 0; run < runs; run += 1)
      for (const { title, folder, args, status } of cases) {
        await bench.create('loaded', 'empty');
        const load = [command, 'load', folder, '--artifacts', out, ...connection, ...args];
        least.keep(title, await bench.measure(load, 'loaded', { expected: [status] }));
      }
    console.log(
      `${documents} students; a chain of ${length} districts. Processor time and time passed in s, peak memory in MB.\n`,
    );
    const heads = ['cpu', 'client', 'server', 'passed', 'MB', 'ratio'].map((head) => head.padStart(9));
    console.log(`${''.padEnd(36)}${heads.join('')}`);
    for (const { title, beside } of cases) console.log(line(title, least.of(title), least.of(beside)));
  });
}

await main();
