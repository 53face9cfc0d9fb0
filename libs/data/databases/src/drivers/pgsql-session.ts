import { fail } from '@dms/diagnostics';
import { dialectOf, join, type PlainSql, pgsqlIsolation, setUsualIsolation, textOf, trusted, value } from '@dms/sql';
import { driverCodeOf } from '../failures/failure.ts';
import { type Connection, type Limits, type Pooler, type Purpose, queueOfWork } from './connection.ts';
import { rowsOf, run } from './statement.ts';

const { sql, literal, literals } = dialectOf.pgsql;

/**
 * Settings of PostgreSQL that change what a statement means or how a value is printed, with the values that the product
 * is written for. A role or a database may have others (`ALTER ROLE … SET`). Design 09 §1.5 has the reasons, and the
 * settings that stay as they are.
 */
const settings: readonly (readonly [name: string, value: string])[] = [
  // first, because it changes how the server stores the next one
  ['quote_all_identifiers', 'off'],
  ['search_path', 'public'],
  ['default_transaction_isolation', `'${pgsqlIsolation.writing.toLowerCase()}'`],
  ['row_security', 'off'],
  ['transform_null_equals', 'off'],
  ['standard_conforming_strings', 'on'],
  ['array_nulls', 'on'],
  ['check_function_bodies', 'on'],
  ['plpgsql.extra_errors', 'none'],
  ['exit_on_error', 'off'],
  ['TimeZone', "'UTC'"],
  ['DateStyle', 'ISO, YMD'],
  ['IntervalStyle', 'postgres'],
  ['bytea_output', 'hex'],
  ['extra_float_digits', '1'],
  ['client_min_messages', 'warning'],
];

/** The process of the server that works on a session. */
export const backend = sql`SELECT pg_backend_pid() AS pid`;

/** Sets `session_replication_role` only if it differs, because only a superuser may set it. */
const replicationRole = (
  isLocal: boolean,
) => sql`SELECT set_config('session_replication_role', 'origin', ${literal(isLocal)})
WHERE current_setting('session_replication_role') <> 'origin'`;

const assignments = (word: 'SET' | 'SET LOCAL') =>
  settings.map((setting) => trusted(`${word} ${setting.join(' TO ')}`));

const setup = join([...assignments('SET'), replicationRole(false)], ';\n');

/** The same settings for one transaction. */
const localSettings: readonly PlainSql[] = [...assignments('SET LOCAL'), replicationRole(true)];

/** Reads the values of the settings in a transaction; `givenBack` restores them. */
const shownSettings = sql`SELECT name, pg_catalog.current_setting(name, true) AS value
FROM pg_catalog.unnest(ARRAY[${literals(settings.map(([name]) => name))}]) AS name`;
const givenBack = (earlier: readonly object[]) => sql`SELECT pg_catalog.set_config(name, value, true)
FROM pg_catalog.jsonb_to_recordset(${value(JSON.stringify(earlier))}::jsonb) AS earlier(name text, value text)`;

/**
 * Works in the open transaction of a session whose owner has other settings: applies the settings that the product is
 * written for, and restores the owner's afterwards. If the work fails, the caller has to undo it, and the settings with
 * it. Throws `DB_SESSION_SETTING`.
 */
export async function withLocalSettings<Result>(connection: Connection, work: () => Promise<Result>): Promise<Result> {
  const shown = await rowsOf<{ readonly name: string; readonly value: string | null }>(connection, shownSettings);
  await expectSettings(connection, () => run(connection, join(localSettings, ';\n')));
  const result = await work();
  await rowsOf(connection, givenBack(shown.filter((setting) => setting.value !== null)));
  return result;
}

/** Runs a text that sets the settings. Throws `DB_SESSION_SETTING` for the one that the role may not set. */
async function expectSettings({ label }: Pick<Connection, 'label'>, set: () => Promise<void>): Promise<void> {
  try {
    await set();
  } catch (error) {
    // every role may set the other settings
    if (driverCodeOf(error) !== '42501') throw error;
    const text =
      `${label}: session_replication_role of this role or database is not origin, so triggers and foreign keys do not work. ` +
      'Only a superuser can set it: run ALTER ROLE … RESET session_replication_role and the same for the database, or connect as another role.';
    fail('DB_SESSION_SETTING', text, {}, { setting: 'session_replication_role' });
  }
}

/**
 * Gives a session of PostgreSQL the settings that the product is written for, in place of those of role and database
 * (design 09 §1.5). Throws `DB_SESSION_SETTING` where triggers and foreign keys are off and the role may not switch
 * them on.
 */
