import type { Connection } from '@dms/databases';
import { build, errorOf, type MainGeneration } from '@dms/testing';
import { type JsonObject, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { applyUpgrade } from '../../src/index.ts';
import { compiled, databaseText, documentRows } from '../bench.ts';
import { loaded } from '../dumped.ts';
import { sessionForAll } from '../sessions.ts';
import { trackedRows } from '../written-rows.ts';
import { expectAsLoaded, storedIn, translatedFrom } from './translated-documents.ts';
import { type TranslatedSets, translated } from './translated-sets.ts';

/*
 * Documents that are removed from tables whose names or columns change in the same upgrade: parts of identities, members
 * of references, descriptors, organizations, items of collections, resources and projects have other names (design 12a
 * §6).
 */

const { array, descriptor, descriptorPath, ext, extensionOf, integer, object, project, reference, resource, string } =
  build;

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

/** The names that change. */
interface IdentityNames {
  readonly district: string;
  readonly school: string;
  readonly organization: string;
  readonly room: string;
  readonly roomCode: string;
  readonly grade: string;
  readonly places: string;
  readonly club: string;
  readonly band: string;
  readonly motto: string;
}

const earlier: IdentityNames = {
  district: 'districtId',
  school: 'schoolId',
  organization: 'educationOrganizationId',
  room: 'Room',
  roomCode: 'roomCode',
  grade: 'GradeDescriptor',
  places: 'places',
  club: 'Extra',
  band: 'Band',
  motto: 'motto',
};

const later: IdentityNames = {
  district: 'districtKey',
  school: 'schoolKey',
  organization: 'educationOrganizationKey',
  room: 'Hall',
  roomCode: 'hallCode',
  grade: 'LevelDescriptor',
  places: 'corners',
  club: 'More',
  band: 'Choir',
  motto: 'device',
};

const lower = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

const member = (name: string, id: string, organization: string, others: build.JsonRecord, mapping = {}) =>
  resource(name, {
    isSubclass: true,
    superclassProjectName: 'Core',
    superclassResourceName: 'EducationOrganization',
    superclassIdentityJsonPath: `$.${organization}`,
    identityJsonPaths: [`$.${id}`],
    documentPathsMapping: mapping,
    jsonSchemaForInsert: object({ [id]: integer(), ...others }, [id]),
  });

/** Labels of districts have a size; a district with a longer one is removed, with all that names it. */
function schemas(names: IdentityNames, label: build.JsonRecord): readonly unknown[] {
  const { district, school, organization, room, roomCode, grade, places, club, band, motto } = names;
  const roomMembers = { [roomCode]: string(20), [school]: integer() };
  const gradePath = `$.${lower(grade)}`;
  const core = project(
    'Core',
    [
      descriptor(grade),
      member('District', district, organization, { label }),
      member(
        'School',
        school,
        organization,
        { districtReference: object({ [district]: integer() }, [district]) },
        {
          District: reference('Core:District', [[`$.${district}`, `$.districtReference.${district}`]], false),
        },
      ),
      resource(room, {
        arrayUniquenessConstraints: [{ paths: [`$.${places}[*].place`] }],
        identityJsonPaths: [`$.${roomCode}`, `$.schoolReference.${school}`, gradePath],
        documentPathsMapping: {
          School: reference('Core:School', [[`$.${school}`, `$.schoolReference.${school}`]]),
          Grade: descriptorPath(`Core:${grade}`, gradePath),
        },
        jsonSchemaForInsert: object(
          {
            [roomCode]: string(20),
            [lower(grade)]: build.uri(),
            schoolReference: object({ [school]: integer() }, [school]),
            [places]: array(object({ place: string(20) }, ['place'])),
          },
          [roomCode, 'schoolReference', lower(grade)],
        ),
      }),
      resource('Lesson', {
        identityJsonPaths: [
          '$.hour',
          `$.roomReference.${roomCode}`,
          `$.roomReference.${school}`,
          `$.roomReference.${lower(grade)}`,
        ],
        documentPathsMapping: {
          Room: reference(`Core:${room}`, [
            [`$.${roomCode}`, `$.roomReference.${roomCode}`],
            [`$.schoolReference.${school}`, `$.roomReference.${school}`],
            [gradePath, `$.roomReference.${lower(grade)}`],
          ]),
        },
        jsonSchemaForInsert: object(
          {
            hour: integer(),
            roomReference: object({ ...roomMembers, [lower(grade)]: build.uri() }, [
              ...Object.keys(roomMembers),
              lower(grade),
            ]),
          },
          ['hour', 'roomReference'],
        ),
      }),
      resource('Visit', {
        identityJsonPaths: ['$.day', `$.organizationReference.${organization}`],
        documentPathsMapping: {
          Organization: reference('Core:EducationOrganization', [
            [`$.${organization}`, `$.organizationReference.${organization}`],
          ]),
        },
        jsonSchemaForInsert: object(
          { day: string(10), organizationReference: object({ [organization]: integer() }, [organization]) },
          ['day', 'organizationReference'],
        ),
      }),
      resource('Song', {
        identityJsonPaths: ['$.title'],
        jsonSchemaForInsert: object({ title: string(20), tone: string(20) }, ['title']),
      }),
    ],
    { abstractResources: { EducationOrganization: { identityJsonPaths: [`$.${organization}`] } } },
  );
  const extension = project(
    club,
    [
      extensionOf('Visit', {
        arrayUniquenessConstraints: [{ paths: [`$._ext.${lower(club)}.awards[*].award`] }],
        jsonSchemaForInsert: object({
          _ext: ext(
            lower(club),
            object({ [motto]: string(20), awards: array(object({ award: string(20) }, ['award'])) }),
          ),
        }),
      }),
      resource(band, {
        arrayUniquenessConstraints: [{ paths: ['$.songs[*].song'] }],
        identityJsonPaths: ['$.name'],
        documentPathsMapping: {
          District: reference('Core:District', [[`$.${district}`, `$.districtReference.${district}`]], false),
        },
        jsonSchemaForInsert: object(
          {
            name: string(20),
            districtReference: object({ [district]: integer() }, [district]),
            songs: array(object({ song: string(20) }, ['song'])),
          },
          ['name'],
        ),
      }),
    ],
    { isExtension: true },
  );
  return [core, extension];
}

const names: readonly (readonly [before: string, after: string])[] = [
  ['Extra', 'More'],
  ['Core:GradeDescriptor', 'Core:LevelDescriptor'],
  ['Core:EducationOrganization.$.educationOrganizationId', 'Core:EducationOrganization.$.educationOrganizationKey'],
  ['Core:District.$.districtId', 'Core:District.$.districtKey'],
  ['Core:School.$.schoolId', 'Core:School.$.schoolKey'],
  ['Core:Room', 'Core:Hall'],
  ['Core:Room.$.roomCode', 'Core:Hall.$.hallCode'],
  ['Core:Room.$.gradeDescriptor', 'Core:Hall.$.levelDescriptor'],
  ['Core:Room.$.places[*]', 'Core:Hall.$.corners[*]'],
  ['Extra:Band', 'More:Choir'],
  ['Core:Visit.$._ext.extra.motto', 'Core:Visit.$._ext.more.device'],
];

/** With `isRewriting`, a value of a resource changes too, so that documents are written again. */
function renamedSets(version: MainGeneration, isRewriting: boolean, takes: (name: string) => boolean): TranslatedSets {
  const keys: readonly (readonly [keyof IdentityNames, string])[] = [
    ['club', 'Extra'],
    ['grade', 'Core:GradeDescriptor'],
    ['organization', 'Core:EducationOrganization.$.educationOrganizationId'],
    ['district', 'Core:District.$.districtId'],
    ['school', 'Core:School.$.schoolId'],
    ['room', 'Core:Room'],
    ['roomCode', 'Core:Room.$.roomCode'],
    ['places', 'Core:Room.$.places[*]'],
    ['band', 'Extra:Band'],
    ['motto', 'Core:Visit.$._ext.extra.motto'],
  ];
  const own: IdentityNames = { ...earlier };
  for (const [key, name] of keys) if (takes(name)) Object.assign(own, { [key]: later[key] });
  const before = compiled(schemas(earlier, string(20)), 'pgsql', version);
  const after = compiled(schemas(own, string(5)), 'pgsql', version);
  const given = (text: string) =>
    text
      .replace(/^More/, own.club)
      .replace(/^Core:Hall/, `Core:${own.room}`)
      .replace(/\._ext\.more/, `._ext.${lower(own.club)}`);
  const moves: Record<string, unknown>[] = names
    .filter(([name]) => takes(name) || (name === 'Core:Room.$.gradeDescriptor' && takes('Core:GradeDescriptor')))
    .map(([from, to]) => ({ before: from, after: given(to) }));
  if (isRewriting) moves.push({ before: 'Core:Song.$.tone', after: 'Core:Song.$.tone', values: { A: 'a' } });
  return { before, after, translation: translated(before, after, { moves }) };
}

const json = (value: unknown) => toJsonValue(value) as JsonObject;

/** One document of each resource that stays, and one that is removed. */
function contents() {
  const grade = (code: string) => `uri://core/GradeDescriptor#${code}`;
  const of = (name: string, document: unknown) => ({ resource: name, document: json(document) });
  const documents = ['short', 'far too long'].flatMap((label, index) => {
    const [schoolId, districtId, gradeDescriptor] = [10 + index, 20 + index, grade(`G${index}`)];
    return [
      of('Core:District', { districtId, label }),
      of('Core:School', { schoolId, districtReference: { districtId } }),
      of('Core:Room', {
        roomCode: `r${index}`,
        gradeDescriptor,
        schoolReference: { schoolId },
        places: [{ place: 'left' }, { place: 'right' }],
      }),
      of('Core:Lesson', { hour: index, roomReference: { roomCode: `r${index}`, schoolId, gradeDescriptor } }),
      of('Core:Visit', {
        day: 'Monday',
        organizationReference: { educationOrganizationId: districtId },
        _ext: { extra: { motto: 'onward', awards: [{ award: 'gold' }, { award: 'silver' }] } },
      }),
      of('Extra:Band', {
        name: `b${index}`,
        districtReference: { districtId },
        songs: [{ song: 'one' }, { song: 'two' }],
      }),
    ];
  });
  const descriptors = ['G0', 'G1'].map((codeValue) =>
    of('Core:GradeDescriptor', { namespace: 'uri://core/GradeDescriptor', codeValue, shortDescription: codeValue }),
  );
  return { descriptors, documents: [...documents, of('Core:Song', { title: 'one', tone: 'A' })] };
}

const cases: readonly (readonly [name: string, takes: (name: string) => boolean])[] = [
  ['nothing', () => false],
  ['everything', () => true],
  ['an own part of an identity', (name) => name === 'Core:Room.$.roomCode'],
  ['a part of an identity that references repeat', (name) => name === 'Core:School.$.schoolId'],
  ['the identities of organizations', (name) => /organizationId|districtId|schoolId/.test(name)],
  ['a descriptor', (name) => name === 'Core:GradeDescriptor'],
  ['a resource', (name) => name === 'Core:Room'],
  ['a collection', (name) => name === 'Core:Room.$.places[*]'],
  ['a project', (name) => name === 'Extra'],
  ['a resource and a value of an extension', (name) => name === 'Extra:Band' || name.includes('motto')],
];

/** The earlier keys of what is removed: the values of tombstones without later values. */
const tombstones = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  rows.map((row) =>
    Object.entries(row)
      .filter(([column, value]) => column.startsWith('Old') && value !== null)
      .map(([, value]) => String(value))
      .sort()
      .join(' '),
  );

/** The first generation has no tombstones, so all names together are enough there. */
const casesOf: Readonly<Record<MainGeneration, typeof cases>> = {
  v1: cases.filter(([name]) => name === 'everything'),
  v2: cases,
};

describe.each(['v1', 'v2'] as const)('in %s', (version) => {
  describe.each([false, true])('with documents that are written again: %s', (isRewriting) => {
    const tried = casesOf[version].filter(([name]) => !isRewriting || name === 'everything');
    it.each(tried)('%s: what is removed leaves a tombstone with its earlier key', async (_, takes) => {
      const sets = renamedSets(version, isRewriting, takes);
      const { before, after, translation } = sets;
      expect(await loaded(connection, before, contents())).toBe(15);
      const { rejected, documents } = await translatedFrom(sets, await storedIn(connection, before));
      expect(rejected).toHaveLength(6);
      const text = await databaseText(connection);

      const error = await errorOf(() => applyUpgrade(connection, before, after, { translation }));
      expect(error.code).toBe('UPGRADE_ROWS_OBJECT');
      expect(await databaseText(connection)).toBe(text);

      const rejects = { add: async () => undefined, finish: async () => undefined };
      const { rejected: count, diagnostics } = await applyUpgrade(connection, before, after, { translation, rejects });
      expect([count, diagnostics]).toEqual([6, []]);
      expect(await documentRows(connection)).toHaveLength(9);
      if (version === 'v2') {
        const recorded = [...(await trackedRows(connection, after)).values()].flat();
        const gone = recorded.filter(({ Id }) => rejected.some(({ uuid }) => uuid === Id));
        // each of them once, with its earlier key
        expect(gone.map(({ Id }) => Id).sort()).toEqual(rejected.map(({ uuid }) => uuid).sort());
        const grade = ['uri://core/GradeDescriptor', 'G1'];
        expect(tombstones(gone).sort()).toEqual(
          [['21'], ['11'], ['r1', '11', ...grade], ['1', 'r1', '11', ...grade], ['Monday', '21'], ['b1']]
            .map((parts) => parts.sort().join(' '))
            .sort(),
        );
      }
      await expectAsLoaded(connection, after, documents);
    });
  });
});
