import { documentPlans } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import { build, modelOf } from '@dms/testing';
import { expect, it } from 'vitest';
import { earlier, outcomeOf } from '../../test/translated.ts';
import { compileTranslation, type SetPlaces, setPlaces } from '../index.ts';

/*
 * A note becomes a memo, whose identity names the person as the note did, by the same place. A rule drops that part of
 * the person's identity.
 */

function placesWith(version: string): SetPlaces {
  const text = build.string();
  const person = build.resource('Person', {
    identityJsonPaths: ['$.personId'],
    jsonSchemaForInsert: build.object({ personId: text, name: text }, ['personId']),
    documentPathsMapping: { PersonId: build.scalarPath('$.personId'), Name: build.scalarPath('$.name') },
  });
  const noteOf = (name: string) =>
    build.resource(name, {
      identityJsonPaths: ['$.personReference.personId'],
      jsonSchemaForInsert: build.object({ text, personReference: build.object({ personId: text }, ['personId']) }, [
        'personReference',
      ]),
      documentPathsMapping: {
        Text: build.scalarPath('$.text'),
        Person: build.reference('Core:Person', [['$.personId', '$.personReference.personId']], true),
      },
    });
  const resources = [person, noteOf(version === '1.0.0' ? 'Note' : 'Memo')];
  return setPlaces(documentPlans(compileMappingSet(modelOf([build.project('Core', resources, { version })]))));
}

const memos = { before: 'Core:Note', after: 'Core:Memo', when: 'always', members: ['$.text'] };
const part = { before: 'Core:Person.$.personId', because: 'it has another one now' };
const whole = { before: 'Core:Person', because: 'people are elsewhere' };

it.each([
  ['the resource is dropped', [whole]],
  ['the part is dropped', [part]],
  ['both are dropped', [whole, part]],
])('what names a document whose identity is dropped is rejected: %s', async (_, drops) => {
  const { translation, problems } = compileTranslation(
    [{ documents: [memos], drops }],
    placesWith('1.0.0'),
    placesWith('2.0.0'),
  );
  expect(problems).toEqual([]);
  if (!translation) throw new Error('the translation is not complete');
  const { documents, rejects } = await outcomeOf(translation, [
    earlier('Core:Person', 'person', '{"personId":"a","name":"A"}'),
    earlier('Core:Note', 'note', '{"text":"t","personReference":{"personId":"a"}}'),
  ]);
  expect(documents).toEqual([]);
  const found = rejects.map(({ earlier: { uuid }, problem: { code, place } }) => [uuid, code, place]);
  expect(found).toContainEqual(['note', 'TRANSLATION_TARGET', 'Core:Memo.$.personReference']);
});
