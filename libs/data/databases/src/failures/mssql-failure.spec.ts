import { describe, expect, it } from 'vitest';
import { changing } from './early-end.ts';
import { databaseError } from './failure.ts';
import { mssqlFailure } from './mssql-failure.ts';

/* The failures that numbers of SQL Server stand for (design 09 §1.7); numbers and words are those of `sys.messages`. */

const context = { label: 'mssql://sa@h:1433/d', redact: (text: string) => text };

function failureOf(number: number, message: string, isOpening = false) {
  const error = Object.assign(new Error(message), { code: 'EREQUEST', number, lineNumber: 2 });
  const batch = { text: 'SET NOCOUNT ON;\nALTER TABLE [edfi].[Student] ADD [A] int;', line: 1 };
  return databaseError(mssqlFailure({ error, by: null }, { isOpening, place: { batch, number: 3, of: 9 } }), context);
}

const objectOrRight: readonly (readonly [number, string])[] = [
  [1088, 'Cannot find the object "edfi.Student" because it does not exist or you do not have permissions.'],
  [2760, 'The specified schema name "edfi" either does not exist or you do not have permission to use it.'],
  [3701, "Cannot drop the table 'edfi.Student', because it does not exist or you do not have permission."],
  [4701, 'Cannot find the object "Student" because it does not exist or you do not have permissions.'],
  [4902, 'Cannot find the object "edfi.Student" because it does not exist or you do not have permissions.'],
  [
    5011,
    "User does not have permission to alter database 'd', the database does not exist, or the database is not in a state that allows access checks.",
  ],
  [15135, "Object is invalid. Extended properties are not permitted on 'edfi.Student', or the object does not exist."],
  [15151, "Cannot find the schema 'edfi', because it does not exist or you do not have permission."],
  [
    15225,
    "No item by the name of '[edfi].[Student]' could be found in the current database 'd', given that @itemtype was input as '(null)'.",
  ],
  [
    15517,
    'Cannot execute as the database principal because the principal "r" does not exist, this type of principal cannot be impersonated, or you do not have permission.',
  ],
];

const right: readonly (readonly [number, string])[] = [
  [229, "The SELECT permission was denied on the object 'Student', database 'd', schema 'edfi'."],
  [230, "The SELECT permission was denied on the column 'A' of the object 'Student', database 'd', schema 'edfi'."],
  [262, "CREATE TABLE permission denied in database 'd'."],
  [297, 'The user does not have permission to perform this action.'],
  [300, "VIEW SERVER STATE permission was denied on object 'server', database 'master'."],
  [916, 'The server principal "l" is not able to access the database "d" under the current security context.'],
  [2557, "User 'dbo' does not have permission to run DBCC CHECKIDENT for object 'Document'."],
  [3704, "User does not have permission to perform this operation on table 'Student'."],
  [15247, 'User does not have permission to perform this action.'],
];

describe('a refusal for want of a right', () => {
  it.each(objectOrRight)('%i leaves open whether the object exists, and names the statement', (number, says) => {
    const [{ code, message, where, details }] = failureOf(number, says).diagnostics;
    expect(code).toBe('DB_PERMISSION');
    expect(message).toContain(says);
    expect(message).toContain('The object does not exist, or the login may not see or change it.');
    expect(message).not.toContain('Grant the missing privilege');
    expect([where.line, details.statement]).toEqual([2, 'ALTER TABLE [edfi].[Student] ADD [A] int;']);
  });

  it.each(right)('%i is about a right alone', (number, says) => {
    const [{ code, message }] = failureOf(number, says).diagnostics;
    expect(code).toBe('DB_PERMISSION');
    expect(message).toContain('Grant the missing privilege');
    expect(message).not.toContain('The object does not exist');
  });

  it('ends the login where the database may not be used', () => {
    expect(failureOf(916, right[5]?.[1] ?? '', true).code).toBe('DB_PERMISSION');
  });

  it('says that nothing was changed, like other failures of a run that changes a database', async () => {
    const failing = changing(() => Promise.reject(failureOf(4902, objectOrRight[4]?.[1] ?? '')));
    await expect(failing).rejects.toThrow(/Nothing was changed\.$/);
  });
});

it('a name of three parts on Azure SQL says what does not work there', () => {
  const says =
    "Reference to database and/or server name in 'd.edfi.student' is not supported in this version of SQL Server.";
  expect(failureOf(40515, says).message).toContain('A database of Azure SQL cannot read another one.');
});

it('a table that was changed during a reading of one moment has its own code, and advice', () => {
  const says =
    "Snapshot isolation transaction failed in database 'd' because the object accessed by the statement has been modified by a DDL statement in another concurrent transaction since the start of this transaction.";
  const error = failureOf(3961, says);
  expect(error.code).toBe('DB_SCHEMA_CHANGED');
  expect(error.message).toContain('Run it again when that session has ended.');
});
