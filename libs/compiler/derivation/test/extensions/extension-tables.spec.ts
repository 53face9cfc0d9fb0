import { brokenInvariants, modelIndex } from '@dms/model';
import { dialects } from '@dms/sql';
import {
  build,
  columnNames,
  columnOf,
  edFi,
  extension,
  fields,
  isExtensionTable,
  keyed,
  modelOf,
  plain,
  resourceOf,
  school,
  tableNames,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { below, contact, extended, extensionTables, setOf } from '../contact-extension.ts';
import { columnLines, constraintLine, constraintLines } from '../model-text.ts';

const { array, ext, integer, object, reference, resource, string } = build;

describe('extension tables', () => {
  const authors = {
    note: string(),
    authors: array(object({ name: string() }, ['name'])),
    addresses: array(
      object({ _ext: ext('sample', object({ zone: string(), terms: array(object({ start: string() }, ['start'])) })) }),
    ),
  };

  it.each(dialects)('have scopes, names, keys and parent keys as in the table of 03 §10.5, in %s', (dialect) => {
    const model = modelOf(setOf(below(authors)), dialect);
    expect(extensionTables(model)).toEqual([
      [
        '$._ext.sample',
        'sample.ContactExtension',
        'DocumentId',
        'FK_ContactExtension_Contact (DocumentId) -> edfi.Contact (DocumentId)',
      ],
      [
        '$._ext.sample.addresses[*]._ext.sample',
        'sample.ContactExtensionAddress',
        'Contact_DocumentId, Ordinal',
        'FK_ContactExtensionAddress_ContactAddress (Contact_DocumentId, Ordinal) -> edfi.ContactAddress (Contact_DocumentId, Ordinal)',
      ],
      [
        '$._ext.sample.authors[*]',
        'sample.ContactExtensionAuthor',
        'Contact_DocumentId, Ordinal',
        'FK_ContactExtensionAuthor_ContactExtension (Contact_DocumentId) -> sample.ContactExtension (DocumentId)',
      ],
      [
        '$._ext.sample.addresses[*]._ext.sample.terms[*]',
        'sample.ContactExtensionAddressTerm',
        'Contact_DocumentId, AddressOrdinal, Ordinal',
        'FK_ContactExtensionAddressTerm_ContactExtensionAddress (Contact_DocumentId, AddressOrdinal) -> sample.ContactExtensionAddress (Contact_DocumentId, Ordinal)',
      ],
    ]);
    expect(brokenInvariants(model)).toEqual([]);
  });

  it('cascade deletes and never updates', () => {
    const model = modelOf(setOf(below(authors)));
    const keys = modelIndex(model).allTables.flatMap(({ table }) =>
      isExtensionTable(table) ? table.constraints.flatMap((key) => (key.kind === 'ForeignKey' ? [key] : [])) : [],
    );
    expect(keys.map(({ onDelete, onUpdate, deferrable }) => [onDelete, onUpdate, deferrable])).toEqual(
      Array(4).fill(['Cascade', 'NoAction', false]),
    );
  });

  it('of a site have as many key columns as their base table, all of them in the key to it', () => {
    const model = modelOf(setOf(below(authors)));
    const sites: [string, string][] = [
      ['sample.ContactExtension', 'edfi.Contact'],
      ['sample.ContactExtensionAddress', 'edfi.ContactAddress'],
    ];
    for (const [name, base] of sites) {
      const table = tableOf(model, name);
      const baseTable = tableOf(model, base);
      expect(table.key.columns).toHaveLength(baseTable.key.columns.length);
      expect(table.constraints[0]).toMatchObject({
        columns: table.key.columns.map((column) => column.name),
        targetColumns: baseTable.key.columns.map((column) => column.name),
      });
    }
  });

  it('belong to the base resource, which keeps its own physical schema, and give no resource of their own', () => {
    const model = modelOf(setOf(below(authors)));
    expect(model.resources.map(({ resourceKey }) => resourceKey.resourceName)).toEqual([
      'Contact',
      'KindDescriptor',
      'School',
    ]);
    const base = resourceOf(model, 'Ed-Fi:Contact');
    expect(base.physicalSchema).toBe('edfi');
    expect(base.tablesInDependencyOrder.map(({ table }) => table.schema)).toEqual([
      'edfi',
      'sample',
      'sample',
      'sample',
      'edfi',
      'edfi',
      'sample',
      'edfi',
    ]);
  });

  it('hold only key columns where a site has nothing else', () => {
    expect(columnNames(tableOf(modelOf(setOf(below({}))), 'sample.ContactExtension'))).toEqual(['DocumentId']);
    const nested = modelOf(setOf(object({ addresses: array(object({ _ext: ext('sample', object({})) })) })));
    expect(columnNames(tableOf(nested, 'sample.ContactExtensionAddress'))).toEqual(['Contact_DocumentId', 'Ordinal']);
  });

  it.each([
    [
      'below the project key',
      '$._ext.sample.addresses[*]._ext.sample',
      (items: build.JsonRecord) => below({ addresses: array(items) }),
    ],
    [
      'at the collection itself',
      '$.addresses[*]._ext.sample',
      (items: build.JsonRecord) => object({ addresses: array(items) }),
    ],
  ])('of a base collection are the same for a site %s', (_, scope, schema) => {
    const model = modelOf(setOf(schema(object({ _ext: ext('sample', object({ zone: string() })) }))));
    const table = tableOf(model, 'sample.ContactExtensionAddress');
    expect(table.jsonScope.canonical).toBe(scope);
    expect(columnLines(table)).toEqual([
      'Contact_DocumentId ParentKeyPart Int64 NOT NULL -',
      'Ordinal Ordinal Int32 NOT NULL -',
      `Zone Scalar String(60) NULL ${scope}.zone`,
    ]);
  });

  it('of a collection below a collection and of one in an inlined object follow the base', () => {
    const site = () => object({ _ext: ext('sample', object({ flag: integer() })) });
    const model = modelOf(
      setOf(object({ addresses: array(object({ terms: array(site()) })), reach: object({ phones: array(site()) }) })),
    );
    expect(extensionTables(model).map(([scope, name, key]) => [scope, name, key])).toEqual([
      ['$.reach.phones[*]._ext.sample', 'sample.ContactExtensionPhone', 'Contact_DocumentId, Ordinal'],
      [
        '$.addresses[*].terms[*]._ext.sample',
        'sample.ContactExtensionAddressTerm',
        'Contact_DocumentId, AddressOrdinal, Ordinal',
      ],
    ]);
    expect(constraintLines(tableOf(model, 'sample.ContactExtensionAddressTerm'))).toEqual([
      'ForeignKey FK_ContactExtensionAddressTerm_ContactAddressTerm (Contact_DocumentId, AddressOrdinal, Ordinal) -> edfi.ContactAddressTerm (Contact_DocumentId, AddressOrdinal, Ordinal) Cascade/NoAction',
    ]);
  });

  it('of an inlined object extend the table that holds it', () => {
    const model = modelOf(setOf(object({ reach: object({ _ext: ext('sample', object({ flag: integer() })) }) })));
    expect(extensionTables(model)).toEqual([
      [
        '$.reach._ext.sample',
        'sample.ContactExtension',
        'DocumentId',
        'FK_ContactExtension_Contact (DocumentId) -> edfi.Contact (DocumentId)',
      ],
    ]);
  });

  it('are collections of the extension where the items have no _ext, even with the name of a base collection', () => {
    const model = modelOf(setOf(below({ note: string(), addresses: array(object({ zone: string() })) })));
    expect(extensionTables(model).slice(1)).toEqual([
      [
        '$._ext.sample.addresses[*]',
        'sample.ContactExtensionAddress',
        'Contact_DocumentId, Ordinal',
        'FK_ContactExtensionAddress_ContactExtension (Contact_DocumentId) -> sample.ContactExtension (DocumentId)',
      ],
    ]);
  });

  it('are one where two extensions name the same scope: the second adds to the table of the first', () => {
    const documents = [
      edFi([contact()]),
      extension([extended(below({ first: string() }))], 'Alpha', { endpoint: 'sample' }),
      extension([extended(below({ second: string() }))], 'Sample', { endpoint: 'other' }),
    ];
    const model = modelOf(documents);
    expect(tableNames(model).filter((name) => !name.startsWith('edfi.'))).toEqual(['sample.ContactExtension']);
    expect(columnNames(tableOf(model, 'sample.ContactExtension'))).toEqual(['DocumentId', 'First', 'Second']);
  });

  it('of several extensions of one resource stand side by side', () => {
    const documents = [
      edFi([contact()]),
      extension([extended(below({ note: string() }, [], 'tpdm'))], 'TPDM'),
      extension([extended(below({ note: string() }))]),
    ];
    expect(tableNames(modelOf(documents))).toEqual([
      'edfi.Contact',
      'sample.ContactExtension',
      'tpdm.ContactExtension',
      'edfi.ContactAddress',
      'edfi.ContactPhone',
      'edfi.ContactAddressTerm',
    ]);
  });
});

describe('new resources of an extension project', () => {
  it('have their tables in the physical schema of their project, without _ext', () => {
    const documents = [
      edFi([contact()]),
      extension([
        keyed('Pet', { petId: integer() }),
        plain('Cage', { size: integer(), _ext: ext('sample', object({ secret: integer() })) }),
      ]),
    ];
    const model = modelOf(documents);
    expect(resourceOf(model, 'Sample:Pet').physicalSchema).toBe('sample');
    expect(tableNames(model).filter((name) => name.startsWith('sample.'))).toEqual(['sample.Cage', 'sample.Pet']);
    expect(columnNames(tableOf(model, 'sample.Cage'))).toEqual(['DocumentId', 'Size']);
  });

  it('can refer to core resources', () => {
    const documents = [
      edFi([school]),
      extension([
        resource('Bus', {
          documentPathsMapping: { School: reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]) },
          jsonSchemaForInsert: object({ schoolReference: fields({ schoolId: integer() }) }),
        }),
      ]),
    ];
    const table = tableOf(modelOf(documents), 'sample.Bus');
    expect(columnOf(table, 'School_DocumentId').targetResource).toEqual({
      projectName: 'Ed-Fi',
      resourceName: 'School',
    });
    expect(constraintLine(table, 'FK_Bus_School_RefKey')).toContain('-> edfi.School (DocumentId, SchoolId)');
  });
});
