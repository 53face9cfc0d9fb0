import { describe, expect, it } from 'vitest';
import { calledNames } from './pgsql-called-names.ts';

const calls = (text: string) =>
  [...calledNames([text]).calls].flatMap(([name, list]) =>
    list.map((call) => `${call.isQualified ? 'pg_catalog.' : ''}${name} ${call.arguments} line ${call.line}`),
  );

describe('what a text of PostgreSQL uses', () => {
  it.each([
    ['calls with their arguments', 'SELECT Lower(a, f(b, c)), now()', ['lower 2 line 1', 'f 2 line 1', 'now 0 line 1']],
    ['calls with a schema of the server', 'SELECT pg_catalog.lower(a)', ['pg_catalog.lower 1 line 1']],
    ['no calls of other schemas', 'SELECT dms."uuidv5"(a), "dms".f(a)', []],
    ['quoted calls', 'SELECT "Odd""name"(1)', ['Odd"name 1 line 1']],
    [
      'arguments that keywords separate',
      'SELECT substring(a FROM 1 FOR 2), count(*)',
      ['substring null line 1', 'count 0 line 1'],
    ],
    ['calls of bodies, and of bodies in them', 'DO $x$\nx(1);\n$y$\ny(1)\n$y$\n$x$', ['x 1 line 2', 'y 1 line 4']],
    ['no calls of texts and comments', "SELECT 'f(1)' -- g(1)\n/* h(1) */", []],
  ])('%s', (_, text, expected) => {
    expect(calls(text)).toEqual(expected);
  });

  it('operators, also within longer ones and for keywords', () => {
    const { operators } = calledNames(['a ->> b', 'c IN (1)', 'a IS DISTINCT FROM b', 'x LIKE y', '1 = -1']);
    for (const operator of ['->>', '=', '-', '~~']) expect(operators, operator).toContain(operator);
    expect(operators).not.toContain('+');
  });

  it('words, and those before []', () => {
    const { words, elements } = calledNames(['documents BIGINT[]; a::text']);
    expect([...words]).toEqual(['documents', 'bigint', 'a', 'text']);
    expect([...elements]).toEqual(['bigint']);
  });
});
