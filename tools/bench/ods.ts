/** `ods <command> <usage> <schema> <mapping version> <documents> <runs>`: measures reading an ODS as processes, and prints a table. */
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { copiedTables, readMapping } from '@dms/ods';
import { Benchmark, type Cost, total, withConnection } from './benchmark.ts';
import { districtDocuments } from './district-documents.ts';

const suffix = '_src';

async function tablesIn(folder: string) {
  const bytes = await readFile(path.join(folder, 'ods-mapping.json'));
  const mapping = readMapping(bytes, 'ods-mapping.json', JSON.parse(bytes.toString('utf8')).effectiveSchemaHash);
  return copiedTables(mapping, (schema) => `${schema}${suffix}`);
}

/** Gives a database with reporting views the tables of an ODS with the rows of the views; returns how many rows. */
async function fillOds(url: string, folder: string): Promise<number> {
  const tables = await tablesIn(folder);
  return withConnection(url, async (connection) => {
    const schemas = new Set(tables.map(({ table }) => `${table.schema}${suffix}`));
    for (const schema of schemas) await connection.execute(`CREATE SCHEMA ${schema}`);
    for (const { create, copy } of tables) await connection.execute(`${create}; ${copy}`);
    await connection.execute('VACUUM ANALYZE');
    const [row] = await connection.query<{ n: number }>(
      `SELECT sum(n_live_tup)::int4 AS n FROM pg_stat_user_tables WHERE schemaname LIKE '%${suffix}'`,
    );
    return row?.n ?? 0;
  });
}

async function documentsIn(url: string): Promise<number> {
  return withConnection(url, async (connection) => {
    const [row] = await connection.query<{ n: number }>('SELECT count(*)::int4 AS n FROM dms."Document"');
    return row?.n ?? 0;
  });
}

const figure = (number: number, places = 1) => number.toFixed(places).padStart(9);

async function main([command = '', usage = '', schema = '', version = '', count = '', runs = '']: readonly string[]) {
  await Benchmark.run({ command, usage }, async (bench) => {
    const place = (name: string) => path.join(bench.folder, name);
    const [out, read, district] = [place('out'), place('read'), place('district.jsonl')];
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
    const rows = await fillOds(bench.urlOf('ods'), out);
    bench.command(['reporting', 'drop', ...connection], 'ods');
    const ofOds = ['--artifacts', out, '--schema-suffix', suffix];
    const reading = (folder: string) => [
      command,
      'read-ods',
      ...ofOds,
      '--connection-env',
      'BENCH_URL',
      '--output',
      folder,
      '--continue',
    ];
    const fromFiles = [command, 'load', read, '--artifacts', out, ...connection];
    const fromOds = [command, 'load', '--from-ods', bench.urlOf('ods'), ...ofOds, ...connection];
    const least: Record<string, Cost> = {};
    const keep = (title: string, cost: Cost) => {
      const known = least[title];
      if (!known || total(cost) < total(known)) least[title] = cost;
    };
    let documents = 0;
    for (let run = 0; run < Number(runs); run += 1) {
      // the loads read the documents of the first run
      keep('read-ods', await bench.measure(reading(run === 0 ? read : `${read}-${run}`), 'ods'));
      for (const bulk of [[], ['--bulk']])
        for (const [name, args] of [
          ['from files', fromFiles],
          ['--from-ods', fromOds],
        ] as const) {
          await bench.create('loaded', 'empty');
          keep(['load', ...bulk, name].join(' '), await bench.measure([...args, ...bulk], 'loaded'));
          documents = await documentsIn(bench.urlOf('loaded'));
        }
    }
    console.log(`${version}; ${documents} documents, ${rows} rows in tables of the ODS.`);
    console.log('Processor time and time passed in s, peak memory of the command in MB; the least of the runs.\n');
    console.log(
      `${''.padEnd(28)}${['cpu', 'client', 'server', 'passed', 'MB', 'docs/s'].map((head) => head.padStart(9)).join('')}`,
    );
    for (const [title, cost] of Object.entries(least)) {
      const { client, server, passed, megabytes } = cost;
      const numbers = [total(cost), client, server, passed].map((seconds) => figure(seconds));
      console.log(`${title.padEnd(28)}${numbers.join('')}${figure(megabytes, 0)}${figure(documents / passed, 0)}`);
    }
    const of = (title: string): Cost => {
      const cost = least[title];
      if (cost === undefined) throw new Error(`${title} was not measured`);
      return cost;
    };
    const speed = of('load from files').passed / of('read-ods').passed;
    const bulk = total(of('load --bulk --from-ods')) / total(of('load --bulk from files'));
    console.log(`\nreading, documents per second as a multiple of a plain load: ${speed.toFixed(2)} (goal 3)`);
    console.log(`load --bulk, CPU from an ODS as a multiple of that from files: ${bulk.toFixed(2)} (goal 1.3)`);
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
