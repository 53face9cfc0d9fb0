import { dialectOf, value } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import type { Connection } from './connection.ts';
import { command, query } from './statement.ts';

const { sql } = dialectOf.pgsql;

describe('statements in pieces', () => {
  it('have one more piece than parameters', () => {
    expect(query(sql`a b ${value(1)} c${value(null)}`)).toEqual({
      pieces: ['a b ', ' c', ''],
      parameters: [1, null],
      hasRows: true,
    });
    expect(query(sql`${value('x')}${value('y')}`)).toEqual({
      pieces: ['', '', ''],
      parameters: ['x', 'y'],
      hasRows: true,
    });
  });

  it('have the types of their parameters where one is known', () => {
    expect(query(sql`a ${value(1, 'bigint')}${value('x')}`)).toMatchObject({
      parameters: [1, 'x'],
      types: ['bigint', null],
    });
  });

  it('return rows or nothing', () => {
    expect(command(sql`a`)).toEqual({ pieces: ['a'], parameters: [], hasRows: false });
    expect(query(sql`a`)).toEqual({ pieces: ['a'], parameters: [], hasRows: true });
  });

  it('are never strings', () => {
    const refused = async ({ execute, query, queryEach }: Connection) => {
      // @ts-expect-error a string is not SQL
      await execute('SELECT 1');
      // @ts-expect-error a string is not SQL
      await query('SELECT 1');
      // @ts-expect-error a string is not SQL
      await queryEach(['SELECT 1']);
    };
    expect(refused).toBeTypeOf('function');
  });
});
