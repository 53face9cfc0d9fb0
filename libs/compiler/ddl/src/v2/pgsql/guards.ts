import { lifecycleStates, type OwnerRole } from '@dms/catalog';
import { coreV2, type DbTableName, qualified as joined } from '@dms/model';
import { SqlWriter } from '@dms/sql';
import type { Expectation } from '../../ddl-generation.ts';
import { anonymousBlock, readStoredHash } from '../../pgsql/anonymous-block.ts';
import { literal, q, qualified } from '../../pgsql/body-text.ts';
import { createOwnerRole } from '../../pgsql/owner-role.ts';
import { enclosed, indented } from '../../statement-lines.ts';
import { type LayoutTrace, layoutTraces, recreate, shapeTraces } from '../singletons.ts';

/** The setting that passes a refusal from one statement to the next. */
const refusalSetting = literal('dms.refusal');

const roleDeclarations = [
  "version integer := pg_catalog.current_setting('server_version_num')::integer;",
  'session_role record;',
  'owner_role record;',
];

/**
 * Refuses before any change: a database of another schema set, a database that lost its singletons, a database of
 * another layout, and a session that could not create or use the owner role (design 16 §5.1).
 */
export function pgsqlGuardsV2(writer: SqlWriter, { effectiveSchemaHash: hash, ownerRole }: Expectation): void {
  // a client that continues after the refusal must do no damage: the first block disarms the session. It is a separate
  // statement, so that the setting is committed before the second block fails
  anonymousBlock(
    writer,
    [
      'refusal text;',
      'stored_hash text;',
      'source_identity uuid;',
      'state text;',
      'recovery_required boolean;',
      ...roleDeclarations,
    ],
    [
      ...readStoredHash([
        `IF stored_hash <> ${literal(hash)} THEN`,
        `    refusal := pg_catalog.format('EffectiveSchemaHash mismatch: database has ''%s'' but expected ''%s''', stored_hash, ${literal(hash)});`,
        'ELSIF stored_hash IS NOT NULL THEN',
        ...indented(completedDatabase()),
        'END IF;',
      ]),
      ...otherLayout(),
      ...(ownerRole ? roleChecks(ownerRole) : []),
      `PERFORM pg_catalog.set_config(${refusalSetting}, coalesce(refusal, ''), false);`,
      'IF refusal IS NOT NULL THEN',
      "    PERFORM pg_catalog.set_config('default_transaction_read_only', 'on', false);",
      'END IF;',
    ],
  );
  anonymousBlock(
    writer,
    [`refusal text := pg_catalog.current_setting(${refusalSetting});`],
    ["IF refusal <> '' THEN", "    RAISE EXCEPTION '%', refusal;", 'END IF;'],
  );
}

/**
 * Checks that a database completed for this schema still has the rows that a server binds its state to (design 16
 * §5.1).
 */
function completedDatabase(): string[] {
  const { dataStoreIdentity, documentCacheState } = coreV2;
  const row = (table: DbTableName) => `The row of ${joined(table)}`;
  return [
    ...refuseWhen(isMissing(dataStoreIdentity), missing(joined(dataStoreIdentity))),
    ...unlessRefused([
      `SELECT i.${q('SourceIdentity')} INTO source_identity`,
      `FROM ${qualified(dataStoreIdentity)} AS i`,
      `WHERE i.${q('DataStoreIdentitySingletonId')} = 1;`,
      'IF NOT FOUND THEN',
      `    refusal := ${missing(row(dataStoreIdentity))};`,
      `ELSIF source_identity = ${literal('00000000-0000-0000-0000-000000000000')} THEN`,
      `    refusal := ${literal(`${joined(dataStoreIdentity)}.SourceIdentity is zero. ${recreate}`)};`,
      'END IF;',
    ]),
    ...refuseWhen(isMissing(documentCacheState), missing(joined(documentCacheState))),
    ...unlessRefused([
      `SELECT s.${q('ProjectionLifecycleState')}, s.${q('CacheAheadRecoveryRequired')} INTO state, recovery_required`,
      `FROM ${qualified(documentCacheState)} AS s`,
      `WHERE s.${q('StateId')} = 1;`,
      'IF NOT FOUND THEN',
      `    refusal := ${missing(row(documentCacheState))};`,
      `ELSIF state IS NULL OR state <> ALL (ARRAY[${lifecycleStates.map(literal).join(', ')}]) THEN`,
      `    refusal := pg_catalog.format(${literal(`${joined(documentCacheState)}.ProjectionLifecycleState is %L. ${recreate}`)}, state);`,
      'ELSIF recovery_required IS NULL THEN',
      `    refusal := ${literal(`${joined(documentCacheState)}.CacheAheadRecoveryRequired is NULL. ${recreate}`)};`,
      'END IF;',
    ]),
  ];
}

