import { type Connection, openDatabase, type PostgresServer, parseTarget, startPostgresServer } from '@dms/databases';
import { bulkDialects, PostponedKeys } from '@dms/loading';
import { core } from '@dms/model';
import { givenScript, type QualifiedName, textOf, trusted } from '@dms/sql';
import { errorOf, mainGenerations } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Compiled } from '../../test/bench.ts';
import { schoolPair, withMotto } from '../../test/school-pairs.ts';
import { breakingSets } from '../../test/translating/translated-sets.ts';
import { planUpgrade } from '../plan/plan-upgrade.ts';
import { applyUpgrade, upgradeDatabase } from './apply-upgrade.ts';
import { locksOfUpgrade } from './lock-count.ts';
import { surveyUpgrade } from './survey-upgrade.ts';

/* The locks that an upgrade takes, counted before it begins and on a server before its commit (design 09c §2). */

type UpgradedSets = Pick<ReturnType<typeof breakingSets>, 'before' | 'after'> &
  Partial<Pick<ReturnType<typeof breakingSets>, 'translation'>>;

async function opened(server: PostgresServer, database = 'postgres') {
  const { target } = parseTarget(server.url, 'pgsql');
  if (target.kind !== 'server') throw new Error(target.kind);
  const own = { ...target, database };
  return { target: own, connection: await openDatabase(own) };
}

/** A new database with the earlier set. */
async function provisioned(server: PostgresServer, { script }: Compiled) {
  const { connection: first } = await opened(server);
  await first.execute(givenScript('DROP DATABASE IF EXISTS own'));
  await first.execute(givenScript('CREATE DATABASE own'));
  await first.close();
  const found = await opened(server, 'own');
  await found.connection.execute(givenScript(script));
  return found;
}

/** What the session holds in the lock table of the server; what a process keeps for itself is not counted. */
const places = `SELECT count(DISTINCT (locktype, classid, objid, objsubid, relation))::int4 AS n
FROM pg_locks WHERE pid = pg_backend_pid() AND NOT fastpath`;

/** The most places that an upgrade had at the end of a statement. */
async function observed(connection: Connection, { before, after, translation }: UpgradedSets): Promise<number> {
  let most = 0;
  const watched: Connection = {
    ...connection,
    execute: async (text, limits) => {
      await connection.execute(text, limits);
      if (!/EffectiveSchema|others/.test(textOf(text))) return;
      const [row] = await connection.query<{ n: number }>(trusted(places));
      most = Math.max(most, row?.n ?? 0);
    },
  };
  await applyUpgrade(watched, before, after, { translation, allowLoss: ['all'] });
  return most;
}

describe.each(mainGenerations)('on a server, in %s', (version) => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgresServer({ isInMemory: true });
  });
  afterAll(() => server.stop());

  const [before, after] = schoolPair(withMotto, { version });
  const [larger, smaller] = schoolPair(
    (set) => {
      delete set.core.resourceSchemas.bookings;
      delete set.core.resourceSchemas.sections;
      set.documents.pop();
    },
    { version },
  );
  const pairs: readonly (readonly [name: string, pair: UpgradedSets])[] = [
    ['adds a column', { before, after }],
    ['drops tables', { before: larger, after: smaller }],
    ['writes documents again', breakingSets(version)],
  ];

  it.each(pairs)('an upgrade that %s takes no more than was counted, and not much less', async (_, pair) => {
    const { connection } = await provisioned(server, pair.before);
    const plan = planUpgrade(pair.before, pair.after, { translation: pair.translation, allowLoss: ['all'] });
    const readsDocuments = pair.translation?.isRewriting === true;
    const hasDocument = ({ schema, name }: QualifiedName) =>
      pair.before.catalog.tables.some(
        (table) =>
          table.schema === schema && table.name === name && table.columns.some((each) => each.name === 'DocumentId'),
      );
    const views = plan.again
      .filter(hasDocument)
      .flatMap(({ schema, name }) =>
        [1, 2, 3, 4, 5].map(
          (number) => `CREATE VIEW others."${name} ${number}" AS SELECT "DocumentId" FROM "${schema}"."${name}"`,
        ),
      );
    await connection.execute(givenScript(['CREATE SCHEMA others', ...views].join(';\n')));
    const counted = locksOfUpgrade(plan, { ...pair, readsDocuments, removesDocuments: false, views: views.length });
    const found = await observed(connection, pair);
    await connection.close();
    // the counted ones include those of system catalogs, of which a process keeps some for itself
    expect(counted).toBeGreaterThanOrEqual(found);
    // a view takes seven or eight, by its columns
    expect(counted - 100 - views.length).toBeLessThan(found * 1.1);
  });

  it('keys to documents take the locks that are counted where documents are removed', async () => {
    const { connection } = await provisioned(server, before);
    const counted = [true, false].map((removesDocuments) =>
      locksOfUpgrade({ intended: [] }, { before, after, readsDocuments: true, removesDocuments, views: 0 }),
    );
    const held = async () =>
      (await connection.query<{ n: number }>(trusted(`${places} AND locktype = 'object'`)))[0]?.n ?? 0;
    await connection.begin();
    await connection.execute(bulkDialects.pgsql.lockTables(before.catalog.tables, 'everybody'));
    const first = await held();
    const keys = await PostponedKeys.to(connection, core.document, { column: 'DocumentId', deleted: 1_000 });
    await keys.drop(connection);
    for (const table of keys.left) await keys.add(connection, table);
    const taken = (await held()) - first;
    await connection.rollback();
    await connection.close();
    expect(taken).toBeGreaterThan(0);
    expect(counted.reduce((more, less) => more - less)).toBe(taken);
  });
});

describe('on a server with a small lock table', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    const settings = { max_locks_per_transaction: '10', max_connections: '22' };
    server = await startPostgresServer({ isInMemory: true, settings });
  });
  afterAll(() => server.stop());

  it('an upgrade that writes documents again is refused before it begins, by a survey, a dry run and a run', async () => {
    const { before, after, translation } = breakingSets('v2');
    const { connection, target } = await provisioned(server, before);
    const survey = await surveyUpgrade(connection, before, after, { translation, allowLoss: ['all'] });
    expect(survey.errors.map(({ code }) => code)).toContain('DB_LOCK_TABLE');
    await connection.close();
    for (const dryRun of [true, false]) {
      const options = { translation, allowLoss: ['all'], dryRun };
      const error = await errorOf(() => upgradeDatabase(target, before, after, options));
      expect(error.code).toBe('DB_LOCK_TABLE');
      expect(error.message).toMatch(/Nothing was changed\. Set max_locks_per_transaction to \d+ or more/);
    }
  });
});
