import { describe, expect, it } from 'vitest';
import { batches, findings, findingsOfTokens, table, trigger } from '../../test/tsql.ts';
import { forbiddenStatements, triggerBodies } from './statement-checks.ts';

const target = table('T', '[A] int NOT NULL', '[B] AS ([A]) PERSISTED');
const inTrigger = (...statements: readonly string[]) => batches(target, trigger(...statements));

describe('S4: statements', () => {
  it.each([
    ['session options in the first batch', 'SET ANSI_NULLS ON;\nSET NUMERIC_ROUNDABORT OFF;'],
    ['switching execution off and on', batches('SELECT 1;', 'SET NOEXEC ON;', 'SET NOEXEC OFF;')],
    [
      'the transaction of the frame',
      batches(
        'SET XACT_ABORT ON;\nBEGIN TRANSACTION',
        'IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END',
        'SELECT 1;\nCOMMIT TRANSACTION',
        'SET NOEXEC OFF;',
      ),
    ],
    ['a block', 'BEGIN\n    SELECT 1;\nEND;'],
    [
      'names and texts that contain refused words',
      batches('SELECT 1;', "SELECT [COMMIT], 'DROP TABLE', [USE] FROM [s].[SET];"),
    ],
    ['a variable of the preflight', batches('SELECT 1;', 'DECLARE @a int;\nSET @a = 1;')],
    ['an update of the columns of an alias', inTrigger('UPDATE t', 'SET t.[A] = 1', 'FROM [s].[T] AS t;')],
    ['an update, and SET NOCOUNT ON, in a body', inTrigger('UPDATE t', 'SET [A] = 1', 'FROM [s].[T] AS t;')],
  ])('accepts %s', (_, text) => {
    expect(findings(forbiddenStatements, text)).toEqual([]);
  });

  it.each([
    ['USE [other];', 'USE'],
    ['COMMIT;', 'COMMIT'],
    ['rollback;', 'rollback'],
    ['SAVE TRANSACTION a;', 'SAVE'],
    ['TRUNCATE TABLE [s].[T];', 'TRUNCATE'],
    ['GRANT SELECT ON [s].[T] TO [u];', 'GRANT'],
    ['REVOKE SELECT ON [s].[T] TO [u];', 'REVOKE'],
    ['DENY SELECT ON [s].[T] TO [u];', 'DENY'],
    ["BACKUP DATABASE [d] TO DISK = N'x';", 'BACKUP'],
    ['RESTORE DATABASE [d];', 'RESTORE'],
    ['RECONFIGURE;', 'RECONFIGURE'],
    ['BEGIN TRAN;', 'BEGIN TRAN'],
    ['BEGIN TRANSACTION;', 'BEGIN TRANSACTION'],
    ['ALTER DATABASE [d] ADD FILEGROUP [g];', 'ALTER DATABASE'],
    ['CREATE DATABASE [d];', 'CREATE DATABASE'],
    ...['TABLE', 'SCHEMA', 'VIEW', 'FUNCTION', 'COLUMN', 'INDEX', 'CONSTRAINT', 'TRIGGER', 'DATABASE'].map((what) => [
      `DROP ${what} [x];`,
      `DROP ${what}`,
    ]),
  ])('refuses %s', (statement, words) => {
    expect(findingsOfTokens(forbiddenStatements, statement)).toEqual([`line 1: ${words}`]);
    expect(findings(forbiddenStatements, inTrigger(statement))).toEqual([`line 10: ${words}`]);
  });

  it.each([
    [
      'a transaction that begins in a later batch',
      batches('SELECT 1;', 'BEGIN TRANSACTION'),
      'line 3: BEGIN TRANSACTION',
    ],
    ['a transaction that begins before the options', 'BEGIN TRANSACTION\nSELECT 1;', 'line 1: BEGIN TRANSACTION'],
    ['a commit before the last change', batches('COMMIT TRANSACTION', 'SELECT 1;', 'SELECT 2;'), 'line 1: COMMIT'],
    ['a commit with a statement after it', batches('COMMIT TRANSACTION SELECT 1;', 'SELECT 2;'), 'line 1: COMMIT'],
    ['an unconditional rollback', batches('SELECT 1;', 'BEGIN ROLLBACK TRANSACTION; END'), 'line 3: ROLLBACK'],
  ])('refuses %s', (_, text, fault) => {
    expect(findingsOfTokens(forbiddenStatements, text)).toEqual([fault]);
  });

  it('refuses a rollback in a body', () => {
    const text = inTrigger('IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END');
    expect(findings(forbiddenStatements, text)).toEqual(['line 10: ROLLBACK']);
  });

  it('refuses SET outside of bodies and the first batch', () => {
    expect(findingsOfTokens(forbiddenStatements, 'SET LOCK_TIMEOUT 1;')).toEqual([]);
    expect(findingsOfTokens(forbiddenStatements, batches('SELECT 1;', 'SET LOCK_TIMEOUT 1;'))).toEqual([
      'line 3: SET outside of a body',
    ]);
    expect(findings(forbiddenStatements, inTrigger('SET LOCK_TIMEOUT 1;'))).toEqual(['line 10: SET LOCK_TIMEOUT']);
    expect(findings(forbiddenStatements, inTrigger('SET NOCOUNT OFF;'))).toEqual(['line 10: SET NOCOUNT']);
  });
});

