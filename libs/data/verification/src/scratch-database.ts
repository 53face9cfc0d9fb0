import { randomBytes } from 'node:crypto';
import {
  type Connection,
  createDatabase,
  type DatabaseTarget,
  databasesLike,
  dropDatabase,
  type EmbeddedTarget,
  expectOwnSession,
  healthFindings,
  inDatabase,
  inSession,
  type Open,
  type OpenOptions,
  openDatabase,
  type ServerTarget,
  startServer,
  type Target,
} from '@dms/databases';
import { type Diagnostic, DmsError, diagnostic, fail } from '@dms/diagnostics';
import { inTemporaryFolder } from '@dms/files';
import type { SqlDialect } from '@dms/sql';

/** An empty database for one verification. */
export interface ScratchDatabase {
  readonly target: ServerTarget | EmbeddedTarget;
  readonly connection: Connection;
  /** The folder with the data of an embedded database; undefined on a server. */
  readonly place?: string | undefined;
  /** Texts that must not appear in a report, because they reveal the location of the database (design 09 §1.3). */
  readonly names: readonly string[];
}

export interface ScratchOptions extends OpenOptions {
  /** Does not drop the database on the server. */
  readonly keep?: boolean | undefined;
  /** Name of the database, instead of a random one; it must not exist. */
  readonly scratchDatabase?: string | undefined;
  readonly maintenanceDatabase?: string | undefined;
  /** Opens a session; tests replace it. */
  readonly open?: Open | undefined;
  /** Receives facts for the user that are in no report, such as names of databases. */
  readonly onNotice?: ((notice: Diagnostic) => void) | undefined;
  /** Receives the name of a database that is kept. */
  readonly onKept?: ((name: string) => void) | undefined;
}

const prefix = 'dms_verify_';

/** Throws findings about server settings that prevent triggers from working, and reports the warnings to `onNotice`. */
async function expectUsable(connection: Connection, onNotice: ScratchOptions['onNotice']): Promise<void> {
  const findings = await healthFindings(connection, 'scratch');
  const [first, ...others] = findings.filter((finding) => finding.class !== 'W');
  if (first !== undefined) throw new DmsError([first, ...others]);
  for (const finding of findings) onNotice?.(finding);
}

/** Opens sessions that keep their functions and prepared statements from one transaction to the next. */
const ofOwnSessions =
  (open: Open): Open =>
  async (target, options) => {
    const connection = await open(target, options);
    try {
      expectOwnSession(connection, 'A verification');
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  };

async function onServer<Result>(
  target: ServerTarget,
  options: ScratchOptions,
  work: (scratch: ScratchDatabase) => Promise<Result>,
): Promise<Result> {
  const { keep = false, scratchDatabase, maintenanceDatabase, onNotice, onKept, ...rest } = options;
  const open = ofOwnSessions(options.open ?? openDatabase);
  const serverOptions = { ...rest, open, maintenanceDatabase };
  const leftovers = await databasesLike(target, prefix, serverOptions);
  if (leftovers.length > 0) {
    const text = `The server has databases of verifications that were killed or still run: ${leftovers.join(', ')}. Drop those that nobody uses.`;
    onNotice?.(diagnostic('VERIFY_LEFTOVER', text, {}, { databases: leftovers }));
  }
  const name = scratchDatabase ?? `${prefix}${randomBytes(6).toString('hex')}`;
  const scratch = inDatabase(target, name);
  if (!(await createDatabase(scratch, open, { ...rest, maintenanceDatabase }))) {
    const text = `The database ${name} exists. Verification works in a database of its own: name another one.`;
    fail('DB_OPTION_VALUE', text, {}, { key: 'scratch-database' });
  }
  try {
    return await inSession(open(scratch, rest), async (connection) => {
      await expectUsable(connection, onNotice);
      const { host, port } = target;
      return work({ target: scratch, connection, names: [connection.label, name, `${host}:${port}`] });
    });
  } finally {
    // the database of a cancelled task is dropped too
    if (keep) onKept?.(name);
    else await dropDatabase(scratch, { ...serverOptions, signal: undefined });
  }
}

/** The reason why a database cannot be kept, for targets that are not an existing server. */
const endsWithRun: Readonly<Record<Exclude<Target['kind'], 'server'>, string>> = {
  static: 'Without a server there is no database',
  embedded: 'The database of the embedded engine is in a temporary folder and ends with the run',
  embeddedServer: 'The server is started for the run and ends with it',
  container: 'The container is started for the run and ends with it',
};

/** Throws `DB_OPTION_VALUE` if a database is to be kept or to have a name, and the engine supports neither. */
export function expectKept({ kind }: Target, { keep = false, scratchDatabase }: ScratchOptions): void {
  if (kind === 'server') return;
  const isNameless = (kind === 'embedded' || kind === 'static') && scratchDatabase !== undefined;
  const key = keep ? 'keep' : isNameless ? 'scratch-database' : null;
  if (key === null) return;
  const what = key === 'keep' ? 'so --keep keeps nothing' : 'so it has no name';
  const text = `${endsWithRun[kind]}, ${what}. Name a server that stays, or leave --${key} out.`;
  fail('DB_OPTION_VALUE', text, {}, { key });
}

/**
 * Gives `work` an empty database of the kind of a target and removes it afterwards in all cases: a separate database on
 * a server, or the embedded engine in a temporary folder, even if the target is a folder (design 09b §2.1). With `place`,
 * the embedded engine opens that folder instead. Throws `DB_OPTION_VALUE` for a name that is taken, and if a database
 * is to be kept that ends with the run; `DB_POOLER`, `OUTPUT_*`, and the codes of the connection.
 */
export async function withScratchDatabase<Result>(
  target: DatabaseTarget,
  options: ScratchOptions,
  work: (scratch: ScratchDatabase) => Promise<Result>,
): Promise<Result> {
  expectKept(target, options);
  switch (target.kind) {
    case 'server':
      return onServer(target, options, work);
    case 'embeddedServer':
    case 'container': {
      const server = await startServer(target, options);
      try {
        return await onServer(server.target, options, work);
      } finally {
        await server.stop();
      }
    }
    case 'embedded':
      return options.place === undefined
        ? inPlace((place) => embedded(target.dialect, options, place, work))
        : embedded(target.dialect, options, options.place, work);
  }
}

/** Runs `work` with a temporary folder for an embedded database; in memory, the files of all databases add up. */
export const inPlace = <Result>(work: (place: string) => Promise<Result>): Promise<Result> =>
  inTemporaryFolder('dms-verify-', work);

function embedded<Result>(
  dialect: SqlDialect & 'pgsql',
  { open = openDatabase, signal, load }: ScratchOptions,
  place: string,
  work: (scratch: ScratchDatabase) => Promise<Result>,
): Promise<Result> {
  const target: EmbeddedTarget = { kind: 'embedded', dialect, folder: null };
  return inSession(open(target, { signal, load, place }), (connection) =>
    work({ target, connection, place, names: [connection.label] }),
  );
}
