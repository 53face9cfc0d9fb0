import { documentPlans } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import { build, modelOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { compileTranslation, setPlaces, type TranslationJson } from '../index.ts';

/* One wrong rule is one problem: what only follows from it is not reported (design 20 §4). */

const resource = (name: string, identity: readonly string[], others: readonly string[] = []) =>
  build.resource(name, {
    identityJsonPaths: identity.map((each) => `$.${each}`),
    jsonSchemaForInsert: build.object(
      Object.fromEntries([...identity, ...others].map((each) => [each, build.string()])),
      identity,
    ),
    documentPathsMapping: Object.fromEntries(others.map((each) => [each, build.scalarPath(`$.${each}`)])),
  });

const places = (version: string, resources: readonly build.BuiltResource[]) =>
  setPlaces(documentPlans(compileMappingSet(modelOf([build.project('Core', resources, { version })]))));

const before = places('1.0.0', [
  resource('Staff', ['staffId'], ['phone', 'card']),
  resource('Job', ['staffId', 'schoolId']),
  resource('Club', ['name'], ['note', 'day']),
]);
const after = places('2.0.0', [
  resource('Staff', ['staffId']),
  resource('Job', ['staffId', 'schoolId']),
  resource('Phone', ['staffId', 'schoolId'], ['phone']),
  resource('Card', ['staffId', 'schoolId'], ['card']),
  resource('Group', ['name'], ['text', 'weekday']),
]);

function problemsOf(rules: TranslationJson): readonly string[] {
  const { problems } = compileTranslation([rules], before, after);
  return problems.map(({ code, rules: given, place }) => `${code} ${given.join()} ${place}`);
}

const entry = {
  resource: 'Core:Job',
  where: { '$.staffId': '$.staffId' },
  identity: { '$.schoolId': '$.schoolId' },
};
const documents = (through: unknown) =>
  ['phone', 'card'].map((member) => ({
    before: 'Core:Staff',
    after: `Core:${member === 'phone' ? 'Phone' : 'Card'}`,
    members: [`$.${member}`],
    through,
  }));
const club = {
  moves: [
    { before: 'Core:Club', after: 'Core:Group' },
    { before: 'Core:Club.$.note', after: 'Core:Group.$.text' },
    { before: 'Core:Club.$.day', after: 'Core:Group.$.weekday' },
  ],
};

it('the rules without a mistake are complete', () => {
  expect(problemsOf({ ...club, documents: documents('jobs'), through: { jobs: [entry] } })).toEqual([]);
});

describe('a wrong list of through that two rules use', () => {
  it.each([
    ['a resource', { ...entry, resource: 'Core:Jobb' }, 'Core:Jobb'],
    ['a place of where', { ...entry, where: { '$.staffKey': '$.staffId' } }, 'Core:Job.$.staffKey'],
    ['a place of identity', { ...entry, identity: { '$.schoolId': '$.schoolKey' } }, 'Core:Job.$.schoolKey'],
  ])('is one problem: %s', (_what, wrong, place) => {
    const file = { ...club, documents: documents('jobs'), through: { jobs: [entry, wrong] } };
    expect(problemsOf(file)).toEqual([`TRANSLATION_UNKNOWN through.jobs ${place}`]);
  });

  it('is one problem for each rule that has its own list', () => {
    const file = { ...club, documents: documents([{ ...entry, resource: 'Core:Jobb' }]) };
    expect(problemsOf(file)).toEqual([0, 1].map((index) => `TRANSLATION_UNKNOWN documents[${index}] Core:Jobb`));
  });
});

it('a wrong name of a resource is one problem, whatever moves in its documents', () => {
  const [, ...members] = club.moves;
  const whole = { documents: documents('jobs'), through: { jobs: [entry] } };
  const moves = [{ before: 'Core:Club', after: 'Core:Grupp' }, ...members];
  expect(problemsOf({ ...whole, moves })).toEqual(['TRANSLATION_UNKNOWN moves[0] Core:Grupp']);
  // without the move of the resource, its members do not stay in it
  expect(problemsOf({ ...whole, moves: members })).toEqual([
    'TRANSLATION_DIFFERS moves[0] Core:Club.$.note',
    'TRANSLATION_DIFFERS moves[1] Core:Club.$.day',
  ]);
});
