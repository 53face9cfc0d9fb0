import { type Connection, openDatabase, parseTarget, provision, type ServerTarget } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { build, createScratchDatabase, type ScratchDatabase } from '@dms/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { compiled, contentsOf, documentRows } from '../test/bench.ts';
import { schools } from '../test/schools.ts';
import { expectUpgraded, filled } from '../test/upgraded.ts';
import { applyUpgrade } from './index.ts';

/* What only a server can show: several that want to change one database at once (design 12 §9, case 16). */

const [older, newer] = [schools(), schools()];
newer.properties('schools').motto = build.string(20);
const [before, after] = [compiled(older.documents), compiled(newer.documents)];

let database: ScratchDatabase;
let target: ServerTarget;
let connection: Connection;
let other: Connection;

beforeAll(async () => {
  database = await createScratchDatabase();
  const parsed = parseTarget(database.url, 'pgsql').target;
  if (parsed.kind !== 'server') throw new Error(parsed.kind);
  target = parsed;
  [connection, other] = [await openDatabase(target), await openDatabase(target)];
}, 60_000);

afterAll(async () => {
  await connection.close();
  await other.close();
  await database.drop();
});

beforeEach(() => filled(connection, before, contentsOf(before.model)));

it('an upgrade on a server keeps what it must', () => expectUpgraded(connection, before, after), 60_000);

it('of two upgrades at once one is made, and the other finds it done', async () => {
  const documents = await documentRows(connection);
  const results = await Promise.all([applyUpgrade(connection, before, after), applyUpgrade(other, before, after)]);
  expect(results.map(({ outcome }) => outcome).sort()).toEqual(['alreadyUpgraded', 'upgraded']);
  expect(await documentRows(connection)).toEqual(documents);
}, 60_000);

it('a provisioner beside an upgrade finds the old set, or waits and is refused', async () => {
  const { script, catalog, info } = before;
  const documents = await documentRows(connection);
  const [upgraded, provisioned] = await Promise.allSettled([
    applyUpgrade(connection, before, after),
    provision(target, { script, scriptSha256: null, catalog, info }),
  ]);
  expect(upgraded).toMatchObject({ status: 'fulfilled', value: { outcome: 'upgraded' } });
  if (provisioned.status === 'rejected') {
    expect(provisioned.reason).toBeInstanceOf(DmsError);
    expect(provisioned.reason.code).toBe('PROVISION_FINGERPRINT_MISMATCH');
  }
  expect(await applyUpgrade(other, before, after)).toMatchObject({ outcome: 'alreadyUpgraded' });
  expect(await documentRows(connection)).toEqual(documents);
}, 60_000);
