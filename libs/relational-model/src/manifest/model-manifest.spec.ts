import { buildEffectiveSchema, loadApiSchemaFiles } from '@dms/api-schema';
import { dialects, type SqlDialect } from '@dms/sql';
import { build, hasSharedData, readSharedJson, readSharedText, sharedFile } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../derive-model.ts';
import type { DbIndex, DbTrigger, IdentityBlock, Inventory } from '../model/inventory.ts';
import {
  abstractResource,
  edFi,
  extension,
  fields,
  keyed,
  languageDescriptor,
  longNamed,
  menu,
  modelOf,
  path,
  plain,
  randomOf,
  shuffledMembers,
  subclassOf,
  workedExamples,
} from '../names-and-keys.spec-support.ts';
import { modelManifestText } from './model-manifest.ts';

const { ext, extensionOf, integer, object, reference, resource, string } = build;

const fingerprint = { effectiveSchemaHash: '0123456789abcdef'.repeat(4), relationalMappingVersion: 'v1' };

const noInventory: Inventory = { dialect: 'pgsql', indexes: [], triggers: [], authEdOrgHierarchy: null };

const table = (name: string) => ({ schema: 'edfi', name });

const int32 = { kind: 'Int32', maxLength: null, decimal: null } as const;

const block = (resourceKeyId: number, resourceName: string, column: string, identityPath: string): IdentityBlock => ({
  resourceKeyId,
  projectName: 'Ed-Fi',
  resourceName,
  identityElements: [{ column, identityJsonPath: path(identityPath), scalarType: int32, isDescriptor: false }],
});

const noResources = modelOf([edFi([])]);

const indexesIn = (...indexes: readonly DbIndex[]) =>
  JSON.parse(modelManifestText(noResources, { ...noInventory, indexes }, fingerprint)).indexes;

const triggersIn = (...triggers: readonly DbTrigger[]) =>
  JSON.parse(modelManifestText(noResources, { ...noInventory, triggers }, fingerprint)).triggers;

/** Equal values with their members in the same order. */
const expectSameJson = (actual: unknown, expected: unknown) => {
  expect(actual).toEqual(expected);
  expect(JSON.stringify(actual)).toBe(JSON.stringify(expected));
};

/** The text form of 03 §11.1, written from the chapter. */
function textOf(value: unknown, indentation = ''): string {
  const inner = `${indentation}  `;
  if (typeof value === 'string')
    return `"${[...Array(value.length).keys()].map((index) => escaped(value.charCodeAt(index))).join('')}"`;
  if (value === null || typeof value !== 'object') return String(value);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const parts = Array.isArray(value)
    ? value.map((element) => textOf(element, inner))
    : Object.entries(value).map(([name, member]) => `${textOf(name)}: ${textOf(member, inner)}`);
  if (parts.length === 0) return open + close;
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indentation}${close}`;
}

function escaped(unit: number): string {
  const short = new Map([
    [0x08, '\\b'],
    [0x09, '\\t'],
    [0x0a, '\\n'],
    [0x0c, '\\f'],
    [0x0d, '\\r'],
    [0x5c, '\\\\'],
  ]).get(unit);
  if (short !== undefined) return short;
  const isRaw = unit >= 0x20 && unit < 0x7f && !'"&\'+<>`'.includes(String.fromCharCode(unit));
  return isRaw ? String.fromCharCode(unit) : `\\u${unit.toString(16).toUpperCase().padStart(4, '0')}`;
}

describe('an index in the model manifest', () => {
  it.each(['PrimaryKey', 'UniqueConstraint', 'ForeignKeySupport', 'Explicit'] as const)(
    'of kind %s has its members in order',
    (kind) => {
      const index: DbIndex = {
        name: 'IX_School_A_B',
        table: table('School'),
        kind,
        isUnique: kind !== 'ForeignKeySupport',
        keyColumns: ['A', 'B'],
        includeColumns: [],
      };
      expectSameJson(indexesIn(index), [
        {
          name: 'IX_School_A_B',
          table: { schema: 'edfi', name: 'School' },
          kind,
          is_unique: kind !== 'ForeignKeySupport',
          key_columns: ['A', 'B'],
        },
      ]);
    },
  );

  it('lists include columns, as the last member, only when it has some', () => {
    const index: DbIndex = {
      name: 'IX',
      table: table('T'),
      kind: 'Explicit',
      isUnique: false,
      keyColumns: ['A'],
      includeColumns: ['C', 'B'],
    };
    expectSameJson(indexesIn(index), [
      {
        name: 'IX',
        table: { schema: 'edfi', name: 'T' },
        kind: 'Explicit',
        is_unique: false,
        key_columns: ['A'],
        include_columns: ['C', 'B'],
      },
    ]);
  });
});

