import { readFileSync } from 'node:fs';
import { documentPlans } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import { breakingRelease, modelOf, modelV2 } from '@dms/testing';
import { canonicalText, type JsonObject, parseJson } from '@dms/values';
import { expect, it } from 'vitest';
import { outcomeOf } from '../test/translated.ts';
import { compileTranslation, type SetPlaces, setPlaces } from './index.ts';

/*
 * The miniature breaking release changes the same things as 6.0 of the data standard, and its translation is complete.
 */

const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const generations = { v1: modelOf, v2: modelV2 } as const;
const places = (version: keyof typeof generations, files: readonly string[]): SetPlaces =>
  setPlaces(documentPlans(compileMappingSet(generations[version](files.map(json)))));

const compiled = (version: keyof typeof generations, rules: Record<string, unknown>) =>
  compileTranslation([rules], places(version, breakingRelease.before), places(version, breakingRelease.after));

const document = (resource: string, members: object) => ({
  resource,
  uuid: null,
  document: parseJson(JSON.stringify(members), resource) as JsonObject,
});

const namespace = 'uri://ed-fi.org';
const uri = (descriptor: string, code: string) => `${namespace}/${descriptor}Descriptor#${code}`;
const descriptor = (project: string, name: string, code: string) =>
  document(`${project}:${name}Descriptor`, {
    namespace: `${namespace}/${name}Descriptor`,
    codeValue: code,
    shortDescription: code,
  });

const edFiDescriptors: [string, string][] = [
  ['GradeLevel', 'Ninth'],
  ['IdentificationSystem', 'State'],
  ['AcademicSubject', 'Reading'],
  ['AcademicSubject', 'Writing'],
  ['Sex', 'Female'],
  ['Race', 'Other'],
  ['AddressType', 'Home'],
];
const descriptors = edFiDescriptors.map(([name, code]) => descriptor('Ed-Fi', name, code));
const grades = [{ gradeLevelDescriptor: uri('GradeLevel', 'Ninth') }];
const ofSchool = { educationOrganizationReference: { educationOrganizationId: 7 } };
const ofStudent = { studentReference: { studentUniqueId: '1' } };
const student = { studentUniqueId: '1', firstName: 'Ada', lastSurname: 'Low', birthDate: '2010-01-02' };
const year = { schoolYear: 2026, currentSchoolYear: true, schoolYearDescription: '2025-2026' };
const addresses = [{ addressTypeDescriptor: uri('AddressType', 'Home'), streetNumberName: '1 Main St', city: 'Ames' }];
const codes = [{ identificationSystemDescriptor: uri('IdentificationSystem', 'State'), identificationCode: 'S7' }];
const about = { sexDescriptor: uri('Sex', 'Female'), races: [{ raceDescriptor: uri('Race', 'Other') }] };
const subjects = ['Reading', 'Writing'].map((code) => ({ academicSubjectDescriptor: uri('AcademicSubject', code) }));
const assessment = { assessmentIdentifier: 'a', namespace, assessmentTitle: 'A' };
const studentAssessment = {
  studentAssessmentIdentifier: 'x',
  assessmentReference: { assessmentIdentifier: 'a', namespace },
  ...ofStudent,
};
const program = { ...ofSchool, programName: 'Teachers' };
const candidate = { candidateIdentifier: 'c', firstName: 'Bo', lastSurname: 'Ek', tuitionCost: 12.5 };
const toProgram = { educationOrganizationId: 7, programName: 'Teachers' };

const before = [
  ...descriptors,
  descriptor('Preparation', 'CohortKind', 'Evening'),
  descriptor('Ed-Fi', 'ContactType', 'Parent'),
  document('Ed-Fi:SchoolYearType', year),
  document('Ed-Fi:School', {
    schoolId: 7,
    nameOfInstitution: 'Seven',
    gradeLevels: grades,
    identificationCodes: codes,
    _ext: {
      preparation: {
        trainsTeachers: true,
        cohorts: [{ cohortName: 'one', cohortKindDescriptor: uri('CohortKind', 'Evening') }],
      },
    },
  }),
  document('Ed-Fi:Student', student),
  document('Ed-Fi:StudentEducationOrganizationAssociation', {
    ...ofStudent,
    ...ofSchool,
    loginId: 'ada',
    ...about,
    addresses,
  }),
  document('Ed-Fi:Assessment', { ...assessment, academicSubjects: subjects }),
  document('Ed-Fi:StudentAssessment', { ...studentAssessment, administrationDate: '2025-07-01' }),
  document('Preparation:PreparationProgram', program),
  document('Preparation:Candidate', {
    ...candidate,
    economicDisadvantaged: true,
    preparationProgramReference: toProgram,
  }),
];

