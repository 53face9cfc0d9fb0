import { coreSchema } from '@dms/model';
import { dialectOf, join, type PlainSql, type Sql, type SqlDialect, value } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf } from '../drivers/statement.ts';
import { viewLayers, viewQueries } from '../views/marked-views.ts';
import { mssqlDependents, mssqlHolders } from './mssql-dependents.ts';

/*
 * Finds the dependents of objects of a PostgreSQL database in `pg_depend`, as the server itself does. Kinds of
 * dependents are not listed: every dependent that the server does not remove or rebuild by itself stands in the way, and
 * so does a function whose text has the name of a dropped function or core table as a word.
 * Addresses are (classid, objid, objsubid), as in `pg_depend`.
 */

const { sql, literal } = dialectOf.pgsql;

const classOf = (catalog: string) => sql`${literal(`pg_catalog.${catalog}`)}::regclass`;

/**
 * The addresses of the objects that a JSON array names, as `touched`. If others have child tables of a table, a part of the
 * table is also touched in those.
 */
const touched = (asked: Sql) => sql`named AS (
  SELECT t.number, t.how, t.kind, t.schema, t."table", t.name AS part, t.parameters, n.oid AS namespace, c.oid AS relation, c.relkind
  FROM pg_catalog.json_to_recordset(${asked}::json) AS t(number int, how text, kind text, schema text, "table" text, name text, parameters int)
  JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
  LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t."table"
), heirs AS (
  SELECT number, how, part, relation, relation AS origin FROM named WHERE kind = 'column' AND relation IS NOT NULL
  UNION
  SELECT h.number, h.how, h.part, i.inhrelid, h.origin FROM heirs h JOIN pg_catalog.pg_inherits i ON i.inhparent = h.relation
), touched AS (
  SELECT number, how, ${classOf('pg_namespace')}::oid AS classid, namespace AS objid, 0 AS objsubid, namespace AS origin FROM named WHERE kind = 'schema'
  UNION ALL SELECT number, how, ${classOf('pg_class')}::oid, relation, 0, relation FROM named WHERE kind = 'relation' AND relation IS NOT NULL
  UNION ALL SELECT h.number, h.how, ${classOf('pg_class')}::oid, a.attrelid, a.attnum, h.origin
    FROM heirs h JOIN pg_catalog.pg_attribute a ON a.attrelid = h.relation AND a.attname = h.part AND NOT a.attisdropped
    WHERE h.relation = h.origin OR (a.attinhcount > 0 AND (h.how <> 'drop' OR NOT a.attislocal))
  UNION ALL SELECT t.number, t.how, ${classOf('pg_proc')}::oid, p.oid, 0, p.oid
    FROM named t JOIN pg_catalog.pg_proc p ON p.pronamespace = t.namespace AND p.proname = t.part AND p.pronargs = COALESCE(t.parameters, p.pronargs)
    WHERE t.kind = 'function'
  UNION ALL SELECT t.number, t.how, ${classOf('pg_constraint')}::oid, k.oid, 0, t.relation
    FROM named t JOIN pg_catalog.pg_constraint k ON k.conrelid = t.relation AND k.conname = t.part WHERE t.kind = 'constraint'
  UNION ALL SELECT t.number, t.how, ${classOf('pg_class')}::oid, i.oid, 0, t.relation
    FROM named t JOIN pg_catalog.pg_class i ON i.relnamespace = t.namespace AND i.relname = t.part WHERE t.kind = 'index'
  UNION ALL SELECT t.number, t.how, ${classOf('pg_trigger')}::oid, g.oid, 0, t.relation
    FROM named t JOIN pg_catalog.pg_trigger g ON g.tgrelid = t.relation AND g.tgname = t.part WHERE t.kind = 'trigger'
)`;

/** The dropped objects and those that the server removes along with them without reporting it, as `gone`. */
const gone = sql`gone AS (
  SELECT number, classid, objid, objsubid, false AS follows FROM touched WHERE how = 'drop'
  UNION
  SELECT g.number, d.classid, d.objid, d.objsubid, d.deptype = 'a' FROM gone g
  JOIN pg_catalog.pg_depend d ON d.refclassid = g.classid AND d.refobjid = g.objid AND (g.objsubid = 0 OR d.refobjsubid = g.objsubid)
  WHERE d.deptype IN ('a', 'i')
    -- where long values are kept belongs to the server, with its index
    AND NOT (d.classid = ${classOf('pg_class')} AND d.objid IN (SELECT t.oid FROM pg_catalog.pg_class t WHERE t.relkind = 't'))
)`;

