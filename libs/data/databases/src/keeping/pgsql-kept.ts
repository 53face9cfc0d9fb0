import { ownerRoleNames } from '@dms/catalog';
import { dialectOf, empty, join, type PlainSql, type Sql, value, withoutParameters } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf } from '../drivers/statement.ts';
import {
  type DroppedAgain,
  type KeepingSession,
  type KeptObject,
  type KeptReader,
  type OthersRead,
  rolesOf,
} from './kept.ts';

/* What others gave the objects of a PostgreSQL database. */

const { sql, literal, literals, id } = dialectOf.pgsql;

const classOf = (catalog: string) => sql`${literal(`pg_catalog.${catalog}`)}::pg_catalog.regclass`;

const roleName = (oid: PlainSql) => sql`pg_catalog.pg_get_userbyid(${oid})::text`;

/** The entries of a list of rights in their order, as JSON. */
const rights = (acl: PlainSql) => sql`(SELECT json_agg(json_build_array(${roleName(sql`a.grantor`)},
    CASE WHEN a.grantee <> 0 THEN ${roleName(sql`a.grantee`)} END, a.privilege_type,
    CASE WHEN a.is_grantable THEN 'option' ELSE 'grant' END) ORDER BY a.ordinality)
  FROM pg_catalog.aclexplode(${acl}) WITH ORDINALITY a)`;

/** An empty list of rights: everything was taken, also from the owner. */
const rightsOrNone = (acl: PlainSql) => sql`coalesce(${rights(acl)}, '[]'::json)`;

/** The rights of an owner on an object to which nothing was ever given. */
const usualRights = (kind: PlainSql, owner: PlainSql) => sql`pg_catalog.acldefault(${kind}::"char", ${owner})`;

const ofObject = (from: PlainSql, condition: PlainSql, setting: PlainSql, value: PlainSql) =>
  sql`SELECT o.kind, o.schema, o.name, o.signature, NULL::text, NULL::text, ${setting}, (${value})::text FROM ${from} WHERE ${condition}`;

const ofRelation = (setting: string, value: PlainSql, condition: PlainSql, joins = empty) =>
  ofObject(
    sql`objects o JOIN pg_catalog.pg_class c ON c.oid = o.id${joins}`,
    sql`o.kind = 'relation' AND ${condition}`,
    literal(setting),
    value,
  );

/** Something that parts of relations have; the part is `p`, of the relation `c`. */
const ofPart = (
  kind: string,
  name: PlainSql,
  setting: string | PlainSql,
  value: PlainSql,
  from: PlainSql,
  condition = sql`true`,
) =>
  sql`SELECT o.kind, o.schema, o.name, o.signature, ${literal(kind)}, ${name}::text, ${typeof setting === 'string' ? literal(setting) : setting}, (${value})::text
  FROM objects o ${from} WHERE o.kind = 'relation' AND ${condition}`;

const columns = sql`JOIN pg_catalog.pg_attribute p ON p.attrelid = o.id AND p.attnum > 0 AND NOT p.attisdropped`;
const indexes = sql`JOIN pg_catalog.pg_index x ON x.indrelid = o.id JOIN pg_catalog.pg_class p ON p.oid = x.indexrelid`;
const triggers = sql`JOIN pg_catalog.pg_trigger p ON p.tgrelid = o.id AND NOT p.tgisinternal`;

const comment = (of: PlainSql, catalog: string) =>
  sql` JOIN pg_catalog.pg_description d ON d.objoid = ${of} AND d.classoid = ${classOf(catalog)} AND d.objsubid = 0`;

const label = (of: PlainSql, catalog: string, part: PlainSql) =>
  sql` JOIN pg_catalog.pg_seclabel l ON l.objoid = ${of} AND l.classoid = ${classOf(catalog)} AND l.objsubid = ${part}`;

const labelValue = sql`json_build_object('provider', l.provider, 'label', l.label)`;

/** The target of the statistics of a column; since PostgreSQL 17 the usual one is NULL, before it is -1. */
const target = (column: PlainSql) => sql`coalesce((to_jsonb(${column}) ->> 'attstattarget')::int, -1)`;

/** The name of the relation `r`, as statements have it. */
const place = sql`format('%I.%I', r.schema, r.name)`;

