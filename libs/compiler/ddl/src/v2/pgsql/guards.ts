import { lifecycleStates, type OwnerRole } from '@dms/catalog';
import { coreV2, type DbTableName, qualified as joined } from '@dms/model';
import { dialectOf, group, type PlainLines, type PlainSql, type SqlWriter, joined as text } from '@dms/sql';
import type { Expectation } from '../../ddl-generation.ts';
import { anonymousBlock, readStoredHash } from '../../pgsql/anonymous-block.ts';
import { createOwnerRole } from '../../pgsql/owner-role.ts';
import { type LayoutTrace, layoutTraces, recreate, type TracePlace } from '../singletons.ts';

const { sql, lines, literal, literals, nameLiteral } = dialectOf.pgsql;

const roleDeclarations = lines`
  version integer := pg_catalog.current_setting('server_version_num')::integer;
  session_role record;
  owner_role record;`;

/**
 * Refuses before any change: a database of another schema set, a database that lost its singletons, a database of
 * another layout, and a session that could not create or use the owner role (design 16 §5.1).
 *
 * A client that continues after the refusal must do no damage: the first block disarms the session. It is a separate
 * statement, so that the setting is committed before the second block fails. The setting `dms.refusal` passes the
 * refusal from one to the other.
 */
export const pgsqlGuards =
  ({ shape, server = group() }: PgsqlGuards) =>
  (writer: SqlWriter, expectation: Expectation): void =>
    writeGuards(writer, expectation, server, otherLayout(shape));

/** The checks of a script that differ between generations. */
interface PgsqlGuards {
  readonly shape: readonly LayoutTrace[];
  /** Sets `refusal` for a server that the script does not suit. */
  readonly server?: PlainLines;
}

function writeGuards(
  writer: SqlWriter,
  { effectiveSchemaHash, ownerRole }: Expectation,
  server: PlainLines,
  layout: PlainLines,
): void {
  const hash = literal(effectiveSchemaHash);
  const ofStored = readStoredHash(lines`
    IF stored_hash <> ${hash} THEN
        refusal := pg_catalog.format('EffectiveSchemaHash mismatch: database has ''%s'' but expected ''%s''', stored_hash, ${hash});
    ELSIF stored_hash IS NOT NULL THEN
        ${completedDatabase}
    END IF;`);
  const disarmed = anonymousBlock(
    lines`
      refusal text;
      stored_hash text;
      source_identity uuid;
      state text;
      recovery_required boolean;
      ${roleDeclarations}`,
    lines`
      ${server}
      ${ofStored}
      ${layout}
      ${ownerRole ? roleChecks(ownerRole) : group()}
      PERFORM pg_catalog.set_config('dms.refusal', coalesce(refusal, ''), false);
      IF refusal IS NOT NULL THEN
          PERFORM pg_catalog.set_config('default_transaction_read_only', 'on', false);
      END IF;`,
  );
  const refused = anonymousBlock(
    lines`refusal text := pg_catalog.current_setting('dms.refusal');`,
    lines`
      IF refusal <> '' THEN
          RAISE EXCEPTION '%', refusal;
      END IF;`,
  );
  writer.write(disarmed).blank().write(refused).blank();
}

/** Sets `refusal` if it is not set yet and the condition holds. */
export const refuseWhen = (condition: PlainSql | PlainLines, refusal: PlainSql) => lines`
  IF refusal IS NULL AND (${group(condition)}) THEN
      refusal := ${refusal};
  END IF;`;

const isMissing = (table: DbTableName) => sql`pg_catalog.to_regclass(${nameLiteral(table)}) IS NULL`;

const missing = (what: string) => literal(`${what} is missing. ${recreate}`);
const missingRow = (table: DbTableName) => missing(`The row of ${joined(table)}`);

const { dataStoreIdentity, documentCacheState } = coreV2;
const zeroIdentity = literal(`${joined(dataStoreIdentity)}.SourceIdentity is zero. ${recreate}`);
const unknownState = literal(`${joined(documentCacheState)}.ProjectionLifecycleState is %L. ${recreate}`);
const noRecovery = literal(`${joined(documentCacheState)}.CacheAheadRecoveryRequired is NULL. ${recreate}`);

