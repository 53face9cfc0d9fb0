import { type Connection, openDatabase } from '@dms/databases';
import type { PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyUpgrade, planUpgrade, prepareUpgrade, surveyUpgrade } from '../../src/index.ts';
import { compiled, contentsOf, databaseText } from '../bench.ts';
import { schools } from '../schools.ts';
import { serverDatabase } from '../sessions.ts';
import { provisioned } from '../upgraded-v2.ts';

/* A database that lacks the collation of the shape to which it should move (design 22 §1.1, §7). */

const { documents } = schools();
const hashed = compiled(documents, 'pgsql', 'v2');
const natural = compiled(documents, 'pgsql', 'v2-natural');
const plan = planUpgrade(hashed, natural);

let database: PostgresDatabase;
let connection: Connection;
let given: string;

beforeAll(async () => {
  const opened = await serverDatabase({ encoding: 'LATIN1' });
  database = opened.database;
  connection = await openDatabase(opened.target);
  await provisioned(connection, hashed, contentsOf(hashed.model));
  given = await databaseText(connection);
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

it.each<[string, string, () => Promise<unknown>]>([
  ['plan', 'DB_ENCODING', () => surveyUpgrade(connection, hashed, natural)],
  ['prepare', 'DB_ENCODING', () => prepareUpgrade(connection, hashed, natural, { plan })],
  ['apply', 'DB_ENCODING', () => applyUpgrade(connection, hashed, natural, { plan })],
  [
    'script',
    'DB_ENCODING: The collation pg_c_utf8 needs PostgreSQL 17 and a UTF8 database',
    () => connection.execute(plan.script ?? ''),
  ],
])('%s refuses a database in LATIN1 and changes nothing', async (_, refusal, run) => {
  await expect(run()).rejects.toThrow(refusal);
  await connection.rollback();
  expect(await databaseText(connection)).toBe(given);
});
