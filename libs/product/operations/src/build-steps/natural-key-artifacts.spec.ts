import { dialects, type SqlDialect } from '@dms/sql';
import { ownSchemaFile, ownSchemasV2 } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { filesIn, scratchFolders } from '../../test/scratch-folder.ts';
import {
  catalogFormat,
  ddlManifestFormat,
  manifestFormat,
  modelFormat,
} from '../incremental-build/artifact-formats.ts';
import { folderStore } from '../incremental-build/stores.ts';
import { emitArtifacts } from './emit-artifacts.ts';

/* The artifacts of v2-natural, compared with those of v2 (design 22 §1, §2). */

const scratchFolder = scratchFolders();
const folders = { v2: scratchFolder(), 'v2-natural': scratchFolder() };
let files: Readonly<Record<keyof typeof folders, Readonly<Record<string, string>>>>;

beforeAll(async () => {
  const schemas = ownSchemasV2.map(ownSchemaFile);
  for (const mappingVersion of ['v2', 'v2-natural'] as const)
    await emitArtifacts({ schemas, mappingVersion, dialects, outputDirectory: folders[mappingVersion] });
  files = { v2: filesIn(folders.v2), 'v2-natural': filesIn(folders['v2-natural']) };
});

const hasMember = (value: unknown, name: string, expected: readonly unknown[]) =>
  typeof value === 'object' && value !== null && expected.includes((value as Record<string, unknown>)[name]);

/** A JSON file without the members and the entries of lists that the functions choose. */
function parsed(
  text: string | undefined,
  isEntryGone: (value: unknown) => boolean,
  isMemberGone: (name: string, value: unknown) => boolean = () => false,
): unknown {
  return JSON.parse(text ?? '', (name, value) => {
    if (Array.isArray(value)) return value.filter((each) => !isEntryGone(each));
    return isMemberGone(name, value) ? undefined : value;
  });
}

/** Written from the rules: the texts of natural keys and of the identities of items, and their copies in references. */
const identityTexts = [
  'Calendar.CalendarCode',
  'Contact.ContactUniqueId',
  'CourseOffering.LocalCourseCode',
  'CourseOffering.Session_SessionName',
  'LocalEducationAgencyAddress.City',
  'LocalEducationAgencyAddress.StreetNumberName',
  'SchoolAddress.City',
  'SchoolAddress.StreetNumberName',
  'Section.CourseOffering_LocalCourseCode',
  'Section.CourseOffering_SessionName',
  'Section.SectionIdentifier',
  'Session.SessionName',
  'Staff.StaffUniqueId',
  'StaffEducationOrganizationAssignmentAssociation.Staff_StaffUniqueId',
  'StaffEducationOrganizationEmploymentAssociation.Staff_StaffUniqueId',
  'Student.StudentUniqueId',
  'StudentContactAssociation.Contact_ContactUniqueId',
  'StudentContactAssociation.Student_StudentUniqueId',
  'StudentEducationOrganizationResponsibilityAssociation.Student_StudentUniqueId',
  'StudentSchoolAssociation.Calendar_CalendarCode',
  'StudentSchoolAssociation.Student_StudentUniqueId',
  'StudentSectionAttendanceEvent.Section_LocalCourseCode',
  'StudentSectionAttendanceEvent.Section_SectionIdentifier',
  'StudentSectionAttendanceEvent.Section_SessionName',
  'StudentSectionAttendanceEvent.Student_StudentUniqueId',
  'Survey.Namespace',
  'Survey.Session_SessionName',
  'Survey.SurveyIdentifier',
  'Bus.BusId',
  'SchoolExtensionBusStop.BusStopBus_BusId',
  'SchoolExtensionBusStop.StopName',
  'SchoolExtensionBusStopDeparture.DepartsAt',
  'StudentBusRide.Bus_BusId',
  'StudentBusRide.StudentSchoolAssociation_StudentUniqueId',
].sort();