export const setUpPgsqlSession = (connection: Connection, limits: Limits): Promise<void> =>
  expectSettings(connection, () => run(connection, setup, limits));

/*
 * A session behind a pooler that gives it another connection of the server for each transaction (pgbouncer in
 * transaction mode). State that a session leaves on a connection goes to the next user of the connection (design 09
 * §1.5).
 */

/** Statements that are not allowed in a transaction, and depend on no setting. */
const outside = /^\s*(?:CREATE|DROP)\s+DATABASE\b/i;

/**
 * A session that leaves nothing behind: every statement runs in a transaction with settings of its own, and no
 * statement has a name. `onProcess` gets the process of the server that works on a transaction, and null after it.
 * Statements outside a transaction run one after another, each in a transaction of its own.
 */
export function pooledConnection(session: Connection, onProcess: (process: number | null) => void): Connection {
  const more = new Set<PlainSql>();
  let process: number | null = null;
  let isOpen = false;
  const inTurn = queueOfWork();
  const worksIn = (found: number | null) => {
    process = found;
    onProcess(found);
  };

  const begin = async (purpose?: Purpose) => {
    await session.begin(purpose);
    try {
      await expectSettings(session, async () => {
        const results = await session.queryEach([...opening(purpose, more), backend]);
        worksIn((results.at(-1)?.[0] as { readonly pid: number } | undefined)?.pid ?? null);
      });
    } catch (error) {
      await session.rollback();
      throw error;
    }
  };
  const end = async (ending: () => Promise<void>) => {
    try {
      await ending();
    } finally {
      worksIn(null);
    }
  };
  const ended = (ending: () => Promise<void>) => {
    isOpen = false;
    return inTurn(() => end(ending));
  };
  const run = <Result>(work: () => Promise<Result>): Promise<Result> =>
    isOpen ? work() : inTurn(() => inOwnTransaction(session, { begin, end }, work));

  const pooler: Pooler = {
    process: () => process,
    addLocalSettings: (text) => {
      more.add(text);
      return () => void more.delete(text);
    },
  };
  const { copyIn } = session;
  return {
    ...session,
    pooler,
    // a pooler may not have a second connection for the same client, and may get it from another server
    exportSnapshot: undefined,
    execute: (text, limits) => {
      const work = () => session.execute(text, limits);
      return outside.test(textOf(text)) ? inTurn(work) : run(work);
    },
    query: (text, parameters, limits) => run(() => session.query(text, parameters, limits)),
    queryEach: (texts, limits) => run(() => session.queryEach(texts, limits)),
    queryAll: (statements, limits) => {
      const nameless = statements.map((statement) => ({ ...statement, name: undefined }));
      return run(() => session.queryAll(nameless, limits));
    },
    ...(copyIn ? { copyIn: (text, rows, limits) => run(() => copyIn(text, rows, limits)) } : {}),
    begin: (purpose) =>
      inTurn(async () => {
        await begin(purpose);
        isOpen = true;
      }),
    commit: () => ended(session.commit),
    rollback: () => ended(session.rollback),
  };
}

/** The statements that give a transaction its settings, whatever the settings of its server connection are. */
function opening(purpose: Purpose | undefined, more: Iterable<PlainSql>): PlainSql[] {
  // a reading transaction has already set its isolation level
  const level = purpose === 'reading' ? [] : [setUsualIsolation];
  return [...level, ...localSettings, ...more];
}

/** How a transaction begins, and how it ends with a commit or a rollback. */
interface Frame {
  readonly begin: () => Promise<void>;
  readonly end: (ending: () => Promise<void>) => Promise<void>;
}

async function inOwnTransaction<Result>(
  { commit, rollback }: Pick<Connection, 'commit' | 'rollback'>,
  { begin, end }: Frame,
  work: () => Promise<Result>,
): Promise<Result> {
  await begin();
  let result: Result;
  try {
    result = await work();
  } catch (error) {
    await end(rollback);
    throw error;
  }
  await end(commit);
  return result;
}

/**
 * Refuses a session behind a pooler, for work that needs one session of the server from beginning to end. Throws
 * `DB_POOLER`; `work` names that work, as the subject of a sentence.
 */
export function expectOwnSession({ label, pooler }: Pick<Connection, 'label' | 'pooler'>, work: string): void {
  if (pooler === undefined) return;
  const text = `${label}: a pooler answers in place of the server. ${work} needs a session of the server from beginning to end. Nothing was changed. Connect to the server itself.`;
  fail('DB_POOLER', text, {}, { label });
}
