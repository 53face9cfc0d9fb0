import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createScratchDatabase, openSession, ownSchemaFile, ownSchemas, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ran } from '../ran.ts';

/* Provisions, loads and checks databases with unusual settings, collations and permissions (design 09 §1.5, §1.7). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-database-settings-'));
const place = (name: string) => path.join(scratch, name);
const schemas = ownSchemas.flatMap((name) => ['--schema', ownSchemaFile(name)]);

/** Runs a command that must succeed; a failure shows its messages. */
async function done(...args: string[]): Promise<void> {
  const { code, err } = await ran(args);
  expect([args[0], code, code === 0 ? '' : err]).toEqual([args[0], 0, '']);
}
const at = (url: string) => ['--artifacts', place('artifacts'), '--connection', url];

beforeAll(async () => {
  await done('emit', ...schemas, '--dialect', 'pgsql', '--output', place('artifacts'));
  await done('sample', '--artifacts', place('artifacts'), '--documents', '60', '--output', place('sample'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs `work` on a new database; `sql` runs statements there as its owner. */
async function onDatabase<Result>(
  options: Parameters<typeof createScratchDatabase>[0],
  work: (database: PostgresDatabase, sql: (text: string) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const database = await createScratchDatabase(options);
  const sql = async (text: string) => {
    const session = await openSession(database.url);
    await session.exec(text).finally(() => session.close());
  };
  try {
    return await work(database, sql);
  } finally {
    await database.drop();
  }
}

describe('settings of a role', () => {
  it('that switch triggers off are refused for a role that may not switch them on', async () => {
    const role = `dms_replica_${process.pid}`;
    await onDatabase({}, async ({ url, name }, sql) => {
      await sql(`CREATE ROLE ${role} LOGIN PASSWORD 'of the test'; GRANT CREATE ON DATABASE "${name}" TO ${role}`);
      await sql(`ALTER ROLE ${role} IN DATABASE "${name}" SET session_replication_role = 'replica'`);
      const own = new URL(url);
      own.username = role;
      own.password = 'of%20the%20test';
      const { code, err } = await ran(['provision', ...at(own.href), '--dialect', 'pgsql']);
      await sql(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      expect([code, err]).toEqual([1, expect.stringContaining('error DB_SESSION_SETTING')]);
    });
  });
});

describe('letters', () => {
  const descriptors = (codeValue: string) => {
    writeFileSync(
      place('letters.json'),
      JSON.stringify({ TermDescriptor: [{ namespace: 'uri://x.org/Term', codeValue }] }),
    );
    return place('letters.json');
  };

  it('that the database does not lower-case like the product are refused in descriptors', async () => {
    await onDatabase({ locale: "LOCALE_PROVIDER libc LOCALE 'C'" }, async ({ url }) => {
      const provisioned = await ran(['provision', ...at(url), '--dialect', 'pgsql']);
      expect(provisioned).toMatchObject({ code: 0, err: expect.stringContaining('warning DB_COLLATION_ASCII') });
      const seed = (codeValue: string) =>
        ran(['seed-descriptors', descriptors(codeValue), ...at(url), '--dialect', 'pgsql']);
      expect(await seed('Été')).toMatchObject({ code: 1, err: expect.stringContaining('error SEED_LETTER_CASE') });
      // lower-case ASCII letters are the same in every collation
      expect(await seed('été')).toMatchObject({ code: 0 });
      const checked = await ran(['check', ...at(url), '--dialect', 'pgsql']);
      expect(checked).toMatchObject({ code: 0, err: expect.stringContaining('warning DB_COLLATION_ASCII') });
      expect(await ran(['check', ...at(url), '--dialect', 'pgsql', '--strict'])).toMatchObject({ code: 1 });
    });
  });

  it('that the database knows may be capital', async () => {
    await onDatabase({}, async ({ url }) => {
      await done('provision', ...at(url), '--dialect', 'pgsql', '--seed-descriptors', descriptors('Été'));
    });
  });

  it('that the database turns into others end provision, load and check', async () => {
    await onDatabase({ locale: "LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR' LOCALE 'C'" }, async ({ url }, sql) => {
      const refused = { code: 1, err: expect.stringContaining('error DB_COLLATION ') };
      expect(await ran(['provision', ...at(url), '--dialect', 'pgsql'])).toMatchObject(refused);
      // as if the script was run by hand
      await sql(readFileSync(path.join(place('artifacts'), 'pgsql.sql'), 'utf8'));
      expect(await ran(['load', place('sample'), ...at(url)])).toMatchObject(refused);
      expect(await ran(['check', ...at(url), '--dialect', 'pgsql'])).toMatchObject(refused);
    });
  });
});

describe('a load', () => {
  it('whose connection breaks says how it continues, and continues', async () => {
    await onDatabase({}, async ({ url }, sql) => {
      await done('provision', ...at(url), '--dialect', 'pgsql');
      await sql(`CREATE FUNCTION public.gone() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NEW."DocumentId" > 30 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END $$;
        CREATE TRIGGER gone BEFORE INSERT ON dms."Document" FOR EACH ROW EXECUTE FUNCTION public.gone()`);
      const { code, err } = await ran(['load', place('sample'), ...at(url)]);
      expect([code, err]).toEqual([
        1,
        expect.stringMatching(/error DB_CONNECTION_LOST.*Run it again with --on-existing skip/),
      ]);
      await sql('DROP FUNCTION public.gone() CASCADE');
      await done('load', place('sample'), ...at(url), '--on-existing', 'skip');
    });
  });

  it('whose role lacks a right says so', async () => {
    const role = `dms_reader_${process.pid}`;
    await onDatabase({}, async ({ url }, sql) => {
      await done('provision', ...at(url), '--dialect', 'pgsql');
      await sql(`CREATE ROLE ${role} LOGIN PASSWORD 'of the test'; GRANT USAGE ON SCHEMA dms TO ${role};
        GRANT SELECT ON ALL TABLES IN SCHEMA dms TO ${role}`);
      const own = new URL(url);
      own.username = role;
      own.password = 'of%20the%20test';
      const { code, err } = await ran(['load', place('sample'), ...at(own.href)]);
      await sql(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      expect([code, err]).toEqual([
        1,
        expect.stringMatching(/error DB_PERMISSION.*lacks rights to write documents: .*Run: GRANT /),
      ]);
    });
  });
});
