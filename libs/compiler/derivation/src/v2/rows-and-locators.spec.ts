import type { Table } from '@dms/model';
import {
  abstractResource,
  build,
  columnOf,
  edFi,
  expectDiagnostics,
  extension,
  keyed,
  modelV2,
  numbered,
  rows,
  subclassOf,
  tableOf,
  tablesOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { columnLines, constraintsOf } from '../../test/model-text.ts';

const { array, descriptor, descriptorPath, ext, extensionOf, integer, object, string, uri } = build;

/** A resource with tables of every kind, at every depth at which a rule differs. */
const documents = [
  edFi(
    [
      numbered('School', 'schoolId', {
        ...subclassOf('Ed-Fi:Organization', '$.organizationId'),
        jsonSchemaForInsert: object(
          {
            schoolId: integer(),
            addresses: rows({ street: string(), phones: rows({ number: string(), calls: rows({ day: string() }) }) }),
          },
          ['schoolId'],
        ),
      }),
    ],
    { abstractResources: { Organization: abstractResource(['$.organizationId']) } },
  ),
  extension([
    extensionOf('School', {
      jsonSchemaForInsert: object({
        _ext: ext(
          'sample',
          object({
            motto: string(),
            visits: rows({ day: string(), notes: rows({ text: string() }) }),
            addresses: rows({
              _ext: ext(
                'sample',
                object({ hint: string(), keys: rows({ code: string(), copies: rows({ owner: string() }) }) }),
              ),
            }),
          }),
        ),
        addresses: rows({
          phones: rows({ _ext: ext('sample', object({ line: string(), tests: rows({ result: string() }) })) }),
        }),
      }),
    }),
  ]),
];

const item = 'CollectionItemId';
const parent = 'ParentCollectionItemId';
const base = 'BaseCollectionItemId';
const root = 'School_DocumentId';

interface TableOutline {
  readonly kind: string;
  /** Row identity, root locator, parent locator. */
  readonly locators: readonly (readonly string[])[];
  readonly hasOrdinal?: boolean;
  /** The key to the parent as `local columns -> table (columns)`. */
  readonly parent?: string;
}

/** Design 15 §4.1 and §4.3 for the tables of the documents. */
const shapes: Readonly<Record<string, TableOutline>> = {
  'edfi.School': { kind: 'Root', locators: [['DocumentId'], ['DocumentId'], []] },
  'edfi.SchoolAddress': {
    kind: 'Collection',
    locators: [[item], [root], [root]],
    hasOrdinal: true,
    parent: `${root} -> edfi.School (DocumentId)`,
  },
  'edfi.SchoolAddressPhone': {
    kind: 'Collection',
    locators: [[item], [root], [parent]],
    hasOrdinal: true,
    parent: `${parent}, ${root} -> edfi.SchoolAddress (${item}, ${root})`,
  },
  'edfi.SchoolAddressPhoneCall': {
    kind: 'Collection',
    locators: [[item], [root], [parent]],
    hasOrdinal: true,
    parent: `${parent}, ${root} -> edfi.SchoolAddressPhone (${item}, ${root})`,
  },
  'sample.SchoolExtension': {
    kind: 'RootExtension',
    locators: [['DocumentId'], ['DocumentId'], ['DocumentId']],
    parent: 'DocumentId -> edfi.School (DocumentId)',
  },
  'sample.SchoolExtensionVisit': {
    kind: 'ExtensionCollection',
    locators: [[item], [root], [root]],
    hasOrdinal: true,
    parent: `${root} -> sample.SchoolExtension (DocumentId)`,
  },
  'sample.SchoolExtensionVisitNote': {
    kind: 'ExtensionCollection',
    locators: [[item], [root], [parent]],
    hasOrdinal: true,
    parent: `${parent}, ${root} -> sample.SchoolExtensionVisit (${item}, ${root})`,
  },
  'sample.SchoolExtensionAddress': {
    kind: 'CollectionExtensionScope',
    locators: [[base], [root], [base]],
    parent: `${base}, ${root} -> edfi.SchoolAddress (${item}, ${root})`,
  },
  'sample.SchoolExtensionAddressKey': {
    kind: 'ExtensionCollection',
    locators: [[item], [root], [base]],
    hasOrdinal: true,
    parent: `${base}, ${root} -> sample.SchoolExtensionAddress (${base}, ${root})`,
  },
  'sample.SchoolExtensionAddressKeyCopy': {
    kind: 'ExtensionCollection',
    locators: [[item], [root], [parent]],
    hasOrdinal: true,
    parent: `${parent}, ${root} -> sample.SchoolExtensionAddressKey (${item}, ${root})`,
  },
  'sample.SchoolExtensionAddressPhone': {
    kind: 'CollectionExtensionScope',
    locators: [[base], [root], [base]],
    parent: `${base}, ${root} -> edfi.SchoolAddressPhone (${item}, ${root})`,
  },
  'sample.SchoolExtensionAddressPhoneTest': {
    kind: 'ExtensionCollection',
    locators: [[item], [root], [base]],
    hasOrdinal: true,
    parent: `${base}, ${root} -> sample.SchoolExtensionAddressPhone (${base}, ${root})`,
  },
  'edfi.OrganizationIdentity': { kind: 'Unspecified', locators: [[], [], []] },
};

const model = modelV2(documents);
const nameOf = ({ table }: Table) => `${table.schema}.${table.name}`;

describe('the tables of the second generation (design 15 §4)', () => {
  it('are those of the first', () => {
    expect(tablesOf(model).map(nameOf).sort()).toEqual(Object.keys(shapes).sort());
  });

  it.each(Object.entries(shapes))(
    '%s has its kind, key and locators',
    (name, { kind, locators, hasOrdinal = false }) => {
      const { identity, key, columns } = tableOf(model, name);
      const { rowIdentity, rootLocator, parentLocator } = identity;
      expect({ kind: identity.tableKind, locators: [rowIdentity, rootLocator, parentLocator] }).toEqual({
        kind,
        locators,
      });
      const [keyColumn = 'DocumentId'] = rowIdentity;
      expect(key.columns.map(({ name: column }) => column)).toEqual([keyColumn]);
      expect(key.constraintName).toBe(`PK_${name.split('.')[1]}`);
      const technical = new Set([keyColumn, ...rootLocator, ...parentLocator, ...(hasOrdinal ? ['Ordinal'] : [])]);
      for (const column of technical) {
        const isId = column !== 'Ordinal';
        expect(columnOf(tableOf(model, name), column)).toMatchObject({
          kind: column === item ? 'CollectionKey' : isId ? 'ParentKeyPart' : 'Ordinal',
          scalarType: { kind: isId ? 'Int64' : 'Int32' },
          isNullable: false,
          sourcePath: null,
          storage: { kind: 'Stored' },
          isWritable: true,
        });
      }
      const others = columns.filter(({ kind: each }) => ['CollectionKey', 'ParentKeyPart', 'Ordinal'].includes(each));
      expect(others.map((column) => column.name).sort()).toEqual([...technical].sort());
    },
  );

  it.each(Object.entries(shapes).filter(([, { parent: key }]) => key))('%s has a key to its parent', (name, shape) => {
    const table = tableOf(model, name);
    const found = table.constraints.filter((key) => key.kind === 'ForeignKey' && key.targetTable.schema !== 'dms');
    expect(found).toHaveLength(1);
    const [key] = found;
    if (key?.kind !== 'ForeignKey') throw new Error('no key');
    const target = `${key.targetTable.schema}.${key.targetTable.name}`;
    expect(`${key.columns.join(', ')} -> ${target} (${key.targetColumns.join(', ')})`).toBe(shape.parent);
    expect(key).toMatchObject({
      name: `FK_${table.table.name}_${key.targetTable.name}`,
      onDelete: 'Cascade',
      onUpdate: 'NoAction',
      deferrable: false,
    });
  });

  it('has the document key at roots and identity tables alone', () => {
    const withDocument = tablesOf(model).filter((table) =>
      constraintsOf(table, 'ForeignKey').some((line) => line.includes('-> dms.Document ')),
    );
    expect(withDocument.map(nameOf).sort()).toEqual(['edfi.OrganizationIdentity', 'edfi.School']);
  });

  it('have their columns in order: the key, then technical ones by name, then values (design 15 §4.4, §4.6)', () => {
    const names = (name: string) => tableOf(model, name).columns.map((column) => column.name);
    expect(names('edfi.School')).toEqual(['DocumentId', 'ContentLastModifiedAt', 'ContentVersion', 'SchoolId']);
    expect(names('edfi.SchoolAddress')).toEqual([item, 'Ordinal', root, 'Street']);
    expect(names('edfi.SchoolAddressPhone')).toEqual([item, 'Ordinal', parent, root, 'Number']);
    expect(names('sample.SchoolExtensionAddress')).toEqual([base, root, 'Hint']);
    expect(names('sample.SchoolExtensionAddressKey')).toEqual([item, base, 'Ordinal', root, 'Code']);
  });
});

describe('content version columns (design 15 §4.5)', () => {
  it('are in roots alone, and no plan writes them', () => {
    const lines = tablesOf(model).flatMap((table) =>
      columnLines(table)
        .filter((line) => line.startsWith('Content'))
        .map((line) => `${nameOf(table)} ${line}`),
    );
    expect(lines).toEqual([
      'edfi.School ContentLastModifiedAt MirroredContentLastModifiedAt DateTime NOT NULL -',
      'edfi.School ContentVersion MirroredContentVersion Int64 NOT NULL -',
    ]);
    const written = tablesOf(model).flatMap(({ columns }) => columns.filter(({ isWritable }) => !isWritable));
    expect(written.map(({ name }) => name)).toEqual(['ContentLastModifiedAt', 'ContentVersion']);
  });

  it('are in the roots of an extension project too, not in a shared descriptor', () => {
    const own = modelV2([edFi([descriptor('KindDescriptor')]), extension([numbered('Lamp', 'lampId')])]);
    expect(tablesOf(own).map(nameOf)).toEqual(['sample.Lamp']);
    expect(columnOf(tableOf(own, 'sample.Lamp'), 'ContentVersion').kind).toBe('MirroredContentVersion');
  });
});

describe('names that are taken (case 13)', () => {
  const collide = (schema: build.JsonRecord, members: build.JsonRecord = {}) => [
    edFi([
      descriptor('OrdinalDescriptor'),
      keyed('Thing', { thingId: integer() }, { jsonSchemaForInsert: schema, ...members }),
    ]),
  ];
  const own = { thingId: integer() };

  it.each<[string, build.JsonRecord, string, string]>([
    [
      'contentVersion of a root',
      object({ ...own, contentVersion: integer() }, ['thingId']),
      'edfi.Thing',
      'ContentVersion',
    ],
    [
      'contentLastModifiedAt of a root',
      object({ ...own, contentLastModifiedAt: string() }, ['thingId']),
      'edfi.Thing',
      'ContentLastModifiedAt',
    ],
    [
      'collectionItemId of an item',
      object({ ...own, parts: rows({ collectionItemId: integer() }) }, ['thingId']),
      'edfi.ThingPart',
      'CollectionItemId',
    ],
    [
      'ordinal of an item',
      object({ ...own, parts: rows({ ordinal: integer() }) }, ['thingId']),
      'edfi.ThingPart',
      'Ordinal',
    ],
    [
      'parentCollectionItemId of a nested item',
      object({ ...own, parts: rows({ pins: rows({ parentCollectionItemId: integer() }) }) }, ['thingId']),
      'edfi.ThingPartPin',
      'ParentCollectionItemId',
    ],
  ])('%s: COLUMN_NAME_COLLISION', (_, schema, table, column) => {
    expectDiagnostics(() => modelV2(collide(schema)), {
      code: 'COLUMN_NAME_COLLISION',
      resource: 'Ed-Fi:Thing',
      names: [table, column],
    });
  });

  it('are free where the table has no such column', () => {
    const schema = object(
      {
        ...own,
        ordinal: integer(),
        collectionItemId: integer(),
        parts: rows({ contentVersion: integer(), parentCollectionItemId: integer(), baseCollectionItemId: integer() }),
      },
      ['thingId'],
    );
    expect(columnOf(tableOf(modelV2(collide(schema)), 'edfi.ThingPart'), 'ContentVersion').kind).toBe('Scalar');
  });

  it('clash with names that an override gives', () => {
    const schema = object({ ...own, version: integer() }, ['thingId']);
    const members = { relational: { nameOverrides: { '$.version': 'ContentVersion' } } };
    expectDiagnostics(() => modelV2(collide(schema, members)), {
      code: 'COLUMN_NAME_COLLISION',
      resource: 'Ed-Fi:Thing',
      names: ['edfi.Thing', 'ContentVersion', '$.version'],
    });
  });
});

describe('names of collections', () => {
  it('no longer reach columns: an override of a collection renames its table alone', () => {
    const schema = object({ schoolId: integer(), rooms: array(object({ seats: rows({ place: string() }) })) }, [
      'schoolId',
    ]);
    const documentsWith = (nameOverrides: build.JsonRecord) => [
      edFi([numbered('School', 'schoolId', { jsonSchemaForInsert: schema, relational: { nameOverrides } })]),
    ];
    const renamed = modelV2(documentsWith({ '$.rooms[*]': 'Hall' }));
    const names = (place: typeof renamed, table: string) => tableOf(place, table).columns.map(({ name }) => name);
    expect(names(renamed, 'edfi.SchoolHallSeat')).toEqual(names(modelV2(documentsWith({})), 'edfi.SchoolRoomSeat'));
    expect(names(renamed, 'edfi.SchoolHallSeat')).toEqual([item, 'Ordinal', parent, root, 'Place']);
  });

  it('leave the name of the root in the column of the document, overridden or not', () => {
    const schema = object({ schoolId: integer(), kinds: array(uri()) }, ['schoolId']);
    const renamed = modelV2([
      edFi([
        descriptor('KindDescriptor'),
        numbered('School', 'schoolId', {
          jsonSchemaForInsert: schema,
          documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kinds[*]') },
          relational: { rootTableNameOverride: 'Academy' },
        }),
      ]),
    ]);
    expect(tableOf(renamed, 'edfi.AcademyKind').columns.map(({ name }) => name)).toEqual([
      item,
      'Academy_DocumentId',
      'Ordinal',
      'Kind_DescriptorId',
    ]);
  });
});
