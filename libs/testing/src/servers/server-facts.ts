import { openSession } from './postgres.ts';
import { serverUrl } from './postgres-of-run.ts';

/** What tests may not count on, because `DMS_TEST_PGSQL_URL` can name any server. */
export interface ServerFacts {
  /** The main version of PostgreSQL. */
  readonly version: number;
  /** Whether it refuses a wrong password; a server with `trust` takes any. */
  readonly asksForPassword: boolean;
}

let facts: Promise<ServerFacts> | undefined;

async function read(): Promise<ServerFacts> {
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

/** The facts of the server that tests use; it is started and asked once. */
export function serverFacts(): Promise<ServerFacts> {
  facts ??= read();
  return facts;
}

/** The name of a test with the version that it needs, by which a run counts what it skips. */
export const needingVersion = (words: string, since: number): string => `${words} (needs PostgreSQL ${since})`;
