import { type Connection, isFailure, type Limits, pgsqlSavepoint, pgsqlSequence, rowsOf, run } from '@dms/databases';
import { core, qualified } from '@dms/model';
import { dialectOf, empty, isEmpty, join, type PlainSql, type QualifiedName, type SqlDialect, textOf } from '@dms/sql';
import { groupBy } from '@dms/values';
import { chunk } from 'es-toolkit/array';
import {
  type ConstrainedTable,
  type KeysAside,
  outcomeOf,
  type ResultSets,
  type RowText,
  type Selection,
  type TrialOutcome,
  type VerificationDialect,
} from './verification-dialect.ts';

const { sql, id, ids, literal, literals } = dialectOf.pgsql;

/** The rows of a selection. */
const selected = (dialect: SqlDialect, { table, where }: Selection) =>
  where === undefined ? dialectOf[dialect].sql`FROM ${table}` : dialectOf[dialect].sql`FROM ${table} WHERE ${where}`;

type RowMembers = Pick<VerificationDialect, 'queriesOf' | 'rowsOfEach' | 'named' | 'change' | 'trial' | 'outcomes'>;

/** The number of tables that one query reads. */
const tablesOfQuery = 100;

/** The number of statements that one query tries. */
const statementsOfQuery = 500;

/** The code with which an accepted statement is rolled back. */
const acceptedCode = 'DMS00';
const accepted = literal(acceptedCode);

const versions = pgsqlSequence({ kind: 'sequence', sequence: core.changeVersionSequence });

const ofChange = pgsqlSavepoint('change');
const ofTrial = pgsqlSavepoint('trial');
const ofFollowing = pgsqlSavepoint('following');

/** Runs a statement under a savepoint, and rolls it back; the function ends with the transaction. */
const outcomeFunction = sql`CREATE OR REPLACE FUNCTION pg_temp.outcome(statement text) RETURNS text[] LANGUAGE plpgsql AS $outcome$
DECLARE
    code text;
    message text;
    name text;
BEGIN
    EXECUTE statement;
    SET CONSTRAINTS ALL IMMEDIATE;
    RAISE EXCEPTION USING ERRCODE = ${accepted};
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, name = CONSTRAINT_NAME;
    RETURN ARRAY[code, message, name];
END
$outcome$`;

/**
 * The outcomes of statements after a common first statement, which is rolled back too; if that one fails, it is the
 * outcome of all.
 */
const outcomesFunction = sql`CREATE OR REPLACE FUNCTION pg_temp.outcomes(first text, statements text[]) RETURNS text[] LANGUAGE plpgsql AS $outcomes$
DECLARE
    statement text;
    found text[] := '{}';
    code text;
    message text;
    name text;
BEGIN
    EXECUTE first;
    FOREACH statement IN ARRAY statements LOOP
        found := found || ARRAY[pg_temp.outcome(statement)];
    END LOOP;
    RAISE EXCEPTION USING ERRCODE = ${accepted};
EXCEPTION
    WHEN SQLSTATE ${accepted} THEN
        RETURN found;
    WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, name = CONSTRAINT_NAME;
        RETURN (SELECT array_agg(ARRAY[code, message, name]) FROM unnest(statements));
END
$outcomes$`;

/**
 * Runs statements, each followed by a query, which is planned once, and keeps the answers in a setting. A function would
 * change the catalog, and the engine would then look through the plans of all trigger functions.
 */
const followingBlock = (statements: readonly PlainSql[], query: PlainSql) => sql`DO $following$
#variable_conflict use_column
DECLARE
    statement text;
    answers text[];
BEGIN
    FOREACH statement IN ARRAY ARRAY[${literals(statements.map(textOf))}] LOOP
        EXECUTE statement;
        answers := answers || (${query});
    END LOOP;
    PERFORM pg_catalog.set_config('dms.following', pg_catalog.array_to_json(answers)::text, true);
END
$following$`;

const followingAnswers = sql`SELECT pg_catalog.current_setting('dms.following') AS found`;

/**
 * Sends texts in one message, and returns the results at the places of each change; an error rolls back to the
 * savepoint.
 */
async function inSavepoint(
  { forget }: ReturnType<typeof pgsqlSavepoint>,
  { connection, limits }: { readonly connection: Connection; readonly limits: Limits },
  write: (texts: PlainSql[]) => readonly (readonly number[])[],
): Promise<readonly ResultSets[]> {
  const texts: PlainSql[] = [];
  const places = write(texts);
  try {
    const results = await connection.queryEach(texts, limits);
    return places.map((own) => own.map((place) => results[place] ?? []));
  } catch (error) {
    await run(connection, forget);
    throw error;
  }
}

