import {
  driverCodeOf,
  isFailure,
  openDatabase,
  parseTarget,
  type Row,
  scriptBatches,
  serverTextOf,
} from '@dms/databases';
import { mustExist } from '@dms/model';
import { givenScript, trusted } from '@dms/sql';
import { createScratchDatabase, provisionedAnswers, RecordedMssql, serverError } from '@dms/testing';
import type { VerificationInput } from '../../src/index.ts';
import { parameterValues, type TranslatedNames, translatedBatch } from './translated-statement.ts';

/*
 * A driver that answers as SQL Server does: the script of PostgreSQL runs where that of SQL Server is sent, every other
 * statement is translated, a statement that fails has the number and the words of SQL Server, and nothing is rolled back
 * except a whole transaction. The system views are those of the script for SQL Server.
 */

/** How SQL Server shows values as texts, and how it switches constraints. */
const functions = `
CREATE SCHEMA tsql;
CREATE FUNCTION tsql.shown(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1 $$;
CREATE FUNCTION tsql.shown(bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1::text $$;
CREATE FUNCTION tsql.shown(integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1::text $$;
CREATE FUNCTION tsql.shown(smallint) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1::text $$;
CREATE FUNCTION tsql.shown(numeric) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1::text $$;
CREATE FUNCTION tsql.shown(boolean) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1::int::text $$;
CREATE FUNCTION tsql.shown(uuid) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper($1::text) $$;
CREATE FUNCTION tsql.shown(date) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT to_char($1, 'YYYY-MM-DD') $$;
CREATE FUNCTION tsql.shown(time) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT to_char($1, 'HH24:MI:SS.US') || '0' $$;
CREATE FUNCTION tsql.shown(timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT replace(to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '0', '.0000000', '') $$;
CREATE SCHEMA sys;
CREATE VIEW sys.sequences AS SELECT format('[%s].[%s]', schemaname, sequencename) AS object_id, coalesce(last_value, start_value) AS current_value FROM pg_sequences;
CREATE FUNCTION tsql.object_id(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1 $$;
CREATE TABLE tsql.unchecked (tab text, name text, definition text);
CREATE FUNCTION tsql.uncheck(tab text, names text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE found record; fired record;
BEGIN
  FOR found IN SELECT * FROM pg_constraint WHERE conrelid = tab::regclass AND conname = ANY (names) LOOP
    IF found.contype = 'f' THEN
      FOR fired IN SELECT tgname, tgrelid::regclass AS on_table FROM pg_trigger WHERE tgconstraint = found.oid LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', fired.on_table, fired.tgname);
      END LOOP;
    ELSE
      INSERT INTO tsql.unchecked VALUES (tab, found.conname, pg_get_constraintdef(found.oid));
      EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', tab, found.conname);
    END IF;
  END LOOP;
END $$;
CREATE FUNCTION tsql.check_again(tab text, names text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE found record; fired record;
BEGIN
  FOR found IN SELECT * FROM pg_constraint WHERE conrelid = tab::regclass AND conname = ANY (names) LOOP
    FOR fired IN SELECT tgname, tgrelid::regclass AS on_table FROM pg_trigger WHERE tgconstraint = found.oid LOOP
      EXECUTE format('ALTER TABLE %s ENABLE TRIGGER %I', fired.on_table, fired.tgname);
    END LOOP;
  END LOOP;
  FOR found IN DELETE FROM tsql.unchecked AS u WHERE u.tab = $1 AND u.name = ANY (names) RETURNING * LOOP
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', found.tab, found.name, found.definition);
  END LOOP;
END $$;`;