/** The row types of rewritten tables, and all types made of these, as `row_types`. */
const rowTypes = sql`rewritten AS (
  SELECT DISTINCT number, objid AS relation FROM touched WHERE how IN ('rewrite', 'retype')
), row_types AS (
  SELECT r.number, c.reltype AS type FROM rewritten r JOIN pg_catalog.pg_class c ON c.oid = r.relation
  UNION
  SELECT t.number, CASE WHEN d.classid = ${classOf('pg_type')} THEN d.objid ELSE c.reltype END FROM row_types t
  JOIN pg_catalog.pg_depend d ON d.refclassid = ${classOf('pg_type')} AND d.refobjid = t.type
  LEFT JOIN pg_catalog.pg_class c ON d.classid = ${classOf('pg_class')} AND c.oid = d.objid AND c.relkind IN ('v', 'c', 'f')
  WHERE d.classid = ${classOf('pg_type')} OR c.reltype <> 0
)`;

/** The tables whose rows the server cannot identify to subscribers because their keys are dropped, as `anonymous`. */
const anonymous = sql`anonymous AS (
  SELECT w.number, w.objid AS relation, w.how FROM touched w JOIN pg_catalog.pg_class c ON c.oid = w.objid
  WHERE w.how IN ('update', 'delete') AND EXISTS (SELECT 1 FROM gone g JOIN pg_catalog.pg_index i ON i.indexrelid = g.objid
    WHERE g.classid = ${classOf('pg_class')} AND i.indrelid = c.oid
      AND (i.indisreplident OR (c.relreplident = 'd' AND i.indisprimary)))
)`;

/** A pattern for a name as a word of a program; an escape such as `\n` may stand before it in a literal. */
const wordOf = (name: PlainSql) =>
  sql`('(^|[^[:alnum:]_]|\\\\[[:alnum:]]+)' || pg_catalog.regexp_replace(${name}, '([^[:alnum:]_])', '\\\\\\1', 'g') || '([^[:alnum:]_]|$)')`;

/**
 * The dependents that stand in the way and those that are removed along, as `found`, with the number of the object that
 * they depend on.
 */
