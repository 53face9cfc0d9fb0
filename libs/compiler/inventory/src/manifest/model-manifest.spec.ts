import { dialects } from '@dms/sql';
import {
  abstractResource,
  build,
  edFi,
  expectSameJson,
  extension,
  languageDescriptor,
  modelOf,
  plain,
  subclassOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { documents, fingerprint, noInventory } from '../../test/manifest-inputs.ts';
import { modelManifestText } from './model-manifest.ts';

const { ext, extensionOf, integer, object, resource, string } = build;

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
  it.each(dialects)(
    'has its members in order and names projects, resources, identity tables and views, in %s',
    (dialect) => {
      const value = JSON.parse(
        modelManifestText(modelOf(documents, dialect), { ...noInventory, dialect }, fingerprint),
      );
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
            {
              project_name: 'Ed-Fi',
              resource_name: 'School',
              storage_kind: 'RelationalTables',
              physical_schema: 'edfi',
            },
            {
              project_name: 'Ed-Fi',
              resource_name: 'Visit',
              storage_kind: 'RelationalTables',
              physical_schema: 'edfi',
            },
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
    },
  );

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
      plain('School', {
        addresses: build.array(object({ city: string(), terms: build.array(object({ a: integer() })) })),
      }),
    ]);
    const other = extension([
      extensionOf('School', {
        jsonSchemaForInsert: object({ _ext: ext('sample', object({ addresses: build.array(site()) })) }),
      }),
    ]);
    const value = JSON.parse(modelManifestText(modelOf([core, other]), noInventory, fingerprint));
    expect(
      value.resource_details[0].tables.map(
        ({ schema, name, scope }: Record<string, string>) => `${schema}.${name} ${scope}`,
      ),
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
    expect(JSON.parse(modelManifestText(model, noInventory, fingerprint)).resource_details[0].extension_sites).toEqual(
      [],
    );
  });
});
