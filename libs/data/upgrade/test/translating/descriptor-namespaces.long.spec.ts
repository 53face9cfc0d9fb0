import type { Connection } from '@dms/databases';
import type { MappingVersion } from '@dms/model';
import { trusted } from '@dms/sql';
import { build, errorOf, isThorough } from '@dms/testing';
import { type JsonObject, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { applyUpgrade } from '../../src/index.ts';
import { compiled, databaseText } from '../bench.ts';
import { loaded } from '../dumped.ts';
import { sessionForAll } from '../sessions.ts';
import { trackedRows } from '../written-rows.ts';
import { expectAsLoaded, storedIn, translatedFrom } from './translated-documents.ts';
import { type TranslatedSets, translated } from './translated-sets.ts';

/* Descriptors with other namespaces in place (design 12a §6): documents that hold them keep their rows. */

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

const { array, descriptor, descriptorPath, object, project, reference, resource, string, uri } = build;

const kind = '$.kindDescriptor';
const thing = { thingId: string(20), kindDescriptor: uri() };
const things = [
  ['$.thingId', '$.thingReference.thingId'],
  [kind, '$.thingReference.kindDescriptor'],
] as const;

/** Things whose identity holds a descriptor, notes about them, and boxes that only show descriptors. */
const schemas = [
  project('Ed-Fi', [
    descriptor('KindDescriptor'),
    resource('Thing', {
      identityJsonPaths: ['$.thingId', kind],
      documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', kind) },
      jsonSchemaForInsert: object(thing, ['thingId', 'kindDescriptor']),
    }),
    resource('Note', {
      identityJsonPaths: ['$.noteId', ...things.map(([, path]) => path)],
      documentPathsMapping: { Thing: reference('Ed-Fi:Thing', things) },
      jsonSchemaForInsert: object({ noteId: string(20), thingReference: object(thing, Object.keys(thing)) }, [
        'noteId',
        'thingReference',
      ]),
    }),
    resource('Box', {
      identityJsonPaths: ['$.boxId'],
      documentPathsMapping: {
        Kind: descriptorPath('Ed-Fi:KindDescriptor', kind),
        Kinds: descriptorPath('Ed-Fi:KindDescriptor', '$.kinds[*].kindDescriptor'),
      },
      arrayUniquenessConstraints: [{ paths: ['$.kinds[*].kindDescriptor'] }],
      jsonSchemaForInsert: object(
        {
          boxId: string(20),
          kindDescriptor: uri(),
          kinds: array(object({ kindDescriptor: uri() }, ['kindDescriptor'])),
        },
        ['boxId'],
      ),
    }),
  ]),
];

const name = (namespace: string, code: string) => `uri://${namespace}/KindDescriptor#${code}`;

const kinds = (...names: readonly string[]) =>
  names.map((each) => {
    const [namespace = '', codeValue = ''] = each.split('#');
    return { resource: 'Ed-Fi:KindDescriptor', document: { namespace, codeValue, shortDescription: codeValue } };
  });

const contents = (descriptors: readonly string[], held: Readonly<Record<string, string>>) => {
  const documents = Object.entries(held).flatMap(([id, kindDescriptor]) => {
    const thingReference = { thingId: id, kindDescriptor };
    return [
      { resource: 'Ed-Fi:Thing', document: thingReference },
      { resource: 'Ed-Fi:Note', document: { noteId: `about ${id}`, thingReference } },
      { resource: 'Ed-Fi:Box', document: { boxId: id, kindDescriptor, kinds: [{ kindDescriptor }] } },
    ];
  });
  const json = <Each extends { readonly document: unknown }>(all: readonly Each[]) =>
    all.map((each) => ({ ...each, document: toJsonValue(each.document) as JsonObject }));
  return { descriptors: json(kinds(...descriptors)), documents: json(documents) };
};

/** The sets, whose rules rename namespaces. */
function setsOf(version: MappingVersion, namespaces: Readonly<Record<string, string>>): TranslatedSets {
  const before = compiled(schemas, 'pgsql', version);
  const after = compiled([...schemas.map((each) => ({ ...each, apiSchemaVersion: '1.0.1' }))], 'pgsql', version);
  const rename = ([from, to]: readonly string[]) => ({ before: `uri://${from}`, after: `uri://${to}` });
  const descriptorNamespaces = Object.entries(namespaces).map(rename);
  return { before, after, translation: translated(before, after, { descriptorNamespaces }) };
}

interface DescriptorRowText {
  readonly id: string;
  readonly uuid: string;
  readonly label: string;
  readonly version: string;
}

const stored = async (): Promise<readonly DescriptorRowText[]> =>
  connection.query<DescriptorRowText & Record<string, unknown>>(
    trusted(`SELECT d."DocumentId"::text AS id, d."DocumentUuid"::text AS uuid, k."ResourceName" AS label, d."ContentVersion"::text AS version
     FROM dms."Document" AS d JOIN dms."ResourceKey" AS k ON k."ResourceKeyId" = d."ResourceKeyId" ORDER BY d."DocumentId"`),
  );

describe.each<MappingVersion>(['v1', 'v2', 'v2-natural'])('namespaces of descriptors, in %s', (version) => {
  /** For tests that do not differ between the later generations. */
  const inEarlier = (title: string, work: () => Promise<void>): void => {
    if (isThorough || version !== 'v2-natural') it(title, work);
  };

  /** Upgrades a database, and expects the contents of a new one with the translated documents. */
  async function expectUpgraded(sets: TranslatedSets, given: ReturnType<typeof contents>) {
    const { before, after, translation } = sets;
    await loaded(connection, before, given);
    const earlier = await stored();
    const { documents, rejected } = await translatedFrom(sets, await storedIn(connection, before));
    expect(rejected).toEqual([]);
    const { diagnostics } = await applyUpgrade(connection, before, after, { translation });
    expect(diagnostics).toEqual([]);
    const tracked = [...(await trackedRows(connection, after)).values()].flat();
    const later = await stored();
    await expectAsLoaded(connection, after, documents);
    return { earlier, later, tracked };
  }

  it('change in sets, and documents that hold them stay', async () => {
    const sets = setsOf(version, { a: 'b', b: 'c' });
    expect([...sets.translation.rewritten]).toEqual([]);
    const given = contents([name('a', 'One'), name('b', 'One'), name('c', 'Two')], {
      first: name('a', 'One'),
      second: name('b', 'One'),
      third: name('c', 'Two'),
    });
    const { earlier, later } = await expectUpgraded(sets, given);
    const documents = (rows: readonly DescriptorRowText[]) => rows.filter(({ label }) => label !== 'KindDescriptor');
    // also the versions
    expect(documents(later)).toEqual(documents(earlier));
    const changed = later.filter(({ version: now }, index) => now !== earlier[index]?.version);
    expect(changed).toHaveLength(2);
  });

  inEarlier('change in letter case alone', async () => {
    const { documents: _, ...given } = contents([name('A', 'One'), name('b', 'Two')], {});
    const { earlier, later } = await expectUpgraded(setsOf(version, { A: 'a' }), { ...given, documents: [] });
    const changed = later.filter(({ version: now }, index) => now !== earlier[index]?.version);
    expect(changed).toHaveLength(1);
  });

  it('may make descriptors one, whose documents then name the one that stays', async () => {
    const sets = setsOf(version, { a: 'b' });
    const given = contents([name('a', 'One'), name('b', 'One'), name('a', 'Two')], {
      first: name('a', 'One'),
      second: name('b', 'One'),
      third: name('a', 'Two'),
    });
    const { earlier, later, tracked } = await expectUpgraded(sets, given);
    if (version !== 'v1') {
      const ofDescriptors = tracked.filter(({ Discriminator }) => Discriminator === 'KindDescriptor');
      const names = (row: Record<string, unknown>, which: string) => [
        row[`${which}Namespace`],
        row[`${which}CodeValue`],
      ];
      expect(ofDescriptors.map((row) => [...names(row, 'Old'), ...names(row, 'New')]).sort()).toEqual([
        ['uri://a/KindDescriptor', 'One', null, null],
        ['uri://a/KindDescriptor', 'Two', 'uri://b/KindDescriptor', 'Two'],
      ]);
      const versions = new Map(later.map((row) => [row.uuid, row.version]));
      const [changed] = ofDescriptors.filter(({ NewCodeValue }) => NewCodeValue === 'Two');
      expect(String(changed?.ChangeVersion)).toBe(versions.get(String(changed?.Id)));
    }
    const uuids = new Set(later.map(({ uuid }) => uuid));
    expect(earlier.filter(({ uuid }) => !uuids.has(uuid))).toMatchObject([{ label: 'KindDescriptor' }]);
    const versions = new Map(earlier.map((row) => [row.uuid, row.version]));
    const changed = later.filter(({ uuid, version: now }) => versions.get(uuid) !== now);
    // one descriptor has another name; the documents of the first one have another descriptor
    expect(changed.map(({ label }) => label).sort()).toEqual(['Box', 'KindDescriptor', 'Note', 'Thing']);
  });

  inEarlier('refuse documents that would become one, and leave the database as it is', async () => {
    const sets = setsOf(version, { a: 'b' });
    const { before, after, translation } = sets;
    const given = contents([name('a', 'One'), name('b', 'One')], {});
    const thingsOf = [name('a', 'One'), name('b', 'One')].map((kindDescriptor) => ({
      resource: 'Ed-Fi:Thing',
      document: toJsonValue({ thingId: 'same', kindDescriptor }) as JsonObject,
    }));
    await loaded(connection, before, { ...given, documents: thingsOf });
    const text = await databaseText(connection);
    const { diagnostics } = await errorOf(() => applyUpgrade(connection, before, after, { translation }));
    expect(diagnostics).toMatchObject([
      { code: 'UPGRADE_ROWS_OBJECT', where: { resource: 'Ed-Fi:Thing' }, details: { count: 1 } },
    ]);
    expect(await databaseText(connection)).toBe(text);
  });

  const onlyInDatabase = [
    [
      'lowers to one text',
      [name('a', '\u0130'), name('b', 'i')],
      'the database regards the URIs of 2 descriptors as equal',
    ],
    [
      'distinguishes',
      [name('b', '\u0130'), name('b', 'i\u0307')],
      'the database distinguishes the URIs of 2 descriptors',
    ],
  ] as const;
  it.each(version === 'v2-natural' ? onlyInDatabase : [])(
    'refuse descriptors that only the database %s',
    async (_, descriptors, expected) => {
      const { before, after, translation } = setsOf(version, { a: 'b' });
      const { documents: _none, ...given } = contents(descriptors, {});
      await loaded(connection, before, { ...given, documents: [] });
      const text = await databaseText(connection);
      const { diagnostics } = await errorOf(() => applyUpgrade(connection, before, after, { translation }));
      expect(diagnostics).toMatchObject([
        { code: 'UPGRADE_ROWS_OBJECT', message: expect.stringContaining(expected), details: { count: 2 } },
      ]);
      expect(await databaseText(connection)).toBe(text);
    },
  );
});
