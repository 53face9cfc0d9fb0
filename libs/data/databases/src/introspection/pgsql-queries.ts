import { type Grant, notDeterministic, ownerRoleNames } from '@dms/catalog';
import { dialectOf, join, type PlainSql } from '@dms/sql';
import { type MarkedViewRow, markedFunctions, notMarked, viewQueries, viewSchemaMark } from '../views/marked-views.ts';
import { notOfExtension } from './pgsql-conditions.ts';

/* The queries that read a PostgreSQL database: set-based, without parameters, columns by number (design 09a §1.3). */

const { sql, id, literal, literals } = dialectOf.pgsql;

const userSchemas = sql`n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

/** A condition: whether a role is one of those that own functions, which all databases of a server share. */
const isOwnerRole = (name: PlainSql) => sql`${name} = ANY (ARRAY[${literals(ownerRoleNames)}]::name[])`;

/**
 * The rows of a system table, with columns that older releases lack. In an older release the name in the inner list
 * resolves to the outer column, whose value describes the behavior of that release.
 */
function withDefaults(
  table: string,
  columns: Readonly<Record<string, readonly [name: string, before: boolean]>>,
): PlainSql {
  const newer = Object.entries(columns);
  const before = newer.map(([column, [, value]]) => sql`${literal(value)} AS ${id(column)}`);
  const now = newer.map(([column, [name]]) => sql`${id(column)} AS ${id(name)}`);
  return sql`(SELECT ${join(before)}) AS older CROSS JOIN LATERAL (SELECT own.*, ${join(now)} FROM ${id(table)} AS own)`;
}

/**
 * The queries by what they read. Objects of reporting views are in a separate list (design 19 §8, §8.1). `oid`s are
 * cast to `int8` so that every client returns them as text.
 */
export const pgsqlQueries = {
  reporting: viewQueries.pgsql.rows(),

  schemas: sql`SELECT n.nspname::text AS name FROM pg_namespace n WHERE ${userSchemas} AND ${notOfExtension('pg_namespace', 'n')}
  AND coalesce(obj_description(n.oid, 'pg_namespace'), '') <> ${literal(viewSchemaMark)}`,

  extensions: sql`SELECT e.extname::text AS name, n.nspname::text AS schema
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace`,

  relations: sql`SELECT c.oid::int8::text AS id, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
  c.relpersistence::text AS persistence, CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS definition,
  coalesce(c.reloptions, '{}')::text[] || ARRAY(SELECT 'toast.' || o FROM unnest(t.reloptions) AS o) AS options, c.relrowsecurity AS secured,
  c.relforcerowsecurity AS forced, c.relreplident::text AS replident, s.spcname::text AS tablespace, nullif(m.amname::text, 'heap') AS method,
  CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS oftype,
  c.relkind IN ('r', 'p') AND c.relreplident = 'n' AND EXISTS (SELECT 1 FROM pg_publication p CROSS JOIN pg_get_publication_tables(p.pubname) AS t
    WHERE t.relid = c.oid AND (p.pubupdate OR p.pubdelete)) AS unpublishable
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace LEFT JOIN pg_am m ON m.oid = c.relam
WHERE ${userSchemas} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${notOfExtension('pg_class', 'c')} AND ${notMarked}`,

  relationExtras: sql`SELECT o.id::int8::text AS rel, o.text FROM (
  SELECT p.polrelid AS id, 'POLICY ' || p.polname AS text FROM pg_policy p
  UNION ALL SELECT r.ev_class, 'RULE ' || r.rulename FROM pg_rewrite r WHERE r.rulename <> '_RETURN'
  UNION ALL SELECT i.inhrelid, 'INHERITS ' || i.inhparent::regclass::text FROM pg_inherits i
  UNION ALL SELECT i.inhparent, 'INHERITED BY ' || i.inhrelid::regclass::text FROM pg_inherits i
  UNION ALL SELECT t.tgrelid, 'TRIGGER ' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relkind = 'v'
) o JOIN pg_class c ON c.oid = o.id JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${userSchemas} AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${notMarked}`,

  columns: sql`SELECT a.attrelid::int8::text AS rel, a.attnum::int4 AS num, a.attname::text AS name,
  format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull
    AND (a.attrelid, a.attnum) NOT IN (SELECT k.conrelid, k.conkey[1] FROM pg_constraint k WHERE k.contype = 'n' AND NOT k.convalidated) AS notnull,
  a.attidentity::text AS identity,
  a.attgenerated::text AS generated, pg_get_expr(d.adbin, d.adrelid) AS expr,
  CASE WHEN a.attcollation <> t.typcollation THEN co.collname::text || CASE WHEN co.collisdeterministic THEN '' ELSE ${literal(notDeterministic)} END END AS collation
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_collation co ON co.oid = a.attcollation
WHERE ${userSchemas} AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND ${notMarked}`,

  constraints: sql`SELECT k.conrelid::int8::text AS rel, k.conname::text AS name, k.contype::text AS kind, k.conkey::int4[] AS key,
  k.confrelid::int8::text AS ref, k.confkey::int4[] AS refkey, k.confdeltype::text AS del, k.confupdtype::text AS upd,
  k.condeferrable AS maydefer, k.condeferrable AND k.condeferred AS deferrable, k.convalidated AS validated,
  k.conindid::int8::text AS index, k.confmatchtype = 'f' AS matchfull, k.contype = 'f' AND (NOT c.relhastriggers OR coalesce(t.disabled, false)) AS disabled,
  CASE k.contype WHEN 'c' THEN pg_get_expr(k.conbin, k.conrelid) WHEN 'x' THEN pg_get_constraintdef(k.oid) WHEN 'n' THEN quote_ident(a.attname) || ' IS NOT NULL' END AS expr,
  k.contype = 'f' AND coalesce(t.always, false) AS always,
  k.enforced, k.period,
  k.contype = 'c' AND k.connoinherit AS noinherit
