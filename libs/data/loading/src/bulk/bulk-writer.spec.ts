import { DmsError, diagnostic } from '@dms/diagnostics';
import { toJsonValue } from '@dms/values';
import { expect, it } from 'vitest';
import { ownSet } from '../../test/bench.ts';
import type { BulkSession } from './bulk-session.ts';
import { bulkWriter } from './bulk-writer.ts';
import { IdentityTable } from './identity-table.ts';
import { CopyText } from './pgsql-bulk.ts';

it('a refused copy is reported, and not what fails after it', async () => {
  const refused = new DmsError([
    diagnostic('DB_SQL', 'violates check constraint "Odd" (23514).', {}, { driverCode: '23514' }),
  ]);
  const aborted = new DmsError([
    diagnostic('DB_SQL', 'current transaction is aborted (25P02).', {}, { driverCode: '25P02' }),
  ]);
  let isRefused = false;
  let last = 0;
  const session: BulkSession = {
    identities: new IdentityTable(),
    uuids: null,
    time: null,
    newRows: (table) => new CopyText({ ...table, columns: [] }),
    write: async () => {
      isRefused = true;
      throw refused;
    },
    rejectedOffsets: async () => [],
    nextId: async () => {
      if (isRefused) throw aborted;
      last += 1;
      return String(last);
    },
    take: async () => [],
    stored: async () => undefined,
    ask: async () => [],
    complete: async () => undefined,
    finish: async () => undefined,
    abandon: async () => undefined,
  };
  const writer = bulkWriter(ownSet().plans, session);
  const documents = Array.from({ length: 2_010 }, (_, districtId) => {
    const document = toJsonValue({ districtId, districtName: 'x' });
    return { document, number: districtId, again: () => document };
  });
  const work = writer.upsertBatch({ projectName: 'Campus', resourceName: 'District' }, documents);
  await expect(work).rejects.toThrow(
    expect.objectContaining({ code: 'DOCUMENT_REFUSED', message: expect.stringContaining('"Odd"') }),
  );
  expect(last).toBe(2_000);
});
