import type { Connection } from '@dms/databases';
import { describe, expect, it } from 'vitest';
import { checkData, repairData } from './check-data.ts';
import type { DataInput } from './data-finding.ts';

/* Which databases can be checked; `libs/cli/src/check-data.spec.ts` checks and repairs some (design 09 §7.6). */

describe('the rows of SQL Server', () => {
  it.each([
    ['checked', checkData],
    ['repaired', repairData],
  ])('are not %s, and the database is not asked', async (_, run) => {
    const connection = { dialect: 'mssql', label: 'mssql://h/d' } as Connection;
    await expect(async () => run(connection, {} as DataInput)).rejects.toMatchObject({ code: 'CHECK_DATA_UNSUPPORTED' });
  });
});
