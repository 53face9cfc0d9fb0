import { runAgain } from '@dms/ddl';
import { describe, expect, it } from 'vitest';
import { databaseError, failureKind, serverTextOf } from './failure.ts';
import { mssqlFailure } from './mssql-failure.ts';

/* A comparison takes the words of the server; the message adds the database, the number and the statement to them. */

const context = { label: 'mssql://sa@h:1433/d', redact: (text: string) => text.replaceAll('geheim77', '***') };

const place = (text: string) => ({ batch: { text, line: 1 }, number: 1, of: 1 });

function thrown(number: number, message: string, batch: string) {
  const error = Object.assign(new Error(message), { code: 'EREQUEST', number, lineNumber: 1 });
  return databaseError(mssqlFailure({ error, by: null }, { isOpening: false, place: place(batch) }), context);
}

describe('the text of the server', () => {
  it('is kept beside the message, which names the database, the number and the statement', () => {
    const error = thrown(50000, 'The descriptor is of another resource', 'INSERT INTO [dms].[Descriptor]');
    expect(error.diagnostics[0].message).toBe(
      'mssql://sa@h:1433/d: The descriptor is of another resource (50000). At line 1 of the script (batch 1 of 1): INSERT INTO [dms].[Descriptor]',
    );
    expect(serverTextOf(error)).toBe('The descriptor is of another resource');
  });

  it('holds no password', () => {
    expect(serverTextOf(thrown(207, "Invalid column name 'geheim77'.", 'SELECT 1'))).toBe("Invalid column name '***'.");
  });

  it('says whether a transaction may run again; a statement that has the words does not', () => {
    expect(failureKind(thrown(50000, `No lock. ${runAgain}`, 'INSERT x'), 'mssql')).toBe('transient');
    expect(failureKind(thrown(50000, 'Refused.', `THROW 50000, N'No lock. ${runAgain}', 1;`), 'mssql')).toBe('row');
  });
});
