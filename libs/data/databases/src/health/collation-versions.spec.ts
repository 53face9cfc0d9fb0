import {
  createScratchDatabase,
  needingVersion,
  openSession,
  type PostgresDatabase,
  serverFacts,
  type TestDatabase,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../../test/answering.ts';
import { targetOf } from '../../test/engines.ts';
import type { Connection } from '../drivers/connection.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { findingsOf } from './health-check.ts';
import { healthChecks, healthFindings } from './health-checks.ts';
import { accessFacts } from './server-checks.ts';

/* Collations after an update of the operating system (design 09c §1). */

const { version } = await serverFacts();

/** A database of ICU, whose collation has a version on every system. */
const icu = version < 15 ? {} : { locale: "LOCALE_PROVIDER icu ICU_LOCALE 'de-AT' LOCALE 'C'" };

const ofVersions = healthChecks.filter((check) => 'code' in check && check.code === 'DB_COLLATION_VERSION');

describe('a collation whose version differs from that of the operating system', () => {
  let database: PostgresDatabase;
  let administrator: TestDatabase;
  let connection: Connection;
  beforeAll(async () => {
    database = await createScratchDatabase(icu);
    administrator = await openSession(database.url);
    connection = await openDatabase(targetOf(database.url));
    await administrator.exec(`CREATE SCHEMA "s""1"; CREATE COLLATION "s""1"."used%" (provider = icu, locale = 'de');
      CREATE COLLATION "s""1".unused (provider = icu, locale = 'de'); CREATE COLLATION "s""1"."of index" (provider = icu, locale = 'sv');
      CREATE TABLE "s""1".t (a text COLLATE "s""1"."used%"); CREATE INDEX ON "s""1".t ((a || 'x') COLLATE "s""1"."of index")`);
  });
  afterAll(async () => {
    await connection.close();
    await administrator.close();
    await database.drop();
  });
  const found = () => findingsOf(connection, ofVersions);
  const outdated = (name: string) =>
    administrator.exec(`UPDATE pg_collation SET collversion = '1.2' WHERE collname = '${name}'`);

  it('is not told where they are equal', async () => {
    expect(await found()).toEqual([]);
  });

  it.skipIf(version < 15)(
    needingVersion('of the database is reported, until its statements have run', 15),
    async () => {
      await administrator.exec(`UPDATE pg_database SET datcollversion = '1.2' WHERE datname = current_database()`);
      const [finding, ...others] = await found();
      expect(others).toEqual([]);
      expect(finding).toMatchObject({ code: 'DB_COLLATION_VERSION', class: 'W', details: { recorded: '1.2' } });
      expect(finding?.message).toContain('was recorded with version 1.2');
      // every command that looks at the surroundings tells it
      expect((await healthFindings(connection, 'run')).map(({ code }) => code)).toContain('DB_COLLATION_VERSION');
      await runAdvice(finding?.message);
      expect(await found()).toEqual([]);
    },
  );

  it.each(['used%', 'of index'])('of a column or an index is reported: %s', async (name) => {
    await outdated(name);
    const [finding, ...others] = await found();
    expect([finding?.code, others]).toEqual(['DB_COLLATION_VERSION', []]);
    expect(finding?.message).toContain(`"s""1"."${name}"`);
    await runAdvice(finding?.message);
    expect(await found()).toEqual([]);
  });

  it('that nothing uses is not told', async () => {
    await outdated('unused');
    expect(await found()).toEqual([]);
  });

  /** Runs the statements of a message, each in a transaction of its own. */
  async function runAdvice(message = ''): Promise<void> {
    expect(message).toMatch(/REINDEX DATABASE "[^"]+"; ALTER /);
    for (const statement of message.replace(/^.* the database: /s, '').split('; ')) await administrator.exec(statement);
  }

  it('asks a server of version 14 only what it knows', async () => {
    const sent: string[] = [];
    const old = answering('pgsql', async (text) => {
      sent.push(text);
      return text.includes('AS known') ? [{ known: false }] : [];
    });
    expect(await findingsOf(old, ofVersions)).toEqual([]);
    expect(sent).toHaveLength(2);
    expect(sent[1]).not.toMatch(/pg_database|datcollversion/);
  });

  it.skipIf(version < 15)(needingVersion('doctor shows the locale that counts', 15), async () => {
    const { settings } = await accessFacts(connection);
    expect(settings.find(({ name }) => name === 'collation')?.value).toBe('de-AT (icu)');
  });
});

it('SQL Server is not asked: its collations have their version in their names', async () => {
  expect(await findingsOf({ dialect: 'mssql' } as Connection, ofVersions)).toEqual([]);
});
