import type { Connection } from '@dms/databases';
import { trusted } from '@dms/sql';
import { build, mainGenerations, usualGenerations } from '@dms/testing';
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
import { type TranslatedSets, translated } from './translated-sets.ts';

/* Which documents a translation in place reads (design 12a §6.1). */

const { array, ext, extensionOf, object, project, reference, resource, string } = build;

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

/** Documents of the resources of the project, from their names and values. */
const given = (documents: readonly (readonly [name: string, document: object])[]) =>
  documents.map(([name, document]) => ({
    resource: `Ed-Fi:${name}`,
    document: toJsonValue(document) as JsonObject,
  }));

const documents = given([
  ['Tag', { tagId: 'a', label: 'red' }],
  ['Tag', { tagId: 'b', label: 'vermilion' }],
  ['Note', { noteId: '1', markReference: { markId: 'a' } }],
  ['Note', { noteId: '2', markReference: { markId: 'b' } }],
  ['Remark', { remarkId: 'x', notes: [{ noteReference: { noteId: '1' } }, { noteReference: { noteId: '2' } }] }],
  ['Remark', { remarkId: 'y', notes: [{ noteReference: { noteId: '1' } }] }],
  ['Person', { code: 'p', city: 'Lima' }],
]);

/** Courses with guided lessons and a bus, visits that name courses, and persons; tags of guides and numbers of buses may be required. */
const courses = (required: boolean, city: string) => {
  const key = (name: string) => ({ identityJsonPaths: [`$.${name}`] });
  const named = (target: string, part: string, at: string) =>
    reference(`Ed-Fi:${target}`, [[`$.${part}`, `${at}.${part}`]], false);
  const referenceTo = (part: string) => object({ [part]: string(20) }, [part]);
  const ifRequired = (...names: string[]) => (required ? names : []);
  return [
    project('Ed-Fi', [
      resource('Tag', { ...key('tagId'), jsonSchemaForInsert: object({ tagId: string(20) }, ['tagId']) }),
      resource('Course', {
        ...key('courseId'),
        documentPathsMapping: { Tag: named('Tag', 'tagId', '$.lessons[*].guide.tagReference') },
        arrayUniquenessConstraints: [{ paths: ['$.lessons[*].day'] }],
        jsonSchemaForInsert: object(
          {
            courseId: string(20),
            lessons: array(
              object(
                {
                  day: string(20),
                  guide: object({ tagReference: referenceTo('tagId'), note: string(20) }, ifRequired('tagReference')),
                },
                ['day'],
              ),
            ),
            bus: object({ number: string(20), route: string(20), stop: string(20) }, ifRequired('number')),
          },
          ['courseId'],
        ),
      }),
      resource('Visit', {
        ...key('visitId'),
        documentPathsMapping: { Course: named('Course', 'courseId', '$.courseReference') },
        jsonSchemaForInsert: object({ visitId: string(20), courseReference: referenceTo('courseId') }, ['visitId']),
      }),
      resource('Person', {
        ...key('code'),
        jsonSchemaForInsert: object({ code: string(20), [city]: string(20) }, ['code']),
      }),
    ]),
  ];
};

const lesson = { day: 'first', guide: { tagReference: { tagId: 'a' }, note: 'kind' } };

const documentsOfCourses = given([
  ['Tag', { tagId: 'a' }],
  ['Course', { courseId: '1', lessons: [lesson], bus: { number: '7', route: 'south' } }],
  ['Course', { courseId: '2', lessons: [lesson, { day: 'second', guide: { note: 'late' } }, { day: 'third' }] }],
  ['Course', { courseId: '3', lessons: [lesson], bus: { route: 'north', stop: 'bridge' } }],
  ['Course', { courseId: '4', lessons: [{ day: 'first' }] }],
  ['Visit', { visitId: 'x', courseReference: { courseId: '1' } }],
  ['Visit', { visitId: 'y', courseReference: { courseId: '2' } }],
  ['Person', { code: 'p', city: 'Lima' }],
]);

/**
 * Walks and rides with objects that are present by rows without values, trips with objects in items, also of an extension,
 * and persons. A member of each object may be required.
 */
const trips = (required: boolean, city: string) => {
  const ifRequired = (...names: string[]) => (required ? names : []);
  const place = object({ code: string(20), floor: string(20) }, ifRequired('code'));
  return [
    project('Ed-Fi', [
      resource('Trip', {
        identityJsonPaths: ['$.tripId'],
        arrayUniquenessConstraints: [{ paths: ['$.stays[*].night'] }, { paths: ['$.stays[*].inn.meals[*].name'] }],
        jsonSchemaForInsert: object(
          {
            tripId: string(20),
            stays: array(
              object(
                {
                  night: string(20),
                  inn: object(
                    { name: string(20), meals: array(object({ name: string(20) }, ['name'])) },
                    ifRequired('name'),
                  ),
                },
                ['night'],
              ),
            ),
          },
          ['tripId'],
        ),
      }),
      resource('Walk', {
        identityJsonPaths: ['$.walkId'],
        jsonSchemaForInsert: object(
          {
            walkId: string(20),
            rests: object({ place: string(20), breaks: array(object({})) }, ifRequired('place')),
          },
          ['walkId'],
        ),
      }),
      resource('Ride', {
        identityJsonPaths: ['$.rideId'],
        jsonSchemaForInsert: object(
          { rideId: string(20), van: object({ number: string(20), route: string(20) }, ifRequired('number')) },
          ['rideId'],
        ),
      }),
      resource('Person', {
        identityJsonPaths: ['$.code'],
        jsonSchemaForInsert: object({ code: string(20), [city]: string(20) }, ['code']),
      }),
    ]),
    project(
      'Sample',
      [
        extensionOf('Trip', {
          arrayUniquenessConstraints: [{ paths: ['$._ext.sample.rooms[*].name'] }],
          jsonSchemaForInsert: object({
            _ext: ext('sample', object({ rooms: array(object({ name: string(20), place }, ['name'])) })),
          }),
        }),
        extensionOf('Ride', {
          jsonSchemaForInsert: object({ van: object({ _ext: ext('sample', object({})) }) }),
        }),
      ],
      { isExtension: true },
    ),
  ];
};