/**
 * One text for all rows of a table, one query for many tables, one message for all statements: round trips take more
 * time than the work of the engine.
 */
const pgsqlRows: RowMembers = {
  queriesOf: (selections) => {
    const texts = selections.map((selection, index) => {
      const values = join(selection.columns.map(id), '::text, ');
      return sql`SELECT ${literal(index)} AS n, json_agg(ARRAY[${values}::text])::text AS rows ${selected('pgsql', selection)}`;
    });
    return chunk(texts, tablesOfQuery).map((arms) => join(arms, ' UNION ALL '));
  },
  rowsOfEach: (selections, results) => {
    const found = new Map(
      results.flat().map((row): [number, readonly (readonly (string | null)[])[]] => {
        const { n, rows } = row as { n: number; rows: string | null };
        return [n, rows === null ? [] : JSON.parse(rows)];
      }),
    );
    return selections.map(({ columns }, index) =>
      (found.get(index) ?? []).map((values) =>
        Object.fromEntries(columns.map((name, position) => [name, values[position] ?? null])),
      ),
    );
  },
  named: (name, query) => ({
    define: [sql`PREPARE ${id(name)} AS ${query}`],
    ask: sql`EXECUTE ${id(name)}`,
    forget: [sql`DEALLOCATE ${id(name)}`],
  }),
  change: (connection, changes, limits) => {
    // deferred keys are checked after each change
    const constraints = [sql`SET CONSTRAINTS ALL IMMEDIATE`, sql`SET CONSTRAINTS ALL DEFERRED`];
    return inSavepoint(ofChange, { connection, limits }, (texts) => {
      texts.push(ofChange.set);
      const places = changes.map(({ statements, queries }) => {
        texts.push(...statements, ...constraints);
        return queries.map((query) => texts.push(query) - 1);
      });
      texts.push(ofChange.release);
      return places;
    });
  },
  trial: (connection, changes, limits) =>
    inSavepoint(ofTrial, { connection, limits }, (texts) =>
      changes.map(({ statements, queries }) => {
        texts.push(ofTrial.set, ...statements, sql`SET CONSTRAINTS ALL IMMEDIATE`);
        const places = queries.map((query) => texts.push(query) - 1);
        texts.push(ofTrial.undo, ofTrial.release);
        return places;
      }),
    ),
  outcomes: async (connection, statements, limits) => {
    if (statements.length === 0) return [];
    for (const text of [outcomeFunction, outcomesFunction]) await run(connection, text, limits);
    const found: TrialOutcome[] = statements.map(() => null);
    const groups = groupBy([...statements.keys()], (place) => textOf(statements[place]?.first ?? empty));
    // statements that alter tables come last: statements after them would read their keys again
    const places = [...groups].sort(([left], [right]) => Math.sign(left.length) - Math.sign(right.length));
    for (const [first, all] of places)
      for (const some of chunk(all, statementsOfQuery)) {
        const texts = literals(some.map((place) => textOf(statements[place]?.statement ?? empty)));
        const query =
          first === ''
            ? sql`SELECT array_to_json(pg_temp.outcome(s.text))::text AS outcome FROM unnest(ARRAY[${texts}]) WITH ORDINALITY AS s(text, n) ORDER BY s.n`
            : sql`SELECT o.outcome::text FROM json_array_elements(array_to_json(pg_temp.outcomes(${literal(first)}, ARRAY[${texts}]))) WITH ORDINALITY AS o(outcome, n) ORDER BY o.n`;
        const rows = await rowsOf<{ outcome: string }>(connection, query, limits);
        for (const [index, { outcome }] of rows.entries()) {
          const [code = '', message = '', constraint = ''] = JSON.parse(outcome) as string[];
          if (code !== acceptedCode)
            found[some[index] ?? 0] = { code, message, constraint: constraint === '' ? null : constraint };
        }
      }
    return found;
  },
};

const ofMssql = dialectOf.mssql;

/** Statements in one batch. */
const asBatch = (statements: readonly PlainSql[]) =>
  join(
    statements.map((statement) => sql`${statement};`),
    '\n',
  );

