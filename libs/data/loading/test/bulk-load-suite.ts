import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { limitedConnection } from '@dms/databases';
import type { DmsError } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { givenScript, trusted } from '@dms/sql';
import { ownSchema, ownSchemasV2 } from '@dms/testing';
import { jsonText } from '@dms/values';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadDocuments } from '../src/loading/load-documents.ts';
import type { LoadDocumentsOptions } from '../src/loading/load-report.ts';
import { compiled, type LoadableSet, ownSet, server } from './bench.ts';
import { BulkTarget, RecordFiles } from './bulk-target.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-bulk-spec-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const files = new RecordFiles(scratch);
const file = (name: string, ...records: readonly unknown[]) => files.records(name, ...records);

export interface BulkLoadGeneration {
  readonly name: string;
  readonly set: () => LoadableSet;
  readonly resource: string;
  readonly table: string;
  /** A document of the resource. */
  readonly unit: (id: number, more?: object) => object;
  /** A member of the document outside its identity, whose column has the same name. */
  readonly nameOf: string;
  /** A document that refers to a unit. */
  readonly school: (id: number, unit: number) => object;
  /** Whether to run the tests that do not depend on the generation. */
  readonly isOther: boolean;
}

export const firstGeneration: BulkLoadGeneration = {
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
  nameOf: 'districtName',
  isOther: false,
};

export const secondGeneration: BulkLoadGeneration = {
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
  nameOf: 'nameOfInstitution',
  isOther: true,
};

/** The column of a member. */
const columnOf = (member: string) => `${member.charAt(0).toUpperCase()}${member.slice(1)}`;

/** The column of the identity of a resource. */
const keyOf = (resource: string) => `${resource.slice(resource.indexOf(':') + 1)}Id`;

