import { openSession } from './postgres.ts';
import { serverUrl } from './postgres-of-run.ts';

/** Facts that tests must not take for granted, because `DMS_TEST_PGSQL_URL` can name any server. */
export interface ServerOfRun {
  /** The major version of PostgreSQL. */
  readonly version: number;
  /** Whether the server refuses a wrong password; with `trust` it accepts any. */
  readonly asksForPassword: boolean;
}

let facts: Promise<ServerOfRun> | undefined;

async function read(): Promise<ServerOfRun> {
  const url = await serverUrl();
  const session = await openSession(url);
  const [[number] = []] = await session
    .queryRows("SELECT current_setting('server_version_num')")
    .finally(() => session.close());
  const wrong = new URL(url);
  wrong.password = 'another';
  const asksForPassword = await openSession(wrong.href).then(
    async (opened) => {
      await opened.close();
      return false;
    },
    () => true,
  );
  return { version: Math.floor(Number(number) / 10_000), asksForPassword };
}

/** The facts of the server that tests use; it is started and queried once. */
export function serverFacts(): Promise<ServerOfRun> {
  facts ??= read();
  return facts;
}

/** The name of a test with the version that it needs; runs count skipped tests by it. */
export const needingVersion = (words: string, since: number): string => `${words} (needs PostgreSQL ${since})`;