FROM ${withDefaults('pg_constraint', { conenforced: ['enforced', true], conperiod: ['period', false] })} AS k
JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN (SELECT tgconstraint, bool_or(tgenabled <> 'A') AS disabled, bool_or(tgenabled = 'A') AS always FROM pg_trigger
  WHERE tgisinternal AND tgenabled <> 'O' GROUP BY tgconstraint) AS t ON t.tgconstraint = k.oid
LEFT JOIN pg_attribute a ON k.contype = 'n' AND a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
-- PostgreSQL 18 lists each NOT NULL; one that is not validated refuses rows, although the column may be null
WHERE ${userSchemas} AND (k.contype IN ('p', 'u', 'f', 'c', 'x') OR k.contype = 'n' AND NOT k.convalidated) AND ${notMarked}`,

  indexes: sql`SELECT i.oid::int8::text AS id, x.indrelid::int8::text AS rel, i.relname::text AS name, am.amname::text AS method,
  x.indisunique AS uniq, x.indnkeyatts::int4 AS nkey, x.indkey::int2[]::int4[] AS key, x.indoption::int2[]::int4[] AS options,
  x.indisvalid AND x.indisready AND x.indislive AND c.relhasindex AS valid, pg_get_expr(x.indpred, x.indrelid) AS predicate, pg_get_expr(x.indexprs, x.indrelid) AS exprs,
  x.nullsnotdistinct,
  x.indclass::oid[] && ARRAY(SELECT o.oid FROM pg_opclass o WHERE NOT o.opcdefault OR o.opcnamespace <> 'pg_catalog'::regnamespace)
    OR x.indexrelid IN (SELECT s.indexrelid FROM pg_index s CROSS JOIN unnest(s.indkey, s.indcollation) AS u (num, sorting)
      JOIN pg_attribute a ON a.attrelid = s.indrelid AND a.attnum = u.num WHERE u.sorting <> a.attcollation AND u.sorting <> 0) AS reordered
