import type { Column, ResourceModel, Table } from '@dms/model';
import { noSecurableElements, unspecifiedIdentity } from '@dms/model';
import {
  agenda,
  booking,
  build,
  edFi,
  expectSameJson,
  extension,
  languageDescriptor,
  ledger,
  menu,
  modelOf,
  path,
  plain,
  resourceOf,
  room,
  school,
} from '@dms/testing';
import { manifestText } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { typeObject } from './manifest-objects.ts';
import { resourceDetail, tableObject } from './model-manifest.ts';

const { object, string } = build;

const int64 = { kind: 'Int64', maxLength: null, decimal: null } as const;

const keyColumn = (name: string): Column => ({
  name,
  kind: 'ParentKeyPart',
  scalarType: int64,
  isNullable: false,
  sourcePath: null,
  targetResource: null,
  storage: { kind: 'Stored' },
  isWritable: true,
});

const nothing = { applied: [], redundant: [], ignored: [], ignoredByReason: [], skipped: [] };

/** A resource without tables; `more` replaces members. */
const resourceModel = (more: Partial<ResourceModel>): ResourceModel => ({
  resourceKey: { id: 1, projectName: 'Ed-Fi', resourceName: 'School', resourceVersion: '1.0.0', isAbstract: false },
  physicalSchema: 'edfi',
  storageKind: 'RelationalTables',
  tablesInDependencyOrder: [],
  naturalKey: { columns: [] },
  identityElements: [],
  superclass: null,
  documentReferenceBindings: [],
  descriptorEdgeSources: [],
  descriptorFkDeduplications: [],
  decimalPrecisionFallbacks: [],
  keyUnificationDiagnostics: nothing,
  extensionSites: [],
  descriptorMetadata: null,
  securableElements: noSecurableElements,
  queryFieldMapping: [],
  descriptorTexts: null,
  ...more,
});

const table = (more: Partial<Table>): Table => ({
  table: { schema: 'edfi', name: 'School' },
  jsonScope: path('$'),
  key: { constraintName: 'PK_School', columns: [{ name: 'DocumentId', kind: 'ParentKeyPart', role: 'DocumentId' }] },
  identity: unspecifiedIdentity,
  columns: [keyColumn('DocumentId')],
  constraints: [],
  keyUnificationClasses: [],
  ...more,
});

