import { describe, expect, it } from 'vitest';
import { findingsOfTokens } from '../../test/tsql.ts';
import { characters, quotedNames } from './batch-checks.ts';

describe('S14: characters', () => {
  it.each(["SELECT N'größer', [größer];", 'SELECT 1; -- plain', "SELECT 'two\nlines';"])('accepts %j', (text) => {
    expect(findingsOfTokens(characters, text)).toEqual([]);
  });

  it.each([
    ['SELECT 1;\n-- größer', ['a comment outside ASCII: -- größer']],
    ['SELECT /* größer */ 1;', ['a comment outside ASCII: /* größer */']],
    ["SELECT 1;\nSELECT N'\u0007';", ['line 2 has a control character']],
    ['SELECT\t1;', ['line 1 has a control character']],
  ])('refuses %j', (text, expected) => {
    expect(findingsOfTokens(characters, text)).toEqual(expected);
  });
});

describe('names', () => {
  it.each([
    ['in brackets or quotation marks', 'SELECT [A], "B" FROM [s].[T];'],
    ['of aliases', 'SELECT t.[A] FROM [s].[T] AS t;'],
    ['of aliases without AS', 'SELECT t.[A] FROM [s].[T] t INNER JOIN [s].[U] u ON t.[A] = u.[A];'],
    ['of system objects', 'SELECT 1 FROM sys.schemas WHERE schema_id = 1;'],
  ])('accepts names %s', (_, text) => {
    expect(findingsOfTokens(quotedNames, text)).toEqual([]);
  });

  it.each([
    ['SELECT A FROM [s].[T];', ['line 1: A is neither a known word nor an alias nor quoted']],
    ['SELECT 1;\nSELECT [A] FROM s.[T];', ['line 2: s is neither a known word nor an alias nor quoted']],
    // an alias is only valid in its own batch
    [
      'SELECT t.[A] FROM [s].[T] AS t;\nGO\nSELECT t.[A];',
      ['line 3: t is neither a known word nor an alias nor quoted'],
    ],
  ])('refuses %j', (text, expected) => {
    expect(findingsOfTokens(quotedNames, text)).toEqual(expected);
  });
});
