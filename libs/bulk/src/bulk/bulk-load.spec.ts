import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { limitedConnection } from '@dms/databases';
import type { DmsError } from '@dms/diagnostics';
import { ownSchema, ownSchemasV2 } from '@dms/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Compiled, compiled, embedded, ownSet, server } from '../../test/bench.ts';
import { BulkTarget, RecordFiles } from '../../test/bulk-target.ts';
import { loadDocuments } from '../loading/load-documents.ts';
import type { LoadOptions } from '../loading/load-options.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-bulk-spec-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const files = new RecordFiles(scratch);
const file = (name: string, ...records: readonly unknown[]) => files.records(name, ...records);

interface Generation {
  readonly name: string;
  readonly set: () => Compiled;
  readonly resource: string;
  readonly table: string;
  /** A document of the resource. */
  readonly unit: (id: number, more?: object) => object;
  /** A document that refers to a unit. */
  readonly school: (id: number, unit: number) => object;
  /** Whether to test what has nothing to do with the generation. */
  readonly isOther: boolean;
}

const generations: readonly Generation[] = [
  {
    name: 'the first generation',
    set: ownSet,
    resource: 'Campus:District',
    table: 'campus."District"',
    unit: (districtId, more = {}) => ({
      resource: 'Campus:District',
      document: { districtId, districtName: `District ${districtId}`, ...more },
    }),
    school: (schoolId, districtId) => ({
      resource: 'Campus:School',
      document: { schoolId, schoolName: 'x', districtReference: { districtId } },
    }),
    isOther: false,
  },
  {
    name: 'the second generation',
    set: () => compiled(ownSchemasV2.map(ownSchema), 'v2'),
    resource: 'Ed-Fi:LocalEducationAgency',
    table: 'edfi."LocalEducationAgency"',
    unit: (localEducationAgencyId, more = {}) => ({
      resource: 'Ed-Fi:LocalEducationAgency',
      document: { localEducationAgencyId, nameOfInstitution: 'x', ...more },
    }),
    school: (schoolId, localEducationAgencyId) => ({
      resource: 'Ed-Fi:School',
      document: {
        schoolId,
        nameOfInstitution: 'x',
        gradeLevels: [],
        localEducationAgencyReference: { localEducationAgencyId },
      },
    }),
    isOther: true,
  },
];

/** The column of the identity of a resource. */
const keyOf = (resource: string) => `${resource.slice(resource.indexOf(':') + 1)}Id`;

