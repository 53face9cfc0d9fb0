import type { Connection } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';
import { build, errorOf, type MainGeneration } from '@dms/testing';
import { type JsonObject, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { applyUpgrade, planUpgrade } from '../../src/index.ts';
import { compiled } from '../bench.ts';
import { loaded } from '../dumped.ts';
import { sessionForAll } from '../sessions.ts';
import { trackedRows } from '../written-rows.ts';
import { expectAsLoaded, storedIn, translatedFrom } from './translated-documents.ts';
import { type TranslatedSets, translated } from './translated-sets.ts';

/*
 * Parts of identities that get a type of another family (design 20 §2.2). What the second generation has recorded of
 * them gets the later type too (design 12a §6).
 */

const { boolean, integer, number, object, project, reference, resource, string } = build;

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

const date = { type: 'string', format: 'date' };
const dateTime = { type: 'string', format: 'date-time' };

/** Persons with a key, and notes whose identities repeat it. */
function schemas(part: string, type: build.JsonRecord): readonly unknown[] {
  const decimals =
    type.type === 'number'
      ? { decimalPropertyValidationInfos: [{ path: `$.${part}`, totalDigits: 9, decimalPlaces: 2 }] }
      : {};
  return [
    project('Ed-Fi', [
      resource('Person', {
        identityJsonPaths: [`$.${part}`],
        ...decimals,
        jsonSchemaForInsert: object({ [part]: type, city: string(20) }, [part]),
      }),
      resource('Note', {
        identityJsonPaths: ['$.noteId', `$.personReference.${part}`],
        documentPathsMapping: { Person: reference('Ed-Fi:Person', [[`$.${part}`, `$.personReference.${part}`]]) },
        jsonSchemaForInsert: object({ noteId: string(20), personReference: object({ [part]: type }, [part]) }, [
          'noteId',
          'personReference',
        ]),
      }),
    ]),
  ];
}

interface RetypedCase {
  readonly name: string;
  readonly from: build.JsonRecord;
  readonly to: build.JsonRecord;
  /** The values of the keys: of a document that stays, and of one that is deleted before the upgrade. */
  readonly keys: readonly [stays: unknown, deleted: unknown];
  /** What is recorded of the deleted document afterwards. */
  readonly recorded: string;
  readonly later?: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

const cases: readonly RetypedCase[] = [
  { name: 'an integer becomes a text', from: integer(), to: string(30), keys: [7, 8], recorded: '8' },
  { name: 'and gets another name', from: integer(), to: string(30), keys: [7, 8], recorded: '8', later: 'code' },
  { name: 'a decimal becomes a text', from: number(), to: string(30), keys: [1.5, 2.5], recorded: '2.5' },
  { name: 'a boolean becomes a text', from: boolean(), to: string(30), keys: [true, false], recorded: 'false' },
  {
    name: 'a date becomes a text',
    from: date,
    to: string(30),
    keys: ['2024-02-29', '2024-03-01'],
    recorded: '2024-03-01',
  },
  {
    name: 'a date becomes a date-time',
    from: date,
    to: dateTime,
    keys: ['2024-02-29', '2024-03-01'],
    recorded: '2024-03-01T00:00:00+00:00',
  },
  {
    name: 'an integer becomes a text with other values',
    from: integer(),
    to: string(30),
    keys: [7, 8],
    // a recorded change keeps the value that it has
    recorded: '8',
    values: { '7': 'seven', '8': 'eight' },
  },
];

function setsOf(
  version: MainGeneration,
  { from, to, later = 'key', values }: Omit<RetypedCase, 'name' | 'keys' | 'recorded'>,
): TranslatedSets {
  const before = compiled(schemas('key', from), 'pgsql', version);
  const after = compiled(schemas(later, to), 'pgsql', version);
  const isMove = later !== 'key' || values !== undefined;
  const move = { before: 'Ed-Fi:Person.$.key', after: `Ed-Fi:Person.$.${later}`, ...(values ? { values } : {}) };
  return { before, after, translation: translated(before, after, { moves: isMove ? [move] : [] }) };
}

const json = (value: unknown) => toJsonValue(value) as JsonObject;

const contents = (keys: readonly unknown[]) => ({
  descriptors: [],
  documents: keys.flatMap((key) => [
    { resource: 'Ed-Fi:Person', document: json({ key, city: 'Lima' }) },
    { resource: 'Ed-Fi:Note', document: json({ noteId: `n${key}`, personReference: { key } }) },
  ]),
});

/** Deletes the last note and the last person, as the service does. */
async function deleteLast(): Promise<void> {
  for (const table of ['Note', 'Person']) {
    const [row] = await connection.query<{ id: string }>(
      trusted(`SELECT max("DocumentId")::text AS id FROM edfi."${table}"`),
    );
    await connection.execute(
      givenScript(
        `DELETE FROM edfi."${table}" WHERE "DocumentId" = ${row?.id}; DELETE FROM dms."Document" WHERE "DocumentId" = ${row?.id}`,
      ),
    );
  }
}

describe.each(['v1', 'v2'] as const)('in %s', (version) => {
  it.each(cases)('$name', async ({ keys, recorded, ...change }) => {
    const sets = setsOf(version, change);
    const { before, after, translation } = sets;
    await loaded(connection, before, contents(keys));
    await deleteLast();
    const { documents } = await translatedFrom(sets, await storedIn(connection, before));
    expect(planUpgrade(before, after, { translation }).verdict).toBe('rewritten');
    const { diagnostics } = await applyUpgrade(connection, before, after, { translation });
    expect(diagnostics).toEqual([]);
    if (version === 'v2') {
      const part = change.later === undefined ? 'Key' : 'Code';
      const tracked = await trackedRows(connection, after);
      const deleted = (table: string, column: string) =>
        tracked
          .get(`tracked_changes_edfi.${table}`)
          ?.flatMap((row) => (row[`New${column}`] === null ? [row[`Old${column}`]] : []));
      expect(deleted('Person', part)).toEqual([recorded]);
      expect(deleted('Note', `Person_${part}`)).toEqual([recorded]);
    }
    await expectAsLoaded(connection, after, documents);
  });
});

describe('what was recorded', () => {
  it('must have room in the later type', async () => {
    const { before, after, translation } = setsOf('v2', { from: integer(), to: string(1) });
    await loaded(connection, before, contents([7, 12]));
    await deleteLast();
    const error = await errorOf(() => applyUpgrade(connection, before, after, { translation }));
    expect(error.code).toBe('UPGRADE_ROWS_OBJECT');
    expect(error.message).toMatch(/deleted document .*They are recorded deletes and key changes of documents: delete/);
    await connection.execute(
      givenScript('DELETE FROM tracked_changes_edfi."Person"; DELETE FROM tracked_changes_edfi."Note"'),
    );
    expect((await applyUpgrade(connection, before, after, { translation })).outcome).toBe('upgraded');
  });

  it('of a rejected document has its earlier value', async () => {
    const { before, after, translation } = setsOf('v2', { from: integer(), to: string(20), values: { '7': 'seven' } });
    await loaded(connection, before, contents([7, 12]));
    const rejects = { add: async () => undefined, finish: async () => undefined };
    const { rejected } = await applyUpgrade(connection, before, after, { translation, rejects });
    expect(rejected).toBe(2);
    const rows = (await trackedRows(connection, after)).get('tracked_changes_edfi.Person') ?? [];
    expect(rows.map(({ OldKey, NewKey }) => [OldKey, NewKey])).toEqual([
      ['12', null],
      ['7', 'seven'],
    ]);
  });

  it('is lost with a permission where the later type has no form of it', async () => {
    const { before, after, translation } = setsOf('v2', { from: string(20), to: integer(), values: { A: 1, B: 2 } });
    await loaded(connection, before, contents(['A', 'B']));
    await deleteLast();
    const refused = await errorOf(() => applyUpgrade(connection, before, after, { translation }));
    expect(refused.code).toMatch(/^UPGRADE_(?:LOSS|ROWS_OBJECT)$/);
    expect(refused.message).toContain('--allow-loss tracked_changes_edfi.');
    const allowLoss = ['tracked_changes_edfi.Person', 'tracked_changes_edfi.Note'];
    const { outcome, diagnostics } = await applyUpgrade(connection, before, after, { translation, allowLoss });
    expect([outcome, diagnostics.map(({ code }) => code)]).toEqual(['upgraded', ['UPGRADE_CHANGES_UNRECORDED']]);
    expect([...(await trackedRows(connection, after)).values()].flat()).toEqual([]);
  });
});
