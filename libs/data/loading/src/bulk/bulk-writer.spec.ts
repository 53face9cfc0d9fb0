import { DmsError, diagnostic } from '@dms/diagnostics';
import { checkDocument } from '@dms/documents';
import { build } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { expect, it } from 'vitest';
import { compiled, ownSet } from '../../test/bench.ts';
import type { BulkSession } from './bulk-session.ts';
import { bulkWriter } from './bulk-writer.ts';
import { IdentityTable } from './identity-table.ts';
import { CopyText } from './pgsql-bulk.ts';

const emptySession: BulkSession = {
  identities: new IdentityTable(),
  uuids: null,
  time: null,
  newRows: (table) => new CopyText({ ...table, columns: [] }),
  write: async () => null,
  rejectedOffsets: async () => [],
  nextId: () => '1',
  take: (_, count) => Array.from({ length: count }, () => '1'),
  stored: async () => undefined,
  ask: async () => [],
  complete: async () => undefined,
  finish: async () => undefined,
  abandon: async () => undefined,
};

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
    ...emptySession,
    identities: new IdentityTable(),
    write: async () => {
      isRefused = true;
      throw refused;
    },
    nextId: async () => {
      if (isRefused) throw aborted;
      last += 1;
      return String(last);
    },
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

it('one request asks for the documents of a batch that only the database can find', async () => {
  const { object, project, resource, string } = build;
  const name = resource('Room', {
    identityJsonPaths: ['$.roomName'],
    jsonSchemaForInsert: object({ roomName: string(9) }, ['roomName']),
  });
  const { plans } = compiled([project('Core', [name])], 'v2-natural', 'mssql');
  const requests: number[] = [];
  let last = 0;
  const session: BulkSession = {
    ...emptySession,
    identities: new IdentityTable(),
    nextId: () => {
      last += 1;
      return String(last);
    },
    ask: async (statements) => {
      requests.push(statements.length);
      return statements.map(() => []);
    },
  };
  const room = { projectName: 'Core', resourceName: 'Room' };
  const documents = ['A', 'B', 'C'].map((roomName, number) => {
    const document = toJsonValue({ roomName });
    return { document, checked: checkDocument(plans, room, document), number, again: () => document };
  });
  const outcomes = await bulkWriter(plans, session).upsertBatch(room, documents);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['inserted', 'inserted', 'inserted']);
  expect(requests).toHaveLength(1);
});