describe('a trigger in the model manifest', () => {
  const head = { name: 'TR', table: table('School'), keyColumns: ['DocumentId'], identityProjectionColumns: ['SchoolId'] };
  const written = (kind: string) => ({
    name: 'TR',
    table: { schema: 'edfi', name: 'School' },
    kind,
    key_columns: ['DocumentId'],
    identity_projection_columns: ['SchoolId'],
  });

  it('that stamps documents has no further members', () => {
    expectSameJson(triggersIn({ ...head, kind: 'DocumentStamping' }), [written('DocumentStamping')]);
  });

  it('writes empty column lists', () => {
    expectSameJson(triggersIn({ ...head, kind: 'DocumentStamping', keyColumns: [], identityProjectionColumns: [] }), [
      { ...written('DocumentStamping'), key_columns: [], identity_projection_columns: [] },
    ]);
  });

  it('that keeps referential identities names resource, key id and elements; no alias, no member for it', () => {
    const trigger: DbTrigger = {
      ...head,
      ...block(7, 'School', 'SchoolId', '$.schoolId'),
      kind: 'ReferentialIdentityMaintenance',
      superclassAlias: null,
    };
    expectSameJson(triggersIn(trigger), [
      {
        ...written('ReferentialIdentityMaintenance'),
        resource_key_id: 7,
        project_name: 'Ed-Fi',
        resource_name: 'School',
        identity_elements: [{ column: 'SchoolId', identity_json_path: '$.schoolId' }],
      },
    ]);
  });

  it('of a subclass has the alias of its superclass as the last member', () => {
    const trigger: DbTrigger = {
      ...head,
      ...block(7, 'School', 'SchoolId', '$.schoolId'),
      kind: 'ReferentialIdentityMaintenance',
      superclassAlias: block(3, 'EducationOrganization', 'SchoolId', '$.educationOrganizationId'),
    };
    expectSameJson(triggersIn(trigger), [
      {
        ...written('ReferentialIdentityMaintenance'),
        resource_key_id: 7,
        project_name: 'Ed-Fi',
        resource_name: 'School',
        identity_elements: [{ column: 'SchoolId', identity_json_path: '$.schoolId' }],
        superclass_alias: {
          resource_key_id: 3,
          project_name: 'Ed-Fi',
          resource_name: 'EducationOrganization',
          identity_elements: [{ column: 'SchoolId', identity_json_path: '$.educationOrganizationId' }],
        },
      },
    ]);
  });

  it('that keeps an abstract identity names target, mappings and discriminator', () => {
    const trigger: DbTrigger = {
      ...head,
      kind: 'AbstractIdentityMaintenance',
      targetTable: table('EducationOrganizationIdentity'),
      targetColumnMappings: [
        { sourceColumn: 'SchoolId', targetColumn: 'EducationOrganizationId' },
        { sourceColumn: 'B', targetColumn: 'A' },
      ],
      discriminatorValue: 'Ed-Fi:School',
    };
    expectSameJson(triggersIn(trigger), [
      {
        ...written('AbstractIdentityMaintenance'),
        target_table: { schema: 'edfi', name: 'EducationOrganizationIdentity' },
        target_column_mappings: [
          { source_column: 'SchoolId', target_column: 'EducationOrganizationId' },
          { source_column: 'B', target_column: 'A' },
        ],
        discriminator_value: 'Ed-Fi:School',
      },
    ]);
  });

  it('that propagates an identity lists its referrers', () => {
    const trigger: DbTrigger = {
      ...head,
      kind: 'IdentityPropagationFallback',
      referrerUpdates: [
        {
          referrerTable: table('Section'),
          referrerFkColumn: 'School_DocumentId',
          targetColumnMappings: [{ sourceColumn: 'SchoolId', targetColumn: 'School_SchoolId' }],
        },
      ],
    };
    expectSameJson(triggersIn(trigger), [
      {
        ...written('IdentityPropagationFallback'),
        referrer_updates: [
          {
            referrer_table: { schema: 'edfi', name: 'Section' },
            referrer_fk_column: 'School_DocumentId',
            target_column_mappings: [{ source_column: 'SchoolId', target_column: 'School_SchoolId' }],
          },
        ],
      },
    ]);
  });

  it.each(['Insert', 'Update', 'Delete'] as const)(
    'that keeps the hierarchy at %s names entity, event, column and parents',
    (triggerEvent) => {
      const trigger: DbTrigger = {
        ...head,
        kind: 'AuthHierarchyMaintenance',
        triggerEvent,
        entity: {
          entityName: 'School',
          table: table('School'),
          identityColumn: 'SchoolId',
          parentFks: [{ denormalizedParentIdColumn: 'Agency_AgencyId' }, { denormalizedParentIdColumn: 'Center_CenterId' }],
        },
      };
      expectSameJson(triggersIn(trigger), [
        {
          ...written('AuthHierarchyMaintenance'),
          entity_name: 'School',
          trigger_event: triggerEvent,
          identity_column: 'SchoolId',
          parent_fks: [
            { denormalized_parent_id_column: 'Agency_AgencyId' },
            { denormalized_parent_id_column: 'Center_CenterId' },
          ],
        },
      ]);
    },
  );
});

