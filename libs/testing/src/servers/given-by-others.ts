/*
 * What a dump of a PostgreSQL database would show of owners, rights, options and comments, as lines. It is read from
 * the raw columns of the system catalogs, apart from the product's own query.
 */

import type { Connection } from '@dms/databases';
import { trusted } from '@dms/sql';

type Session = Pick<Connection, 'query'>;

const identity = (catalog: string, id: string, part = '0') =>
  `(SELECT i.type || ' ' || i.identity FROM pg_identify_object('${catalog}'::regclass, ${id}, ${part}) i)`;

const acl = (list: string, kind: string, owner: string) => `coalesce(${list}, acldefault(${kind}, ${owner}))::text`;

const query = `WITH places AS (SELECT * FROM pg_namespace WHERE nspname = ANY ($1::text[])),
relations AS (SELECT c.* FROM pg_class c JOIN places n ON n.oid = c.relnamespace),
lines (object, fact) AS (
  SELECT ${identity('pg_namespace', 'n.oid')}, concat_ws(' ', pg_get_userbyid(nspowner), ${acl('nspacl', "'n'", 'nspowner')}) FROM places n
  UNION ALL SELECT ${identity('pg_proc', 'f.oid')}, concat_ws(' ', pg_get_userbyid(proowner), ${acl('proacl', "'f'", 'proowner')})
    FROM pg_proc f JOIN places n ON n.oid = f.pronamespace
  UNION ALL SELECT ${identity('pg_class', 'c.oid')}, concat_ws(' ', pg_get_userbyid(relowner),
    ${acl('relacl', `CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char"`, 'relowner')}, relpersistence, relreplident, relrowsecurity,
    relforcerowsecurity, reloptions, (SELECT t.reloptions FROM pg_class t WHERE t.oid = c.reltoastrelid),
    (SELECT spcname FROM pg_tablespace t WHERE t.oid = c.reltablespace))
    FROM relations c
  UNION ALL SELECT ${identity('pg_class', 'a.attrelid', 'a.attnum')}, concat_ws(' ', a.attacl, a.attoptions,
    nullif(to_jsonb(a) ->> 'attstattarget', '-1'), CASE WHEN c.relkind = 'r' THEN (SELECT nullif(a.attstorage, y.typstorage) FROM pg_type y WHERE y.oid = a.atttypid) END, a.attcompression,
    CASE WHEN c.relkind = 'v' THEN (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END)
    FROM pg_attribute a JOIN relations c ON c.oid = a.attrelid WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind <> 'S'
  UNION ALL SELECT ${identity('pg_class', 'x.indexrelid')}, concat_ws(' ', 'index', x.indisclustered, x.indisreplident)
    FROM pg_index x JOIN relations c ON c.oid = x.indrelid
  UNION ALL SELECT ${identity('pg_trigger', 't.oid')}, t.tgenabled::text FROM pg_trigger t JOIN relations c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal
  UNION ALL SELECT ${identity('pg_class', 'x.indexrelid')}, pg_get_indexdef(x.indexrelid)
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN relations c ON c.oid = x.indrelid WHERE i.relname ~ '^Other'
  UNION ALL SELECT ${identity('pg_trigger', 't.oid')}, pg_get_triggerdef(t.oid)
    FROM pg_trigger t JOIN relations c ON c.oid = t.tgrelid WHERE t.tgname ~ '^Other'
  UNION ALL SELECT ${identity('pg_constraint', 'k.oid')}, pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN relations c ON c.oid = k.conrelid WHERE k.conname ~ '^Other'
  UNION ALL SELECT ${identity('pg_rewrite', 'w.oid')}, pg_get_ruledef(w.oid) || w.ev_enabled::text
    FROM pg_rewrite w JOIN relations c ON c.oid = w.ev_class WHERE w.rulename ~ '^Other'
  UNION ALL SELECT ${identity('pg_statistic_ext', 's.oid')}, concat_ws(' ', pg_get_statisticsobjdef(s.oid), pg_get_userbyid(stxowner), to_jsonb(s) ->> 'stxstattarget')
    FROM pg_statistic_ext s JOIN relations c ON c.oid = s.stxrelid
  UNION ALL SELECT ${identity('pg_publication_rel', 'u.oid')}, coalesce((SELECT concat_ws(' ', to_jsonb(l) ->> 'attnames', to_jsonb(l) ->> 'rowfilter') FROM pg_publication_tables l
    WHERE l.pubname = b.pubname AND l.schemaname = n.nspname AND l.tablename = c.relname AND to_jsonb(u) ->> 'prattrs' IS NOT NULL), '')
    FROM pg_publication_rel u JOIN pg_publication b ON b.oid = u.prpubid JOIN relations c ON c.oid = u.prrelid JOIN places n ON n.oid = c.relnamespace
  UNION ALL SELECT ${identity('pg_class', 'c.oid')}, pg_get_viewdef(c.oid) FROM relations c WHERE c.relkind IN ('v', 'm') AND c.relname ~ '^Other'
  UNION ALL SELECT (SELECT i.type || ' ' || i.identity FROM pg_identify_object(d.classoid, d.objoid, d.objsubid) i), 'comment ' || d.description
    FROM pg_description d CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) s
    WHERE s.schema = ANY ($1::text[]) OR s.identity ~ ANY (SELECT ' on "?' || n || '"?\\.' FROM unnest($1::text[]) AS n)
)
SELECT object || ': ' || fact AS line FROM lines ORDER BY object COLLATE "C", fact COLLATE "C"`;

/** The lines for the objects of some schemas; a line begins with the object. */
export async function givenByOthers(session: Session, schemas: readonly string[]): Promise<readonly string[]> {
  const rows = await session.query<{ line: string }>(trusted(query), [schemas]);
  return rows.map(({ line }) => line);
}
