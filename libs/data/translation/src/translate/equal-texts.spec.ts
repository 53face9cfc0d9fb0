import { documentPlans } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import { build, modelV2 } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { earlier, outcomeOf } from '../../test/translated.ts';
import { compileTranslation, type SetPlaces, setPlaces } from '../index.ts';

/* Documents that are found by natural keys: what names a document may write its texts in another letter case (design 22 §4.5). */

const { array, descriptor, descriptorPath, object, project, reference, resource, string, uri } = build;

const kind = '$.kindDescriptor';
const person = (name: string) =>
  resource('Person', {
    identityJsonPaths: ['$.personId', kind],
    documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', kind) },
    jsonSchemaForInsert: object({ personId: string(20), kindDescriptor: uri(), [name]: string(20) }, [
      'personId',
      'kindDescriptor',
    ]),
  });
const of = { personId: string(20), kindDescriptor: uri() };
const note = resource('Note', {
  identityJsonPaths: ['$.noteId'],
  documentPathsMapping: {
    Person: reference(
      'Ed-Fi:Person',
      [
        ['$.personId', '$.personReference.personId'],
        [kind, '$.personReference.kindDescriptor'],
      ],
      false,
    ),
  },
  jsonSchemaForInsert: object({ noteId: string(20), personReference: object(of, Object.keys(of)) }, ['noteId']),
});

function placesOf(resources: Parameters<typeof project>[1], dialect: SqlDialect): SetPlaces {
  const set = [project('Ed-Fi', resources)];
  return setPlaces(documentPlans(compileMappingSet(modelV2(set, dialect, { mappingVersion: 'v2-natural' }))));
}

const placesWith = (name: string, dialect: SqlDialect): SetPlaces =>
  placesOf([descriptor('KindDescriptor'), person(name), note], dialect);

const named = (uuid: string, personId: string, kindDescriptor: string) =>
  earlier('Ed-Fi:Note', uuid, JSON.stringify({ noteId: uuid, personReference: { personId, kindDescriptor } }));

it.each([
  ['pgsql', ['same', 'descriptor']],
  ['mssql', ['same', 'descriptor', 'text']],
] as const)(
  'what names a rejected document in another letter case is rejected on %s: %s',
  async (dialect, expected) => {
    const values = { before: 'Ed-Fi:Person.$.city', after: 'Ed-Fi:Person.$.town', values: { Lima: 'LIM' } };
    const [before, after] = [placesWith('city', dialect), placesWith('town', dialect)];
    const { translation, problems } = compileTranslation([{ moves: [values] }], before, after);
    expect(problems).toEqual([]);
    if (!translation) throw new Error('the translation is not complete');
    const { rejects } = await outcomeOf(translation, [
      earlier('Ed-Fi:Person', 'person', '{"personId":"é","kindDescriptor":"uri://a#É","city":"Oslo"}'),
      named('same', 'é', 'uri://a#É'),
      named('descriptor', 'é', 'uri://a#é'),
      named('text', 'É', 'uri://a#É'),
      named('other', 'e', 'uri://a#É'),
    ]);
    const targets = rejects.filter(({ problem }) => problem.code === 'TRANSLATION_TARGET');
    expect(targets.map(({ earlier: { uuid } }) => uuid)).toEqual(expected);
  },
);

const plain = (name: string, identity: string, members: Parameters<typeof object>[0]) =>
  resource(name, { identityJsonPaths: [`$.${identity}`], jsonSchemaForInsert: object(members, [identity]) });

const school = { schoolId: string(20) };
const city = { city: string(20) };

describe.each(['pgsql', 'mssql'] as const)('values in another letter case differ on %s', (dialect) => {
  it.each([
    [
      'TRANSLATION_CONFLICT Ed-Fi:Town.$.language',
      plain('School', 'schoolId', { ...school, ...city, language: string(20) }),
      plain('School', 'schoolId', school),
      { documents: [{ before: 'Ed-Fi:School', after: 'Ed-Fi:Town', members: ['$.city', '$.language'] }] },
      [
        '{"schoolId":"1","city":"Oslo","language":"Polish"}',
        '{"schoolId":"2","city":"Oslo","language":"POLISH"}',
        '{"schoolId":"3","city":"Lima","language":"Polish"}',
      ],
    ],
    [
      'TRANSLATION_SEVERAL Ed-Fi:School.$.cities[1].city',
      {
        ...plain('School', 'schoolId', { ...school, cities: array(object({ rank: string(20), ...city })) }),
        arrayUniquenessConstraints: [{ paths: ['$.cities[*].rank'] }],
      },
      plain('School', 'schoolId', { ...school, ...city }),
      {
        moves: [{ before: 'Ed-Fi:School.$.cities[*].city', after: 'Ed-Fi:School.$.city' }],
        drops: [{ before: 'Ed-Fi:School.$.cities[*].rank' }],
      },
      [
        '{"schoolId":"1","cities":[{"rank":"1","city":"Polish"},{"rank":"2","city":"POLISH"}]}',
        '{"schoolId":"2","cities":[{"rank":"1","city":"Polish"},{"rank":"2","city":"Polish"}]}',
      ],
    ],
  ])('%s', async (expected, earlierSchool, laterSchool, rules, texts) => {
    const town = plain('Town', 'city', { ...city, language: string(20) });
    const [before, after] = [placesOf([earlierSchool], dialect), placesOf([laterSchool, town], dialect)];
    const { translation, problems } = compileTranslation([rules], before, after);
    expect(problems).toEqual([]);
    if (!translation) throw new Error('the translation is not complete');
    const schools = texts.map((text, index) => earlier('Ed-Fi:School', `school ${index}`, text));
    const { rejects } = await outcomeOf(translation, schools);
    expect(rejects.map(({ problem }) => `${problem.code} ${problem.place}`)).toEqual([expected]);
  });
});