/** Sets `refusal` if it is not set yet and the condition holds. `text` is an expression. */
const refuseWhen = (condition: readonly string[], text: string) => [
  ...enclosed('IF refusal IS NULL AND (', condition, ') THEN'),
  `    refusal := ${text};`,
  'END IF;',
];

const isMissing = (table: DbTableName) => [`pg_catalog.to_regclass(${literal(qualified(table))}) IS NULL`];

const missing = (what: string) => literal(`${what} is missing. ${recreate}`);

/** Runs `statements` unless the database is already refused. */
const unlessRefused = (statements: readonly string[]) => [
  'IF refusal IS NULL THEN',
  ...indented(statements),
  'END IF;',
];

/** Refuses traces of another layout or shape, which no later script removes (design 16 §5.1). */
const otherLayout = (): string[] =>
  [...layoutTraces, ...shapeTraces].flatMap((found) => refuseWhen(conditions[found.kind](found), literal(found.text)));

const regclass = (table: DbTableName) => `pg_catalog.to_regclass(${literal(qualified(table))})`;

/** The condition that a database has a trace. */
const conditions: Readonly<Record<LayoutTrace['kind'], (trace: LayoutTrace) => readonly string[]>> = {
  column: ({ table, name }) => [
    'EXISTS (',
    ...indented([
      'SELECT 1 FROM pg_catalog.pg_attribute AS a',
      `WHERE a.attrelid = ${regclass(table)} AND a.attname = ${literal(name)} AND NOT a.attisdropped`,
    ]),
    ')',
  ],
  index: ({ table: { schema }, name }) => [`${regclass({ schema, name })} IS NOT NULL`],
  foreignKey: ({ table, name }) => [
    'EXISTS (',
    ...indented([
      'SELECT 1 FROM pg_catalog.pg_constraint AS k',
      `WHERE k.conrelid = ${regclass(table)} AND k.conname = ${literal(name)}`,
    ]),
    ')',
  ],
};

/**
 * The role that owns functions must exist exactly as the script would create it, or the session must be able to create
 * it. The session must be a member with the exact options that the script needs (design 16 §2.6). The options of a
 * membership exist since PostgreSQL 16.
 */