/**
 * Checks that a database completed for this schema still has the rows that a server binds its state to (design 16
 * §5.1).
 */
const completedDatabase = lines`
  ${refuseWhen(isMissing(dataStoreIdentity), missing(joined(dataStoreIdentity)))}
  IF refusal IS NULL THEN
      SELECT i."SourceIdentity" INTO source_identity
      FROM ${dataStoreIdentity} AS i
      WHERE i."DataStoreIdentitySingletonId" = 1;
      IF NOT FOUND THEN
          refusal := ${missingRow(dataStoreIdentity)};
      ELSIF source_identity = '00000000-0000-0000-0000-000000000000' THEN
          refusal := ${zeroIdentity};
      END IF;
  END IF;
  ${refuseWhen(isMissing(documentCacheState), missing(joined(documentCacheState)))}
  IF refusal IS NULL THEN
      SELECT s."ProjectionLifecycleState", s."CacheAheadRecoveryRequired" INTO state, recovery_required
      FROM ${documentCacheState} AS s
      WHERE s."StateId" = 1;
      IF NOT FOUND THEN
          refusal := ${missingRow(documentCacheState)};
      ELSIF state IS NULL OR state <> ALL (ARRAY[${literals(lifecycleStates)}]) THEN
          refusal := pg_catalog.format(${unknownState}, state);
      ELSIF recovery_required IS NULL THEN
          refusal := ${noRecovery};
      END IF;
  END IF;`;

/** The condition that a database has a trace. */
export const traceConditions: Readonly<Record<TracePlace['kind'], (trace: TracePlace) => PlainLines>> = {
  table: ({ table }) => lines`pg_catalog.to_regclass(${nameLiteral(table)}) IS NOT NULL`,
  column: ({ table, name }) => lines`
    EXISTS (
        SELECT 1 FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = pg_catalog.to_regclass(${nameLiteral(table)}) AND a.attname = ${literal(name)} AND NOT a.attisdropped
    )`,
  index: ({ table: { schema }, name }) => lines`pg_catalog.to_regclass(${nameLiteral({ schema, name })}) IS NOT NULL`,
  foreignKey: ({ table, name }) => lines`
    EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint AS k
        WHERE k.conrelid = pg_catalog.to_regclass(${nameLiteral(table)}) AND k.conname = ${literal(name)}
    )`,
};

/** Refuses traces of another layout or shape, which no later script removes (design 16 §5.1). */
const otherLayout = (shape: readonly LayoutTrace[]) =>
  group(
    ...[...layoutTraces, ...shape].map((trace) => refuseWhen(traceConditions[trace.kind](trace), literal(trace.text))),
  );

/** A column of a membership `m` that only newer server versions have. */
const option = (name: PlainSql, byDefault: PlainSql) =>
  sql`coalesce((pg_catalog.to_jsonb(m) ->> ${name})::boolean, ${byDefault})`;

const sets = option(sql`'set_option'`, sql`true`);

/** The options that the script grants; before PostgreSQL 16 every membership is sufficient. */
const isGranted = sql`NOT m.admin_option AND ${sets} AND NOT ${option(sql`'inherit_option'`, sql`false`)}`;
const isCreators = sql`m.admin_option AND NOT ${sets} AND NOT ${option(sql`'inherit_option'`, sql`true`)}`;

/** The condition that a user is a member of the role in a way. */
const isMember = (user: PlainSql, way: PlainSql | PlainLines) => lines`
  EXISTS (
      SELECT 1 FROM pg_catalog.pg_auth_members AS m
      WHERE m.roleid = owner_role.oid
          AND m.member = (SELECT u.oid FROM pg_catalog.pg_roles AS u WHERE u.rolname = ${user})
          ${way}
  )`;

/**
 * The role that owns functions must exist exactly as the script would create it, or the session must be able to create
 * it. The session must be a member with the exact options that the script needs (design 16 §2.6). The options of a
 * membership exist since PostgreSQL 16.
 *
 * @param user the expression of the user
 */