describe('S12: bodies of triggers', () => {
  const lock =
    "EXEC @lock = sys.sp_getapplock @Resource = N'r', @LockMode = N'Exclusive', @LockOwner = N'Transaction';";

  it.each([
    ['sets of rows', 'UPDATE t SET [A] = 1 FROM inserted AS t;'],
    ['a column that is stored', 'IF UPDATE([A]) RETURN;'],
    [
      'a sequence and DISTINCT in different statements',
      'INSERT INTO [s].[T] ([A]) SELECT NEXT VALUE FOR [s].[Q] FROM inserted AS i;',
      'SELECT DISTINCT 1;',
    ],
    ['the lock procedure', 'DECLARE @lock int;', lock],
  ])('accepts %s', (_, ...statements) => {
    expect(findings(triggerBodies, inTrigger(...statements))).toEqual([]);
  });

  it.each([
    ['a cursor', 'DECLARE c CURSOR FOR SELECT 1;', 'CURSOR'],
    ['the level of nesting', 'IF TRIGGER_NESTLEVEL() > 1 RETURN;', 'TRIGGER_NESTLEVEL'],
    ['INSTEAD', 'SELECT 1 INSTEAD;', 'INSTEAD'],
    ['a procedure', 'EXEC [s].[P];', 'EXEC'],
    ['a procedure called with EXECUTE', 'EXECUTE [s].[P];', 'EXECUTE'],
    ['the lock procedure without its return value', "EXEC sys.sp_getapplock @Resource = N'r';", 'EXEC'],
    ['another procedure of the server', 'EXEC @lock = sys.sp_releaseapplock;', 'EXEC'],
    ['the first rows', 'SELECT TOP (1) [A] FROM [s].[T];', 'TOP'],
    ['a computed column', 'IF UPDATE([B]) RETURN;', 'UPDATE([B]) needs a stored column'],
    ['a missing column', 'IF UPDATE([C]) RETURN;', 'UPDATE([C]) needs a stored column'],
    ...['DISTINCT', 'UNION', 'EXCEPT', 'INTERSECT'].map((word) => [
      `a sequence with ${word}`,
      `SELECT NEXT VALUE FOR [s].[Q] ${word} SELECT 1;`,
      `NEXT VALUE FOR in a statement with ${word}`,
    ]),
  ])('refuses %s', (_, statement, fault) => {
    expect(findings(triggerBodies, inTrigger(statement ?? ''))).toEqual([`s.TR: ${fault}`]);
  });

  it.each([
    ['another statement', 'SELECT 1;'],
    ['another order', 'SELECT 1;\n    SET NOCOUNT ON;'],
    ['the opposite', 'SET NOCOUNT OFF;'],
    ['more words', 'SET NOCOUNT ON, ANSI_NULLS ON;'],
  ])('refuses a body that begins with %s instead of SET NOCOUNT ON', (_, start) => {
    const text = trigger('SELECT 1;').replace('SET NOCOUNT ON;', start);
    expect(findings(triggerBodies, batches(target, text))).toEqual(['s.TR does not start with SET NOCOUNT ON']);
  });

  it('does not apply to functions and views', () => {
    const text = 'CREATE OR ALTER VIEW [s].[V] AS\nSELECT TOP (1) [A] FROM [s].[T];';
    expect(findings(triggerBodies, batches(target, text))).toEqual([]);
  });
});