const commentText = (format: PlainSql, name: PlainSql, of: PlainSql, catalog: string) =>
  sql`(SELECT format(${format}, ${name}, d.description) FROM pg_catalog.pg_description d
    WHERE d.objoid = ${of} AND d.classoid = ${classOf(catalog)} AND d.objsubid = 0)`;

const onPlace = (name: PlainSql) => sql`format('%I ON %s', ${name}, ${place})`;

/** A kind of parts that others may have made of a relation `r`; the part is `p`. */
const partsOfOthers = (
  kind: string,
  catalog: string,
  name: PlainSql,
  from: PlainSql,
  role: PlainSql,
  statements: readonly PlainSql[],
) =>
  sql`SELECT r.id AS relation, ${literal(kind)} AS kind, p.${name}::text AS name, ${classOf(catalog)}::oid AS class, p.oid AS id, ${role} AS role,
    ARRAY[${join(statements)}]::text[] AS statements FROM remade r ${from}`;

/** What a member of the record of a publication is; servers before PostgreSQL 15 have none. */
const publishedColumns = sql`(SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY t.ordinality) || ')'
    FROM pg_catalog.jsonb_array_elements_text(CASE jsonb_typeof(to_jsonb(m) -> 'prattrs') WHEN 'array' THEN to_jsonb(m) -> 'prattrs' END) WITH ORDINALITY AS t (number)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = m.prrelid AND a.attnum = t.number::int)`;
const publishedRows = sql`(SELECT ' WHERE (' || (to_jsonb(l) ->> 'rowfilter') || ')' FROM pg_catalog.pg_publication_tables l
    WHERE l.pubname = b.pubname AND l.schemaname = r.schema AND l.tablename = r.name)`;

/** Checks, policies, and the triggers and rules of tables are drift, which no upgrade accepts (design 12 §7.2). */
const ofOthers = [
  partsOfOthers(
    'index',
    'pg_class',
    sql`relname`,
    sql`JOIN pg_catalog.pg_index x ON x.indrelid = r.id AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))
      JOIN pg_catalog.pg_class p ON p.oid = x.indexrelid`,
    sql`NULL::oid`,
    [sql`pg_catalog.pg_get_indexdef(p.oid) || ';'`],
  ),
  partsOfOthers(
    'trigger',
    'pg_trigger',
    sql`tgname`,
    sql`JOIN pg_catalog.pg_trigger p ON p.tgrelid = r.id AND NOT p.tgisinternal`,
    sql`NULL::oid`,
    [sql`pg_catalog.pg_get_triggerdef(p.oid) || ';'`],
  ),
  partsOfOthers(
    'rule',
    'pg_rewrite',
    sql`rulename`,
    sql`JOIN pg_catalog.pg_rewrite p ON p.ev_class = r.id AND p.rulename <> '_RETURN'`,
    sql`NULL::oid`,
    [
      sql`pg_catalog.pg_get_ruledef(p.oid)`,
      commentText(sql`'COMMENT ON RULE %s IS %L;'`, onPlace(sql`p.rulename`), sql`p.oid`, 'pg_rewrite'),
    ],
  ),
  partsOfOthers(
    'statistics',
    'pg_statistic_ext',
    sql`stxname`,
    sql`JOIN pg_catalog.pg_statistic_ext p ON p.stxrelid = r.id JOIN pg_catalog.pg_namespace n ON n.oid = p.stxnamespace`,
    sql`p.stxowner`,
    [
      sql`pg_catalog.pg_get_statisticsobjdef(p.oid) || ';'`,
      sql`CASE WHEN coalesce((to_jsonb(p) ->> 'stxstattarget')::int, -1) <> -1 THEN format('ALTER STATISTICS %I.%I SET STATISTICS %s;', n.nspname, p.stxname, to_jsonb(p) ->> 'stxstattarget') END`,
      sql`format('ALTER STATISTICS %I.%I OWNER TO %I;', n.nspname, p.stxname, ${roleName(sql`p.stxowner`)})`,
      commentText(
        sql`'COMMENT ON STATISTICS %s IS %L;'`,
        sql`format('%I.%I', n.nspname, p.stxname)`,
        sql`p.oid`,
        'pg_statistic_ext',
      ),
    ],
  ),
  sql`SELECT r.id, 'publication', b.pubname::text, ${classOf('pg_publication_rel')}::oid, m.oid, b.pubowner,
    ARRAY[format('ALTER PUBLICATION %I ADD TABLE %s%s%s;', b.pubname, ${place}, ${publishedColumns}, ${publishedRows})]::text[]
    FROM remade r JOIN pg_catalog.pg_publication_rel m ON m.prrelid = r.id JOIN pg_catalog.pg_publication b ON b.oid = m.prpubid`,
];

