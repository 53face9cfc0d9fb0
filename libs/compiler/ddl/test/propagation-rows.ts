import { build } from '@dms/testing';
import { a, b, core, equal, key, type MemberOptions, member, part, toA, toB } from './mssql/propagation-schemas.ts';

/* The table of design 11 §5 with rows of data: the rename, and the changes that must follow. */
const { array, ext, extensionOf, object, project, resource, string } = build;

export type PropagatedValues = Readonly<Record<string, string | number>>;
/** The columns of a row of a table. A row that is inserted into the root table of a resource also gets its document. */
export type PropagationRow = readonly [table: string, values: PropagatedValues];

export interface PropagationCase {
  readonly row: string;
  readonly document: object;
  readonly extension?: object;
  readonly rows: readonly PropagationRow[];
  /** The table and the new values of the rename, which applies to the first row of the table. */
  readonly rename: readonly [table: string, values: PropagatedValues];
  /** The rows after the rename; `DocumentId` selects the row if the table has several. */
  readonly copies: readonly PropagationRow[];
  /** Documents with a new content version. */
  readonly touched: readonly number[];
  /** Documents with a new identity version and referential id; default: all touched documents. */
  readonly identified?: readonly number[];
}

const inA = ['A', { DocumentId: 1, ACode: 'a' }] as const;
const inB = ['B', { DocumentId: 2, BCode: 'b', A_DocumentId: 1, A_ACode: 'a' }] as const;
const inC = ['C', { DocumentId: 4, CCode: 'c' }] as const;
const renameA = ['A', { ACode: 'z' }] as const;
const copyInB = ['B', { A_ACode: 'z' }] as const;

type References = NonNullable<MemberOptions['references']>;
/** R with references, some of whose values must be equal. */
const r = (references: References, ...same: readonly (readonly [string, string])[]) =>
  member('R', { references, equal: same.map(([x, y]) => equal(x, y)) });

/** R refers to A and B and stores A's key once. */
const sharedR = (isARequired = true, isBRequired = true) =>
  r({ A: [...toA('aReference'), isARequired], B: [...toB('bReference'), isBRequired] }, [
    '$.aReference.aCode',
    '$.bReference.aCode',
  ]);
const inSharedR = [
  'R',
  { DocumentId: 3, RCode: 'r', ACode_Unified: 'a', A_DocumentId: 1, B_DocumentId: 2, B_BCode: 'b' },
] as const;
const viaShared = (isARequired: boolean, isBRequired: boolean): Omit<PropagationCase, 'row' | 'touched'> => ({
  document: core([a(), b(), sharedR(isARequired, isBRequired)]),
  rows: [inA, inB, inSharedR],
  rename: renameA,
  copies: [copyInB, ['R', { ACode_Unified: 'z', A_ACode: 'z', B_ACode: 'z' }]],
});

const s = () => member('S', { flag: true, superclass: 'X' });
const toS = ['S', [['$.sCode', '$.sReference.sCode']]] as const;
const toX = ['X', [['$.xCode', '$.xReference.xCode']]] as const;
const inS = ['S', { DocumentId: 1, SCode: 'a' }] as const;
const renameS = ['S', { SCode: 'z' }] as const;
const twice = (...same: readonly (readonly [string, string])[]) =>
  core([a(), r({ First: toA('firstReference'), Second: toA('secondReference') }, ...same)]);
const toC = ['C', [['$.cCode', '$.cReference.cCode']]] as const;
const toCOfA = [
  'C',
  [
    ['$.cCode', '$.cReference.cCode'],
    ['$.aReference.aCode', '$.cReference.aCode'],
  ],
] as const;

const flaggedB: Pick<PropagationCase, 'document' | 'rows'> = {
  document: core([a(), b({ flag: true }), sharedR()]),
  rows: [inA, inB, inSharedR],
};
const circle: Pick<PropagationCase, 'document' | 'rows'> = {
  document: core([
    member('A', { flag: true, references: { B: ['B', [['$.bCode', '$.bReference.bCode']], false] } }),
    member('B', { flag: true, references: { A: [...toA('aReference'), false] } }),
  ]),
  rows: [inA, inB, ['A', { DocumentId: 3, ACode: 'other', B_DocumentId: 2, B_BCode: 'b' }]],
};
const independent: Pick<PropagationCase, 'document' | 'rows'> = {
  document: core([a(), member('C', { flag: true }), r({ A: toA('aReference'), C: toC })]),
  rows: [inA, inC, ['R', { DocumentId: 3, RCode: 'r', A_DocumentId: 1, A_ACode: 'a', C_DocumentId: 4, C_CCode: 'c' }]],
};
const twoOrigins: Pick<PropagationCase, 'document' | 'rows'> = {
  document: core([
    a(),
    member('C', { flag: true }),
    b({ references: { A: toA('aReference'), C: toC } }),
    r(
      {
        A: toA('aReference'),
        B: ['B', [...toB('bReference')[1], ['$.cReference.cCode', '$.bReference.cCode']]],
      },
      ['$.aReference.aCode', '$.bReference.aCode'],
    ),
  ]),
  rows: [inA, inC, ['B', { ...inB[1], C_DocumentId: 4, C_CCode: 'c' }], ['R', { ...inSharedR[1], B_CCode: 'c' }]],
};

