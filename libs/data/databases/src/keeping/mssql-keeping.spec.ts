import { givenScript } from '@dms/sql';
import { type Answer, RecordedMssql, recordedSystemViews, sentTextFindings, sentTextScope } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { emitted, smallSet } from '../../test/schema-sets.ts';
import { parseTarget } from '../addressing/parse-target.ts';
import type { Connection } from '../drivers/connection.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { cannotKeep, everythingAgain, type MadeAgain } from './cannot-keep.ts';
import { giveBack, keptDuring } from './give-back.ts';
import { keepOperations } from './keep-operations.ts';
import type { KeptRow } from './kept.ts';
import { readKept } from './read-kept.ts';

/*
 * What others gave the objects of a SQL Server database, and the statements that give it back (design 12a §3). The
 * server is recorded: its rows are those that the query of its documented views gives.
 */

type PartKey = readonly [kind: KeptRow['part_kind'], name: string];

const row = (
  name: string,
  setting: string,
  value: unknown,
  part?: PartKey,
  kind: KeptRow['kind'] = 'relation',
): KeptRow => ({
  kind,
  schema: 'edfi',
  name,
  signature: '',
  part_kind: part?.[0] ?? null,
  part: part?.[1] ?? null,
  setting,
  value: JSON.stringify(value),
});

const object = (name: string, word: string, owner = 'dbo', follows = true) =>
  row(name, 'object', { word, owner, follows });

const objects: readonly KeptRow[] = [
  row('', 'object', { word: 'SCHEMA', owner: 'dbo', follows: false }, undefined, 'schema'),
  object('School', 'TABLE'),
  object("O'Neil]", 'VIEW'),
];

const property = (text: string | null, type: string | null = 'nvarchar', precision = 0, scale = 0) => ({
  name: "MS_Description's",
  type,
  precision,
  scale,
  text,
});

