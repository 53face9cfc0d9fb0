import { dialects, type SqlDialect } from '@dms/sql';
import { build, seeds, shuffled } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { modelManifestText } from '../../src/manifest/model-manifest.ts';
import { derive } from '../derived.ts';
import { everything } from '../every-entry.ts';
import { organization } from '../schemas.ts';

const { descriptor, integer, object, project, reference, resource, string } = build;

type ManifestDocuments = readonly build.JsonRecord[];

describe('the lists in the manifest', () => {
  // resource keys by name: 1 EducationOrganization, 2 LocalEducationAgency, 3 School
  const documents = [
    project(
      'Ed-Fi',
      [
        organization('LocalEducationAgency', 'localEducationAgencyId'),
        organization(
          'School',
          'schoolId',
          {
            documentPathsMapping: {
              LocalEducationAgency: reference(
                'Ed-Fi:LocalEducationAgency',
                [['$.localEducationAgencyId', '$.localEducationAgencyReference.localEducationAgencyId']],
                false,
              ),
            },
          },
          { localEducationAgencyReference: object({ localEducationAgencyId: integer() }, ['localEducationAgencyId']) },
        ),
      ],
      { abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } } },
    ),
  ];

  function manifestOf(dialect: SqlDialect, source: ManifestDocuments) {
    const { model, inventory, set } = derive(dialect, ...source);
    return JSON.parse(modelManifestText(model, inventory, set.info));
  }

  /** The entry of that name as JSON, so that the order of its members counts. */
  function entry(
    dialect: SqlDialect,
    list: 'indexes' | 'triggers',
    name: string,
    source: ManifestDocuments = documents,
  ): string {
    const found = manifestOf(dialect, source)[list].filter((candidate: { name: string }) => candidate.name === name);
    expect(found, name).toHaveLength(1);
    return JSON.stringify(found[0]);
  }

  const school = { schema: 'edfi', name: 'School' };

  it.each(dialects)('stand after the union views, indexes first, in %s', (dialect) => {
    const members = Object.keys(manifestOf(dialect, documents));
    expect(members.slice(members.indexOf('abstract_union_views'))).toEqual([
      'abstract_union_views',
      'indexes',
      'triggers',
      'resource_details',
    ]);
  });

  it.each(dialects)('are empty lists for a descriptor alone, in %s (case 12)', (dialect) => {
    const { model, inventory, set } = derive(dialect, project('Ed-Fi', [descriptor('TermDescriptor')]));
    const text = modelManifestText(model, inventory, set.info);
    expect(text).toContain('  "indexes": [],\n  "triggers": [],\n');
  });

  it.each(dialects)('hold all entries in the order of the inventory, in %s', (dialect) => {
    const { inventory } = derive(dialect, ...everything);
    const manifest = manifestOf(dialect, everything);
    const facts = ({ table, name, kind }: { table: object; name: string; kind: string }) =>
      JSON.stringify([table, name, kind]);
    expect(manifest.indexes.map(facts)).toEqual(inventory.indexes.map(facts));
    expect(manifest.triggers.map(facts)).toEqual(inventory.triggers.map(facts));
  });

  it.each(dialects)('show an index without include columns as six members less one, in %s', (dialect) => {
    expect(entry(dialect, 'indexes', 'UX_School_NK')).toBe(
      JSON.stringify({
        name: 'UX_School_NK',
        table: school,
        kind: 'UniqueConstraint',
        is_unique: true,
        key_columns: ['SchoolId'],
      }),
    );
  });

  it.each(dialects)('show the index of the hierarchy with its include column, in %s', (dialect) => {
    const name = 'IX_EducationOrganizationIdToEducationOrganizationId_Target';
    expect(entry(dialect, 'indexes', name)).toBe(
      JSON.stringify({
        name,
        table: { schema: 'auth', name: 'EducationOrganizationIdToEducationOrganizationId' },
        kind: 'Explicit',
        is_unique: false,
        key_columns: ['TargetEducationOrganizationId'],
        include_columns: ['SourceEducationOrganizationId'],
      }),
    );
  });

  it.each(dialects)('show a referential identity with its alias as in the example of §8, in %s', (dialect) => {
    expect(entry(dialect, 'triggers', 'TR_School_ReferentialIdentity')).toBe(
      JSON.stringify({
        name: 'TR_School_ReferentialIdentity',
        table: school,
        kind: 'ReferentialIdentityMaintenance',
        key_columns: ['DocumentId'],
        identity_projection_columns: ['SchoolId'],
        resource_key_id: 3,
        project_name: 'Ed-Fi',
        resource_name: 'School',
        identity_elements: [{ column: 'SchoolId', identity_json_path: '$.schoolId' }],
        superclass_alias: {
          resource_key_id: 1,
          project_name: 'Ed-Fi',
          resource_name: 'EducationOrganization',
          identity_elements: [{ column: 'SchoolId', identity_json_path: '$.educationOrganizationId' }],
        },
      }),
    );
  });

  it.each(dialects)('leave out the alias of a resource without superclass, in %s', (dialect) => {
    const plain = [
      project('Ed-Fi', [
        resource('Term', { identityJsonPaths: ['$.code'], jsonSchemaForInsert: object({ code: string() }, ['code']) }),
      ]),
    ];
    expect(entry(dialect, 'triggers', 'TR_Term_ReferentialIdentity', plain)).toBe(
      JSON.stringify({
        name: 'TR_Term_ReferentialIdentity',
        table: { schema: 'edfi', name: 'Term' },
        kind: 'ReferentialIdentityMaintenance',
        key_columns: ['DocumentId'],
        identity_projection_columns: ['Code'],
        resource_key_id: 1,
        project_name: 'Ed-Fi',
        resource_name: 'Term',
        identity_elements: [{ column: 'Code', identity_json_path: '$.code' }],
      }),
    );
  });

  it.each(dialects)(
    'show a stamp with the common members alone, an abstract identity with its mappings, in %s',
    (dialect) => {
      expect(entry(dialect, 'triggers', 'TR_School_Stamp')).toBe(
        JSON.stringify({
          name: 'TR_School_Stamp',
          table: school,
          kind: 'DocumentStamping',
          key_columns: ['DocumentId'],
          identity_projection_columns: ['SchoolId'],
        }),
      );
      expect(entry(dialect, 'triggers', 'TR_School_AbstractIdentity')).toBe(
        JSON.stringify({
          name: 'TR_School_AbstractIdentity',
          table: school,
          kind: 'AbstractIdentityMaintenance',
          key_columns: ['DocumentId'],
          identity_projection_columns: ['SchoolId'],
          target_table: { schema: 'edfi', name: 'EducationOrganizationIdentity' },
          target_column_mappings: [{ source_column: 'SchoolId', target_column: 'EducationOrganizationId' }],
          discriminator_value: 'Ed-Fi:School',
        }),
      );
    },
  );

  it.each(dialects)('show a hierarchy trigger with its entity, event and parents, in %s', (dialect) => {
    const wanted = (entityName: string, event: string, parents: readonly string[]) =>
      JSON.stringify({
        name: `TR_${entityName}_AuthHierarchy_${event}`,
        table: { schema: 'edfi', name: entityName },
        kind: 'AuthHierarchyMaintenance',
        key_columns: [],
        identity_projection_columns: [],
        entity_name: entityName,
        trigger_event: event,
        identity_column: `${entityName}Id`,
        parent_fks: parents.map((column) => ({ denormalized_parent_id_column: column })),
      });
    expect(entry(dialect, 'triggers', 'TR_School_AuthHierarchy_Update')).toBe(
      wanted('School', 'Update', ['LocalEducationAgency_LocalEducationAgencyId']),
    );
    expect(entry(dialect, 'triggers', 'TR_LocalEducationAgency_AuthHierarchy_Insert')).toBe(
      wanted('LocalEducationAgency', 'Insert', []),
    );
  });

  it('show a fallback trigger with its updates, in mssql', () => {
    expect(entry('mssql', 'triggers', 'TR_School_PropagateIdentity', everything)).toBe(
      JSON.stringify({
        name: 'TR_School_PropagateIdentity',
        table: school,
        kind: 'IdentityPropagationFallback',
        key_columns: ['DocumentId'],
        identity_projection_columns: ['SchoolId'],
        referrer_updates: [
          {
            referrer_table: school,
            referrer_fk_column: 'Parent_DocumentId',
            target_column_mappings: [{ source_column: 'SchoolId', target_column: 'Parent_SchoolId' }],
          },
        ],
      }),
    );
  });

  it.each(dialects)(
    'are the same bytes whatever the order of files, resources and members, in %s (case 37)',
    (dialect) => {
      const textOf = (source: ManifestDocuments) => {
        const { model, inventory, set } = derive(dialect, ...source);
        return modelManifestText(model, inventory, set.info);
      };
      for (const seed of seeds(3)) {
        const shuffledFiles = everything.map((document) => shuffled(document, seed)).reverse();
        expect(JSON.stringify(shuffledFiles)).not.toBe(JSON.stringify([...everything].reverse()));
        expect(textOf(shuffledFiles)).toBe(textOf(everything));
      }
    },
  );
});
