import { ownerRoleNames, serviceTableNames } from '@dms/catalog';
import { type Diagnostic, type DiagnosticCode, diagnostic } from '@dms/diagnostics';
import { core } from '@dms/model';
import { dialectRules, type SqlDialect } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import { markedFunctions, notMarked } from '../views/marked-views.ts';
import { notOfExtension } from './surroundings.ts';

/*
 * Checks the owners and rights of the schemas, tables and sequences of a schema set, beyond the rights that its script
 * grants: the catalog has only the rights of the owner role (design 09c §1).
 */

/** A wrong right or a wrong owner. */
interface Row {
  readonly code: DiagnosticCode;
  /** The word before the name of the object in a statement: `SCHEMA`, `TABLE`, `SEQUENCE`, `FUNCTION` or `OBJECT`. */
  readonly kind: string;
  readonly place: string;
  /** Empty for a schema. */
  readonly name: string;
  /** The argument types of a function; null for other objects. */
  readonly signature?: string | null;
  /** The right, or the current owner. */
  readonly detail: string;
  /** The role that should have the right, or should be the owner. */
  readonly role: string;
}

/** An object with all rows about it. */
interface FoundObject extends Omit<Row, 'detail'> {
  readonly details: readonly string[];
}

interface RightsDialect {
  /** The query for `Row`s, in the order in which they are reported. */
  query(schemas: readonly string[]): string;
  readonly sentences: Readonly<Partial<Record<DiagnosticCode, string>>>;
  /** The statement that corrects a found object. */
  correction(found: FoundObject, object: string): string;
}

const listed = (dialect: SqlDialect, texts: readonly string[]) =>
  texts.map((text) => dialectRules[dialect].stringLiteral(text)).join(', ');

const pgsql: RightsDialect = {
  query: (schemas) => `WITH objects AS (
  SELECT 'SCHEMA' AS kind, n.nspname AS place, ''::name AS name, n.oid AS id, n.nspowner AS owner, n.nspacl AS acl, ARRAY['USAGE'] AS needed
  FROM pg_namespace n WHERE n.nspname IN (${listed('pgsql', schemas)})
  UNION ALL SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname, c.oid, c.relowner, c.relacl,
    CASE c.relkind WHEN 'S' THEN ARRAY['USAGE'] WHEN 'r' THEN ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'] ELSE ARRAY['SELECT'] END
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname IN (${listed('pgsql', schemas)}) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${notMarked}
    AND NOT (n.nspname = ${listed('pgsql', [core.document.schema])} AND c.relname IN (${listed('pgsql', serviceTableNames)}))
), granted AS (
  SELECT o.kind, o.place, o.name, a.grantee, a.privilege_type FROM objects o, aclexplode(o.acl) a
  UNION ALL SELECT o.kind, o.place, o.name, a.grantee, a.privilege_type
  FROM objects o JOIN pg_attribute t ON t.attrelid = o.id, aclexplode(t.attacl) a WHERE o.kind = 'TABLE'
), main AS (
  SELECT c.relowner AS owner FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = ${listed('pgsql', [core.effectiveSchema.schema])} AND c.relname = ${listed('pgsql', [core.effectiveSchema.name])}
)
SELECT 'DB_OWNERS' AS code, 'FUNCTION' AS kind, n.nspname::text AS place, p.proname::text AS name, oidvectortypes(p.proargtypes) AS signature,
  pg_get_userbyid(p.proowner)::text AS detail, pg_get_userbyid(m.owner)::text AS role
FROM main m, pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname IN (${listed('pgsql', schemas)}) AND p.prokind = 'f' AND p.proowner <> m.owner
  AND pg_get_userbyid(p.proowner) NOT IN (${listed('pgsql', ownerRoleNames)})
  AND ${notOfExtension('pg_proc', 'p')} AND p.oid NOT IN (${markedFunctions})
UNION SELECT 'DB_OWNERS', o.kind, o.place::text, o.name::text, NULL, pg_get_userbyid(o.owner)::text, pg_get_userbyid(m.owner)::text
FROM objects o, main m WHERE o.owner <> m.owner
  -- the sequence of a column belongs to the owner of its table
  AND NOT (o.kind = 'SEQUENCE' AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = o.id
    AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')))
UNION SELECT 'DB_PUBLIC_RIGHTS', g.kind, g.place::text, g.name::text, NULL, g.privilege_type, '' FROM granted g WHERE g.grantee = 0
UNION SELECT 'DB_RIGHTS_MISSING', o.kind, o.place::text, o.name::text, NULL, r.needed, pg_get_userbyid(o.owner)::text
FROM objects o, unnest(o.needed) AS r(needed)
WHERE o.acl IS NOT NULL AND NOT CASE o.kind WHEN 'SCHEMA' THEN has_schema_privilege(o.owner, o.id, r.needed)
  WHEN 'SEQUENCE' THEN has_sequence_privilege(o.owner, o.id, r.needed) ELSE has_table_privilege(o.owner, o.id, r.needed) END
ORDER BY 1, 2, 3, 4, 5, 6`,
  sentences: {
    DB_OWNERS:
      'objects of the schema set belong to other roles than its tables. Triggers and keys work with the rights of these roles, who can also replace them, and upgrade needs the owner of all of them',
    DB_PUBLIC_RIGHTS: 'everybody who may connect has rights on objects of the schema set',
    DB_RIGHTS_MISSING:
      'the owner of objects of the schema set lacks rights on them that foreign keys and triggers need',
  },
  correction: ({ code, kind, role }, object) => {
    const { quote } = dialectRules.pgsql;
    if (code === 'DB_OWNERS') return `ALTER ${kind} ${object} OWNER TO ${quote(role)}`;
    if (code === 'DB_PUBLIC_RIGHTS') return `REVOKE ALL ON ${kind} ${object} FROM PUBLIC`;
    return `GRANT ALL ON ${kind} ${object} TO ${quote(role)}`;
  },
};

