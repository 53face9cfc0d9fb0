import type { TableWritePlan } from '@dms/plans';
import { value } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { named } from '../../test/bench.ts';
import { plansOf } from '../../test/school-set.ts';
import { beginnings, sent } from '../../test/statements.ts';
import { type DescriptorRow, descriptorColumns } from './document-statements.ts';
import { storedDescriptorIds, storedReferentialIds } from './identity-statements.ts';
import { mssqlStatements as statements } from './mssql-statements.ts';

/* The statements of documents for SQL Server (design 14 §3): a list is a sequence of parameters. */

const { read, write } = plansOf('mssql', 'Core:School');

function tablePlan(name: string): TableWritePlan {
  const plan = write.tablePlansInDependencyOrder.find(({ tableModel }) => tableModel.table.name === name);
  if (!plan) throw new Error(name);
  return plan;
}

const identities = storedReferentialIds.mssql;

const ids = ['1', '2'];
const many = (count: number) => Array.from({ length: count }, (_, index) => String(index));
const columns =
  'd.[DocumentId], LOWER(CONVERT(nvarchar(36), d.[DocumentUuid])) AS [DocumentUuid], d.[ResourceKeyId], CONVERT(nvarchar(20), d.[ContentVersion]) AS [ContentVersion]';
const lockOwn = (documents: readonly { readonly referentialId: string }[]) =>
  identities.lockOwn(documents as never, null)?.statements ?? [];
const sought = (referentialIds: readonly string[]) =>
  referentialIds.map((referentialId) => ({ referentialId, resource: named('Core:School'), identity: () => [] }));
const withIdentity =
  'LEFT JOIN [dms].[ReferentialIdentity] i ON i.[DocumentId] = d.[DocumentId] AND i.[ResourceKeyId] = d.[ResourceKeyId]';
const select = `SELECT ${columns}, LOWER(CONVERT(nvarchar(36), i.[ReferentialId])) AS [ReferentialId] FROM`;
const identified = `${select} [dms].[Document] d ${withIdentity} WHERE`;
/** First the ids, then one lock after the other in their order, then the documents in their locked state. */
const locked = (ids: string) =>
  [
    `DECLARE @own1 TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY); INSERT INTO @own1 ([DocumentId]) ${ids} IN (?, ?);`,
    'DECLARE @locked1 bigint, @next1 bigint = (SELECT MIN([DocumentId]) FROM @own1);',
    'WHILE @next1 IS NOT NULL BEGIN',
    'SELECT @locked1 = d.[DocumentId] FROM [dms].[Document] d WITH (UPDLOCK, ROWLOCK) WHERE d.[DocumentId] = @next1;',
    'SET @next1 = (SELECT MIN([DocumentId]) FROM @own1 WHERE [DocumentId] > @next1);',
    'END;',
    `${select} @own1 o INNER JOIN [dms].[Document] d ON d.[DocumentId] = o.[DocumentId] ${withIdentity} ORDER BY d.[DocumentId];`,
  ].join(' ');

describe('lists', () => {
  it('repeat their last value up to a power of two, so that few texts are compiled', () => {
    const parametersOf = (count: number) => statements.removeDocuments(many(count))[0]?.parameters ?? [];
    expect(parametersOf(3)).toEqual(['0', '1', '2', '2']);
    expect([1, 2, 5, 1025, 2000].map((count) => parametersOf(count).length)).toEqual([1, 2, 8, 2000, 2000]);
  });

  it('are locked part by part in one request, each with variables of its own', () => {
    const texts = identities.lockByUuid(many(2001)).map(({ pieces }) => pieces.join('?'));
    expect(texts.map((text) => [...new Set(text.match(/@\w+/g))])).toEqual([
      ['@own1', '@locked1', '@next1'],
      ['@own2', '@locked2', '@next2'],
    ]);
  });

  it.each([
    ['targets', identities.findTargets(sought(many(4001))).statements],
    ['locks by referential id', lockOwn(sought(many(4001)))],
    ['locks by uuid', identities.lockByUuid(many(4001))],
    ['documents by id', statements.documentsById(many(4001))],
    ['documents by uuid', identities.documentsByUuid(many(4001))],
    ['versions', statements.contentVersions(many(4001))],
    ['removals', statements.removeDocuments(many(4001))],
    ['deletions of rows', statements.deleteRows({ schema: 's', name: 'T' } as never, 'C', many(4001))],
    ['emptied columns', statements.emptyColumns({ schema: 's', name: 'T' } as never, ['C'], many(4001))],
  ])('have at most 2000 values in one statement: %s', (_, pieces) => {
    expect(pieces.map(({ parameters }) => parameters.length)).toEqual([2000, 2000, 1]);
  });
});

