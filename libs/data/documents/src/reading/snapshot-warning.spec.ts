import { describe, expect, it } from 'vitest';
import { ScriptedConnection } from '../../test/scripted-connection.ts';
import { snapshotWarnings } from '../document-session.ts';

/* The warning about databases in which a read may see different moments (design 09 §1.5). */

const warningsOf = (answer: boolean | undefined) =>
  snapshotWarnings(
    Object.assign(new ScriptedConnection('mssql'), answer === undefined ? {} : { readsOneMoment: async () => answer }),
  );

describe('a database without snapshots', () => {
  it('is named, with the statement that allows them', async () => {
    expect(await warningsOf(false)).toMatchObject([
      {
        code: 'DOCUMENT_SNAPSHOT_OFF',
        message: expect.stringMatching(/^scripted: .* run: ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON$/),
        details: { statement: 'ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON' },
      },
    ]);
  });

  it('is the only one that is named', async () => {
    expect(await warningsOf(true)).toEqual([]);
    expect(await warningsOf(undefined)).toEqual([]);
  });
});
