import { describe, expect, it } from 'vitest';
import { pgsqlTokens } from './sql-tokens.ts';

const brief = (text: string) =>
  pgsqlTokens(text).tokens.map(
    ({ kind, text: token, value, line }) => `${line} ${kind} ${kind === 'word' ? value : token}`,
  );

describe('tokens of PostgreSQL', () => {
  it('are words in upper case, names, texts, numbers, bodies and signs, with their lines', () => {
    expect(brief(`select "a""b",\n  'it''s' || größe$1 + 1.5;`)).toEqual([
      '1 word SELECT',
      '1 name "a""b"',
      '1 operator ,',
      "2 string 'it''s'",
      '2 operator |',
      '2 operator |',
      '2 word GRÖSSE$1',
      '2 operator +',
      '2 number 1.5',
      '2 operator ;',
    ]);
  });

  it('read the escapes of a string with the prefix E', () => {
    expect(brief(String.raw`e'it\'s' || E'\\' || 'plain\' || lower(x)`)).toEqual([
      String.raw`1 string e'it\'s'`,
      '1 operator |',
      '1 operator |',
      String.raw`1 string E'\\'`,
      '1 operator |',
      '1 operator |',
      String.raw`1 string 'plain\'`,
      '1 operator |',
      '1 operator |',
      '1 word LOWER',
      '1 operator (',
      '1 word X',
      '1 operator )',
    ]);
  });

  it('include a body between dollar tags as a single token', () => {
    expect(brief("a $x$ 'one; $y$\nCOMMIT; $x$ b $$;$$ c")).toEqual([
      '1 word A',
      "1 body $x$ 'one; $y$\nCOMMIT; $x$",
      '2 word B',
      '2 body $$;$$',
      '2 word C',
    ]);
  });

  // tags that dollarTag returns if a body contains the usual ones, and other tags that the server allows
  it.each(['$dms1$', '$dms12$', '$_$', '$größe2$', '$$'])('know the tag %s', (tag) => {
    expect(brief(`AS ${tag} BEGIN; $1 ${tag};`)).toEqual([
      '1 word AS',
      `1 body ${tag} BEGIN; $1 ${tag}`,
      '1 operator ;',
    ]);
    expect(pgsqlTokens(`${tag} open`).unreadable.map(({ line }) => line)).toEqual([1]);
  });

  it('do not take a parameter for a tag', () => {
    expect(brief('$1$2')).toEqual(['1 operator $', '1 number 1', '1 operator $', '1 number 2']);
  });

  it('do not include comments, which are listed separately', () => {
    const { tokens, comments } = pgsqlTokens("a -- 'x\n/* b\nc */ d '--'");
    expect(tokens.map(({ value, line }) => `${line} ${value}`)).toEqual(['1 A', '3 D', '3 --']);
    expect(comments).toEqual([
      { line: 1, text: "-- 'x" },
      { line: 2, text: '/* b\nc */' },
    ]);
  });

  it.each([
    ["a\n'b", [2]],
    ['"b', [1]],
    ['\n\n$x$ b $y$', [3]],
    ["'a'\n$$ ' $$", []],
  ])('in %j stay open at the lines %j', (text, lines) => {
    expect(pgsqlTokens(text).unreadable.map(({ line }) => line)).toEqual(lines);
  });
});