describe('the types of parameters', () => {
  const root = tablePlan('School');
  const typeIn = (name: string) => {
    const row = root.columnBindings.map(() => null);
    const at = root.columnBindings.findIndex(({ column }) => column.name === name);
    return statements.insertRows(root, [row])[0]?.types?.[at];
  };

  it.each([
    ['DocumentId', 'bigint'],
    ['SchoolId', 'int'],
    ['IsOpen', 'bit'],
    ['OpensAt', 'datetime2(7)'],
    ['ClosesAt', 'time(7)'],
    ['Rate', 'decimal(9,2)'],
  ])('are those of the column, whatever the value: %s', (name, type) => {
    expect(typeIn(name)).toBe(type);
  });

  it('are those of the core columns where no plan has them', () => {
    expect(identities.findTargets(sought(ids)).statements[0]?.types).toEqual(['uniqueidentifier', 'uniqueidentifier']);
    expect(statements.contentVersions(ids)[0]?.types).toEqual(['bigint', 'bigint']);
    const scan = { resourceKeyId: 3, root: null, readsRoot: false, after: '7', before: null, since: '5', limit: 500 };
    expect(statements.scanDocuments(scan).types).toEqual(['smallint', 'bigint', 'bigint', 'bigint']);
  });

  it('of a filter are those of the column, but for a pattern', () => {
    const { tableModel } = root;
    const rate = tableModel.columns.find(({ name }) => name === 'Rate')!;
    expect(statements.filterParameter(tableModel, rate, 'LessThan', '1.5')).toEqual(value('1.5', 'decimal(9,2)'));
    expect(statements.filterParameter(tableModel, rate, 'Like', '1%')).toEqual(value('1%'));
  });
});

