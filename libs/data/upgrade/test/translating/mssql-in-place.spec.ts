import type { MappingVersion } from '@dms/api-schema';
import { openDatabase, parseTarget } from '@dms/databases';
import { textOf } from '@dms/sql';
import { errorOf, provisionedMssql, type RecordedMssql } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { applyUpgrade, planUpgrade } from '../../src/index.ts';
import { codedSets, namedSets } from './coded-sets.ts';

/*
 * The statements that a translation in place sends to a SQL Server (design 12a §6). The server is recorded: it has a
 * person and a note about him, and keeps the earlier catalog.
 */

const uuids = ['a', 'b'].map((each) => `${each.repeat(8)}-0000-4000-8000-${each.repeat(12)}`);

/** A recorded server with the documents; `code` is the code of the person. */
function serverWith({ before }: ReturnType<typeof codedSets>, code: string): RecordedMssql {
  const document = (id: number, name: string) => ({
    DocumentId: String(id),
    DocumentUuid: uuids[id - 1],
    ResourceKeyId: before.info.resourceKeys.find(({ resourceName }) => resourceName === name)?.id,
    ContentVersion: String(id),
  });
  const person = document(1, 'Person');
  const note = document(2, 'Note');
  let version = 100;
  const taken = () => {
    version += 1;
    return String(version);
  };
  const answers: readonly (readonly [part: string, rows: (key: unknown) => readonly object[]])[] = [
    ['[City], r.[Code] FROM [edfi].[Person]', () => [{ DocumentId: '1', City: 'Lima', Code: code }]],
    [
      'r.[NoteId] FROM [edfi].[Note]',
      () => [{ DocumentId: '2', Person_DocumentId: '1', Person_Code: code, NoteId: 'about him' }],
    ],
    ['FROM [edfi].[Person] r INNER JOIN', () => [person]],
    ['FROM [edfi].[Note] r INNER JOIN', () => [note]],
    ['COUNT(*) AS [count]', () => [person, note].map(({ ResourceKeyId: key }) => ({ key, count: '1' }))],
    ['d.[ResourceKeyId] = @p1', (key) => [person, note].filter((each) => String(each.ResourceKeyId) === String(key))],
    ['NEXT VALUE FOR [dms].[ChangeVersionSequence]) AS n', () => [{ n: taken() }]],
    ['sp_sequence_get_range', () => [{ first: '1000' }]],
    ['AS [last]', () => [{ last: '2' }]],
    ['ORDER BY [DocumentUuid]', () => uuids.map((id, index) => ({ id, document: String(index + 1) }))],
    [
      'AS version, ',
      () => ['1', '2', '3'].map((id) => ({ id, version: `50${id}`, time: '2026-01-01T00:00:00.0000000' })),
    ],
  ];
  return provisionedMssql(
    { info: before.model.effectiveSchema, script: before.script, catalog: before.catalog },
    (text, { p1 }) => {
      const line = text.replace(/\s+/g, ' ');
      const found = answers.find(([part]) => line.includes(part));
      return found && [found[1](p1)];
    },
  );
}

async function opened({ load }: RecordedMssql) {
  const { target } = parseTarget('mssql://sa@h/d', 'mssql');
  if (target.kind !== 'server') throw new Error('a server was named');
  return openDatabase(target, { load });
}

const generations: readonly MappingVersion[] = ['v1', 'v2', 'v2-natural'];