/** Tests that a bulk load has the same result as a plain load. */
export function describeBulkLoad({
  name,
  set,
  resource,
  table,
  unit,
  school,
  nameOf,
  isOther,
}: BulkLoadGeneration): void {
  describe(`load --bulk of ${name}`, () => {
    let target: BulkTarget;
    beforeAll(async () => {
      const own = set();
      target = new BulkTarget(await server.open(own.script), own);
    });
    afterAll(() => target.bench.close());
    beforeEach(() => target.empty());
    afterEach(async () => {
      expect(await target.disabled()).toBe(0);
    });

    /** Whether a session of this database waits for a lock; other specs have databases on the same server. */
    const waitsForLock = async () =>
      (await target.count(`pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)) > 0;

    /** Starts a load that has to wait for a lock, and returns when it does. */
    const waiting = async (options: LoadDocumentsOptions, documents: string, watcher = target.bench.connection) => {
      const work = loadDocuments([watcher], target.set.plans, [documents], options);
      work.catch(() => undefined);
      while (!(await waitsForLock())) await new Promise((resolve) => setTimeout(resolve, 10));
      return { work };
    };

    it('says which document has the identity of a rejected one', async () => {
      const { messages } = await target.load([file('same.jsonl', unit(1), unit(1))], true);
      expect(messages).toEqual([
        expect.stringMatching(
          new RegExp(`^${resource} with \\$\\.\\w+ = "1" is there already \\([0-9a-f-]{36}\\)\\.$`),
        ),
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

    /**
     * Loads files plainly and in bulk, into the same empty database, with more constraints; expects the same reports and
     * rows.
     */
    const bothWays = async (
      paths: readonly string[],
      constraints: readonly string[] = [],
      options: LoadDocumentsOptions = {},
    ) => {
      const { connection } = target.bench;
      await connection.execute(
        givenScript(
          constraints.map((each, index) => `ALTER TABLE ${table} ADD CONSTRAINT "Odd${index}" ${each};`).join('\n'),
        ),
      );
      try {
        const results = [];
        for (const isBulk of [false, true]) {
          await target.empty();
          const { rejects, summary } = await target.load(paths, isBulk, options);
          // uuids that the loads made differ
          const text = (value: unknown) =>
            JSON.stringify(value).replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'uuid');
          const told = rejects.map(({ file: name, line, resource: of, uuid, document, diagnostics }) =>
            text([path.basename(name), line, of, uuid, jsonText(document), diagnostics]),
          );
          results.push({ told, summary, rejects, rows: await target.rows() });
        }
        const [plain, bulk] = results;
        expect(bulk?.told).toEqual(plain?.told);
        expect(bulk?.summary).toEqual(plain?.summary);
        expect(bulk?.rows).toEqual(plain?.rows);
        return bulk ?? expect.unreachable();
      } finally {
        await connection.execute(
          givenScript(constraints.map((_, index) => `ALTER TABLE ${table} DROP CONSTRAINT "Odd${index}";`).join('\n')),
        );
      }
    };

    const uuid = (digit: number) => `0000000${digit}-0000-4000-8000-000000000000`;
    const withUuid = (record: object, own: string) => ({ ...record, uuid: own });

    it('rejects documents whose uuid another document has, as a plain load does', async () => {
      const input = file(
        'uuids.jsonl',
        ...[withUuid(unit(1), uuid(1)), withUuid(unit(2), uuid(1).toUpperCase()), withUuid(unit(3), uuid(2)), unit(4)],
        ...[
          withUuid(school(1007, 1), uuid(2)),
          withUuid(school(1008, 2), uuid(3)),
          withUuid(school(1009, 4), uuid(4)),
          unit(1),
        ],
      );
      const { rejects, summary } = await bothWays([input]);
      expect(summary.total).toMatchObject({ inserted: 4, rejected: 4 });
      expect(rejects.map(({ line, diagnostics: [{ code, where }] }) => [line, code, where.path])).toEqual([
        [2, 'DOCUMENT_REFUSED', '$.uuid'],
        [8, 'DOCUMENT_EXISTS', expect.stringMatching(/^\$\.\w+Id$/)],
        [5, 'DOCUMENT_REFUSED', '$.uuid'],
        [6, 'DOCUMENT_REFERENCE_UNRESOLVED', expect.stringMatching(/Reference$/)],
      ]);
      const again = await target.load([file('uuid-again.jsonl', withUuid(unit(9), uuid(4)))], true);
      expect(again.told).toEqual([[1, resource, ['DOCUMENT_REFUSED']]]);
    });

    it('rejects what only the database refuses, and what names it, as a plain load does', async () => {
      const key = `"${keyOf(resource)}"`;
      const units = Array.from({ length: 60 }, (_, index) => unit(index + 1));
      // another document with the identity of a refused one is refused too
      const input = file(
        'odd.jsonl',
        ...units,
        unit(3),
        school(1007, 1),
        school(1008, 3),
        school(1009, 13),
        school(1010, 60),
        unit(60),
      );
      const { rejects, summary } = await bothWays([input], [`CHECK (${key} % 10 <> 3)`, `CHECK (${key} <> 20)`]);
      expect(summary.total).toMatchObject({ inserted: 55, rejected: 11 });
      expect(rejects.map(({ line, diagnostics: [{ code, where }] }) => [line, code, where.path])).toEqual([
        ...[3, 13, 20, 23, 33, 43, 53, 61].map((line) => [line, 'DOCUMENT_REFUSED', undefined]),
        [66, 'DOCUMENT_EXISTS', expect.stringMatching(/^\$\.\w+Id$/)],
        [63, 'DOCUMENT_REFERENCE_UNRESOLVED', expect.stringMatching(/Reference$/)],
        [64, 'DOCUMENT_REFERENCE_UNRESOLVED', expect.stringMatching(/Reference$/)],
      ]);
    });

    it('rejects what breaks a unique key beside the identity, as a plain load does', async () => {
      const input = file(
        'unique.jsonl',
        ...[unit(1), unit(11), unit(2), unit(21), unit(12), unit(3)],
        school(1007, 21),
        school(1008, 3),
      );
      const { connection } = target.bench;
      await connection.execute(givenScript(`CREATE UNIQUE INDEX "UX_Odd" ON ${table} (("${keyOf(resource)}" % 10))`));
      try {
        const { rejects, summary } = await bothWays([input]);
        expect(summary.total).toMatchObject({ inserted: 4, rejected: 4 });
        expect(
          rejects.map(({ line, diagnostics: [{ code, message }] }) => [line, code, message.includes('UX_Odd')]),
        ).toEqual([
          ...[2, 4, 5].map((line) => [line, 'DOCUMENT_REFUSED', true]),
          [7, 'DOCUMENT_REFERENCE_UNRESOLVED', false],
        ]);
      } finally {
        await connection.execute(givenScript(`DROP INDEX ${table.split('.')[0]}."UX_Odd"`));
      }
    });

    it('takes the next document with the identity of one that the database refuses', async () => {
      const named = (name: string) => unit(1, { [nameOf]: name });
      const input = file('next.jsonl', named('odd'), unit(2), named('even'), named('late'), school(1007, 1));
      const { rejects, summary } = await bothWays([input], [`CHECK ("${columnOf(nameOf)}" <> 'odd')`]);
      expect(summary.total).toMatchObject({ inserted: 3, rejected: 2 });
      expect(rejects.map(({ line, diagnostics: [{ code }] }) => [line, code])).toEqual([
        [1, 'DOCUMENT_REFUSED'],
        [4, 'DOCUMENT_EXISTS'],
      ]);
      const skipped = await bothWays([input], [`CHECK ("${columnOf(nameOf)}" <> 'odd')`], { onExisting: 'skip' });
      expect(skipped.summary.total).toMatchObject({ inserted: 3, skipped: 1, rejected: 1 });
    });

    it('loads no document where the database refuses one and the run is not to go on', async () => {
      const { connection } = target.bench;
      await connection.execute(
        givenScript(`ALTER TABLE ${table} ADD CONSTRAINT "Odd" CHECK ("${keyOf(resource)}" <> 3)`),
      );
      try {
        const input = file('odd-stopped.jsonl', unit(1), unit(3), unit(4, { none: 1 }), unit(5));
        const { summary, told } = await target.load([input], true, { isContinued: false });
        expect(summary).toMatchObject({ isStopped: true, total: { inserted: 0 } });
        expect(told[0]).toEqual([2, resource, ['DOCUMENT_REFUSED']]);
        expect(await target.count()).toBe(0);
      } finally {
        await connection.execute(givenScript(`ALTER TABLE ${table} DROP CONSTRAINT "Odd"`));
      }
    });

    it('loads no document where a row breaks a postponed key', async () => {
      const { connection } = target.bench;
      const key = `"${keyOf(resource)}"`;
      await connection.execute(
        givenScript(`CREATE TABLE public.odd (id bigint PRIMARY KEY); INSERT INTO public.odd VALUES (1);
ALTER TABLE ${table} ADD CONSTRAINT "Odd" FOREIGN KEY (${key}) REFERENCES public.odd (id)`),
      );
      const before = await target.keys();
      try {
        const options: LoadDocumentsOptions = { postponedFrom: 0 };
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
        await connection.execute(givenScript(`ALTER TABLE ${table} DROP CONSTRAINT "Odd"; DROP TABLE public.odd`));
      }
    });

    it.each([
      ['lets others read while it writes', undefined, 1],
      ['lets nobody read while keys are dropped', 0, 'DB_LOCK_TIMEOUT'],
    ])('%s', async (_, postponedFrom, read) => {
      await target.load([file('first.jsonl', unit(1))], false);
      const reader = await target.bench.open();
      await reader.execute(givenScript(`SET lock_timeout = '50ms'`));
      const inner = await target.bench.open({ forCopies: true });
      const copyIn = mustExist(inner.copyIn, 'a session for copies');
      const reads: unknown[] = [];
      const copying: typeof copyIn = async (...copy) => {
        const rows = reader.query<{ n: number }>(trusted(`SELECT count(*)::int AS n FROM ${table}`));
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
      await other.execute(givenScript('LOCK TABLE dms."Document" IN ROW EXCLUSIVE MODE'));
      const phases: string[] = [];
      const onProgress: LoadDocumentsOptions['onProgress'] = ({ phase }) => void phases.push(phase);
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
        await other.execute(givenScript('LOCK TABLE dms."Document" IN ROW EXCLUSIVE MODE'));
        const cancellation = new AbortController();
        const bulk = limitedConnection(await target.bench.open({ forCopies: true }), { signal: cancellation.signal });
        const [{ pid } = { pid: 0 }] = await other.query<{ pid: number }>(trusted('SELECT pg_backend_pid() AS pid'));
        const { connection } = target.bench;
        let hasLooked = false;
        const queryAll: typeof connection.queryAll = async (statements, limits) => {
          const found = await connection.queryAll(statements, limits);
          hasLooked ||= statements.some(({ pieces }) => pieces[0]?.includes('pg_blocking_pids'));
          return found;
        };
        const { work } = await waiting({ bulk }, file('cancelled.jsonl', unit(5)), { ...connection, queryAll });
        await expect.poll(() => hasLooked, { interval: 5 }).toBe(true);
        cancellation.abort();
        await expect(work).rejects.toThrow(
          expect.objectContaining({
            code: 'DB_CANCELLED',
            message: expect.stringMatching(
              new RegExp(`waited until nobody else writes: session ${pid} \\(.*\\) did not end`),
            ),
          }),
        );
        await other.rollback();
      });

    if (isOther)
      it('begins again after a deadlock with a session that writes', async () => {
        const other = await target.bench.open();
        await other.begin();
        await other.execute(givenScript(`LOCK TABLE ${table} IN ROW EXCLUSIVE MODE`));
        const inner = await target.bench.open({ forCopies: true });
        // makes the server end the load and not the other session, which has a second to begin its wait
        await inner.execute(givenScript(`SET deadlock_timeout = '1s'`));
        await other.execute(givenScript(`SET deadlock_timeout = '60s'`));
        const begun = vi.fn(() => inner.begin());
        const { work } = await waiting({ bulk: { ...inner, begin: begun } }, file('deadlock.jsonl', unit(5)));
        // waits for the load, which waits for this session
        await other.execute(givenScript('LOCK TABLE dms."Document" IN ROW EXCLUSIVE MODE'));
        await other.commit();
        expect((await work).total.inserted).toBe(1);
        expect(begun).toHaveBeenCalledTimes(2);
      });

    it('lets a session wait that changes the identity of a document which others name', async () => {
      await target.load([file('named.jsonl', unit(1))], false);
      const other = await target.bench.open();
      const inner = await target.bench.open({ forCopies: true });
      // makes the server end the load and not the other session, which has a second to begin its wait
      await inner.execute(givenScript(`SET deadlock_timeout = '1s'`));
      await other.execute(givenScript(`SET deadlock_timeout = '60s'`));
      const copyIn = mustExist(inner.copyIn, 'a session for copies');
      let change: Promise<void> | undefined;
      const copying: typeof copyIn = async (...copy) => {
        if (!change) {
          change = other.execute(givenScript(`UPDATE ${table} SET "${keyOf(resource)}" = 100`));
          change.catch(() => undefined);
          await expect.poll(waitsForLock).toBe(true);
        }
        return copyIn(...copy);
      };
      const { summary, told } = await target.load([file('naming.jsonl', school(9, 1))], true, {
        bulk: { ...inner, copyIn: copying },
      });
      expect([told, summary.total.inserted]).toEqual([[], 1]);
      // the foreign key of the school keeps the identity from being changed
      await expect(change).rejects.toThrow(expect.objectContaining({ code: 'DB_SQL' }));
    });

    if (isOther)
      it('refuses a user who does not own the tables', async () => {
        const { connection } = target.bench;
        const bulk = await target.bench.open({ forCopies: true });
        const role = `bulk_loader_${randomUUID().slice(0, 8)}`;
        await connection.execute(givenScript(`CREATE ROLE ${role}; GRANT ${role} TO CURRENT_USER`));
        try {
          await bulk.execute(givenScript(`SET ROLE ${role}`));
          const work = loadDocuments([connection], target.set.plans, [file('foreign.jsonl', unit(5), school(9, 5))], {
            bulk,
          });
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
          await connection.execute(givenScript(`DROP ROLE ${role}`));
        }
      });

    if (isOther)
      it('refuses to replace', async () => {
        const work = target.load([file('replace.jsonl', unit(1))], true, { onExisting: 'replace' });
        await expect(work).rejects.toThrow(expect.objectContaining({ code: 'LOAD_BULK_UNSUPPORTED' }));
      });
  });
}