describe('documents', () => {
  it.each([
    [
      'targets',
      identities.findTargets(sought(ids)).statements,
      'SELECT LOWER(CONVERT(nvarchar(36), [ReferentialId])) AS [ReferentialId], [DocumentId] FROM [dms].[ReferentialIdentity] WHERE [ReferentialId] IN (?, ?);',
    ],
    [
      'locks by referential id',
      lockOwn(sought(ids)),
      locked('SELECT DISTINCT [DocumentId] FROM [dms].[ReferentialIdentity] WHERE [ReferentialId]'),
    ],
    [
      'locks by uuid',
      identities.lockByUuid(ids),
      locked('SELECT [DocumentId] FROM [dms].[Document] WHERE [DocumentUuid]'),
    ],
    [
      'documents by id',
      statements.documentsById(ids),
      `SELECT ${columns} FROM [dms].[Document] d WHERE d.[DocumentId] IN (?, ?);`,
    ],
    ['documents by uuid', identities.documentsByUuid(ids), `${identified} d.[DocumentUuid] IN (?, ?);`],
    [
      'versions',
      statements.contentVersions(ids),
      'SELECT [DocumentId], CONVERT(nvarchar(20), [ContentVersion]) AS [ContentVersion] FROM [dms].[Document] WHERE [DocumentId] IN (?, ?);',
    ],
  ])('are read: %s', (_, found, text) => {
    expect(found.map(sent)).toEqual([[text, '1', '2']]);
    expect(found.every(({ hasRows }) => hasRows)).toBe(true);
  });

  it('are scanned and removed', () => {
    expect(
      sent(
        statements.scanDocuments({
          resourceKeyId: 3,
          root: null,
          readsRoot: false,
          after: '7',
          before: null,
          since: '5',
          limit: 500,
        }),
      ),
    ).toEqual([
      `SELECT ${columns} FROM [dms].[Document] d WHERE d.[ResourceKeyId] = ? AND d.[DocumentId] > ? AND d.[ContentVersion] > ? ORDER BY d.[DocumentId] OFFSET 0 ROWS FETCH NEXT ? ROWS ONLY;`,
      3,
      '7',
      '5',
      500,
    ]);
    expect(statements.removeDocuments(ids).map(sent)).toEqual([
      ['DELETE FROM [dms].[Document] WHERE [DocumentUuid] IN (?, ?);', '1', '2'],
    ]);
    expect(sent(statements.descriptorUris(10))).toEqual([
      'SELECT TOP (?) [DocumentId] AS [DescriptorId], [Uri] FROM [dms].[Descriptor];',
      10,
    ]);
  });

  it('are inserted in the given order; then their ids are read', () => {
    const documents = [
      { uuid: 'a', resourceKeyId: 3 },
      { uuid: 'b', resourceKeyId: 4 },
    ];
    expect(statements.insertDocuments(documents).map(sent)).toEqual([
      [
        'INSERT INTO [dms].[Document] ([DocumentUuid], [ResourceKeyId]) SELECT v.[DocumentUuid], v.[ResourceKeyId] FROM (VALUES (?, ?, 0), (?, ?, 1)) AS v ([DocumentUuid], [ResourceKeyId], [Position]) ORDER BY v.[Position];',
        'a',
        3,
        'b',
        4,
      ],
      [
        'SELECT [DocumentId], LOWER(CONVERT(nvarchar(36), [DocumentUuid])) AS [DocumentUuid] FROM [dms].[Document] WHERE [DocumentUuid] IN (?, ?);',
        'a',
        'b',
      ],
    ]);
  });

  it('are inserted 1000 at a time, so that their parameters fit into a request', () => {
    const inserts = statements.insertDocuments(many(2001).map((uuid) => ({ uuid, resourceKeyId: 1 })));
    expect(inserts.map(({ parameters }) => parameters.length)).toEqual([2000, 1024, 2000, 1024, 2, 1]);
    expect(inserts.map(({ hasRows }) => hasRows)).toEqual([false, true, false, true, false, true]);
    // positions start again in each statement
    expect(inserts[4]?.pieces.at(-1)).toMatch(/^, 0\)\) AS v /);
  });
});

describe('descriptors', () => {
  const row = (number: number): DescriptorRow => ({
    documentId: String(number),
    resourceKeyId: 3,
    referentialId: `r${number}`,
    namespace: 'uri://x',
    codeValue: 'a',
    shortDescription: 'A',
    description: null,
    effectiveBeginDate: '2030-01-01',
    effectiveEndDate: null,
    discriminator: 'KindDescriptor',
    uri: 'uri://x#a',
  });

  it('are inserted with their identities', () => {
    const tuple = '(?, ?, ?, ?, ?, ?, ?, ?, ?)';
    const values = (number: string) => [
      number,
      'uri://x',
      'a',
      'A',
      null,
      '2030-01-01',
      null,
      'KindDescriptor',
      'uri://x#a',
    ];
    expect(statements.insertDescriptors(descriptorColumns, [row(1), row(2)]).map(sent)).toEqual([
      [
        `INSERT INTO [dms].[Descriptor] ([DocumentId], [Namespace], [CodeValue], [ShortDescription], [Description], [EffectiveBeginDate], [EffectiveEndDate], [Discriminator], [Uri]) VALUES ${tuple}, ${tuple};`,
        ...values('1'),
        ...values('2'),
      ],
    ]);
    expect(storedDescriptorIds.mssql.insert([row(1), row(2)]).map(sent)).toEqual([
      [
        'INSERT INTO [dms].[ReferentialIdentity] ([ReferentialId], [DocumentId], [ResourceKeyId]) VALUES (?, ?, ?), (?, ?, ?);',
        'r1',
        '1',
        3,
        'r2',
        '2',
        3,
      ],
    ]);
  });

  it('are inserted as many at a time as fit into 2000 parameters', () => {
    const rows = many(667).map(Number).map(row);
    const inserts = statements.insertDescriptors(descriptorColumns, rows);
    expect(inserts.map(({ parameters }) => parameters.length)).toEqual([222 * 9, 222 * 9, 222 * 9, 9]);
    const ofIdentities = storedDescriptorIds.mssql.insert(rows);
    expect(ofIdentities.map(({ parameters }) => parameters.length)).toEqual([666 * 3, 3]);
  });
});

