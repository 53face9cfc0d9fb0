import type { Connection } from '@dms/databases';
import { type JsonValue, toJsonValue } from '@dms/values';
import type { DocumentStore } from '../src/index.ts';
import { named, seedDescriptors } from './bench.ts';

export const fall = 'uri://sample.org/TermDescriptor#Fall';
export const maths = 'uri://sample.org/SubjectDescriptor#Maths';

export const school = { schoolId: 100, schoolName: 'North' };
export const staff = { staffUniqueId: 's1', familyName: 'Ng', givenName: 'Ada', isActive: true };
export const course = {
  courseCode: 'M1',
  courseTitle: 'Maths',
  subjectDescriptor: maths,
  educationOrganizationReference: { educationOrganizationId: 100 },
};
export const session = {
  schoolReference: { schoolId: 100 },
  schoolYearTypeReference: { schoolYear: 2030 },
  sessionName: 'A',
  termDescriptor: fall,
  beginsOn: '2029-08-20',
  endsOn: '2030-01-20',
};
const sessionReference = { schoolId: 100, schoolYear: 2030, sessionName: 'A', termDescriptor: fall };
export const offering = {
  localCourseCode: 'M1a',
  courseReference: { courseCode: 'M1', educationOrganizationId: 100 },
  schoolReference: { schoolId: 100 },
  sessionReference,
};
export const period = (classPeriodName: string) => ({ classPeriodName, schoolReference: { schoolId: 100 } });
export const section = {
  sectionIdentifier: '1',
  courseOfferingReference: { localCourseCode: 'M1a', ...sessionReference },
  classPeriods: [{ classPeriodReference: { classPeriodName: 'first', schoolId: 100 } }],
};

/** Documents by label, targets first. */
export const campusDocuments: readonly (readonly [label: string, document: object])[] = [
  ['Campus:SchoolYearType', { schoolYear: 2030, schoolYearDescription: '2029-2030', currentSchoolYear: true }],
  ['Campus:School', school],
  ['Campus:Course', course],
  ['Campus:Session', session],
  ['Campus:CourseOffering', offering],
  ['Campus:ClassPeriod', period('first')],
  ['Campus:Section', section],
];

export const plain = (document: object): JsonValue => toJsonValue(document);

/** Writes all of them with their descriptors. */
export async function fillCampus(connection: Connection, store: DocumentStore): Promise<void> {
  await seedDescriptors(connection, store.plans, [
    { resource: 'Campus:TermDescriptor', uri: fall },
    { resource: 'Campus:SubjectDescriptor', uri: maths },
  ]);
  for (const [label, document] of campusDocuments) await store.upsert(named(label), plain(document));
}
