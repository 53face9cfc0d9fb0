import {
  type Cut,
  type CuttingProxy,
  copyOfDatabase,
  cuttingProxy,
  openSession,
  type PostgresDatabase,
} from '@dms/testing';
import { expect } from 'vitest';
import { ran } from './ran.ts';

/** A command that writes to a database. */
export interface WritingCommand {
  /** The database before the command, without open sessions. */
  readonly before: PostgresDatabase;
  readonly args: (url: string) => readonly string[];
  /** A query for the number of documents, if the message must state it. */
  readonly documents?: string;
}

const catalogQuery = `SELECT string_agg(line, E'\\n' ORDER BY line) AS catalog FROM (
  SELECT format('%s %s.%s', relkind, n.nspname, relname) AS line FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
  UNION ALL SELECT format('column %s.%s', attrelid::regclass, attname) FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped
  UNION ALL SELECT format('function %s %s', p.oid::regprocedure, md5(prosrc)) FROM pg_proc p
  UNION ALL SELECT format('trigger %s %s %s', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT format('constraint %s %s', conrelid::regclass, conname) FROM pg_constraint
  UNION ALL SELECT format('comment %s %s %s', objoid, objsubid, md5(description)) FROM pg_description WHERE objoid >= 16384
) AS lines WHERE line !~ ' pg_(toast|temp|catalog)'`;

/** Everything that a command could have changed, as text; numbers taken from sequences do not count as changes. */
export async function stateOf(url: string): Promise<string> {
  const session = await openSession(url);
  try {
    const tables = await session.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)' ORDER BY 1`,
    );
    const parts = tables.map(
      ({ name }) =>
        `SELECT '${name.replaceAll("'", "''")} ' || coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') AS part FROM ${name} t`,
    );
    const rows = parts.length === 0 ? [] : await session.query<{ part: string }>(parts.join('\nUNION ALL '));
    const [found] = await session.query<{ catalog: string }>(catalogQuery);
    return [found?.catalog ?? '', ...rows.map(({ part }) => part).sort()].join('\n');
  } finally {
    await session.close();
  }
}

async function countOf(url: string, query: string): Promise<number> {
  const session = await openSession(url);
  try {
    return Number((await session.query<{ n: number }>(query))[0]?.n);
  } finally {
    await session.close();
  }
}

const isUnchanged = /nothing was changed/i;
/** The outcome of a commit is unknown if its answer was lost. */
const isUnknown = /may have been done|_COMMIT_UNKNOWN/;
const isKept =
  /Written before that and kept|is prepared in part|Removed before that|rows are repaired|database is (?:provisioned|changed)/;

/** The wrong sentences in the messages of a failed run; empty if all are right. */
function wrongSentences(said: string, isChanged: boolean): string[] {
  const [unchanged, unknown, kept] = [isUnchanged, isUnknown, isKept].map((pattern) => pattern.test(said));
  return [
    ...(unchanged && isChanged ? ['says that nothing was changed'] : []),
    ...(isChanged && !kept && !unknown ? ['does not say what was done'] : []),
    ...(!isChanged && kept ? ['says that something was done'] : []),
    ...(!isChanged && !unchanged && !unknown ? ['does not say that nothing was changed'] : []),
    ...(isChanged && !/[Rr]un it again/.test(said) ? ['does not say how to go on'] : []),
  ];
}

/** Runs a command on a copy of its database through a proxy. */
async function throughProxy<Result>(
  { before, args }: WritingCommand,
  cut: Cut | null,
  look: (proxy: CuttingProxy, copy: PostgresDatabase, code: number, said: string) => Promise<Result>,
): Promise<Result> {
  const copy = await copyOfDatabase(before);
  const cancelled = new AbortController();
  const proxy = await cuttingProxy(copy.url, cut, () => cancelled.abort());
  try {
    const { code, err } = await ran(args(proxy.url), { signal: cancelled.signal });
    return await look(proxy, copy, code, err);
  } finally {
    await proxy.close();
    await copy.drop();
  }
}

/** The number of commits of the command if nothing ends it. */
export const commitsOf = (command: WritingCommand): Promise<number> =>
  throughProxy(command, null, async (proxy, _copy, code, said) => {
    expect([code, said.includes('error')]).toEqual([0, false]);
    return proxy.commits;
  });

const statesBefore = new WeakMap<PostgresDatabase, Promise<string>>();

/** The state of a database that nobody changes; read only once. */
function stateBefore(database: PostgresDatabase): Promise<string> {
  const state = statesBefore.get(database) ?? stateOf(database.url);
  statesBefore.set(database, state);
  return state;
}

/**
 * Ends a command in one way after a number of commits, and compares its messages with its database. Returns whether the
 * command failed; it may have continued after a failure that it may retry, or have been done already.
 */
export async function expectTruth(command: WritingCommand, cut: Cut): Promise<boolean> {
  const earlier = await stateBefore(command.before);
  return throughProxy(command, cut, async (proxy, copy, code, said) => {
    if (code === 0) return false;
    const isChanged = (await stateOf(copy.url)) !== earlier;
    const told = { ...cut, said, wrong: proxy.isCut ? wrongSentences(said, isChanged) : ['failed by itself'] };
    expect(told).toEqual({ ...told, wrong: [] });
    if (command.documents !== undefined && !isUnknown.test(said)) {
      const [, count = '0'] = /kept: (\d+) documents?/.exec(said) ?? [];
      expect([said, Number(count)]).toEqual([said, await countOf(copy.url, command.documents)]);
    }
    return true;
  });
}