describe('rows', () => {
  const address = tablePlan('SchoolAddress');
  const extension = tablePlan('SchoolExtension');

  it('are inserted with the text of their plan and one tuple per row', () => {
    const [insert, ...others] = statements.insertRows(address, [
      ['7', '0', 'Main'],
      ['7', '1', null],
    ]);
    expect(others).toEqual([]);
    expect(sent(insert!)).toEqual([
      'INSERT INTO [core].[SchoolAddress]\n(\n    [School_DocumentId],\n    [Ordinal],\n    [Street]\n)\nVALUES\n(\n    ?,\n    ?,\n    ?\n),\n(\n    ?,\n    ?,\n    ?\n)\n;\n',
      '7',
      '0',
      'Main',
      '7',
      '1',
      null,
    ]);
  });

  it('are inserted in batches of the size given by the plan', () => {
    const { maxRowsPerBatch } = address.bulkInsertBatching;
    // a request takes 2098 parameters, a row has three
    expect(maxRowsPerBatch).toBe(699);
    const inserts = statements.insertRows(
      address,
      many(700).map((ordinal) => ['7', ordinal, 'x']),
    );
    expect(inserts.map(({ parameters }) => parameters.length)).toEqual([2097, 3]);
    expect(inserts[1]?.parameters).toEqual(['7', '699', 'x']);
  });

  it('hold moments without a time zone, because the column does not accept one', () => {
    const root = tablePlan('School');
    const at = (name: string) => root.columnBindings.findIndex(({ column }) => column.name === name);
    const row = root.columnBindings.map(({ column }) => (column.name === 'OpensAt' ? '2030-01-01T08:00:00.5Z' : 'Z'));
    const [insert] = statements.insertRows(root, [row]);
    expect(insert?.parameters[at('OpensAt')]).toBe('2030-01-01T08:00:00.5');
    expect(insert?.parameters[at('Name')]).toBe('Z');
    const [update] = statements.updateRows(root, [row]);
    expect(update?.parameters).toContain('2030-01-01T08:00:00.5');
    const absent = row.map((each, index) => (index === at('OpensAt') ? null : each));
    expect(statements.insertRows(root, [absent])[0]?.parameters[at('OpensAt')]).toBeNull();
  });

  it('are updated one by one with the text of their plan', () => {
    const text = 'UPDATE [sample].[SchoolExtension]\nSET\n    [Motto] = ?\nWHERE\n    ([DocumentId] = ?)\n;\n';
    expect(
      statements
        .updateRows(extension, [
          ['7', 'x'],
          ['8', null],
        ])
        .map(sent),
    ).toEqual([
      [text, 'x', '7'],
      [text, null, '8'],
    ]);
  });

  it('without columns outside the key are never updated', () => {
    expect(statements.updateRows(tablePlan('SchoolExtensionAddress'), [['7', '0']])).toEqual([]);
  });

  it('of documents are deleted by the column with the document id', () => {
    expect(statements.deleteRows(address.tableModel.table, 'School_DocumentId', ids).map(sent)).toEqual([
      ['DELETE FROM [core].[SchoolAddress] WHERE [School_DocumentId] IN (?, ?);', '1', '2'],
    ]);
  });

  it('of documents lose references', () => {
    const table = { schema: 's', name: 'T' } as never;
    expect(statements.emptyColumns(table, ['A_DocumentId', 'A_Key'], ids).map(sent)).toEqual([
      ['UPDATE [s].[T] SET [A_DocumentId] = NULL, [A_Key] = NULL WHERE [DocumentId] IN (?, ?);', '1', '2'],
    ]);
  });
});

