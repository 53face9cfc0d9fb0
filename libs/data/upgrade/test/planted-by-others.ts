import type { Connection } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';

/* Owners, rights, options and comments of others on a share of the objects of a database. */

/** The roles of a test run. Roles belong to the server, so each run has its own names. */
export interface OtherRoles {
  readonly owner: string;
  readonly reader: string;
  readonly clerk: string;
}

export const otherRoles = (name: string): OtherRoles => {
  const named = (role: string) => `Dms ${role} of ${name} ${process.pid}`;
  return { owner: named('owner'), reader: named('reader'), clerk: named('clerk') };
};

const quoted = ({ owner, reader, clerk }: OtherRoles) => [owner, reader, clerk].map((role) => `"${role}"`);

export const madeRoles = (roles: OtherRoles) =>
  quoted(roles)
    .map((role) => `CREATE ROLE ${role};`)
    .join('\n');

export const removedRoles = (roles: OtherRoles) =>
  `DROP OWNED BY ${quoted(roles).join(', ')} CASCADE; DROP ROLE ${quoted(roles).join(', ')};`;

/** Gives every object of some schemas an owner. */
export const ownedBy = (owner: string, schemas: readonly string[]) => `DO $own$ DECLARE change text; BEGIN
FOR change IN SELECT format('ALTER SCHEMA %I OWNER TO %I', nspname, '${owner}') FROM pg_namespace WHERE nspname IN (${listed(schemas)})
  UNION ALL SELECT format('ALTER %s %s OWNER TO %I', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass, '${owner}')
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname IN (${listed(schemas)}) AND relkind IN ('r', 'v', 'S')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND relkind = 'S')
  UNION ALL SELECT format('ALTER FUNCTION %s OWNER TO %I', p.oid::regprocedure, '${owner}') FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
    WHERE nspname IN (${listed(schemas)}) AND pg_get_userbyid(proowner) NOT LIKE 'edfi%'
LOOP EXECUTE change; END LOOP; END $own$;`;

const listed = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

/**
 * Plants everything that an upgrade can meet on one of `share` objects of each kind. Others have made parts of tables in
 * the schemas `named`.
 */
export async function plantedByOthers(
  connection: Connection,
  schemas: readonly string[],
  { reader, clerk }: OtherRoles,
  { share = 3, named = schemas }: { readonly share?: number; readonly named?: readonly string[] } = {},
): Promise<void> {
  const every = (query: string) =>
    `SELECT change FROM (SELECT x.*, row_number() OVER (PARTITION BY kind ORDER BY place) AS number FROM (${query}) x) y WHERE number % ${share} = 1`;
  const ofSchemas = `n.nspname IN (${listed(schemas)})`;
  const relations = `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND ${ofSchemas}`;
  const one = (kind: string, place: string, from: string, format: string, ...values: readonly string[]) =>
    `SELECT '${kind}' AS kind, ${place}::text COLLATE "C" AS place, format(${[`$f$${format}$f$`, ...values].join(', ')}) AS change FROM ${from}`;
  const tables = `${relations} WHERE c.relkind = 'r'`;
  const rel = 'c.oid::regclass';
  const columns = `${relations} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE c.relkind = 'r' AND c.relname <> 'EffectiveSchema'`;
  const column = "c.oid::regclass || '.' || a.attname";
  const indexes = `${relations} JOIN pg_index x ON x.indrelid = c.oid JOIN pg_class i ON i.oid = x.indexrelid WHERE c.relkind = 'r'`;
  const list = [
    one(
      'rights',
      rel,
      tables,
      `GRANT SELECT, INSERT, UPDATE ON %s TO "${reader}"; GRANT DELETE ON %s TO "${clerk}" WITH GRANT OPTION`,
      rel,
      rel,
    ),
    one('column rights', column, columns, `GRANT SELECT (%I) ON %s TO "${clerk}"`, 'a.attname', rel),
    one('options', rel, tables, 'ALTER TABLE %s SET (fillfactor = 77)', rel),
    one('comment', rel, `${tables} AND c.relname <> 'EffectiveSchema'`, `COMMENT ON TABLE %s IS 'of others'`, rel),
    one('column comment', column, columns, `COMMENT ON COLUMN %s.%I IS 'of others'`, rel, 'a.attname'),
    one('statistics', column, columns, 'ALTER TABLE %s ALTER %I SET STATISTICS 321', rel, 'a.attname'),
    one('distinct', column, columns, 'ALTER TABLE %s ALTER %I SET (n_distinct = -0.25)', rel, 'a.attname'),
    one(
      'storage',
      column,
      `${columns} AND a.atttypid = 'varchar'::regtype`,
      'ALTER TABLE %s ALTER %I SET STORAGE EXTERNAL',
      rel,
      'a.attname',
    ),
    one(
      'compression',
      column,
      `${columns} AND a.atttypid = 'varchar'::regtype`,
      'ALTER TABLE %s ALTER %I SET COMPRESSION pglz',
      rel,
      'a.attname',
    ),
    one('index options', 'i.oid::regclass', indexes, 'ALTER INDEX %s SET (fillfactor = 66)', 'i.oid::regclass'),
    one('index comment', 'i.oid::regclass', indexes, `COMMENT ON INDEX %s IS 'of others'`, 'i.oid::regclass'),
    one(
      'constraint comment',
      "c.oid::regclass || '.' || k.conname",
      `${relations} JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype <> 'n'`,
      `COMMENT ON CONSTRAINT %I ON %s IS 'of others'`,
      'k.conname',
      rel,
    ),
    one(
      'trigger comment',
      "c.oid::regclass || '.' || g.tgname",
      `${relations} JOIN pg_trigger g ON g.tgrelid = c.oid AND NOT g.tgisinternal`,
      `COMMENT ON TRIGGER %I ON %s IS 'of others'`,
      'g.tgname',
      rel,
    ),
    ...partsOfOthers(one, `${relations} AND n.nspname IN (${listed(named)})`, clerk),
    one('cluster', rel, `${indexes} AND x.indisprimary`, 'ALTER TABLE %s CLUSTER ON %I', rel, 'i.relname'),
    one(
      'identity',
      rel,
      `${indexes} AND x.indisprimary`,
      'ALTER TABLE %s REPLICA IDENTITY USING INDEX %I',
      rel,
      'i.relname',
    ),
    one('view rights', rel, `${relations} WHERE c.relkind = 'v'`, `GRANT SELECT ON %s TO "${reader}"`, rel),
    one('view comment', rel, `${relations} WHERE c.relkind = 'v'`, `COMMENT ON VIEW %s IS 'of others'`, rel),
    one('sequence rights', rel, `${relations} WHERE c.relkind = 'S'`, `GRANT USAGE ON SEQUENCE %s TO "${reader}"`, rel),
    one(
      'function rights',
      'p.oid::regprocedure',
      `pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND ${ofSchemas} WHERE pg_get_userbyid(p.proowner) NOT LIKE 'edfi%'`,
      `GRANT EXECUTE ON FUNCTION %s TO "${reader}"`,
      'p.oid::regprocedure',
    ),
    one(
      'function comment',
      'p.oid::regprocedure',
      `pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND ${ofSchemas} WHERE pg_get_userbyid(p.proowner) NOT LIKE 'edfi%'`,
      `COMMENT ON FUNCTION %s IS 'of others'`,
      'p.oid::regprocedure',
    ),
    one(
      'schema rights',
      'n.nspname',
      `pg_namespace n WHERE ${ofSchemas}`,
      `GRANT USAGE ON SCHEMA %I TO "${reader}"`,
      'n.nspname',
    ),
  ];
  await connection.execute(givenScript(ofOthers));
  const changes = await connection.query<{ change: string }>(trusted(every(list.join('\nUNION ALL '))));
  for (const { change } of changes) await connection.execute(givenScript(change));
}

