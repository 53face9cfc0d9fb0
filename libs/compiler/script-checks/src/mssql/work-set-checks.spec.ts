import { describe, expect, it } from 'vitest';
import { batches, findings, table, trigger } from '../../test/tsql.ts';
import { forcedSeekCheck, workSets } from './module-checks.ts';

/* Checks how bodies reach the rows of their work set (design 07 §8.2 rule 5). */

const target = `${table(
  'T',
  '[K] int NOT NULL',
  '[U] int NULL',
  '[V] int NULL',
  '[I] int NULL',
  'CONSTRAINT [PK] PRIMARY KEY CLUSTERED ([K])',
  'CONSTRAINT [UX] UNIQUE ([U], [V])',
  'CONSTRAINT [CK] CHECK ([V] > 1)',
)}\nCREATE INDEX [IX] ON [s].[T] ([I], [K]);`;

const workSet = 'DECLARE @rows TABLE ([K] int NOT NULL PRIMARY KEY);';
const inTrigger = (...statements: readonly string[]) => batches(target, trigger(workSet, ...statements));
const join = (column: string) => `INNER LOOP JOIN [s].[T] AS t WITH (FORCESEEK) ON t.[${column}] = r.[K]`;

describe('seeks', () => {
  it.each(['K', 'U', 'I'])('accepts a join by the first column of a key or index: %s', (column) => {
    expect(findings(forcedSeekCheck, inTrigger(`SELECT t.[V] FROM @rows AS r ${join(column)};`))).toEqual([]);
  });

  it('accepts further hints, of locks', () => {
    const locking = join('K').replace('(FORCESEEK)', '(FORCESEEK, UPDLOCK)');
    expect(findings(forcedSeekCheck, inTrigger(`SELECT t.[V] FROM @rows AS r ${locking};`))).toEqual([]);
  });

  it('accepts any join without a loop', () => {
    expect(
      findings(forcedSeekCheck, inTrigger('SELECT 1 FROM @rows AS r INNER JOIN [s].[T] AS t ON t.[V] = r.[K];')),
    ).toEqual([]);
  });

  it.each([
    ['a column that is not the first of any index', join('V'), 'no index of s.T begins with V'],
    [
      'a loop that may scan',
      'INNER LOOP JOIN [s].[T] AS t ON t.[K] = r.[K]',
      'a join by key that does not force a seek',
    ],
    [
      'a loop with another hint',
      'INNER LOOP JOIN [s].[T] AS t WITH (UPDLOCK) ON t.[K] = r.[K]',
      'a join by key that does not force a seek',
    ],
    [
      'a forced seek in another join',
      'INNER JOIN [s].[T] AS t WITH (FORCESEEK) ON t.[K] = r.[K]',
      'FORCESEEK outside a join by key',
    ],
    ['a missing table', 'INNER LOOP JOIN [s].[X] AS t WITH (FORCESEEK) ON t.[K] = r.[K]', 'no join by key to s.X'],
  ])('refuses %s', (_, text, fault) => {
    expect(findings(forcedSeekCheck, inTrigger(`SELECT 1 FROM @rows AS r ${text};`))).toEqual([`s.TR: ${fault}`]);
  });

  it('refuses a join by key that does not name a column of its own table first', () => {
    const other = join('K').replace('t.[K] = r.[K]', 'r.[K] = t.[K]');
    expect(findings(forcedSeekCheck, inTrigger(`SELECT 1 FROM @rows AS r ${other};`))).toEqual([
      's.TR: a join by key that does not force a seek',
      's.TR: FORCESEEK outside a join by key',
    ]);
  });
});

describe('work sets', () => {
  it.each([
    ['an update of the rows of a work set', `UPDATE t SET [V] = 1 FROM @rows AS r ${join('K')};`],
    ['a deletion of the rows of a work set', `DELETE t FROM @rows AS r ${join('K')};`],
    [
      'an update of inserted rows, joined by key',
      `UPDATE t SET [V] = 1 FROM inserted AS i ${join('K').replace('r.', 'i.')};`,
    ],
    ['clearing a work set', 'DELETE FROM @rows;'],
    ['a test for updated columns', 'IF UPDATE([V]) RETURN;'],
  ])('accepts %s', (_, statement) => {
    expect(findings(workSets, inTrigger(statement))).toEqual([]);
  });

  it.each([
    ['a work set without key', 'DECLARE @more TABLE ([K] int NOT NULL);', '@more has no key'],
    [
      'an update that starts from the table',
      'UPDATE t SET [V] = 1 FROM [s].[T] AS t;',
      'UPDATE of rows that are not reached from a work set',
    ],
    [
      'a deletion that starts from the table',
      'DELETE t FROM [s].[T] AS t;',
      'DELETE of rows that are not reached from a work set',
    ],
    [
      'an update that starts from the rows of the statement',
      'UPDATE t SET [V] = 1 FROM inserted AS i INNER JOIN [s].[T] AS t ON t.[K] = i.[K];',
      'UPDATE of rows that are not reached from a work set',
    ],
    ['an update without sources', 'UPDATE t SET [V] = 1;', 'UPDATE of rows that are not reached from a work set'],
  ])('refuses %s', (_, statement, fault) => {
    expect(findings(workSets, inTrigger(statement))).toEqual([`s.TR: ${fault}`]);
  });

  it('do not apply to the journal trigger of dms.Document', () => {
    const journal = trigger('UPDATE t SET [V] = 1 FROM [s].[T] AS t;').replace('ON [s].[T]', 'ON [dms].[Document]');
    expect(findings(workSets, batches('CREATE TABLE [dms].[Document] ([A] int NULL);', journal))).toEqual([]);
  });
});
