import { fail } from '@dms/diagnostics';
import type { Connection, Pooler, Purpose } from './connection.ts';
import { queueOfWork } from './queue-of-work.ts';
import { expectSettings, localSettings } from './session-settings.ts';

/*
 * A session behind a pooler that gives it another connection of the server for each transaction (pgbouncer in
 * transaction mode). What a session keeps there belongs to whoever gets the connection next (design 09 §1.5).
 */

/** Statements that are not allowed in a transaction, and depend on no setting. */
const outside = /^\s*(?:CREATE|DROP)\s+DATABASE\b/i;

/** The settings of a session that this transaction does not take from the connection that it got. */
function opening(purpose: Purpose | undefined, more: Iterable<string>): string[] {
  // a transaction for reading has begun with a level of its own
  const level = purpose === 'reading' ? [] : ['SET TRANSACTION ISOLATION LEVEL READ COMMITTED'];
  return [...level, ...localSettings, ...more];
}

/** How a transaction begins, and how it ends with a commit or a rollback. */
interface Frame {
  readonly begin: () => Promise<void>;
  readonly end: (ending: () => Promise<void>) => Promise<void>;
}

async function inOwnTransaction<Result>(
  { commit, rollback }: Pick<Connection, 'commit' | 'rollback'>,
  { begin, end }: Frame,
  work: () => Promise<Result>,
): Promise<Result> {
  await begin();
  let result: Result;
  try {
    result = await work();
  } catch (error) {
    await end(rollback);
    throw error;
  }
  await end(commit);
  return result;
}

/**
 * A session that leaves nothing behind: every statement runs in a transaction with settings of its own, and no
 * statement has a name. `onProcess` gets the process of the server that works on a transaction, and null after it.
 * Statements outside a transaction run one after another, each in a transaction of its own.
 */
export function pooledConnection(session: Connection, onProcess: (process: number | null) => void): Connection {
  const more = new Set<string>();
  let process: number | null = null;
  let isOpen = false;
  const inTurn = queueOfWork();
  const worksIn = (found: number | null) => {
    process = found;
    onProcess(found);
  };

  const begin = async (purpose?: Purpose) => {
    await session.begin(purpose);
    try {
      await expectSettings(session, async () => {
        const results = await session.queryEach([...opening(purpose, more), 'SELECT pg_backend_pid() AS pid']);
        worksIn((results.at(-1)?.[0] as { readonly pid: number } | undefined)?.pid ?? null);
      });
    } catch (error) {
      await session.rollback();
      throw error;
    }
  };
  const end = async (ending: () => Promise<void>) => {
    try {
      await ending();
    } finally {
      worksIn(null);
    }
  };
  const ended = (ending: () => Promise<void>) => {
    isOpen = false;
    return inTurn(() => end(ending));
  };
  const run = <Result>(work: () => Promise<Result>): Promise<Result> =>
    isOpen ? work() : inTurn(() => inOwnTransaction(session, { begin, end }, work));

  const pooler: Pooler = {
    process: () => process,
    addLocalSettings: (text) => {
      more.add(text);
      return () => void more.delete(text);
    },
  };
  const { copyIn } = session;
  return {
    ...session,
    pooler,
    // a pooler may not have a second connection for the same client, and may get it from another server
    exportSnapshot: undefined,
    execute: (text, limits) => {
      const work = () => session.execute(text, limits);
      return outside.test(text) ? inTurn(work) : run(work);
    },
    query: (text, parameters, limits) => run(() => session.query(text, parameters, limits)),
    queryEach: (texts, limits) => run(() => session.queryEach(texts, limits)),
    queryAll: (statements, limits) => {
      const nameless = statements.map((statement) => ({ ...statement, name: undefined }));
      return run(() => session.queryAll(nameless, limits));
    },
    ...(copyIn ? { copyIn: (text, rows, limits) => run(() => copyIn(text, rows, limits)) } : {}),
    begin: (purpose) =>
      inTurn(async () => {
        await begin(purpose);
        isOpen = true;
      }),
    commit: () => ended(session.commit),
    rollback: () => ended(session.rollback),
  };
}

/**
 * Refuses a session behind a pooler, for work that needs one session of the server from beginning to end. Throws
 * `DB_POOLER`; `work` names what needs it, as the subject of a sentence.
 */
export function expectOwnSession({ label, pooler }: Pick<Connection, 'label' | 'pooler'>, work: string): void {
  if (pooler === undefined) return;
  const text = `${label}: a pooler answers in place of the server. ${work} needs a session of the server from beginning to end. Nothing was changed. Connect to the server itself.`;
  fail('DB_POOLER', text, {}, { label });
}
