import type { Connection } from '@dms/databases';
import type { MappingVersion } from '@dms/model';
import { givenScript, trusted } from '@dms/sql';
import { build, usualGenerations } from '@dms/testing';
import { translateDocuments } from '@dms/translation';
import { type JsonObject, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { applyUpgrade, planUpgrade, prepareUpgrade } from '../../src/index.ts';
import { checkLater } from '../../src/translating/check-later.ts';
import { readAndTranslate } from '../../src/translating/read-and-translate.ts';
import { compiled, documentRows, events } from '../bench.ts';
import { loaded } from '../dumped.ts';
import { sessionForAll } from '../sessions.ts';
import { trackedRows } from '../written-rows.ts';
import { expectAsLoaded, storedIn, translatedFrom } from './translated-documents.ts';
import { type TranslatedSets, translated } from './translated-sets.ts';

/*
 * Copies of parts of an identity that go to another place and keep their values: their columns stay, and no document is
 * read because of them (design 12a §6).
 */

const { array, object, project, reference, resource, string } = build;

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

/**
 * Visits name a person, later a home, and get their id in an object. Reports, reviews (through reports), memos, diaries,
 * logs and digests name visits; the copies in logs get another name, and the moods of digests other values.
 */
const schemas = (isLater: boolean) => {
  const [target, own] = isLater ? ['Home', 'homeReference'] : ['Person', 'personReference'];
  const visitId = isLater ? '$.stay.visitId' : '$.visitId';
  const coded = (name: string, ...others: readonly string[]) =>
    resource(name, {
      identityJsonPaths: ['$.code'],
      jsonSchemaForInsert: object(Object.fromEntries(['code', ...others].map((each) => [each, string(20)])), ['code']),
    });
  const keyWith = (code: string) => object({ visitId: string(20), [code]: string(20) }, ['visitId', code]);
  const toVisit = (at: string, required: boolean, code = 'code') =>
    reference(
      'Ed-Fi:Visit',
      [
        [visitId, `${at}.visitId`],
        [`$.${own}.code`, `${at}.${code}`],
      ],
      required,
    );
  const ofVisit = ['$.visitReference.visitId', '$.visitReference.code'];
  const toReport = reference(
    'Ed-Fi:Report',
    ofVisit.map((path) => [path, path.replace('visitReference', 'reportReference')] as const),
  );
  const key = keyWith('code');
  const ofLog = isLater ? 'homeCode' : 'code';
  const homeReference = object({ code: string(20) }, ['code']);
  const visit = isLater
    ? object({ stay: object({ visitId: string(20) }, ['visitId']), homeReference }, ['stay', 'homeReference'])
    : object({ visitId: string(20), personReference: homeReference }, ['visitId', 'personReference']);
  return [
    project('Ed-Fi', [
      ...(isLater ? [coded('Person'), coded('Home', 'region')] : [coded('Person', 'region')]),
      resource('Visit', {
        identityJsonPaths: [visitId, `$.${own}.code`],
        documentPathsMapping: { [target]: reference(`Ed-Fi:${target}`, [['$.code', `$.${own}.code`]]) },
        jsonSchemaForInsert: visit,
      }),
      resource('Report', {
        identityJsonPaths: ofVisit,
        documentPathsMapping: { Visit: toVisit('$.visitReference', true) },
        jsonSchemaForInsert: object({ visitReference: key, text: string(20) }, ['visitReference']),
      }),
      resource('Review', {
        identityJsonPaths: ['$.reviewId', '$.reportReference.visitId', '$.reportReference.code'],
        documentPathsMapping: { Report: toReport },
        jsonSchemaForInsert: object({ reviewId: string(20), reportReference: key }, ['reviewId', 'reportReference']),
      }),
      resource('Digest', {
        identityJsonPaths: ['$.digestId'],
        documentPathsMapping: { Report: toReport },
        jsonSchemaForInsert: object({ digestId: string(20), reportReference: key, mood: string(20) }, [
          'digestId',
          'reportReference',
        ]),
      }),
      resource('Memo', {
        identityJsonPaths: ['$.memoId'],
        documentPathsMapping: { Visit: toVisit('$.visitReference', false) },
        jsonSchemaForInsert: object({ memoId: string(20), visitReference: key }, ['memoId']),
      }),
      resource('Log', {
        identityJsonPaths: ['$.logId'],
        documentPathsMapping: { Visit: toVisit('$.visitReference', false, ofLog) },
        jsonSchemaForInsert: object({ logId: string(20), visitReference: keyWith(ofLog) }, ['logId']),
      }),
      resource('Diary', {
        identityJsonPaths: ['$.diaryId'],
        documentPathsMapping: {
          Visit: toVisit('$.visitReference', false),
          Entry: toVisit('$.entries[*].visitReference', true),
        },
        arrayUniquenessConstraints: [
          { paths: ['$.entries[*].visitReference.visitId', '$.entries[*].visitReference.code'] },
        ],
        jsonSchemaForInsert: object(
          {
            diaryId: string(20),
            visitReference: key,
            entries: array(object({ visitReference: key }, ['visitReference'])),
          },
          ['diaryId'],
        ),
      }),
    ]),
  ];
};

const mood = 'Ed-Fi:Digest.$.mood';

const rules = {
  moves: [
    { before: 'Ed-Fi:Visit.$.personReference', after: 'Ed-Fi:Visit.$.homeReference' },
    { before: 'Ed-Fi:Visit.$.visitId', after: 'Ed-Fi:Visit.$.stay.visitId' },
    { before: mood, after: mood, values: { good: 'fine' } },
  ],
  documents: [{ before: 'Ed-Fi:Person', after: 'Ed-Fi:Home', members: ['$.region'] }],
};

const setsIn = (version: MappingVersion): TranslatedSets => {
  const [before, after] = [compiled(schemas(false), 'pgsql', version), compiled(schemas(true), 'pgsql', version)];
  return { before, after, translation: translated(before, after, rules) };
};

const given = (documents: readonly (readonly [name: string, document: object])[]) => ({
  descriptors: [],
  documents: documents.map(([name, document]) => ({
    resource: `Ed-Fi:${name}`,
    document: toJsonValue(document) as JsonObject,
  })),
});

const visit = (visitId: string, code: string) => ({ visitId, code });

const carried: Parameters<typeof given>[0] = [
  ['Person', { code: 'a', region: 'north' }],
  ['Person', { code: 'b', region: 'south' }],
  ['Visit', { visitId: '1', personReference: { code: 'a' } }],
  ['Visit', { visitId: '1', personReference: { code: 'b' } }],
  ['Visit', { visitId: '2', personReference: { code: 'b' } }],
  ['Report', { visitReference: visit('1', 'a'), text: 'good' }],
  ['Report', { visitReference: visit('1', 'b') }],
  ['Review', { reviewId: 'r', reportReference: visit('1', 'a') }],
  ['Review', { reviewId: 'r', reportReference: visit('1', 'b') }],
  ['Digest', { digestId: 'd', reportReference: visit('1', 'b'), mood: 'good' }],
  ['Memo', { memoId: 'none' }],
  ['Memo', { memoId: 'one', visitReference: visit('1', 'b') }],
  ['Log', { logId: 'none' }],
  ['Log', { logId: 'one', visitReference: visit('1', 'b') }],
  ['Diary', { diaryId: 'none' }],
  ['Diary', { diaryId: 'one', visitReference: visit('2', 'b') }],
  [
    'Diary',
    {
      diaryId: 'all',
      visitReference: visit('1', 'a'),
      entries: [{ visitReference: visit('2', 'b') }, { visitReference: visit('1', 'b') }],
    },
  ],
];

/** A person without a region has no home, so what names it, through any number of references, is rejected. */
const homeless: Parameters<typeof given>[0] = [
  ['Person', { code: 'c' }],
  ['Visit', { visitId: '1', personReference: { code: 'c' } }],
  ['Report', { visitReference: visit('1', 'c') }],
  ['Review', { reviewId: 'r', reportReference: visit('1', 'c') }],
  ['Memo', { memoId: 'own', visitReference: visit('1', 'c') }],
  ['Diary', { diaryId: 'own', visitReference: visit('1', 'c') }],
  ['Diary', { diaryId: 'entry', entries: [{ visitReference: visit('1', 'a') }, { visitReference: visit('1', 'c') }] }],
];

/** The resources whose documents are not read. */
const following = ['Ed-Fi:Report', 'Ed-Fi:Review', 'Ed-Fi:Memo', 'Ed-Fi:Diary'];

/** Deletes the review of a report of `b`, as the service does. */
async function deleteReview(): Promise<void> {
  const ofReview = `"DocumentId" IN (SELECT "DocumentId" FROM edfi."Review" WHERE "Report_Code" = 'b')`;
  const [row] = await connection.query<{ id: string }>(
    trusted(`SELECT "DocumentId"::text AS id FROM edfi."Review" WHERE ${ofReview}`),
  );
  for (const table of ['edfi."Review"', 'dms."Document"'])
    await connection.execute(givenScript(`DELETE FROM ${table} WHERE "DocumentId" = ${row?.id}`));
}

it('reads the documents of resources with other copies, in both dialects', () => {
  for (const dialect of ['pgsql', 'mssql'] as const) {
    const [before, after] = [compiled(schemas(false), dialect), compiled(schemas(true), dialect)];
    const { rewritten } = translated(before, after, rules);
    expect([...rewritten].sort()).toEqual(['Ed-Fi:Digest', 'Ed-Fi:Log', 'Ed-Fi:Person', 'Ed-Fi:Visit']);
  }
});

describe.each<MappingVersion>([...usualGenerations(), 'v2-natural'])('in %s', (version) => {
  it('they become what a fresh database with the translated documents has, with the versions that they had', async () => {
    const sets = setsIn(version);
    const { before, after, translation } = sets;
    await loaded(connection, before, given(carried));
    await deleteReview();
    const stored = await storedIn(connection, before);
    const { rejected, documents } = await translatedFrom(sets, stored);
    expect([stored.length, rejected, documents.length]).toEqual([16, [], 18]);
    const of = (all: readonly unknown[]) =>
      all.filter((row) => following.includes((row as { readonly label: string }).label));
    const rows = of(await documentRows(connection));
    expect(rows).toHaveLength(8);
    const journal = version === 'v1' ? of(await events(connection)) : [];
    // nothing is lost, so nothing is asked
    expect(planUpgrade(before, after, { translation }).unpermitted).toEqual([]);
    const { outcome, diagnostics } = await applyUpgrade(connection, before, after, { translation });
    expect([outcome, diagnostics]).toEqual(['upgraded', []]);
    expect(of(await documentRows(connection))).toEqual(rows);
    if (version === 'v1') expect(of(await events(connection))).toEqual(journal);
    else {
      const tracked = await trackedRows(connection, after);
      const recorded = ['Visit', 'Report', 'Review'].flatMap(
        (name) => tracked.get(`tracked_changes_edfi.${name}`) ?? [],
      );
      expect(recorded).toMatchObject([{ OldReviewId: 'r', OldReport_Code: 'b', NewReport_Code: null }]);
    }
    await expectAsLoaded(connection, sets.after, documents);
  });

  it('they go with their documents if those name a document that is not carried', async () => {
    const sets = setsIn(version);
    const { before, after, translation } = sets;
    await loaded(connection, before, given([...carried, ...homeless]));
    const stored = await storedIn(connection, before);
    const question = { before, after, plan: planUpgrade(before, after, { translation }) };
    const seen = await readAndTranslate(connection, translation, question, async (found) => ({
      read: found.read,
      counts: found.counts,
      resources: found.report.resources,
      places: found.report.places,
      rejects: [...found.rejects()].map(([{ source, problem }]) => [found.earlier(source).uuid, problem]),
    }));
    const check = checkLater(translation, question);
    const whole = await translateDocuments(
      translation.compiled,
      stored,
      { check },
      async ({ counts, report, rejects, earlier }) => ({
        // persons, visits, digests and logs, and what names the lost visit
        read: 3 + 4 + 1 + 2 + 5,
        counts,
        resources: report.resources,
        places: report.places,
        rejects: [...rejects()].map(([{ source, problem }]) => [earlier(source).uuid, problem]),
      }),
    );
    expect(seen).toEqual(whole);
    expect(whole.rejects).toHaveLength(6);
    const { documents } = await translatedFrom(sets, stored);
    const kept: (string | null)[] = [];
    const rejects = {
      add: async (_: unknown, { uuid }: { readonly uuid: string | null }) => void kept.push(uuid),
      finish: async () => undefined,
    };
    expect((await applyUpgrade(connection, before, after, { translation, rejects })).outcome).toBe('upgraded');
    expect(kept).toEqual(whole.rejects.map(([uuid]) => uuid));
    await expectAsLoaded(connection, sets.after, documents);
  });

  it('they become the same after a preparation', async () => {
    const sets = setsIn(version);
    const { before, after, translation } = sets;
    await loaded(connection, before, given(carried));
    const { documents } = await translatedFrom(sets, await storedIn(connection, before));
    const { made } = await prepareUpgrade(connection, before, after, { translation });
    const { prepared } = await applyUpgrade(connection, before, after, { translation });
    expect(prepared).toBe(made.length);
    await expectAsLoaded(connection, sets.after, documents);
  });
});
