import type { Connection } from '@dms/databases';
import { trusted } from '@dms/sql';

/** The times of a query. */
export interface Timed {
  /** In milliseconds, like `execution`. */
  readonly planning: number;
  readonly execution: number;
}

/** Runs a query once, and converts its rows to the texts that a client would get. */
export async function explained(connection: Connection, text: string): Promise<Timed> {
  const [row] = await connection.query<{ 'QUERY PLAN': readonly Record<string, number>[] }>(
    trusted(`EXPLAIN (ANALYZE, SERIALIZE TEXT, TIMING OFF, FORMAT JSON) ${text}`),
  );
  const [plan] = row?.['QUERY PLAN'] ?? [];
  return { planning: plan?.['Planning Time'] ?? 0, execution: plan?.['Execution Time'] ?? 0 };
}
