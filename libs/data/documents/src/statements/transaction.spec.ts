import { command, query, type Statement } from '@dms/databases';
import { dialectOf } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { ScriptedConnection } from '../../test/scripted-connection.ts';
import { Transaction } from './transaction.ts';

const { sql } = dialectOf.pgsql;
const ask: Statement = query(sql`ask`);
const write: Statement = command(sql`write`);

/** A connection that answers every statement that returns rows with its text. */
const connected = (dialect: 'pgsql' | 'mssql') => new ScriptedConnection(dialect, (text) => [{ text }]);

describe('a transaction on PostgreSQL', () => {
  it('begins with its first request and ends with its last', async () => {
    const connection = connected('pgsql');
    const transaction = new Transaction(connection);
    expect(await transaction.ask([ask, write])).toEqual([[{ text: 'ask' }]]);
    expect(await transaction.ask([ask])).toEqual([[{ text: 'ask' }]]);
    expect(await transaction.askAndCommit([write, ask])).toEqual([[{ text: 'ask' }]]);
    expect(connection.requests).toEqual([['BEGIN', 'ask', 'write'], ['ask'], ['write', 'ask', 'COMMIT']]);
  });

  it('takes a single request if all its statements fit into one', async () => {
    const connection = connected('pgsql');
    await new Transaction(connection).askAndCommit([ask]);
    expect(connection.requests).toEqual([['BEGIN', 'ask', 'COMMIT']]);
  });

  it('sees one snapshot if it only reads', async () => {
    const connection = connected('pgsql');
    const transaction = new Transaction(connection, 'reading');
    await transaction.ask([ask]);
    await transaction.askAndCommit([ask]);
    expect(connection.requests).toEqual([
      ['BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', 'ask'],
      ['ask', 'COMMIT'],
    ]);
  });
});

describe('a transaction on SQL Server', () => {
  it.each(['writing', 'reading'] as const)('is begun and ended by the driver: %s', async (purpose) => {
    const connection = connected('mssql');
    const transaction = new Transaction(connection, purpose);
    expect(await transaction.ask([ask])).toEqual([[{ text: 'ask' }]]);
    expect(await transaction.askAndCommit([write, ask])).toEqual([[{ text: 'ask' }]]);
    expect(connection.requests).toEqual([['begin'], ['ask'], ['write', 'ask'], ['commit']]);
  });
});

describe.each(['pgsql', 'mssql'] as const)('giving up on %s', (dialect) => {
  it('rolls back what was begun, once', async () => {
    const connection = connected(dialect);
    const transaction = new Transaction(connection);
    await transaction.ask([ask]);
    await transaction.rollback();
    await transaction.rollback();
    expect(connection.requests.filter(([text]) => text === 'rollback')).toHaveLength(1);
    expect(connection.requests.at(-1)).toEqual(['rollback']);
  });

  it('does nothing before the first request and after the last', async () => {
    const connection = connected(dialect);
    await new Transaction(connection).rollback();
    expect(connection.requests).toEqual([]);
    const transaction = new Transaction(connection);
    await transaction.askAndCommit([ask]);
    await transaction.rollback();
    expect(connection.requests.flat()).not.toContain('rollback');
  });

  it('rolls back after a refused request', async () => {
    const connection = new ScriptedConnection(dialect, () => {
      throw new Error('refused');
    });
    const transaction = new Transaction(connection);
    await expect(transaction.askAndCommit([ask])).rejects.toThrow('refused');
    await transaction.rollback();
    expect(connection.requests.at(-1)).toEqual(['rollback']);
    expect(connection.requests.flat()).not.toContain('commit');
  });
});