const found = sql`found AS (
  SELECT 'depends' AS finding, g.number, d.classid, d.objid, d.objsubid FROM gone g
    JOIN pg_catalog.pg_depend d ON d.refclassid = g.classid AND d.refobjid = g.objid AND (g.objsubid = 0 OR d.refobjsubid = g.objsubid)
    WHERE d.deptype = 'n'
      AND NOT EXISTS (SELECT 1 FROM gone o WHERE o.classid = d.classid AND o.objid = d.objid AND o.objsubid IN (0, d.objsubid))
  UNION SELECT 'depends', t.number, d.classid, d.objid, d.objsubid FROM touched t
    JOIN pg_catalog.pg_depend d ON d.refclassid = t.classid AND d.refobjid = t.objid AND d.refobjsubid = t.objsubid
    WHERE t.how = 'retype' AND d.classid NOT IN (${classOf('pg_constraint')}, ${classOf('pg_statistic_ext')})
      AND NOT (d.classid = ${classOf('pg_class')} AND d.objsubid = 0
        AND EXISTS (SELECT 1 FROM pg_catalog.pg_class c WHERE c.oid = d.objid AND c.relkind IN ('i', 'I', 'S')))
      AND NOT (d.classid = ${classOf('pg_attrdef')}
        AND EXISTS (SELECT 1 FROM pg_catalog.pg_attrdef f WHERE f.oid = d.objid AND f.adrelid = t.objid AND f.adnum = t.objsubid))
  UNION SELECT 'depends', t.number, d.classid, d.objid, d.objsubid FROM row_types t
    JOIN pg_catalog.pg_depend d ON d.refclassid = ${classOf('pg_type')} AND d.refobjid = t.type AND d.classid = ${classOf('pg_class')}
    JOIN pg_catalog.pg_class c ON c.oid = d.objid WHERE c.relkind IN ('r', 'p', 'm', 'i', 'I', 't')
  UNION SELECT 'depends', t.number, ${classOf('pg_class')}, i.inhparent, 0 FROM touched t
    JOIN pg_catalog.pg_attribute a ON a.attrelid = t.objid AND a.attnum = t.objsubid AND a.attinhcount > 0
    JOIN pg_catalog.pg_inherits i ON i.inhrelid = t.objid
    WHERE t.classid = ${classOf('pg_class')} AND t.objsubid <> 0 AND t.objid = t.origin AND t.how IN ('drop', 'retype', 'rename')
  UNION SELECT 'depends', t.number, ${classOf('pg_proc')}, f.oid, 0 FROM touched t
    JOIN pg_catalog.pg_proc p ON p.oid = t.objid AND p.prorettype <> 'pg_catalog.trigger'::regtype
    JOIN pg_catalog.pg_proc f ON f.oid <> p.oid AND f.prosrc ~* ${wordOf(sql`p.proname`)}
    JOIN pg_catalog.pg_language l ON l.oid = f.prolang AND l.lanname NOT IN ('c', 'internal')
    WHERE t.how = 'drop' AND t.classid = ${classOf('pg_proc')}
  -- begins with the named tables: after a join of catalogs the server seeks the patterns of all tables in all functions
  UNION SELECT 'depends', t.number, ${classOf('pg_proc')}, f.oid, 0 FROM named t
    JOIN pg_catalog.pg_proc f ON f.prosrc ~ ${wordOf(sql`t."table"`)}
    JOIN pg_catalog.pg_language l ON l.oid = f.prolang AND l.lanname NOT IN ('c', 'internal')
    WHERE t.how = 'drop' AND t.kind = 'relation' AND t.relkind IN ('r', 'p') AND t.schema = ${literal(coreSchema)}
  UNION SELECT 'depends', t.number, ${classOf('pg_constraint')}, k.oid, 0 FROM touched t
    JOIN pg_catalog.pg_constraint k ON k.confrelid = t.objid AND k.conrelid <> t.objid
    WHERE t.how = 'empty' AND t.classid = ${classOf('pg_class')}
  UNION SELECT 'depends', a.number, ${classOf('pg_publication')}, p.oid, 0 FROM anonymous a
    JOIN pg_catalog.pg_class c ON c.oid = a.relation JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_publication_tables l ON l.schemaname = n.nspname AND l.tablename = c.relname
    JOIN pg_catalog.pg_publication p ON p.pubname = l.pubname AND CASE a.how WHEN 'update' THEN p.pubupdate ELSE p.pubdelete END
  UNION SELECT 'goes', number, classid, objid, objsubid FROM gone WHERE follows
  UNION SELECT 'goes', t.number, t.classid, a.attrelid, a.attnum FROM touched t
    JOIN pg_catalog.pg_class c ON c.oid = t.objid AND c.relkind IN ('r', 'p')
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE (t.how = 'drop' OR t.how = 'empty' AND a.attgenerated = '') AND t.classid = ${classOf('pg_class')} AND t.objsubid = 0
  UNION SELECT 'goes', number, classid, objid, objsubid FROM touched WHERE how = 'drop' AND objsubid <> 0 AND objid <> origin
)`;

/**
 * Replaces internal objects by those that a person knows, as `known`: a default by its column, the rule of a view by
 * the view, the type of a table by the table, a trigger of a foreign key by the key, the index of a constraint by the
 * constraint, the sequence of an identity column by the column. Other sequences stay: their owner may differ from that
 * of their column.
 */
const known = sql`known AS (
  SELECT f.finding, f.number, coalesce(k.classid, f.classid) AS classid, coalesce(k.objid, f.objid) AS objid, coalesce(k.objsubid, f.objsubid) AS objsubid
  FROM found f LEFT JOIN LATERAL (
    SELECT ${classOf('pg_class')}::oid AS classid, x.adrelid AS objid, x.adnum::int AS objsubid FROM pg_catalog.pg_attrdef x
      WHERE f.classid = ${classOf('pg_attrdef')} AND x.oid = f.objid
    UNION ALL SELECT ${classOf('pg_class')}::oid, x.ev_class, 0 FROM pg_catalog.pg_rewrite x
      WHERE f.classid = ${classOf('pg_rewrite')} AND x.oid = f.objid AND x.rulename = '_RETURN'
    UNION ALL SELECT ${classOf('pg_class')}::oid, coalesce(nullif(x.typrelid, 0), e.typrelid), 0 FROM pg_catalog.pg_type x
      LEFT JOIN pg_catalog.pg_type e ON e.typarray = x.oid
      WHERE f.classid = ${classOf('pg_type')} AND x.oid = f.objid AND coalesce(nullif(x.typrelid, 0), e.typrelid, 0) <> 0
    UNION ALL SELECT ${classOf('pg_constraint')}::oid, x.tgconstraint, 0 FROM pg_catalog.pg_trigger x
      WHERE f.classid = ${classOf('pg_trigger')} AND x.oid = f.objid AND x.tgisinternal AND x.tgconstraint <> 0
    UNION ALL SELECT x.refclassid, x.refobjid, x.refobjsubid FROM pg_catalog.pg_depend x JOIN pg_catalog.pg_class c ON c.oid = x.objid
      WHERE f.classid = ${classOf('pg_class')} AND x.classid = f.classid AND x.objid = f.objid AND f.objsubid = 0
        AND ((c.relkind IN ('i', 'I') AND x.refclassid = ${classOf('pg_constraint')} AND x.deptype = 'i')
          OR (c.relkind = 'S' AND x.refclassid = ${classOf('pg_class')} AND x.refobjsubid > 0 AND x.deptype = 'i'))
  ) k ON true
)`;