function roleChecks({ name }: Pick<OwnerRole, 'name'>, user: PlainSql = sql`current_user`): PlainLines {
  const message = (words: string) => literal(words.replaceAll('@', name));
  const uncreated = message(
    'The role @ does not exist, and %I may not create it. Provision once as a superuser or as a role with CREATEROLE.',
  );
  const withRights = message(
    'The role @ has rights of its own. Make it NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS.',
  );
  const isMemberItself = message('The role @ is a member of other roles. Revoke these memberships.');
  const otherOptions = message(
    '%I is a member of the role @ with other options than SET TRUE, INHERIT FALSE, ADMIN FALSE. Revoke the membership and grant it with these.',
  );
  const noMember = message(
    `%I${noMembership}. Grant it: GRANT @ TO %I WITH SET TRUE, INHERIT FALSE, ADMIN FALSE (PostgreSQL 16 and later) or GRANT @ TO %I.`,
  );
  return lines`
    SELECT * INTO session_role FROM pg_catalog.pg_roles AS u WHERE u.rolname = ${user};
    SELECT * INTO owner_role FROM pg_catalog.pg_roles AS u WHERE u.rolname = ${literal(name)};
    ${refuseWhen(
      sql`owner_role.oid IS NULL AND NOT session_role.rolsuper AND NOT session_role.rolcreaterole`,
      sql`pg_catalog.format(${uncreated}, ${user})`,
    )}
    IF refusal IS NULL AND owner_role.oid IS NOT NULL THEN
        IF owner_role.rolcanlogin
            OR owner_role.rolinherit
            OR owner_role.rolsuper
            OR owner_role.rolcreatedb
            OR owner_role.rolcreaterole
            OR owner_role.rolreplication
            OR owner_role.rolbypassrls THEN
            refusal := ${withRights};
        ELSIF EXISTS (SELECT 1 FROM pg_catalog.pg_auth_members AS m WHERE m.member = owner_role.oid) THEN
            refusal := ${isMemberItself};
        ELSIF ${isMember(
          user,
          lines`
          AND NOT (${isGranted})
          AND NOT (${isCreators})`,
        )} AND version >= 160000 THEN
            refusal := pg_catalog.format(${otherOptions}, ${user});
        ELSIF NOT session_role.rolsuper AND NOT ${isMember(user, sql`AND (version < 160000 OR ${isGranted})`)} THEN
            refusal := pg_catalog.format(${noMember}, ${user}, ${user}, ${user});
        END IF;
    END IF;`;
}

/** The words of the refusal of a user who is not a member; `@` is the role. */
const noMembership = ' is not a member of the role @';

/** Statements that create the role of a script before the script runs (design 16 §2.6), in one transaction. */
export interface OwnerRoleTexts {
  /** Checks whether the guards of the script would refuse the role. */
  readonly check: PlainSql;
  /** A query with one row: `refusal`, empty if the guards would accept the role. */
  readonly refusal: PlainSql;
  /** Whether a refusal is about a membership that is missing, which a `GRANT` gives. */
  isOfNoMember(refusal: string): boolean;
  /** Creates the role if it is missing, and makes the session a member. */
  readonly create: PlainSql;
}

/**
 * The texts for a role that owns functions: the statements of the script, for a transaction of their own.
 *
 * @param user the role that is checked; by default that of the session
 */
export const ownerRoleTexts = (role: Pick<OwnerRole, 'name'>, user?: string): OwnerRoleTexts => ({
  check: text(pgsqlRoleGuard(role, user === undefined ? undefined : literal(user))),
  refusal: sql`SELECT pg_catalog.current_setting('dms.refusal') AS refusal`,
  isOfNoMember: (refusal) => refusal.includes(noMembership.replaceAll('@', role.name)),
  create: text(createOwnerRole(role)),
});

/** Runs the checks of the guards on the role, and leaves the refusal in `dms.refusal` until the transaction ends. */
const pgsqlRoleGuard = (role: Pick<OwnerRole, 'name'>, user: PlainSql | undefined) =>
  anonymousBlock(
    lines`
      refusal text;
      ${roleDeclarations}`,
    lines`
      ${roleChecks(role, user)}
      PERFORM pg_catalog.set_config('dms.refusal', coalesce(refusal, ''), true);`,
  );