const mssql: RightsDialect = {
  query: (
    schemas,
  ) => `SELECT N'DB_OWNERS' AS code, N'OBJECT' AS kind, s.name AS place, o.name AS name, N'' AS detail, N'' AS role
FROM sys.objects AS o INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE s.name IN (${listed('mssql', schemas)}) AND o.principal_id IS NOT NULL AND o.principal_id <> s.principal_id
UNION ALL SELECT N'DB_OWNERS', N'SCHEMA', s.name, N'', N'', N''
FROM sys.schemas AS s INNER JOIN sys.schemas AS m ON m.name = ${listed('mssql', [core.effectiveSchema.schema])}
WHERE s.name IN (${listed('mssql', schemas)}) AND s.principal_id <> m.principal_id
UNION ALL SELECT CASE p.state WHEN 'D' THEN N'DB_RIGHTS_MISSING' ELSE N'DB_PUBLIC_RIGHTS' END, N'OBJECT', s.name, o.name, p.permission_name, N''
FROM sys.database_permissions AS p INNER JOIN sys.objects AS o ON o.object_id = p.major_id INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE p.class = 1 AND p.grantee_principal_id = 0 AND s.name IN (${listed('mssql', schemas)})
UNION ALL SELECT CASE p.state WHEN 'D' THEN N'DB_RIGHTS_MISSING' ELSE N'DB_PUBLIC_RIGHTS' END, N'SCHEMA', s.name, N'', p.permission_name, N''
FROM sys.database_permissions AS p INNER JOIN sys.schemas AS s ON s.schema_id = p.major_id
WHERE p.class = 3 AND p.grantee_principal_id = 0 AND s.name IN (${listed('mssql', schemas)})
ORDER BY 1, 2, 3, 4, 5`,
  sentences: {
    DB_OWNERS:
      'objects of the schema set have another owner than the schema dms, so triggers and views ask for the rights of the caller',
    DB_PUBLIC_RIGHTS: 'everybody who may connect has rights on objects of the schema set',
    DB_RIGHTS_MISSING: 'rights on objects of the schema set are denied to everybody',
  },
  correction: ({ code, kind, details }, object) => {
    if (code === 'DB_OWNERS')
      return kind === 'SCHEMA'
        ? `ALTER AUTHORIZATION ON SCHEMA::${object} TO [dbo]`
        : `ALTER AUTHORIZATION ON OBJECT::${object} TO SCHEMA OWNER`;
    return `REVOKE ${details.join(', ')} ON ${kind}::${object} FROM [public]`;
  },
};

const rights: Readonly<Record<SqlDialect, RightsDialect>> = { pgsql, mssql };

/** How many objects a message names; the others are counted. */
const shown = 3;

/**
 * Objects in `schemas` whose owner or rights keep a server from working, or let everybody read or change them:
 * `DB_OWNERS` and `DB_PUBLIC_RIGHTS` are warnings, `DB_RIGHTS_MISSING` is an error (design 09c §1). One diagnostic for
 * each code, with the statements that correct the first objects. Throws the `DB_*` codes.
 */
export async function objectRightsFindings(
  connection: Connection,
  schemas: readonly string[],
  limits: Limits = {},
): Promise<readonly Diagnostic[]> {
  if (schemas.length === 0) return [];
  const { query, sentences, correction } = rights[connection.dialect];
  const { quote } = dialectRules[connection.dialect];
  const found = foundObjects(await connection.query<Row>(query(schemas), [], limits));
  return [...new Set(found.map(({ code }) => code))].flatMap((code) => {
    const sentence = sentences[code];
    if (sentence === undefined) return [];
    const objects = found.filter((each) => each.code === code);
    const named = objects.slice(0, shown).map((each) => {
      const taken = each.kind === 'FUNCTION' ? `(${each.signature})` : '';
      const object = each.name === '' ? quote(each.place) : `${quote(each.place)}.${quote(each.name)}${taken}`;
      const details = each.details.length === 0 ? '' : ` (${each.details.join(', ')})`;
      return { text: `${each.kind.toLowerCase()} ${object}${details}`, statement: correction(each, object) };
    });
    const more = objects.length > shown ? `, and ${objects.length - shown} more` : '';
    const texts = named.map(({ text }) => text).join(', ');
    const statements = named.map(({ statement }) => statement).join('; ');
    const message = `${connection.label}: ${sentence}: ${texts}${more}. Run: ${statements}`;
    return [diagnostic(code, message, {}, { objects: objects.length })];
  });
}

function foundObjects(rows: readonly Row[]): FoundObject[] {
  const found = new Map<string, { readonly details: string[] } & Omit<Row, 'detail'>>();
  for (const { detail, ...row } of rows) {
    const key = JSON.stringify([row.code, row.kind, row.place, row.name, row.signature]);
    const known = found.get(key) ?? { ...row, details: [] };
    // a right on several columns occurs several times
    if (detail !== '' && !known.details.includes(detail)) known.details.push(detail);
    found.set(key, known);
  }
  return [...found.values()];
}
