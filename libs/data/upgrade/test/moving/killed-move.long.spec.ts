import { type Connection, introspect, openDatabase, type ServerTarget } from '@dms/databases';
import { isThorough, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyUpgrade, planUpgrade } from '../../src/index.ts';
import { type Compiled, compiled, contentsOf, databaseText } from '../bench.ts';
import { expectCatalog } from '../expected-catalog.ts';
import { schools } from '../schools.ts';
import { ended, serverDatabase, spread, statementsOf } from '../sessions.ts';
import { provisioned } from '../upgraded-v2.ts';

/* Sessions that end while they move a database between shapes: it has one of the two, whole (design 22 §7). */

const { documents } = schools();
const hashed = compiled(documents, 'pgsql', 'v2');
const natural = compiled(documents, 'pgsql', 'v2-natural');

let database: PostgresDatabase;
let target: ServerTarget;
let connection: Connection;

beforeAll(async () => {
  ({ database, target } = await serverDatabase());
  connection = await openDatabase(target);
  await provisioned(connection, hashed, contentsOf(hashed.model));
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

const wholeDatabase = async () => ({
  rows: await databaseText(connection),
  catalog: (await introspect(connection)).catalog,
});

it.each<[string, Compiled, Compiled]>([
  ['there', hashed, natural],
  ['back', natural, hashed],
])('a move %s that ends anywhere changes nothing', async (_, before, after) => {
  const plan = planUpgrade(before, after);
  const move = (session: Connection, options = {}) => applyUpgrade(session, before, after, { plan, ...options });
  const given = await wholeDatabase();
  const kill = (number: number) => ended(target, number, move);
  const isUnchanged = async () => JSON.stringify(await wholeDatabase()) === JSON.stringify(given);
  // a dry run ends with the count of documents, where a move commits
  const commit = await statementsOf(target, (session) => move(session, { dryRun: true }));
  const all = Array.from({ length: commit - 1 }, (_each, index) => index + 1);
  for (const number of isThorough ? all : spread(commit, 8)) {
    expect(await kill(number), String(number)).toBe(true);
    expect(await isUnchanged(), String(number)).toBe(true);
  }
  expect(await kill(commit)).toBe(true);
  // a commit that the server has begun may be carried out
  if (await isUnchanged()) await move(connection);
  await expectCatalog(connection, after);
});
