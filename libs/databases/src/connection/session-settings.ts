import { fail } from '@dms/diagnostics';
import type { Connection, Limits } from './connection.ts';
import { driverCodeOf } from './failure.ts';

/**
 * Settings of PostgreSQL that change what a statement means or how a value is printed, with the values that the product
 * is written for. A role or a database may have others (`ALTER ROLE … SET`). Design 09 §1.5 has the reasons, and the
 * settings that stay as they are.
 */
const settings: readonly (readonly [name: string, value: string])[] = [
  // first: it changes how the next one is kept
  ['quote_all_identifiers', 'off'],
  ['search_path', 'public'],
  ['default_transaction_isolation', "'read committed'"],
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

/** Only a superuser may set it, so it is set only where it differs. */
const replicationRole = (isLocal: boolean) => `SELECT set_config('session_replication_role', 'origin', ${isLocal})
WHERE current_setting('session_replication_role') <> 'origin'`;

const assignments = (word: 'SET' | 'SET LOCAL') => settings.map(([name, value]) => `${word} ${name} TO ${value}`);

const setup = [...assignments('SET'), replicationRole(false)].join(';\n');

/** The statements that do the same within a transaction, and end with it. */
export const localSettings: readonly string[] = [...assignments('SET LOCAL'), replicationRole(true)];

/** Runs a text that sets the settings. Throws `DB_SESSION_SETTING` for the one that the role may not set. */
export async function expectSettings({ label }: Pick<Connection, 'label'>, set: () => Promise<void>): Promise<void> {
  try {
    await set();
  } catch (error) {
    // every role may set the others
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
 * them on, and the `DB_*` codes.
 */
export const setUpPgsqlSession = (connection: Connection, limits: Limits): Promise<void> =>
  expectSettings(connection, () => connection.execute(setup, limits));