/** The tables, views and columns that an object uses; `id` may name what stands outside. */
export const usedColumns = (classid: PlainSql, of: PlainSql) =>
  sql`(SELECT coalesce(json_agg(used.use), '[]') FROM (SELECT DISTINCT jsonb_build_array(used_n.nspname, used_c.relname, used_a.attname) AS use FROM pg_catalog.pg_depend used_d
    JOIN pg_catalog.pg_class used_c ON used_c.oid = used_d.refobjid AND used_c.relkind IN ('r', 'p', 'v', 'm', 'f') JOIN pg_catalog.pg_namespace used_n ON used_n.oid = used_c.relnamespace
    LEFT JOIN pg_catalog.pg_attribute used_a ON used_a.attrelid = used_c.oid AND used_a.attnum = used_d.refobjsubid AND used_d.refobjsubid <> 0
    WHERE used_d.classid = ${classid} AND used_d.objid = ${of} AND used_d.refclassid = ${classOf('pg_class')}) used)`;

const query = (schemas: Sql, othersRead: Sql) => sql`WITH places AS (
  SELECT n.oid, n.nspname::text AS schema, n.nspowner, n.nspacl FROM pg_catalog.pg_namespace n
  WHERE n.nspname IN (SELECT t.name FROM pg_catalog.json_array_elements_text(${schemas}::json) AS t (name))
), objects AS (
  SELECT 'schema' AS kind, p.schema, '' AS name, '' AS signature, p.oid AS id, ${classOf('pg_namespace')} AS class, 'SCHEMA' AS word,
    p.nspowner AS owner, false AS follows, p.nspacl AS acl, ${usualRights(sql`'n'`, sql`p.nspowner`)} AS usual FROM places p
  UNION ALL SELECT 'relation', p.schema, c.relname::text, '', c.oid, ${classOf('pg_class')},
    CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.relowner,
    c.relkind = 'S' AND EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = ${classOf('pg_class')} AND d.objid = c.oid
      AND d.refclassid = ${classOf('pg_class')} AND d.deptype IN ('a', 'i')), c.relacl,
    ${usualRights(sql`CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END`, sql`c.relowner`)}
  FROM places p JOIN pg_catalog.pg_class c ON c.relnamespace = p.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
  UNION ALL SELECT 'function', p.schema, f.proname::text, pg_catalog.oidvectortypes(f.proargtypes), f.oid, ${classOf('pg_proc')}, 'FUNCTION',
    f.proowner, false, f.proacl, ${usualRights(sql`'f'`, sql`f.proowner`)}
  FROM places p JOIN pg_catalog.pg_proc f ON f.pronamespace = p.oid AND f.prokind = 'f'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = ${classOf('pg_proc')} AND d.objid = f.oid AND d.deptype = 'e')
), remade AS (
  SELECT o.id, o.schema, o.name, t.own FROM objects o
  JOIN pg_catalog.json_to_recordset(${othersRead}::json) AS t (schema text, name text, own json) ON t.schema = o.schema AND t.name = o.name AND o.kind = 'relation'
), others AS (
  SELECT p.*, array_remove(p.statements, NULL) AS texts FROM (
    ${join(ofOthers, '\n    UNION ALL ')}
  ) p JOIN remade r ON r.id = p.relation
  WHERE NOT EXISTS (SELECT FROM pg_catalog.json_to_recordset(r.own) AS t (kind text, name text) WHERE t.kind = p.kind AND t.name = p.name)
), found (kind, schema, name, signature, part_kind, part, setting, value) AS (
  ${join(
    [
      ofObject(
        sql`objects o`,
        sql`true`,
        sql`'object'`,
        sql`json_build_object('word', o.word, 'owner', ${roleName(sql`o.owner`)}, 'follows', o.follows)`,
      ),
      ofObject(sql`objects o`, sql`o.acl::text <> o.usual::text`, sql`'rights'`, rightsOrNone(sql`o.acl`)),
      ofObject(
        sql`objects o JOIN pg_catalog.pg_description d ON d.objoid = o.id AND d.classoid = o.class AND d.objsubid = 0`,
        sql`true`,
        sql`'comment'`,
        sql`to_json(d.description)`,
      ),
      ofObject(
        sql`objects o JOIN pg_catalog.pg_seclabel l ON l.objoid = o.id AND l.classoid = o.class AND l.objsubid = 0`,
        sql`true`,
        sql`'label ' || l.provider`,
        labelValue,
      ),
      ofRelation('persistence', sql`'"UNLOGGED"'`, sql`c.relpersistence = 'u' AND c.relkind IN ('r', 'S')`),
      ofRelation(
        'tablespace',
        sql`to_json(t.spcname)`,
        sql`true`,
        sql` JOIN pg_catalog.pg_tablespace t ON t.oid = c.reltablespace`,
      ),
      ofRelation(
        'method',
        sql`to_json(t.amname)`,
        sql`t.amname <> 'heap'`,
        sql` JOIN pg_catalog.pg_am t ON t.oid = c.relam`,
      ),
      ofRelation('options', sql`to_json(c.reloptions)`, sql`c.reloptions IS NOT NULL`),
      ofRelation(
        'toast options',
        sql`to_json(ARRAY(SELECT 'toast.' || t.text FROM pg_catalog.unnest(s.reloptions) AS t (text)))`,
        sql`s.reloptions IS NOT NULL`,
        sql` JOIN pg_catalog.pg_class s ON s.oid = c.reltoastrelid`,
      ),
      ofRelation('row security', sql`'"ENABLE"'`, sql`c.relrowsecurity`),
      ofRelation('forced row security', sql`'"FORCE"'`, sql`c.relforcerowsecurity`),
      ofRelation(
        'replica identity',
        sql`'"' || CASE c.relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END || '"'`,
        sql`c.relreplident IN ('f', 'n') AND c.relkind IN ('r', 'p')`,
      ),
      ofPart('index', sql`p.relname`, 'replica identity', sql`'true'`, indexes, sql`x.indisreplident`),
      ofPart('index', sql`p.relname`, 'cluster', sql`'true'`, indexes, sql`x.indisclustered`),
      ofRelation(
        'inheritance',
        sql`to_json((SELECT string_agg(i.inhparent::pg_catalog.regclass::text, ', ' ORDER BY i.inhseqno) FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid))`,
        sql`EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid)`,
      ),
      ofRelation('type', sql`to_json(pg_catalog.format_type(c.reloftype, NULL))`, sql`c.reloftype <> 0`),
      ofRelation(
        'extension',
        sql`to_json(e.extname)`,
        sql`true`,
        sql` JOIN pg_catalog.pg_depend d ON d.classid = ${classOf('pg_class')} AND d.objid = c.oid AND d.deptype = 'e'
    JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid`,
      ),
      ofPart('column', sql`p.attname`, 'rights', rightsOrNone(sql`p.attacl`), columns, sql`p.attacl IS NOT NULL`),
      ofPart('column', sql`p.attname`, 'statistics', target(sql`p`), columns, sql`${target(sql`p`)} <> -1`),
      ofPart(
        'column',
        sql`p.attname`,
        'storage',
        sql`'"' || CASE p.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END || '"'`,
        sql`${columns} JOIN pg_catalog.pg_type y ON y.oid = p.atttypid`,
        sql`p.attstorage <> y.typstorage AND o.word = 'TABLE'`,
      ),
      ofPart(
        'column',
        sql`p.attname`,
        'compression',
        sql`'"' || CASE p.attcompression WHEN 'p' THEN 'pglz' ELSE 'lz4' END || '"'`,
        columns,
        sql`p.attcompression::text <> ''`,
      ),
      ofPart('column', sql`p.attname`, 'options', sql`to_json(p.attoptions)`, columns, sql`p.attoptions IS NOT NULL`),
      ofPart(
        'column',
        sql`p.attname`,
        'default of view',
        sql`to_json(pg_catalog.pg_get_expr(f.adbin, f.adrelid))`,
        sql`${columns} JOIN pg_catalog.pg_attrdef f ON f.adrelid = p.attrelid AND f.adnum = p.attnum`,
        sql`o.word = 'VIEW'`,
      ),
      ofPart(
        'column',
        sql`p.attname`,
        'comment',
        sql`to_json(d.description)`,
        sql`${columns} JOIN pg_catalog.pg_description d ON d.objoid = p.attrelid AND d.classoid = ${classOf('pg_class')} AND d.objsubid = p.attnum`,
      ),
      ofPart(
        'column',
        sql`p.attname`,
        sql`('label ' || l.provider)`,
        labelValue,
        sql`${columns}${label(sql`p.attrelid`, 'pg_class', sql`p.attnum`)}`,
      ),
      ofPart(
        'constraint',
        sql`p.conname`,
        'comment',
        sql`to_json(d.description)`,
        sql`JOIN pg_catalog.pg_constraint p ON p.conrelid = o.id AND p.contype <> 'n'${comment(sql`p.oid`, 'pg_constraint')}`,
      ),
      ofPart('index', sql`p.relname`, 'options', sql`to_json(p.reloptions)`, indexes, sql`p.reloptions IS NOT NULL`),
      ofPart(
        'index',
        sql`p.relname`,
        'tablespace',
        sql`to_json(t.spcname)`,
        sql`${indexes} JOIN pg_catalog.pg_tablespace t ON t.oid = p.reltablespace`,
      ),
      ofPart(
        'index',
        sql`p.relname`,
        'statistics',
        sql`(SELECT json_agg(json_build_array(a.attnum, ${target(sql`a`)}) ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = p.oid AND ${target(sql`a`)} <> -1)`,
        indexes,
        sql`EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = p.oid AND ${target(sql`a`)} <> -1)`,
      ),
      ofPart(
        'index',
        sql`p.relname`,
        'comment',
        sql`to_json(d.description)`,
        sql`${indexes}${comment(sql`p.oid`, 'pg_class')}`,
      ),
      ofPart(
        'trigger',
        sql`p.tgname`,
        'state',
        sql`'"' || CASE p.tgenabled WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'DISABLE' END || '"'`,
        triggers,
        sql`p.tgenabled <> 'O'`,
      ),
      ofPart(
        'trigger',
        sql`p.tgname`,
        'comment',
        sql`to_json(d.description)`,
        sql`${triggers}${comment(sql`p.oid`, 'pg_trigger')}`,
      ),
      sql`SELECT o.kind, o.schema, o.name, o.signature, p.kind, p.name, 'definition', json_build_object('statements', p.texts,
      'role', CASE WHEN p.role IS NOT NULL THEN ${roleName(sql`p.role`)} END, 'uses', ${usedColumns(sql`p.class`, sql`p.id`)}, 'address', p.class::text || '/' || p.id::text)::text
  FROM objects o JOIN others p ON p.relation = o.id AND o.kind = 'relation'`,
    ],
    '\n  UNION ALL ',
  )}
)
SELECT kind, schema, name, signature, part_kind, part, setting, value FROM found
ORDER BY kind COLLATE "C", schema COLLATE "C", name COLLATE "C", signature COLLATE "C", part_kind COLLATE "C" NULLS FIRST, part COLLATE "C", setting COLLATE "C"`;