/** The objects of `known`, with the names that a schema set uses for its own objects. */
const described = sql`SELECT DISTINCT o.finding, o.number, i.type COLLATE "C" AS type, i.identity COLLATE "C" AS identity, p.kind, p.schema, p."table", p.name, o.classid::text || '/' || o.objid::text AS address
FROM known o CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.classid, o.objid, o.objsubid) i
LEFT JOIN LATERAL (
  SELECT CASE WHEN c.relkind IN ('i', 'I') THEN 'index' WHEN o.objsubid = 0 THEN 'relation' ELSE 'column' END AS kind,
    n.nspname::text AS schema, coalesce(x.relname, c.relname)::text AS "table",
    CASE WHEN c.relkind IN ('i', 'I') THEN c.relname ELSE a.attname END::text AS name
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = o.objsubid AND o.objsubid <> 0
  LEFT JOIN pg_catalog.pg_index y ON y.indexrelid = c.oid LEFT JOIN pg_catalog.pg_class x ON x.oid = y.indrelid
  WHERE o.classid = ${classOf('pg_class')} AND c.oid = o.objid
  UNION ALL SELECT CASE k.contype WHEN 'n' THEN 'column' ELSE 'constraint' END, n.nspname::text, c.relname::text,
    coalesce(a.attname, k.conname)::text
  FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON k.contype = 'n' AND a.attrelid = c.oid AND a.attnum = k.conkey[1]
  WHERE o.classid = ${classOf('pg_constraint')} AND k.oid = o.objid
  UNION ALL SELECT 'trigger', n.nspname::text, c.relname::text, g.tgname::text
  FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE o.classid = ${classOf('pg_trigger')} AND g.oid = o.objid
  UNION ALL SELECT 'function', n.nspname::text, NULL, f.proname || '/' || f.pronargs
  FROM pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace
  WHERE o.classid = ${classOf('pg_proc')} AND f.oid = o.objid
) p ON true
WHERE NOT (o.classid = ${classOf('pg_class')} AND o.objid IN (SELECT m.oid FROM (${viewQueries.pgsql.marked(viewLayers)}) m))
ORDER BY 1, 2, 3, 4`;

/** A query about the objects or names of a JSON array. */
type QueryOf = (asked: Sql) => Sql;

/** The dependents of objects: [{ number, how, kind, schema, table, name, parameters }, …]. */
const pgsqlDependents: QueryOf = (asked) =>
  sql`WITH RECURSIVE ${join([touched(asked), gone, rowTypes, anonymous, found, known], ',\n')}\n${described}`;

/** The objects that hold names: [{ number, space, schema, table, name, parameters }, …]. */
const pgsqlHolders: QueryOf = (asked) => sql`WITH wanted AS (
  SELECT w.number, w.space, w.name, w.parameters, n.oid AS namespace, c.oid AS relation
  FROM pg_catalog.json_to_recordset(${asked}::json) AS w(number int, space text, schema text, "table" text, name text, parameters int)
  JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
  LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w."table"
), found AS (
  SELECT 'holds' AS finding, w.number, ${classOf('pg_class')}::oid AS classid, c.oid AS objid, 0 AS objsubid
    FROM wanted w JOIN pg_catalog.pg_class c ON c.relnamespace = w.namespace AND c.relname = w.name WHERE w.space = 'relation'
  UNION ALL SELECT 'holds', w.number, ${classOf('pg_type')}, t.oid, 0
    FROM wanted w JOIN pg_catalog.pg_type t ON t.typnamespace = w.namespace AND t.typname = w.name AND NOT EXISTS
      (SELECT 1 FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c')
      AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type e WHERE e.typarray = t.oid) WHERE w.space = 'type'
  UNION ALL SELECT 'holds', w.number, ${classOf('pg_proc')}, p.oid, 0
    FROM wanted w JOIN pg_catalog.pg_proc p ON p.pronamespace = w.namespace AND p.proname = w.name AND p.pronargs = w.parameters
    WHERE w.space = 'function'
  UNION ALL SELECT 'holds', w.number, ${classOf('pg_constraint')}, k.oid, 0
    FROM wanted w JOIN pg_catalog.pg_constraint k ON k.conrelid = w.relation AND k.conname = w.name WHERE w.space = 'constraint'
  UNION ALL SELECT 'holds', w.number, ${classOf('pg_class')}, a.attrelid, a.attnum
    FROM wanted w JOIN pg_catalog.pg_attribute a ON a.attrelid = w.relation AND a.attname = w.name AND NOT a.attisdropped WHERE w.space = 'column'
), ${known}
${described}`;

