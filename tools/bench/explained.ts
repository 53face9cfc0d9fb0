import type { Connection } from '@dms/databases';

/** What a run of a query took. */
export interface Timed {
  /** Milliseconds. */
  readonly planning: number;
  readonly execution: number;
}

/** One run of a query, with its rows made into the texts that a client gets. */
export async function explained(connection: Connection, text: string): Promise<Timed> {
  const [row] = await connection.query<{ 'QUERY PLAN': readonly Record<string, number>[] }>(
    `EXPLAIN (ANALYZE, SERIALIZE TEXT, TIMING OFF, FORMAT JSON) ${text}`,
  );
  const [plan] = row?.['QUERY PLAN'] ?? [];
  return { planning: plan?.['Planning Time'] ?? 0, execution: plan?.['Execution Time'] ?? 0 };
}
