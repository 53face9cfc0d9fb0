import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  checkOf,
  foundIn,
  outcomeOfCase,
  type TinyCase,
  type TinyDocument,
  type TinyMembers,
  type TinyResource,
  textsOf,
} from '../test/tiny-sets.ts';

/* Each rule of a translation (design 20 §2 to §5) on a tiny set of its own. */

const book = (members: TinyMembers): TinyResource => ({ identity: ['$.isbn'], members: { isbn: 'text', ...members } });
const reader = (members: TinyMembers = {}): TinyResource => ({
  identity: ['$.card'],
  members: { card: 'text', ...members },
});
const toReader = { to: 'Core:Reader', parts: { card: '$.card' } } as const;

/** A case, the documents that it makes, and the rejects as `code place`. */
type ExpectedCase = readonly [
  says: string,
  TinyCase & { readonly made: readonly TinyDocument[]; readonly rejects?: readonly string[] },
];

/** A move of a member of books, with the documents before and after. */
function moved(
  before: TinyMembers,
  after: TinyMembers,
  moves: readonly object[],
  documents: readonly object[],
  made: readonly object[],
  more: {
    readonly rejects?: readonly string[];
    readonly descriptors?: readonly string[];
    readonly rules?: object;
  } = {},
): ExpectedCase[1] {
  const kinds = Object.fromEntries((more.descriptors ?? []).map((name) => [name, null]));
  return {
    before: { ...kinds, Book: book(before) },
    after: { ...kinds, Book: book(after) },
    rules: { moves, ...more.rules },
    documents: documents.map((each) => ['Core:Book', each]),
    made: made.map((each) => ['Core:Book', each]),
    rejects: more.rejects ?? [],
  };
}

const move = (before: string, after: string, more: object = {}) => ({
  before: `Core:Book.$.${before}`,
  after: `Core:Book.$.${after}`,
  ...more,
});

