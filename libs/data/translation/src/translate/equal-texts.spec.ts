import { documentPlans } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import { build, modelV2 } from '@dms/testing';
import { isJsonObject, parseJson } from '@dms/values';
import { expect, it } from 'vitest';
import { outcomeOf } from '../../test/translated.ts';
import { compileTranslation, type EarlierDocument, type SetPlaces, setPlaces } from '../index.ts';

/* Documents that are found by natural keys: what names a document may write its texts in another letter case (design 22 §4.5). */

const { descriptor, descriptorPath, object, project, reference, resource, string, uri } = build;

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

function placesWith(name: string, dialect: SqlDialect): SetPlaces {
  const set = [project('Ed-Fi', [descriptor('KindDescriptor'), person(name), note])];
  return setPlaces(documentPlans(compileMappingSet(modelV2(set, dialect, { mappingVersion: 'v2-natural' }))));
}

function earlier(name: string, uuid: string, text: string): EarlierDocument {
  const document = parseJson(text, 'a document');
  if (!isJsonObject(document)) throw new Error(`${text} is not an object`);
  return { resource: `Ed-Fi:${name}`, uuid, document };
}

const named = (uuid: string, personId: string, kindDescriptor: string) =>
  earlier('Note', uuid, JSON.stringify({ noteId: uuid, personReference: { personId, kindDescriptor } }));

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
      earlier('Person', 'person', '{"personId":"é","kindDescriptor":"uri://a#É","city":"Oslo"}'),
      named('same', 'é', 'uri://a#É'),
      named('descriptor', 'é', 'uri://a#é'),
      named('text', 'É', 'uri://a#É'),
      named('other', 'e', 'uri://a#É'),
    ]);
    const targets = rejects.filter(({ problem }) => problem.code === 'TRANSLATION_TARGET');
    expect(targets.map(({ earlier: { uuid } }) => uuid)).toEqual(expected);
  },
);