/** What others gave, with the statement that gives it back. */
const given: readonly (readonly [row: KeptRow, sql: string])[] = [
  [
    row('School', 'rights', [['dbo', 'reader', 'SELECT', 'grant']]),
    'GRANT SELECT ON OBJECT::[edfi].[School] TO [reader] AS [dbo];',
  ],
  [
    row('School', 'rights', [['dbo', null, 'DELETE', 'deny']]),
    'DENY DELETE ON OBJECT::[edfi].[School] TO [public] AS [dbo];',
  ],
  [
    row('School', 'rights', [['dbo', 'clerk]', 'UPDATE', 'option']]),
    'GRANT UPDATE ON OBJECT::[edfi].[School] TO [clerk]]] WITH GRANT OPTION AS [dbo];',
  ],
  [
    row('School', 'rights', [['dbo', 'reader', 'SELECT', 'revoke']], ['column', 'Name']),
    'REVOKE SELECT ([Name]) ON OBJECT::[edfi].[School] FROM [reader] AS [dbo];',
  ],
  [
    row('', 'rights', [['dbo', 'reader', 'EXECUTE', 'grant']], undefined, 'schema'),
    'GRANT EXECUTE ON SCHEMA::[edfi] TO [reader] AS [dbo];',
  ],
  [
    row("O'Neil]", 'property MS_Description', property("it's")),
    "DECLARE @name sysname = N'MS_Description''s', @value sql_variant = CONVERT(nvarchar(4000), N'it''s', 126);\nEXEC sys.sp_addextendedproperty @name = @name, @value = @value, @level0type = N'SCHEMA', @level0name = N'edfi', @level1type = N'VIEW', @level1name = N'O''Neil]';",
  ],
  [
    row('School', 'property Size', property('1.50', 'decimal', 5, 2), ['column', 'Name']),
    "DECLARE @name sysname = N'MS_Description''s', @value sql_variant = CONVERT(decimal(5, 2), N'1.50', 0);\nEXEC sys.sp_addextendedproperty @name = @name, @value = @value, @level0type = N'SCHEMA', @level0name = N'edfi', @level1type = N'TABLE', @level1name = N'School', @level2type = N'COLUMN', @level2name = N'Name';",
  ],
  [
    row('School', 'property Raw', property('0x0102', 'varbinary'), ['index', 'IX_Name']),
    "DECLARE @name sysname = N'MS_Description''s', @value sql_variant = CONVERT(varbinary(8000), N'0x0102', 1);\nEXEC sys.sp_addextendedproperty @name = @name, @value = @value, @level0type = N'SCHEMA', @level0name = N'edfi', @level1type = N'TABLE', @level1name = N'School', @level2type = N'INDEX', @level2name = N'IX_Name';",
  ],
  [
    row('School', 'property Empty', property(null, null), ['trigger', 'TR_School']),
    "DECLARE @name sysname = N'MS_Description''s', @value sql_variant = NULL;\nEXEC sys.sp_addextendedproperty @name = @name, @value = @value, @level0type = N'SCHEMA', @level0name = N'edfi', @level1type = N'TABLE', @level1name = N'School', @level2type = N'TRIGGER', @level2name = N'TR_School';",
  ],
  [
    row('School', 'property Note', property('$(x)\\\r\nGO\rend')),
    "DECLARE @name sysname = N'MS_Description''s', @value sql_variant = CONVERT(nvarchar(4000), CONVERT(nvarchar(max), N'') + (N'$' + N'(x)\\') + NCHAR(13) + NCHAR(10) + N'GO' + NCHAR(13) + N'end', 126);\nEXEC sys.sp_addextendedproperty @name = @name, @value = @value, @level0type = N'SCHEMA', @level0name = N'edfi', @level1type = N'TABLE', @level1name = N'School';",
  ],
  [
    row('School', 'options', 'DATA_COMPRESSION = ROW'),
    'ALTER TABLE [edfi].[School] REBUILD WITH (DATA_COMPRESSION = ROW);',
  ],
  [
    row('School', 'options', 'FILLFACTOR = 70, DATA_COMPRESSION = PAGE', ['index', 'PK_School']),
    'ALTER INDEX [PK_School] ON [edfi].[School] REBUILD WITH (FILLFACTOR = 70, DATA_COMPRESSION = PAGE);',
  ],
  [row('School', 'lock escalation', 'AUTO'), 'ALTER TABLE [edfi].[School] SET (LOCK_ESCALATION = AUTO);'],
  [
    row('School', 'change tracking', 'ON'),
    'ALTER TABLE [edfi].[School] ENABLE CHANGE_TRACKING WITH (TRACK_COLUMNS_UPDATED = ON);',
  ],
  [
    row('School', 'mask', 'partial(1, "x", 0)', ['column', 'Name']),
    `ALTER TABLE [edfi].[School] ALTER COLUMN [Name] ADD MASKED WITH (FUNCTION = 'partial(1, "x", 0)');`,
  ],
  [
    row(
      'School',
      'classification',
      { LABEL: 'Secret', LABEL_ID: '', INFORMATION_TYPE: 'Name', INFORMATION_TYPE_ID: '', RANK: 'HIGH' },
      ['column', 'Name'],
    ),
    "ADD SENSITIVITY CLASSIFICATION TO [edfi].[School].[Name] WITH (LABEL = 'Secret', INFORMATION_TYPE = 'Name', RANK = HIGH);",
  ],
  [
    row('School', 'mask', 'partial(0, "$(x)", 0)', ['column', 'Code']),
    `ALTER TABLE [edfi].[School] ALTER COLUMN [Code] ADD MASKED WITH (FUNCTION = 'partial(0, "$(x)", 0)');`,
  ],
  [
    row('School', 'state', 'DISABLE', ['trigger', 'TR_School']),
    'DISABLE TRIGGER [edfi].[TR_School] ON [edfi].[School];',
  ],
  [
    row('School', 'order first', ['INSERT', 'UPDATE'], ['trigger', 'TR_School']),
    "EXEC sys.sp_settriggerorder @triggername = N'[edfi].[TR_School]', @order = 'First', @stmttype = 'INSERT';\nEXEC sys.sp_settriggerorder @triggername = N'[edfi].[TR_School]', @order = 'First', @stmttype = 'UPDATE';",
  ],
];

