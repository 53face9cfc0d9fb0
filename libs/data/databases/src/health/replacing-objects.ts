import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import {
  type CalledNames,
  calledNames,
  dialectOf,
  dialectRules,
  type SqlDialect,
  textOf,
  trusted,
  value,
} from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf } from '../drivers/statement.ts';
import { notOfExtension } from '../introspection/pgsql-conditions.ts';

const { sql, id, literal } = dialectOf.pgsql;
const { quote } = dialectRules.pgsql;

/*
 * Queries for objects that a session of PostgreSQL could use in place of a built-in function, operator, cast or type
 * (design 09c §1).
 */

/** An object with the name of a built-in object, or one that can take its place. */
interface ReplacingRow {
  readonly kind: 'function' | 'aggregate' | 'procedure' | 'operator' | 'cast' | 'operator class' | 'type' | 'domain';
  /** Null for a cast. */
  readonly schema: string | null;
  /** For a cast, its types. */
  readonly name: string;
  /** The types of its arguments as the server writes them; for an operator class, its index method. */
  readonly signature: string;
  /** The oids of its argument types. */
  readonly types: readonly string[];
  readonly fewest: number;
  /** Null if it takes any number of arguments. */
  readonly most: number | null;
  /**
   * Whether it is used wherever its name and arguments fit; otherwise only in a session whose search path has its
   * schema first.
   */
  readonly wins: boolean;
  /** Null if no extension owns it. */
  readonly extension: string | null;
}

/** A table that inherits from a table of dms, as a row of the same query. */
interface ChildRow {
  readonly kind: 'child table';
  readonly schema: string;
  readonly name: string;
  /** The table of dms: `schema.name`, quoted where needed. */
  readonly signature: string;
}

const builtIn = sql`'pg_catalog'::regnamespace`;
/** The lowest oid of objects that do not belong to the server. */
const firstOfUsers = literal(16384);

const extensionOf = (
  catalog: string,
  alias: string,
) => sql`(SELECT x.extname::text FROM pg_depend e JOIN pg_extension x ON x.oid = e.refobjid
    WHERE e.classid = ${literal(catalog)}::regclass AND e.objid = ${id(alias)}.oid AND e.deptype = 'e')`;

/** The base type of each domain, which may be a domain itself. */
const domainsQuery = sql`SELECT t.oid::int8::text AS id, t.typbasetype::int8::text AS base FROM pg_type t WHERE t.typtype = 'd'`;

const managed = sql`n.nspname IN ('dms', 'auth') OR n.oid IN (SELECT c.relnamespace FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
  JOIN pg_class d ON d.oid = k.confrelid JOIN pg_namespace m ON m.oid = d.relnamespace WHERE k.contype = 'f' AND m.nspname = 'dms')`;

/**
 * Tables that inherit from a table of dms; partitions are parts of theirs. Statements on the parent would read and change
 * the rows of such a table too.
 */
const childrenQuery = sql`SELECT 'child table' AS kind, w.nspname::text AS schema, c.relname::text AS name, format('%I.%I', n.nspname, p.relname) AS signature,
  '{}'::text[] AS types, 0 AS fewest, NULL::int4 AS most, true AS wins, NULL::text AS extension
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace w ON w.oid = c.relnamespace
JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace n ON n.oid = p.relnamespace
WHERE NOT c.relispartition AND p.relkind = 'r' AND (${managed})`;

/**
 * Objects that replace a built-in object in a search path that a session of this database may have: that of the
 * product, the session, a role or the database. A schema precedes `pg_catalog` only where a path names both in that
 * order.
 */