describe('the detail object of a resource', () => {
  it('has the bytes of the example of 03 §11.4', () => {
    const school = resourceModel({
      tablesInDependencyOrder: [
        table({
          table: { schema: 'sample', name: 'SchoolExtensionAddress' },
          jsonScope: path('$._ext.sample.addresses[*]._ext.sample'),
          key: {
            constraintName: 'PK_SchoolExtensionAddress',
            columns: [
              { name: 'School_DocumentId', kind: 'ParentKeyPart', role: 'DocumentId' },
              { name: 'Ordinal', kind: 'Ordinal', role: 'Ordinal' },
            ],
          },
          columns: [keyColumn('School_DocumentId')],
          constraints: [
            {
              kind: 'ForeignKey',
              name: 'FK_SchoolExtensionAddress_SchoolAddress',
              columns: ['School_DocumentId', 'Ordinal'],
              targetTable: { schema: 'edfi', name: 'SchoolAddress' },
              targetColumns: ['School_DocumentId', 'Ordinal'],
              onDelete: 'Cascade',
              onUpdate: 'NoAction',
              deferrable: false,
            },
          ],
        }),
      ],
    });
    expect(manifestText(resourceDetail(school))).toBe(`{
  "resource": {
    "project_name": "Ed-Fi",
    "resource_name": "School"
  },
  "physical_schema": "edfi",
  "storage_kind": "RelationalTables",
  "tables": [
    {
      "schema": "sample",
      "name": "SchoolExtensionAddress",
      "scope": "$._ext.sample.addresses[*]._ext.sample",
      "key_columns": [
        {
          "name": "School_DocumentId",
          "kind": "ParentKeyPart"
        },
        {
          "name": "Ordinal",
          "kind": "Ordinal"
        }
      ],
      "columns": [
        {
          "name": "School_DocumentId",
          "kind": "ParentKeyPart",
          "type": {
            "kind": "Int64"
          },
          "is_nullable": false,
          "source_path": null,
          "storage": {
            "kind": "Stored"
          }
        }
      ],
      "key_unification_classes": [],
      "descriptor_fk_deduplications": [],
      "constraints": [
        {
          "kind": "ForeignKey",
          "name": "FK_SchoolExtensionAddress_SchoolAddress",
          "columns": [
            "School_DocumentId",
            "Ordinal"
          ],
          "target_table": {
            "schema": "edfi",
            "name": "SchoolAddress"
          },
          "target_columns": [
            "School_DocumentId",
            "Ordinal"
          ],
          "on_delete": "Cascade",
          "on_update": "NoAction"
        }
      ]
    }
  ],
  "key_unification_equality_constraints": {
    "applied": [],
    "redundant": [],
    "ignored": [],
    "ignored_by_reason": {},
    "skipped": []
  },
  "document_reference_bindings": [],
  "descriptor_edge_sources": [],
  "extension_sites": []
}
`);
  });

  it('lists references and descriptor edges with all their members in order', () => {
    const model = modelOf([edFi([school, room, booking, agenda, languageDescriptor, menu()])]);
    expectSameJson(resourceDetail(resourceOf(model, 'Ed-Fi:Agenda')).document_reference_bindings, [
      {
        is_identity_component: false,
        reference_object_path: '$.schoolReference',
        table: { schema: 'edfi', name: 'Agenda' },
        fk_column: 'School_DocumentId',
        target_resource: { project_name: 'Ed-Fi', resource_name: 'School' },
        identity_bindings: [{ reference_json_path: '$.schoolReference.schoolId', column: 'School_SchoolId' }],
      },
      {
        is_identity_component: false,
        reference_object_path: '$.slots[*].bookings[*].bookingReference',
        table: { schema: 'edfi', name: 'AgendaSlotBooking' },
        fk_column: 'Booking_DocumentId',
        target_resource: { project_name: 'Ed-Fi', resource_name: 'Booking' },
        identity_bindings: [
          { reference_json_path: '$.slots[*].bookings[*].bookingReference.bookingDate', column: 'Booking_BookingDate' },
          { reference_json_path: '$.slots[*].bookings[*].bookingReference.roomCode', column: 'Booking_RoomCode' },
          {
            reference_json_path: '$.slots[*].bookings[*].bookingReference.schoolId',
            column: 'Booking_RoomReferenceSchoolId',
          },
          {
            reference_json_path: '$.slots[*].bookings[*].bookingReference.schoolId',
            column: 'Booking_SchoolReferenceSchoolId',
          },
        ],
      },
    ]);
    expectSameJson(resourceDetail(resourceOf(model, 'Ed-Fi:Menu')).descriptor_edge_sources, [
      {
        is_identity_component: false,
        descriptor_value_path: '$.firstLanguageDescriptor',
        table: { schema: 'edfi', name: 'Menu' },
        fk_column: 'FirstLanguageDescriptor_DescriptorId',
        descriptor_resource: { project_name: 'Ed-Fi', resource_name: 'LanguageDescriptor' },
      },
      {
        is_identity_component: false,
        descriptor_value_path: '$.secondLanguageDescriptor',
        table: { schema: 'edfi', name: 'Menu' },
        fk_column: 'SecondLanguageDescriptor_DescriptorId',
        descriptor_resource: { project_name: 'Ed-Fi', resource_name: 'LanguageDescriptor' },
      },
    ]);
    expect(
      resourceDetail(resourceOf(model, 'Ed-Fi:Booking')).document_reference_bindings.map(
        (entry) => entry.is_identity_component,
      ),
    ).toEqual([true, true]);
  });

  it('counts ignored constraints by reason and shows every outcome', () => {
    const detail = resourceDetail(
      resourceOf(modelOf([edFi([ledger])]), 'Ed-Fi:Ledger'),
    ).key_unification_equality_constraints;
    expect(Object.keys(detail)).toEqual(['applied', 'redundant', 'ignored', 'ignored_by_reason', 'skipped']);
    expectSameJson(detail.ignored_by_reason, { cross_table: 1 });
    expect(Object.keys(detail.skipped[0] ?? {})).toEqual(['source_path', 'target_path', 'unresolved_endpoint']);
  });

  it('of a descriptor has no tables and says so', () => {
    const detail = resourceDetail(resourceOf(modelOf([edFi([languageDescriptor])]), 'Ed-Fi:LanguageDescriptor'));
    expectSameJson(detail, {
      resource: { project_name: 'Ed-Fi', resource_name: 'LanguageDescriptor' },
      physical_schema: 'edfi',
      storage_kind: 'SharedDescriptorTable',
      tables: [],
      key_unification_equality_constraints: {
        applied: [],
        redundant: [],
        ignored: [],
        ignored_by_reason: {},
        skipped: [],
      },
      document_reference_bindings: [],
      descriptor_edge_sources: [],
      extension_sites: [],
    });
  });

  it('lists the deduplicated descriptor keys of each table', () => {
    const dishes = build.array(object({ name: string() }));
    const { tables } = resourceDetail(
      resourceOf(modelOf([edFi([languageDescriptor, menu(undefined, { dishes })])]), 'Ed-Fi:Menu'),
    );
    expect(tables.map(({ name, descriptor_fk_deduplications: shown }) => [name, shown])).toEqual([
      [
        'Menu',
        [
          {
            storage_column: 'FirstLanguageDescriptor_Unified_DescriptorId',
            binding_columns: ['FirstLanguageDescriptor_DescriptorId', 'SecondLanguageDescriptor_DescriptorId'],
            constraint_name: 'FK_Menu_FirstLanguageDescriptor_Unified',
          },
        ],
      ],
      ['MenuDish', []],
    ]);
  });

  it('does not show extension sites', () => {
    const documents = [
      edFi([plain('School', { _ext: build.ext('sample', object({ note: string() })) })]),
      extension([]),
    ];
    const found = resourceOf(modelOf(documents), 'Ed-Fi:School');
    expect(found.extensionSites).toHaveLength(1);
    expect(resourceDetail(found).extension_sites).toEqual([]);
  });
});

