import type { Connection } from '@dms/databases';
import type { MappingVersion } from '@dms/model';
import { givenScript, trusted } from '@dms/sql';
import { build, errorOf, isThorough, usualGenerations } from '@dms/testing';
import { type JsonObject, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { applyUpgrade, surveyUpgrade, type TranslationRejects } from '../../src/index.ts';
import { compiled, databaseText, documentRows } from '../bench.ts';
import { loaded } from '../dumped.ts';
import { sessionForAll } from '../sessions.ts';
import { trackedRows } from '../written-rows.ts';
import { expectAsLoaded, storedIn, translatedFrom } from './translated-documents.ts';
import { type TranslatedSets, translated } from './translated-sets.ts';

/*
 * Documents that a check of the plan refuses, although the plan reads no documents otherwise: a file of rejects takes
 * them (design 12a §6).
 */

const { object, project, reference, resource, string } = build;

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

const tag = (label: build.JsonRecord, equalityConstraints: readonly build.JsonRecord[] = []) =>
  resource('Tag', {
    identityJsonPaths: ['$.tagId'],
    equalityConstraints,
    jsonSchemaForInsert: object({ tagId: string(20), label, colour: string(20) }, ['tagId']),
  });

const note = (place: string) =>
  resource('Note', {
    identityJsonPaths: ['$.noteId', '$.tagReference.tagId'],
    documentPathsMapping: { Tag: reference('Ed-Fi:Tag', [['$.tagId', '$.tagReference.tagId']]) },
    jsonSchemaForInsert: object(
      { noteId: string(20), [place]: string(20), tagReference: object({ tagId: string(20) }, ['tagId']) },
      ['noteId', 'tagReference'],
    ),
  });

const person = (name: string) =>
  resource('Person', {
    identityJsonPaths: ['$.code'],
    jsonSchemaForInsert: object({ code: string(20), [name]: string(20) }, ['code']),
  });

/** Tags get another rule, `laterTag`; with `isRewriting` persons get other values. */
function tagged(version: MappingVersion, laterTag: ReturnType<typeof tag>, isRewriting: boolean): TranslatedSets {
  const before = compiled([project('Ed-Fi', [tag(string(20)), note('text'), person('city')])], 'pgsql', version);
  const after = compiled([project('Ed-Fi', [laterTag, note('words'), person('town')])], 'pgsql', version);
  const moves = [
    { before: 'Ed-Fi:Note.$.text', after: 'Ed-Fi:Note.$.words' },
    {
      before: 'Ed-Fi:Person.$.city',
      after: 'Ed-Fi:Person.$.town',
      ...(isRewriting ? { values: { Lima: 'LIM' } } : {}),
    },
  ];
  return { before, after, translation: translated(before, after, { moves }) };
}

const documents = [
  { resource: 'Ed-Fi:Tag', document: { tagId: 'a', label: 'red', colour: 'red' } },
  { resource: 'Ed-Fi:Tag', document: { tagId: 'b', label: 'vermilion', colour: 'red' } },
  { resource: 'Ed-Fi:Tag', document: { tagId: 'c', label: 'ultramarine', colour: 'blue' } },
  { resource: 'Ed-Fi:Note', document: { noteId: '1', text: 'stays', tagReference: { tagId: 'a' } } },
  { resource: 'Ed-Fi:Note', document: { noteId: '2', text: 'goes', tagReference: { tagId: 'b' } } },
  { resource: 'Ed-Fi:Person', document: { code: 'p', city: 'Lima' } },
].map(({ resource: name, document }) => ({ resource: name, document: toJsonValue(document) as JsonObject }));

function keeping(): { readonly kept: string[]; readonly rejects: TranslationRejects } {
  const kept: string[] = [];
  const rejects: TranslationRejects = {
    add: async (_, { uuid }) => void kept.push(uuid ?? ''),
    finish: async () => void kept.push('all'),
  };
  return { kept, rejects };
}

const shorter = tag(string(5));
const patterned = tag({ ...string(20), pattern: '^.{1,5}$' });

const cases = [
  ['a column becomes shorter', shorter],
  ['a rule of the JSON schema is new', patterned],
  ['two members become one column', tag(string(20), [{ sourceJsonPath: '$.label', targetJsonPath: '$.colour' }])],
] as const;

const tried: readonly MappingVersion[] = [...usualGenerations(), 'v2-natural'];

describe.each(tried)('in %s', (version) => {
  const isWhole = isThorough || version === 'v2';
  const own = isWhole ? cases : cases.slice(-1);
  /** For tests that do not differ between the generations. */
  const inOne = (title: string, work: () => Promise<void>): void => {
    if (isWhole) it(title, work);
  };

  it.each(own)('%s: what cannot stay is kept and removed, with what names it', async (_, laterTag) => {
    const sets = tagged(version, laterTag, false);
    const { before, after, translation } = sets;
    expect(translation.isRewriting).toBe(false);
    await loaded(connection, before, { descriptors: [], documents });
    const stored = await storedIn(connection, before);
    const { rejected, documents: later } = await translatedFrom(sets, stored);
    const leaving = rejected.map(({ uuid }) => uuid);
    expect([leaving.length, later.length]).toEqual([3, 3]);
    const text = await databaseText(connection);

    // without `rejects`, nobody keeps them
    const error = await errorOf(() => applyUpgrade(connection, before, after, { translation }));
    expect(error.code).toBe('UPGRADE_ROWS_OBJECT');
    expect((await surveyUpgrade(connection, before, after, { translation })).errors.map(({ code }) => code)).toContain(
      'UPGRADE_ROWS_OBJECT',
    );
    expect(await databaseText(connection)).toBe(text);

    // a plan and a dry run keep them, and change nothing
    const planned = keeping();
    const survey = await surveyUpgrade(connection, before, after, { translation, rejects: planned.rejects });
    expect([survey.errors, survey.counts, survey.translation?.documents.rejects]).toEqual([[], [], 3]);
    const dry = keeping();
    await applyUpgrade(connection, before, after, { translation, rejects: dry.rejects, dryRun: true });
    expect(await databaseText(connection)).toBe(text);

    const { kept, rejects } = keeping();
    const upgraded = await applyUpgrade(connection, before, after, { translation, rejects });
    expect(upgraded).toMatchObject({ outcome: 'upgraded', rejected: 3, documents: 3 });
    expect([planned.kept, dry.kept, kept]).toEqual([1, 2, 3].map(() => [...leaving, 'all']));
    if (version !== 'v1') {
      // the change feed reports each of them once
      const recorded = [...(await trackedRows(connection, after)).values()].flat();
      expect(recorded.map(({ Id }) => Id).sort()).toEqual([...leaving].sort());
    }
    await expectAsLoaded(connection, after, later);
  });

  it('what rules make of a document that cannot stay is not written', async () => {
    const named = (name: string, members: build.JsonRecord) =>
      resource(name, {
        identityJsonPaths: ['$.code'],
        jsonSchemaForInsert: object({ code: string(20), ...members }, ['code']),
      });
    const before = compiled(
      [project('Ed-Fi', [named('Pupil', { name: string(20), nick: string(20) })])],
      'pgsql',
      version,
    );
    const later = [named('Pupil', { name: string(5) }), named('Traits', { nick: string(20) })];
    const after = compiled([project('Ed-Fi', later)], 'pgsql', version);
    const entry = { before: 'Ed-Fi:Pupil', after: 'Ed-Fi:Traits', members: ['$.nick'] };
    const sets = { before, after, translation: translated(before, after, { documents: [entry] }) };
    const pupils = [
      { code: '1', name: 'Ada', nick: 'a' },
      { code: '2', name: 'Bartholomew', nick: 'b' },
    ].map((document) => ({ resource: 'Ed-Fi:Pupil', document: toJsonValue(document) as JsonObject }));
    await loaded(connection, before, { descriptors: [], documents: pupils });
    const { rejected, documents: written } = await translatedFrom(sets, await storedIn(connection, before));
    expect([rejected.length, written.length]).toEqual([1, 2]);
    const { kept, rejects } = keeping();
    await applyUpgrade(connection, before, after, { translation: sets.translation, rejects });
    expect(kept).toEqual([...rejected.map(({ uuid }) => uuid), 'all']);
    await expectAsLoaded(connection, after, written);
  });

  inOne('keys to documents are dropped while many documents are removed, and are the same afterwards', async () => {
    const { before, after, translation } = tagged(version, shorter, true);
    const many = Array.from({ length: 100 }, (_, index) => ({
      resource: 'Ed-Fi:Tag',
      document: toJsonValue({ tagId: `${index}`, label: 'vermilion', colour: 'red' }) as JsonObject,
    }));
    await loaded(connection, before, { descriptors: [], documents: [...documents, ...many] });
    await connection.execute(
      givenScript(`CREATE TABLE public.others (id bigint CONSTRAINT "Others" REFERENCES dms."Document" ON DELETE SET NULL);
INSERT INTO public.others SELECT "DocumentId" FROM dms."Document";
COMMENT ON CONSTRAINT "FK_Note_Document" ON edfi."Note" IS 'x';`),
    );
    const keys = () =>
      connection.query<{ id: string; name: string; definition: string; comment: string | null }>(
        trusted(`SELECT oid::text AS id, conname AS name, pg_get_constraintdef(oid) AS definition,
    obj_description(oid, 'pg_constraint') AS comment
FROM pg_constraint WHERE contype = 'f' AND confrelid = 'dms."Document"'::regclass ORDER BY conname`),
      );
    const then = await keys();
    const { rejected } = await applyUpgrade(connection, before, after, { translation, rejects: keeping().rejects });
    const now = await keys();
    expect(rejected).toBe(103);
    const shown = (found: typeof then) => found.map(({ name, definition, comment }) => [name, definition, comment]);
    expect(shown(now)).toEqual(shown(then));
    const ids = new Set(then.map(({ id }) => id));
    const again = now.filter(({ id }) => !ids.has(id)).map(({ name }) => name);
    // the plan itself drops the key of a rewritten resource
    expect(again).toEqual(['FK_Person_Document', 'FK_Tag_Document']);
    const [left] = await connection.query<{ n: number }>(trusted('SELECT count(id)::int AS n FROM public.others'));
    expect(left?.n).toBe(3);
    // the other generations use the same database
    await connection.execute(givenScript('DROP TABLE public.others'));
  });

  inOne('documents that may break a rule stay', async () => {
    const { before, after, translation } = tagged(version, patterned, false);
    await loaded(connection, before, { descriptors: [], documents });
    const { kept, rejects } = keeping();
    const options = { translation, rejects, allowInvalid: ['Ed-Fi:Tag'] };
    const { rejected, invalid } = await applyUpgrade(connection, before, after, options);
    expect([rejected, kept, invalid.map((each) => each.count)]).toEqual([0, ['all'], [2]]);
    expect(await documentRows(connection)).toHaveLength(6);
  });

  inOne('no document is rejected: a keeper of rejects is called once, without a reject', async () => {
    for (const isRewriting of [true, false]) {
      const { before, after, translation } = tagged(version, tag(string(15)), isRewriting);
      await loaded(connection, before, { descriptors: [], documents });
      const planned = keeping();
      const survey = await surveyUpgrade(connection, before, after, { translation, rejects: planned.rejects });
      expect([survey.errors, planned.kept]).toEqual([[], ['all']]);
      const { kept, rejects } = keeping();
      const { rejected } = await applyUpgrade(connection, before, after, { translation, rejects });
      expect([rejected, kept]).toEqual([0, ['all']]);
      expect(await documentRows(connection)).toHaveLength(6);
      // a run on an upgraded database adds nothing to the rejects of an earlier run
      const again = keeping();
      const { outcome } = await applyUpgrade(connection, before, after, { translation, rejects: again.rejects });
      await surveyUpgrade(connection, before, after, { translation, rejects: again.rejects });
      expect([outcome, again.kept]).toEqual(['alreadyUpgraded', []]);
    }
  });
});