const moves: readonly ExpectedCase[] = [
  [
    'a member goes to another name, an unknown place keeps its own',
    moved(
      { title: 'text', note: 'text' },
      { name: 'text', note: 'text' },
      [move('title', 'name')],
      [
        { isbn: '1', title: 'a', note: 'n' },
        { isbn: '2', note: null },
      ],
      [{ isbn: '1', name: 'a', note: 'n' }, { isbn: '2' }],
    ),
  ],
  [
    'the innermost rule counts, and an object takes along what is below',
    moved(
      { print: { object: { city: 'text', house: 'text' } }, other: { object: { x: 'text' } } },
      { issue: { object: { town: 'text', house: 'text' } }, other: { object: { x: 'text' } } },
      [move('print', 'issue'), move('print.city', 'issue.town')],
      [{ isbn: '1', print: { city: 'c', house: 'h' }, other: { x: 'x' } }],
      [{ isbn: '1', issue: { town: 'c', house: 'h' }, other: { x: 'x' } }],
    ),
  ],
  [
    'a value becomes the only item of a collection',
    moved(
      { author: 'text' },
      { authors: { items: { name: 'text' }, unique: 'name' } },
      [move('author', 'authors[*].name')],
      [{ isbn: '1', author: 'a' }, { isbn: '2' }],
      [{ isbn: '1', authors: [{ name: 'a' }] }, { isbn: '2' }],
    ),
  ],
  [
    'items become one value if all are equal, else they are several',
    moved(
      { authors: { items: { name: 'text', rank: 'text' }, unique: 'rank' } },
      { author: 'text' },
      [move('authors[*].name', 'author')],
      [
        {
          isbn: '1',
          authors: [
            { rank: 'x', name: 'a' },
            { rank: 'y', name: 'a' },
          ],
        },
        {
          isbn: '2',
          authors: [
            { rank: 'x', name: 'a' },
            { rank: 'y', name: 'b' },
          ],
        },
      ],
      [{ isbn: '1', author: 'a' }],
      {
        rejects: ['TRANSLATION_SEVERAL Core:Book.$.authors[1].name'],
        rules: { drops: [{ before: 'Core:Book.$.authors[*].rank', because: 'no place' }] },
      },
    ),
  ],
  [
    'with take, the first item counts',
    moved(
      { authors: { items: { name: 'text' }, unique: 'name' } },
      { author: 'text' },
      [move('authors[*].name', 'author', { take: 'first' })],
      [{ isbn: '1', authors: [{ name: 'b' }, { name: 'a' }] }],
      [{ isbn: '1', author: 'b' }],
    ),
  ],
  [
    'values convert, and a value that the rule lacks is a reject',
    moved(
      { open: 'flag', size: 'text' },
      { state: 'text', size: 'whole number' },
      [
        move('open', 'state', { values: { true: 'yes', false: 'no' } }),
        move('size', 'size', { values: { S: 1, L: 3 } }),
      ],
      [
        { isbn: '1', open: true, size: 'L' },
        { isbn: '2', open: false, size: 'S' },
        { isbn: '3', size: 'M' },
        { isbn: '4', size: 's' },
      ],
      [
        { isbn: '1', state: 'yes', size: 3 },
        { isbn: '2', state: 'no', size: 1 },
      ],
      {
        rejects: ['TRANSLATION_VALUE Core:Book.$.size', 'TRANSLATION_VALUE Core:Book.$.size'],
      },
    ),
  ],
  [
    'a moment becomes its day in UTC',
    moved(
      { lentAt: 'moment' },
      { lentOn: 'day' },
      [move('lentAt', 'lentOn', { as: 'date' })],
      [
        { isbn: '1', lentAt: '2024-01-02T23:30:00-05:00' },
        { isbn: '2', lentAt: '2024-01-02T23:30:00Z' },
      ],
      [
        { isbn: '1', lentOn: '2024-01-03' },
        { isbn: '2', lentOn: '2024-01-02' },
      ],
    ),
  ],
  [
    'a descriptor becomes its code value',
    moved(
      { kindDescriptor: { descriptor: 'Core:KindDescriptor' } },
      { kind: 'text' },
      [move('kindDescriptor', 'kind', { as: 'codeValue' })],
      [{ isbn: '1', kindDescriptor: 'uri://a.org/KindDescriptor#Thin#1' }],
      [{ isbn: '1', kind: 'Thin#1' }],
      { descriptors: ['KindDescriptor'] },
    ),
  ],
  [
    'keys of values name descriptors in any letter case, and the later descriptor is written too',
    {
      before: { KindDescriptor: null, Book: book({ kindDescriptor: { descriptor: 'Core:KindDescriptor' } }) },
      after: { FormDescriptor: null, Book: book({ formDescriptor: { descriptor: 'Core:FormDescriptor' } }) },
      rules: {
        moves: [
          {
            ...move('kindDescriptor', 'formDescriptor'),
            values: { 'uri://a.org/KindDescriptor#Thin': 'uri://a.org/FormDescriptor#Slim' },
          },
        ],
        drops: [{ before: 'Core:KindDescriptor', because: 'forms now' }],
      },
      documents: [['Core:Book', { isbn: '1', kindDescriptor: 'URI://A.org/kindDescriptor#THIN' }]],
      made: [
        ['Core:Book', { isbn: '1', formDescriptor: 'uri://a.org/FormDescriptor#Slim' }],
        [
          'Core:FormDescriptor',
          { namespace: 'uri://a.org/FormDescriptor', codeValue: 'Slim', shortDescription: 'Slim' },
        ],
      ],
    },
  ],
  [
    'a whole number becomes a text',
    moved({ pages: 'whole number' }, { pages: 'text' }, [], [{ isbn: '1', pages: 12 }], [{ isbn: '1', pages: '12' }]),
  ],
  [
    'a member of a reference follows the part of the identity that it repeats, with its conversion',
    {
      before: {
        Reader: { identity: ['$.card'], members: { card: 'text' } },
        Book: book({ readerReference: toReader }),
      },
      after: {
        Reader: { identity: ['$.pass'], members: { pass: 'text' } },
        Book: book({ readerReference: { to: 'Core:Reader', parts: { pass: '$.pass' } } }),
      },
      rules: { moves: [{ before: 'Core:Reader.$.card', after: 'Core:Reader.$.pass', values: { a: 'A', b: 'B' } }] },
      documents: [
        ['Core:Reader', { card: 'a' }],
        ['Core:Book', { isbn: '1', readerReference: { card: 'a' } }],
      ],
      made: [
        ['Core:Reader', { pass: 'A' }],
        ['Core:Book', { isbn: '1', readerReference: { pass: 'A' } }],
      ],
    },
  ],
  [
    'a project and a resource get other names',
    {
      before: { Book: book({}), Reader: reader() },
      after: { Volume: book({}), Reader: reader() },
      laterProject: 'Town',
      rules: {
        moves: [
          { before: 'Core', after: 'Town' },
          { before: 'Core:Book', after: 'Town:Volume' },
        ],
      },
      documents: [
        ['Core:Book', { isbn: '1' }],
        ['Core:Reader', { card: 'a' }],
      ],
      made: [
        ['Town:Volume', { isbn: '1' }],
        ['Town:Reader', { card: 'a' }],
      ],
    },
  ],
];

