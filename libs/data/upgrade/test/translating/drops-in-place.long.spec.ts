import type { Connection } from '@dms/databases';
import type { MappingVersion } from '@dms/model';
import { build, usualGenerations } from '@dms/testing';
import { compareOrdinal, type JsonObject, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { applyUpgrade, planUpgrade } from '../../src/index.ts';
import { compiled } from '../bench.ts';
import { comparedDatabase, loaded } from '../dumped.ts';
import { sessionForAll } from '../sessions.ts';
import { trackedRows } from '../written-rows.ts';
import { expectAsLoaded, storedIn, translatedFrom } from './translated-documents.ts';
import { translated } from './translated-sets.ts';

/* Rules that drop something that the later set still has: SQL would keep it, so the documents are written again. */

const { array, descriptor, object, project, reference, resource, string } = build;

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

/** Notes about a person, with a text, tags and a place; the later set has one more text. */
const schemas = (isLater: boolean) => [
  project('Ed-Fi', [
    descriptor('ColourDescriptor'),
    resource('Person', {
      identityJsonPaths: ['$.code'],
      jsonSchemaForInsert: object({ code: string(20) }, ['code']),
    }),
    resource('Note', {
      identityJsonPaths: ['$.noteId'],
      documentPathsMapping: { Person: reference('Ed-Fi:Person', [['$.code', '$.personReference.code']], false) },
      arrayUniquenessConstraints: [{ paths: ['$.tags[*].tag'] }],
      jsonSchemaForInsert: object(
        {
          noteId: string(20),
          text: string(20),
          personReference: object({ code: string(20) }, ['code']),
          place: object({ room: string(20), seat: string(20) }),
          tags: array(object({ tag: string(20), colour: string(20) }, ['tag'])),
          ...(isLater ? { more: string(20) } : {}),
        },
        ['noteId'],
      ),
    }),
  ]),
];

const documents = [
  ['Person', { code: 'p' }],
  [
    'Note',
    {
      noteId: 'full',
      text: 'secret',
      personReference: { code: 'p' },
      place: { room: 'r', seat: 's' },
      tags: [
        { tag: 'a', colour: 'red' },
        { tag: 'b', colour: 'blue' },
      ],
    },
  ],
  ['Note', { noteId: 'empty' }],
].map(([name, document]) => ({ resource: `Ed-Fi:${name}`, document: toJsonValue(document) as JsonObject }));

const descriptors = ['red', 'blue'].map((codeValue) => ({
  resource: 'Ed-Fi:ColourDescriptor',
  document: toJsonValue({
    namespace: 'uri://ed-fi.org/ColourDescriptor',
    codeValue,
    shortDescription: codeValue,
  }) as JsonObject,
}));

/** Upgrades a database with a rule that drops a place; returns the sets, and the documents that translations give. */
async function upgradedWithout(place: string, version: MappingVersion) {
  const [before, after] = [compiled(schemas(false), 'pgsql', version), compiled(schemas(true), 'pgsql', version)];
  const translation = translated(before, after, { drops: [{ before: place, because: 'it is private' }] });
  await loaded(connection, before, { descriptors, documents });
  const given = await translatedFrom({ before, after, translation }, await storedIn(connection, before));
  expect(planUpgrade(before, after, { translation }).unpermitted).toEqual([]);
  expect((await applyUpgrade(connection, before, after, { translation })).outcome).toBe('upgraded');
  return { after, later: given.documents };
}

describe.each<MappingVersion>([...usualGenerations(), 'v2-natural'])('in %s', (version) => {
  it.each([
    ['a value', '$.text'],
    ['a reference', '$.personReference'],
    ['an object', '$.place'],
    ['a value of an object', '$.place.seat'],
    ['a collection', '$.tags[*]'],
    ['a value of items', '$.tags[*].colour'],
  ])('%s is lost', async (_, path) => {
    const { after, later } = await upgradedWithout(`Ed-Fi:Note.${path}`, version);
    await expectAsLoaded(connection, after, later);
    const lost = await comparedDatabase(connection, after);
    await loaded(connection, after, { descriptors, documents });
    // the later set could have kept it
    expect(await comparedDatabase(connection, after)).not.toEqual(lost);
  });

  it.each([
    ['a resource', 'Note', 'tracked_changes_edfi.Note', 'OldNoteId', ['full', 'empty']],
    ['a descriptor', 'ColourDescriptor', 'tracked_changes_edfi.Descriptor', 'OldCodeValue', ['red', 'blue']],
  ])('%s is lost with its documents, which are recorded as deleted', async (_, name, table, column, values) => {
    const lost = `Ed-Fi:${name}`;
    const { after, later } = await upgradedWithout(lost, version);
    expect(later.some(({ resource }) => resource === lost)).toBe(false);
    if (version !== 'v1') {
      const recorded = (await trackedRows(connection, after)).get(table) ?? [];
      expect(recorded.map((row) => String(row[column])).sort(compareOrdinal)).toEqual([...values].sort(compareOrdinal));
      for (const row of recorded) expect(row[column.replace('Old', 'New')]).toBeNull();
    }
    await expectAsLoaded(connection, after, later);
  });
});
