import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import type { SqlDialect } from '@dms/sql';
import { build, schemaSet } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { defineDatabase } from './define-database.ts';

/* The database triggers for an entry of the inventory (design 05 §3.3, 07 §8.1). */

const { array, integer, object, project, reference, resource } = build;

const organization = {
  isSubclass: true,
  superclassProjectName: 'Core',
  superclassResourceName: 'EducationOrganization',
  superclassIdentityJsonPath: '$.educationOrganizationId',
};

const set = schemaSet(
  project(
    'Core',
    [
      resource('District', {
        ...organization,
        identityJsonPaths: ['$.districtId'],
        jsonSchemaForInsert: object({ districtId: integer() }, ['districtId']),
      }),
      resource('School', {
        ...organization,
        identityJsonPaths: ['$.schoolId'],
        documentPathsMapping: {
          District: reference('Core:District', [['$.districtId', '$.districtReference.districtId']], false),
        },
        jsonSchemaForInsert: object(
          {
            schoolId: integer(),
            districtReference: object({ districtId: integer() }, ['districtId']),
            rooms: array(object({ number: integer() }, ['number'])),
          },
          ['schoolId'],
        ),
      }),
    ],
    { abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } } },
  ),
);

/** The triggers of a table: name, level, events and names of transition tables. */
function triggersOf(dialect: SqlDialect, name: string): string[] {
  const { model } = deriveModel(set, dialect);
  const { tables } = defineDatabase(model, deriveInventory(model));
  const triggers = tables.find((table) => table.name === name)?.triggers ?? [];
  return triggers.flatMap((logical) =>
    logical.triggers.map(({ name: own, level, events, oldTable, newTable }) =>
      [own, level, events.join('+'), oldTable, newTable].filter((part) => part !== null).join(' '),
    ),
  );
}

describe('triggers on PostgreSQL', () => {
  it('are one per event, except for the two kinds that run for each row', () => {
    expect(triggersOf('pgsql', 'School')).toEqual([
      'TR_School_AbstractIdentity ROW INSERT+UPDATE',
      'TR_School_AuthHierarchy_Delete STATEMENT DELETE old_rows',
      'TR_School_AuthHierarchy_Insert STATEMENT INSERT new_rows',
      'TR_School_AuthHierarchy_Update STATEMENT UPDATE old_rows new_rows',
      'TR_School_ReferentialIdentity_Insert STATEMENT INSERT new_rows',
      'TR_School_ReferentialIdentity_Update STATEMENT UPDATE old_rows new_rows',
      'TR_School_Stamp_Update STATEMENT UPDATE old_rows new_rows',
      'TR_School_Stamp_Delete ROW DELETE',
    ]);
  });

  it('stamp on every event in a table below a root, once per statement', () => {
    expect(triggersOf('pgsql', 'SchoolRoom')).toEqual([
      'TR_SchoolRoom_Stamp_Insert STATEMENT INSERT new_rows',
      'TR_SchoolRoom_Stamp_Update STATEMENT UPDATE old_rows new_rows',
      'TR_SchoolRoom_Stamp_Delete STATEMENT DELETE old_rows',
    ]);
  });

  it('handle updates of an organization without parents with the function for inserts', () => {
    expect(triggersOf('pgsql', 'District').filter((text) => text.includes('Hierarchy'))).toEqual([
      'TR_District_AuthHierarchy_Delete STATEMENT DELETE old_rows',
      'TR_District_AuthHierarchy_Insert STATEMENT INSERT new_rows',
      'TR_District_AuthHierarchy_Update STATEMENT UPDATE old_rows new_rows',
    ]);
  });

  it('write the document journal', () => {
    expect(triggersOf('pgsql', 'Document')).toEqual([
      'TR_Document_Journal_Insert STATEMENT INSERT new_rows',
      'TR_Document_Journal_Update STATEMENT UPDATE old_rows new_rows',
    ]);
  });
});

describe('triggers on SQL Server', () => {
  it('are one per entry and cover all its events', () => {
    expect(triggersOf('mssql', 'School')).toEqual([
      'TR_School_AbstractIdentity STATEMENT INSERT+UPDATE',
      'TR_School_AuthHierarchy_Delete STATEMENT DELETE',
      'TR_School_AuthHierarchy_Insert STATEMENT INSERT',
      'TR_School_AuthHierarchy_Update STATEMENT UPDATE',
      'TR_School_ReferentialIdentity STATEMENT INSERT+UPDATE',
      'TR_School_Stamp STATEMENT UPDATE+DELETE',
    ]);
    expect(triggersOf('mssql', 'SchoolRoom')).toEqual(['TR_SchoolRoom_Stamp STATEMENT INSERT+UPDATE+DELETE']);
    expect(triggersOf('mssql', 'Document')).toEqual(['TR_Document_Journal STATEMENT INSERT+UPDATE']);
  });

  it('handle updates of an organization without parents with the trigger for inserts', () => {
    expect(triggersOf('mssql', 'District').filter((text) => text.includes('Hierarchy'))).toEqual([
      'TR_District_AuthHierarchy_Delete STATEMENT DELETE',
      'TR_District_AuthHierarchy_Insert STATEMENT INSERT+UPDATE',
    ]);
  });
});
