import type { IdentityBlock } from '@dms/model';
import { expectSameJson, path } from '@dms/testing';
import { describe, it } from 'vitest';
import { fingerprint, int32, noInventory, noResources, plainStamp, table } from '../../test/manifest-inputs.ts';
import type { DbIndex } from '../inventory.ts';
import type { DbTrigger } from '../trigger-kinds.ts';
import { modelManifestText } from './model-manifest.ts';

const block = (resourceKeyId: number, resourceName: string, column: string, identityPath: string): IdentityBlock => ({
  resourceKeyId,
  projectName: 'Ed-Fi',
  resourceName,
  identityElements: [{ column, identityJsonPath: path(identityPath), scalarType: int32, isDescriptor: false }],
});

const indexesIn = (...indexes: readonly DbIndex[]) =>
  JSON.parse(modelManifestText(noResources, { ...noInventory, indexes }, fingerprint)).indexes;

const triggersIn = (...triggers: readonly DbTrigger[]) =>
  JSON.parse(modelManifestText(noResources, { ...noInventory, triggers }, fingerprint)).triggers;

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
  const head = {
    name: 'TR',
    table: table('School'),
    keyColumns: ['DocumentId'],
    identityProjectionColumns: ['SchoolId'],
  };
  const written = (kind: string) => ({
    name: 'TR',
    table: { schema: 'edfi', name: 'School' },
    kind,
    key_columns: ['DocumentId'],
    identity_projection_columns: ['SchoolId'],
  });

  const writtenSchool = {
    ...written('ReferentialIdentityMaintenance'),
    resource_key_id: 7,
    project_name: 'Ed-Fi',
    resource_name: 'School',
    identity_elements: [{ column: 'SchoolId', identity_json_path: '$.schoolId' }],
  };

  it('that stamps documents has no further members', () => {
    expectSameJson(triggersIn({ ...head, ...plainStamp }), [written('DocumentStamping')]);
  });

  it('writes empty column lists', () => {
    expectSameJson(triggersIn({ ...head, ...plainStamp, keyColumns: [], identityProjectionColumns: [] }), [
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
    expectSameJson(triggersIn(trigger), [writtenSchool]);
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
        ...writtenSchool,
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
          parentFks: [
            { denormalizedParentIdColumn: 'Agency_AgencyId' },
            { denormalizedParentIdColumn: 'Center_CenterId' },
          ],
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
