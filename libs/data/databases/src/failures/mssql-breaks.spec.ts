import type { DmsError } from '@dms/diagnostics';
import { dialectOf, givenScript, trusted, value } from '@dms/sql';
import { brokenConnections, RecordedMssql } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../test/engines.ts';
import { parseTarget } from '../addressing/parse-target.ts';
import type { DatabaseTarget } from '../addressing/target.ts';
import type { Connection } from '../drivers/connection.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { query } from '../drivers/statement.ts';
import { changing, isCommitUnknown } from './early-end.ts';

/* A SQL Server connection that breaks, in every place and in every form that the driver reports (design 09 §1.7). */

const target = parseTarget('mssql://sa:geheim7@h:1444/d', 'mssql').target as DatabaseTarget;
const points = ['before', 'during', 'after'] as const;
const forms = Object.entries(brokenConnections);

const statement = (text: string) => query(dialectOf.mssql.sql`${trusted(text)}${value('1', 'bigint')}`);

/** Work during which the connection breaks, with the line of the recording at which it breaks. */
const works: Readonly<Record<string, readonly [line: RegExp, work: (connection: Connection) => Promise<unknown>]>> = {
  'a batch': [/^batch CREATE/, (connection) => connection.execute(givenScript('CREATE TABLE [s].[T] ([A] int NULL);'))],
  'a query': [/^query SELECT/, (connection) => connection.queryAll([statement('SELECT 1 AS [a] WHERE 1 = ')])],
  'a cursor': [
    /^(?:query|batch) .*sp_cursorfetch/,
    (connection) => connection.queryAll([statement('EXEC sys.sp_cursorfetch ')]),
  ],
  'a load in bulk': [
    /^query INSERT/,
    (connection) => connection.queryAll([statement('INSERT INTO [s].[T] ([A]) SELECT [A] FROM OPENJSON(')]),
  ],
};

async function broken(
  line: RegExp,
  point: (typeof points)[number],
  form: () => Error,
  work: (connection: Connection) => Promise<unknown>,
) {
  const recorded = new RecordedMssql();
  const connection = await openDatabase(target, { load: recorded.load, retryDelays: [] });
  await connection.begin();
  recorded.broken = form;
  recorded.breaks = (each) => (line.test(each) ? point : null);
  const error = (await failureOf(() => changing(() => work(connection)))) as DmsError;
  return { recorded, error };
}

describe.each(forms)('a connection that breaks (%s)', (_form, form) => {
  it.each(Object.keys(works).flatMap((name) => points.map((point) => [name, point] as const)))(
    'in %s, %s it, is lost, and nothing was changed',
    async (name, point) => {
      const [line, work] = works[name] ?? [/^$/, async () => undefined];
      const { error } = await broken(line, point, form, work);
      expect(error.code).toBe('DB_CONNECTION_LOST');
      expect(isCommitUnknown(error)).toBe(false);
      expect(error.message).toMatch(/Nothing was changed\.$/);
    },
  );

  it.each(points)('%s COMMIT leaves open whether something was changed', async (point) => {
    const { recorded, error } = await broken(/^commit$/, point, form, (connection) => connection.commit());
    expect(error.code).toBe('DB_CONNECTION_LOST');
    expect(isCommitUnknown(error)).toBe(true);
    expect(error.message).not.toContain('Nothing was changed');
    expect(error.message).toContain('may have been done');
    expect(recorded.done.includes('commit')).toBe(point === 'after');
  });
});

it('leaves open how a COMMIT ended that the driver no longer waits for', async () => {
  const form = () => Object.assign(new Error('Timeout: Request failed to complete in 15000ms'), { code: 'ETIMEOUT' });
  const { error } = await broken(/^commit$/, 'after', form, (connection) => connection.commit());
  expect([error.code, isCommitUnknown(error)]).toEqual(['DB_TIMEOUT', true]);
});
