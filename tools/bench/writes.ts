/** `writes <schema> <scale> <runs> <only> <mapping version>`: measures the cases of `write-cases.ts` with and without triggers and prints the ratios. */
import { buildEffectiveSchema, loadApiSchemaFiles, type MappingVersion, mappingVersionOf } from '@dms/api-schema';
import { startPostgresServer } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import pg from 'pg';
import { dropTriggers, type GenerationWrites, generationWrites, prepare, type WriteCase, writeCases } from './write-cases.ts';

interface Measured {
  /** CPU time of the session if the server runs on this machine, otherwise elapsed time; in milliseconds. */
  readonly milliseconds: number;
  readonly events: number;
}

async function scriptOf(schema: string, mappingVersion: MappingVersion): Promise<string> {
  const set = buildEffectiveSchema(await loadApiSchemaFiles([{ file: schema }]), { mappingVersion });
  const { model } = deriveModel(set, 'pgsql');
  return emitDdl(model, deriveInventory(model)).script;
}

async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** User and system time of the session in clock ticks of 10 ms; undefined if its file cannot be read. */
async function cpuOf(client: pg.Client): Promise<number | undefined> {
  try {
    const { rows } = await client.query(`SELECT pg_read_file('/proc/self/stat') AS stat`);
    const fields = String(rows[0].stat)
      .slice(String(rows[0].stat).lastIndexOf(')') + 2)
      .split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return undefined;
  }
}

async function measure(
  url: string,
  { ground, warmUp, statement }: WriteCase,
  { countQuery }: GenerationWrites,
): Promise<Measured> {
  const eventCount = async (client: pg.Client) => Number((await client.query(countQuery)).rows[0].count);
  await withClient(url, async (client) => {
    for (const text of [...ground, 'VACUUM ANALYZE']) await client.query(text);
  });
  return withClient(url, async (client) => {
    for (const text of warmUp) await client.query(text);
    const before = { cpu: await cpuOf(client), events: await eventCount(client), time: performance.now() };
    await client.query(statement);
    const passed = performance.now() - before.time;
    const cpu = await cpuOf(client);
    const milliseconds = cpu === undefined || before.cpu === undefined ? passed : cpu - before.cpu;
    return { milliseconds, events: (await eventCount(client)) - before.events };
  });
}

async function measureAll(
  server: string,
  script: string,
  scale: number,
  cases: readonly WriteCase[],
  generation: GenerationWrites,
  hasTriggers: boolean,
): Promise<Measured[]> {
  const name = `dms_bench_${process.pid}_${hasTriggers ? 'with' : 'without'}`;
  await withClient(server, (client) => client.query(`CREATE DATABASE ${name}`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  try {
    await withClient(url.href, async (client) => {
      await client.query('BEGIN');
      await client.query(script);
      await client.query('COMMIT');
      if (!hasTriggers) await client.query(dropTriggers);
      for (const text of prepare(scale, generation)) await client.query(text);
    });
    const measured: Measured[] = [];
    for (const each of cases) measured.push(await measure(url.href, each, generation));
    return measured;
  } finally {
    await withClient(server, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
  }
}

/** The lowest of several runs, because other work on the machine can only increase a figure. */
function lowest(runs: readonly (readonly Measured[])[]): Measured[] {
  const [first = [], ...others] = runs;
  return first.map((measured, index) => ({
    ...measured,
    milliseconds: Math.min(measured.milliseconds, ...others.map((run) => run[index]?.milliseconds ?? Infinity)),
  }));
}

async function main([
  schema = '',
  scaleText = '1',
  runsText = '3',
  only = '',
  version = 'v1',
]: readonly string[]): Promise<void> {
  const [scale, runs] = [Number(scaleText), Number(runsText)];
  if (!(scale > 0 && scale <= 1)) throw new Error('--scale takes a number above 0, at most 1.');
  if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs takes a whole number of at least 1.');
  const cases = writeCases(scale).filter(({ title }) => title.includes(only));
  if (cases.length === 0) throw new Error(`No case has "${only}" in its title.`);
  const mappingVersion = mappingVersionOf(version, '--mapping-version');
  const generation = generationWrites[mappingVersion];
  const script = await scriptOf(schema, mappingVersion);
  const given = process.env.DMS_TEST_PGSQL_URL;
  const server = given === undefined ? await startPostgresServer() : undefined;
  try {
    const url = given ?? server?.url ?? '';
    const version = await withClient(url, async (client) => (await client.query('SHOW server_version')).rows[0].server_version);
    console.log(`PostgreSQL ${version}, scale ${scale}, lower of ${runs} runs, milliseconds of the session's CPU.\n`);
    const without: Measured[][] = [];
    const withTriggers: Measured[][] = [];
    for (let run = 0; run < runs; run += 1) {
      without.push(await measureAll(url, script, scale, cases, generation, false));
      withTriggers.push(await measureAll(url, script, scale, cases, generation, true));
    }
    const [bare, full] = [lowest(without), lowest(withTriggers)];
    console.log(
      `${'writes'.padEnd(52)}${'no triggers'.padStart(12)}${'triggers'.padStart(10)}${'ratio'.padStart(8)}${generation.counted.padStart(10)}`,
    );
    cases.forEach(({ title }, index) => {
      const [a, b] = [bare[index] as Measured, full[index] as Measured];
      const ratio = (b.milliseconds / a.milliseconds).toFixed(2);
      const figures = [a.milliseconds.toFixed(0).padStart(12), b.milliseconds.toFixed(0).padStart(10), ratio.padStart(8)];
      console.log(`${title.padEnd(52)}${figures.join('')}${String(b.events).padStart(10)}`);
    });
  } finally {
    await server?.stop();
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
