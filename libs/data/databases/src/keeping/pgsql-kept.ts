import { ownerRoleNames } from '@dms/catalog';
import { dialectRules } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import {
  type DroppedAgain,
  definitionsOf,
  type KeepingSession,
  type KeptObject,
  type KeptReader,
  type OthersRead,
} from './kept.ts';

/* What others gave the objects of a PostgreSQL database. */

const classOf = (catalog: string) => `'pg_catalog.${catalog}'::pg_catalog.regclass`;

const roleName = (oid: string) => `pg_catalog.pg_get_userbyid(${oid})::text`;

/** The entries of a list of rights in their order, as JSON. */
const rights = (acl: string) => `(SELECT json_agg(json_build_array(${roleName('a.grantor')},
    CASE WHEN a.grantee <> 0 THEN ${roleName('a.grantee')} END, a.privilege_type,
    CASE WHEN a.is_grantable THEN 'option' ELSE 'grant' END) ORDER BY a.ordinality)
  FROM pg_catalog.aclexplode(${acl}) WITH ORDINALITY a)`;

/** An empty list of rights: everything was taken, also from the owner. */
const rightsOrNone = (acl: string) => `coalesce(${rights(acl)}, '[]'::json)`;

/** The rights of an owner on an object to which nothing was ever given. */
const usualRights = (kind: string, owner: string) =>
  `pg_catalog.acldefault(${kind.length === 1 ? `'${kind}'` : kind}::"char", ${owner})`;

const ofObject = (from: string, condition: string, setting: string, value: string) =>
  `SELECT o.kind, o.schema, o.name, o.signature, NULL::text, NULL::text, ${setting}, (${value})::text FROM ${from} WHERE ${condition}`;

const ofRelation = (setting: string, value: string, condition: string, joins = '') =>
  ofObject(
    `objects o JOIN pg_catalog.pg_class c ON c.oid = o.id${joins}`,
    `o.kind = 'relation' AND ${condition}`,
    `'${setting}'`,
    value,
  );

/** Something that parts of relations have; the part is `p`, of the relation `c`. */
const ofPart = (kind: string, name: string, setting: string, value: string, from: string, condition = 'true') =>
  `SELECT o.kind, o.schema, o.name, o.signature, '${kind}', ${name}::text, ${setting.startsWith('(') ? setting : `'${setting}'`}, (${value})::text
  FROM objects o ${from} WHERE o.kind = 'relation' AND ${condition}`;

const columns = 'JOIN pg_catalog.pg_attribute p ON p.attrelid = o.id AND p.attnum > 0 AND NOT p.attisdropped';
const indexes = `JOIN pg_catalog.pg_index x ON x.indrelid = o.id JOIN pg_catalog.pg_class p ON p.oid = x.indexrelid`;
const triggers = 'JOIN pg_catalog.pg_trigger p ON p.tgrelid = o.id AND NOT p.tgisinternal';

const comment = (id: string, catalog: string) =>
  ` JOIN pg_catalog.pg_description d ON d.objoid = ${id} AND d.classoid = ${classOf(catalog)} AND d.objsubid = 0`;

const label = (id: string, catalog: string, part: string) =>
  ` JOIN pg_catalog.pg_seclabel l ON l.objoid = ${id} AND l.classoid = ${classOf(catalog)} AND l.objsubid = ${part}`;

const labelValue = "json_build_object('provider', l.provider, 'label', l.label)";

/** The target of the statistics of a column; since PostgreSQL 17 the usual one is NULL, before it is -1. */
const target = (column: string) => `coalesce((to_jsonb(${column}) ->> 'attstattarget')::int, -1)`;

/** The name of the relation `r`, as statements have it. */
const place = "format('%I.%I', r.schema, r.name)";

const commentText = (kind: string, name: string, id: string, catalog: string) =>
  `(SELECT format('COMMENT ON ${kind} %s IS %L;', ${name}, d.description) FROM pg_catalog.pg_description d
    WHERE d.objoid = ${id} AND d.classoid = ${classOf(catalog)} AND d.objsubid = 0)`;

const onPlace = (name: string) => `format('%I ON %s', ${name}, ${place})`;

/** A kind of parts that others may have made of a relation `r`; the part is `p`. */
const partsOfOthers = (
  kind: string,
  catalog: string,
  name: string,
  from: string,
  role: string,
  statements: readonly string[],
) =>
  `SELECT r.id AS relation, '${kind}' AS kind, p.${name}::text AS name, ${classOf(catalog)}::oid AS class, p.oid AS id, ${role} AS role,
    ARRAY[${statements.join(', ')}]::text[] AS statements FROM remade r ${from}`;

