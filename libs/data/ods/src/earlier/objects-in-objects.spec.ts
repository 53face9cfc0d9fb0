import { generateDocuments } from '@dms/documents';
import { mustExist } from '@dms/model';
import {
  build,
  type Document,
  edFi,
  fields,
  type MainGeneration,
  mainGenerations,
  objectsInObjects,
  provisionedEngines,
  rows,
} from '@dms/testing';
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

const { boolean, object, reference, resource, scalarPath, string } = build;

const laterVersion = (schemas: readonly Document[]): Document[] =>
  JSON.parse(JSON.stringify(schemas).replaceAll('"1.0.0"', '"2.0.0"'));

/** A change of the set, and what the views over the later one do not give back. */
interface ObjectMove {
  readonly before: readonly Document[];
  readonly after: readonly Document[];
  readonly moves: readonly (readonly [string, string])[];
  readonly documents?: readonly object[];
  readonly lost?: readonly string[];
  /** How many tables have no rows. */
  readonly empty?: number;
}

/** An object with an object in it, which becomes values of the document. */
const flattened: ObjectMove = {
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
};

/** An object with a reference to the resource of its item, so that the column of the reference is one of the key. */
const withKey = (members: build.JsonRecord, notes: readonly string[], beside: build.JsonRecord = {}) => [
  edFi([
    resource('Thing', {
      identityJsonPaths: ['$.thingId'],
      documentPathsMapping: {
        ThingId: scalarPath('$.thingId'),
        Other: reference('Ed-Fi:Thing', [['$.thingId', '$.others[*].nested.otherReference.thingId']], false),
        ...Object.fromEntries(notes.map((path) => ['Other.Note', scalarPath(path)])),
      },
      jsonSchemaForInsert: object(
        {
          thingId: string(9),
          others: rows({ nested: object({ otherReference: fields({ thingId: string(9) }), ...members }), ...beside }),
        },
        ['thingId'],
      ),
    }),
  ]),
];

/** The object gets a value of its item. */
const withOthers: ObjectMove = {
  before: withKey({}, ['$.others[*].note'], { note: string(5) }),
  after: laterVersion(withKey({ note: string(5) }, ['$.others[*].nested.note'])),
  moves: [['$.others[*].note', '$.others[*].nested.note']],
  lost: ['apart Ed-Fi:Thing.$.others[*].nested.otherReference.thingId'],
  empty: 1,
};

/** An object that always has a value in an object in it, so that the column of its reference need not show it. */
const withInner = (path: string, [inNested, inItem]: readonly [build.JsonRecord, build.JsonRecord]) => {
  const otherReference = fields({ thingId: string(9) });
  const nested = object({ inner: fields({ x: string(5) }), otherReference, ...inNested }, ['inner']);
  return [
    edFi([
      resource('Thing', {
        identityJsonPaths: ['$.thingId'],
        documentPathsMapping: {
          ThingId: scalarPath('$.thingId'),
          Other: reference('Ed-Fi:Thing', [['$.thingId', '$.others[*].nested.otherReference.thingId']], false),
          'Inner.X': scalarPath('$.others[*].nested.inner.x'),
          'Other.Note': scalarPath(path),
        },
        jsonSchemaForInsert: object({ thingId: string(9), others: rows({ nested, ...inItem }) }, ['thingId']),
      }),
    ]),
  ];
};
const withRequired: ObjectMove = {
  before: withInner('$.others[*].note', [{}, { note: string(5) }]),
  after: laterVersion(withInner('$.others[*].nested.note', [{ note: string(5) }, {}])),
  moves: [['$.others[*].note', '$.others[*].nested.note']],
};

/** The items are in documents of their own. */
const inDocuments: ObjectMove = {
  before: withKey({}, ['$.others[*].note'], { note: string(5) }),
  after: laterVersion([
    edFi([
      resource('Thing', {
        identityJsonPaths: ['$.thingId'],
        documentPathsMapping: { ThingId: scalarPath('$.thingId') },
        jsonSchemaForInsert: fields({ thingId: string(9) }),
      }),
      resource('Part', {
        identityJsonPaths: ['$.thingReference.thingId'],
        documentPathsMapping: {
          Thing: reference('Ed-Fi:Thing', [['$.thingId', '$.thingReference.thingId']]),
          Other: reference('Ed-Fi:Thing', [['$.thingId', '$.others[*].nested.otherReference.thingId']], false),
          'Other.Note': scalarPath('$.others[*].note'),
        },
        jsonSchemaForInsert: object(
          {
            thingReference: fields({ thingId: string(9) }),
            others: rows({ nested: object({ otherReference: fields({ thingId: string(9) }) }), note: string(5) }),
          },
          ['thingReference'],
        ),
      }),
    ]),
  ]),
  moves: [],
  documents: [
    {
      before: 'Ed-Fi:Thing',
      after: 'Ed-Fi:Part',
      members: ['$.others[*]'],
      identity: { '$.thingReference.thingId': '$.thingId' },
    },
  ],
};

/** A document whose identity is in an object, so that its tables have no key, and a reference beside a value. */
const withoutKey = [
  edFi([
    resource('Other', {
      identityJsonPaths: ['$.k'],
      documentPathsMapping: { K: scalarPath('$.k') },
      jsonSchemaForInsert: fields({ k: string(9) }),
    }),
    resource('Thing', {
      identityJsonPaths: ['$.nested.k'],
      documentPathsMapping: {
        K: scalarPath('$.nested.k'),
        Other: reference('Ed-Fi:Other', [['$.k', '$.otherReference.k']], false),
        Note: scalarPath('$.otherReference.note'),
      },
      jsonSchemaForInsert: object(
        { nested: fields({ k: string(9) }), otherReference: object({ k: string(9), note: string(5) }, ['k']) },
        ['nested'],
      ),
    }),
  ]),
];