const mssqlTrial: VerificationDialect['trial'] = async (connection, changes, limits) => {
  const results: ResultSets[] = [];
  for (const { statements, queries } of changes) {
    await connection.begin();
    try {
      await connection.execute(asBatch(statements), limits);
      results.push(queries.length === 0 ? [] : await connection.queryEach(queries, limits));
    } finally {
      await connection.rollback();
    }
  }
  return results;
};

/** Each change has its own transaction: an error in a trigger ends it in spite of savepoints. */
const mssqlRows: RowMembers = {
  queriesOf: (selections) =>
    selections.map((selection) => {
      // style 126 is ISO 8601 for dates and times, and has no effect on other types
      const values = selection.columns
        .map(ofMssql.id)
        .map((name) => ofMssql.sql`CONVERT(nvarchar(4000), ${name}, 126) AS ${name}`);
      return ofMssql.sql`SELECT ${join(values)} ${selected('mssql', selection)}`;
    }),
  rowsOfEach: (selections, results) => selections.map((_, index) => (results[index] ?? []) as readonly RowText[]),
  // SQL Server keeps plans by the text of a query
  named: (_name, query) => ({ define: [], ask: query, forget: [] }),
  change: async (connection, changes, limits) => {
    const results: ResultSets[] = [];
    for (const { statements, queries } of changes) {
      await connection.begin();
      try {
        await connection.execute(asBatch(statements), limits);
      } catch (error) {
        await connection.rollback();
        throw error;
      }
      await connection.commit();
      results.push(queries.length === 0 ? [] : await connection.queryEach(queries, limits));
    }
    return results;
  },
  trial: mssqlTrial,
  outcomes: async (connection, statements, limits) => {
    const found: TrialOutcome[] = [];
    for (const { first, statement } of statements) {
      try {
        const tried = first === undefined || isEmpty(first) ? [statement] : [first, statement];
        await mssqlTrial(connection, [{ statements: tried, queries: [] }], limits);
        found.push(null);
      } catch (error) {
        if (!isFailure(error, 'DB_SQL')) throw error;
        found.push(outcomeOf(error));
      }
    }
    return found;
  },
};

const dropped = (name: string) => sql`DROP CONSTRAINT ${id(name)}`;

const superuserQuery = sql`SELECT rolsuper AS super FROM pg_catalog.pg_roles WHERE rolname = current_user`;

async function isSuperuser(connection: Connection): Promise<boolean> {
  const [role] = await rowsOf<{ super: boolean }>(connection, superuserQuery);
  return role?.super ?? false;
}

/** The triggers of keys on each table: of its own keys, and of the keys that refer to it. */
const keyTriggers = sql`SELECT pg_catalog.concat_ws('.', o.nspname, c.relname, k.conname) AS key,
    pg_catalog.concat_ws('.', n.nspname, r.relname) AS changed, t.tgname::text AS trigger
FROM pg_catalog.pg_trigger t
JOIN pg_catalog.pg_constraint k ON k.oid = t.tgconstraint AND k.contype = 'f'
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace o ON o.oid = c.relnamespace
JOIN pg_catalog.pg_class r ON r.oid = t.tgrelid
JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
ORDER BY 1, 2, 3`;

const withoutCheck = {
  pgsql: (table: QualifiedName, check: string) => sql`ALTER TABLE ${table} DROP CONSTRAINT ${id(check)}`,
  mssql: (table: QualifiedName, check: string) =>
    ofMssql.sql`ALTER TABLE ${table} NOCHECK CONSTRAINT ${ofMssql.id(check)}`,
} as const;

/** Disables each key in the table that has it, like a check. */
const eachKeyAside =
  (dialect: SqlDialect): KeysAside =>
  (interfering) => {
    const keys = interfering.flatMap((each) => each.keys);
    const distinct = new Map(keys.map((key) => [`${qualified(key.table)}.${key.name}`, key]));
    return [...distinct.values()].map(({ table, name }) => withoutCheck[dialect](table, name));
  };

/**
 * A superuser disables the triggers of keys, which alters only the changed tables. Other owners can only drop keys. That
 * alters both tables of each key, and the session then reads again all keys of a table to which hundreds refer.
 */