/** What a member of the record of a publication is; servers before PostgreSQL 15 have none. */
const publishedColumns = `(SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY t.ordinality) || ')'
    FROM pg_catalog.jsonb_array_elements_text(CASE jsonb_typeof(to_jsonb(m) -> 'prattrs') WHEN 'array' THEN to_jsonb(m) -> 'prattrs' END) WITH ORDINALITY AS t (number)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = m.prrelid AND a.attnum = t.number::int)`;
const publishedRows = `(SELECT ' WHERE (' || (to_jsonb(l) ->> 'rowfilter') || ')' FROM pg_catalog.pg_publication_tables l
    WHERE l.pubname = b.pubname AND l.schemaname = r.schema AND l.tablename = r.name)`;

/** Checks, policies, and the triggers and rules of tables are drift, which no upgrade accepts (design 12 §7.2). */
const ofOthers = [
  partsOfOthers(
    'index',
    'pg_class',
    'relname',
    `JOIN pg_catalog.pg_index x ON x.indrelid = r.id AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))
      JOIN pg_catalog.pg_class p ON p.oid = x.indexrelid`,
    'NULL::oid',
    ["pg_catalog.pg_get_indexdef(p.oid) || ';'"],
  ),
  partsOfOthers(
    'trigger',
    'pg_trigger',
    'tgname',
    'JOIN pg_catalog.pg_trigger p ON p.tgrelid = r.id AND NOT p.tgisinternal',
    'NULL::oid',
    ["pg_catalog.pg_get_triggerdef(p.oid) || ';'"],
  ),
  partsOfOthers(
    'rule',
    'pg_rewrite',
    'rulename',
    `JOIN pg_catalog.pg_rewrite p ON p.ev_class = r.id AND p.rulename <> '_RETURN'`,
    'NULL::oid',
    ['pg_catalog.pg_get_ruledef(p.oid)', commentText('RULE', onPlace('p.rulename'), 'p.oid', 'pg_rewrite')],
  ),
  partsOfOthers(
    'statistics',
    'pg_statistic_ext',
    'stxname',
    'JOIN pg_catalog.pg_statistic_ext p ON p.stxrelid = r.id JOIN pg_catalog.pg_namespace n ON n.oid = p.stxnamespace',
    'p.stxowner',
    [
      "pg_catalog.pg_get_statisticsobjdef(p.oid) || ';'",
      `CASE WHEN coalesce((to_jsonb(p) ->> 'stxstattarget')::int, -1) <> -1 THEN format('ALTER STATISTICS %I.%I SET STATISTICS %s;', n.nspname, p.stxname, to_jsonb(p) ->> 'stxstattarget') END`,
      `format('ALTER STATISTICS %I.%I OWNER TO %I;', n.nspname, p.stxname, ${roleName('p.stxowner')})`,
      commentText('STATISTICS', "format('%I.%I', n.nspname, p.stxname)", 'p.oid', 'pg_statistic_ext'),
    ],
  ),
  `SELECT r.id, 'publication', b.pubname::text, ${classOf('pg_publication_rel')}::oid, m.oid, b.pubowner,
    ARRAY[format('ALTER PUBLICATION %I ADD TABLE %s%s%s;', b.pubname, ${place}, ${publishedColumns}, ${publishedRows})]::text[]
    FROM remade r JOIN pg_catalog.pg_publication_rel m ON m.prrelid = r.id JOIN pg_catalog.pg_publication b ON b.oid = m.prpubid`,
];

/** The tables, views and columns that an object uses; `id` may name what stands outside. */
export const usedColumns = (classid: string, id: string) =>
  `(SELECT coalesce(json_agg(used.use), '[]') FROM (SELECT DISTINCT jsonb_build_array(used_n.nspname, used_c.relname, used_a.attname) AS use FROM pg_catalog.pg_depend used_d
    JOIN pg_catalog.pg_class used_c ON used_c.oid = used_d.refobjid AND used_c.relkind IN ('r', 'p', 'v', 'm', 'f') JOIN pg_catalog.pg_namespace used_n ON used_n.oid = used_c.relnamespace
    LEFT JOIN pg_catalog.pg_attribute used_a ON used_a.attrelid = used_c.oid AND used_a.attnum = used_d.refobjsubid AND used_d.refobjsubid <> 0
    WHERE used_d.classid = ${classid} AND used_d.objid = ${id} AND used_d.refclassid = ${classOf('pg_class')}) used)`;

