import { mustExist } from '@dms/model';
import { build, edFi, mainGenerations, provisionedEngines, rows } from '@dms/testing';
import { expect, it } from 'vitest';
import {
  carriedDocuments,
  compareEarlier,
  completeTranslation,
  earlierSet,
  given,
  inBothDatabases,
} from '../../test/earlier-views.ts';
import { deriveEarlier } from './derive-earlier.ts';

/* Values that became the only item of a collection: each column is that of the first item by key (design 21 §2). */

const { object, resource, scalarPath, string } = build;

/** A document with values, of which the first one identifies the items of a collection. */
const thing = (version: string, members: build.JsonRecord, paths: readonly string[]) =>
  edFi(
    [
      resource('Thing', {
        identityJsonPaths: ['$.k'],
        documentPathsMapping: {
          K: scalarPath('$.k'),
          ...Object.fromEntries(paths.map((path) => [`Part.${path.slice(-1).toUpperCase()}`, scalarPath(path)])),
        },
        arrayUniquenessConstraints: paths[0]?.includes('[*]') ? [{ paths: [paths[0]] }] : [],
        jsonSchemaForInsert: object({ k: string(9), ...members }, ['k']),
      }),
    ],
    { version },
  );
const values = [{ x: string(9), y: string(9) }, ['x']] as const;
const items = thing('2.0.0', { parts: rows(...values) }, ['$.parts[*].x', '$.parts[*].y']);

const cases = {
  object: {
    before: thing('1.0.0', { part: object(...values) }, ['$.part.x', '$.part.y']),
    move: { before: 'Ed-Fi:Thing.$.part', after: 'Ed-Fi:Thing.$.parts[*]' },
    documents: [{ k: 'a', part: { x: '2', y: 'p' } }, { k: 'b', part: { x: '1' } }, { k: 'c' }],
    // with a row for each object
    rows: 5,
  },
  value: {
    before: thing('1.0.0', { x: string(9) }, ['$.x']),
    move: { before: 'Ed-Fi:Thing.$.x', after: 'Ed-Fi:Thing.$.parts[*].x' },
    documents: [{ k: 'a', x: '2' }, { k: 'b', x: '1' }, { k: 'c' }],
    rows: 3,
  },
};

const names = ['object', 'value'] as const;

it.each(mainGenerations.flatMap((version) => names.map((name) => [name, version] as const)))(
  'the %s of each document is in the earlier view, in %s',
  async (name, version) => {
    const { move, documents, ...own } = cases[name];
    const before = earlierSet([own.before], version);
    const after = earlierSet([items], version);
    const rules = { before: { 'Ed-Fi': '1.0' }, after: { 'Ed-Fi': '2.0' }, moves: [move] };
    const translation = completeTranslation(rules, before, after);
    const earlier = deriveEarlier(before.mapping, after.mapping, translation, '');
    const things = documents.map((document) => given({ resource: 'Ed-Fi:Thing', document }));
    const carried = await carriedDocuments(translation, before, things);
    expect(carried.earlier).toHaveLength(documents.length);
    const engine = mustExist(provisionedEngines()[0], 'an engine');
    await inBothDatabases(engine, { before, after }, carried, async (databases) => {
      const { differences, rows } = await compareEarlier({ before, after, translation }, databases, earlier);
      expect({ differences, rows }).toEqual({ differences: [], rows: own.rows });
    });
  },
);
