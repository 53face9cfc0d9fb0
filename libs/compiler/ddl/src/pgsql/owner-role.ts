import type { OwnerRole, TriggerFunction } from '@dms/catalog';
import type { SqlWriter } from '@dms/sql';
import { indented } from '../statement-lines.ts';
import { anonymousBlock, unindentedBlock } from './anonymous-block.ts';
import { literal, q, qualified } from './body-text.ts';

/*
 * The role that owns functions (design 16 §2.6). Only this role can create and replace them, so the script assumes it
 * briefly. `SET LOCAL` within one block leaves nothing behind if a statement fails.
 */

/**
 * Creates the role if it is missing, and makes the session a member that may assume it but does not inherit its
 * privileges. Another database of the server may create the role at the same time.
 */
export function createOwnerRole(writer: SqlWriter, { name }: Pick<OwnerRole, 'name'>): void {
  const role = q(name);
  anonymousBlock(
    writer,
    ["options text := '';", "condition text := '';", 'is_member boolean;'],
    [
      `IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles AS r WHERE r.rolname = ${literal(name)}) THEN`,
      ...indented([
        'BEGIN',
        `    CREATE ROLE ${role} NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;`,
        'EXCEPTION WHEN duplicate_object OR unique_violation THEN',
        '    NULL;',
        'END;',
      ]),
      'END IF;',
      '-- a membership has options since PostgreSQL 16',
      "IF pg_catalog.current_setting('server_version_num')::integer >= 160000 THEN",
      "    options := ' WITH SET TRUE, INHERIT FALSE, ADMIN FALSE';",
      "    condition := ' AND m.set_option AND NOT m.inherit_option AND NOT m.admin_option';",
      'END IF;',
      `EXECUTE ${literal(`SELECT EXISTS (${membership(name)}`)} || condition || ')' INTO is_member;`,
      'IF NOT is_member THEN',
      `    EXECUTE pg_catalog.format(${literal(`GRANT ${role} TO %I`)}, current_user) || options;`,
      'END IF;',
    ],
  );
}

/** The memberships of the session in the role. */
const membership = (role: string) =>
  [
    'SELECT 1 FROM pg_catalog.pg_auth_members AS m',
    'INNER JOIN pg_catalog.pg_roles AS r ON r.oid = m.roleid',
    'INNER JOIN pg_catalog.pg_roles AS u ON u.oid = m.member',
    `WHERE r.rolname = ${literal(role)} AND u.rolname = current_user`,
  ].join(' ');

/** Replaces a function of the role; the session may then use it in a trigger. */
export function createOwnedFunction(
  writer: SqlWriter,
  owner: string,
  routine: TriggerFunction,
  definition: readonly string[],
): void {
  const schema = q(routine.schema);
  const role = q(owner);
  writer.line(`GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${role};`);
  asRole(writer, owner, [
    ...definition,
    `EXECUTE pg_catalog.format(${literal(`GRANT EXECUTE ON FUNCTION ${qualified(routine)}() TO %I`)}, provisioner);`,
  ]);
  writer.line(`REVOKE CREATE ON SCHEMA ${schema} FROM ${role};`);
}

/** A block that runs statements as the role; `provisioner` is the role that runs the script. */
function asRole(writer: SqlWriter, role: string, statements: readonly string[]): void {
  unindentedBlock(
    writer,
    ['provisioner name := current_user;', "role_before text := pg_catalog.current_setting('role');"],
    [
      `PERFORM pg_catalog.set_config('role', ${literal(role)}, true);`,
      ...statements,
      "PERFORM pg_catalog.set_config('role', role_before, true);",
    ],
  );
}

const words = { schema: 'SCHEMA', table: 'TABLE' } as const;

/**
 * The privileges of the role, and the privileges on its functions that are revoked from everybody else (design 16
 * §2.6).
 */
export function grantRights(writer: SqlWriter, { name, grants }: OwnerRole): void {
  const role = q(name);
  for (const grant of grants) {
    if (grant.kind === 'function') continue;
    const object = grant.kind === 'schema' ? q(grant.name) : qualified(grant);
    writer.line(`GRANT ${grant.privileges.join(', ')} ON ${words[grant.kind]} ${object} TO ${role};`);
    const writes = grant.privileges.filter((privilege) => privilege !== 'SELECT' && privilege !== 'USAGE');
    if (writes.length > 0) writer.line(`REVOKE INSERT, UPDATE, DELETE ON TABLE ${object} FROM PUBLIC;`);
  }
  writer.blank();
  asRole(
    writer,
    name,
    grants
      .filter(({ kind }) => kind === 'function')
      .flatMap((grant) => [
        `REVOKE EXECUTE ON FUNCTION ${qualified(grant)}() FROM PUBLIC;`,
        `EXECUTE pg_catalog.format(${literal(`REVOKE EXECUTE ON FUNCTION ${qualified(grant)}() FROM %I`)}, provisioner);`,
      ]),
  );
}