/**
 * A query for what a script would lose, because it gives nothing back: a text `found` for each thing that others gave
 * or made, and whether it is but a comment (`isComment`).
 */
export function lostByScript(
  schemas: readonly string[],
  dropped: readonly DroppedAgain[],
  ofOthers: readonly OthersRead[],
): PlainSql {
  const json = (value: unknown) => literal(JSON.stringify(value));
  const asked = dropped.map(({ part, ...object }) => ({ ...object, part_kind: part?.kind, part: part?.name }));
  return sql`SELECT DISTINCT CASE k.setting WHEN 'object' THEN 'owner' WHEN 'definition' THEN 'made by others' ELSE k.setting END
  || ' of ' || concat_ws(' of ', k.part_kind || ' ' || k.part, concat_ws('.', k.schema, nullif(k.name, ''))) AS found, k.setting = 'comment' AS "isComment"
FROM (
${withoutParameters(query(json(schemas), json(ofOthers)))}
) AS k JOIN pg_catalog.json_to_recordset(${json(asked)}) AS d (how text, kind text, schema text, name text, part_kind text, part text)
  ON d.kind = k.kind AND d.schema = k.schema AND d.name = k.name AND (d.part IS NULL OR (d.part_kind = k.part_kind AND d.part = k.part))
WHERE (d.how = 'drop' OR k.setting IN ('storage', 'compression')) AND CASE k.setting
  WHEN 'object' THEN d.part IS NULL AND NOT (k.value::json ->> 'follows')::boolean AND k.value::json ->> 'owner' <> current_user
  WHEN 'rights' THEN EXISTS (SELECT FROM pg_catalog.json_array_elements(k.value::json) AS r
    WHERE r ->> 1 IS DISTINCT FROM r ->> 0 AND coalesce(r ->> 1, 'PUBLIC') NOT IN (${literals(ownerRoleNames)}))
  ELSE true END`;
}