const replacingQuery = sql`WITH paths AS (
  SELECT s.reset_val AS path FROM pg_settings s WHERE s.name = 'search_path'
  UNION SELECT 'public'
  UNION SELECT substr(c, strpos(c, '=') + 1) FROM pg_db_role_setting s, unnest(s.setconfig) AS c
  WHERE c LIKE 'search_path=%' AND (s.setdatabase = 0 OR s.setdatabase = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
), entries AS (
  SELECT p.path, m.at, coalesce(replace(m.part[1], '""', '"'), lower(m.part[2])) AS name
  FROM paths p, regexp_matches(p.path, '"((?:[^"]|"")*)"|([^,\\s"]+)', 'g') WITH ORDINALITY AS m (part, at)
), reach AS (
  SELECT n.oid AS schema, n.nspname, bool_or(e.at < coalesce(k.at, 0)) AS precedes
  FROM entries e LEFT JOIN entries k ON k.path = e.path AND k.name = 'pg_catalog'
  JOIN pg_namespace n ON n.nspname = e.name OR (e.name = '$user' AND n.nspname IN (SELECT r.rolname FROM pg_roles r))
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  GROUP BY n.oid, n.nspname
  -- what a user has made there is among the built-in objects
  UNION ALL SELECT ${builtIn}, 'pg_catalog', true
)
SELECT CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind, r.nspname::text AS schema, p.proname::text AS name,
  oidvectortypes(p.proargtypes) AS signature, string_to_array(p.proargtypes::text, ' ') AS types,
  p.pronargs - p.pronargdefaults - CASE WHEN p.provariadic = 0 THEN 0 ELSE 1 END AS fewest,
  CASE WHEN p.provariadic = 0 THEN p.pronargs::int4 END AS most,
  r.precedes OR NOT EXISTS (SELECT 1 FROM pg_proc b WHERE b.proname = p.proname AND b.pronamespace = ${builtIn} AND b.proargtypes = p.proargtypes) AS wins,
  ${extensionOf('pg_proc', 'p')} AS extension
FROM pg_proc p JOIN reach r ON r.schema = p.pronamespace
WHERE EXISTS (SELECT 1 FROM pg_proc b WHERE b.proname = p.proname AND b.pronamespace = ${builtIn} AND b.oid < ${firstOfUsers})
  AND (r.schema <> ${builtIn} OR p.oid >= ${firstOfUsers})
UNION ALL SELECT 'operator', r.nspname::text, o.oprname::text,
  CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END || ', ' || format_type(o.oprright, NULL),
  array_remove(ARRAY[o.oprleft::int8::text, o.oprright::int8::text], '0'), 0, NULL,
  r.precedes OR NOT EXISTS (SELECT 1 FROM pg_operator b WHERE b.oprname = o.oprname AND b.oprnamespace = ${builtIn}
    AND b.oprleft = o.oprleft AND b.oprright = o.oprright), ${extensionOf('pg_operator', 'o')}
FROM pg_operator o JOIN reach r ON r.schema = o.oprnamespace AND (r.schema <> ${builtIn} OR o.oid >= ${firstOfUsers})
UNION ALL SELECT 'cast', NULL, format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL), '',
  ARRAY[c.castsource::int8::text, c.casttarget::int8::text], 0, NULL, true, ${extensionOf('pg_cast', 'c')}
FROM pg_cast c
-- what a cast through texts converts is converted so without it, unless the cast is implicit
WHERE c.oid >= ${firstOfUsers} AND (c.castmethod <> 'i' OR c.castcontext = 'i')
UNION ALL SELECT 'operator class', n.nspname::text, k.opcname::text, m.amname::text, ARRAY[k.opcintype::int8::text], 0, NULL, true, ${extensionOf('pg_opclass', 'k')}
FROM pg_opclass k JOIN pg_am m ON m.oid = k.opcmethod JOIN pg_namespace n ON n.oid = k.opcnamespace
WHERE k.opcdefault AND k.oid >= ${firstOfUsers} AND m.amname IN ('btree', 'hash')
UNION ALL SELECT CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END, r.nspname::text, t.typname::text, '', '{}', 0, NULL, true, ${extensionOf('pg_type', 't')}
FROM pg_type t JOIN reach r ON r.schema = t.typnamespace AND r.precedes AND r.schema <> ${builtIn}
WHERE EXISTS (SELECT 1 FROM pg_type b WHERE b.typname = t.typname AND b.typnamespace = ${builtIn})
UNION ALL ${childrenQuery}
ORDER BY 1, 2, 3, 4`;

/**
 * The texts of a database that dms has made: bodies, defaults, checks, indexes, views, conditions, and the types of its
 * columns.
 */
