import { documentPlans } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import { build, modelOf } from '@dms/testing';
import { isJsonObject, parseJson } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { brokenLaws, outcomeOf } from '../../test/translated.ts';
import { compileTranslation, type EarlierDocument, setPlaces, type TranslationJson } from '../index.ts';

/*
 * A malformed document is not translated at all: nothing that rules would make of it is written
 * (design 20 §4).
 */

const { array, object, string } = build;
const members = {
  name: string(),
  nick: string(),
  home: object({ street: string() }),
  races: array(object({ race: string() })),
};
const paths = ['name', 'nick', 'home.street', 'races[*].race'];

const resource = (name: string, own: readonly string[]) =>
  build.resource(name, {
    identityJsonPaths: ['$.personId'],
    jsonSchemaForInsert: object(
      { personId: string(), ...Object.fromEntries(Object.entries(members).filter(([each]) => own.includes(each))) },
      ['personId'],
    ),
    documentPathsMapping: Object.fromEntries(
      paths
        .filter((path) => own.some((each) => path.split(/[.[]/)[0] === each))
        .map((path) => [path, build.scalarPath(`$.${path}`)]),
    ),
  });

const places = (version: string, resources: readonly build.BuiltResource[]) =>
  setPlaces(documentPlans(compileMappingSet(modelOf([build.project('Core', resources, { version })]))));

const all = Object.keys(members);
const before = places('1.0.0', [resource('Person', all), resource('Guest', ['nick'])]);
const after = places('2.0.0', [resource('Person', ['name', 'home']), resource('Traits', ['nick', 'races'])]);
const rules = {
  documents: [
    { before: 'Core:Person', after: 'Core:Traits', when: 'always', members: ['$.nick', '$.races[*]'] },
    { before: 'Core:Guest', after: 'Core:Traits', members: ['$.nick'] },
  ],
};

const person = (uuid: string, own: object, label = 'Core:Person'): EarlierDocument => {
  const document = parseJson(JSON.stringify({ personId: uuid, ...own }), 'a document');
  if (!isJsonObject(document)) throw new Error('a document is an object');
  return { resource: label, uuid, document };
};

async function outcome(given: readonly EarlierDocument[], file: TranslationJson = rules, ignoresUnknown = false) {
  const { translation, problems } = compileTranslation([file], before, after);
  expect(problems).toEqual([]);
  if (!translation) throw new Error('the translation is not complete');
  const found = await outcomeOf(translation, given, { ignoresUnknown });
  expect(brokenLaws(translation, given, found)).toEqual([]);
  const { documents, rejects, report } = found;
  return {
    written: documents.map(({ resource: label, document }) => `${label} ${document.get('personId')}`).sort(),
    rejects: rejects.map(({ earlier, problem, part }) => [earlier.uuid, problem.code, problem.place, part]),
    rejected: report.values.rejected,
  };
}

describe('a malformed document', () => {
  it.each([
    ['races', { race: 'a' }, '$.races[*]', 2],
    ['races', 'a', '$.races[*]', 2],
    ['races', [{ race: 'a' }, 'b'], '$.races[1]', 3],
    ['races', [{ race: 'a' }, ['b']], '$.races[1]', 3],
    ['races', [{ race: { a: 'b' } }], '$.races[0].race', 2],
    ['races', [{ race: ['a', 'b'] }], '$.races[0].race', 3],
    ['home', 'a', '$.home', 2],
    ['home', [{ street: 'a' }], '$.home', 2],
    ['name', { a: 'b' }, '$.name', 2],
    ['name', [], '$.name', 1],
    ['nick', { a: 'b' }, '$.nick', 2],
  ])('is one reject, and no document is made of it: %s %j', async (name, value, place, rejected) => {
    expect(await outcome([person('1', { [name]: value }), person('2', { nick: 'n' })])).toEqual({
      written: ['Core:Person 2', 'Core:Traits 2'],
      rejects: [['1', 'TRANSLATION_REFUSED', `Core:Person.${place}`, null]],
      rejected,
    });
  });

  it.each([
    [{ races: {} }, 'an array'],
    [{ races: ['a'] }, 'an object'],
    [{ home: 'a' }, 'an object'],
    [{ name: {} }, 'a single value'],
  ])('says what must stand there: %j', async (own, expected) => {
    const { translation } = compileTranslation([rules], before, after);
    if (!translation) throw new Error('the translation is not complete');
    const { rejects } = await outcomeOf(translation, [person('1', own)]);
    expect(rejects.map(({ problem }) => problem.text)).toEqual([`it must be ${expected}, as in the earlier set`]);
  });

  it('does not take part in documents that several become', async () => {
    const found = await outcome([person('1', { races: {}, nick: 'a' }), person('1', { nick: 'b' }, 'Core:Guest')]);
    expect(found).toEqual({
      written: ['Core:Traits 1'],
      rejects: [['1', 'TRANSLATION_REFUSED', 'Core:Person.$.races[*]', null]],
      rejected: 2,
    });
  });

  it('is a reject also if its resource has no later documents of its own, or is dropped', async () => {
    const malformed = person('1', { nick: ['a'] }, 'Core:Guest');
    const reject = ['1', 'TRANSLATION_REFUSED', 'Core:Guest.$.nick', null];
    expect(await outcome([malformed])).toEqual({ written: [], rejects: [reject], rejected: 2 });
    const drops = [{ before: 'Core:Guest' }];
    expect(await outcome([malformed], { ...rules, drops })).toEqual({ written: [], rejects: [reject], rejected: 2 });
  });

  it('stays a reject if unknown members are dropped', async () => {
    const found = await outcome([person('1', { races: {}, other: 1 })], rules, true);
    expect(found.rejects).toEqual([['1', 'TRANSLATION_REFUSED', 'Core:Person.$.races[*]', null]]);
  });
});

describe('a document that is rejected for its values', () => {
  const name = { before: 'Core:Person.$.name', after: 'Core:Person.$.name', values: { a: 'A' } };
  const file = { ...rules, moves: [name] };
  const ofName = ['1', 'TRANSLATION_VALUE', 'Core:Person.$.name', null];
  const ofTraits = ['1', 'TRANSLATION_TARGET', 'Core:Traits', 'Core:Traits'];

  it('takes with it what is made of it', async () => {
    const given = [person('1', { name: 'x', nick: 'n' }), person('2', { name: 'a', nick: 'n' })];
    expect(await outcome(given, file)).toEqual({
      written: ['Core:Person 2', 'Core:Traits 2'],
      rejects: [ofName, ofTraits],
      rejected: 3,
    });
  });

  it('takes with it what is made of it and of others, and the report names these', async () => {
    const given = [person('1', { name: 'x', nick: 'n' }), person('1', { nick: 'n' }, 'Core:Guest')];
    const found = await outcome(given, file);
    expect(found.written).toEqual([]);
    expect(found.rejects.toSorted()).toEqual(
      [ofName, ['1', 'TRANSLATION_TARGET', 'Core:Traits', 'Core:Traits']].toSorted(),
    );
    expect(found.rejected).toBe(5);
  });

  it('stays if only a document that a rule makes of it is rejected', async () => {
    const [ofPerson] = rules.documents;
    const nick = { before: '$.nick', after: '$.nick', values: { n: 'N' } };
    const documents = [{ ...ofPerson, members: [nick, '$.races[*]'] }];
    expect(
      await outcome([person('1', { name: 'a', nick: 'x' })], { documents, drops: [{ before: 'Core:Guest' }] }),
    ).toEqual({
      written: ['Core:Person 1'],
      rejects: [['1', 'TRANSLATION_VALUE', 'Core:Person.$.nick', 'Core:Traits']],
      rejected: 1,
    });
  });
});