interface KeptServer {
  readonly had: readonly KeptRow[];
  readonly has?: readonly KeptRow[];
  readonly session?: object;
}

const self = { role: 'app', roles: '["dbo"]', closed: null, settings: '' };

/** A recorded server whose objects have something until they are made again. */
async function onServer<Result>(
  { had, has = objects, session = self }: KeptServer,
  work: (connection: Connection, recorded: RecordedMssql) => Promise<Result>,
): Promise<Result> {
  const isAgain = () => recorded.batches.includes('DROP TABLE [edfi].[School];');
  const answer: Answer = (text) => {
    if (text.includes('sys.database_permissions')) return [[...(isAgain() ? has : had)]];
    if (text.includes('AS [closed]')) return [[session]];
    if (text.startsWith('SELECT t.[number] FROM OPENJSON'))
      return [Array.from({ length: 99 }, (_, number) => ({ number }))];
    return undefined;
  };
  const recorded: RecordedMssql = new RecordedMssql(answer);
  const { target } = parseTarget('mssql://sa@h/d', 'mssql');
  if (target.kind === 'static') throw new Error('static');
  const connection = await openDatabase(target, { load: recorded.load });
  try {
    const result = await work(connection, recorded);
    const scope = sentTextScope(emitted(smallSet(), 'mssql').catalog, recordedSystemViews());
    expect(recorded.queries.flatMap((sent) => sentTextFindings(sent, scope))).toEqual([]);
    return result;
  } finally {
    await connection.close();
  }
}

const again = 'DROP TABLE [edfi].[School];';
const sentAfter = ({ batches }: RecordedMssql) => batches.slice(batches.indexOf(again) + 1);

describe('what others gave objects of SQL Server', () => {
  it.each(given)('is given back: %j', (one, sql) =>
    onServer({ had: [...objects, one] }, async (connection, recorded) => {
      const kept = await readKept(connection, ['edfi']);
      await connection.execute(givenScript(again));
      await giveBack(connection, kept, { schemas: ['edfi'] });
      expect(sentAfter(recorded)).toEqual([sql]);
    }),
  );

  it('is not given twice, and a newer property stays', () =>
    onServer({ had: [...objects, ...given.map(([one]) => one)] }, async (connection) => {
      const kept = await readKept(connection, ['edfi']);
      const now = { ...kept, objects: new Map(kept.objects) };
      expect(keepOperations('mssql', kept, now)).toEqual([]);
    }));

  it('comes in an order in which it can be given: owners, settings, rights, and who passes on before whom', () => {
    const rights = row('School', 'rights', [
      ['helper', 'reader', 'SELECT', 'grant'],
      ['clerk', 'helper', 'SELECT', 'option'],
      ['boss', 'guest', 'UPDATE', 'grant'],
      ['dbo', 'clerk', 'SELECT', 'option'],
      ['dbo', 'boss', 'CONTROL', 'grant'],
    ]);
    const owned = object('School', 'TABLE', 'librarian', false);
    const had = [owned, rights, row('School', 'lock escalation', 'AUTO')];
    const session = { ...self, roles: '["dbo","librarian","clerk","helper","boss"]' };
    return onServer({ had, session }, async (connection, recorded) => {
      const kept = await readKept(connection, ['edfi']);
      await connection.execute(givenScript(again));
      await giveBack(connection, kept, { schemas: ['edfi'] });
      expect(sentAfter(recorded)).toEqual([
        'ALTER AUTHORIZATION ON OBJECT::[edfi].[School] TO [librarian];',
        'ALTER TABLE [edfi].[School] SET (LOCK_ESCALATION = AUTO);',
        'GRANT SELECT ON OBJECT::[edfi].[School] TO [clerk] WITH GRANT OPTION AS [dbo];',
        'GRANT CONTROL ON OBJECT::[edfi].[School] TO [boss] AS [dbo];',
        'GRANT SELECT ON OBJECT::[edfi].[School] TO [helper] WITH GRANT OPTION AS [clerk];',
        'GRANT UPDATE ON OBJECT::[edfi].[School] TO [guest] AS [boss];',
        'GRANT SELECT ON OBJECT::[edfi].[School] TO [reader] AS [helper];',
      ]);
    });
  });

  it('gives a new schema the owner of dms, and objects follow their schema', () => {
    const of = (schema: string, owner: string) =>
      ({ ...objects[0], schema, value: JSON.stringify({ word: 'SCHEMA', owner, follows: false }) }) as KeptRow;
    const core = { ...object('EffectiveSchema', 'TABLE', 'ed'), schema: 'dms' };
    const had = [of('dms', 'ed'), core];
    const has = [...had, of('edfi', 'app'), object('School', 'TABLE', 'app')];
    const session = { ...self, roles: '["ed"]' };
    return onServer({ had, has, session }, async (connection, recorded) => {
      await keptDuring(connection, { schemas: ['dms', 'edfi'] }, {}, () => connection.execute(givenScript(again)));
      expect(sentAfter(recorded)).toEqual(['ALTER AUTHORIZATION ON SCHEMA::[edfi] TO [ed];']);
    });
  });
});