describe.each(generations)('a translation of a SQL Server database, in %s', (version) => {
  it('reads, changes and writes in one transaction, in the order of the steps', async () => {
    const sets = codedSets(version, 'mssql');
    const { before, after, translation } = sets;
    const recorded = serverWith(sets, 'A');
    const error = await errorOf(async () => applyUpgrade(await opened(recorded), before, after, { translation }));
    // the recorded server keeps the earlier catalog
    expect(error.code).toBe('VERIFY_CATALOG_DIFFERS');
    const lines = recorded.sent.map((line) => line.replace(/\s+/g, ' '));
    const at = (part: string) => {
      const found = lines.findIndex((line) => line.includes(part));
      expect([part, found >= 0]).toEqual([part, true]);
      return found;
    };
    const order = [
      at('begin'),
      at('TABLOCK, HOLDLOCK'),
      at('FROM [edfi].[Person] r'),
      ...(version !== 'v1' ? [at('INSERT INTO [tracked_changes_edfi].[Person] ([OldCode]')] : []),
      at('DROP TABLE [edfi].[Person]'),
      at('CREATE TABLE [edfi].[Home]'),
      at('SET IDENTITY_INSERT [dms].[Document] ON'),
      at('INSERT INTO [edfi].[Home]'),
      at('INSERT INTO [edfi].[Person]'),
      at('ADD CONSTRAINT [FK_Home_Document]'),
      ...(version !== 'v1'
        ? [at('UPDATE t SET t.[NewKey] = o.[Key]')]
        : [at('INSERT INTO [dms].[DocumentChangeEvent]')]),
      at('INSERT INTO [dms].[EffectiveSchema]'),
      lines.lastIndexOf('rollback'),
    ];
    expect(order).toEqual([...order].sort((left, right) => left - right));
    const written = (table: string) =>
      recorded.queries.filter(({ text }) => text.includes(`INSERT INTO [edfi].[${table}]`)).map(({ values }) => values);
    const [[person]] = written('Person') as [[string]];
    expect(JSON.parse(person)[0].slice(0, 2)).toEqual(['1', 'one']);
    const [[note]] = written('Note') as [[string]];
    expect(JSON.parse(note)[0]).toEqual(expect.arrayContaining(['2', '1', 'one', 'about him']));
    const [[home]] = written('Home') as [[string]];
    expect(JSON.parse(home)[0].slice(0, 2)).toEqual(['3', 'Lima']);
    // no statement is one of the other dialect
    const own = lines.filter((line) => /^(?:query|batch) (?:INSERT|UPDATE|DELETE|SELECT)/.test(line));
    expect(own.filter((line) => /::|= ANY\(|nextval|json_|IS DISTINCT FROM/.test(line))).toEqual([]);
  });

  it('empties a table that stays between its triggers and its key, and the plan says so', () => {
    const { before, after, translation } = namedSets(version, 'mssql');
    const { items, statements } = planUpgrade(before, after, { translation });
    const ofTable = items.filter(({ path }) => path[0] === 'edfi.PersonName');
    expect(ofTable.map((item) => [item.class, item.change])).toEqual([['rewritten', 'table emptied']]);
    const kinds = ofTable.flatMap(({ effects }) => effects.map(({ kind }) => kind));
    expect(kinds).toEqual(['empty table', 'add foreign key']);
    const at = (part: string) => statements.findIndex(({ sql }) => textOf(sql).includes(part));
    const order = [
      at('DROP TRIGGER [edfi].[TR_PersonName_Stamp]'),
      at('DELETE FROM [edfi].[PersonName];'),
      at('ADD CONSTRAINT [FK_PersonName_Person]'),
    ];
    expect(order).toEqual([...order].sort((left, right) => left - right));
    expect(order).not.toContain(-1);
    expect(
      statements.map(({ sql }) => textOf(sql)).filter((sql) => sql.includes('TABLE [edfi].[PersonName];')),
    ).toEqual([]);
  });

  it('changes nothing if a document cannot be carried', async () => {
    const sets = codedSets(version, 'mssql');
    const { before, after, translation } = sets;
    const recorded = serverWith(sets, 'Z');
    const error = await errorOf(async () => applyUpgrade(await opened(recorded), before, after, { translation }));
    expect(error.diagnostics.map(({ code, details }) => [code, details.rule])).toEqual([
      ['UPGRADE_ROWS_OBJECT', 'moves[0]'],
      // the home that is made of the person
      ['UPGRADE_ROWS_OBJECT', 'documents[0]'],
      ['UPGRADE_ROWS_OBJECT', 'moves[0]'],
    ]);
    expect(recorded.sent.filter((line) => /\b(?:(?:DROP|ALTER|CREATE) TABLE|INSERT INTO) \[[a-z]/.test(line))).toEqual(
      [],
    );
  });
});
