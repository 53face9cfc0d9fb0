import { describe, expect, it } from 'vitest';
import { command, planStatement, query, value } from './statement.ts';

describe('statements in pieces', () => {
  it('have one more piece than parameters', () => {
    expect(query('a ', 'b ', value(1), ' c', value(null))).toEqual({
      pieces: ['a b ', ' c', ''],
      parameters: [1, null],
      hasRows: true,
    });
    expect(query(value('x'), value('y'))).toEqual({ pieces: ['', '', ''], parameters: ['x', 'y'], hasRows: true });
  });

  it('have the types of their parameters where one is known', () => {
    expect(query('a ', value(1, 'bigint'), value('x'))).toMatchObject({
      parameters: [1, 'x'],
      types: ['bigint', null],
    });
  });

  it('return rows or nothing', () => {
    expect(command('a')).toEqual({ pieces: ['a'], parameters: [], hasRows: false });
    expect(query('a')).toEqual({ pieces: ['a'], parameters: [], hasRows: true });
  });
});

describe('statements of a plan', () => {
  it('have one parameter per placeholder of the plan, in the order of the text', () => {
    const render = (placeholder: (place: string) => string) =>
      `SET a = ${placeholder('a')} WHERE k = ${placeholder('k')};`;
    const values: Readonly<Record<string, unknown>> = { k: 7, a: 'x' };
    expect(planStatement(render, (place) => value(values[place]), false)).toEqual({
      pieces: ['SET a = ', ' WHERE k = ', ';'],
      parameters: ['x', 7],
      hasRows: false,
    });
    expect(
      planStatement(
        () => 'SELECT 1;',
        () => value(null),
        true,
      ),
    ).toEqual({
      pieces: ['SELECT 1;'],
      parameters: [],
      hasRows: true,
    });
  });
});