export const propagationCases: readonly PropagationCase[] = [
  { row: '1', document: core([a(), b()]), rows: [inA, inB], rename: renameA, copies: [copyInB], touched: [1, 2] },
  {
    row: '2',
    document: core([a(), b(), member('C', { references: { B: toB('bReference') } })]),
    rows: [inA, inB, ['C', { DocumentId: 3, CCode: 'c', B_DocumentId: 2, B_BCode: 'b', B_ACode: 'a' }]],
    rename: renameA,
    copies: [copyInB, ['C', { B_ACode: 'z', B_BCode: 'b' }]],
    touched: [1, 2, 3],
  },
  { row: '4', ...viaShared(true, true), touched: [1, 2, 3] },
  { row: '4b, A', ...flaggedB, rename: renameA, copies: [copyInB, ['R', { ACode_Unified: 'z' }]], touched: [1, 2, 3] },
  { row: '4b, B', ...flaggedB, rename: ['B', { BCode: 'z' }], copies: [['R', { B_BCode: 'z' }]], touched: [2, 3] },
  {
    row: '5',
    document: core([a(), b(), r({ A: toA('aReference'), B: toB('bReference') })]),
    rows: [
      inA,
      inB,
      ['R', { DocumentId: 3, RCode: 'r', A_DocumentId: 1, A_ACode: 'a', B_DocumentId: 2, B_ACode: 'a', B_BCode: 'b' }],
    ],
    rename: renameA,
    copies: [copyInB, ['R', { A_ACode: 'z', B_ACode: 'z' }]],
    touched: [1, 2, 3],
  },
  { row: '6, A', ...circle, rename: renameA, copies: [copyInB], touched: [1, 2], identified: [1] },
  {
    row: '6, B',
    ...circle,
    rename: ['B', { BCode: 'z' }],
    copies: [['A', { DocumentId: 3, B_BCode: 'z' }]],
    touched: [2, 3],
    identified: [2],
  },
  {
    row: '7',
    document: core([
      member('A', { flag: true, references: { Parent: ['A', [['$.aCode', '$.parentReference.aCode']], false] } }),
    ]),
    rows: [inA, ['A', { DocumentId: 2, ACode: 'child', Parent_DocumentId: 1, Parent_ACode: 'a' }]],
    rename: renameA,
    copies: [['A', { DocumentId: 2, ACode: 'child', Parent_ACode: 'z' }]],
    touched: [1, 2],
    identified: [1],
  },
  ...[true, false].map((isRequired) => ({
    row: `8, X ${isRequired ? 'required' : 'optional'}`,
    document: core([s(), r({ S: toS, X: [...toX, isRequired] }, ['$.sReference.sCode', '$.xReference.xCode'])], ['X']),
    rows: [inS, ['R', { DocumentId: 3, RCode: 'r', SCode_Unified: 'a', S_DocumentId: 1, X_DocumentId: 1 }] as const],
    rename: renameS,
    copies: [
      ['XIdentity', { XCode: 'z' }],
      ['R', { SCode_Unified: 'z', S_SCode: 'z', X_XCode: 'z' }],
    ] as const,
    touched: [1, 3],
  })),
  {
    row: '8b',
    document: core([s(), r({ S: toS, X: toX })], ['X']),
    rows: [inS, ['R', { DocumentId: 3, RCode: 'r', S_SCode: 'a', S_DocumentId: 1, X_DocumentId: 1, X_XCode: 'a' }]],
    rename: renameS,
    copies: [['R', { S_SCode: 'z', X_XCode: 'z' }]],
    touched: [1, 3],
  },
  {
    row: '8c',
    document: core(
      [
        s(),
        member('M', { references: { S: toS } }),
        r(
          {
            M: [
              'M',
              [
                ['$.mCode', '$.mReference.mCode'],
                ['$.sReference.sCode', '$.mReference.sCode'],
              ],
            ],
            X: toX,
          },
          ['$.mReference.sCode', '$.xReference.xCode'],
        ),
      ],
      ['X'],
    ),
    rows: [
      inS,
      ['M', { DocumentId: 2, MCode: 'm', S_DocumentId: 1, S_SCode: 'a' }],
      ['R', { DocumentId: 3, RCode: 'r', SCode_Unified: 'a', M_DocumentId: 2, M_MCode: 'm', X_DocumentId: 1 }],
    ],
    rename: renameS,
    copies: [
      ['M', { S_SCode: 'z' }],
      ['R', { M_SCode: 'z', X_XCode: 'z' }],
    ],
    touched: [1, 2, 3],
  },
  { row: '9, A', ...independent, rename: renameA, copies: [['R', { A_ACode: 'z', C_CCode: 'c' }]], touched: [1, 3] },
  {
    row: '9, C',
    ...independent,
    rename: ['C', { CCode: 'z' }],
    copies: [['R', { A_ACode: 'a', C_CCode: 'z' }]],
    touched: [3, 4],
  },
  {
    row: '10',
    document: core([
      a(),
      resource('R', {
        identityJsonPaths: ['$.rCode'],
        documentPathsMapping: { A: part('Ed-Fi:A', [['$.aCode', '$.items[*].aReference.aCode']], false) },
        jsonSchemaForInsert: object({ rCode: string(), items: array(object({ aReference: key('aCode') })) }, ['rCode']),
      }),
    ]),
    rows: [
      inA,
      ['R', { DocumentId: 2, RCode: 'r' }],
      ['RItem', { R_DocumentId: 2, Ordinal: 0, A_DocumentId: 1, A_ACode: 'a' }],
    ],
    rename: renameA,
    copies: [['RItem', { A_ACode: 'z' }]],
    touched: [1, 2],
    identified: [1],
  },
  {
    row: '11',
    document: core([a(), member('R')]),
    extension: project(
      'Sample',
      [
        extensionOf('R', {
          documentPathsMapping: { A: part('Ed-Fi:A', [['$.aCode', '$._ext.sample.aReference.aCode']], false) },
          jsonSchemaForInsert: object({ _ext: ext('sample', object({ aReference: key('aCode') })) }),
        }),
      ],
      { endpoint: 'sample', isExtension: true },
    ),
    rows: [
      inA,
      ['R', { DocumentId: 2, RCode: 'r' }],
      ['sample.RExtension', { DocumentId: 2, A_DocumentId: 1, A_ACode: 'a' }],
    ],
    rename: renameA,
    copies: [['sample.RExtension', { A_ACode: 'z' }]],
    touched: [1, 2],
    identified: [1],
  },
  { row: '12', ...viaShared(false, true), touched: [1, 2, 3] },
  { row: '12b', ...viaShared(false, false), touched: [1, 2, 3], identified: [1, 2] },
  {
    row: '13, not unified',
    document: twice(),
    rows: [
      inA,
      [
        'R',
        { DocumentId: 2, RCode: 'r', First_DocumentId: 1, First_ACode: 'a', Second_DocumentId: 1, Second_ACode: 'a' },
      ],
    ],
    rename: renameA,
    copies: [['R', { First_ACode: 'z', Second_ACode: 'z' }]],
    touched: [1, 2],
  },
  {
    row: '13, unified',
    document: twice(['$.firstReference.aCode', '$.secondReference.aCode']),
    rows: [inA, ['R', { DocumentId: 2, RCode: 'r', First_DocumentId: 1, Second_DocumentId: 1, ACode_Unified: 'a' }]],
    rename: renameA,
    copies: [['R', { First_ACode: 'z', Second_ACode: 'z' }]],
    touched: [1, 2],
  },
  {
    row: '14, A',
    ...twoOrigins,
    rename: renameA,
    copies: [copyInB, ['R', { ACode_Unified: 'z', B_CCode: 'c' }]],
    touched: [1, 2, 3],
  },
  {
    row: '14, C',
    ...twoOrigins,
    rename: ['C', { CCode: 'z' }],
    copies: [['R', { ACode_Unified: 'a', B_CCode: 'z' }]],
    touched: [2, 3, 4],
  },
  {
    row: '15',
    document: core([
      a(),
      b(),
      member('C', { references: { A: toA('aReference') } }),
      r({ B: toB('bReference'), C: toCOfA }, ['$.bReference.aCode', '$.cReference.aCode']),
    ]),
    rows: [
      inA,
      inB,
      ['C', { DocumentId: 4, CCode: 'c', A_DocumentId: 1, A_ACode: 'a' }],
      [
        'R',
        { DocumentId: 3, RCode: 'r', ACode_Unified: 'a', B_DocumentId: 2, B_BCode: 'b', C_DocumentId: 4, C_CCode: 'c' },
      ],
    ],
    rename: renameA,
    copies: [copyInB, ['C', { A_ACode: 'z' }], ['R', { ACode_Unified: 'z', B_ACode: 'z', C_ACode: 'z' }]],
    touched: [1, 2, 3, 4],
  },
];
