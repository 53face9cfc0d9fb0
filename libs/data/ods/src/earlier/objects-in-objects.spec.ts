import { generateDocuments } from '@dms/documents';
import { mustExist } from '@dms/model';
import { build, type Document, edFi, mainGenerations, objectsInObjects, provisionedEngines } from '@dms/testing';
import { expect, it } from 'vitest';
import {
  carriedDocuments,
  compareEarlier,
  completeTranslation,
  earlierSet,
  inBothDatabases,
} from '../../test/earlier-views.ts';
import { deriveEarlier } from './derive-earlier.ts';

/* An object of the earlier set has a row wherever something is in it (design 19 §6.1, 21 §2). */

const { boolean, object, resource, scalarPath, string } = build;

/** An object with an object in it, which becomes values of the document. */
const flattened = {
  before: objectsInObjects['an object with a value beside an object'],
  after: [
    edFi(
      [
        resource('Thing', {
          identityJsonPaths: ['$.k'],
          documentPathsMapping: {
            K: scalarPath('$.k'),
            Flag: scalarPath('$.flag'),
            X: scalarPath('$.x'),
          },
          jsonSchemaForInsert: object({ k: string(9), flag: boolean(), x: string(5) }, ['k']),
        }),
      ],
      { version: '2.0.0' },
    ),
  ],
  moves: [
    ['$.nested.deeper.flag', '$.flag'],
    ['$.nested.x', '$.x'],
  ],
} as const;

/** The same set with another name for the outer object. */
function renamed(before: readonly Document[]) {
  const text = JSON.stringify(before)
    .replaceAll('"nested"', '"inner"')
    .replaceAll('$.nested', '$.inner')
    .replaceAll('"Nested', '"Inner')
    .replaceAll('"1.0.0"', '"2.0.0"');
  return { before, after: JSON.parse(text) as Document[], moves: [['$.nested', '$.inner']] } as const;
}

const names = [
  'an object without values of its own',
  'objects in one another without any values',
  'an object with a value beside an object',
  'an object with a collection',
  'an extension of an object and of an object in an item',
] as const;

const cases = mainGenerations.flatMap((version) => [
  ...names.map((name) => [`${name}, renamed`, version, renamed(objectsInObjects[name])] as const),
  ['an object that becomes values of the document', version, flattened] as const,
]);

it.each(cases)('%s, in %s', async (_, version, { before: earlierSchemas, after: laterSchemas, moves }) => {
  const before = earlierSet(earlierSchemas, version);
  const after = earlierSet(laterSchemas, version);
  const projects = (value: string) =>
    Object.fromEntries(before.model.projects.map(({ projectName }) => [projectName, value]));
  const rules = {
    before: projects('1.0'),
    after: projects('2.0'),
    moves: moves.map(([from, to]) => ({ before: `Ed-Fi:Thing.${from}`, after: `Ed-Fi:Thing.${to}` })),
  };
  const translation = completeTranslation(rules, before, after);
  const earlier = deriveEarlier(before.mapping, after.mapping, translation, '');
  const { documents } = generateDocuments(before.model, 1, { random: 0, partsInTurn: true });
  const carried = await carriedDocuments(translation, before, documents);
  expect(carried.earlier).toHaveLength(documents.length);
  const engine = mustExist(provisionedEngines()[0], 'an engine');
  await inBothDatabases(engine, { before, after }, carried, async (databases) => {
    const { differences, filled } = await compareEarlier({ before, after, translation }, databases, earlier);
    expect(differences).toEqual([]);
    // all but the table of descriptors
    expect(filled).toBe(before.mapping.tables.length - 1);
  });
});