/** An object whose dependents are sought, and the change to it. */
export interface AskedObject {
  readonly how: 'drop' | 'retype' | 'rename' | 'rewrite' | 'empty' | 'update' | 'delete';
  readonly kind: 'schema' | 'function' | 'relation' | 'column' | 'constraint' | 'index' | 'trigger';
  readonly schema: string;
  readonly table: string | null;
  readonly name: string | null;
  /** How many parameters a function takes; without it, the functions with any number are meant. */
  readonly parameters?: number;
}

/** A name that another object may hold: in a schema, or in a table. */
interface AskedName {
  /** `index`: in a table, where the engine looks for names of indexes there. */
  readonly space: 'relation' | 'type' | 'function' | 'column' | 'constraint' | 'index';
  readonly schema: string;
  readonly table: string | null;
  readonly name: string;
  readonly parameters: number | null;
}

/** An object of a database. */
export interface FoundObject {
  /** The position of the object or name that was asked for. */
  readonly number: number;
  /** As the server names them: `view`, `"my views".names`. */
  readonly type: string;
  readonly identity: string;
  /** `relation`, `column`, `constraint`, `index`, `trigger`, `function`; null for any other kind. */
  readonly kind: string | null;
  readonly schema: string | null;
  readonly table: string | null;
  /** The name of a part of a table; `name/parameters` of a function. */
  readonly name: string | null;
  /** Its catalog and its id there; a column has the address of its table. Only on PostgreSQL. */
  readonly address?: string;
}

/** The dependents of objects: those that stand in the way, and those that the server removes without being asked. */
interface Dependents {
  readonly standing: readonly FoundObject[];
  readonly going: readonly FoundObject[];
}

interface FoundObjectRow extends FoundObject {
  readonly finding: 'depends' | 'goes' | 'holds';
}

const queries: Readonly<Record<SqlDialect, { readonly dependents: QueryOf; readonly holders: QueryOf }>> = {
  pgsql: { dependents: pgsqlDependents, holders: pgsqlHolders },
  mssql: { dependents: mssqlDependents, holders: mssqlHolders },
};

/**
 * The dependents of objects, including objects of the schema set. The marked reporting views, which an upgrade creates
 * again, are left out. Throws the `DB_*` codes.
 */
export async function findDependents(
  connection: Connection,
  objects: readonly AskedObject[],
  limits: Limits = {},
): Promise<Dependents> {
  const query = queries[connection.dialect].dependents;
  if (objects.length === 0) return { standing: [], going: [] };
  const asked = objects.map(({ how, kind, schema, table, name, parameters }) => ({
    how,
    kind,
    schema,
    table,
    name,
    parameters,
  }));
  const rows = await rowsOf<FoundObjectRow>(connection, query(numbered(asked)), limits);
  const of = (finding: FoundObjectRow['finding']) => rows.filter((row) => row.finding === finding).map(withoutFinding);
  return { standing: of('depends'), going: of('goes') };
}

const numbered = (list: readonly object[]) =>
  value(JSON.stringify(list.map((entry, number) => ({ number, ...entry }))));

const withoutFinding = ({ finding: _, ...object }: FoundObjectRow): FoundObject => object;

/** The objects of a database that hold names, including objects of the schema set. Throws the `DB_*` codes. */
export async function findHolders(
  connection: Connection,
  names: readonly AskedName[],
  limits: Limits = {},
): Promise<readonly FoundObject[]> {
  const query = queries[connection.dialect].holders;
  if (names.length === 0) return [];
  const asked = names.map(({ space, schema, table, name, parameters }) => ({ space, schema, table, name, parameters }));
  return (await rowsOf<FoundObjectRow>(connection, query(numbered(asked)), limits)).map(withoutFinding);
}