/** A core with an abstract resource and a descriptor, an extension that adds to it. */
const documents = [
  edFi(
    [
      keyed('School', { schoolId: integer() }, subclassOf('Ed-Fi:Organization', '$.organizationId')),
      languageDescriptor,
      resource('Visit', {
        documentPathsMapping: {
          Organization: reference(
            'Ed-Fi:Organization',
            [['$.organizationId', '$.organizationReference.organizationId']],
            false,
          ),
        },
        jsonSchemaForInsert: object({ organizationReference: fields({ organizationId: integer() }) }),
      }),
    ],
    { version: '5.2.0', abstractResources: { Organization: abstractResource(['$.organizationId']) } },
  ),
  extension(
    [extensionOf('School', { jsonSchemaForInsert: object({ _ext: ext('sample', object({ note: string(20) })) }) })],
    'Sample',
    { version: '1.1.0' },
  ),
];

const members = [
  'dialect',
  'effective_schema_hash',
  'relational_mapping_version',
  'projects',
  'resources',
  'abstract_identity_tables',
  'abstract_union_views',
  'indexes',
  'triggers',
];

describe('the model manifest', () => {
  it.each(dialects)('has its members in order and names projects, resources, identity tables and views, in %s', (dialect) => {
    const value = JSON.parse(modelManifestText(modelOf(documents, dialect), { ...noInventory, dialect }, fingerprint));
    expect(Object.keys(value)).toEqual([...members, 'resource_details']);
    expectSameJson(
      { ...value, resource_details: undefined },
      {
        dialect,
        effective_schema_hash: fingerprint.effectiveSchemaHash,
        relational_mapping_version: 'v1',
        projects: [
          {
            project_endpoint_name: 'ed-fi',
            project_name: 'Ed-Fi',
            project_version: '5.2.0',
            is_extension: false,
            physical_schema: 'edfi',
          },
          {
            project_endpoint_name: 'sample',
            project_name: 'Sample',
            project_version: '1.1.0',
            is_extension: true,
            physical_schema: 'sample',
          },
        ],
        resources: [
          {
            project_name: 'Ed-Fi',
            resource_name: 'LanguageDescriptor',
            storage_kind: 'SharedDescriptorTable',
            physical_schema: 'edfi',
          },
          { project_name: 'Ed-Fi', resource_name: 'School', storage_kind: 'RelationalTables', physical_schema: 'edfi' },
          { project_name: 'Ed-Fi', resource_name: 'Visit', storage_kind: 'RelationalTables', physical_schema: 'edfi' },
        ],
        abstract_identity_tables: [
          {
            resource: { project_name: 'Ed-Fi', resource_name: 'Organization' },
            table: {
              schema: 'edfi',
              name: 'OrganizationIdentity',
              scope: '$',
              key_columns: [{ name: 'DocumentId', kind: 'ParentKeyPart' }],
              columns: [
                {
                  name: 'DocumentId',
                  kind: 'ParentKeyPart',
                  type: { kind: 'Int64' },
                  is_nullable: false,
                  source_path: null,
                  storage: { kind: 'Stored' },
                },
                {
                  name: 'OrganizationId',
                  kind: 'Scalar',
                  type: { kind: 'Int32' },
                  is_nullable: false,
                  source_path: '$.organizationId',
                  storage: { kind: 'Stored' },
                },
                {
                  name: 'Discriminator',
                  kind: 'Scalar',
                  type: { kind: 'String', max_length: 256 },
                  is_nullable: false,
                  source_path: null,
                  storage: { kind: 'Stored' },
                },
              ],
              key_unification_classes: [],
              constraints: [
                { kind: 'Unique', name: 'UX_OrganizationIdentity_NK', columns: ['OrganizationId'] },
                { kind: 'Unique', name: 'UX_OrganizationIdentity_RefKey', columns: ['DocumentId', 'OrganizationId'] },
                {
                  kind: 'ForeignKey',
                  name: 'FK_OrganizationIdentity_Document',
                  columns: ['DocumentId'],
                  target_table: { schema: 'dms', name: 'Document' },
                  target_columns: ['DocumentId'],
                  on_delete: 'Cascade',
                  on_update: 'NoAction',
                },
              ],
            },
          },
        ],
        abstract_union_views: [
          {
            resource: { project_name: 'Ed-Fi', resource_name: 'Organization' },
            view_name: { schema: 'edfi', name: 'Organization_View' },
            output_columns: [
              { column_name: 'DocumentId', type: { kind: 'Int64' }, source_path: null, target_resource: null },
              {
                column_name: 'OrganizationId',
                type: { kind: 'Int32' },
                source_path: '$.organizationId',
                target_resource: null,
              },
              {
                column_name: 'Discriminator',
                type: { kind: 'String', max_length: 256 },
                source_path: null,
                target_resource: null,
              },
            ],
            union_arms: [
              {
                concrete_member: { project_name: 'Ed-Fi', resource_name: 'School' },
                from_table: { schema: 'edfi', name: 'School' },
                projection_expressions: [
                  { kind: 'SourceColumn', column_name: 'DocumentId' },
                  { kind: 'SourceColumn', column_name: 'SchoolId' },
                  { kind: 'StringLiteral', value: 'Ed-Fi:School' },
                ],
              },
            ],
          },
        ],
        indexes: [],
        triggers: [],
      },
    );
  });

  it('writes a descriptor identity with its descriptor', () => {
    const member = resource('Walk', {
      ...subclassOf('Ed-Fi:Event'),
      identityJsonPaths: ['$.languageDescriptor'],
      documentPathsMapping: { Language: build.descriptorPath('Ed-Fi:LanguageDescriptor', '$.languageDescriptor') },
      jsonSchemaForInsert: object({ languageDescriptor: build.uri() }, ['languageDescriptor']),
    });
    const model = modelOf([
      edFi([languageDescriptor, member], { abstractResources: { Event: abstractResource(['$.languageDescriptor']) } }),
    ]);
    const value = JSON.parse(modelManifestText(model, noInventory, fingerprint, null));
    expect(value.abstract_union_views[0].output_columns[1].target_resource).toEqual({
      project_name: 'Ed-Fi',
      resource_name: 'LanguageDescriptor',
    });
    expect(value.abstract_identity_tables[0].table.columns[1].kind).toBe('DescriptorFk');
  });

  const detailsOf = (details?: ReadonlySet<string> | null) => {
    const value = JSON.parse(modelManifestText(modelOf(documents), noInventory, fingerprint, details));
    return value.resource_details?.map(
      ({ resource: { resource_name: name } }: { resource: { resource_name: string } }) => name,
    );
  };

  it('details every resource in the order of the resources when nothing else is asked for', () => {
    expect(detailsOf()).toEqual(['LanguageDescriptor', 'School', 'Visit']);
  });

  it('details a subset in the order of the resources', () => {
    expect(detailsOf(new Set(['Ed-Fi:Visit', 'Ed-Fi:LanguageDescriptor', 'Ed-Fi:Unknown']))).toEqual([
      'LanguageDescriptor',
      'Visit',
    ]);
    expect(detailsOf(new Set())).toEqual([]);
  });

  it('has no member for details when no detail set is asked for', () => {
    const value = JSON.parse(modelManifestText(modelOf(documents), noInventory, fingerprint, null));
    expect(Object.keys(value)).toEqual(members);
  });

  it('lists the tables of a resource by depth, scope, schema and name, extension tables included', () => {
    const site = () => object({ _ext: ext('sample', object({ zone: string() })) });
    const core = edFi([
      plain('School', { addresses: build.array(object({ city: string(), terms: build.array(object({ a: integer() })) })) }),
    ]);
    const other = extension([
      extensionOf('School', {
        jsonSchemaForInsert: object({ _ext: ext('sample', object({ addresses: build.array(site()) })) }),
      }),
    ]);
    const value = JSON.parse(modelManifestText(modelOf([core, other]), noInventory, fingerprint));
    expect(
      value.resource_details[0].tables.map(({ schema, name, scope }: Record<string, string>) => `${schema}.${name} ${scope}`),
    ).toEqual([
      'edfi.School $',
      'sample.SchoolExtension $._ext.sample',
      'sample.SchoolExtensionAddress $._ext.sample.addresses[*]._ext.sample',
      'edfi.SchoolAddress $.addresses[*]',
      'edfi.SchoolAddressTerm $.addresses[*].terms[*]',
    ]);
  });

  it('keeps extension sites to itself', () => {
    const core = edFi([plain('School', { _ext: ext('sample', object({ note: string() })) })]);
    const model = modelOf([core, extension([])]);
    expect(model.resources[0]?.extensionSites).toHaveLength(1);
    expect(JSON.parse(modelManifestText(model, noInventory, fingerprint)).resource_details[0].extension_sites).toEqual([]);
  });
});