async function pgsqlKeysAside(connection: Connection): Promise<KeysAside> {
  if (!(await isSuperuser(connection))) return eachKeyAside('pgsql');
  const rows = await rowsOf<{ key: string; changed: string; trigger: string }>(connection, keyTriggers);
  const triggers = groupBy(rows, ({ key, changed }) => `${key} ${changed}`);
  return (interfering) => {
    const switched = new Map<string, { readonly table: QualifiedName; readonly names: Set<string> }>();
    for (const { changed, keys } of interfering) {
      const ofTable = switched.get(qualified(changed)) ?? { table: changed, names: new Set() };
      for (const key of keys)
        for (const { trigger } of triggers.get(`${qualified(key.table)}.${key.name} ${qualified(changed)}`) ?? [])
          ofTable.names.add(trigger);
      if (ofTable.names.size > 0) switched.set(qualified(changed), ofTable);
    }
    return [...switched.values()].map(
      ({ table, names }) =>
        sql`ALTER TABLE ${table} ${join([...names].map((name) => sql`DISABLE TRIGGER ${id(name)}`))}`,
    );
  };
}

async function alterConstraints(
  connection: Connection,
  tables: readonly ConstrainedTable[],
  change: PlainSql,
): Promise<void> {
  const texts = tables.flatMap(({ table, checks, foreignKeys }) => {
    const names = [...checks, ...foreignKeys];
    return names.length === 0 ? [] : [ofMssql.sql`ALTER TABLE ${table} ${change} ${ofMssql.ids(names)};`];
  });
  if (texts.length > 0) await connection.execute(join(texts, '\n'));
}

