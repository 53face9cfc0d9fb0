import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  dumpedLines,
  type OwnSchema,
  openSession,
  ownSchemaFile,
  ownSchemas,
  ownSchemasV2,
  ownServer,
  propertyRuns,
} from '@dms/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ran } from '../ran.ts';

/*
 * Provisions, loads, checks and dumps under random settings of role and database (design 09 §1.5), and expects equal
 * dumps.
 */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-random-settings-'));

/** A server of its own: `check` of any database warns about settings of a role. */
let server: Awaited<ReturnType<typeof ownServer>>;

beforeAll(async () => {
  server = await ownServer();
});

afterAll(async () => {
  await server?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

/** Settings with values that occur in practice. */
const settings = {
  search_path: ['public', 'nowhere', 'pg_temp, dms', '"$user", dms, public'],
  default_transaction_isolation: ['read committed', 'repeatable read', 'serializable'],
  default_transaction_deferrable: ['on', 'off'],
  row_security: ['on', 'off'],
  session_replication_role: ['origin', 'replica', 'local'],
  transform_null_equals: ['on', 'off'],
  standard_conforming_strings: ['on', 'off'],
  escape_string_warning: ['on', 'off'],
  backslash_quote: ['on', 'off', 'safe_encoding'],
  array_nulls: ['on', 'off'],
  check_function_bodies: ['on', 'off'],
  quote_all_identifiers: ['on', 'off'],
  timezone: ['UTC', 'Asia/Kathmandu', 'America/St_Johns'],
  timezone_abbreviations: ['Default', 'Australia', 'India'],
  datestyle: ['ISO, MDY', 'SQL, DMY', 'German', 'Postgres, DMY'],
  intervalstyle: ['postgres', 'iso_8601', 'sql_standard'],
  bytea_output: ['hex', 'escape'],
  extra_float_digits: ['-15', '0', '3'],
  xmlbinary: ['base64', 'hex'],
  xmloption: ['content', 'document'],
  client_min_messages: ['debug5', 'error'],
  'plpgsql.extra_errors': ['none', 'all'],
  'plpgsql.extra_warnings': ['none', 'all'],
  'plpgsql.variable_conflict': ['error', 'use_variable', 'use_column'],
  lc_messages: ['C', 'POSIX'],
  lc_numeric: ['C', 'POSIX'],
  lc_time: ['C', 'POSIX'],
  exit_on_error: ['on', 'off'],
  jit: ['on', 'off'],
  jit_above_cost: ['0', '100000'],
  plan_cache_mode: ['auto', 'force_generic_plan', 'force_custom_plan'],
  enable_hashjoin: ['on', 'off'],
  enable_seqscan: ['on', 'off'],
  enable_sort: ['on', 'off'],
  enable_hashagg: ['on', 'off'],
  from_collapse_limit: ['1', '8'],
  work_mem: ['64kB', '4MB'],
  default_tablespace: ['', 'pg_default'],
  synchronize_seqscans: ['on', 'off'],
  synchronous_commit: ['on', 'off'],
} as const;

type RandomSetting = keyof typeof settings;
const names = Object.keys(settings) as RandomSetting[];
const fewest = 12;

/**
 * The owner of a setting. A setting of a role in a database has the highest priority, a setting of a database the
 * lowest.
 */
const owners = ['database', 'role', 'role in database'] as const;

interface Choice {
  readonly setting: RandomSetting;
  readonly value: string;
  readonly owner: (typeof owners)[number];
}

/**
 * The role that provisions. Only a superuser can switch triggers on again, so only superusers get them switched off.
 */
type User = 'SUPERUSER' | 'NOSUPERUSER';

/** At least twelve settings of role and database. */
const choicesOf = (user: User) =>
  fc
    .subarray(
      names.filter((name) => user === 'SUPERUSER' || name !== 'session_replication_role'),
      { minLength: fewest },
    )
    .chain((chosen) =>
      fc.tuple(
        ...chosen.map((setting) =>
          fc.record<Choice>({
            setting: fc.constant(setting),
            value: fc.constantFrom(...settings[setting]),
            owner: fc.constantFrom(...owners),
          }),
        ),
      ),
    );

/** Runs a command that must succeed; a failure shows its messages. */
async function done(...args: string[]): Promise<void> {
  const { code, err } = await ran(args);
  expect([args[0], code, code === 0 ? '' : err]).toEqual([args[0], 0, '']);
}

type Dump = readonly (readonly [file: string, lines: readonly string[]])[];

let last = 0;

/** Runs `work` as a new role on a new database, both with these settings. */
async function underSettings<Result>(user: User, choices: readonly Choice[], work: (url: string) => Promise<Result>) {
  last += 1;
  const name = `settings_${last}`;
  const role = `user_${last}`;
  const places = {
    database: `DATABASE ${name}`,
    role: `ROLE ${role}`,
    'role in database': `ROLE ${role} IN DATABASE ${name}`,
  };
  const url = new URL(`/${name}`, server.url);
  await onServer(server.url, `CREATE DATABASE ${name} TEMPLATE template0`);
  try {
    await onServer(
      url.href,
      `CREATE ROLE ${role} LOGIN ${user} PASSWORD 'x'`,
      `GRANT CREATE ON DATABASE ${name} TO ${role}`,
      `GRANT CREATE ON SCHEMA public TO ${role}`,
      // the only setting whose value is a list of names
      ...choices.map(
        ({ setting, value, owner }) =>
          `ALTER ${places[owner]} SET ${setting} TO ${setting === 'search_path' ? value : `'${value}'`}`,
      ),
    );
    return await work(Object.assign(new URL(url), { username: role, password: 'x' }).href);
  } finally {
    await onServer(server.url, `DROP DATABASE ${name} WITH (FORCE)`, `DROP ROLE IF EXISTS ${role}`);
  }
}

async function onServer(url: string, ...statements: readonly string[]): Promise<void> {
  const session = await openSession(url);
  try {
    for (const statement of statements) await session.exec(statement);
  } finally {
    await session.close();
  }
}

interface SettingsCase {
  readonly version: string;
  readonly schemas: readonly OwnSchema[];
  readonly users: readonly User[];
}

const generations: readonly SettingsCase[] = [
  { version: 'v1', schemas: ownSchemas, users: ['SUPERUSER', 'NOSUPERUSER'] },
  // the owner of the queue is a role of the whole server; a superuser need not be its member
  { version: 'v2', schemas: ownSchemasV2, users: ['SUPERUSER'] },
];

describe.each(generations)('settings of role and database of $version', ({ version, schemas, users }) => {
  const place = (name: string) => path.join(scratch, version, name);
  let dumps = 0;

  /**
   * Provisions a database, loads the sample, checks the database and its rows, and dumps it. Returns the sorted lines
   * of each file.
   */
  async function dumped(url: string, choices: readonly Choice[] = []): Promise<Dump> {
    dumps += 1;
    const folder = place(`dump-${dumps}`);
    const at = ['--artifacts', place('artifacts'), '--connection', url];
    await done('provision', ...at, '--dialect', 'pgsql');
    await done('load', place('sample'), ...at);
    // check warns about a setting that switches triggers off for others, and --strict would turn this into a failure
    const isWarned = choices.some(
      ({ setting, value }) => setting === 'session_replication_role' && value === 'replica',
    );
    const strict = isWarned ? [] : ['--strict'];
    await done('check', ...at, '--dialect', 'pgsql', ...strict, '--deep', '--data');
    await done('dump', ...at, '--output', folder);
    return [...dumpedLines(folder)];
  }

  let expected: Dump;
  beforeAll(async () => {
    const files = schemas.flatMap((name) => ['--schema', ownSchemaFile(name)]);
    await done('emit', ...files, '--dialect', 'pgsql', '--mapping-version', version, '--output', place('artifacts'));
    await done('sample', '--artifacts', place('artifacts'), '--documents', '60', '--output', place('sample'));
    expected = await underSettings('SUPERUSER', [], dumped);
    expect(expected.length).toBeGreaterThan(10);
  });

  it('do not affect loading, checking and dumping', async () => {
    const runs = fc.constantFrom(...users).chain((user) => fc.tuple(fc.constant(user), choicesOf(user)));
    await fc.assert(
      fc.asyncProperty(runs, async ([user, choices]) => {
        expect(choices.length).toBeGreaterThanOrEqual(fewest);
        expect(await underSettings(user, choices, (url) => dumped(url, choices))).toEqual(expected);
      }),
      { numRuns: propertyRuns(2) },
    );
  });
});