const after = [
  ...descriptors,
  descriptor('Ed-Fi', 'CohortKind', 'Evening'),
  descriptor('Ed-Fi', 'EconomicDisadvantage', 'Yes'),
  document('Ed-Fi:SchoolYearType', year),
  document('Ed-Fi:School', {
    schoolId: 7,
    nameOfInstitution: 'Seven',
    gradeLevels: grades,
    trainsTeachers: true,
    cohorts: [{ cohortName: 'one', cohortKindDescriptor: uri('CohortKind', 'Evening') }],
  }),
  document('Ed-Fi:EducationOrganizationIdentificationCode', { ...ofSchool, ...codes[0] }),
  document('Ed-Fi:Student', student),
  document('Ed-Fi:StudentEducationOrganizationAssociation', { ...ofStudent, ...ofSchool, loginId: 'ada' }),
  document('Ed-Fi:StudentDemographic', { ...ofStudent, ...ofSchool, ...about }),
  document('Ed-Fi:StudentDirectory', { ...ofStudent, ...ofSchool, addresses }),
  document('Ed-Fi:Assessment', { ...assessment, ...subjects[0] }),
  document('Ed-Fi:StudentAssessment', {
    ...studentAssessment,
    administrationDate: '2025-07-01',
    schoolYearTypeReference: { schoolYear: 2026 },
  }),
  document('Ed-Fi:EducatorPreparationProgram', program),
  document('Ed-Fi:Candidate', {
    ...candidate,
    economicDisadvantageDescriptor: uri('EconomicDisadvantage', 'Yes'),
    educatorPreparationProgramReference: toProgram,
  }),
];

const texts = (documents: readonly { readonly resource: string; readonly document: JsonObject }[]) =>
  documents.map((each) => `${each.resource} ${canonicalText(each.document)}`).sort();

it.each(['v1', 'v2'] as const)('carries a document of each kind to its later place, in %s', async (version) => {
  const { translation, problems } = compiled(version, json(breakingRelease.translation));
  expect(problems).toEqual([]);
  if (!translation) throw new Error('the translation is not complete');
  const { rejects, documents } = await outcomeOf(translation, before);
  expect(rejects).toEqual([]);
  expect(texts(documents)).toEqual(texts(after));
});

it('cannot be carried by names alone', () => {
  const { before: from, after: to } = json(breakingRelease.translation);
  const { problems } = compiled('v1', { before: from, after: to });
  expect(problems.map(({ code, place }) => `${code} ${place}`).sort()).toMatchInlineSnapshot(`
    [
      "TRANSLATION_INCOMPLETE Ed-Fi:Assessment.$.academicSubjects[*]",
      "TRANSLATION_INCOMPLETE Ed-Fi:ContactTypeDescriptor",
      "TRANSLATION_INCOMPLETE Ed-Fi:School.$._ext.preparation.cohorts[*]",
      "TRANSLATION_INCOMPLETE Ed-Fi:School.$._ext.preparation.trainsTeachers",
      "TRANSLATION_INCOMPLETE Ed-Fi:School.$.identificationCodes[*]",
      "TRANSLATION_INCOMPLETE Ed-Fi:StudentEducationOrganizationAssociation.$.addresses[*]",
      "TRANSLATION_INCOMPLETE Ed-Fi:StudentEducationOrganizationAssociation.$.hispanicLatinoEthnicity",
      "TRANSLATION_INCOMPLETE Ed-Fi:StudentEducationOrganizationAssociation.$.languages[*]",
      "TRANSLATION_INCOMPLETE Ed-Fi:StudentEducationOrganizationAssociation.$.races[*]",
      "TRANSLATION_INCOMPLETE Ed-Fi:StudentEducationOrganizationAssociation.$.sexDescriptor",
      "TRANSLATION_INCOMPLETE Preparation:Candidate",
      "TRANSLATION_INCOMPLETE Preparation:CertificationRouteDescriptor",
      "TRANSLATION_INCOMPLETE Preparation:CohortKindDescriptor",
      "TRANSLATION_INCOMPLETE Preparation:PreparationProgram",
    ]
  `);
});
