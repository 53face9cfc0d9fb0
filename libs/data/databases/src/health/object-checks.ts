import { ownerRoleNames, serviceTableNames } from '@dms/catalog';
import { core } from '@dms/model';
import { dialectOf, type PlainSql, type Sql } from '@dms/sql';
import { hasColumn, notOfExtension, quoted } from '../introspection/pgsql-conditions.ts';
import { markedFunctions, notMarked } from '../views/marked-views.ts';
import type { AskedFact, HealthCheck, HealthQuestion } from './health-check.ts';

/*
 * Checks of the owners and rights of the schemas, tables and sequences of a schema set, beyond the rights that its
 * script grants: the catalog has only the rights of the owner role (design 09c §1).
 */

const pgsql = dialectOf.pgsql;
const mssql = dialectOf.mssql;

type OfSchemas = (schemas: PlainSql) => Sql;

/** A query about the objects of some schemas, which get into it as a list of literals. */
export const ofSchemas =
  ({ literals }: typeof pgsql, query: OfSchemas): AskedFact['query'] =>
  ({ schemas = [] }: HealthQuestion) =>
    schemas.length === 0 ? null : query(literals(schemas));

/* PostgreSQL. */

const { sql, literal, literals } = pgsql;

/** An object as a statement has it, after its kind. */
const title = sql`${quoted(sql`o.place`)} || CASE WHEN o.kind = 'SCHEMA' THEN '' ELSE '.' || ${quoted(sql`o.name`)} END || o.signature`;

/** The objects: kind, schema, name, arguments, id, owner, rights, and the rights that the owner needs. */
const objects = (
  schemas: PlainSql,
) => sql`SELECT 'SCHEMA' AS kind, n.nspname AS place, ''::name AS name, '' AS signature, n.oid AS id, n.nspowner AS owner, n.nspacl AS acl, ARRAY['USAGE'] AS needed
  FROM pg_namespace n WHERE n.nspname IN (${schemas})
  UNION ALL SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname, '', c.oid, c.relowner, c.relacl,
    CASE c.relkind WHEN 'S' THEN ARRAY['USAGE'] WHEN 'r' THEN ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'] ELSE ARRAY['SELECT'] END
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname IN (${schemas}) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${notMarked}
    AND NOT (n.nspname = ${literal(core.document.schema)} AND c.relname IN (${literals(serviceTableNames)}))`;

/** The functions that belong neither to an extension nor to a role that owns functions. */
const functions = (
  schemas: PlainSql,
) => sql`SELECT 'FUNCTION', n.nspname, p.proname, '(' || oidvectortypes(p.proargtypes) || ')', p.oid, p.proowner, p.proacl, ARRAY[]::text[]
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname IN (${schemas}) AND p.prokind = 'f' AND pg_get_userbyid(p.proowner) NOT IN (${literals(ownerRoleNames)})
    AND ${notOfExtension('pg_proc', 'p')} AND p.oid NOT IN (${markedFunctions})`;

const named = sql`lower(o.kind) || ' ' || ${title}`;

/** Objects with another owner than the table of the fingerprint. */
const otherOwners: OfSchemas = (schemas) => sql`SELECT ${named}, pg_get_userbyid(o.owner)::text,
  'ALTER ' || o.kind || ' ' || ${title} || ' OWNER TO ' || ${quoted(sql`pg_get_userbyid(m.owner)`)}
FROM (${objects(schemas)} UNION ALL ${functions(schemas)}) AS o,
  (SELECT c.relowner AS owner FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = ${literal(core.effectiveSchema.schema)} AND c.relname = ${literal(core.effectiveSchema.name)}) AS m
WHERE o.owner <> m.owner
  -- the sequence of a column belongs to the owner of its table
  AND NOT (o.kind = 'SEQUENCE' AND ${hasColumn(sql`o.id`)})`;

const publicRights: OfSchemas = (
  schemas,
) => sql`SELECT ${named}, a.privilege_type, 'REVOKE ALL ON ' || o.kind || ' ' || ${title} || ' FROM PUBLIC'
FROM (${objects(schemas)}) AS o CROSS JOIN LATERAL (SELECT g.grantee, g.privilege_type FROM aclexplode(o.acl) g
  UNION ALL SELECT g.grantee, g.privilege_type FROM pg_attribute t, aclexplode(t.attacl) g WHERE t.attrelid = o.id AND o.kind = 'TABLE') AS a
WHERE a.grantee = 0`;