describe('artifacts of v2-natural', () => {
  it('are the files of v2, and those without facts of the generation are equal', () => {
    expect(Object.keys(files['v2-natural'])).toEqual(Object.keys(files.v2));
    expect(Object.keys(files.v2).filter((name) => files.v2[name] === files['v2-natural'][name])).toEqual([
      'document-schemas.json',
      'effective-schema.manifest.json',
      'mappingset.manifest.json',
      'ods-mapping.json',
    ]);
  });

  describe.each(dialects)('for %s', (dialect: SqlDialect) => {
    it('have a manifest of the model that differs only as the service expects', () => {
      const name = `relational-model.${dialect}.manifest.json`;
      const before = parsed(
        files.v2[name],
        (value) =>
          hasMember(value, 'kind', ['ReferentialIdentityMaintenance']) ||
          hasMember(value, 'name', ['IX_Descriptor_Discriminator_ContentVersion']),
      );
      const added: unknown[] = [];
      const collations: unknown[] = [];
      const text = (files['v2-natural'][name] ?? '')
        .replaceAll(/"DocumentId",\s*"ResourceKeyId"\s*\]/g, '"DocumentId"]')
        .replace('FK_EducationOrganizationIdentity_DocumentResourceKey', 'FK_EducationOrganizationIdentity_Document');
      const after = parsed(
        text,
        (value) => {
          const isAdded =
            hasMember(value, 'kind', ['ResourceKeyId', 'SmallintLiteral']) ||
            hasMember(value, 'column_name', ['ResourceKeyId']);
          if (isAdded) added.push(value);
          return isAdded;
        },
        (member, value) => {
          if (member === 'resource_key_id_value') added.push(value);
          if (member === 'uses_sql_server_identity_collation') collations.push(value);
          return member === 'resource_key_id_value' || member === 'uses_sql_server_identity_collation';
        },
      );
      expect(after).toEqual(before);
      expect(collations).toEqual(dialect === 'mssql' ? identityTexts.map(() => true) : []);
      const column = { type: null, source_path: null };
      // the resource keys are 9 LocalEducationAgency, 11 School
      expect(added).toEqual([
        { name: 'ResourceKeyId', kind: 'ResourceKeyId', is_nullable: false, storage: { kind: 'Stored' }, ...column },
        { column_name: 'ResourceKeyId', target_resource: null, ...column },
        { kind: 'SmallintLiteral', value: 9 },
        { kind: 'SmallintLiteral', value: 11 },
        9,
        11,
      ]);
    });

    it('have a script without referential ids, in which identity texts have a collation on SQL Server', () => {
      const script = files['v2-natural'][`${dialect}.sql`] ?? '';
      expect(files.v2[`${dialect}.sql`]).toMatch(/\.[["]ReferentialIdentity[\]"]/);
      for (const name of ['pgcrypto', 'uuidv5', 'UniqueIdentifierTable']) expect(script).not.toContain(name);
      const collated = [...script.matchAll(/CREATE TABLE \[(\w+)\]\.\[(\w+)\][\s\S]*?\n\)/g)].flatMap(
        ([text, schema = '', table = '']) =>
          [...text.matchAll(/\n *\[(\w+)\] nvarchar\(\d+\) COLLATE SQL_Latin1_General_CP1_CI_AS /g)].map(
            ([, column = '']) => ({ schema, name: `${table}.${column}` }),
          ),
      );
      const of = (isChosen: (schema: string) => boolean) =>
        collated.filter(({ schema }) => isChosen(schema)).map(({ name }) => name);
      const tracked = (schema: string) => schema.startsWith('tracked_changes_');
      if (dialect === 'pgsql') expect(script).not.toContain('SQL_Latin1_General');
      else {
        expect(of((schema) => schema === 'dms')).toEqual([
          'Descriptor.Namespace',
          'Descriptor.CodeValue',
          'Descriptor.Uri',
        ]);
        expect(of((schema) => schema !== 'dms' && !tracked(schema)).sort()).toEqual(identityTexts);
        expect(of(tracked)).toEqual(
          expect.arrayContaining(['Student.OldStudentUniqueId', 'Student.NewStudentUniqueId']),
        );
      }
    });

    it('are read back as v2-natural', async () => {
      const store = folderStore(folders['v2-natural']);
      expect((await store.read(manifestFormat)).fingerprintVersion).toBe('v2');
      const model = await store.read(modelFormat, dialect);
      expect(model.effectiveSchema.relationalMappingVersion).toBe('v2-natural');
      expect((await store.read(catalogFormat, dialect)).mappingVersion).toBe('v2-natural');
      expect((await store.read(ddlManifestFormat)).relationalMappingVersion).toBe('v2-natural');
      const marked = [...model.resources.flatMap((each) => each.tablesInDependencyOrder)].flatMap(
        ({ table, columns }) =>
          columns.filter(({ identityText }) => identityText).map(({ name }) => `${table.name}.${name}`),
      );
      expect(marked).toEqual(expect.arrayContaining(identityTexts));
    });
  });
});