/** The names that PostgreSQL shortens, and those of constraints that it has otherwise, by the name in SQL Server. */
function namesOf(mssql: VerificationInput, pgsql: VerificationInput): TranslatedNames {
  const full = new Map(pgsql.model.shortenedNames.map(({ name, fullName }) => [fullName, name]));
  const shortened = new Map(mssql.model.shortenedNames.map(({ name, fullName }) => [fullName, name]));
  const names = new Map<string, string>([['CK_DocumentCache_IsJsonObject', 'CK_DocumentCache_JsonObject']]);
  for (const [fullName, name] of full) names.set(shortened.get(fullName) ?? fullName, name);
  const tables = new Map(pgsql.catalog.tables.map((table) => [`${table.schema}.${table.name}`, table]));
  const inPgsql = (name: string) => names.get(name) ?? name;
  for (const table of mssql.catalog.tables) {
    const other = tables.get(`${table.schema}.${inPgsql(table.name)}`);
    if (other === undefined) throw new Error(`no table ${table.schema}.${table.name}`);
    const place = (columns: readonly string[]) => columns.map(inPgsql).join();
    for (const unique of table.uniques) {
      const found = other.uniques.find(({ columns }) => columns.join() === place(unique.columns));
      if (found) names.set(unique.name, found.name);
    }
    for (const key of table.foreignKeys) {
      const toSame = other.foreignKeys.filter(({ target }) => target.table === inPgsql(key.target.table));
      const found =
        toSame.find(({ columns }) => columns.join() === place(key.columns)) ??
        toSame.find(({ columns }) => columns[0] === inPgsql(key.columns[0] ?? ''));
      if (found) names.set(key.name, found.name);
    }
    const unnamed = (checks: readonly { readonly name: string }[], known: readonly { readonly name: string }[]) =>
      checks.filter(({ name }) => !known.some((each) => each.name === name)).map(({ name }) => name);
    const inOther = unnamed(other.checks, table.checks);
    for (const [index, name] of unnamed(table.checks, other.checks).entries())
      names.set(name, names.get(name) ?? inOther[index] ?? name);
    if (table.primaryKey && other.primaryKey) names.set(table.primaryKey.name, other.primaryKey.name);
  }
  return names;
}

/** Words of SQL Server for a failure of PostgreSQL. */
interface ServerRefusal {
  readonly number: number;
  readonly says: (at: { readonly name: string; readonly verb: string; readonly said: readonly string[] }) => string;
}

const conflict = (kind: string): ServerRefusal => ({
  number: 547,
  says: ({ name, verb }) =>
    `The ${verb} statement conflicted with the ${kind} constraint "${name}". The conflict occurred in database "d", table "t", column 'c'.`,
});

const conversionFailed: ServerRefusal = {
  number: 8114,
  says: ({ verb }) => `Error converting data type nvarchar to another type in ${verb}.`,
};

const refusals: Readonly<Record<string, ServerRefusal>> = {
  23505: {
    number: 2627,
    says: ({ name }) =>
      `Violation of UNIQUE KEY constraint '${name}'. Cannot insert duplicate key in object 't'. The duplicate key value is (v).`,
  },
  23503: conflict('FOREIGN KEY'),
  23514: conflict('CHECK'),
  23502: {
    number: 515,
    says: ({ verb, said: [column, table] }) =>
      `Cannot insert the value NULL into column '${column}', table 'd.s.${table}'; column does not allow nulls. ${verb} fails.`,
  },
  22001: {
    number: 2628,
    says: () => "String or binary data would be truncated in table 'd.s.t', column 'c'. Truncated value: 'v'.",
  },
  22003: { number: 8115, says: () => 'Arithmetic overflow error converting expression to data type int.' },
  22012: { number: 8134, says: () => 'Divide by zero error encountered.' },
  '22P02': conversionFailed,
  22007: conversionFailed,
  22008: conversionFailed,
  '428C9': {
    number: 544,
    says: () => "Cannot insert explicit value for identity column in table 't' when IDENTITY_INSERT is set to OFF.",
  },
};

export interface ServerOnPostgres {
  readonly driver: RecordedMssql;
  /** Statements that PostgreSQL did not understand, each with what it said: the translation lacks them. */
  readonly untranslated: readonly string[];
  close(): Promise<void>;
}

