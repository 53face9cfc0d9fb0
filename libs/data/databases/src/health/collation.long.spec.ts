import { givenScript, trusted } from '@dms/sql';
import { createScratchDatabase, needingVersion, serverFacts } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { engines, failureOf, targetOf } from '../../test/engines.ts';
import { small } from '../../test/schema-sets.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { checkDatabase } from '../gate/check-database.ts';
import { provision } from '../provisioning/provision.ts';
import { collationFinding } from './lower-case.ts';

/* How `lower` of a database converts letters (design 09 §1.5). */

/** Runs `work` on the URL of a database that was created with these clauses. */
async function inLocale<Result>(locale: string, work: (url: string) => Promise<Result>): Promise<Result> {
  const database = await createScratchDatabase({ locale });
  try {
    return await work(database.url);
  } finally {
    await database.drop();
  }
}

async function findingOf(url: string) {
  const connection = await openDatabase(targetOf(url));
  try {
    return await collationFinding(connection);
  } finally {
    await connection.close();
  }
}

const { version: server } = await serverFacts();

/** CREATE DATABASE takes a provider since 15, and has the builtin one since 17. */
const since = (locale: string) => (locale.includes('builtin') ? 17 : 15);

const turkish = "LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR' LOCALE 'C'";

describe('the collation of a database', () => {
  it.each(engines())('of the tests on $name lower-cases like the product', async ({ open }) => {
    const opened = await open();
    try {
      expect(await collationFinding(opened.connection)).toBeNull();
    } finally {
      await opened.close();
    }
  });

  for (const [words, locale, code] of [
    ['ICU tr-TR', turkish, 'DB_COLLATION'],
    ['ICU az', "LOCALE_PROVIDER icu ICU_LOCALE 'az' LOCALE 'C'", 'DB_COLLATION'],
    ['ICU und', "LOCALE_PROVIDER icu ICU_LOCALE 'und' LOCALE 'C'", undefined],
    ['ICU lt', "LOCALE_PROVIDER icu ICU_LOCALE 'lt' LOCALE 'C'", undefined],
    ['C', "LOCALE_PROVIDER libc LOCALE 'C'", 'DB_COLLATION_ASCII'],
    ['C.UTF-8', "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'", undefined],
    ['C of the engine', "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C' LOCALE 'C'", 'DB_COLLATION_ASCII'],
  ] as const)
    it.skipIf(server < since(locale))(needingVersion(words, since(locale)), async () => {
      expect((await inLocale(locale, findingOf))?.code).toBe(code);
    });

  it.skipIf(server < 15)(
    'that turns I into another letter is refused when a database is provisioned, and nothing is made (needs PostgreSQL 15)',
    async () => {
      await inLocale(turkish, async (url) => {
        const target = targetOf(url);
        if (target.kind !== 'server') throw new Error(target.kind);
        const error = await failureOf(() => provision(target, small));
        expect(error).toMatchObject({
          code: 'DB_COLLATION',
          diagnostics: [{ message: expect.stringMatching(/as "abcdefghıjk.*ICU_LOCALE 'und'/) }],
        });
        const connection = await openDatabase(target);
        const schemas = await connection.query(trusted("SELECT 1 FROM pg_namespace WHERE nspname = 'dms'"));
        await connection.close();
        expect(schemas).toEqual([]);
      });
    },
  );

  it.skipIf(server < 15)('that turns I into another letter is refused by the gate (needs PostgreSQL 15)', async () => {
    await inLocale(turkish, async (url) => {
      const connection = await openDatabase(targetOf(url));
      await connection.execute(givenScript(small.script));
      const result = await checkDatabase(connection, small.info);
      await connection.close();
      expect(result).toMatchObject({ code: 'DB_COLLATION' });
    });
  });

  it.skipIf(server < 15)(
    'that knows A to Z only is a warning when a database is provisioned, and ends strict runs (needs PostgreSQL 15)',
    async () => {
      await inLocale("LOCALE_PROVIDER libc LOCALE 'C'", async (url) => {
        const target = targetOf(url);
        if (target.kind !== 'server') throw new Error(target.kind);
        expect(await failureOf(() => provision(target, small, { strict: true }))).toMatchObject({
          code: 'DB_COLLATION_ASCII',
        });
        const { outcome, warnings } = await provision(target, small);
        expect([outcome, ...warnings.map(({ code }) => code)]).toEqual(['provisioned', 'DB_COLLATION_ASCII']);
      });
    },
  );
});
