import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type MappingVersion, mappingVersions } from '@dms/api-schema';
import { checkData } from '@dms/checking';
import { emitDdl } from '@dms/ddl';
import { openDocuments, referentialIdOf } from '@dms/documents';
import { givenScript, trusted } from '@dms/sql';
import { dumpedTexts, occasionSchemas } from '@dms/testing';
import { canonicalText } from '@dms/values';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compiled, server } from '../test/bench.ts';
import { BulkTarget, RecordFiles } from '../test/bulk-target.ts';
import { referentialIds } from '../test/stored-rows.ts';
import { dumpDocuments } from './dumping/dump-documents.ts';

/*
 * The first and the last day and second, which the server of the second generation stores as infinite (design 16 §6.4).
 */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-ends-of-time-spec-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const files = new RecordFiles(scratch);

const ends = { first: ['0001-01-01', '0001-01-01T00:00:00Z'], last: ['9999-12-31', '9999-12-31T23:59:59Z'] } as const;
const first = { day: ends.first[0], startsAt: ends.first[1] };
const last = { day: ends.last[0], startsAt: ends.last[1] };
const occasions = [
  { ...first, lastDay: ends.last[0], endsAt: ends.last[1] },
  { ...last, lastDay: ends.first[0], endsAt: ends.first[1] },
  { day: '2030-05-01', startsAt: '2030-05-01T08:00:00Z' },
];
const record = (resource: string) => (document: object) => ({ resource, document });
const core = (resourceName: string) => ({ projectName: 'Core', resourceName });

const serverForm = [
  '-infinity -infinity infinity infinity',
  '2030-05-01 2030-05-01 08:00:00+00 - -',
  'infinity infinity -infinity -infinity',
];

const stored: Readonly<Record<MappingVersion, readonly string[]>> = {
  v1: [
    '0001-01-01 0001-01-01 00:00:00+00 9999-12-31 9999-12-31 23:59:59+00',
    '2030-05-01 2030-05-01 08:00:00+00 - -',
    '9999-12-31 9999-12-31 23:59:59+00 0001-01-01 0001-01-01 00:00:00+00',
  ],
  v2: serverForm,
  'v2-natural': serverForm,
};

describe.each(mappingVersions)('the ends of time, %s', (version) => {
  const set = compiled(occasionSchemas(), version);
  const { plans } = set;
  const { model } = plans.mappingSet;
  const { inventory } = plans;
  const expected = { model, inventory, catalog: emitDdl(model, inventory).catalog };
  let target: BulkTarget;
  beforeAll(async () => {
    target = new BulkTarget(await server.open(set.script), set);
  });
  afterAll(() => target.bench.close());
  beforeEach(() => target.empty());

  const rows = async () => {
    const found = await target.bench.connection.query<{ row: string }>(
      trusted(
        `SELECT concat_ws(' ', "Day", "StartsAt", coalesce("LastDay"::text, '-'), coalesce("EndsAt"::text, '-')) AS row FROM core."Occasion" ORDER BY "Day"`,
      ),
    );
    return found.map(({ row }) => row);
  };
  const load = async (isBulk: boolean, name: string, ...records: readonly unknown[]) => {
    const { messages, summary } = await target.load([files.records(`${name}.jsonl`, ...records)], isBulk, {
      schemas: set.schemas,
    });
    expect(messages).toEqual([]);
    return summary.total;
  };

  it.each([false, true])(
    'are stored as the server stores them, hashed as documents have them, and read as they were (bulk: %s)',
    async (isBulk) => {
      await target.bench.connection.execute(givenScript(`SET TIME ZONE 'UTC'`));
      await load(isBulk, 'occasions', ...occasions.map(record('Core:Occasion')));
      expect(await rows()).toEqual(stored[version]);
      const ids = await referentialIds(target.bench.connection, plans);
      expect([...ids.values()].sort()).toEqual(
        occasions.map((occasion) => referentialIdOf(plans, core('Occasion'), new Map(Object.entries(occasion)))).sort(),
      );
      // references find them, and their copies of the identity satisfy the key
      await load(
        false,
        'visits',
        ...[first, last].map((occasionReference, index) => record('Core:Visit')({ visitId: index, occasionReference })),
      );
      expect(await checkData(target.bench.connection, expected)).toEqual([]);
      const store = openDocuments(target.bench.connection, plans);
      const visits = await store.readPage(core('Visit'), { limit: 10 });
      expect(visits.map(({ document }) => JSON.parse(canonicalText(document)).occasionReference)).toEqual([
        first,
        last,
      ]);
      for (const { day, startsAt } of [first, last]) {
        const byDay = await store.readPage(core('Occasion'), { limit: 10, filters: [{ path: '$.day', value: day }] });
        expect(byDay.map(({ document }) => document.get('startsAt'))).toEqual([startsAt]);
      }
      const dump = path.join(scratch, `dump-${version}-${isBulk}`);
      await dumpDocuments(target.bench.connection, plans, dump);
      const texts = Object.values(dumpedTexts(dump)).join('\n');
      expect(texts).not.toContain('infinity');
      expect(texts).toContain('"lastDay":"9999-12-31"');
      const again = await target.load([dump], false, { onExisting: 'replace' });
      expect(again.summary.total).toMatchObject({ unchanged: 5, replaced: 0, rejected: 0 });
    },
  );

  it.each([false, true])(
    'fractions of a second are cut where the server cuts them, with one note (bulk: %s)',
    async (isBulk) => {
      const days = { day: '2030-05-01', startsAt: '2030-05-01T08:00:00Z' };
      const later = { ...days, day: '2030-05-02' };
      const input = files.records(
        'fractions.jsonl',
        ...[days, later].map((day) => record('Core:Occasion')({ ...day, endsAt: '2030-05-01T09:00:00.75Z' })),
      );
      const notes: string[] = [];
      await target.load([input], isBulk, {
        onDiagnostic: ({ code, message }) => void notes.push(`${code}: ${message}`),
      });
      const [row = ''] = await rows();
      expect(row.endsWith(version !== 'v1' ? '09:00:00+00' : '09:00:00.75+00')).toBe(true);
      const note =
        'DOCUMENT_FRACTION_CUT: Core:Occasion $.endsAt is "2030-05-01T09:00:00.75Z": fractions of a second are cut, because an API does not store them.';
      expect(notes).toEqual(version !== 'v1' ? [note] : []);
    },
  );

  it('of values that are not in the identity are written one by one, too', async () => {
    const days = { day: '2030-05-01', startsAt: '2030-05-01T08:00:00Z' };
    await load(false, 'one', record('Core:Occasion')({ ...days, lastDay: ends.last[0], endsAt: ends.last[1] }));
    const [row = ''] = await rows();
    expect(row.endsWith(version !== 'v1' ? 'infinity infinity' : '9999-12-31 9999-12-31 23:59:59+00')).toBe(true);
  });
});
