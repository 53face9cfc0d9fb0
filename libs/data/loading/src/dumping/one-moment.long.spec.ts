import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Connection } from '@dms/databases';
import { openDocuments } from '@dms/documents';
import { isThorough, ownSchema, ownSchemasV2, shareOf } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { afterAll, describe, expect, it } from 'vitest';
import { compiled, ownSet, server } from '../../test/bench.ts';
import { BulkTarget } from '../../test/bulk-target.ts';
import { dumpDocuments } from './dump-documents.ts';

/* A dump shows one moment: even beside a service at work, every dump can be loaded (design 14a §1.3). */

/** A thorough run makes more dumps. */
const dumps = isThorough ? 20 : 6;

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-moment-spec-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface DumpedKind {
  readonly resource: { readonly projectName: string; readonly resourceName: string };
  readonly document: (id: number, parent: number) => object;
}

const generations = [
  {
    name: 'the first generation',
    set: ownSet,
    parent: {
      resource: { projectName: 'Campus', resourceName: 'School' },
      document: (schoolId: number) => ({ schoolId, schoolName: 'x' }),
    },
    child: {
      resource: { projectName: 'Campus', resourceName: 'Location' },
      document: (id: number, schoolId: number) => ({ classroomCode: `r${id}`, schoolReference: { schoolId } }),
    },
  },
  {
    name: 'the second generation',
    set: () => compiled(ownSchemasV2.map(ownSchema), 'v2'),
    parent: {
      resource: { projectName: 'Ed-Fi', resourceName: 'LocalEducationAgency' },
      document: (localEducationAgencyId: number) => ({ localEducationAgencyId, nameOfInstitution: 'x' }),
    },
    child: {
      resource: { projectName: 'Ed-Fi', resourceName: 'School' },
      document: (id: number, localEducationAgencyId: number) => ({
        schoolId: 1_000_000 + id,
        nameOfInstitution: 'x',
        gradeLevels: [],
        localEducationAgencyReference: { localEducationAgencyId },
      }),
    },
  },
] satisfies readonly { readonly parent: DumpedKind; readonly child: DumpedKind; readonly [name: string]: unknown }[];

describe.each(shareOf(generations, 1))('a dump of $name', ({ set, parent, child }) => {
  it('loads, whatever a writer moves meanwhile', async () => {
    const own = set();
    const source = await server.open(own.script);
    const target = new BulkTarget(await server.open(own.script), own);
    const writing = await source.open();
    const other = await source.open();
    const write = async (
      connection: Connection,
      { resource, document }: DumpedKind,
      pairs: readonly (readonly [number, number])[],
    ) => {
      const documents = pairs.map(([id, of]) => ({ document: toJsonValue(document(id, of)) }));
      const outcomes = await openDocuments(connection, own.plans).upsertBatch(resource, documents);
      return outcomes.map((outcome) => {
        if (outcome.kind === 'rejected') throw new Error(outcome.diagnostics[0].message);
        return outcome.uuid;
      });
    };
    let isOver = false;
    let moved = 0;
    let dumpsBesideMoves = 0;
    /** Each child goes to a new parent, and the old one goes away. */
    const move = async () => {
      const store = openDocuments(writing, own.plans);
      let gone: readonly string[] = [];
      for (let id = 10_000; !isOver; id += 1) {
        const uuids = [...(await write(writing, parent, [[id, 0]])), ...(await write(writing, child, [[id, id]]))];
        if (gone.length > 0) await store.removeBatch(gone);
        gone = uuids;
        moved += 1;
      }
    };
    try {
      const ids = Array.from({ length: 1_200 }, (_, index) => [index + 1, index + 1] as const);
      await write(source.connection, parent, ids);
      await write(source.connection, child, ids);
      const work = move();
      work.catch(() => undefined);
      try {
        for (let number = 1; number <= dumps; number += 1) {
          const folder = path.join(scratch, `${parent.resource.projectName}-${number}`);
          const before = moved;
          const { unreadable } = await dumpDocuments(source.connection, own.plans, folder, {
            more: async () => [other],
          });
          // no document that is written or deleted meanwhile seems lost, not even without a snapshot
          const moving = { ...source.connection, readsOneMoment: async () => false };
          const { unreadable: lost } = await dumpDocuments(moving, own.plans, `${folder}-moving`);
          expect([...unreadable, ...lost]).toEqual([]);
          dumpsBesideMoves += moved > before ? 1 : 0;
          await target.empty();
          const { summary, told } = await target.load([folder], true);
          expect({ number, told }).toEqual({ number, told: [] });
          expect(summary.total.inserted).toBeGreaterThanOrEqual(2 * ids.length);
        }
        // a dump may be over before the writer, which shares the processors with it, has moved a child
        expect(dumpsBesideMoves).toBeGreaterThan(dumps / 2);
      } finally {
        isOver = true;
        await work;
      }
    } finally {
      await writing.close();
      await other.close();
      await source.close();
      await target.bench.close();
    }
  });
});
