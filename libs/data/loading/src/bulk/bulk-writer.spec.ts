import { DmsError, diagnostic } from '@dms/diagnostics';
import { build } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
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

describe('documents that only the database can find', () => {
  const { object, project, resource, string } = build;
  const name = resource('Room', {
    identityJsonPaths: ['$.roomName'],
    jsonSchemaForInsert: object({ roomName: string(9) }, ['roomName']),
  });
  const { plans } = compiled([project('Core', [name])], 'v2-natural', 'mssql');

  /** The outcomes of a list of rooms, and how often the database was asked for them. */
  async function written(count: number) {
    let requests = 0;
    let last = 0;
    const session: BulkSession = {
      ...emptySession,
      identities: new IdentityTable(),
      nextId: () => {
        last += 1;
        return String(last);
      },
      ask: async (statements) => {
        requests += 1;
        return statements.map(() => []);
      },
    };
    const documents = Array.from({ length: count }, (_, number) => {
      const document = toJsonValue({ roomName: `R${number}` });
      return { document, number, again: () => document };
    });
    const outcomes = await bulkWriter(plans, session).upsertBatch(
      { projectName: 'Core', resourceName: 'Room' },
      documents,
    );
    return { outcomes: outcomes.map(({ kind }) => kind), requests };
  }

  it('are asked for in one request', async () => {
    expect(await written(3)).toEqual({ outcomes: ['inserted', 'inserted', 'inserted'], requests: 1 });
  });

  it('are asked for again once rows are handed over', async () => {
    const { outcomes, requests } = await written(2_010);
    expect(new Set(outcomes)).toEqual(new Set(['inserted']));
    expect(requests).toBe(2);
  });
});
