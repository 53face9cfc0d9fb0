/**
 * `measured-upgrade <core> <extension> <count>`: upgrades a database with this many documents and prints the cost as
 * JSON, part by part.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildEffectiveSchema, documentSchemas, loadApiSchemaFiles } from '@dms/api-schema';
import { type Connection, openDatabase, parseTarget, startPostgresServer } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { type DocumentPlans, documentPlans, sampleDocuments } from '@dms/documents';
import { deriveInventory } from '@dms/inventory';
import { DocumentFolder, loadDocuments } from '@dms/loading';
import { compileMappingSet } from '@dms/plans';
import { givenScript, trusted } from '@dms/sql';
import { applyUpgrade, type ComparedSet, planUpgrade, surveyUpgrade } from '@dms/upgrade';
import { sessionTime } from './processor-time.ts';

interface ProvisionedForUpgrade extends ComparedSet {
  readonly script: string;
  readonly plans: DocumentPlans;
}

async function provisioned(schemas: readonly string[]): Promise<ProvisionedForUpgrade> {
  const set = buildEffectiveSchema(await loadApiSchemaFiles(schemas.map((file) => ({ file }))));
  const { model } = deriveModel(set, 'pgsql');
  const inventory = deriveInventory(model);
  const plans = documentPlans(compileMappingSet(model), inventory);
  return {
    info: model.effectiveSchema,
    model,
    inventory,
    ...emitDdl(model, inventory),
    plans,
    schemas: documentSchemas(set),
  };
}

function open(url: string): Promise<Connection> {
  const { target } = parseTarget(url, 'pgsql');
  if (target.kind === 'static') throw new Error(`${url} is not a database`);
  return openDatabase(target);
}

/** Fills a database with a sample, like `dms-ddl load` on two connections. */
async function loaded(
  url: string,
  { model, plans, script }: ProvisionedForUpgrade,
  count: number,
): Promise<{ readonly load: number; readonly documents: number }> {
  const connections = [await open(url), await open(url)] as const;
  const parent = mkdtempSync(path.join(tmpdir(), 'dms-bench-'));
  try {
    await connections[0].begin();
    await connections[0].execute(givenScript(script));
    await connections[0].commit();
    const folder = path.join(parent, 'sample');
    await DocumentFolder.write(folder, model, async (files) => {
      for (const { resource, document } of sampleDocuments(model, { documents: count, seed: 3 }))
        await files.add(resource, document);
    });
    const start = performance.now();
    const { isStopped } = await loadDocuments(connections, plans, [folder]);
    if (isStopped) throw new Error('a document of the sample cannot be loaded');
    const load = performance.now() - start;
    // as after autovacuum on a server that was loaded a day ago
    await connections[0].execute(givenScript('VACUUM ANALYZE'));
    const [row] = await connections[0].query<{ n: number }>(trusted('SELECT count(*)::int AS n FROM dms."Document"'));
    return { load, documents: row?.n ?? 0 };
  } finally {
    for (const connection of connections) await connection.close();
    rmSync(parent, { recursive: true, force: true });
  }
}

interface MeasuredPart {
  readonly part: string;
  readonly milliseconds: number;
}

/** Splits the time of an upgrade into parts, by the statements sent to the database and by the progress. */
class Parts {
  readonly list: MeasuredPart[] = [];
  private name = 'plan';
  private since = performance.now();

  /** Ends the current part and begins the next. */
  turn(name: string): void {
    const now = performance.now();
    this.list.push({ part: this.name, milliseconds: now - this.since });
    [this.name, this.since] = [name, now];
  }

  /** Begins a part if the name of the current one matches `earlier`. */
  after(earlier: RegExp, name: string): void {
    if (earlier.test(this.name)) this.turn(name);
  }
}

/** The cost of an upgrade: total milliseconds, CPU of this process and the session, and time by part. */
export interface MeasuredUpgrade {
  readonly milliseconds: number;
  /** The estimate of `upgrade plan` for `upgrade apply`, which includes reading the artifacts. */
  readonly estimate: number;
  readonly cpu: number;
  readonly statements: number;
  readonly parts: readonly MeasuredPart[];
}

/** The output of the process. */
export interface MeasuredRun extends MeasuredUpgrade {
  readonly version: string;
  readonly documents: number;
  readonly load: number;
  readonly megabytes: number;
}

async function upgraded(
  url: string,
  before: ProvisionedForUpgrade,
  after: ProvisionedForUpgrade,
): Promise<MeasuredUpgrade> {
  const connection = await open(url);
  try {
    const { estimate } = await surveyUpgrade(connection, before, after, { plan: planUpgrade(before, after) });
    const server = await sessionTime(connection);
    const own = process.cpuUsage();
    const start = performance.now();
    const parts = new Parts();
    const watched: Connection = {
      ...connection,
      queryAll: (statements, limits) => {
        parts.after(/^plan$/, 'state, counts and checks');
        return connection.queryAll(statements, limits);
      },
      queryEach: (texts, limits) => {
        parts.after(/^step/, 'comparison and counts');
        return connection.queryEach(texts, limits);
      },
      commit: () => {
        parts.turn('commit');
        return connection.commit();
      },
    };
    let last = -1;
    const { outcome, plan } = await applyUpgrade(watched, before, after, {
      onProgress: ({ step, title }) => {
        if (step !== last) parts.turn(`step ${step}: ${title}`);
        last = step;
      },
    });
    parts.turn('');
    if (outcome !== 'upgraded') throw new Error(`the database is ${outcome}`);
    const milliseconds = performance.now() - start;
    const { user, system } = process.cpuUsage(own);
    const cpu = (user + system) / 1000 + (await sessionTime(connection)) - server;
    return {
      milliseconds,
      estimate: 1000 * (estimate?.time?.whole ?? 0),
      cpu,
      statements: plan.statements.length,
      parts: parts.list,
    };
  } finally {
    await connection.close();
  }
}

async function main([core = '', extension = '', count = '']: readonly string[]): Promise<void> {
  const before = await provisioned([core]);
  const after = await provisioned([core, extension]);
  const server = process.env.DMS_TEST_PGSQL_URL === undefined ? await startPostgresServer() : undefined;
  const url = process.env.DMS_TEST_PGSQL_URL ?? server?.url ?? '';
  const administrator = await open(url);
  const name = `dms_bench_${process.pid}`;
  const own = new URL(url);
  own.pathname = `/${name}`;
  try {
    await administrator.execute(givenScript(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`));
    try {
      const { load, documents } = await loaded(own.href, before, Number(count));
      const [row] = await administrator.query<{ version: string; mb: number }>(
        trusted(
          `SELECT current_setting('server_version') AS version, (pg_database_size('${name}') / 1000000)::int AS mb`,
        ),
      );
      const measured = await upgraded(own.href, before, after);
      const run: MeasuredRun = { version: row?.version ?? '', documents, load, megabytes: row?.mb ?? 0, ...measured };
      console.log(JSON.stringify(run));
    } finally {
      await administrator.execute(givenScript(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    }
  } finally {
    await administrator.close();
    await server?.stop();
  }
}

await main(process.argv.slice(2));
