import type { OwnerRole, TriggerFunction } from '@dms/catalog';
import { dialectOf, empty, group, type PlainLines, type PlainSql, type QualifiedName, textOf, trusted } from '@dms/sql';
import { anonymousBlock, unindentedBlock } from './anonymous-block.ts';

const { sql, lines, id, literal } = dialectOf.pgsql;

/*
 * The role that owns functions (design 16 §2.6). Only this role can create and replace them, so the script assumes it
 * briefly. `SET LOCAL` within one block leaves nothing behind if a statement fails.
 */

/**
 * Creates the role if it is missing, and makes the session a member that may assume it but does not inherit its
 * privileges. Another database of the server may create the role at the same time.
 */
export function createOwnerRole({ name }: Pick<OwnerRole, 'name'>): PlainLines {
  const membership = sql`SELECT 1 FROM pg_catalog.pg_auth_members AS m INNER JOIN pg_catalog.pg_roles AS r ON r.oid = m.roleid INNER JOIN pg_catalog.pg_roles AS u ON u.oid = m.member WHERE r.rolname = ${literal(name)} AND u.rolname = current_user`;
  return anonymousBlock(
    lines`
      options text := '';
      condition text := '';
      is_member boolean;`,
    lines`
      IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles AS r WHERE r.rolname = ${literal(name)}) THEN
          BEGIN
              CREATE ROLE ${id(name)} NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
          EXCEPTION WHEN duplicate_object OR unique_violation THEN
              NULL;
          END;
      END IF;
      -- a membership has options since PostgreSQL 16
      IF pg_catalog.current_setting('server_version_num')::integer >= 160000 THEN
          options := ' WITH SET TRUE, INHERIT FALSE, ADMIN FALSE';
          condition := ' AND m.set_option AND NOT m.inherit_option AND NOT m.admin_option';
      END IF;
      EXECUTE ${quoted(sql`SELECT EXISTS (${membership}`)} || condition || ')' INTO is_member;
      IF NOT is_member THEN
          EXECUTE pg_catalog.format(${quoted(sql`GRANT ${id(name)} TO %I`)}, current_user) || options;
      END IF;`,
  );
}

/** A statement as a literal, for EXECUTE. */
const quoted = (statement: PlainSql) => literal(textOf(statement));

/** Replaces a function of the role; the session may then use it in a trigger. */
export const createOwnedFunction = (owner: string, routine: TriggerFunction, definition: PlainLines) => lines`
  GRANT USAGE, CREATE ON SCHEMA ${id(routine.schema)} TO ${id(owner)};
  ${asRole(
    owner,
    lines`
      ${definition}
      EXECUTE pg_catalog.format(${quoted(sql`GRANT EXECUTE ON FUNCTION ${routine}() TO %I`)}, provisioner);`,
  )}

  REVOKE CREATE ON SCHEMA ${id(routine.schema)} FROM ${id(owner)};`;

/** A block that runs statements as the role; `provisioner` is the role that runs the script. */
const asRole = (role: string, statements: PlainLines, declarations = group()) =>
  unindentedBlock(
    lines`
      provisioner name := current_user;
      role_before text := pg_catalog.current_setting('role');
      ${declarations}`,
    lines`
      PERFORM pg_catalog.set_config('role', ${literal(role)}, true);
      ${statements}
      PERFORM pg_catalog.set_config('role', role_before, true);`,
  );

type TableGrant = OwnerRole['grants'][number];

/**
 * The privileges of the role, and the privileges on its functions that are revoked from everybody else (design 16
 * §2.6).
 */
export function grantRights({ name, grants }: OwnerRole): PlainLines {
  const revoked = grants.map((grant) =>
    grant.kind !== 'function'
      ? group()
      : lines`
        REVOKE EXECUTE ON FUNCTION ${grant}() FROM PUBLIC;
        EXECUTE pg_catalog.format(${quoted(sql`REVOKE EXECUTE ON FUNCTION ${grant}() FROM %I`)}, provisioner);`,
  );
  return lines`
    ${group(...grants.map((grant) => privileges(grant, name)))}

    ${asRole(name, group(...revoked))}`;
}

/** Revokes the right to execute a function of the role, which has no arguments, from everybody else. */
export const closeFunction = (owner: string, routine: QualifiedName): PlainLines =>
  asRole(
    owner,
    lines`
      FOR holder IN
          SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END
          FROM pg_catalog.pg_proc AS p CROSS JOIN LATERAL pg_catalog.aclexplode(p.proacl) AS a
          WHERE p.oid = ${quoted(sql`${routine}()`)}::pg_catalog.regprocedure AND a.grantee <> p.proowner
      LOOP
          EXECUTE ${quoted(sql`REVOKE EXECUTE ON FUNCTION ${routine}() FROM `)} || holder || ' CASCADE';
      END LOOP;`,
    lines`holder text;`,
  );

function privileges(grant: TableGrant, role: string): PlainLines {
  if (grant.kind === 'function') return group();
  const granted = trusted(grant.privileges.join(', '));
  const object = grant.kind === 'schema' ? sql`SCHEMA ${id(grant.name)}` : sql`TABLE ${grant}`;
  const isWritten = grant.privileges.some((privilege) => privilege !== 'SELECT' && privilege !== 'USAGE');
  return lines`
    GRANT ${granted} ON ${object} TO ${id(role)};
    ${isWritten ? sql`REVOKE INSERT, UPDATE, DELETE ON ${object} FROM PUBLIC;` : empty}`;
}
