import type { Catalog } from '@dms/catalog';
import { counted, type Diagnostic, diagnostic } from '@dms/diagnostics';
import { dialectRules } from '@dms/sql';
import type { Connection, Limits } from '../connection/connection.ts';

interface Row {
  readonly schema: string;
  readonly name: string;
  readonly signature: string;
  readonly owner: string;
}

/** The functions that not everybody may call. */
const closedFunctions = (schemas: readonly string[]) => `SELECT n.nspname::text AS schema, p.proname::text AS name,
  pg_get_function_identity_arguments(p.oid) AS signature, pg_get_userbyid(p.proowner)::text AS owner
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname IN (${schemas.map(dialectRules.pgsql.stringLiteral).join(', ')}) AND p.proacl IS NOT NULL
  AND NOT EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')
  AND pg_has_role(p.proowner, 'USAGE')
ORDER BY 1, 2, 3`;

/**
 * Lets everybody call the functions that the catalog of a set says everybody may call. A new function has this right in
 * PostgreSQL, unless `ALTER DEFAULT PRIVILEGES … REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC` has taken it away for the
 * role that makes it (design 09 §2.7); then writers of documents could not compute referential ids. SQL Server has no
 * such setting. Returns the warning `DB_DEFAULT_PRIVILEGES` where something was granted. Throws the `DB_*` codes.
 */
export async function grantExecute(
  connection: Connection,
  catalog: Catalog,
  limits: Limits = {},
): Promise<readonly Diagnostic[]> {
  if (connection.dialect !== 'pgsql' || catalog.schemas.length === 0) return [];
  const open = new Set(
    catalog.functions.filter(({ publicExecute }) => publicExecute).map(({ schema, name }) => `${schema}.${name}`),
  );
  const rows = await connection.query<Row>(closedFunctions(catalog.schemas), [], limits);
  const closed = rows.filter(({ schema, name }) => open.has(`${schema}.${name}`));
  const [first] = closed;
  if (first === undefined) return [];
  const { quote } = dialectRules.pgsql;
  const named = closed.map(({ schema, name, signature }) => `${quote(schema)}.${quote(name)}(${signature})`);
  await connection.execute(`GRANT EXECUTE ON FUNCTION ${named.join(', ')} TO PUBLIC`, limits);
  const text = `${connection.label}: everybody was given the right to execute ${counted(closed.length, 'function')} of the schema set, which its triggers need. A setting of the role ${quote(first.owner)} or a REVOKE has taken it away; new functions get it where this was run: ALTER DEFAULT PRIVILEGES FOR ROLE ${quote(first.owner)} GRANT EXECUTE ON FUNCTIONS TO PUBLIC`;
  return [diagnostic('DB_DEFAULT_PRIVILEGES', text, {}, { functions: closed.length, role: first.owner })];
}
