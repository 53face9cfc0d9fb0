/**
 * Times writes on a PostgreSQL server: the cases of `write-cases.ts` on the tables of the data standard 5.2, with and
 * without triggers, for each generation in the same run, and their ratios (design 07 §8.3).
 *
 *   npm run bench -- writes                       both generations, on a separate server, from npm
 *   npm run bench -- writes --scale 0.1           a tenth of the rows
 *   npm run bench -- writes --only document       the cases with that word in their title
 *   npm run bench -- writes --mapping-version v2  one generation; without it both, in turn
 *   npm run bench -- writes --mapping-version v2 core.json   the core of the data standard from another place
 *   DMS_TEST_PGSQL_URL=… npm run bench -- writes  on that server, in databases that it creates and drops
 */

import { parseArgs } from 'node:util';
import { buildEffectiveSchema, loadApiSchemaFiles, type MappingVersion } from '@dms/api-schema';
import { type Connection, startPostgresServer } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import { givenScript, trusted } from '@dms/sql';
import { withConnection } from './benchmark.ts';
import { coreOf, versionOf } from './data-standard.ts';
import { sessionTime } from './processor-time.ts';
import { runsOf } from './runs.ts';
import {
  dropTriggers,
  type GenerationWrites,
  generationWrites,
  prepare,
  type WriteCase,
  writeCases,
} from './write-cases.ts';

interface MeasuredWrites {
  /** CPU time of the session if the server runs on this machine, otherwise elapsed time; in milliseconds. */
  readonly milliseconds: number;
  readonly events: number;
}

async function scriptOf(schema: string, mappingVersion: MappingVersion): Promise<string> {
  const set = buildEffectiveSchema(await loadApiSchemaFiles([{ file: schema }]), { mappingVersion });
  const { model } = deriveModel(set, 'pgsql');
  return emitDdl(model, deriveInventory(model)).script;
}

/** The processor time of the session; undefined if its file cannot be read. */
const cpuOf = (connection: Connection): Promise<number | undefined> => sessionTime(connection).catch(() => undefined);

async function measure(
  url: string,
  { ground, warmUp, statement }: WriteCase,
  { countQuery }: GenerationWrites,
): Promise<MeasuredWrites> {
  const eventCount = async (connection: Connection) => Number((await connection.query(trusted(countQuery)))[0]?.count);
  await withConnection(url, async (connection) => {
    for (const text of [...ground, 'VACUUM ANALYZE']) await connection.execute(givenScript(text));
  });
  return withConnection(url, async (connection) => {
    for (const text of warmUp) await connection.execute(givenScript(text));
    const before = { cpu: await cpuOf(connection), events: await eventCount(connection), time: performance.now() };
    await connection.execute(givenScript(statement));
    const passed = performance.now() - before.time;
    const cpu = await cpuOf(connection);
    const milliseconds = cpu === undefined || before.cpu === undefined ? passed : cpu - before.cpu;
    return { milliseconds, events: (await eventCount(connection)) - before.events };
  });
}

/** A generation to measure. */
interface MeasuredGeneration {
  readonly version: MappingVersion;
  readonly script: string;
  readonly writes: GenerationWrites;
}

async function measureAll(
  server: string,
  { version, script, writes }: MeasuredGeneration,
  scale: number,
  cases: readonly WriteCase[],
  hasTriggers: boolean,
): Promise<MeasuredWrites[]> {
  const name = `dms_bench_${process.pid}_${version.replaceAll('-', '_')}_${hasTriggers ? 'with' : 'without'}`;
  await withConnection(server, (connection) => connection.execute(givenScript(`CREATE DATABASE ${name}`)));
  const url = new URL(server);
  url.pathname = `/${name}`;
  try {
    await withConnection(url.href, async (connection) => {
      await connection.execute(givenScript(script));
      if (!hasTriggers) await connection.execute(givenScript(dropTriggers));
      for (const text of prepare(scale, writes)) await connection.execute(givenScript(text));
    });
    const measured: MeasuredWrites[] = [];
    for (const each of cases) measured.push(await measure(url.href, each, writes));
    return measured;
  } finally {
    await withConnection(server, (connection) => connection.execute(givenScript(`DROP DATABASE ${name} WITH (FORCE)`)));
  }
}

