import { describe, expect, it } from 'vitest';
import { batches, numbered } from '../../test/tsql.ts';
import { upgradeScriptFindings } from './static-checks.ts';

/** The transaction of an upgrade, which begins in one batch and ends in another. */
const upgrade = (...texts: readonly string[]) => batches('BEGIN TRANSACTION;', ...texts, 'COMMIT;');

const brief = (text: string) => upgradeScriptFindings(text).map((finding) => `${finding.id}: ${finding.text}`);

it('an upgrade may drop and alter, in a transaction of its own', () => {
  expect(brief(upgrade('ALTER TABLE [s].[T] DROP COLUMN [A];', 'DROP TABLE [s].[U];'))).toEqual([]);
});

describe('the check of an upgrade script finds', () => {
  it.each([
    ['a count after GO', 'SELECT 1;\nGO 2\nSELECT 2;', 'S1: line 4: GO 2 is not a separator'],
    ['an open parenthesis', 'SELECT (1;', 'S2: line 3: ( is never closed'],
    ['an undeclared variable', 'SELECT @a;', 'S3: line 3: @a is not declared in its batch'],
    [
      'a constructor with too many rows',
      `SELECT 1 FROM (VALUES ${numbered(1001, (number) => `(${number})`).join(', ')}) AS v([A]);`,
      'S11: line 3: 1001 rows in one constructor',
    ],
    [
      'an undeclared variable in a statement that is compiled late',
      "EXEC (N'UPDATE t\nSET t.[A] = N''x''\nWHERE @a = 1;');",
      'S3: line 5: @a is not declared in its batch',
    ],
    ['a comment beyond ASCII', '-- größer', 'S14: a comment outside ASCII: -- größer'],
  ])('%s', (_, text, expected) => {
    expect(brief(upgrade(text))).toEqual([expected]);
  });
});