const query = `WITH places AS (
  SELECT n.oid, n.nspname::text AS schema, n.nspowner, n.nspacl FROM pg_catalog.pg_namespace n
  WHERE n.nspname IN (SELECT t.name FROM pg_catalog.json_array_elements_text($1::json) AS t (name))
), objects AS (
  SELECT 'schema' AS kind, p.schema, '' AS name, '' AS signature, p.oid AS id, ${classOf('pg_namespace')} AS class, 'SCHEMA' AS word,
    p.nspowner AS owner, false AS follows, p.nspacl AS acl, ${usualRights('n', 'p.nspowner')} AS usual FROM places p
  UNION ALL SELECT 'relation', p.schema, c.relname::text, '', c.oid, ${classOf('pg_class')},
    CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.relowner,
    c.relkind = 'S' AND EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = ${classOf('pg_class')} AND d.objid = c.oid
      AND d.refclassid = ${classOf('pg_class')} AND d.deptype IN ('a', 'i')), c.relacl,
    ${usualRights("CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END", 'c.relowner')}
  FROM places p JOIN pg_catalog.pg_class c ON c.relnamespace = p.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
  UNION ALL SELECT 'function', p.schema, f.proname::text, pg_catalog.oidvectortypes(f.proargtypes), f.oid, ${classOf('pg_proc')}, 'FUNCTION',
    f.proowner, false, f.proacl, ${usualRights('f', 'f.proowner')}
  FROM places p JOIN pg_catalog.pg_proc f ON f.pronamespace = p.oid AND f.prokind = 'f'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = ${classOf('pg_proc')} AND d.objid = f.oid AND d.deptype = 'e')
), remade AS (
  SELECT o.id, o.schema, o.name, t.own FROM objects o
  JOIN pg_catalog.json_to_recordset($2::json) AS t (schema text, name text, own json) ON t.schema = o.schema AND t.name = o.name AND o.kind = 'relation'
), others AS (
  SELECT p.*, array_remove(p.statements, NULL) AS texts FROM (
    ${ofOthers.join('\n    UNION ALL ')}
  ) p JOIN remade r ON r.id = p.relation
  WHERE NOT EXISTS (SELECT FROM pg_catalog.json_to_recordset(r.own) AS t (kind text, name text) WHERE t.kind = p.kind AND t.name = p.name)
), found (kind, schema, name, signature, part_kind, part, setting, value) AS (
  ${[
    ofObject(
      'objects o',
      'true',
      "'object'",
      `json_build_object('word', o.word, 'owner', ${roleName('o.owner')}, 'follows', o.follows)`,
    ),
    ofObject('objects o', 'o.acl::text <> o.usual::text', "'rights'", rightsOrNone('o.acl')),
    ofObject(
      'objects o JOIN pg_catalog.pg_description d ON d.objoid = o.id AND d.classoid = o.class AND d.objsubid = 0',
      'true',
      "'comment'",
      'to_json(d.description)',
    ),
    ofObject(
      'objects o JOIN pg_catalog.pg_seclabel l ON l.objoid = o.id AND l.classoid = o.class AND l.objsubid = 0',
      'true',
      "'label ' || l.provider",
      labelValue,
    ),
    ofRelation('persistence', `'"UNLOGGED"'`, "c.relpersistence = 'u' AND c.relkind IN ('r', 'S')"),
    ofRelation(
      'tablespace',
      'to_json(t.spcname)',
      'true',
      ' JOIN pg_catalog.pg_tablespace t ON t.oid = c.reltablespace',
    ),
    ofRelation('method', 'to_json(t.amname)', "t.amname <> 'heap'", ' JOIN pg_catalog.pg_am t ON t.oid = c.relam'),
    ofRelation('options', 'to_json(c.reloptions)', 'c.reloptions IS NOT NULL'),
    ofRelation(
      'toast options',
      "to_json(ARRAY(SELECT 'toast.' || t.text FROM pg_catalog.unnest(s.reloptions) AS t (text)))",
      's.reloptions IS NOT NULL',
      ' JOIN pg_catalog.pg_class s ON s.oid = c.reltoastrelid',
    ),
    ofRelation('row security', `'"ENABLE"'`, 'c.relrowsecurity'),
    ofRelation('forced row security', `'"FORCE"'`, 'c.relforcerowsecurity'),
    ofRelation(
      'replica identity',
      `'"' || CASE c.relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END || '"'`,
      "c.relreplident IN ('f', 'n') AND c.relkind IN ('r', 'p')",
    ),
    ofPart('index', 'p.relname', 'replica identity', `'true'`, indexes, 'x.indisreplident'),
    ofPart('index', 'p.relname', 'cluster', `'true'`, indexes, 'x.indisclustered'),
    ofRelation(
      'inheritance',
      `to_json((SELECT string_agg(i.inhparent::pg_catalog.regclass::text, ', ' ORDER BY i.inhseqno) FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid))`,
      'EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid)',
    ),
    ofRelation('type', 'to_json(pg_catalog.format_type(c.reloftype, NULL))', 'c.reloftype <> 0'),
    ofRelation(
      'extension',
      'to_json(e.extname)',
      'true',
      ` JOIN pg_catalog.pg_depend d ON d.classid = ${classOf('pg_class')} AND d.objid = c.oid AND d.deptype = 'e'
    JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid`,
    ),
    ofPart('column', 'p.attname', 'rights', rightsOrNone('p.attacl'), columns, 'p.attacl IS NOT NULL'),
    ofPart('column', 'p.attname', 'statistics', target('p'), columns, `${target('p')} <> -1`),
    ofPart(
      'column',
      'p.attname',
      'storage',
      `'"' || CASE p.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END || '"'`,
      `${columns} JOIN pg_catalog.pg_type y ON y.oid = p.atttypid`,
      "p.attstorage <> y.typstorage AND o.word = 'TABLE'",
    ),
    ofPart(
      'column',
      'p.attname',
      'compression',
      `'"' || CASE p.attcompression WHEN 'p' THEN 'pglz' ELSE 'lz4' END || '"'`,
      columns,
      "p.attcompression::text <> ''",
    ),
    ofPart('column', 'p.attname', 'options', 'to_json(p.attoptions)', columns, 'p.attoptions IS NOT NULL'),
    ofPart(
      'column',
      'p.attname',
      'default of view',
      'to_json(pg_catalog.pg_get_expr(f.adbin, f.adrelid))',
      `${columns} JOIN pg_catalog.pg_attrdef f ON f.adrelid = p.attrelid AND f.adnum = p.attnum`,
      "o.word = 'VIEW'",
    ),
    ofPart(
      'column',
      'p.attname',
      'comment',
      'to_json(d.description)',
      `${columns} JOIN pg_catalog.pg_description d ON d.objoid = p.attrelid AND d.classoid = ${classOf('pg_class')} AND d.objsubid = p.attnum`,
    ),
    ofPart(
      'column',
      'p.attname',
      "('label ' || l.provider)",
      labelValue,
      columns + label('p.attrelid', 'pg_class', 'p.attnum'),
    ),
    ofPart(
      'constraint',
      'p.conname',
      'comment',
      'to_json(d.description)',
      `JOIN pg_catalog.pg_constraint p ON p.conrelid = o.id AND p.contype <> 'n'${comment('p.oid', 'pg_constraint')}`,
    ),
    ofPart('index', 'p.relname', 'options', 'to_json(p.reloptions)', indexes, 'p.reloptions IS NOT NULL'),
    ofPart(
      'index',
      'p.relname',
      'tablespace',
      'to_json(t.spcname)',
      `${indexes} JOIN pg_catalog.pg_tablespace t ON t.oid = p.reltablespace`,
    ),
    ofPart(
      'index',
      'p.relname',
      'statistics',
      `(SELECT json_agg(json_build_array(a.attnum, ${target('a')}) ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = p.oid AND ${target('a')} <> -1)`,
      indexes,
      `EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = p.oid AND ${target('a')} <> -1)`,
    ),
    ofPart('index', 'p.relname', 'comment', 'to_json(d.description)', indexes + comment('p.oid', 'pg_class')),
    ofPart(
      'trigger',
      'p.tgname',
      'state',
      `'"' || CASE p.tgenabled WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'DISABLE' END || '"'`,
      triggers,
      "p.tgenabled <> 'O'",
    ),
    ofPart('trigger', 'p.tgname', 'comment', 'to_json(d.description)', triggers + comment('p.oid', 'pg_trigger')),
    `SELECT o.kind, o.schema, o.name, o.signature, p.kind, p.name, 'definition', json_build_object('statements', p.texts,
      'role', CASE WHEN p.role IS NOT NULL THEN ${roleName('p.role')} END, 'uses', ${usedColumns('p.class', 'p.id')}, 'address', p.class::text || '/' || p.id::text)::text
  FROM objects o JOIN others p ON p.relation = o.id AND o.kind = 'relation'`,
  ].join('\n  UNION ALL ')}
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
): string {
  const json = (value: unknown) => dialectRules.pgsql.stringLiteral(JSON.stringify(value));
  const asked = dropped.map(({ part, ...object }) => ({ ...object, part_kind: part?.kind, part: part?.name }));
  const given = query.replaceAll('$1', () => json(schemas)).replaceAll('$2', () => json(ofOthers));
  const ours = ownerRoleNames.map((name) => dialectRules.pgsql.stringLiteral(name)).join(', ');
  return `SELECT DISTINCT CASE k.setting WHEN 'object' THEN 'owner' WHEN 'definition' THEN 'made by others' ELSE k.setting END
  || ' of ' || concat_ws(' of ', k.part_kind || ' ' || k.part, concat_ws('.', k.schema, nullif(k.name, ''))) AS found, k.setting = 'comment' AS "isComment"