const descriptor = (namespace: string, codeValue: string, more: object = {}): TinyDocument => [
  'Core:KindDescriptor',
  { namespace, codeValue, shortDescription: codeValue, ...more },
];

const namespaces = (...pairs: readonly [string, string][]) => ({
  before: { KindDescriptor: null },
  after: { KindDescriptor: null },
  rules: { descriptorNamespaces: pairs.map(([before, after]) => ({ before, after })) },
});

const ofNamespaces: readonly ExpectedCase[] = [
  [
    'the longest beginning counts, up to the end of a part, in any letter case',
    {
      ...namespaces(['uri://a.org', 'uri://b.org'], ['uri://a.org/x', 'uri://c.org']),
      documents: [
        descriptor('uri://a.org', 'one'),
        descriptor('uri://A.org/Y', 'two'),
        descriptor('uri://a.org/x/z', 'three'),
        descriptor('uri://a.org/xx', 'four'),
        descriptor('uri://a.orgs', 'five'),
      ],
      made: [
        descriptor('uri://b.org', 'one'),
        descriptor('uri://b.org/Y', 'two'),
        descriptor('uri://c.org/z', 'three'),
        descriptor('uri://b.org/xx', 'four'),
        descriptor('uri://a.orgs', 'five'),
      ],
    },
  ],
  [
    'two descriptors that become one are one: the one that has the later name stays',
    {
      ...namespaces(['uri://a.org', 'uri://b.org']),
      documents: [
        descriptor('uri://a.org', 'x', { description: 'a' }),
        descriptor('uri://b.org', 'X', { description: 'b' }),
      ],
      made: [descriptor('uri://b.org', 'X', { description: 'b' })],
    },
  ],
];

const loans = {
  Loan: { identity: ['$.loanId'], members: { loanId: 'text', isbn: 'text', owner: 'text', copy: 'text' } },
} as const;
const notes = {
  Note: { identity: ['$.isbn', '$.owner'], members: { isbn: 'text', owner: 'text', remark: 'text' } },
} as const;
const ofLoans = (where: Record<string, string>) => ({
  resource: 'Core:Loan',
  where: Object.fromEntries(Object.entries(where).map(([there, here]) => [`$.${there}`, `$.${here}`])),
  identity: { '$.owner': '$.owner' },
});

/** Remarks of books become notes, whose owner the loans of the book know. */
const throughLoans = (lists: readonly object[], documents: readonly TinyDocument[]): TinyCase => ({
  before: { Book: book({ remark: 'text', copy: 'text' }), ...loans },
  after: { Book: book({ copy: 'text' }), ...loans, ...notes },
  rules: {
    documents: [{ before: 'Core:Book', after: 'Core:Note', members: ['$.remark'], through: 'owners' }],
    through: { owners: lists },
  } as TinyCase['rules'],
  documents,
});