describe('the text of the model manifest', () => {
  it('is indented by two, one member or element per line, with empty lists and objects closed at once', () => {
    const text = modelManifestText(noResources, noInventory, fingerprint, null);
    expect(text).toBe(`{
  "dialect": "pgsql",
  "effective_schema_hash": "${fingerprint.effectiveSchemaHash}",
  "relational_mapping_version": "v1",
  "projects": [
    {
      "project_endpoint_name": "ed-fi",
      "project_name": "Ed-Fi",
      "project_version": "1.0.0",
      "is_extension": false,
      "physical_schema": "edfi"
    }
  ],
  "resources": [],
  "abstract_identity_tables": [],
  "abstract_union_views": [],
  "indexes": [],
  "triggers": []
}
`);
  });

  it.each([
    ['"', '\\u0022'],
    ['&', '\\u0026'],
    ["'", '\\u0027'],
    ['+', '\\u002B'],
    ['<', '\\u003C'],
    ['>', '\\u003E'],
    ['`', '\\u0060'],
    ['\\', '\\\\'],
    ['/', '/'],
    ['\b', '\\b'],
    ['\t', '\\t'],
    ['\n', '\\n'],
    ['\f', '\\f'],
    ['\r', '\\r'],
    ['\u0000', '\\u0000'],
    ['\u001f', '\\u001F'],
    ['\u007f', '\\u007F'],
    ['é', '\\u00E9'],
    ['\u2028', '\\u2028'],
    ['😀', '\\uD83D\\uDE00'],
    ['~', '~'],
    ['$._[*]', '$._[*]'],
    ['\\u0041', '\\\\u0041'],
    ['\\"', '\\\\\\u0022'],
  ])('escapes %j as %s', (name, written) => {
    const trigger: DbTrigger = {
      kind: 'DocumentStamping',
      name: `a${name}b`,
      table: table('T'),
      keyColumns: [],
      identityProjectionColumns: [],
    };
    const text = modelManifestText(noResources, { ...noInventory, triggers: [trigger] }, fingerprint, null);
    expect(text).toContain(`"name": "a${written}b"`);
    expect(JSON.parse(text).triggers[0].name).toBe(`a${name}b`);
  });

  it.each(dialects)('of any model is reproduced from its own value, in %s', (dialect) => {
    for (const set of [workedExamples, documents, [longNamed], [edFi([languageDescriptor, menu([])])]]) {
      const text = modelManifestText(modelOf(set, dialect), { ...noInventory, dialect }, fingerprint);
      expect(`${textOf(JSON.parse(text))}\n`).toBe(text);
      expect(text.endsWith('}\n')).toBe(true);
      expect(text.endsWith('\n\n')).toBe(false);
      expect(text).not.toContain('\r');
      expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    }
  });

  it.each(dialects)('has the same bytes when emitted twice and after members of the input are shuffled, in %s', (dialect) => {
    for (const set of [workedExamples, documents]) {
      const textFor = (given: typeof set) =>
        modelManifestText(modelOf(given, dialect), { ...noInventory, dialect }, fingerprint);
      const text = textFor(set);
      expect(textFor(set)).toBe(text);
      for (let seed = 1; seed <= 10; seed += 1) {
        const random = randomOf(seed);
        const shuffled = [...set].reverse().map((document) => shuffledMembers(document, random));
        expect(textFor(shuffled), `seed ${seed}`).toBe(text);
      }
    }
  });

  it('differs between dialects in the dialect alone where names are short and nothing cascades', () => {
    const textIn = (dialect: SqlDialect) => modelManifestText(modelOf(workedExamples, dialect), noInventory, fingerprint);
    expect(textIn('mssql')).toBe(textIn('pgsql').replace('"dialect": "pgsql"', '"dialect": "mssql"'));
  });
});

