import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkData } from '@dms/checking';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { documentPlans } from '@dms/documents';
import { deriveInventory } from '@dms/inventory';
import { compileMappingSet } from '@dms/plans';
import { givenScript } from '@dms/sql';
import { dumpedTexts, hasSharedData, isThorough, ownSchema, ownSchemasV2, seeds, sharedSet } from '@dms/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { compiled, ownSet, server } from '../../test/bench.ts';
import { BulkTarget, RecordFiles } from '../../test/bulk-target.ts';
import { guildSet } from '../../test/guild-set.ts';
import { storedRows } from '../../test/stored-rows.ts';
import { dumpDocuments } from '../dumping/dump-documents.ts';
import type { LoadReject } from '../loading/load-report.ts';

/* A bulk load leaves the same rows as a plain load (design 14a §3). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-equal-rows-spec-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const files = new RecordFiles(scratch);

async function publishedSet() {
  const { model } = deriveModel(await sharedSet('v2', 'fixtures-v2', 'ds-5.2'), 'pgsql');
  const inventory = deriveInventory(model);
  return { plans: documentPlans(compileMappingSet(model), inventory), script: emitDdl(model, inventory).script };
}

const record = (resource: string, document: object) => ({ resource, document });
const campus = (districtId: number, more = {}) =>
  record('Campus:District', { districtId, districtName: `District ${districtId}`, ...more });
const agency = (localEducationAgencyId: number, more = {}) =>
  record('Ed-Fi:LocalEducationAgency', { localEducationAgencyId, nameOfInstitution: 'x', ...more });
const guild = (guildId: number, more = {}) => record('Core:Guild', { guildId, ...more });
const hostile = 'a\tb\\c\nd\re \\N';

interface Parity {
  readonly name: string;
  readonly set: () => ReturnType<typeof publishedSet>;
  readonly isThere: boolean;
  /** The number of documents of the sample. */
  readonly documents: number;
  /** A statement to run before documents are loaded. */
  readonly prepare: string;
  /** The table with rows that the database makes for each document, and its column with the version of the document. */
  readonly follow: { readonly table: string; readonly version: string };
  /** Further documents, each with the code of the first diagnostic of its reject; null if it is not rejected. */
  readonly further: readonly (readonly [document: object, code: string | null])[];
}

const journal = { prepare: '', follow: { table: 'dms."DocumentChangeEvent"', version: '"ChangeVersion"' } };
const queue = {
  // the queue is off in a new database
  prepare: `UPDATE dms."DocumentCacheState" SET "ProjectionLifecycleState" = 'Tracking'`,
  follow: { table: 'dms."DocumentProjectionWork"', version: '"RequiredContentVersion"' },
};

const sets: readonly Parity[] = [
  {
    name: 'the first generation',
    set: async () => ownSet(),
    isThere: true,
    documents: 100,
    ...journal,
    further: [
      [campus(900_000_001), null],
      [campus(900_000_001), 'DOCUMENT_EXISTS'],
      // another organization has the id
      [record('Campus:School', { schoolId: 900_000_001, schoolName: 'x' }), 'DOCUMENT_EXISTS'],
      [
        record('Campus:School', {
          schoolId: 900_000_002,
          schoolName: 'x',
          districtReference: { districtId: 900_000_009 },
        }),
        'DOCUMENT_REFERENCE_UNRESOLVED',
      ],
      [campus(900_000_003, { none: 1 }), 'DOCUMENT_PROPERTY_UNKNOWN'],
      [campus(900_000_004, { districtName: hostile }), null],
    ],
  },
  ...(['v2', 'v2-natural'] as const).map(
    (version): Parity => ({
      name: `the second generation, ${version}`,
      set: async () => compiled(ownSchemasV2.map(ownSchema), version),
      isThere: true,
      documents: 100,
      ...queue,
      further: [
        [agency(900_000_001), null],
        [agency(900_000_001), 'DOCUMENT_EXISTS'],
        [record('Ed-Fi:School', { schoolId: 900_000_001, nameOfInstitution: 'x', gradeLevels: [] }), 'DOCUMENT_EXISTS'],
        [
          record('Ed-Fi:School', {
            schoolId: 900_000_002,
            nameOfInstitution: 'x',
            gradeLevels: [],
            localEducationAgencyReference: { localEducationAgencyId: 900_000_009 },
          }),
          'DOCUMENT_REFERENCE_UNRESOLVED',
        ],
        [agency(900_000_003, { none: 1 }), 'DOCUMENT_PROPERTY_UNKNOWN'],
        [agency(900_000_004, { nameOfInstitution: hostile }), null],
      ],
    }),
  ),
  {
    name: 'guilds, with a circle',
    set: async () => guildSet(),
    isThere: true,
    documents: 100,
    ...queue,
    further: [
      [guild(900_000_001, { masterReference: { masterId: 900_000_001 } }), null],
      [record('Core:Master', { masterId: 900_000_001, guildReference: { guildId: 900_000_002 } }), null],
      [
        guild(900_000_002, { parentReference: { guildId: 900_000_003 }, allyReference: { unionId: 900_000_003 } }),
        null,
      ],
      [guild(900_000_003, { masterReference: { masterId: 900_000_009 } }), 'DOCUMENT_REFERENCE_UNRESOLVED'],
      [guild(900_000_003, { members: [{ memberNumber: 1 }, { memberNumber: 1 }] }), 'DOCUMENT_DUPLICATE_ELEMENT'],
      [guild(900_000_003, { members: [{ memberNumber: 1, fee: 12345678901234.5 }] }), null],
    ],
  },
  ...(isThorough
    ? [
        {
          name: 'the data standard 5.2 (needs the shared conformance data)',
          set: publishedSet,
          isThere: hasSharedData,
          documents: 2000,
          ...queue,
          further: [],
        },
      ]
    : []),
];