/** Which roles the session may become, and which owners may not create in a schema of theirs. */
const sessionQuery = (
  roles: readonly string[],
  owners: readonly object[],
) => sql`SELECT current_user::text AS role, pg_catalog.current_setting('role') AS set,
  coalesce((SELECT json_agg(r.rolname) FROM pg_catalog.pg_roles r WHERE r.rolname IN (SELECT t.name FROM pg_catalog.json_array_elements_text(${value(JSON.stringify(roles))}::json) AS t (name))
    AND pg_catalog.pg_has_role(current_user, r.oid, CASE WHEN pg_catalog.current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)), '[]')::text AS roles,
  (SELECT json_agg(json_build_array(k.word, (SELECT json_agg(a.privilege_type ORDER BY a.ordinality)
      FROM pg_catalog.aclexplode(pg_catalog.acldefault(k.kind::"char", m.oid)) WITH ORDINALITY a WHERE a.grantee = m.oid)))
    FROM (VALUES ('SCHEMA', 'n'), ('TABLE', 'r'), ('SEQUENCE', 's'), ('FUNCTION', 'f')) AS k (word, kind), pg_catalog.pg_roles m
    WHERE m.rolname = current_user)::text AS rights,
  coalesce((SELECT json_agg(p.schema || '.' || r.rolname) FROM pg_catalog.json_to_recordset(${value(JSON.stringify(owners))}::json) AS p (schema text, role text)
    JOIN pg_catalog.pg_roles r ON r.rolname = coalesce(p.role, current_user) JOIN pg_catalog.pg_namespace n ON n.nspname = p.schema
    WHERE NOT pg_catalog.has_schema_privilege(r.oid, n.oid, 'CREATE')
      AND NOT (SELECT s.rolsuper FROM pg_catalog.pg_roles s WHERE s.rolname = current_user)), '[]')::text AS barred`;

