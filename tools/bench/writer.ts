/**
 * `writer`: updates students of the database `BENCH_URL` one after the other, until its input ends. After each line of
 * input it prints the longest time of an update since the previous line, in milliseconds.
 */

import { createInterface } from 'node:readline';
import { type Connection, openDatabase, parseTarget } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { trusted } from '@dms/sql';

/** Renames a student as a client would: it retries after a deadlock. */
async function rename(connection: Connection, values: readonly unknown[]): Promise<void> {
  for (;;) {
    try {
      await connection.query(trusted('UPDATE campus."Student" SET "FamilyName" = $1 WHERE "DocumentId" = $2'), values);
      return;
    } catch (error) {
      if (!(error instanceof DmsError && error.code === 'DB_DEADLOCK')) throw error;
    }
  }
}

async function main(): Promise<void> {
  const { target } = parseTarget(process.env.BENCH_URL ?? '', 'pgsql');
  if (target.kind === 'static') throw new Error('no database');
  const connection = await openDatabase(target);
  const ids = await connection.query<{ id: string }>(
    trusted('SELECT "DocumentId"::text AS id FROM campus."Student" ORDER BY 1 LIMIT 1000'),
  );
  let longest = 0;
  let isOver = false;
  const input = createInterface(process.stdin);
  input.on('line', () => {
    // an update that has not ended yet counts towards the next line
    console.log(Math.round(longest));
    longest = 0;
  });
  input.on('close', () => {
    isOver = true;
  });
  for (let count = 0; !isOver; count += 1) {
    const start = performance.now();
    await rename(connection, [`Name ${count}`, ids[count % ids.length]?.id]);
    longest = Math.max(longest, performance.now() - start);
  }
  await connection.close();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
