import type { Catalog } from '@dms/catalog';
import { type OwnerRoleTexts, ownerRoleTexts } from '@dms/ddl';
import { counted, type Diagnostic, diagnostic, fail, listOfNames } from '@dms/diagnostics';
import { dialectOf, dialectRules, join, trusted, value } from '@dms/sql';
import { type Connection, committed, type Limits } from '../drivers/connection.ts';
import { rowsOf, run } from '../drivers/statement.ts';
import { isCommitUnknown, withKept } from '../failures/early-end.ts';
import { driverCodeOf, isFailure } from '../failures/failure.ts';
import { endingAdvice, type NamedHolder } from '../failures/lock-holders.ts';
import { withRetries } from '../failures/retry.ts';
import { blockerWatch } from './blocking-sessions.ts';
import { type OnWaiting, provisioningDialects } from './provisioning-dialects.ts';

/** Milliseconds of waiting after which the blocking session is looked up. */
const lookDelay = 1_000;

/**
 * The codes if another session has granted the role to the same user meanwhile: a row of the cluster appeared or
 * changed during the statement.
 */
const grantedMeanwhile: readonly (string | null)[] = ['23505', 'XX000', '40001', '40P01'];

interface OwnerRoleOptions extends Limits {
  /** Opens another session of the database, which looks up the blocking session. */
  readonly open: () => Promise<Connection>;
  readonly onWaiting?: OnWaiting | undefined;
  /** Milliseconds; shorter in tests. */
  readonly delay?: number | undefined;
}

/**
 * Creates the roles that own functions, and makes the session a member of them, in a short transaction of its own
 * (design 16 §2.6). A role belongs to the cluster: created within the transaction of a script, it would keep the
 * provisioners of all other databases waiting until that commits. If another session holds the role, this one waits as
 * long as that session works. A role that the guards of the script refuse is left as it is: the script says why.
 * Returns the names of the new roles. Throws `PROVISION_LOCKED` if the other session is idle, and the `DB_*` codes.
 */
export async function createOwnerRoles(
  connection: Connection,
  { roles }: Pick<Catalog, 'roles'>,
  { open, onWaiting, delay = lookDelay, signal }: OwnerRoleOptions,
): Promise<readonly string[]> {
  // an embedded database is a cluster of its own
  if (roles.length === 0 || connection.engine === 'embedded') return [];
  const created: string[] = [];
  const seen: NamedHolder[] = [];
  for (const { name } of roles) {
    const onFound = (holders: readonly NamedHolder[]) => {
      const [first] = holders;
      if (first === undefined) return;
      seen.unshift(first);
      onWaiting?.(`${first.text}, which holds the role ${name}`);
    };
    const watch = await blockerWatch(connection, { delay, open, onFound });
    try {
      const isNew = await withRetries(
        () =>
          watch(
            () => committedRole(connection, name, ownerRoleTexts({ name }), { signal }),
            (error) => error,
          ),
        (error) => grantedMeanwhile.includes(driverCodeOf(error)) && 'at once',
        { signal },
      );
      if (isNew) created.push(name);
    } catch (error) {
      if (isFailure(error, 'DB_PERMISSION')) continue;
      if (!isFailure(error, 'DB_TIMEOUT')) throw error;
      const [holder = null] = seen;
      const session = holder?.text ?? 'unknown';
      const text = `${connection.label}: another session (${session}) holds the role ${name} and is idle. Nothing was changed. ${endingAdvice(holder)}, or try again when it has ended.`;
      fail('PROVISION_LOCKED', text, {}, { holder: session, role: name });
    }
  }
  return created;
}

/** Returns whether the role is new. */
async function committedRole(
  connection: Connection,
  name: string,
  texts: OwnerRoleTexts,
  limits: Limits,
): Promise<boolean> {
  const { sql } = dialectOf.pgsql;
  return committed(connection, async () => {
    // nobody waits behind this transaction, so it waits for as long as the other session works
    await run(connection, sql`SET LOCAL lock_timeout = 0;\n${texts.check}`, limits);
    const [found] = await rowsOf<{ refusal: string }>(connection, texts.refusal, limits);
    const known = await rowsOf(connection, sql`SELECT FROM pg_roles WHERE rolname = ${value(name)}`, limits);
    const isCreated = found?.refusal === '';
    if (isCreated) await run(connection, texts.create, limits);
    return isCreated && known.length === 0;
  });
}

/** Runs work after roles were created; a failure of the work says that the roles stay. */
export async function afterRoles<Result>(created: readonly string[], work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (created.length === 0) throw error;
    const text = `Created on the server by this run and left there: the role ${listOfNames(created)}.`;
    throw isCommitUnknown(error) ? withKept(error, text) : withKept(error, `${text} The database was not changed.`);
  }
}

/**
 * Lets everybody call the functions that are public in the catalog of a set. In PostgreSQL a new function has this
 * right, unless `ALTER DEFAULT PRIVILEGES … REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC` has taken it away for the role
 * that creates the function (design 09 §2.7); then writers of documents could not compute referential ids. SQL Server
 * has no such setting. Returns the warning `DB_DEFAULT_PRIVILEGES` if something was granted. Throws the `DB_*` codes.
 */
export async function grantExecute(
  connection: Connection,
  catalog: Catalog,
  limits: Limits = {},
): Promise<readonly Diagnostic[]> {
  if (catalog.schemas.length === 0) return [];
  const open = new Set(
    catalog.functions.filter(({ publicExecute }) => publicExecute).map(({ schema, name }) => `${schema}.${name}`),
  );
  const { closedFunctions } = provisioningDialects[connection.dialect];
  const closed = (await closedFunctions(connection, catalog.schemas, limits)).filter(({ schema, name }) =>
    open.has(`${schema}.${name}`),
  );
  const [first] = closed;
  if (first === undefined) return [];
  const { quote } = dialectRules[connection.dialect];
  const { sql } = dialectOf[connection.dialect];
  const named = closed.map(({ schema, name, signature }) => sql`${{ schema, name }}(${trusted(signature)})`);
  await run(connection, sql`GRANT EXECUTE ON FUNCTION ${join(named)} TO PUBLIC`, limits);
  const text = `${connection.label}: everybody was given the right to execute ${counted(closed.length, 'function')} of the schema set, which its triggers need. A setting of the role ${quote(first.owner)} or a REVOKE has taken it away; new functions get it where this was run: ALTER DEFAULT PRIVILEGES FOR ROLE ${quote(first.owner)} GRANT EXECUTE ON FUNCTIONS TO PUBLIC`;
  return [diagnostic('DB_DEFAULT_PRIVILEGES', text, {}, { functions: closed.length, role: first.owner })];
}