function roleChecks({ name }: Pick<OwnerRole, 'name'>): string[] {
  const role = literal(name);
  const membership = [
    'SELECT 1 FROM pg_catalog.pg_auth_members AS m',
    'WHERE m.roleid = owner_role.oid',
    '    AND m.member = (SELECT u.oid FROM pg_catalog.pg_roles AS u WHERE u.rolname = current_user)',
  ];
  // the options that the script grants; before PostgreSQL 16 every membership is sufficient
  const isGranted = `NOT m.admin_option AND ${option('set_option')}true) AND NOT ${option('inherit_option')}false)`;
  const isCreators = `m.admin_option AND NOT ${option('set_option')}true) AND NOT ${option('inherit_option')}true)`;
  const exists = (also: readonly string[]) => ['EXISTS (', ...indented([...membership, ...also]), ')'];
  const text = (words: string) => literal(words.replaceAll('@', name));
  return [
    'SELECT * INTO session_role FROM pg_catalog.pg_roles AS u WHERE u.rolname = current_user;',
    `SELECT * INTO owner_role FROM pg_catalog.pg_roles AS u WHERE u.rolname = ${role};`,
    ...refuseWhen(
      ['owner_role.oid IS NULL AND NOT session_role.rolsuper AND NOT session_role.rolcreaterole'],
      `pg_catalog.format(${text('The role @ does not exist, and %I may not create it. Provision once as a superuser or as a role with CREATEROLE.')}, current_user)`,
    ),
    'IF refusal IS NULL AND owner_role.oid IS NOT NULL THEN',
    ...indented([
      ...enclosed(
        'IF ',
        ['rolcanlogin', 'rolinherit', 'rolsuper', 'rolcreatedb', 'rolcreaterole', 'rolreplication', 'rolbypassrls'].map(
          (flag, index) => `${index === 0 ? '' : '    OR '}owner_role.${flag}`,
        ),
        ' THEN',
      ),
      `    refusal := ${text('The role @ has rights of its own. Make it NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS.')};`,
      'ELSIF EXISTS (SELECT 1 FROM pg_catalog.pg_auth_members AS m WHERE m.member = owner_role.oid) THEN',
      `    refusal := ${text('The role @ is a member of other roles. Revoke these memberships.')};`,
      ...enclosed(
        'ELSIF ',
        exists([`    AND NOT (${isGranted})`, `    AND NOT (${isCreators})`]),
        ' AND version >= 160000 THEN',
      ),
      `    refusal := pg_catalog.format(${text('%I is a member of the role @ with other options than SET TRUE, INHERIT FALSE, ADMIN FALSE. Revoke the membership and grant it with these.')}, current_user);`,
      ...enclosed(
        'ELSIF NOT session_role.rolsuper AND NOT ',
        exists([`    AND (version < 160000 OR ${isGranted})`]),
        ' THEN',
      ),
      `    refusal := pg_catalog.format(${text('%I is not a member of the role @. Grant it: GRANT @ TO %I WITH SET TRUE, INHERIT FALSE, ADMIN FALSE (PostgreSQL 16 and later) or GRANT @ TO %I.')}, current_user, current_user, current_user);`,
      'END IF;',
    ]),
    'END IF;',
  ];
}

/** A column of `m` that only newer server versions have, with the head of its default. */
const option = (name: string) => `coalesce((pg_catalog.to_jsonb(m) ->> ${literal(name)})::boolean, `;

/** Statements that create the role of a script before the script runs (design 16 §2.6), in one transaction. */
export interface OwnerRoleTexts {
  /** Checks whether the guards of the script would refuse the role. */
  readonly check: string;
  /** A query with one row: `refusal`, empty if the guards would accept the role. */
  readonly refusal: string;
  /** Creates the role if it is missing, and makes the session a member. */
  readonly create: string;
}

/** The texts for a role that owns functions: the statements of the script, for a transaction of their own. */
export function ownerRoleTexts(role: Pick<OwnerRole, 'name'>): OwnerRoleTexts {
  return {
    check: written((writer) => pgsqlRoleGuard(writer, role)),
    refusal: `SELECT pg_catalog.current_setting(${refusalSetting}) AS refusal`,
    create: written((writer) => createOwnerRole(writer, role)),
  };
}

function written(write: (writer: SqlWriter) => void): string {
  const writer = new SqlWriter();
  write(writer);
  return writer.text();
}

/** Runs the checks of the guards on the role, and leaves the refusal in `refusalSetting` until the transaction ends. */
function pgsqlRoleGuard(writer: SqlWriter, role: Pick<OwnerRole, 'name'>): void {
  anonymousBlock(
    writer,
    ['refusal text;', ...roleDeclarations],
    [...roleChecks(role), `PERFORM pg_catalog.set_config(${refusalSetting}, coalesce(refusal, ''), true);`],
  );
}
