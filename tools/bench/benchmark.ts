import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Connection, openDatabase, parseTarget, startPostgresServer } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';
import { costOf, type MeasuredProgram, type ProcessCost } from './paired-processes.ts';

/** The cost of a run: seconds of processor time, elapsed seconds, MB. */
export interface MeasuredCost {
  readonly client: number;
  readonly server: number;
  readonly passed: number;
  readonly megabytes: number;
}

export const total = ({ client, server }: MeasuredCost) => client + server;

/** The least cost of each kind of run. */
export class LeastCosts {
  private readonly costs = new Map<string, MeasuredCost>();

  keep(title: string, cost: MeasuredCost): void {
    const known = this.costs.get(title);
    if (!known || total(cost) < total(known)) this.costs.set(title, cost);
  }

  of(title: string): MeasuredCost {
    const cost = this.costs.get(title);
    if (cost === undefined) throw new Error(`${title} was not measured`);
    return cost;
  }

  entries(): Iterable<readonly [string, MeasuredCost]> {
    return this.costs;
  }
}

/** The inputs of a measurement of loads. */
export interface LoadInputs {
  readonly schema: string;
  readonly version: string;
  readonly documents: string;
  readonly runs: number;
}

const root = path.resolve(import.meta.dirname, '../..');

/** The file of the built command of a clone. */
export const builtCommand = (clone: string): string => path.join(clone, 'libs/product/cli/dist/cli.mjs');

/** Builds the command of this workspace, unless `BENCH_COMMAND` names a build of it; returns its file. */
export function buildCommand(): string {
  const built = process.env.BENCH_COMMAND;
  if (built !== undefined) return built;
  execFileSync(process.execPath, ['--import', 'tsx', path.join(root, 'tools/build/packages.ts')], {
    stdio: 'inherit',
  });
  return builtCommand(root);
}

function open(url: string): Promise<Connection> {
  const { target } = parseTarget(url, 'pgsql');
  if (target.kind === 'static') throw new Error('no database');
  return openDatabase(target);
}

export async function withConnection<Result>(
  url: string,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await open(url);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** Facts of Linux about a process: its parent, its own clock ticks, and the ticks of its children that have ended. */
function statOf(pid: string | number) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const at = (index: number) => fields[index] ?? 0;
    return { parent: at(1), own: at(11) + at(12), ended: at(13) + at(14) };
  } catch {
    return { parent: -1, own: 0, ended: 0 };
  }
}

/** The seconds of processor time that a server has used so far, with all its processes. */
function serverSeconds(server: number): number {
  const { own, ended } = statOf(server);
  const others = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf)
    .filter(({ parent }) => parent === server);
  return others.reduce((sum, each) => sum + each.own, own + ended) / 100;
}

/** How a program is run; its folder of caches is one of the benchmark if absent. */
export type RunConditions = Pick<MeasuredProgram, 'expected' | 'caches'>;

/** Databases on a separate server, and the cost of processes that work with them. */
export class Benchmark {
  private readonly url: string;
  private readonly server: number;
  private readonly program: string;
  readonly folder: string;

  private constructor(url: string, server: number, program: string, folder: string) {
    this.url = url;
    this.server = server;
    this.program = program;
    this.folder = folder;
  }

  /** @param program the file of the command */
  static async run(program: string, work: (bench: Benchmark) => Promise<void>): Promise<void> {
    const server = await startPostgresServer();
    const folder = mkdtempSync(path.join(tmpdir(), 'dms-bench-'));
    try {
      const [row] = await withConnection(server.url, (connection) =>
        connection.query<{ text: string }>(trusted(`SELECT pg_read_file('postmaster.pid') AS text`)),
      );
      await work(new Benchmark(server.url, Number.parseInt(row?.text ?? '', 10), program, folder));
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await server.stop();
    }
  }

  urlOf(database: string): string {
    const own = new URL(this.url);
    own.pathname = `/${database}`;
    return own.href;
  }

  /** Runs texts, each in a separate transaction. */
  async execute(database: string, ...texts: readonly string[]): Promise<void> {
    await withConnection(this.urlOf(database), async (connection) => {
      for (const text of texts) await connection.execute(givenScript(text));
    });
  }

  /** Creates a database, empty or as a copy of another one; drops an existing one of this name first. */
  async create(database: string, template = 'template0'): Promise<void> {
    const collation = template === 'template0' ? ` ENCODING 'UTF8' LOCALE 'C'` : '';
    await this.execute(
      'postgres',
      `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`,
      `CREATE DATABASE ${database} TEMPLATE ${template}${collation}`,
      'CHECKPOINT',
    );
  }

  /** Runs the command. */
  command(args: readonly string[], database = 'postgres'): void {
    this.node([this.program, ...args], database);
  }

  /** Runs a program with a database; returns its cost without that of the server. */
  private node(args: readonly string[], database: string, conditions: RunConditions = {}): ProcessCost {
    const env = { BENCH_URL: this.urlOf(database) };
    return costOf({ caches: path.join(this.folder, 'caches'), ...conditions, args, env }, this.folder);
  }

  /** Measures a program. */
  async measure(args: readonly string[], database: string, conditions?: RunConditions): Promise<MeasuredCost> {
    const before = serverSeconds(this.server);
    const { seconds, passed, megabytes } = this.node(args, database, conditions);
    // the server needs time to notice that its sessions have ended
    await wait(500);
    const server = serverSeconds(this.server) - before;
    return { client: seconds, server, passed, megabytes };
  }
}