describe('reading', () => {
  const hydrate = (tables: boolean, uris: boolean, documentIds = ids) =>
    statements.hydrate(read, documentIds, { tables, uris });
  const fill = [
    ['DROP TABLE IF EXISTS [#page]; CREATE TABLE [#page] ([DocumentId] bigint NOT NULL PRIMARY KEY);'],
    ['INSERT INTO [#page] ([DocumentId]) VALUES (1), (2);'],
  ];

  it('fills the page, then reads tables, URIs or both', () => {
    expect(hydrate(false, false).map(sent)).toEqual(fill);
    const uris = read.descriptorProjectionPlansInOrder.map(({ selectByKeysetSql }) => [selectByKeysetSql]);
    expect(hydrate(false, true).map(sent)).toEqual([...fill, ...uris]);
    expect(hydrate(true, true)).toHaveLength(2 + 6 + 1);
    expect(hydrate(true, true).map(({ hasRows }) => hasRows)).toEqual([false, false, ...Array(7).fill(true)]);
    expect(statements.hydratesArrays).toBe(false);
    expect(statements.transaction).toBeNull();
  });

  it('fills the page 1000 documents at a time', () => {
    expect(beginnings(hydrate(false, false, many(1001)), 40)).toEqual([
      'DROP TABLE IF EXISTS [#page]; CREATE TAB',
      'INSERT INTO [#page] ([DocumentId]) VALUE',
      'INSERT INTO [#page] ([DocumentId]) VALUE',
    ]);
    expect(() => hydrate(false, false, ['1); DROP TABLE x'])).toThrow(SyntaxError);
  });

  it('reads tables with the texts of the plan if the client keeps every digit', () => {
    const plan = read.tablePlansInDependencyOrder.find(({ tableModel }) => tableModel.table.name === 'SchoolAddress')!;
    const keyed = {
      ...plan,
      selectListColumnsInOrder: plan.selectListColumnsInOrder.filter(({ name }) => name !== 'School_DocumentId'),
    };
    const [, , table] = statements.hydrate({ ...read, tablePlansInDependencyOrder: [keyed] }, ids, {
      tables: true,
      uris: false,
    });
    expect(sent(table!)).toEqual([plan.selectByKeysetSql]);
  });

  it('reads values as text if the client would turn them into a number or a Date', () => {
    const [, , root] = hydrate(true, false);
    const [text] = sent(root!);
    for (const item of [
      'CONVERT(nvarchar(20), r.[DocumentId]) AS [DocumentId]',
      'CONVERT(nvarchar(50), r.[Rate]) AS [Rate]',
      "CONVERT(nvarchar(27), r.[OpensAt], 126) + N'Z' AS [OpensAt]",
      'CONVERT(nvarchar(16), r.[ClosesAt], 121) AS [ClosesAt]',
      'r.[IsOpen]',
      'r.[Name]',
      'r.[SchoolId]',
    ])
      expect(text).toContain(`    ${item}`);
    expect(text).toMatch(
      /\nFROM \[core\]\.\[School\] r\nINNER JOIN \[#page\] k ON r\.\[DocumentId\] = k\.\[DocumentId\]\nORDER BY\n {4}r\.\[DocumentId\] ASC\n;\n$/,
    );
    const [period] = hydrate(true, false)
      .flatMap(sent)
      .filter((each) => String(each).includes('[SchoolAddressPeriod] t'));
    expect(period).toContain('    CONVERT(nvarchar(10), t.[BeginsOn], 23) AS [BeginsOn]');
    expect(period).toMatch(
      /ORDER BY\n {4}t\.\[School_DocumentId\] ASC,\n {4}t\.\[AddressOrdinal\] ASC,\n {4}t\.\[Ordinal\] ASC\n;\n$/,
    );
  });

  it('checks each referring column once', () => {
    const { table } = tablePlan('School').tableModel;
    const places = [
      { table, column: 'A' },
      { table, column: 'B]C' },
    ];
    expect(sent(statements.referrers(places, ids))).toEqual([
      'DECLARE @gone TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY); INSERT INTO @gone ([DocumentId]) SELECT [DocumentId] FROM [dms].[Document] WHERE [DocumentUuid] IN (?, ?);\n' +
        'SELECT 0 AS [Position] WHERE EXISTS (SELECT 1 FROM [core].[School] WHERE [A] IN (SELECT [DocumentId] FROM @gone))\n' +
        'UNION ALL\n' +
        'SELECT 1 AS [Position] WHERE EXISTS (SELECT 1 FROM [core].[School] WHERE [B]]C] IN (SELECT [DocumentId] FROM @gone));',
      '1',
      '2',
    ]);
  });
});