export const verificationDialects: Readonly<Record<SqlDialect, VerificationDialect>> = {
  pgsql: {
    failing: { text: 'SELECT 1/0;\n', code: '22012' },
    tableStarts: /^CREATE TABLE IF NOT EXISTS "([^"]+)"/gm,
    codes: {
      foreignKey: '23503',
      unique: '23505',
      check: '23514',
      identity: '428C9',
      notNull: '23502',
      tooLong: '22001',
      outOfRange: '22003',
      raised: 'P0001',
    },
    ...pgsqlRows,
    identityInsert: (table, values) =>
      sql`INSERT INTO ${table} (${ids([...values.keys()])}) OVERRIDING SYSTEM VALUE VALUES (${literals([...values.values()])})`,
    withoutCheck: withoutCheck.pgsql,
    keysAside: pgsqlKeysAside,
    uuidCall: (namespace, name) => sql`dms.uuidv5(${literal(namespace)}::uuid, ${literal(name)}::text)::text`,
    newUuid: sql`pg_catalog.gen_random_uuid()`,
    cacheCheck: 'CK_DocumentCache_JsonObject',
    falseText: 'false',
    transactionTime: sql`SELECT now()::text AS time`,
    isRecent: (column) => sql`(${column} > now() AND ${column} <= clock_timestamp())`,
    referenceTarget: { kind: 'embedded', dialect: 'pgsql', folder: null },
    lastVersion: { table: core.changeVersionSequence, columns: ['last_value'] },
    // a change of the catalog before each trial would make the engine plan the statements of triggers again
    restarting: {
      begin: sql`SELECT setval(${versions}, 1, false)`,
      end: (last) => sql`SELECT setval(${versions}, ${literal(last)}::bigint)`,
    },
    remaking: {
      prepare: (tables) =>
        tables.flatMap(({ table, checks, uniqueIndexes = [] }) => [
          join([sql`ALTER TABLE ${table} DISABLE TRIGGER USER`, ...checks.map(dropped)]),
          ...uniqueIndexes.map((index) => sql`DROP INDEX ${index}`),
        ]),
      // the INSERT reads the rows of the table as they were before the statement
      statement: (table, change, columns, where) => {
        const list = ids(columns);
        return sql`WITH changed AS (${change} RETURNING 1) INSERT INTO ${table} (${list}) OVERRIDING SYSTEM VALUE SELECT ${list} FROM ${table} WHERE ${where} AND (SELECT count(*) FROM changed) > 0`;
      },
    },
    unchecked: async (connection, tables) => {
      if (!(await isSuperuser(connection))) return false;
      // every owner may drop keys, but that takes a hundred times as long, and trigger bodies name some of them
      const texts = tables.map(({ table, checks }) => {
        const changes = [sql`DISABLE TRIGGER ALL`, sql`ENABLE TRIGGER USER`, ...checks.map(dropped)];
        return sql`ALTER TABLE ${table} ${join(changes)}`;
      });
      await connection.execute(join(texts, ';'));
      return true;
    },
    checked: null,
    following: async (connection, statements, query) => {
      if (statements.length === 0) return [];
      const [[[answers] = []] = []] = await inSavepoint(ofFollowing, { connection, limits: {} }, (texts) => {
        texts.push(ofFollowing.set, followingBlock(statements, query));
        const place = texts.push(followingAnswers) - 1;
        // the row versions that these statements leave behind would slow down later statements
        texts.push(ofFollowing.undo, ofFollowing.release);
        return [[place]];
      });
      return JSON.parse(String(answers?.found)) as string[];
    },
    triggerFunctions: sql`SELECT n.nspname::text AS schema, p.proname::text AS name, p.prosrc AS body FROM pg_catalog.pg_proc AS p INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace WHERE p.prorettype = 'pg_catalog.trigger'::pg_catalog.regtype AND n.nspname <> 'pg_catalog' ORDER BY 1, 2`,
    statementTriggers: sql`SELECT DISTINCT n.nspname::text AS schema, c.relname::text AS name, p.prosrc AS body FROM pg_catalog.pg_trigger AS t INNER JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace INNER JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND t.tgtype & 1 = 0 ORDER BY 1, 2, 3`,
    leftQuery: sql`SELECT 'extension ' || extname::text AS name FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1`,
    step: { begin: (connection) => connection.begin(), end: (connection) => connection.rollback() },
  },
  mssql: {
    failing: { text: 'GO\nSELECT 1/0;\nGO\n', code: '8134' },
    // the end of the script ends its transaction
    tableStarts: null,
    codes: {
      foreignKey: '547',
      unique: '2627',
      check: '547',
      identity: '544',
      notNull: '515',
      tooLong: '2628',
      outOfRange: '8115',
      raised: '50000',
    },
    ...mssqlRows,
    identityInsert: (table, values) => {
      const { sql, ids, literals } = ofMssql;
      return sql`SET IDENTITY_INSERT ${table} ON; INSERT INTO ${table} (${ids([...values.keys()])}) VALUES (${literals([...values.values()])}); SET IDENTITY_INSERT ${table} OFF`;
    },
    withoutCheck: withoutCheck.mssql,
    keysAside: async () => eachKeyAside('mssql'),
    uuidCall: (namespace, name) => {
      const { sql, literal } = ofMssql;
      const text = name === null ? sql`CAST(NULL AS nvarchar(max))` : literal(name);
      return sql`LOWER(CONVERT(nvarchar(36), ${core.uuidv5}(CAST(${literal(namespace)} AS uniqueidentifier), ${text})))`;
    },
    newUuid: ofMssql.sql`NEWID()`,
    cacheCheck: 'CK_DocumentCache_IsJsonObject',
    falseText: '0',
    transactionTime: null,
    isRecent: (column) => ofMssql.sql`${column} BETWEEN DATEADD(minute, -10, SYSUTCDATETIME()) AND SYSUTCDATETIME()`,
    referenceTarget: null,
    lastVersion: {
      table: { schema: 'sys', name: 'sequences' },
      columns: ['current_value'],
      where: ofMssql.sql`object_id = OBJECT_ID(${ofMssql.nameLiteral(core.changeVersionSequence)})`,
    },
    restarting: { begin: ofMssql.sql`ALTER SEQUENCE ${core.changeVersionSequence} RESTART WITH 1`, end: null },
    remaking: null,
    unchecked: async (connection, tables) => {
      await alterConstraints(connection, tables, sql`NOCHECK CONSTRAINT`);
      return true;
    },
    checked: (connection, tables) => alterConstraints(connection, tables, sql`WITH CHECK CHECK CONSTRAINT`),
    following: async (connection, statements, query) => {
      const found: string[] = [];
      await connection.begin();
      try {
        for (const statement of statements) {
          const [[row] = []] = await connection.queryEach([sql`${statement};\n${query}`]);
          found.push((row as { found: string } | undefined)?.found ?? '');
        }
      } finally {
        await connection.rollback();
      }
      return found;
    },
    triggerFunctions: null,
    statementTriggers: ofMssql.sql`SELECT s.name AS "schema", o.name AS name, m.definition AS body FROM sys.triggers AS t INNER JOIN sys.objects AS o ON o.object_id = t.parent_id INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id INNER JOIN sys.sql_modules AS m ON m.object_id = t.object_id ORDER BY 1, 2`,
    leftQuery: null,
    // one refused statement ends the whole transaction, so a step has none, and removes the rows that it has made
    step: {
      begin: async () => undefined,
      end: async (connection, tables) => {
        for (const table of tables) await run(connection, ofMssql.sql`DELETE FROM ${table};`);
      },
    },
  },
};