FROM ${withDefaults('pg_index', { indnullsnotdistinct: ['nullsnotdistinct', false] })} AS x
JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am am ON am.oid = i.relam
JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${userSchemas} AND c.relkind IN ('r', 'p', 'm') AND ${notMarked}`,

  triggers: sql`SELECT t.tgrelid::int8::text AS rel, t.tgname::text AS name, t.tgtype::int4 AS type,
  CASE WHEN c.relhastriggers THEN t.tgenabled ELSE 'D' END::text AS enabled,
  t.tgattr::int2[]::int4[] AS cols, t.tgoldtable::text AS oldtable, t.tgnewtable::text AS newtable, fn.nspname::text AS fschema,
  p.proname::text AS fname, CASE WHEN t.tgqual IS NOT NULL THEN pg_get_triggerdef(t.oid) END AS conditional, t.tgnargs::int4 AS nargs,
  t.tgconstraint <> 0 AS isconstraint, t.tgdeferrable AS maydefer, t.tginitdeferred AS deferred
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace fn ON fn.oid = p.pronamespace
WHERE ${userSchemas} AND NOT t.tgisinternal AND ${notMarked} AND t.tgfoid NOT IN (${markedFunctions})`,

  // no role other than the owner role may execute its functions (design 16 §2.6)
  functions: sql`SELECT n.nspname::text AS schema, p.proname::text AS name, pg_get_function_identity_arguments(p.oid) AS args,
  format_type(p.prorettype, NULL) AS result, l.lanname::text AS language, p.provolatile::text AS volatility,
  p.proisstrict AS strict, p.prosrc AS body, p.prosecdef AS definer, coalesce(p.proconfig, '{}')::text[] AS settings,
  pg_get_userbyid(p.proowner)::text AS owner, p.proacl IS NULL OR EXISTS (SELECT 1 FROM aclexplode(p.proacl) a
    WHERE (a.grantee = 0 OR (${isOwnerRole(sql`pg_get_userbyid(p.proowner)`)} AND a.grantee <> p.proowner)) AND a.privilege_type = 'EXECUTE') AS public, p.proparallel::text AS parallel, p.proleakproof AS leakproof, p.proretset AS setof,
  p.pronargdefaults > 0 AS defaults, p.prokind <> 'f' AS special, CASE WHEN p.prosupport <> 0 THEN p.prosupport::text END AS support, p.protrftypes IS NOT NULL AS transform
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
WHERE ${userSchemas} AND ${notOfExtension('pg_proc', 'p')} AND p.oid NOT IN (${markedFunctions})`,

  sequences: sql`SELECT s.seqrelid::int8::text AS rel, format_type(s.seqtypid, NULL) AS type, s.seqstart::text AS start,
  s.seqincrement::text AS increment, s.seqmin::text AS min, s.seqmax::text AS max, s.seqcycle AS cycle,
  s.seqcache::text AS cache, c.relpersistence::text AS persistence,
  (SELECT d.refobjid::int8::text || '.' || d.refobjsubid FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid
    AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i') AS identity
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${userSchemas}`,

  types: sql`SELECT n.nspname::text AS schema, t.typname::text AS name
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE ${userSchemas} AND (t.typtype IN ('d', 'e', 'r') OR (t.typtype = 'c' AND c.relkind = 'c')) AND ${notOfExtension('pg_type', 't')}`,

  roles: sql`SELECT r.rolname::text AS name, array_remove(ARRAY[CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
  CASE WHEN r.rolcreatedb THEN 'CREATEDB' END, CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
  CASE WHEN r.rolinherit THEN 'INHERIT' END, CASE WHEN r.rolcanlogin THEN 'LOGIN' END,
  CASE WHEN r.rolreplication THEN 'REPLICATION' END, CASE WHEN r.rolsuper THEN 'SUPERUSER' END], NULL) AS attributes,
  ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid) AS memberof