/** The lowest figures of several runs, because other work on the machine can only increase them. */
function lowest(runs: readonly (readonly MeasuredWrites[])[]): MeasuredWrites[] {
  const [first = [], ...others] = runs;
  return first.map((measured, index) => ({
    ...measured,
    milliseconds: Math.min(measured.milliseconds, ...others.map((run) => run[index]?.milliseconds ?? Infinity)),
  }));
}

/** The column heads of a generation. */
const heads = ({ version, writes }: MeasuredGeneration) =>
  `${`${version}: bare`.padStart(12)}${'triggers'.padStart(10)}${'ratio'.padStart(8)}${writes.counted.padStart(10)}`;

function figures(bare: MeasuredWrites, full: MeasuredWrites): string {
  const ratio = (full.milliseconds / bare.milliseconds).toFixed(2);
  const numbers = [
    bare.milliseconds.toFixed(0).padStart(12),
    full.milliseconds.toFixed(0).padStart(10),
    ratio.padStart(8),
  ];
  return `${numbers.join('')}${String(full.events).padStart(10)}`;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      scale: { type: 'string', default: '1' },
      runs: { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
      'mapping-version': { type: 'string' },
    },
    allowPositionals: true,
  });
  const named = values['mapping-version'];
  const [file] = positionals;
  if (file !== undefined && named === undefined)
    throw new Error('A file is for one generation: name it with --mapping-version.');
  const scale = Number(values.scale);
  if (!(scale > 0 && scale <= 1)) throw new Error('--scale takes a number above 0, at most 1.');
  const runs = runsOf(values.runs);
  const cases = writeCases(scale).filter(({ title }) => title.includes(values.only));
  if (cases.length === 0) throw new Error(`No case has "${values.only}" in its title.`);
  const versions: readonly MappingVersion[] = named === undefined ? ['v1', 'v2'] : [versionOf(named)];
  const generations = await Promise.all(
    versions.map(async (version): Promise<MeasuredGeneration> => {
      const script = await scriptOf(coreOf(file, version, 'writes'), version);
      return { version, script, writes: generationWrites[version] };
    }),
  );
  const given = process.env.DMS_TEST_PGSQL_URL;
  const server = given === undefined ? await startPostgresServer() : undefined;
  try {
    const url = given ?? server?.url ?? '';
    const [version] = await withConnection(url, (connection) =>
      connection.query<{ server_version: string }>(trusted('SHOW server_version')),
    );
    console.log(
      `PostgreSQL ${version?.server_version}, scale ${scale}, lowest of ${runs} runs, milliseconds of the session's CPU.\n`,
    );
    const measured = generations.map(() => ({ bare: [] as MeasuredWrites[][], full: [] as MeasuredWrites[][] }));
    for (let run = 0; run < runs; run += 1) {
      for (const [index, generation] of generations.entries()) {
        measured[index]?.bare.push(await measureAll(url, generation, scale, cases, false));
        measured[index]?.full.push(await measureAll(url, generation, scale, cases, true));
      }
    }
    const results = measured.map(({ bare, full }) => ({ bare: lowest(bare), full: lowest(full) }));
    console.log(`${'writes'.padEnd(64)}${generations.map(heads).join('')}`);
    cases.forEach(({ title }, index) => {
      const columns = results.map(({ bare, full }) =>
        figures(bare[index] as MeasuredWrites, full[index] as MeasuredWrites),
      );
      console.log(`${title.padEnd(64)}${columns.join('')}`);
    });
  } finally {
    await server?.stop();
  }
}

await main();