const loan = (loanId: string, isbn: string, owner: string, more: object = {}): TinyDocument => [
  'Core:Loan',
  { loanId, isbn, owner, ...more },
];

const remarked: TinyDocument = ['Core:Book', { isbn: '1', remark: 'r', copy: 'k' }];
const plainBook: TinyDocument = ['Core:Book', { isbn: '1', copy: 'k' }];
const note = (owner: string): TinyDocument => ['Core:Note', { isbn: '1', owner, remark: 'r' }];

const documentsOfRules: readonly ExpectedCase[] = [
  [
    'a resource has a new document where it has a value to carry',
    {
      before: { Book: book({ remark: 'text', title: 'text' }) },
      after: {
        Book: book({ title: 'text' }),
        Note: { identity: ['$.isbn'], members: { isbn: 'text', remark: 'text' } },
      },
      rules: { documents: [{ before: 'Core:Book', after: 'Core:Note', members: ['$.remark'] }] },
      documents: [
        ['Core:Book', { isbn: '1', remark: 'r', title: 't' }],
        ['Core:Book', { isbn: '2', title: 't' }],
      ],
      made: [
        ['Core:Book', { isbn: '1', title: 't' }],
        ['Core:Book', { isbn: '2', title: 't' }],
        ['Core:Note', { isbn: '1', remark: 'r' }],
      ],
    },
  ],
  [
    'with when it has one always; identity names another place',
    {
      before: { Book: book({ remark: 'text', title: 'text' }) },
      after: {
        Book: book({ title: 'text' }),
        Note: { identity: ['$.name'], members: { name: 'text', remark: 'text' } },
      },
      rules: {
        documents: [
          {
            before: 'Core:Book',
            after: 'Core:Note',
            members: ['$.remark'],
            when: 'always',
            identity: { '$.name': '$.title' },
          },
        ],
      },
      documents: [
        ['Core:Book', { isbn: '1', remark: 'r', title: 't' }],
        ['Core:Book', { isbn: '2', title: 'u' }],
      ],
      made: [
        ['Core:Book', { isbn: '1', title: 't' }],
        ['Core:Book', { isbn: '2', title: 'u' }],
        ['Core:Note', { name: 't', remark: 'r' }],
        ['Core:Note', { name: 'u' }],
      ],
    },
  ],
  [
    'each item becomes a document',
    {
      before: { Book: book({ copies: { items: { shelf: 'text', state: 'text' }, unique: 'shelf' } }) },
      after: {
        Book: book({}),
        Copy: { identity: ['$.isbn', '$.shelf'], members: { isbn: 'text', shelf: 'text', state: 'text' } },
      },
      rules: { documents: [{ before: 'Core:Book.$.copies[*]', after: 'Core:Copy' }] },
      documents: [['Core:Book', { isbn: '1', copies: [{ shelf: 'a', state: 'new' }, { shelf: 'b' }] }]],
      made: [
        ['Core:Book', { isbn: '1' }],
        ['Core:Copy', { isbn: '1', shelf: 'a', state: 'new' }],
        ['Core:Copy', { isbn: '1', shelf: 'b' }],
      ],
    },
  ],
  [
    'through finds the rest of the identity by equal values, once for each that it finds',
    {
      ...throughLoans(
        [ofLoans({ isbn: 'isbn' })],
        [remarked, loan('x', '1', 'ann'), loan('y', '1', 'bob'), loan('z', '1', 'ann'), loan('w', '2', 'eve')],
      ),
      made: [
        plainBook,
        note('ann'),
        note('bob'),
        loan('x', '1', 'ann'),
        loan('y', '1', 'bob'),
        loan('z', '1', 'ann'),
        loan('w', '2', 'eve'),
      ],
    },
  ],
  [
    'through compares all places of where',
    {
      ...throughLoans(
        [ofLoans({ isbn: 'isbn', copy: 'copy' })],
        [
          remarked,
          loan('x', '1', 'ann', { copy: 'other' }),
          loan('y', '1', 'bob', { copy: 'k' }),
          loan('z', '1', 'eve'),
        ],
      ),
      made: [
        plainBook,
        note('bob'),
        loan('x', '1', 'ann', { copy: 'other' }),
        loan('y', '1', 'bob', { copy: 'k' }),
        loan('z', '1', 'eve'),
      ],
    },
  ],
  [
    'the first list of through that finds any counts',
    {
      ...throughLoans(
        [ofLoans({ copy: 'copy' }), ofLoans({ isbn: 'isbn' })],
        [remarked, loan('x', '1', 'ann'), loan('y', '2', 'bob', { copy: 'k' })],
      ),
      made: [plainBook, note('bob'), loan('x', '1', 'ann'), loan('y', '2', 'bob', { copy: 'k' })],
    },
  ],
  [
    'a later list of through counts where an earlier one finds none',
    {
      ...throughLoans([ofLoans({ copy: 'copy' }), ofLoans({ isbn: 'isbn' })], [remarked, loan('x', '1', 'ann')]),
      made: [plainBook, note('ann'), loan('x', '1', 'ann')],
    },
  ],
  [
    'where through finds none, the new document is a reject and the earlier one goes on',
    {
      ...throughLoans([ofLoans({ isbn: 'isbn' })], [remarked, loan('x', '2', 'ann'), ['Core:Book', { isbn: '3' }]]),
      made: [plainBook, loan('x', '2', 'ann'), ['Core:Book', { isbn: '3' }]],
      rejects: ['TRANSLATION_NO_IDENTITY Core:Note'],
    },
  ],
  [
    'what through finds is converted, and documents that lack a part of it are not found',
    {
      before: {
        Book: book({ remark: 'text' }),
        Loan: { identity: ['$.loanId'], members: { loanId: 'text', isbn: 'text', owner: 'whole number' } },
      },
      after: {
        Book: book({}),
        Loan: { identity: ['$.loanId'], members: { loanId: 'text', isbn: 'text', owner: 'whole number' } },
        ...notes,
      },
      rules: {
        documents: [{ before: 'Core:Book', after: 'Core:Note', members: ['$.remark'], through: 'owners' }],
        through: { owners: [ofLoans({ isbn: 'isbn' })] },
      },
      documents: [
        ['Core:Book', { isbn: '1', remark: 'r' }],
        ['Core:Loan', { loanId: 'x', isbn: '1', owner: 7 }],
        ['Core:Loan', { loanId: 'y', isbn: '1' }],
      ],
      made: [
        ['Core:Book', { isbn: '1' }],
        note('7'),
        ['Core:Loan', { loanId: 'x', isbn: '1', owner: 7 }],
        ['Core:Loan', { loanId: 'y', isbn: '1' }],
      ],
    },
  ],
  [
    'documents of one identity are united: equal values once, items after each other',
    {
      before: {
        Book: book({ shelf: 'text', remark: 'text', marks: { items: { mark: 'text' }, unique: 'mark' } }),
      },
      after: {
        Book: book({}),
        Shelf: {
          identity: ['$.shelf'],
          members: { shelf: 'text', remark: 'text', marks: { items: { mark: 'text' }, unique: 'mark' } },
        },
      },
      rules: {
        documents: [{ before: 'Core:Book', after: 'Core:Shelf', members: ['$.shelf', '$.remark', '$.marks[*]'] }],
      },
      documents: [
        ['Core:Book', { isbn: '1', shelf: 'a', remark: 'r', marks: [{ mark: 'x' }, { mark: 'y' }] }],
        ['Core:Book', { isbn: '2', shelf: 'a', marks: [{ mark: 'y' }, { mark: 'z' }] }],
        ['Core:Book', { isbn: '3', shelf: 'b', remark: 'r' }],
        ['Core:Book', { isbn: '4', shelf: 'b', remark: 's' }],
      ],
      made: [
        ...['1', '2', '3', '4'].map((isbn): TinyDocument => ['Core:Book', { isbn }]),
        ['Core:Shelf', { shelf: 'a', remark: 'r', marks: [{ mark: 'x' }, { mark: 'y' }, { mark: 'z' }] }],
      ],
      rejects: ['TRANSLATION_CONFLICT Core:Shelf.$.remark'],
    },
  ],
];