describe.runIf(hasSharedData)('expected manifests (needs the shared conformance data)', () => {
  // biome-ignore lint/suspicious/noExplicitAny: expected files are read as they are
  type Expected = any;

  const elements = (list: Expected) =>
    list.map((entry: Expected) => ({
      column: entry.column,
      identityJsonPath: path(entry.identity_json_path),
      scalarType: int32,
      isDescriptor: false,
    }));
  const mappings = (list: Expected) =>
    list.map((entry: Expected) => ({ sourceColumn: entry.source_column, targetColumn: entry.target_column }));
  const identity = (entry: Expected): IdentityBlock => ({
    resourceKeyId: entry.resource_key_id,
    projectName: entry.project_name,
    resourceName: entry.resource_name,
    identityElements: elements(entry.identity_elements),
  });

  /** An inventory as the file shows it: what another library derives is given here. */
  const inventoryOf = (expected: Expected): Inventory => ({
    dialect: expected.dialect,
    indexes: expected.indexes.map((entry: Expected) => ({
      name: entry.name,
      table: entry.table,
      kind: entry.kind,
      isUnique: entry.is_unique,
      keyColumns: entry.key_columns,
      includeColumns: entry.include_columns ?? [],
    })),
    triggers: expected.triggers.map((entry: Expected) => ({
      name: entry.name,
      table: entry.table,
      kind: entry.kind,
      keyColumns: entry.key_columns,
      identityProjectionColumns: entry.identity_projection_columns,
      ...(entry.identity_elements ? identity(entry) : {}),
      superclassAlias: entry.superclass_alias ? identity(entry.superclass_alias) : null,
      targetTable: entry.target_table,
      targetColumnMappings: entry.target_column_mappings && mappings(entry.target_column_mappings),
      discriminatorValue: entry.discriminator_value,
      triggerEvent: entry.trigger_event,
      entity: entry.parent_fks && {
        entityName: entry.entity_name,
        table: entry.table,
        identityColumn: entry.identity_column,
        parentFks: entry.parent_fks.map((parent: Expected) => ({
          denormalizedParentIdColumn: parent.denormalized_parent_id_column,
        })),
      },
    })),
    authEdOrgHierarchy: null,
  });

  const cases = ['minimal', 'nested', 'polymorphic', 'ext'].flatMap((name) =>
    dialects.map((dialect) => [name, dialect] as const),
  );

  it.each(cases)('%s in %s: the model part has the expected bytes for the expected inventory', async (name, dialect) => {
    const { apiSchemaFiles } = readSharedJson('fixtures', name, 'fixture.json');
    const files: string[] = apiSchemaFiles;
    expect(files.length).toBeGreaterThan(0);
    const set = buildEffectiveSchema(
      await loadApiSchemaFiles(
        files.map((file) => ({ file: sharedFile('fixtures', name, 'inputs', file.replace(/^inputs\//, '')) })),
      ),
    );
    const text = readSharedText('fixtures', name, 'expected', `relational-model.${dialect}.manifest.json`);
    const { model } = deriveModel(set, dialect);
    expect(modelManifestText(model, inventoryOf(JSON.parse(text)), set.info)).toBe(text);
  });
});
