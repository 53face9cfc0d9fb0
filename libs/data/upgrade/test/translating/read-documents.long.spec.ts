import type { Connection } from '@dms/databases';
import { build, usualGenerations } from '@dms/testing';
import { translateDocuments } from '@dms/translation';
import { type JsonObject, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { planUpgrade } from '../../src/index.ts';
import { checkLater } from '../../src/translating/check-later.ts';
import { readAndTranslate } from '../../src/translating/read-and-translate.ts';
import { compiled } from '../bench.ts';
import { loaded } from '../dumped.ts';
import { sessionForAll } from '../sessions.ts';
import { storedIn } from './translated-documents.ts';
import { translated } from './translated-sets.ts';

/* Which documents a translation in place reads (design 12a §6.1). */

const { array, object, project, reference, resource, string } = build;

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

/** A tag whose label may become shorter, notes and remarks that name tags or each other, and persons. */
const released = (length: number, city: string) => {
  const key = (name: string) => ({ identityJsonPaths: [`$.${name}`] });
  const named = (target: string, part: string, at: string) =>
    reference(`Ed-Fi:${target}`, [[`$.${part}`, `${at}.${part}`]]);
  const referenceTo = (part: string) => object({ [part]: string(20) }, [part]);
  return [
    project(
      'Ed-Fi',
      [
        resource('Tag', {
          ...key('tagId'),
          isSubclass: true,
          superclassProjectName: 'Ed-Fi',
          superclassResourceName: 'Mark',
          superclassIdentityJsonPath: '$.markId',
          jsonSchemaForInsert: object({ tagId: string(20), label: string(length) }, ['tagId']),
        }),
        resource('Note', {
          ...key('noteId'),
          documentPathsMapping: { Mark: named('Mark', 'markId', '$.markReference') },
          jsonSchemaForInsert: object({ noteId: string(20), markReference: referenceTo('markId') }, ['noteId']),
        }),
        resource('Remark', {
          ...key('remarkId'),
          documentPathsMapping: { Note: named('Note', 'noteId', '$.notes[*].noteReference') },
          jsonSchemaForInsert: object(
            { remarkId: string(20), notes: array(object({ noteReference: referenceTo('noteId') }, ['noteReference'])) },
            ['remarkId'],
          ),
        }),
        resource('Person', {
          ...key('code'),
          jsonSchemaForInsert: object({ code: string(20), [city]: string(20) }, ['code']),
        }),
      ],
      { abstractResources: { Mark: { identityJsonPaths: ['$.markId'] } } },
    ),
  ];
};

const documents = [
  ['Tag', { tagId: 'a', label: 'red' }],
  ['Tag', { tagId: 'b', label: 'vermilion' }],
  ['Note', { noteId: '1', markReference: { markId: 'a' } }],
  ['Note', { noteId: '2', markReference: { markId: 'b' } }],
  ['Remark', { remarkId: 'x', notes: [{ noteReference: { noteId: '1' } }, { noteReference: { noteId: '2' } }] }],
  ['Remark', { remarkId: 'y', notes: [{ noteReference: { noteId: '1' } }] }],
  ['Person', { code: 'p', city: 'Lima' }],
].map(([name, document]) => ({ resource: `Ed-Fi:${name}`, document: toJsonValue(document) as JsonObject }));

describe.each(usualGenerations())('in %s', (version) => {
  it('reads touched documents and those that name a lost one, and reports as if it had read all', async () => {
    const before = compiled(released(20, 'city'), 'pgsql', version);
    const after = compiled(released(5, 'town'), 'pgsql', version);
    const translation = translated(before, after, {
      moves: [{ before: 'Ed-Fi:Person.$.city', after: 'Ed-Fi:Person.$.town' }],
    });
    await loaded(connection, before, { descriptors: [], documents });
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
      await storedIn(connection, before),
      { check },
      async ({ counts, report, rejects, earlier }) => ({
        read: 4,
        counts,
        resources: report.resources,
        places: report.places,
        rejects: [...rejects()].map(([{ source, problem }]) => [earlier(source).uuid, problem]),
      }),
    );
    expect(whole.rejects).toHaveLength(3);
    expect(seen).toEqual(whole);
  });
});