/** The document without a key again, with a value at a place of its own. */
const withNoteAt = (path: string, places: Record<string, build.JsonRecord>) => [
  edFi([
    resource('Thing', {
      identityJsonPaths: ['$.nested.k'],
      documentPathsMapping: { K: scalarPath('$.nested.k'), Note: scalarPath(path), Text: scalarPath('$.info.text') },
      jsonSchemaForInsert: object({ nested: fields({ k: string(9) }), ...places }, ['nested']),
    }),
  ]),
];

/** The value goes into an object that has a table of its own. */
const apart: ObjectMove = {
  before: withNoteAt('$.note', { note: string(5), info: object({ text: string(5) }) }),
  after: laterVersion(withNoteAt('$.info.note', { info: object({ text: string(5), note: string(5) }) })),
  moves: [['$.note', '$.info.note']],
  lost: ['apart Ed-Fi:Thing.$.note'],
};

/** A value of an item goes into an object of the item. The key of an item is unique in one document alone. */
const withNoteInItems = (path: string, items: build.JsonRecord) => [
  edFi([
    resource('Thing', {
      identityJsonPaths: ['$.nested.k'],
      documentPathsMapping: {
        K: scalarPath('$.nested.k'),
        'Item.X': scalarPath('$.items[*].x'),
        'Item.Note': scalarPath(path),
        'Item.Info.Text': scalarPath('$.items[*].info.text'),
      },
      arrayUniquenessConstraints: [{ paths: ['$.items[*].x'] }],
      jsonSchemaForInsert: object({ nested: fields({ k: string(9) }), items: rows({ x: string(5), ...items }) }, [
        'nested',
      ]),
    }),
  ]),
];
const apartInItems: ObjectMove = {
  before: withNoteInItems('$.items[*].note', { note: string(5), info: object({ text: string(5) }) }),
  after: laterVersion(withNoteInItems('$.items[*].info.note', { info: object({ text: string(5), note: string(5) }) })),
  moves: [['$.items[*].note', '$.items[*].info.note']],
  lost: ['apart Ed-Fi:Thing.$.items[*].note'],
};

/** The same set with another name for the outer object. */
function renamed(before: readonly Document[], within = '$'): ObjectMove {
  const text = JSON.stringify(laterVersion(before))
    .replaceAll('"nested"', '"inner"')
    .replaceAll(`${within}.nested`, `${within}.inner`)
    .replaceAll('"Nested', '"Inner');
  return { before, after: JSON.parse(text), moves: [[`${within}.nested`, `${within}.inner`]] };
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
  ['an object with columns of the key alone, renamed', version, renamed(withKey({}, []), '$.others[*]')] as const,
  [
    'an object with a column of the key beside a value, renamed',
    version,
    renamed(withKey({ note: string(5) }, ['$.others[*].nested.note']), '$.others[*]'),
  ] as const,
  ['a reference beside a value in a document without a key', version, renamed(withoutKey)] as const,
  ['an object with columns of the key alone, which gets another value', version, withOthers] as const,
  ['an object with columns of the key alone, in items of other documents', version, inDocuments] as const,
  ['a value that goes to another table in a document without a key', version, apart] as const,
  ['a value that goes to another table in items of a document without a key', version, apartInItems] as const,
]);

/** The views over the later set of a move. */
function earlierViews({ moves, documents = [], ...schemas }: ObjectMove, version: MainGeneration) {
  const before = earlierSet(schemas.before, version);
  const after = earlierSet(schemas.after, version);
  const projects = (value: string) =>
    Object.fromEntries(before.model.projects.map(({ projectName }) => [projectName, value]));
  const rules = {
    before: projects('1.0'),
    after: projects('2.0'),
    moves: moves.map(([from, to]) => ({ before: `Ed-Fi:Thing.${from}`, after: `Ed-Fi:Thing.${to}` })),
    documents,
  };
  const translation = completeTranslation(rules, before, after);
  const earlier = deriveEarlier(before.mapping, after.mapping, translation, '');
  const losses = earlier.notGivenBack.map(({ place, reason }) => `${reason} ${place}`);
  return { before, after, translation, earlier, losses };
}

it.each(cases)('%s, in %s', async (_, version, move) => {
  const { earlier, losses, ...sets } = earlierViews(move, version);
  const { lost = [], empty = 0 } = move;
  expect(losses).toEqual(lost);
  const { before, translation } = sets;
  const { documents } = generateDocuments(before.model, 1, { random: 0, partsInTurn: true });
  const carried = await carriedDocuments(translation, before, documents);
  expect(carried.earlier).toHaveLength(documents.length);
  const engine = mustExist(provisionedEngines()[0], 'an engine');
  await inBothDatabases(engine, sets, carried, async (databases) => {
    const { differences, filled } = await compareEarlier(sets, databases, earlier);
    expect(differences).toEqual([]);
    // all but the table of descriptors
    expect(filled).toBe(before.mapping.tables.length - 1 - empty);
  });
});

it.each(mainGenerations)('an object that always has a value loses no row, in %s', (version) => {
  expect(earlierViews(withRequired, version).losses).toEqual([]);
});
