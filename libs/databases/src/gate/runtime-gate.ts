import type { Connection } from '../connection/connection.ts';
import { isFailure } from '../connection/failure.ts';
import { type OpenOptions, openDatabase } from '../connection/open-database.ts';
import { type DatabaseTarget, type ServerTarget, targetLabel } from '../target/target.ts';
import { checkDatabase, type GatedMappingSet, type GateOptions, type MappingSetSource, unreachable } from './check-database.ts';
import type { GateResult } from './gate-result.ts';

export interface RuntimeGateOptions extends GateOptions, OpenOptions {
  /** Opens a session; tests replace it. */
  readonly open?: ((target: DatabaseTarget, options: OpenOptions) => Promise<Connection>) | undefined;
}

/** What distinguishes two databases: not the text of a target, but where it leads and under which login. */
function targetKey(target: DatabaseTarget): string {
  if (target.kind !== 'server') return JSON.stringify([target.kind, targetLabel(target)]);
  const { dialect, host, port, database, user } = target;
  return JSON.stringify([
    dialect,
    host.toLowerCase(),
    port,
    database,
    user,
    (target as ServerTarget & { instance?: string | null }).instance ?? null,
  ]);
}

/**
 * The gate of a process (design 09 §5): queries each database once. Simultaneous callers share one query; an answer stays for
 * the life of the process, unless the database could not be queried. One bad database does not affect others.
 */
export class RuntimeGate<Set extends GatedMappingSet> {
  private readonly source: MappingSetSource<Set>;
  private readonly options: RuntimeGateOptions;
  private readonly answers = new Map<string, Promise<GateResult<Set>>>();

  constructor(source: MappingSetSource<Set>, options: RuntimeGateOptions = {}) {
    this.source = source;
    this.options = options;
  }

  check(target: DatabaseTarget): Promise<GateResult<Set>> {
    const key = targetKey(target);
    const known = this.answers.get(key);
    if (known) return known;
    const asked = this.ask(target);
    this.answers.set(key, asked);
    const forget = () => this.answers.delete(key);
    asked.then((result) => {
      if (!result.ok && result.isTransient) forget();
    }, forget);
    return asked;
  }

  private async ask(target: DatabaseTarget): Promise<GateResult<Set>> {
    const { open = openDatabase, ...options } = this.options;
    let connection: Connection;
    try {
      connection = await open(target, options);
    } catch (error) {
      if (!isFailure(error)) throw error;
      return unreachable(targetLabel(target), error);
    }
    try {
      return await checkDatabase(connection, this.source, options);
    } finally {
      await connection.close();
    }
  }
}