const required = (members: TinyMembers, name: string): TinyResource => ({
  identity: ['$.isbn', `$.${name}`],
  members: { isbn: 'text', ...members },
});

const fillsAndDrops: readonly ExpectedCase[] = [
  [
    'a fill completes each object that is there, and keeps what a document has',
    {
      before: { Book: book({ copies: { items: { shelf: 'text' }, unique: 'shelf' } }) },
      after: {
        Book: {
          ...book({
            copies: { items: { shelf: 'text', house: 'text' }, unique: 'shelf', required: ['house'] },
            language: 'text',
          }),
          required: ['language'],
        },
      },
      rules: {
        fills: [
          { after: 'Core:Book.$.language', value: 'en' },
          { after: 'Core:Book.$.copies[*].house', value: 'main' },
        ],
      },
      documents: [
        ['Core:Book', { isbn: '1', copies: [{ shelf: 'a' }, { shelf: 'b' }] }],
        ['Core:Book', { isbn: '2' }],
      ],
      made: [
        [
          'Core:Book',
          {
            isbn: '1',
            language: 'en',
            copies: [
              { shelf: 'a', house: 'main' },
              { shelf: 'b', house: 'main' },
            ],
          },
        ],
        ['Core:Book', { isbn: '2', language: 'en' }],
      ],
    },
  ],
  [
    'a fill gives the year in which the school year of a date ends',
    {
      before: { Book: book({ day: 'day' }) },
      after: { Book: { ...book({ day: 'day', year: 'whole number' }), required: ['year'] } },
      rules: { fills: [{ after: 'Core:Book.$.year', schoolYearOf: '$.day', begins: '07-01', value: 1999 }] },
      documents: [
        ['Core:Book', { isbn: '1', day: '2024-06-30' }],
        ['Core:Book', { isbn: '2', day: '2024-07-01' }],
        ['Core:Book', { isbn: '3' }],
      ],
      made: [
        ['Core:Book', { isbn: '1', day: '2024-06-30', year: 2024 }],
        ['Core:Book', { isbn: '2', day: '2024-07-01', year: 2025 }],
        ['Core:Book', { isbn: '3', year: 1999 }],
      ],
    },
  ],
  [
    'what names a dropped document is a reject, round by round',
    {
      before: {
        Reader: reader(),
        Book: book({ readerReference: toReader }),
        Page: {
          identity: ['$.page'],
          members: { page: 'text', bookReference: { to: 'Core:Book', parts: { isbn: '$.isbn' } } },
        },
      },
      after: {
        Reader: reader(),
        Book: book({ readerReference: toReader }),
        Page: {
          identity: ['$.page'],
          members: { page: 'text', bookReference: { to: 'Core:Book', parts: { isbn: '$.isbn' } } },
        },
      },
      rules: { drops: [{ before: 'Core:Reader', because: 'private' }] },
      documents: [
        ['Core:Page', { page: 'p', bookReference: { isbn: '1' } }],
        ['Core:Page', { page: 'q', bookReference: { isbn: '2' } }],
        ['Core:Book', { isbn: '1', readerReference: { card: 'a' } }],
        ['Core:Book', { isbn: '2' }],
        ['Core:Reader', { card: 'a' }],
      ],
      made: [
        ['Core:Book', { isbn: '2' }],
        ['Core:Page', { page: 'q', bookReference: { isbn: '2' } }],
      ],
      rejects: ['TRANSLATION_TARGET Core:Book.$.readerReference', 'TRANSLATION_TARGET Core:Page.$.bookReference'],
    },
  ],
  [
    'an identity that loses a part unites documents',
    {
      before: { Book: required({ copy: 'text', title: 'text' }, 'copy') },
      after: { Book: book({ title: 'text' }) },
      rules: { drops: [{ before: 'Core:Book.$.copy', because: 'one is enough' }] },
      documents: [
        ['Core:Book', { isbn: '1', copy: 'a', title: 't' }],
        ['Core:Book', { isbn: '1', copy: 'b', title: 't' }],
      ],
      made: [['Core:Book', { isbn: '1', title: 't' }]],
    },
  ],
  [
    'a document that the later set does not take, or that has unknown members, is a reject',
    {
      before: { Book: book({ title: 'text' }) },
      after: { Book: book({ title: 'short text' }) },
      rules: {},
      documents: [
        ['Core:Book', { isbn: '1', title: 'too long' }],
        ['Core:Book', { isbn: '2', title: 'short', other: 1 }],
        ['Core:Paper', { isbn: '3' }],
        ['Core:Book', { isbn: '4', title: 'short' }],
      ],
      made: [['Core:Book', { isbn: '4', title: 'short' }]],
      rejects: [
        'TRANSLATION_REFUSED Core:Book.$.other',
        'TRANSLATION_REFUSED Core:Book.$.title',
        'TRANSLATION_REFUSED Core:Paper',
      ],
    },
  ],
];

