import { hasSharedData, once } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { explored } from '../test/compiled-set.ts';
import { standard } from '../test/test-sets.ts';
import { lookUp } from './model-lookup.ts';
import { odsAddress } from './ods-lookup.ts';
import { searchEntries } from './search/search-entries.ts';

describe.skipIf(!hasSharedData)('the ODS tables of the standard 5.2 (needs the shared data)', () => {
  const lookup = once(() => lookUp(explored('pgsql', standard())));
  const ods = () => {
    const found = lookup().ods;
    if (!found) throw new Error('no mapping');
    return found;
  };
  const namesOf = (label: string) =>
    ods()
      .tablesOf(label)
      .map(({ table }) => table.name);
  const placesOf = (label: string, path: string) =>
    ods()
      .placesOf(label, path)
      .map(({ table, column }) => odsAddress(table, column));

  it('are shown with the resource whose documents fill them', () => {
    expect(namesOf('Ed-Fi:StudentSchoolAssociation')).toEqual([
      'StudentSchoolAssociation',
      'StudentSchoolAssociationAlternativeGraduationPlan',
      'StudentSchoolAssociationEducationPlan',
    ]);
    expect(namesOf('Ed-Fi:School')).toContain('EducationOrganizationAddress');
    expect(namesOf('Ed-Fi:School')).toContain('SchoolGradeLevel');
    expect(namesOf('Ed-Fi:EducationOrganization')).toContain('EducationOrganizationAddress');
    expect(namesOf('Ed-Fi:EducationOrganization')).not.toContain('SchoolGradeLevel');
    expect(namesOf('Ed-Fi:GradeLevelDescriptor')).toEqual(['GradeLevelDescriptor']);
  });

  it('have a column for a path, in the table nearest to it', () => {
    const ofStudent = placesOf('Ed-Fi:StudentSchoolAssociation', '$.studentReference.studentUniqueId');
    expect(ofStudent).toEqual(['edfi.StudentSchoolAssociation.StudentUSI']);
    expect(placesOf('Ed-Fi:School', '$.gradeLevels[*].gradeLevelDescriptor')).toEqual([
      'edfi.SchoolGradeLevel.GradeLevelDescriptorId',
    ]);
    expect(placesOf('Ed-Fi:School', '$.schoolId')).toEqual([
      'edfi.EducationOrganization.EducationOrganizationId',
      'edfi.School.SchoolId',
    ]);
    expect(placesOf('Ed-Fi:School', '$.nothing')).toEqual([]);
  });

  it('are all shown with a resource, but for the one of all descriptors', () => {
    const labels = new Set(lookup().resources.map(({ label }) => label));
    const lost = ods().tables.filter((table) => !labels.has(ods().ownerOf(table) ?? ''));
    expect(ods().tables).toHaveLength(613);
    expect(lost.map(({ name }) => name)).toEqual(['Descriptor']);
  });

  it('are found by their names, and so are their columns', () => {
    const entries = searchEntries(lookup(), new Map()).filter(
      ({ kind }) => kind === 'odsTable' || kind === 'odsColumn',
    );
    expect(entries.filter(({ kind }) => kind === 'odsTable')).toHaveLength(613);
    expect(entries.find(({ qualified }) => qualified === 'edfi.StudentSchoolAssociation')).toMatchObject({
      name: 'StudentSchoolAssociation',
      context: 'Ed-Fi:StudentSchoolAssociation',
      href: '/resource/Ed-Fi/StudentSchoolAssociation?path=edfi.StudentSchoolAssociation',
    });
    expect(entries.find(({ qualified }) => qualified === 'edfi.Descriptor')?.href).toBe('/table/dms/Descriptor');
    const inSection = entries.filter(
      ({ kind, context }) => kind === 'odsColumn' && context === 'edfi.SchoolGradeLevel',
    );
    expect(inSection.map(({ name }) => name)).toEqual(['SchoolId', 'GradeLevelDescriptorId']);
    // PostgreSQL cuts this name
    const cut = entries.filter(({ fullName }) => fullName !== null);
    expect(cut).toHaveLength(15);
    expect(
      cut.every(({ name, fullName }) => name.length === 63 && (fullName ?? '').startsWith(name.slice(0, 56))),
    ).toBe(true);
  });
});