interface SessionRow {
  readonly role: string;
  /** The value of the setting `role`. */
  readonly set: string;
  /** JSON arrays. */
  readonly roles: string;
  readonly barred: string;
  readonly rights: string;
}

async function session(
  connection: Connection,
  objects: readonly KeptObject[],
  limits: Limits,
): Promise<KeepingSession> {
  /** Without a role, the session's. */
  const places = new Map<string, { readonly schema: string; readonly role?: string }>();
  for (const { schema, owner } of objects) {
    places.set(schema, { schema });
    if (owner !== null) places.set(`${schema}.${owner}`, { schema, role: owner });
  }
  const [row] = await rowsOf<SessionRow>(connection, sessionQuery(rolesOf(objects), [...places.values()]), limits);
  const { role = '', set = 'none', roles: own = '[]', barred = '[]', rights: usual = '[]' } = row ?? {};
  return {
    role,
    resume: sql`SET LOCAL ROLE ${set === 'none' ? sql`NONE` : id(set)};`,
    mayBecome: new Set([role, ...(JSON.parse(own) as string[])]),
    mayNotCreate: new Set(JSON.parse(barred) as string[]),
    mayNotGrantIn: new Set(),
    mayNotSet: new Set(),
    ownerRights: new Map(JSON.parse(usual) as [string, string[]][]),
  };
}

export const pgsqlKept: KeptReader = { query, readsParts: true, session, inOrder: (rights) => rights };
