import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ownSchema, ownSchemasV2 } from '@dms/testing';
import { jsonText } from '@dms/values';
import { afterAll, describe, expect, it } from 'vitest';
import { type BadPlace, badRecords } from '../../test/bad-records.ts';
import { compiled, type LoadableSet, ownSet, server } from '../../test/bench.ts';
import { BulkTarget } from '../../test/bulk-target.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-bad-records-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface BadRecordsCase {
  readonly name: string;
  readonly set: () => LoadableSet;
  readonly place: BadPlace;
}

const generations: readonly BadRecordsCase[] = [
  {
    name: 'the first generation',
    set: ownSet,
    place: {
      resource: 'Campus:District',
      id: 'districtId',
      text: 'districtName',
      other: { resource: 'Campus:School', id: 'schoolId', text: 'schoolName', reference: 'districtReference' },
    },
  },
  {
    name: 'the second generation',
    set: () => compiled(ownSchemasV2.map(ownSchema), 'v2'),
    place: {
      resource: 'Ed-Fi:LocalEducationAgency',
      id: 'localEducationAgencyId',
      text: 'nameOfInstitution',
      other: {
        resource: 'Ed-Fi:School',
        id: 'schoolId',
        text: 'nameOfInstitution',
        reference: 'localEducationAgencyReference',
      },
    },
  },
];

describe.each(generations)('records that are wrong, in $name', ({ set, place }) => {
  it('are reported and stored by load --bulk as by a plain load', async () => {
    const own = set();
    const target = new BulkTarget(await server.open(own.script), own);
    try {
      const records = badRecords(place);
      const file = path.join(scratch, `${own.plans.version}.jsonl`);
      writeFileSync(file, Buffer.concat(records.flatMap((record) => [record, Buffer.from('\n')])));
      const load = async (isBulk: boolean) => {
        await target.empty();
        const { rejects, summary } = await target.load([file], isBulk, { schemas: own.schemas });
        const told = rejects.map(({ line, resource, uuid, document, diagnostics }) => {
          const text = JSON.stringify({ line, resource, uuid, document: jsonText(document), diagnostics });
          // uuids that the loads generated
          return text.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'uuid');
        });
        return { told, summary, rows: await target.rows() };
      };
      const plain = await load(false);
      const bulk = await load(true);
      expect(bulk.told).toEqual(plain.told);
      expect(bulk.summary).toEqual(plain.summary);
      expect(bulk.rows).toEqual(plain.rows);
      // most are refused, and texts that only look odd are stored
      const { inserted, rejected } = plain.summary.total;
      expect(inserted + rejected).toBe(records.length);
      expect(rejected).toBeGreaterThan(350);
      expect(inserted).toBeGreaterThan(30);
    } finally {
      await target.bench.close();
    }
  });
});