FROM (
${given}
) AS k JOIN pg_catalog.json_to_recordset(${json(asked)}) AS d (how text, kind text, schema text, name text, part_kind text, part text)
  ON d.kind = k.kind AND d.schema = k.schema AND d.name = k.name AND (d.part IS NULL OR (d.part_kind = k.part_kind AND d.part = k.part))
WHERE (d.how = 'drop' OR k.setting IN ('storage', 'compression')) AND CASE k.setting
  WHEN 'object' THEN d.part IS NULL AND NOT (k.value::json ->> 'follows')::boolean AND k.value::json ->> 'owner' <> current_user
  WHEN 'rights' THEN EXISTS (SELECT FROM pg_catalog.json_array_elements(k.value::json) AS r
    WHERE r ->> 1 IS DISTINCT FROM r ->> 0 AND coalesce(r ->> 1, 'PUBLIC') NOT IN (${ours}))
  ELSE true END`;
}

/** Which roles the session may become, and which owners may not create in a schema of theirs. */
const sessionQuery = `SELECT current_user::text AS role, pg_catalog.current_setting('role') AS set,
  coalesce((SELECT json_agg(r.rolname) FROM pg_catalog.pg_roles r WHERE r.rolname IN (SELECT t.name FROM pg_catalog.json_array_elements_text($1::json) AS t (name))
    AND pg_catalog.pg_has_role(current_user, r.oid, CASE WHEN pg_catalog.current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)), '[]')::text AS roles,
  (SELECT json_agg(json_build_array(k.word, (SELECT json_agg(a.privilege_type ORDER BY a.ordinality)
      FROM pg_catalog.aclexplode(pg_catalog.acldefault(k.kind::"char", m.oid)) WITH ORDINALITY a WHERE a.grantee = m.oid)))
    FROM (VALUES ('SCHEMA', 'n'), ('TABLE', 'r'), ('SEQUENCE', 's'), ('FUNCTION', 'f')) AS k (word, kind), pg_catalog.pg_roles m
    WHERE m.rolname = current_user)::text AS rights,
  coalesce((SELECT json_agg(p.schema || '.' || r.rolname) FROM pg_catalog.json_to_recordset($2::json) AS p (schema text, role text)
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
  const roles = new Set<string>();
  /** Without a role, the session's. */
  const places = new Map<string, { readonly schema: string; readonly role?: string }>();
  for (const object of objects) {
    const { schema, owner, rights: given, columnRights } = object;
    for (const { grantor } of [...(given ?? []), ...[...columnRights.values()].flat()]) roles.add(grantor);
    for (const { role } of definitionsOf(object)) if (role !== null) roles.add(role);
    places.set(schema, { schema });
    if (owner === null) continue;
    roles.add(owner);
    places.set(`${schema}.${owner}`, { schema, role: owner });
  }
  const parameters = [JSON.stringify([...roles]), JSON.stringify([...places.values()])];
  const [row] = await connection.query<SessionRow>(sessionQuery, parameters, limits);
  const { role = '', set = 'none', roles: own = '[]', barred = '[]', rights: usual = '[]' } = row ?? {};
  return {
    role,
    resume: `SET LOCAL ROLE ${set === 'none' ? 'NONE' : dialectRules.pgsql.quote(set)};`,
    mayBecome: new Set([role, ...(JSON.parse(own) as string[])]),
    mayNotCreate: new Set(JSON.parse(barred) as string[]),
    mayNotGrantIn: new Set(),
    mayNotSet: new Set(),
    ownerRights: new Map(JSON.parse(usual) as [string, string[]][]),
  };
}

export const pgsqlKept: KeptReader = { query, readsParts: true, session, inOrder: (rights) => rights };