const textsQuery = sql`WITH schemas AS (SELECT n.oid FROM pg_namespace n WHERE ${managed}),
  tables AS (SELECT c.oid, c.relkind FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v'))
SELECT p.prosrc AS text FROM pg_proc p JOIN schemas s ON s.oid = p.pronamespace
UNION ALL SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d JOIN tables t ON t.oid = d.adrelid
UNION ALL SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN tables t ON t.oid = k.conrelid WHERE k.contype = 'c'
UNION ALL SELECT pg_get_indexdef(x.indexrelid) FROM pg_index x JOIN tables t ON t.oid = x.indrelid WHERE x.indexprs IS NOT NULL OR x.indpred IS NOT NULL
UNION ALL SELECT pg_get_triggerdef(g.oid) FROM pg_trigger g JOIN tables t ON t.oid = g.tgrelid WHERE g.tgqual IS NOT NULL
UNION ALL SELECT pg_get_viewdef(t.oid) FROM tables t WHERE t.relkind = 'v'
UNION ALL SELECT string_agg(DISTINCT format_type(a.atttypid, NULL), ' ') FROM pg_attribute a JOIN tables t ON t.oid = a.attrelid WHERE a.attnum > 0`;

/**
 * The oids of the types that texts use, and whether a value becomes such a type only by an implicit cast. No value
 * becomes a type of an extension without a cast in the text.
 */
const typesQuery = ({ words, elements, calls }: CalledNames) => sql`WITH RECURSIVE named AS (
  SELECT t.oid, t.typarray, t.typname::text AS name, split_part(format_type(t.oid, NULL), ' ', 1) AS word
  FROM pg_type t WHERE t.typnamespace = ${builtIn} AND t.typtype = 'b' AND t.typcategory <> 'A'
), used AS (
  SELECT m.oid FROM named m WHERE m.name = ANY(${value([...words])}::text[]) OR m.word = ANY(${value([...words])}::text[]) OR m.name IN ('text', 'int4', 'bool')
  UNION SELECT m.typarray FROM named m WHERE m.name = ANY(${value([...elements])}::text[]) OR m.word = ANY(${value([...elements])}::text[])
  UNION SELECT p.prorettype FROM pg_proc p WHERE p.pronamespace = ${builtIn} AND p.proname = ANY(${value([...calls.keys()])}::text[])
), reached AS (
  SELECT u.oid FROM used u
  UNION SELECT c.casttarget FROM reached r JOIN pg_cast c ON c.castsource = r.oid
  WHERE c.castcontext = 'i' AND ${notOfExtension('pg_cast', 'c')}
)
SELECT r.oid::int8::text AS id, r.oid NOT IN (SELECT u.oid FROM used u) AS implicit FROM reached r
UNION ALL SELECT t.oid::int8::text, true FROM pg_type t WHERE t.typtype = 'p' AND t.typname ~ '^any'`;

/*
 * A trigger runs with the search path of the session that writes. A function of `public` whose arguments fit better
 * than those of the built-in one of the same name is called in its place, and casts have no schema at all. The objects
 * that a script uses are found in its text, and in the bodies and expressions of the database (design 09c §1).
 */

/** The oids of the types that texts use. */
interface UsedTypes {
  readonly used: ReadonlySet<string>;
  /** `used`, and the types to which values of these are cast implicitly. */
  readonly reached: ReadonlySet<string>;
}

async function usedTypes(connection: Connection, names: CalledNames, limits: Limits): Promise<UsedTypes> {
  const rows = await rowsOf<{ id: string; implicit: boolean }>(connection, typesQuery(names), limits);
  const ids = (found: typeof rows) => new Set(found.map(({ id }) => id));
  return { used: ids(rows.filter(({ implicit }) => !implicit)), reached: ids(rows) };
}

/** Whether a text uses the name of an object with arguments that the object takes. */
function isUsed(row: ReplacingRow, names: CalledNames, { used, reached }: UsedTypes): boolean {
  switch (row.kind) {
    case 'cast':
    case 'operator class':
      return row.types.every((type) => used.has(type));
    case 'type':
    case 'domain':
      return names.words.has(row.name);
    case 'operator':
      return names.operators.has(row.name) && row.types.every((type) => reached.has(type));
    default: {
      const takes = (count: number | null) =>
        count === null || (count >= row.fewest && (row.most === null || count <= row.most));
      const calls = names.calls.get(row.name) ?? [];
      return calls.some((call) => takes(call.arguments)) && row.types.every((type) => reached.has(type));
    }
  }
}

