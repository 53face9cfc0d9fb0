import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createScratchDatabase,
  openSession,
  ownSchemaFile,
  ownSchemas,
  propertyRuns,
  propertyTimeout,
  type ScratchDatabase,
} from '@dms/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ran } from '../test/ran.ts';

/* Provisioning, loading, checking and dumping, whatever the settings of the database (design 09 §1.5, §1.7). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-database-settings-'));
const place = (name: string) => path.join(scratch, name);
const schemas = ownSchemas.flatMap((name) => ['--schema', ownSchemaFile(name)]);

/** Runs a command that must succeed; what it says otherwise is shown. */
async function done(...args: string[]): Promise<void> {
  const { code, err } = await ran(args);
  expect([args[0], code, code === 0 ? '' : err]).toEqual([args[0], 0, '']);
}
const at = (url: string) => ['--artifacts', place('artifacts'), '--connection', url];

beforeAll(async () => {
  await done('emit', ...schemas, '--dialect', 'pgsql', '--output', place('artifacts'));
  await done('sample', '--artifacts', place('artifacts'), '--documents', '60', '--output', place('sample'));
}, 120_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs `work` on a new database; `sql` runs statements there as its owner. */
async function onDatabase<Result>(
  options: Parameters<typeof createScratchDatabase>[0],
  work: (database: ScratchDatabase, sql: (text: string) => Promise<void>) => Promise<Result>,
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

/** Loads the sample into a database, checks and dumps it: the lines of each file of the dump. */
async function dumped(url: string, name: string): Promise<readonly (readonly [string, readonly string[]])[]> {
  await done('provision', ...at(url), '--dialect', 'pgsql');
  await done('load', place('sample'), ...at(url));
  await done('check', ...at(url), '--dialect', 'pgsql', '--strict', '--deep');
  await done('dump', ...at(url), '--output', place(name));
  const files = readdirSync(place(name), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.jsonl'));
  return files.sort().map((file) => [
    file,
    readFileSync(path.join(place(name), file), 'utf8')
      .split('\n')
      .sort(),
  ]);
}

/** Values that somebody may have given a database. */
const settings = fc.record(
  Object.fromEntries(
    Object.entries({
      search_path: ['public', 'nowhere', 'pg_temp, dms', '"$user", dms, public'],
      default_transaction_isolation: ['read committed', 'repeatable read', 'serializable'],
      default_transaction_deferrable: ['on', 'off'],
      row_security: ['on', 'off'],
      session_replication_role: ['origin', 'replica', 'local'],
      transform_null_equals: ['on', 'off'],
      standard_conforming_strings: ['on', 'off'],
      array_nulls: ['on', 'off'],
      check_function_bodies: ['on', 'off'],
      quote_all_identifiers: ['on', 'off'],
      timezone: ['UTC', 'Asia/Kathmandu', 'America/St_Johns'],
      datestyle: ['ISO, MDY', 'SQL, DMY', 'German', 'Postgres, DMY'],
      intervalstyle: ['postgres', 'iso_8601', 'sql_standard'],
      bytea_output: ['hex', 'escape'],
      extra_float_digits: ['-15', '0', '3'],
      client_min_messages: ['debug5', 'error'],
      'plpgsql.extra_errors': ['none', 'all'],
      'plpgsql.extra_warnings': ['none', 'all'],
      lc_messages: ['C', 'POSIX'],
      jit: ['on', 'off'],
      enable_hashjoin: ['on', 'off'],
      enable_seqscan: ['on', 'off'],
      default_tablespace: ['', 'pg_default'],
      synchronize_seqscans: ['on', 'off'],
    }).map(([name, values]) => [name, fc.constantFrom(...values)]),
  ),
  { requiredKeys: [] },
);

describe('settings of the database', () => {
  it('change nothing of what is loaded, checked and dumped', { timeout: propertyTimeout(240_000) }, async () => {
    const expected = await onDatabase({}, ({ url }) => dumped(url, 'usual'));
    expect(expected.length).toBeGreaterThan(10);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(settings, async (chosen) => {
        run += 1;
        await onDatabase({}, async ({ url, name }, sql) => {
          for (const [setting, value] of Object.entries(chosen)) {
            await sql(`ALTER DATABASE "${name}" SET ${setting} TO ${setting === 'search_path' ? value : `'${value}'`}`);
          }
          expect(await dumped(url, `dump-${run}`)).toEqual(expected);
        });
      }),
      { numRuns: propertyRuns(3) },
    );
  });

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
    writeFileSync(place('letters.json'), JSON.stringify({ TermDescriptor: [{ namespace: 'uri://x.org/Term', codeValue }] }));
    return place('letters.json');
  };

  it('that the database does not lower-case like the product are refused in descriptors', { timeout: 60_000 }, async () => {
    await onDatabase({ locale: "LOCALE_PROVIDER libc LOCALE 'C'" }, async ({ url }) => {
      const provisioned = await ran(['provision', ...at(url), '--dialect', 'pgsql']);
      expect(provisioned).toMatchObject({ code: 0, err: expect.stringContaining('warning DB_COLLATION_ASCII') });
      const seed = (codeValue: string) => ran(['seed-descriptors', descriptors(codeValue), ...at(url), '--dialect', 'pgsql']);
      expect(await seed('Été')).toMatchObject({ code: 1, err: expect.stringContaining('error SEED_LETTER_CASE') });
      // small letters are what they are in every collation
      expect(await seed('été')).toMatchObject({ code: 0 });
      const checked = await ran(['check', ...at(url), '--dialect', 'pgsql']);
      expect(checked).toMatchObject({ code: 0, err: expect.stringContaining('warning DB_COLLATION_ASCII') });
      expect(await ran(['check', ...at(url), '--dialect', 'pgsql', '--strict'])).toMatchObject({ code: 1 });
    });
  });

  it('that the database knows may be capital', { timeout: 60_000 }, async () => {
    await onDatabase({}, async ({ url }) => {
      await done('provision', ...at(url), '--dialect', 'pgsql', '--seed-descriptors', descriptors('Été'));
    });
  });

  it('that the database turns into others end provision, load and check', { timeout: 60_000 }, async () => {
    await onDatabase({ locale: "LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR' LOCALE 'C'" }, async ({ url }, sql) => {
      const refused = { code: 1, err: expect.stringContaining('error DB_COLLATION ') };
      expect(await ran(['provision', ...at(url), '--dialect', 'pgsql'])).toMatchObject(refused);
      // somebody ran the script by hand
      await sql(readFileSync(path.join(place('artifacts'), 'pgsql.sql'), 'utf8'));
      expect(await ran(['load', place('sample'), ...at(url)])).toMatchObject(refused);
      expect(await ran(['check', ...at(url), '--dialect', 'pgsql'])).toMatchObject(refused);
    });
  });
});

describe('a load', () => {
  it('whose connection breaks says how it goes on, and goes on', { timeout: 60_000 }, async () => {
    await onDatabase({}, async ({ url }, sql) => {
      await done('provision', ...at(url), '--dialect', 'pgsql');
      await sql(`CREATE FUNCTION public.gone() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NEW."DocumentId" > 30 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END $$;
        CREATE TRIGGER gone BEFORE INSERT ON dms."Document" FOR EACH ROW EXECUTE FUNCTION public.gone()`);
      const { code, err } = await ran(['load', place('sample'), ...at(url)]);
      expect([code, err]).toEqual([1, expect.stringMatching(/error DB_CONNECTION_LOST.*run it again with --on-existing skip/)]);
      await sql('DROP FUNCTION public.gone() CASCADE');
      await done('load', place('sample'), ...at(url), '--on-existing', 'skip');
    });
  });

  it('whose role lacks a right says so', { timeout: 60_000 }, async () => {
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
      expect([code, err]).toEqual([1, expect.stringMatching(/error DB_PERMISSION.*permission denied/)]);
    });
  });
});
