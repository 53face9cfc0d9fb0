/** The members of a database session that these tests need; `@dms/testing` implements them for every engine. */
export interface SqlSession {
  exec(sql: string): Promise<void>;
  query<Row = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<Row[]>;
  queryRows(sql: string, params?: readonly unknown[]): Promise<unknown[][]>;
}

/** The error of a failing statement. */
export interface SqlFailure {
  readonly message: string;
  readonly code?: string;
  readonly constraint?: string;
}

/** Runs `action` in a transaction that is rolled back in any case. */
export async function rolledBack<Result>(session: SqlSession, action: () => Promise<Result>): Promise<Result> {
  await session.exec('BEGIN');
  try {
    return await action();
  } finally {
    await session.exec('ROLLBACK');
  }
}

/** Runs `action` in a savepoint, and rolls back to it. */
export async function inSavepoint<Result>(session: SqlSession, action: () => Promise<Result>): Promise<Result> {
  await session.exec('SAVEPOINT attempt');
  try {
    return await action();
  } finally {
    await session.exec('ROLLBACK TO SAVEPOINT attempt');
    await session.exec('RELEASE SAVEPOINT attempt');
  }
}

/** The error of a text that must fail; the transaction continues as if the text had not run. */
export async function failureOf(session: SqlSession, sql: string): Promise<SqlFailure> {
  return inSavepoint(session, async () => {
    try {
      await session.exec(sql);
      await session.exec('SET CONSTRAINTS ALL IMMEDIATE');
    } catch (error) {
      return error as SqlFailure;
    }
    throw new Error(`must fail, but succeeds: ${sql.slice(0, 200)}`);
  });
}

/** The value of a query with one row and one column. */
export async function singleValue(session: SqlSession, sql: string, params?: readonly unknown[]): Promise<unknown> {
  const rows = await session.queryRows(sql, params);
  if (rows.length !== 1 || rows[0]?.length !== 1) throw new Error(`${rows.length} rows for: ${sql}`);
  return rows[0][0];
}

/** A string as SQL text. */
export const sqlText = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Empties the database: drops all schemas except `public`, and pgcrypto. */
export async function dropEverything(session: SqlSession): Promise<void> {
  const schemas = await session.queryRows(
    "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')",
  );
  await session.exec('DROP EXTENSION IF EXISTS pgcrypto CASCADE');
  for (const [name] of schemas) await session.exec(`DROP SCHEMA "${String(name).replaceAll('"', '""')}" CASCADE`);
}

const catalogQueries = [
  `SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`,
  `SELECT 'extension ' || e.extname || ' in ' || n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace`,
  `SELECT 'relation ' || c.relkind::text || ' ' || n.nspname || '.' || c.relname || ' ' || c.relpersistence::text
     || coalesce(' ' || CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END, '')
   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname !~ '^(pg_|information_schema)'`,
  `SELECT 'column ' || n.nspname || '.' || c.relname || ' ' || a.attnum || ' ' || a.attname || ' '
     || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' || a.attidentity::text || a.attgenerated::text
     || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '')
   FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE c.relkind IN ('r', 'v') AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname !~ '^(pg_|information_schema)'`,
  `SELECT 'constraint ' || k.conrelid::regclass || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid) || ' '
     || k.condeferrable || k.condeferred || k.convalidated
   FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
   WHERE n.nspname !~ '^(pg_|information_schema)' AND k.contype IN ('p', 'u', 'f', 'c')`,
  `SELECT 'index ' || pg_get_indexdef(x.indexrelid) || ' ' || x.indisvalid
   FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname !~ '^(pg_|information_schema)'`,
  `SELECT 'trigger ' || pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text FROM pg_trigger t WHERE NOT t.tgisinternal`,
  `SELECT 'function ' || n.nspname || '.' || p.proname || ' ' || pg_get_functiondef(p.oid)
   FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
   WHERE n.nspname !~ '^(pg_|information_schema)' AND NOT EXISTS (SELECT 1 FROM pg_depend d
     WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')`,
  `SELECT 'sequence ' || seqrelid::regclass || ' ' || seqtypid::regtype || ' ' || seqstart || ' ' || seqincrement || ' '
     || seqmin || ' ' || seqmax || ' ' || seqcycle FROM pg_sequence`,
];

/** All objects that were created in a database, one line per object, sorted: equal lines mean equal catalogs. */
export async function catalogLines(session: SqlSession): Promise<string[]> {
  const lines: string[] = [];
  for (const query of catalogQueries) for (const [line] of await session.queryRows(query)) lines.push(String(line));
  return lines.sort();
}

/** The rows of the fingerprint, `AppliedAt` included. */
export async function seedLines(session: SqlSession): Promise<string[]> {
  const lines: string[] = [];
  for (const table of ['ResourceKey', 'EffectiveSchema', 'SchemaComponent']) {
    const rows = await session.queryRows(`SELECT '${table} ' || t::text FROM dms."${table}" AS t`);
    lines.push(...rows.map(([line]) => String(line)));
  }
  return lines.sort();
}
