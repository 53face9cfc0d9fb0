import { dialects } from '@dms/sql';
import {
  agency,
  build,
  classesOf,
  columnNames,
  columnOf,
  courseOffering,
  edFi,
  enrolment,
  equal,
  expectSameJson,
  keyed,
  languageDescriptor,
  ledger,
  modelOf,
  nothing,
  numbered,
  path,
  reportOf,
  room,
  school,
  sectionOfTwoClasses,
  tableOf,
  trip,
  twinSchool,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { assembled, draftBefore, draftResource, draftTable, passes } from '../../../test/drafts.ts';
import { columnLines } from '../../../test/model-text.ts';
import { unifyKeys } from './unify-keys.ts';

const { array, object, resource, string, uri } = build;

describe.each(dialects)('worked examples of design 04 §15 in %s', (dialect) => {
  describe('15.7 name collisions', () => {
    const marker = keyed('Marker', { mark: string(10) });

    it('inserts a hash of the paths where the plain name of the canonical column or of a flag is taken', () => {
      const model = modelOf([edFi([marker, trip])], dialect);
      expect(classesOf(model, 'edfi.Trip')).toEqual(['SchoolId_U14de39ba_Unified: A, B']);
      expect(columnLines(tableOf(model, 'edfi.Trip'))).toEqual([
        'DocumentId ParentKeyPart Int64 NOT NULL -',
        'A_Uf70d839d_Present Scalar Boolean NULL -',
        'B_Present Scalar Boolean NULL -',
        'SchoolId_U14de39ba_Unified Scalar Int32 NULL -',
        'A_DocumentId DocumentFk Int64 NULL $.otherMarkerReference',
        'A_Present Scalar String(10) NULL $.otherMarkerReference.mark',
        'SchoolId_DocumentId DocumentFk Int64 NULL $.markerReference',
        'SchoolId_Unified Scalar String(10) NULL $.markerReference.mark',
        'A Scalar Int32 NULL $.schoolId = SchoolId_U14de39ba_Unified where A_Uf70d839d_Present',
        'B Scalar Int32 NULL $.visitedSchoolId = SchoolId_U14de39ba_Unified where B_Present',
      ]);
    });

    it('counts from 2 where the names with the hash are taken too', () => {
      const draft = draftBefore(unifyKeys, [edFi([marker, trip])]);
      const root = draftTable(draft, 'Ed-Fi:Trip', '$');
      const taken = root.columns.get('A_Present')!;
      for (const name of ['SchoolId_U14de39ba_Unified', 'A_Uf70d839d_Present'])
        root.addColumn({ ...taken, name, sourcePath: path(`$.taken.${name}`) });
      unifyKeys(draft);
      for (const pass of passes.slice(passes.indexOf(unifyKeys) + 1)) pass(draft);
      const table = tableOf(assembled(draft, dialect), 'edfi.Trip');
      expect(table.keyUnificationClasses).toEqual([
        { canonicalColumn: 'SchoolId_U14de39ba_2_Unified', memberPathColumns: ['A', 'B'] },
      ]);
      expect(columnOf(table, 'A').storage).toEqual({
        kind: 'UnifiedAlias',
        canonicalColumn: 'SchoolId_U14de39ba_2_Unified',
        presenceColumn: 'A_Uf70d839d_2_Present',
      });
      expect(columnOf(table, 'B').storage).toMatchObject({ presenceColumn: 'B_Present' });
    });

    it('names two classes of one base token in the order of their first columns and lists them by name', () => {
      const documents = [edFi([school, room, numbered('Session', 'schoolId'), courseOffering, sectionOfTwoClasses])];
      const model = modelOf(documents, dialect);
      expect(classesOf(model, 'edfi.Section')).toEqual([
        'SchoolId_U35501e03_Unified: LocationLocation_SchoolId, LocationSchool_SchoolId',
        'SchoolId_Unified: CourseOffering_SchoolReferenceSchoolId, CourseOffering_SessionReferenceSchoolId',
      ]);
      expect(columnNames(tableOf(model, 'edfi.Section')).slice(0, 5)).toEqual([
        'DocumentId',
        'SchoolId_U35501e03_Unified',
        'SchoolId_Unified',
        'CourseOffering_DocumentId',
        'CourseOffering_LocalCourseCode',
      ]);
    });
  });

  it('15.8 all outcomes in one resource', () => {
    const model = modelOf([edFi([ledger])], dialect);
    expectSameJson(reportOf(model, 'Ed-Fi:Ledger'), {
      applied: [
        {
          endpoint_a_path: '$.fiscalYear',
          endpoint_b_path: '$.localFiscalYear',
          table: { schema: 'edfi', name: 'Ledger' },
          endpoint_a_column: 'FiscalYear',
          endpoint_b_column: 'LocalFiscalYear',
          canonical_column: 'FiscalYear_Unified',
        },
      ],
      redundant: [
        {
          endpoint_a_path: '$.fiscalYear',
          endpoint_b_path: '$.fiscalYear',
          binding: { table: { schema: 'edfi', name: 'Ledger' }, column: 'FiscalYear' },
        },
      ],
      ignored: [
        {
          endpoint_a_path: '$.fiscalYear',
          endpoint_b_path: '$.sections[*].fiscalYear',
          reason: 'cross_table',
          endpoint_a_binding: { table: { schema: 'edfi', name: 'Ledger' }, column: 'FiscalYear' },
          endpoint_b_binding: { table: { schema: 'edfi', name: 'LedgerSection' }, column: 'FiscalYear' },
        },
      ],
      ignored_by_reason: { cross_table: 1 },
      skipped: [
        { source_path: '$.nowhere', target_path: '$.fiscalYear', unresolved_endpoint: 'source' },
        { source_path: '$.x', target_path: '$.y', unresolved_endpoint: 'both' },
      ],
    });
  });

  describe('15.9 a constraint on a grouped field', () => {
    const documents = [edFi([twinSchool, agency, enrolment])];
    const expected = (model: ReturnType<typeof modelOf>) => {
      expect(classesOf(model, 'edfi.Enrolment')).toEqual([
        'LocalEducationAgencyId_Unified: LocalEducationAgency_LocalEducationAgencyId, School_LocalEducationAgencyId, School_SchoolId',
      ]);
      const entry = (column: string) => ({
        endpoint_a_path: '$.localEducationAgencyReference.localEducationAgencyId',
        endpoint_b_path: '$.schoolReference.educationOrganizationId',
        table: { schema: 'edfi', name: 'Enrolment' },
        endpoint_a_column: 'LocalEducationAgency_LocalEducationAgencyId',
        endpoint_b_column: column,
        canonical_column: 'LocalEducationAgencyId_Unified',
      });
      expectSameJson(reportOf(model, 'Ed-Fi:Enrolment'), {
        ...nothing,
        applied: [entry('School_LocalEducationAgencyId'), entry('School_SchoolId')],
      });
    };

    it('unifies both columns of the field and reports an applied entry for each', () => {
      expected(modelOf(documents, dialect));
    });

    it('is not ambiguous when the metadata lists the same reference binding twice', () => {
      const draft = draftBefore(unifyKeys, documents);
      const { bindings } = draftResource(draft, 'Ed-Fi:Enrolment');
      const twice = bindings.find(({ mappingKey }) => mappingKey === 'School')!;
      bindings.push({ ...twice, identityBindings: [...twice.identityBindings].reverse() });
      unifyKeys(draft);
      bindings.pop();
      for (const pass of passes.slice(passes.indexOf(unifyKeys) + 1)) pass(draft);
      expected(assembled(draft, dialect));
    });
  });

  it('15.10 an array element as member takes its token from the array', () => {
    const program = resource('Program', {
      documentPathsMapping: {
        Language: build.descriptorPath('Ed-Fi:LanguageDescriptor', '$.languageDescriptors[*]'),
      },
      equalityConstraints: [equal('$.languageDescriptors[*]', '$.languageDescriptors[*].other')],
      jsonSchemaForInsert: object({ languageDescriptors: array(uri()) }),
    });
    const draft = draftBefore(unifyKeys, [edFi([languageDescriptor, program])]);
    const table = draftTable(draft, 'Ed-Fi:Program', '$.languageDescriptors[*]');
    const element = table.columns.get('LanguageDescriptor_DescriptorId')!;
    table.addColumn({
      ...element,
      name: 'Other_DescriptorId',
      isNullable: true,
      sourcePath: path('$.languageDescriptors[*].other'),
    });
    for (const pass of passes.slice(passes.indexOf(unifyKeys))) pass(draft);
    const model = assembled(draft, dialect);
    expect(columnLines(tableOf(model, 'edfi.ProgramLanguageDescriptor'))).toEqual([
      'Program_DocumentId ParentKeyPart Int64 NOT NULL -',
      'Ordinal Ordinal Int32 NOT NULL -',
      'LanguageDescriptor_Unified_DescriptorId DescriptorFk Int64 NOT NULL -',
      'Other_DescriptorId_Present Scalar Boolean NULL -',
      'LanguageDescriptor_DescriptorId DescriptorFk Int64 NOT NULL $.languageDescriptors[*] = LanguageDescriptor_Unified_DescriptorId',
      'Other_DescriptorId DescriptorFk Int64 NULL $.languageDescriptors[*].other = LanguageDescriptor_Unified_DescriptorId where Other_DescriptorId_Present',
    ]);
    expect(classesOf(model, 'edfi.ProgramLanguageDescriptor')).toEqual([
      'LanguageDescriptor_Unified_DescriptorId: LanguageDescriptor_DescriptorId, Other_DescriptorId',
    ]);
  });
});