const missingRights: OfSchemas = (
  schemas,
) => sql`SELECT ${named}, r.needed, 'GRANT ALL ON ' || o.kind || ' ' || ${title} || ' TO ' || ${quoted(sql`pg_get_userbyid(o.owner)`)}
FROM (${objects(schemas)}) AS o, unnest(o.needed) AS r(needed)
WHERE o.acl IS NOT NULL AND NOT CASE o.kind WHEN 'SCHEMA' THEN has_schema_privilege(o.owner, o.id, r.needed)
  WHEN 'SEQUENCE' THEN has_sequence_privilege(o.owner, o.id, r.needed) ELSE has_table_privilege(o.owner, o.id, r.needed) END`;

/* SQL Server. The third column is the object as GRANT and ALTER AUTHORIZATION name it. */

const schemaName = mssql.sql`QUOTENAME(s.name)`;
const objectName = mssql.sql`QUOTENAME(s.name) + N'.' + QUOTENAME(o.name)`;

const mssqlOwners: OfSchemas = (
  schemas,
) => mssql.sql`SELECT N'object ' + ${objectName}, N'', N'OBJECT::' + ${objectName} + N' TO SCHEMA OWNER'
FROM sys.objects AS o INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE s.name IN (${schemas}) AND o.principal_id IS NOT NULL AND o.principal_id <> s.principal_id
UNION ALL SELECT N'schema ' + ${schemaName}, N'', N'SCHEMA::' + ${schemaName} + N' TO [dbo]'
FROM sys.schemas AS s INNER JOIN sys.schemas AS m ON m.name = ${mssql.literal(core.effectiveSchema.schema)}
WHERE s.name IN (${schemas}) AND s.principal_id <> m.principal_id`;

/** Rights of everybody: granted ones, or denied ones. */
const mssqlPublic =
  (isDenied: PlainSql): OfSchemas =>
  (schemas) =>
    mssql.sql`SELECT N'object ' + ${objectName}, p.permission_name, N'OBJECT::' + ${objectName}
FROM sys.database_permissions AS p INNER JOIN sys.objects AS o ON o.object_id = p.major_id INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE p.class = 1 AND p.grantee_principal_id = 0 AND s.name IN (${schemas}) AND ${isDenied}
UNION ALL SELECT N'schema ' + ${schemaName}, p.permission_name, N'SCHEMA::' + ${schemaName}
FROM sys.database_permissions AS p INNER JOIN sys.schemas AS s ON s.schema_id = p.major_id
WHERE p.class = 3 AND p.grantee_principal_id = 0 AND s.name IN (${schemas}) AND ${isDenied}`;

const revoked: AskedFact['correction'] = ({ statement }, details) =>
  `REVOKE ${details.join(', ')} ON ${statement} FROM [public]`;

const opened = 'everybody who may connect has rights on objects of the schema set';

/** Owners or rights that keep a server from working, or let everybody read or change objects. */
export const objectChecks: readonly HealthCheck[] = [
  {
    code: 'DB_OWNERS',
    askers: ['check', 'doctor'],
    isOfAll: true,
    pgsql: {
      query: ofSchemas(pgsql, otherOwners),
      sentence:
        'objects of the schema set belong to other roles than its tables. Triggers and keys work with the rights of these roles, who can also replace them, and upgrade needs the owner of all of them',
    },
    mssql: {
      query: ofSchemas(mssql, mssqlOwners),
      sentence:
        'objects of the schema set have another owner than the schema dms, so triggers and views ask for the rights of the caller',
      correction: ({ statement }) => `ALTER AUTHORIZATION ON ${statement}`,
    },
  },
  {
    code: 'DB_PUBLIC_RIGHTS',
    askers: ['check'],
    isOfAll: true,
    pgsql: { query: ofSchemas(pgsql, publicRights), sentence: opened },
    mssql: {
      query: ofSchemas(mssql, mssqlPublic(mssql.sql`p.state <> 'D'`)),
      sentence: opened,
      correction: revoked,
    },
  },
  {
    code: 'DB_RIGHTS_MISSING',
    askers: ['check'],
    isOfAll: true,
    pgsql: {
      query: ofSchemas(pgsql, missingRights),
      sentence: 'the owner of objects of the schema set lacks rights on them that foreign keys and triggers need',
    },
    mssql: {
      query: ofSchemas(mssql, mssqlPublic(mssql.sql`p.state = 'D'`)),
      sentence: 'rights on objects of the schema set are denied to everybody',
      correction: revoked,
    },
  },
];