/** The name of an object in a statement. */
function nameOf({ kind, schema, name, signature }: ReplacingRow): string {
  const prefix = schema === null ? '' : `${quote(schema)}.`;
  switch (kind) {
    case 'cast':
      return `(${name})`;
    case 'operator':
      return `${prefix}${name} (${signature})`;
    case 'operator class':
      return `${prefix}${quote(name)} USING ${signature}`;
    case 'type':
    case 'domain':
      return `${prefix}${quote(name)}`;
    case 'aggregate':
      return `${prefix}${quote(name)}(${signature === '' ? '*' : signature})`;
    default:
      return `${prefix}${quote(name)}(${signature})`;
  }
}

function finding(row: ReplacingRow, label: string): Diagnostic {
  const name = nameOf(row);
  const statement =
    row.extension === null ? `DROP ${row.kind.toUpperCase()} ${name}` : `DROP EXTENSION ${quote(row.extension)}`;
  if (!row.wins) {
    const text = `${label}: the ${row.kind} ${name} has the signature of a built-in one that triggers use. A session whose search_path has its schema before pg_catalog uses it instead. Rename it, or run: ${statement}`;
    return diagnostic('DB_SHADOWED_FUNCTION', text, {}, { object: name });
  }
  const text = `${label}: the ${row.kind} ${name} is used in place of a built-in one, or makes its use ambiguous, so triggers do not write what they should. Rename it, or run: ${statement}`;
  return diagnostic('DB_BUILTIN_REPLACED', text, {}, { object: name });
}

function childFinding({ schema, name, signature: parent }: ChildRow, label: string): Diagnostic {
  const table = sql`${{ schema, name }}`;
  const child = textOf(table);
  const apart = textOf(sql`ALTER TABLE ${table} NO INHERIT ${trusted(parent)}`);
  const text = `${label}: the table ${child} inherits from ${parent}, so every statement on ${parent} reads and changes its rows too. Keep it apart: ${apart}`;
  return diagnostic('DB_TABLE_INHERITED', text, {}, { object: child });
}

/** Extensions whose functions do the same as the built-in ones of the same name: `gen_random_uuid`. */
const sameAsBuiltIn = new Set(['pgcrypto']);

/** Rows with plain argument types: each domain is replaced by its base type that is not a domain. */
async function withPlainTypes(
  connection: Connection,
  rows: readonly ReplacingRow[],
  limits: Limits,
): Promise<readonly ReplacingRow[]> {
  const domains = await rowsOf<{ id: string; base: string }>(connection, domainsQuery, limits);
  const bases = new Map(domains.map(({ id, base }) => [id, base]));
  const plain = (type: string): string => {
    const base = bases.get(type);
    return base === undefined ? type : plain(base);
  };
  return rows.map((row) => ({ ...row, types: row.types.map(plain) }));
}

async function pgsqlObjects(connection: Connection, limits: Limits, script: string): Promise<readonly Diagnostic[]> {
  const found = await rowsOf<ReplacingRow | ChildRow>(connection, replacingQuery, limits);
  const children = found.flatMap((row) => (row.kind === 'child table' ? [childFinding(row, connection.label)] : []));
  const rows = found.flatMap((row) =>
    row.kind !== 'child table' && (row.extension === null || (row.wins && !sameAsBuiltIn.has(row.extension)))
      ? [row]
      : [],
  );
  if (rows.length === 0) return children;
  const texts = await rowsOf<{ text: string | null }>(connection, textsQuery, limits);
  const names = calledNames([script, ...texts.flatMap(({ text }) => (text === null ? [] : [text]))]);
  const types = await usedTypes(connection, names, limits);
  const plain = await withPlainTypes(connection, rows, limits);
  return [
    ...plain.filter((row) => isUsed(row, names, types)).map((row) => finding(row, connection.label)),
    ...children,
  ];
}

const objectsOf: Readonly<Record<SqlDialect, typeof pgsqlObjects>> = {
  pgsql: pgsqlObjects,
  // names of functions without a schema are always those of the server
  mssql: async () => [],
};

/**
 * Functions, operators, operator classes, casts and types that a session could use in place of the built-in ones that a
 * database of dms uses, or that `script` would use: `DB_BUILTIN_REPLACED` where its arguments or the search path of a
 * role, the database or the session let it win or tie, otherwise the warning `DB_SHADOWED_FUNCTION` (design 09c §1). The
 * same query finds tables that inherit from those of dms: `DB_TABLE_INHERITED`.
 */
export function replacingObjects(
  connection: Connection,
  limits: Limits = {},
  script = '',
): Promise<readonly Diagnostic[]> {
  return objectsOf[connection.dialect](connection, limits, script);
}
