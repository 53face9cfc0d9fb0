import { documentPlans } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import { build, modelOf } from '@dms/testing';
import { expect, it } from 'vitest';
import { compileTranslation, placeNotation, setPlaces } from '../index.ts';

/* A malformed rule is refused with a text that states its required form. */

const person = build.resource('Person', {
  identityJsonPaths: ['$.personId'],
  jsonSchemaForInsert: build.object({ personId: build.string() }, ['personId']),
  documentPathsMapping: { PersonId: build.scalarPath('$.personId') },
});
const places = setPlaces(documentPlans(compileMappingSet(modelOf([build.project('Core', [person])]))));
const move = { before: 'Core:Person.$.a', after: 'Core:Person.$.b' };

it.each([
  [{ moves: {} }, 'moves must be a list of rules'],
  [{ moves: [7] }, 'moves[0] must be an object'],
  [{ moves: [{ ...move, before: 7 }] }, 'moves[0] before: must be a text'],
  [{ moves: [{ ...move, after: '' }] }, 'moves[0] after: must not be empty'],
  [{ moves: [{ ...move, take: 'last' }] }, 'moves[0] take: must be "first"'],
  [{ moves: [{ ...move, as: 'time' }] }, 'moves[0] as: must be "codeValue" or "date"'],
  [{ moves: [{ ...move, values: {} }] }, 'moves[0] values: must not be empty'],
  [{ moves: [{ ...move, to: 'x' }] }, 'moves[0] has the unknown member "to"'],
  [
    { moves: [{ ...move, as: 'date', values: { a: 'b' } }] },
    'moves[0] has values and as, and only one of them converts',
  ],
  [{ documents: [{ before: 'Core:Person', after: 'Core:Person' }] }, 'documents[0] needs members or when'],
  [
    { documents: [{ before: 'Core:Person', after: 'Core:Person', members: [] }] },
    'documents[0] members: must not be empty',
  ],
  [
    { documents: [{ before: 'Core:Person', after: 'Core:Person', when: 'always', members: [] }] },
    'documents[0] members: must not be empty',
  ],
  [{ moves: [{ before: 'Person', after: 'Core:Human' }] }, 'moves[0] lacks its project; write Core:Person'],
  [
    { moves: [{ before: 'Core:Person.$.a', after: 'Person.$.b' }] },
    'moves[0] lacks its project; write Core:Person.$.b',
  ],
  [{ drops: [{ before: ':Person.$.a' }] }, 'drops[0] lacks its project; write Core:Person.$.a'],
  [{ drops: [{ before: 'Human.$.a' }] }, `drops[0] is not the name of a place here; write ${placeNotation}`],
  [{ drops: [{ before: '$.a' }] }, `drops[0] is not the name of a place here; write ${placeNotation}`],
  [{ drops: [{ before: 'Core:Person.$.a[0]' }] }, `drops[0] is not the name of a place here; write ${placeNotation}`],
  ...['Core:Person ', ' Core:Person', 'Core: Person', 'Core :Person', 'Core:Person.$.a ', 'Core:Person .$.a'].map(
    (before): [Record<string, unknown>, string] => [
      { drops: [{ before }] },
      'drops[0] has a blank before or after one of its names; remove it',
    ],
  ),
  [
    { fills: [{ after: 'Core:Person.$.a\t', value: 1 }] },
    'fills[0] has a blank before or after one of its names; remove it',
  ],
  [
    { through: { list: [{ resource: 'Person', where: { '$.a': '$.a' }, identity: { '$.a': '$.a' } }] } },
    'through.list lacks its project; write Core:Person',
  ],
  [
    { through: { list: [{ resource: 'Core:Person ', where: { '$.a': '$.a' }, identity: { '$.a': '$.a' } }] } },
    'through.list has a blank before or after one of its names; remove it',
  ],
  [{ fills: [{ after: 'Core:Person.$.a' }] }, 'fills[0] needs value or schoolYearOf'],
  [{ fills: [{ after: 'Core:Person.$.a', schoolYearOf: '$.d' }] }, 'fills[0] needs schoolYearOf and begins together'],
  [
    { fills: [{ after: 'Core:Person.$.a', schoolYearOf: '$.d', begins: '13-40' }] },
    'fills[0] begins: must be a day like 07-01',
  ],
  [{ through: { list: [] } }, 'through.list must not be empty'],
  [{ through: [] }, 'through must have lists by name'],
  [{ before: 7 }, 'before must give the beginning of a version for each project'],
])('%j', (file, text) => {
  const { problems } = compileTranslation([file], places, places);
  expect(problems.map(({ code, rules, text: said }) => `${code} ${rules.join()} ${said}`)).toEqual([
    `TRANSLATION_INVALID ${text}`,
  ]);
});