FROM pg_roles r WHERE ${isOwnerRole(sql`r.rolname`)}`,

  grants: sql`SELECT o.kind, o.schema, o.name, r.rolname::text AS grantee, o.privilege FROM (
  SELECT 'schema' AS kind, n.nspname::text AS schema, n.nspname::text AS name, a.grantee, a.privilege_type::text AS privilege
  FROM pg_namespace n, aclexplode(n.nspacl) a WHERE ${userSchemas}
  UNION ALL SELECT 'table', n.nspname::text, c.relname::text, a.grantee, a.privilege_type::text
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a WHERE ${userSchemas} AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${notMarked}
  UNION ALL SELECT 'function', n.nspname::text, p.proname::text, a.grantee, a.privilege_type::text
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace, aclexplode(p.proacl) a WHERE ${userSchemas}
) o JOIN pg_roles r ON r.oid = o.grantee WHERE ${isOwnerRole(sql`r.rolname`)}`,
} as const;

/** The rows of each query, as a session returns them. */
export interface PgsqlRows {
  readonly reporting: readonly MarkedViewRow[];
  readonly schemas: readonly { readonly name: string }[];
  readonly extensions: readonly { readonly name: string; readonly schema: string }[];
  readonly relations: readonly {
    readonly id: string;
    readonly schema: string;
    readonly name: string;
    /** `r` table, `p` partitioned, `f` foreign, `v` view, `m` materialized view, `S` sequence. */
    readonly kind: string;
    readonly persistence: string;
    readonly definition: string | null;
    /** Parameters of a view, or storage parameters of a table. */
    readonly options: readonly string[];
    readonly secured: boolean;
    readonly forced: boolean;
    /** `d` primary key, `n` nothing, `f` whole rows, `i` an index. */
    readonly replident: string;
    /** Null for the default tablespace of the database. */
    readonly tablespace: string | null;
    readonly method: string | null;
    readonly oftype: string | null;
    /** Whether a publication refuses its updates or deletes. */
    readonly unpublishable: boolean;
  }[];
  /** Policies, rules and relatives of tables and views, as SQL text. */
  readonly relationExtras: readonly { readonly rel: string; readonly text: string }[];
  readonly columns: readonly {
    readonly rel: string;
    readonly num: number;
    readonly name: string;
    readonly type: string;
    readonly notnull: boolean;
    readonly identity: string;
    readonly generated: string;
    readonly expr: string | null;
    readonly collation: string | null;
  }[];
  readonly constraints: readonly {
    readonly rel: string;
    readonly name: string;
    readonly kind: string;
    readonly key: readonly number[] | null;
    readonly ref: string;
    readonly refkey: readonly number[] | null;
    readonly del: string;
    readonly upd: string;
    readonly maydefer: boolean;
    readonly deferrable: boolean;
    readonly validated: boolean;
    readonly index: string;
    readonly matchfull: boolean;
    readonly disabled: boolean;
    readonly expr: string | null;
    readonly always: boolean;
    readonly enforced: boolean;
    readonly period: boolean;
    readonly noinherit: boolean;
  }[];
  readonly indexes: readonly {
    readonly id: string;
    readonly rel: string;
    readonly name: string;
    readonly method: string;
    readonly uniq: boolean;
    readonly nkey: number;
    readonly key: readonly number[];
    readonly options: readonly number[];
    readonly valid: boolean;
    readonly predicate: string | null;
    readonly exprs: string | null;
    readonly nullsnotdistinct: boolean;
    /** Whether the index compares values differently from the default of their type. */
    readonly reordered: boolean;
  }[];
  readonly triggers: readonly {
    readonly rel: string;
    readonly name: string;
    readonly type: number;
    readonly enabled: string;
    readonly cols: readonly number[];
    readonly oldtable: string | null;
    readonly newtable: string | null;
    readonly fschema: string;
    readonly fname: string;
    /** The whole statement, of a trigger with a condition. */
    readonly conditional: string | null;
    readonly nargs: number;
    readonly isconstraint: boolean;
    readonly maydefer: boolean;
    readonly deferred: boolean;
  }[];
  readonly functions: readonly {
    readonly schema: string;
    readonly name: string;
    readonly args: string;
    readonly result: string;
    readonly language: string;
    readonly volatility: string;
    readonly strict: boolean;
    readonly body: string;
    readonly definer: boolean;
    readonly settings: readonly string[];
    readonly owner: string;
    readonly public: boolean;
    readonly parallel: string;
    readonly leakproof: boolean;
    readonly setof: boolean;
    readonly defaults: boolean;
    readonly special: boolean;
    readonly support: string | null;
    readonly transform: boolean;
  }[];
  readonly sequences: readonly {
    readonly rel: string;
    readonly type: string;
    readonly start: string;
    readonly increment: string;
    readonly min: string;
    readonly max: string;
    readonly cycle: boolean;
    readonly cache: string;
    readonly persistence: string;
    /** Table and number of the identity column whose sequence it is. */
    readonly identity: string | null;
  }[];
  readonly types: readonly { readonly schema: string; readonly name: string }[];
  readonly roles: readonly {
    readonly name: string;
    readonly attributes: readonly string[];
    readonly memberof: readonly string[];
  }[];
  /** A row per privilege. */
  readonly grants: readonly (Omit<Grant, 'privileges'> & { readonly privilege: string })[];
}