/** Parts that others made for tables, with a column that stays, and views that use these. */
function partsOfOthers(
  one: (kind: string, place: string, from: string, format: string, ...values: readonly string[]) => string,
  relations: string,
  clerk: string,
): readonly string[] {
  const rel = 'c.oid::regclass';
  const tables = `${relations} WHERE c.relkind = 'r' AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'DocumentId')`;
  const part = (kind: string, format: string, ...values: readonly string[]) =>
    one(kind, rel, tables, format, ...values);
  const named = (kind: string) => `'Other ${kind} of ' || c.relname`;
  return [
    part(
      'index of others',
      `CREATE INDEX %1$I ON %2$s (("DocumentId" %% 7)) WITH (fillfactor = 55) WHERE "DocumentId" > 3; COMMENT ON INDEX %3$s.%1$I IS 'of others'`,
      named('index'),
      rel,
      'n.nspname',
    ),
    part(
      'statistics of others',
      `CREATE STATISTICS others.%1$I ON "DocumentId", ("DocumentId" %% 5) FROM %2$s; ALTER STATISTICS others.%1$I SET STATISTICS 77; COMMENT ON STATISTICS others.%1$I IS 'of others'`,
      named('statistics'),
      rel,
    ),
    part('publication of others', 'ALTER PUBLICATION "Other publication" ADD TABLE %s', rel),
    part(
      'view of others',
      `CREATE VIEW others.%1$I WITH (security_barrier = true) AS SELECT "DocumentId" AS id FROM %2$s;
      CREATE RULE "Other rule" AS ON INSERT TO others.%1$I DO INSTEAD NOTHING; COMMENT ON RULE "Other rule" ON others.%1$I IS 'of others';
      CREATE TRIGGER "Other trigger" INSTEAD OF UPDATE ON others.%1$I FOR EACH ROW EXECUTE FUNCTION others.fire();
      GRANT SELECT ON others.%1$I TO "${clerk}" WITH GRANT OPTION; GRANT UPDATE (id) ON others.%1$I TO "${clerk}"; COMMENT ON VIEW others.%1$I IS 'of others'`,
      named('view'),
      rel,
    ),
    part(
      'materialized view of others',
      `CREATE MATERIALIZED VIEW others.%1$I AS SELECT count("DocumentId") AS n FROM %2$s WITH NO DATA; CREATE INDEX %3$I ON others.%1$I (n)`,
      named('counts'),
      rel,
      named('index of counts'),
    ),
  ];
}

/** Where others keep what they made. */
const ofOthers = `CREATE SCHEMA others; CREATE FUNCTION others.fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE PUBLICATION "Other publication" WITH (publish = 'insert');`;

/** The facts of each object, from the lines of `givenByOthers`. */
export function factsByObject(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const line of lines) {
    const end = line.indexOf(': ');
    const object = line.slice(0, end);
    found.set(object, [...(found.get(object) ?? []), line.slice(end + 2)]);
  }
  return found;
}
