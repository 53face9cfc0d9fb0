import type { Connection } from '@dms/databases';
import { trusted } from '@dms/sql';
import { build } from '@dms/testing';
import { type JsonObject, toJsonValue } from '@dms/values';
import { expect, it } from 'vitest';
import { applyUpgrade } from '../../src/index.ts';
import { compiled } from '../bench.ts';
import { loaded } from '../dumped.ts';
import { sessionForAll } from '../sessions.ts';
import { trackedRows } from '../written-rows.ts';
import { codedContents, codedSets } from './coded-sets.ts';
import { translated } from './translated-sets.ts';

/* The changes that are recorded of a translation in place (design 12a §6). */

const versions = ['v2', 'v2-natural'] as const;

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

it.each(versions)(
  'records a key change of each document with another identity, with its new version, %s',
  async (version) => {
    const { before, after, translation } = codedSets(version);
    await loaded(connection, before, codedContents('A', 'B', 'C'));
    const { diagnostics } = await applyUpgrade(connection, before, after, { translation });
    expect(diagnostics).toEqual([]);
    const versions = await connection.query<{ uuid: string; version: string }>(
      trusted(`SELECT "DocumentUuid"::text AS uuid, "ContentVersion"::text AS version FROM dms."Document"`),
    );
    const versionOf = new Map(versions.map((row) => [row.uuid, row.version]));
    const tracked = await trackedRows(connection, after);
    const persons = tracked.get('tracked_changes_edfi.Person') ?? [];
    // the code of the third one stays
    expect(persons.map(({ OldKey, NewKey }) => [OldKey, NewKey])).toEqual([
      ['A', 'one'],
      ['B', 'two'],
    ]);
    const notes = tracked.get('tracked_changes_edfi.Note') ?? [];
    expect(notes.map(({ OldPerson_Key, NewPerson_Key }) => [OldPerson_Key, NewPerson_Key])).toEqual([
      ['A', 'one'],
      ['B', 'two'],
    ]);
    for (const { Id, ChangeVersion } of [...persons, ...notes])
      expect(String(ChangeVersion)).toBe(versionOf.get(String(Id)));
  },
);

it.each(versions)(
  'records the deletion of what is not carried, before the versions of what is, %s',
  async (version) => {
    const { before, after, translation } = codedSets(version);
    await loaded(connection, before, codedContents('A', 'Z'));
    const rejects = { add: async () => undefined, finish: async () => undefined };
    await applyUpgrade(connection, before, after, { translation, rejects });
    const rows = [...(await trackedRows(connection, after))].flatMap(([table, own]) =>
      own.map((row) => ({ table, row })),
    );
    const gone = rows.filter(({ row }) => row.NewKey === null || row.NewPerson_Key === null);
    // the note names a person that is not carried
    expect(gone.map(({ table, row }) => [table, row.OldKey ?? row.OldPerson_Key]).sort()).toEqual([
      ['tracked_changes_edfi.Note', 'Z'],
      ['tracked_changes_edfi.Person', 'Z'],
    ]);
  },
);

it('names resources whose recorded changes would need a value that earlier documents do not have', async () => {
  const { object, project, resource, string } = build;
  const of = (...parts: readonly string[]) =>
    compiled(
      [
        project('Ed-Fi', [
          resource('Person', {
            identityJsonPaths: parts.map((part) => `$.${part}`),
            jsonSchemaForInsert: object(Object.fromEntries(parts.map((part) => [part, string(20)])), parts),
          }),
        ]),
      ],
      'pgsql',
      'v2',
    );
  const [before, after] = [of('code'), of('code', 'region')];
  const translation = translated(before, after, { fills: [{ after: 'Ed-Fi:Person.$.region', value: 'North' }] });
  const document = toJsonValue({ code: 'A' }) as JsonObject;
  await loaded(connection, before, { descriptors: [], documents: [{ resource: 'Ed-Fi:Person', document }] });
  const { diagnostics } = await applyUpgrade(connection, before, after, { translation });
  expect(diagnostics.map(({ code, details }) => [code, details])).toEqual([
    ['UPGRADE_CHANGES_UNRECORDED', { moved: 1, removed: 0, resources: ['Ed-Fi:Person'] }],
  ]);
  expect([...(await trackedRows(connection, after)).values()].flat()).toEqual([]);
});