/** In `v2` nothing distinguishes breaks, so no walk can be stored. */
const walks = given([
  ['Walk', { walkId: '1', rests: { breaks: [{}] } }],
  ['Walk', { walkId: '2', rests: { place: 'hut', breaks: [{}] } }],
]);

const documentsOfTrips = given([
  // its second stay has no inn, but the first one has meals: it is read, and not rejected
  ['Trip', { tripId: '1', stays: [{ night: '1', inn: { name: 'Swan', meals: [{ name: 'tea' }] } }, { night: '2' }] }],
  ['Trip', { tripId: '2', _ext: { sample: { rooms: [{ name: 'a', place: { floor: '2' } }] } } }],
  ['Trip', { tripId: '3', _ext: { sample: { rooms: [{ name: 'a', place: { code: 'A2' } }, { name: 'b' }] } } }],
  ['Ride', { rideId: '1', van: { _ext: { sample: {} } } }],
  ['Ride', { rideId: '2', van: { number: '7', _ext: { sample: {} } } }],
  ['Ride', { rideId: '3' }],
  ['Person', { code: 'p', city: 'Lima' }],
]);

const toTown = [{ before: 'Ed-Fi:Person.$.city', after: 'Ed-Fi:Person.$.town' }];

/**
 * Compares what a translation in place reads with a translation of all documents. Returns the rejects, and the places of
 * its notes about required members.
 */
async function expectAsWhole(
  { before, after }: Pick<TranslatedSets, 'before' | 'after'>,
  stored: ReturnType<typeof given>,
  read: number,
) {
  const translation = translated(before, after, { moves: toTown }, true);
  await loaded(connection, before, { descriptors: [], documents: stored });
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
      read,
      counts,
      resources: report.resources,
      places: report.places,
      rejects: [...rejects()].map(([{ source, problem }]) => [earlier(source).uuid, problem]),
    }),
  );
  expect(seen).toEqual(whole);
  const notes = translation.compiled.notes.filter(({ code }) => code === 'TRANSLATION_REQUIRED');
  return { rejects: whole.rejects, required: notes.map(({ place }) => place).sort() };
}

describe.each(usualGenerations())('in %s', (version) => {
  it('reads touched documents and those that name a lost one, and reports as if it had read all', async () => {
    const before = compiled(released(20, 'city'), 'pgsql', version);
    const after = compiled(released(5, 'town'), 'pgsql', version);
    const { rejects, required } = await expectAsWhole({ before, after }, documents, 4);
    expect([rejects.length, required]).toEqual([3, []]);
  });

  it('reads the documents that lack a newly required member, and no other of their resource', async () => {
    const before = compiled(courses(false, 'city'), 'pgsql', version);
    const after = compiled(courses(true, 'town'), 'pgsql', version);
    const { rejects, required } = await expectAsWhole({ before, after }, documentsOfCourses, 3);
    expect(rejects).toHaveLength(3);
    // notes of the translation, which alone do not make it read all courses
    expect(required).toEqual(['Ed-Fi:Course.$.bus.number', 'Ed-Fi:Course.$.lessons[*].guide.tagReference']);
  });
});

describe.each(mainGenerations)('in %s', (version) => {
  it('refuses documents without a root row where members are newly required', async () => {
    const before = compiled(courses(false, 'city'), 'pgsql', version);
    const after = compiled(courses(true, 'town'), 'pgsql', version);
    const translation = translated(before, after, { moves: toTown });
    await loaded(connection, before, { descriptors: [], documents: documentsOfCourses });
    await connection.execute(trusted(`DELETE FROM edfi."Course" WHERE "CourseId" = '4'`));
    const question = { before, after, plan: planUpgrade(before, after, { translation }) };
    const reading = readAndTranslate(connection, translation, question, () => Promise.resolve());
    await expect(reading).rejects.toThrow(/^DOCUMENT_UNREADABLE: The Ed-Fi:Course .* has no row in edfi\.Course, /);
  });

  it('reads the documents whose objects are present by rows of other tables', async () => {
    const before = compiled(trips(false, 'city'), 'pgsql', version);
    const after = compiled(trips(true, 'town'), 'pgsql', version);
    const { rejects } =
      version === 'v1'
        ? await expectAsWhole({ before, after }, [...walks, ...documentsOfTrips], 4)
        : await expectAsWhole({ before, after }, documentsOfTrips, 2);
    // an extension without values is no object in `v2`
    expect(rejects).toHaveLength(version === 'v1' ? 3 : 1);
  });
});