describe.each([
  ['moves', moves],
  ['namespaces', ofNamespaces],
  ['documents', documentsOfRules],
  ['fills, drops and rejects', fillsAndDrops],
])('%s', (_, cases) => {
  it.each(cases)('%s', async (_, { made, rejects = [], ...own }) => {
    const expected = { documents: textsOf(made), rejects: [...rejects].sort() };
    expect(foundIn(await outcomeOfCase(own))).toEqual(expected);
    const reversed = { ...own, documents: [...(own.documents ?? [])].reverse() };
    expect(foundIn(await outcomeOfCase(reversed))).toEqual(expected);
  });
});

it('own documents keep their ids, new ones have those of their identity', async () => {
  const { documents } = await outcomeOfCase(
    throughLoans(
      [ofLoans({ isbn: 'isbn' })],
      [['Core:Book', { isbn: '1', remark: 'r' }, 'own'], loan('x', '1', 'ann')],
    ),
  );
  const ids = new Map(documents.map(({ resource, uuid }) => [resource, uuid]));
  expect(ids.get('Core:Book')).toBe('own');
  const bytes = createHash('sha1')
    .update(Buffer.from('6d0f3b2a3c5e5b0e9f2e2b7b6a1c7d11', 'hex'))
    .update('Core:Note|$.isbn=1#$.owner=ann')
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  expect(ids.get('Core:Note')).toBe(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
});

it('a note names the descriptor that goes where two with different texts become one', async () => {
  const noted = async (...texts: readonly string[]) => {
    const { report } = await outcomeOfCase({
      ...namespaces(['uri://a.org', 'uri://b.org']),
      documents: ['a', 'b'].map((name, index) => descriptor(`uri://${name}.org`, 'x', { description: texts[index] })),
    });
    return report.notes.map(({ code, place, text }) => `${code} ${place}: ${text}`);
  };
  expect(await noted('one', 'another')).toEqual([
    'TRANSLATION_MERGED Core:KindDescriptor: uri://a.org#x becomes uri://b.org#x',
  ]);
  expect(await noted('one', 'one')).toEqual([]);
});

it('the report counts each value once, under its rule', async () => {
  const { report } = await outcomeOfCase({
    before: { Book: book({ title: 'text', note: 'text', remark: 'text' }) },
    after: { Book: book({ name: 'text' }), Note: { identity: ['$.isbn'], members: { isbn: 'text', remark: 'text' } } },
    rules: {
      moves: [move('title', 'name')],
      drops: [{ before: 'Core:Book.$.note', because: 'nobody reads it' }],
      documents: [{ before: 'Core:Book', after: 'Core:Note', members: ['$.remark'] }],
    },
    documents: [
      ['Core:Book', { isbn: '1', title: 't', note: 'n', remark: 'r' }],
      ['Core:Book', { isbn: '2', note: 'n', other: [1, 2] }],
    ],
  });
  expect(report.values).toEqual({ read: 8, carried: 3, dropped: 2, rejected: 3 });
  expect(Object.fromEntries(report.rules)).toEqual({
    unchanged: { carried: 1, dropped: 0, rejected: 1 },
    'moves[0]': { carried: 1, dropped: 0, rejected: 0 },
    'drops[0]': { carried: 0, dropped: 2, rejected: 0 },
    'documents[0]': { carried: 1, dropped: 0, rejected: 0 },
    unknown: { carried: 0, dropped: 0, rejected: 2 },
  });
  expect(report.documents).toEqual({ read: 2, written: 2, made: 1, rejects: 1 });
});

it('items that are equal to the first one are carried with it, the others are dropped', async () => {
  const { report } = await outcomeOfCase({
    before: { Book: book({ authors: { items: { name: 'text', rank: 'text' }, unique: 'rank' } }) },
    after: { Book: book({ author: 'text' }) },
    rules: {
      moves: [move('authors[*].name', 'author', { take: 'first' })],
      drops: [{ before: 'Core:Book.$.authors[*].rank', because: 'no place' }],
    },
    documents: [
      [
        'Core:Book',
        {
          isbn: '1',
          authors: [
            { rank: '1', name: 'a' },
            { rank: '2', name: 'b' },
            { rank: '3', name: 'a' },
          ],
        },
      ],
    ],
  });
  expect(report.rules.get('moves[0]')).toEqual({ carried: 2, dropped: 1, rejected: 0 });
});

/** What the check says of a move, or of other rules, for books. */
const checked = (
  before: TinyMembers,
  after: TinyMembers,
  rules: object,
  more: Readonly<Record<string, TinyResource | null>> = {},
) => {
  const { problems, notes: found } = checkOf({
    before: { ...more, Book: book(before) },
    after: { ...more, Book: book(after) },
    rules: rules as TinyCase['rules'],
  });
  return [...problems, ...found].map(({ code, place }) => `${code} ${place}`).sort();
};

it.each<readonly [string, TinyMembers, TinyMembers, object, readonly string[]]>([
  ['nothing to say', { a: 'text' }, { a: 'text' }, {}, []],
  ['a place without a rule', { a: 'text' }, {}, {}, ['TRANSLATION_INCOMPLETE Core:Book.$.a']],
  [
    'an earlier name that is not there',
    {},
    { b: 'text' },
    { moves: [move('a', 'b')] },
    ['TRANSLATION_UNKNOWN Core:Book.$.a'],
  ],
  [
    'a later name that is not there',
    { a: 'text' },
    {},
    { moves: [move('a', 'b')] },
    ['TRANSLATION_UNKNOWN Core:Book.$.b'],
  ],
  [
    'types that do not fit',
    { a: 'flag' },
    { b: 'day' },
    { moves: [move('a', 'b')] },
    ['TRANSLATION_DIFFERS Core:Book.$.a'],
  ],
  [
    'a value of the wrong type',
    { a: 'text' },
    { b: 'whole number' },
    { moves: [move('a', 'b', { values: { x: 'y' } })] },
    ['TRANSLATION_DIFFERS Core:Book.$.a'],
  ],
  [
    'two moves to one place',
    { a: 'text', b: 'text' },
    { c: 'text' },
    { moves: [move('a', 'c'), move('b', 'c')] },
    ['TRANSLATION_AMBIGUOUS Core:Book.$.c'],
  ],
  ['fewer values', { a: 'text' }, { a: 'short text' }, {}, ['TRANSLATION_NARROWER Core:Book.$.a']],
  [
    'a rule that changes nothing',
    { a: 'text' },
    { a: 'text' },
    { moves: [move('a', 'a')] },
    ['TRANSLATION_UNUSED Core:Book.$.a'],
  ],
  [
    'an item that becomes a value of another kind',
    { a: { items: { x: 'text' }, unique: 'x' } },
    { b: 'text' },
    { moves: [move('a[*]', 'b')] },
    ['TRANSLATION_DIFFERS Core:Book.$.a[*]'],
  ],
])('the check finds %s', (_, before, after, rules, expected) => {
  expect(checked(before, after, rules)).toEqual(expected);
});