/** The codes of the rejects of one file, by line. */
const codesOf = (rejects: readonly LoadReject[], file: string, lines: number) =>
  Array.from(
    { length: lines },
    (_, index) => rejects.find((each) => each.file === file && each.line === index + 1)?.diagnostics[0].code ?? null,
  );

describe.each(sets)('rows of $name', ({ name, set, isThere, documents, prepare, follow, further }) => {
  it.skipIf(!isThere)('are those of a plain load after a load in bulk', async () => {
    const own = await set();
    const { mappingSet, inventory } = own.plans;
    const target = new BulkTarget(await server.open(own.script), own);
    const { connection } = target.bench;
    try {
      await connection.execute(givenScript(prepare));
      for (const seed of seeds(1)) {
        await target.empty();
        const odd = files.records('further.jsonl', ...further.map(([document]) => document));
        const paths = [files.sample(own, documents, seed), files.shapes(own, seed), odd];
        const plain = await target.load(paths, false);
        const rows = await storedRows(connection, own.plans);
        const dumpOf = (load: string) => path.join(scratch, name, `${load}-${seed}`);
        if (isThorough) await dumpDocuments(connection, own.plans, dumpOf('plain'));
        expect(Object.values(rows).flat().length).toBeGreaterThan(2 * documents);
        await target.empty();
        const keys = await target.keys();
        // drops the keys of all tables and adds them again
        const bulk = await target.load(paths, true, { postponedFrom: 0 });
        expect(await target.keys()).toEqual(keys);
        expect(codesOf(bulk.rejects, odd, further.length)).toEqual(further.map(([, code]) => code));
        expect(bulk.told).toEqual(plain.told);
        expect(bulk.summary).toEqual(plain.summary);
        const copied = await storedRows(connection, own.plans);
        expect(Object.keys(copied)).toEqual(Object.keys(rows));
        for (const [table, ofTable] of Object.entries(copied)) expect(ofTable, table).toEqual(rows[table]);
        expect(await target.disabled()).toBe(0);
        const input = { model: mappingSet.model, inventory, catalog: emitDdl(mappingSet.model, inventory).catalog };
        expect(await checkData(connection, input)).toEqual([]);
        expect(await target.count(follow.table)).toBe(await target.count());
        const older = `dms."Document" d JOIN ${follow.table} f USING ("DocumentId") WHERE f.${follow.version} <> d."ContentVersion"`;
        expect(await target.count(older)).toBe(0);
        if (!isThorough) continue;
        await dumpDocuments(connection, own.plans, dumpOf('bulk'));
        expect(dumpedTexts(dumpOf('bulk'))).toEqual(dumpedTexts(dumpOf('plain')));
        // the rows are what the documents need, so writing them again changes nothing
        const again = await target.load([dumpOf('bulk')], false, { onExisting: 'replace' });
        expect(again.summary.total).toMatchObject({ inserted: 0, replaced: 0, rejected: 0 });
      }
    } finally {
      await target.bench.close();
    }
  });
});