describe('a table object', () => {
  it('names its members in order; deduplications only where they are given', () => {
    const given = table({});
    const members = ['schema', 'name', 'scope', 'key_columns', 'columns', 'key_unification_classes'];
    expect(Object.keys(tableObject(given))).toEqual([...members, 'constraints']);
    expect(Object.keys(tableObject(given, []))).toEqual([...members, 'descriptor_fk_deduplications', 'constraints']);
  });

  it('does not list the primary key among its constraints', () => {
    const [root] = resourceOf(modelOf([edFi([school])]), 'Ed-Fi:School').tablesInDependencyOrder;
    expect(tableObject(root!).constraints.map(({ name }) => name)).toEqual(['UX_School_NK', 'FK_School_Document']);
  });

  it.each<[string, Parameters<typeof typeObject>[0], unknown]>([
    ['a bounded string', { kind: 'String', maxLength: 60, decimal: null }, { kind: 'String', max_length: 60 }],
    ['an unbounded string', { kind: 'String', maxLength: null, decimal: null }, { kind: 'String' }],
    [
      'a decimal',
      { kind: 'Decimal', maxLength: null, decimal: { precision: 9, scale: 0 } },
      { kind: 'Decimal', precision: 9, scale: 0 },
    ],
    ['a time', { kind: 'Time', maxLength: null, decimal: null }, { kind: 'Time' }],
    ['a flag', { kind: 'Boolean', maxLength: null, decimal: null }, { kind: 'Boolean' }],
  ])('writes the type of %s without empty members', (_, type, expected) => {
    expectSameJson(typeObject(type), expected);
  });

  it('writes a missing type, path and gate as null', () => {
    const columns: Column[] = [
      { ...keyColumn('A'), scalarType: null },
      {
        ...keyColumn('B'),
        kind: 'Scalar',
        sourcePath: path('$.b'),
        storage: { kind: 'UnifiedAlias', canonicalColumn: 'A', presenceColumn: null },
        isWritable: false,
      },
      {
        ...keyColumn('C'),
        kind: 'Scalar',
        sourcePath: path('$.c'),
        isNullable: true,
        storage: { kind: 'UnifiedAlias', canonicalColumn: 'A', presenceColumn: 'P' },
        isWritable: false,
      },
    ];
    expectSameJson(tableObject(table({ columns })).columns, [
      {
        name: 'A',
        kind: 'ParentKeyPart',
        type: null,
        is_nullable: false,
        source_path: null,
        storage: { kind: 'Stored' },
      },
      {
        name: 'B',
        kind: 'Scalar',
        type: { kind: 'Int64' },
        is_nullable: false,
        source_path: '$.b',
        storage: { kind: 'UnifiedAlias', canonical_column: 'A', presence_column: null },
      },
      {
        name: 'C',
        kind: 'Scalar',
        type: { kind: 'Int64' },
        is_nullable: true,
        source_path: '$.c',
        storage: { kind: 'UnifiedAlias', canonical_column: 'A', presence_column: 'P' },
      },
    ]);
  });

  it('writes each kind of constraint with its own members, without deferrability', () => {
    const constraints: Table['constraints'] = [
      { kind: 'Unique', name: 'UX', columns: ['A', 'B'] },
      {
        kind: 'ForeignKey',
        name: 'FK',
        columns: ['A'],
        targetTable: { schema: 's', name: 't' },
        targetColumns: ['X'],
        onDelete: 'NoAction',
        onUpdate: 'Cascade',
        deferrable: true,
      },
      { kind: 'AllOrNoneNullability', name: 'CK_A', fkColumn: 'F', dependentColumns: ['A', 'B'] },
      { kind: 'NullOrTrue', name: 'CK_N', column: 'P' },
    ];
    expectSameJson(tableObject(table({ constraints })).constraints, [
      { kind: 'Unique', name: 'UX', columns: ['A', 'B'] },
      {
        kind: 'ForeignKey',
        name: 'FK',
        columns: ['A'],
        target_table: { schema: 's', name: 't' },
        target_columns: ['X'],
        on_delete: 'NoAction',
        on_update: 'Cascade',
      },
      { kind: 'AllOrNoneNullability', name: 'CK_A', fk_column: 'F', dependent_columns: ['A', 'B'] },
      { kind: 'NullOrTrue', name: 'CK_N', column: 'P' },
    ]);
  });

  it('writes classes with canonical column and members', () => {
    const keyUnificationClasses = [{ canonicalColumn: 'C_Unified', memberPathColumns: ['B', 'A'] }];
    expectSameJson(tableObject(table({ keyUnificationClasses })).key_unification_classes, [
      { canonical_column: 'C_Unified', member_path_columns: ['B', 'A'] },
    ]);
  });

  const descriptorKey = (name: string, columns: readonly string[]): Table['constraints'][number] => ({
    kind: 'ForeignKey',
    name,
    columns,
    targetTable: { schema: 'dms', name: 'Descriptor' },
    targetColumns: ['DocumentId'],
    onDelete: 'NoAction',
    onUpdate: 'NoAction',
    deferrable: false,
  });
  const entry = { table: { schema: 'edfi', name: 'School' }, storageColumn: 'S', bindingColumns: ['A', 'B'] };

  it('writes a deduplication with the one descriptor key of its column', () => {
    const constraints = [descriptorKey('FK_Other', ['O']), descriptorKey('FK_Right', ['S'])];
    expectSameJson(tableObject(table({ constraints }), [entry]).descriptor_fk_deduplications, [
      { storage_column: 'S', binding_columns: ['A', 'B'], constraint_name: 'FK_Right' },
    ]);
  });

  it.each([
    ['no', [descriptorKey('FK_Other', ['O'])]],
    ['two', [descriptorKey('FK_One', ['S']), descriptorKey('FK_Two', ['S'])]],
    ['a composite', [descriptorKey('FK_Both', ['S', 'T'])]],
  ])('stops with an internal error where a deduplication has %s descriptor key', (_, constraints) => {
    expect(() => tableObject(table({ constraints }), [entry])).toThrow();
  });
});