/** Texts about the server, the session and the system views, which the recorded answers know. */
const ofServer =
  /^(?:connect|SET (?!IDENTITY_INSERT)|DBCC )|\bsys\.(?!sequences|sp_sequence)|sp_getapplock|@@TRANCOUNT|@@SPID|SERVERPROPERTY|HAS_PERMS_BY_NAME|DATABASEPROPERTYEX|\b(?:CREATE|ALTER|DROP) DATABASE\b|OBJECT_ID\(N'dms\.EffectiveSchema', N'U'\) IS NULL|CAST\(\[EffectiveSchemaSingletonId\]|SELECT CAST\(\[(?:ResourceKeyId|EffectiveSchemaHash)\]|GROUP BY d\.\[ResourceKeyId\]|AS lowered FROM OPENJSON/;

/** Opens such a driver for a set; `pgsql` is the same set for PostgreSQL. */
export async function serverOnPostgres(mssql: VerificationInput, pgsql: VerificationInput): Promise<ServerOnPostgres> {
  const database = await createScratchDatabase();
  const { target } = parseTarget(database.url, 'pgsql');
  const connection = await openDatabase(target as Parameters<typeof openDatabase>[0]);
  await connection.execute(givenScript(functions));
  const names = namesOf(mssql, pgsql);
  const ownNames = new Map([...names].map(([own, short]) => [short, own]));
  const untranslated: string[] = [];
  const hash = mssql.model.effectiveSchema.effectiveSchemaHash;
  const batchTexts = scriptBatches(mssql.script).map(({ text }) => text);
  const hashes = /[0-9a-f]{64}/g;
  const withoutHashes = (text: string) => text.replaceAll(hashes, '');
  const ofScript = new Set(batchTexts.map(withoutHashes));
  // the batch that compares the hash of the database
  const deciding = withoutHashes(
    mustExist(
      batchTexts.find((text) => text.includes(hash)),
      'the batch with the hash',
    ),
  );
  const isThere = { now: false };
  const system = provisionedAnswers(
    { info: mssql.model.effectiveSchema, script: mssql.script, catalog: mssql.catalog },
    () => isThere.now,
  );

  const withOwnNames = (row: Row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [ownNames.get(name) ?? name, value]));

  /** The error of SQL Server for one of PostgreSQL. */
  function refused(error: unknown, text: string): Error {
    if (!isFailure(error)) throw error;
    const said = serverTextOf(error);
    const code = driverCodeOf(error) ?? '';
    if (code === 'P0001') return serverError(50_000, said);
    const refusal = refusals[code];
    if (refusal === undefined) {
      untranslated.push(`${code} ${said} in: ${text}`);
      return serverError(102, `${code} ${said}`);
    }
    const { object } = error.diagnostics[0].details;
    const constraint = String(object ?? '');
    return serverError(
      refusal.number,
      refusal.says({
        name: ownNames.get(constraint) ?? constraint,
        verb: /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? '',
        said: [...said.matchAll(/"([^"]+)"/g)].map(([, name = '']) => ownNames.get(name) ?? name),
      }),
    );
  }

  async function see(): Promise<void> {
    const [row] = await connection.query<{ made: boolean }>(
      trusted(`SELECT to_regclass('dms."EffectiveSchema"') IS NOT NULL AS made`),
    );
    isThere.now = row?.made ?? false;
  }

  const driver: RecordedMssql = new RecordedMssql(async (text, parameters) => {
    if (text === 'commit') await connection.commit();
    else if (text === 'rollback') await connection.rollback();
    if (text === 'commit' || text === 'rollback') {
      await see();
      return undefined;
    }
    const batch = withoutHashes(text);
    if (batch === deciding) {
      const other = text.match(hashes)?.find((each) => !mssql.script.includes(each));
      const script = other === undefined ? pgsql.script : pgsql.script.replaceAll(hash, other);
      await connection.execute(givenScript(script)).catch((error: unknown) => Promise.reject(refused(error, text)));
      await see();
      return [];
    }
    if (ofScript.has(batch)) return [];
    if (text.includes('is_read_committed_snapshot_on')) return [[]];
    if (text.includes('FROM sys.triggers AS t INNER JOIN sys.objects')) return [triggerBodies(batchTexts)];
    if (ofServer.test(text)) return system(text, parameters);
    const declarations = Object.keys(parameters).length > 0 ? (driver.queries.at(-1)?.declarations ?? '') : '';
    const statements = translatedBatch(text, { names, parameters: parameterValues(declarations, parameters) });
    try {
      const results = await connection.queryEach(statements.map((each) => each.text).map(trusted));
      return statements.flatMap(({ hasRows }, index) => (hasRows ? [(results[index] ?? []).map(withOwnNames)] : []));
    } catch (error) {
      throw refused(error, text);
    }
  });
  driver.begins = async () => {
    await connection.begin();
    // SQL Server checks every key at the end of each statement
    if (isThere.now) await connection.execute(givenScript('SET CONSTRAINTS ALL IMMEDIATE'));
  };
  return {
    driver,
    untranslated,
    close: async () => {
      await connection.close();
      await database.drop();
    },
  };
}

/** The triggers of a script, as `sys.sql_modules` shows them: `schema` and `name` of their tables, and the whole batch. */
const triggerBodies = (batches: readonly string[]) =>
  batches.flatMap((body) => {
    const [, schema, name] = /^CREATE OR ALTER TRIGGER \S+\nON \[(\w+)\]\.\[(\w+)\]/m.exec(body) ?? [];
    return schema === undefined ? [] : [{ schema, name, body }];
  });
