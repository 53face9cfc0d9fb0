import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { trusted } from '@dms/sql';
import { Benchmark, buildCommand, LeastCosts, type LoadInputs, total, withConnection } from './benchmark.ts';
import { districtDocuments } from './district-documents.ts';
import { fillOdsTables } from './ods-tables.ts';

const suffix = '_src';

async function documentsIn(url: string): Promise<number> {
  return withConnection(url, async (connection) => {
    const [row] = await connection.query<{ n: number }>(trusted('SELECT count(*)::int4 AS n FROM dms."Document"'));
    return row?.n ?? 0;
  });
}

const figure = (number: number, places = 1) => number.toFixed(places).padStart(9);

/** Measures processes that read an ODS, and that load from it and from files; prints a table. */
export async function measureOds({ schema, version, documents: count, runs }: LoadInputs): Promise<void> {
  const command = buildCommand();
  await Benchmark.run(command, async (bench) => {
    const place = (name: string) => path.join(bench.folder, name);
    const out = place('out');
    const read = place('read');
    const district = place('district.jsonl');
    const connection = ['--dialect', 'pgsql', '--connection-env', 'BENCH_URL'];
    const source = ['--schema', schema, '--mapping-version', version];
    bench.command(['emit', ...source, '--dialect', 'pgsql', '--output', out]);
    const lines = districtDocuments(Number(count)).map((document) => `${JSON.stringify(document)}\n`);
    writeFileSync(district, lines.join(''));
    bench.command(['reporting', 'emit', ...source, '--dialect', 'pgsql', '--output', out]);
    await bench.create('empty');
    bench.command(['provision', '--artifacts', out, ...connection], 'empty');
    await bench.create('ods', 'empty');
    bench.command(['load', district, '--artifacts', out, '--bulk', ...connection], 'ods');
    bench.command(['reporting', 'apply', '--artifacts', out, ...connection], 'ods');
    const rows = await withConnection(bench.urlOf('ods'), (ods) =>
      fillOdsTables(ods, out, (name) => `${name}${suffix}`),
    );
    bench.command(['reporting', 'drop', ...connection], 'ods');
    const ofOds = ['--artifacts', out, '--schema-suffix', suffix];
    const reading = [command, 'read-ods', ...ofOds, '--connection-env', 'BENCH_URL', '--output'];
    const fromFiles = [command, 'load', read, '--artifacts', out, ...connection];
    const fromOds = [command, 'load', '--from-ods', bench.urlOf('ods'), ...ofOds, ...connection];
    const loads = [[], ['--bulk']].flatMap((bulk) => [
      { title: ['load', ...bulk, 'from files'].join(' '), args: [...fromFiles, ...bulk] },
      { title: ['load', ...bulk, '--from-ods'].join(' '), args: [...fromOds, ...bulk] },
    ]);
    const least = new LeastCosts();
    let documents = 0;
    for (let run = 0; run < runs; run += 1) {
      // the loads use the documents of the first run
      least.keep('read-ods', await bench.measure([...reading, run === 0 ? read : `${read}-${run}`], 'ods'));
      for (const { title, args } of loads) {
        await bench.create('loaded', 'empty');
        least.keep(title, await bench.measure(args, 'loaded'));
        documents = await documentsIn(bench.urlOf('loaded'));
      }
    }
    console.log(`${version}; ${documents} documents, ${rows} rows in tables of the ODS.`);
    console.log('Processor time and time passed in s, peak memory of the command in MB; the least of the runs.\n');
    console.log(
      `${''.padEnd(28)}${['cpu', 'client', 'server', 'passed', 'MB', 'docs/s'].map((head) => head.padStart(9)).join('')}`,
    );
    for (const [title, cost] of least.entries()) {
      const { client, server, passed, megabytes } = cost;
      const numbers = [total(cost), client, server, passed].map((seconds) => figure(seconds));
      console.log(`${title.padEnd(28)}${numbers.join('')}${figure(megabytes, 0)}${figure(documents / passed, 0)}`);
    }
    const speed = least.of('load from files').passed / least.of('read-ods').passed;
    const bulk = total(least.of('load --bulk --from-ods')) / total(least.of('load --bulk from files'));
    console.log(`\nreading, documents per second as a multiple of a plain load: ${speed.toFixed(2)} (goal 3)`);
    console.log(`load --bulk, CPU from an ODS as a multiple of that from files: ${bulk.toFixed(2)} (goal 1.3)`);
  });
}
