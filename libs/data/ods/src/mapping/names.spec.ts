import { expect, it } from 'vitest';
import { collapsed, pgsqlNameOf, singulars, withoutEnding } from './names.ts';

it('leaves out what a name already ends with, in the same letter case', () => {
  expect(collapsed(['School', 'SchoolCategory'])).toBe('SchoolCategory');
  expect(collapsed(['Student', 'StudentUSI'])).toBe('StudentUSI');
  expect(collapsed(['Program', 'ProgramName'])).toBe('ProgramName');
  expect(collapsed(['GraduationPlan', 'GraduationSchoolYear'])).toBe('GraduationPlanGraduationSchoolYear');
  expect(collapsed(['Section', 'sectionName'])).toBe('SectionsectionName');
  expect(collapsed([])).toBe('');
});

it('cuts a long name for PostgreSQL, with the hash of all parts', () => {
  const parts = ['StudentEducationOrganizationAssociation', 'StudentCharacteristic', 'Period'];
  expect(pgsqlNameOf(collapsed(parts), parts)).toBe('StudentEducationOrganizationAssociationStudentCharacteri_a18fcf');
  expect(pgsqlNameOf('A'.repeat(63), ['A'])).toBe('A'.repeat(63));
});

it('tries every singular of a word', () => {
  expect(singulars('categories')).toEqual(['categories', 'category', 'categori', 'categorie']);
  expect(singulars('diagnoses')).toContain('diagnosis');
  expect(singulars('data')).toContain('datum');
  expect(singulars('staff')).toEqual(['staff']);
});

it('cuts an ending in any letter case', () => {
  expect(withoutEnding('DerivativeSourceUri', 'URI')).toBe('DerivativeSource');
  expect(withoutEnding('Uri', 'URL')).toBeUndefined();
});