describe.each(generations)('load --bulk of $name', ({ set, resource, table, unit, school, isOther }) => {
  let target: BulkTarget;
  beforeAll(async () => {
    const own = set();
    target = new BulkTarget(await server.open(own.script), own);
  }, 120_000);
  afterAll(() => target.bench.close());
  beforeEach(() => target.empty());
  afterEach(async () => {
    expect(await target.disabled()).toBe(0);
  });

  /** Starts a load that has to wait for a lock, and returns when it does. */
  const waiting = async (options: LoadOptions, documents: string) => {
    const work = loadDocuments([target.bench.connection], target.set.plans, [documents], options);
    work.catch(() => undefined);
    while ((await target.count('pg_locks WHERE NOT granted')) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    return { work };
  };

  it('says which document has the identity of a rejected one', async () => {
    const { messages } = await target.load([file('same.jsonl', unit(1), unit(1))], true);
    expect(messages).toEqual([
      expect.stringMatching(new RegExp(`^${resource}: ${resource} [0-9a-f-]{36} has the same identity`)),
    ]);
  });

  it('adds to what is there, and skips or refuses what is there already', async () => {
    await target.load([file('first.jsonl', unit(1), unit(2))], false);
    const second = file('second.jsonl', unit(2), unit(3), school(9, 1));
    const refused = await target.load([second], true);
    expect(refused.told).toEqual([[1, resource, ['DOCUMENT_EXISTS']]]);
    expect(refused.summary.total).toMatchObject({ inserted: 2, rejected: 1 });
    const skipped = await target.load([second], true, { onExisting: 'skip' });
    expect(skipped.summary.total).toMatchObject({ inserted: 0, skipped: 3, rejected: 0 });
    expect(await target.count()).toBe(4);
  });

  it('loads no document where one is rejected and the run is not to go on', async () => {
    const input = file('stopped.jsonl', unit(1), unit(2, { none: 1 }), unit(3));
    const { summary } = await target.load([input], true, { isContinued: false });
    expect(summary).toMatchObject({ isStopped: true, total: { inserted: 0, rejected: 1 } });
    expect(await target.count()).toBe(0);
  });

  it('loads no document where the database refuses a row, and says of which resource', async () => {
    await target.bench.connection.execute(`ALTER TABLE ${table} ADD CONSTRAINT "Odd" CHECK ("${keyOf(resource)}" <> 3)`);
    try {
      const work = target.load([file('odd.jsonl', unit(1), unit(3))], true);
      await expect(work).rejects.toThrow(
        expect.objectContaining({
          code: 'DOCUMENT_REFUSED',
          message: expect.stringMatching(
            new RegExp(`The database refuses a row of a document of ${resource}, so nothing is loaded.*Odd`),
          ),
        }),
      );
      expect(await target.count()).toBe(0);
    } finally {
      await target.bench.connection.execute(`ALTER TABLE ${table} DROP CONSTRAINT "Odd"`);
    }
  });

  it('loads no document where a row breaks a postponed key', async () => {
    const { connection } = target.bench;
    const key = `"${keyOf(resource)}"`;
    await connection.execute(`CREATE TABLE public.odd (id bigint PRIMARY KEY); INSERT INTO public.odd VALUES (1);
ALTER TABLE ${table} ADD CONSTRAINT "Odd" FOREIGN KEY (${key}) REFERENCES public.odd (id)`);
    const before = await target.keys();
    try {
      const options: LoadOptions = { postponedFrom: 0 };
      const work = target.load([file('odd-key.jsonl', unit(1), unit(3))], true, options);
      await expect(work).rejects.toThrow(
        expect.objectContaining({
          code: 'DOCUMENT_REFUSED',
          message: expect.stringMatching(new RegExp(`a row of a document of ${resource}, so nothing is loaded.*Odd`)),
        }),
      );
      expect(await target.count()).toBe(0);
      expect(await target.keys()).toEqual(before);
      const { summary } = await target.load([file('even-key.jsonl', unit(1))], true, options);
      expect(summary.total.inserted).toBe(1);
      expect(await target.keys()).toEqual(before);
    } finally {
      await connection.execute(`ALTER TABLE ${table} DROP CONSTRAINT "Odd"; DROP TABLE public.odd`);
    }
  });

  it.each([
    ['lets others read while it writes', undefined, 1],
    ['lets nobody read while keys are dropped', 0, 'DB_LOCK_TIMEOUT'],
  ])('%s', async (_, postponedFrom, read) => {
    await target.load([file('first.jsonl', unit(1))], false);
    const reader = await target.bench.open();
    await reader.execute(`SET lock_timeout = '50ms'`);
    const inner = await target.bench.open({ forCopies: true });
    const { copyIn = expect.unreachable } = inner;
    const reads: unknown[] = [];
    const copying: typeof copyIn = async (...copy) => {
      const rows = reader.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
      reads.push(
        await rows.then(
          ([row]) => row?.n,
          (error: DmsError) => error.code,
        ),
      );
      return copyIn(...copy);
    };
    await target.load([file('second.jsonl', unit(2))], true, { postponedFrom, bulk: { ...inner, copyIn: copying } });
    expect(new Set(reads)).toEqual(new Set([read]));
  });

  it('waits until nobody else writes documents', async () => {
    const other = await target.bench.open();
    await other.begin();
    await other.execute('LOCK TABLE dms."Document" IN ROW EXCLUSIVE MODE');
    const phases: string[] = [];
    const onProgress: LoadOptions['onProgress'] = ({ phase }) => void phases.push(phase);
    const bulk = await target.bench.open({ forCopies: true });
    const { work } = await waiting({ bulk, onProgress }, file('waits.jsonl', unit(5)));
    expect(phases).toEqual(['read', 'wait']);
    await other.commit();
    expect((await work).total.inserted).toBe(1);
    expect(phases).toEqual(['read', 'wait', 'write', 'check']);
  });

  if (isOther)
    it('says which session it waited for when it is cancelled', async () => {
      const other = await target.bench.open();
      await other.begin();
      await other.execute('LOCK TABLE dms."Document" IN ROW EXCLUSIVE MODE');
      const cancellation = new AbortController();
      const bulk = limitedConnection(await target.bench.open({ forCopies: true }), { signal: cancellation.signal });
      const { work } = await waiting({ bulk }, file('cancelled.jsonl', unit(5)));
      const [{ pid } = { pid: 0 }] = await other.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      // longer than it takes until the load looks for the session
      await new Promise((resolve) => setTimeout(resolve, 600));
      cancellation.abort();
      await expect(work).rejects.toThrow(
        expect.objectContaining({
          code: 'DB_CANCELLED',
          message: expect.stringMatching(new RegExp(`waited until nobody else writes: session ${pid} \\(.*\\) did not end`)),
        }),
      );
      await other.rollback();
    });

  if (isOther)
    it('begins again after a deadlock with a session that writes', async () => {
      const other = await target.bench.open();
      await other.begin();
      await other.execute(`LOCK TABLE ${table} IN ROW EXCLUSIVE MODE`);
      const inner = await target.bench.open({ forCopies: true });
      // so that it is the load that the server ends
      await inner.execute(`SET deadlock_timeout = '100ms'`);
      const begun = vi.fn(() => inner.begin());
      const { work } = await waiting({ bulk: { ...inner, begin: begun } }, file('deadlock.jsonl', unit(5)));
      // waits for the load, which waits for this session
      await other.execute('LOCK TABLE dms."Document" IN ROW EXCLUSIVE MODE');
      await other.commit();
      expect((await work).total.inserted).toBe(1);
      expect(begun).toHaveBeenCalledTimes(2);
    });

  it('lets a session wait that changes the identity of a document which others name', async () => {
    await target.load([file('named.jsonl', unit(1))], false);
    const other = await target.bench.open();
    const inner = await target.bench.open({ forCopies: true });
    // so that it is the load that the server ends
    await inner.execute(`SET deadlock_timeout = '100ms'`);
    const { copyIn = expect.unreachable } = inner;
    let change: Promise<void> | undefined;
    const waitsForLock = async () => (await target.count('pg_locks WHERE NOT granted')) > 0;
    const copying: typeof copyIn = async (...copy) => {
      if (!change) {
        change = other.execute(`UPDATE ${table} SET "${keyOf(resource)}" = 100`);
        change.catch(() => undefined);
        await expect.poll(waitsForLock).toBe(true);
      }
      return copyIn(...copy);
    };
    const { summary, told } = await target.load([file('naming.jsonl', school(9, 1))], true, {
      bulk: { ...inner, copyIn: copying },
    });
    expect([told, summary.total.inserted]).toEqual([[], 1]);
    // the key of the school keeps the identity
    await expect(change).rejects.toThrow(expect.objectContaining({ code: 'DB_SQL' }));
  });

  if (isOther)
    it('refuses a user who does not own the tables', async () => {
      const { connection } = target.bench;
      const bulk = await target.bench.open({ forCopies: true });
      const role = `bulk_loader_${randomUUID().slice(0, 8)}`;
      await connection.execute(`CREATE ROLE ${role}; GRANT ${role} TO CURRENT_USER`);
      try {
        await bulk.execute(`SET ROLE ${role}`);
        const work = loadDocuments([connection], target.set.plans, [file('foreign.jsonl', unit(5), school(9, 5))], { bulk });
        await expect(work).rejects.toThrow(
          expect.objectContaining({
            code: 'LOAD_BULK_UNSUPPORTED',
            message: expect.stringMatching(
              new RegExp(
                `${role} does not own \\w+\\.\\w+ and \\d+ other tables\\. Connect as the owner, or load without --bulk\\.`,
              ),
            ),
          }),
        );
        expect(await target.count()).toBe(0);
      } finally {
        await connection.execute(`DROP ROLE ${role}`);
      }
    });

  if (isOther)
    it('refuses to replace', async () => {
      const work = target.load([file('replace.jsonl', unit(1))], true, { onExisting: 'replace' });
      await expect(work).rejects.toThrow(expect.objectContaining({ code: 'LOAD_BULK_UNSUPPORTED' }));
    });
});

it('load --bulk refuses the embedded engine', async () => {
  const bench = await embedded.open('');
  try {
    const work = loadDocuments([bench.connection], ownSet().plans, [file('a.jsonl', generations[0]?.unit(1))], {
      bulk: bench.connection,
    });
    await expect(work).rejects.toThrow(
      expect.objectContaining({ code: 'LOAD_BULK_UNSUPPORTED', message: expect.stringContaining('writes to a server') }),
    );
  } finally {
    await bench.close();
  }
}, 60_000);