describe('what a session of SQL Server cannot give back', () => {
  const textsOf = (server: KeptServer, change: MadeAgain = everythingAgain) =>
    onServer(server, async (connection) =>
      cannotKeep('mssql', await readKept(connection, ['edfi']), change).map(({ text }) => text),
    );
  const rights = row('School', 'rights', [
    ['dbo', 'reader', 'SELECT', 'grant'],
    ['clerk', 'reader', 'UPDATE', 'grant'],
  ]);
  const had = [...objects, rights];
  const byClerk = 'UPDATE on edfi.School for reader, which clerk gave. Run it as a member of db_owner';
  const byOwner = 'SELECT on edfi.School for reader, which dbo gave. Run it as a member of db_owner';

  it('are rights that others gave, and without CONTROL those of the owner too', async () => {
    expect(await textsOf({ had })).toEqual([byClerk]);
    expect(await textsOf({ had, session: { ...self, roles: null, closed: '["edfi"]' } })).toEqual([
      'the owner dbo of edfi. Run it as a member of db_owner',
      byOwner,
      byClerk,
    ]);
    expect(await textsOf({ had, session: { ...self, roles: '["dbo","clerk"]' } })).toEqual([]);
  });

  it('are rights on a table that moves to another schema, which the server drops', async () => {
    const stays: MadeAgain = { ...everythingAgain, isMadeAgain: () => false, fateOf: () => 'stays' };
    expect(await textsOf({ had }, stays)).toEqual([]);
    expect(await textsOf({ had }, { ...stays, isMoved: () => true })).toEqual([byClerk]);
  });

  it('are masks and classifications with a line break, which would arrive changed', async () => {
    const had = [
      ...objects,
      row('School', 'mask', 'partial(1, "\r\nGO\r\n", 0)', ['column', 'Name']),
      row('School', 'classification', { LABEL: 'two\nlines', RANK: '' }, ['column', 'Name']),
    ];
    expect(await textsOf({ had })).toEqual([
      'the mask partial(1, "\r\nGO\r\n", 0) of column Name of edfi.School. Remove the line break from it first',
      'the classification of column Name of edfi.School. Remove the line break from it first',
    ]);
  });

  it('are filegroups, masks without the right to mask, and owners', async () => {
    const found = await textsOf({
      had: [
        object('School', 'TABLE', 'librarian', false),
        row('School', 'data space', 'ARCHIVE', ['index', 'PK_School']),
        row('School', 'mask', 'default()', ['column', 'Name']),
      ],
      session: { ...self, settings: 'column mask;' },
    });
    expect(found).toEqual([
      'the owner librarian of edfi.School. Run it as a member of db_owner',
      'the filegroup ARCHIVE of index PK_School of edfi.School. Move the table to the default filegroup first',
      'the mask default() of column Name of edfi.School. Run it as a member of db_owner',
    ]);
  });
});
