import { describe, expect, it } from 'vitest';
import { closing, commaSeparated, type SqlToken, spelled } from './sql-tokens.ts';
import { isLockCall, isLockParameter, splitBatches } from './tsql-scripts.ts';

const tokensOf = (text: string): readonly SqlToken[] => splitBatches(text)[0]?.tokens ?? [];

describe('tokens of T-SQL', () => {
  it('are words, names, texts, numbers, variables and operators', () => {
    expect(
      tokensOf("select [a]]b], \"c\"\"d\", N'it''s', 'x', 0xAF, 1.5, @v, @@rowcount <> += ;").map(
        ({ kind, text, value }) => [kind, text, value],
      ),
    ).toEqual([
      ['word', 'select', 'SELECT'],
      ['name', '[a]]b]', 'a]b'],
      ['operator', ',', ','],
      ['name', '"c""d"', 'c"d'],
      ['operator', ',', ','],
      ['string', "N'it''s'", "it's"],
      ['operator', ',', ','],
      ['string', "'x'", 'x'],
      ['operator', ',', ','],
      ['number', '0xAF', '0xAF'],
      ['operator', ',', ','],
      ['number', '1.5', '1.5'],
      ['operator', ',', ','],
      ['variable', '@v', '@v'],
      ['operator', ',', ','],
      ['variable', '@@rowcount', '@@rowcount'],
      ['operator', '<>', '<>'],
      ['operator', '+=', '+='],
      ['operator', ';', ';'],
    ]);
  });

  it('have their lines and places in the whole script', () => {
    const text = "a\n/* b\nc */ 'd\ne' f\nGO\n\ng";
    const places = splitBatches(text).flatMap(({ tokens }) =>
      tokens.map(({ text: token, line, position }) => [token, line, text.indexOf(token) === position]),
    );
    expect(places).toEqual([
      ['a', 1, true],
      ["'d\ne'", 3, true],
      ['f', 4, true],
      ['g', 7, true],
    ]);
  });

  it('do not include comments, and any other character is a fault', () => {
    const [batch] = splitBatches("a -- 'b\n/* [c */ d ' e");
    expect(batch?.tokens.map(({ text }) => text)).toEqual(['a', 'd', 'e']);
    expect(batch?.comments).toEqual([
      { line: 1, text: "-- 'b" },
      { line: 2, text: '/* [c */' },
    ]);
    expect(batch?.unreadable).toEqual([`line 2: "'" is not a token or opens something that is never closed`]);
  });
});

describe('batches', () => {
  it('are separated by lines with only GO, and empty ones are left out', () => {
    const cut = splitBatches('GO\na\n go \n\nGo\nb GO\nGOTO c\nGO 2\nGO');
    expect(cut.map(({ text, firstLine }) => [firstLine, text])).toEqual([
      [2, 'a'],
      [6, 'b GO\nGOTO c\nGO 2'],
    ]);
  });
});

describe('parentheses', () => {
  it('are paired', () => {
    const tokens = tokensOf("( a ( ')' [)] ) ) )");
    expect([closing(tokens, 0), closing(tokens, 2)]).toEqual([6, 5]);
    expect(() => closing(tokensOf('a\n( ( )'), 1)).toThrow('line 2: a parenthesis is not closed');
  });

  it('protect the commas inside them', () => {
    expect(commaSeparated(tokensOf("a, b(c, (d, e)), ',' f,")).map(spelled)).toEqual([
      'a',
      'b ( c , ( d , e ) )',
      "',' f",
    ]);
    expect(commaSeparated([])).toEqual([]);
  });
});

describe('the call of the lock procedure', () => {
  const call = "EXEC @lock = sys.sp_getapplock @Resource = N'r', @LockMode = N'Exclusive'";
  const variablesOf = (text: string) =>
    tokensOf(text).flatMap((token, index, all) => (token.kind === 'variable' ? [isLockParameter(all, index)] : []));

  it('is recognized by its form', () => {
    expect(isLockCall(tokensOf(call), 0)).toBe(true);
    for (const other of [
      call.replace('EXEC', 'EXECUTE'),
      call.replace('@lock = ', ''),
      call.replace('sys.', 'dbo.'),
      call.replace('sp_getapplock', 'sp_releaseapplock'),
      call.replace('= sys', '+ sys'),
      call.replace('sys.', 'sys,'),
    ])
      expect(isLockCall(tokensOf(other), 0), other).toBe(false);
  });

  it('has parameters, each with a text', () => {
    expect(variablesOf(`SELECT 1; ${call};`)).toEqual([false, true, true]);
    expect(variablesOf(call.replace("N'r'", '@r'))).toEqual([false, false, false, true]);
    expect(variablesOf(call.replace('@Resource', '@Other'))).toEqual([false, false, true]);
    expect(variablesOf(`${call}; SELECT @Resource = N'r'`)).toEqual([false, true, true, false]);
  });
});
