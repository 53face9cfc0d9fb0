/** Documents of a district, in realistic proportions, which the benchmark `reporting` reads through views. */

/** A document of the core of the data standard, and its resource. */
export interface DistrictDocument {
  readonly resource: string;
  readonly document: Readonly<Record<string, unknown>>;
}

const year = 2026;
const schools = 20;
const lea = 255;

const times = (count: number) => Array.from({ length: count }, (_, index) => index);

const values = {
  EducationOrganizationCategoryDescriptor: ['School', 'Local Education Agency'],
  LocalEducationAgencyCategoryDescriptor: ['Independent'],
  GradeLevelDescriptor: times(12).map((index) => `Grade ${index + 1}`),
  TermDescriptor: ['Fall Semester', 'Spring Semester'],
  CourseIdentificationSystemDescriptor: ['LEA course code'],
  AttendanceEventCategoryDescriptor: ['In Attendance', 'Excused Absence', 'Unexcused Absence', 'Tardy'],
  GradingPeriodDescriptor: ['First Six Weeks', 'Second Six Weeks'],
  GradeTypeDescriptor: ['Grading Period', 'Semester'],
  RaceDescriptor: ['Asian', 'Black', 'White', 'Native'],
  ProgramTypeDescriptor: ['Athletics', 'Career', 'Special Education'],
  AcademicSubjectDescriptor: ['Mathematics', 'Reading'],
  AssessmentReportingMethodDescriptor: ['Raw score', 'Scale score', 'Percentile'],
  ResultDatatypeTypeDescriptor: ['Integer'],
} as const;

type DistrictDescriptor = keyof typeof values;

const uri = (descriptor: DistrictDescriptor, index: number) =>
  `uri://ed-fi.org/${descriptor}#${values[descriptor][index % values[descriptor].length]}`;

const assessments = 4;

const assessment = (index: number) => ({
  assessmentIdentifier: `a${index % assessments}`,
  namespace: 'uri://ed-fi.org/Assessment',
});

const day = (offset: number) => new Date(Date.UTC(year - 1, 7, 15 + offset)).toISOString().slice(0, 10);

const schoolId = (index: number) => lea * 1000 + (index % schools) + 1;
const studentId = (index: number) => `s${index}`;
const sessionName = (term: number) => values.TermDescriptor[term % 2] as string;

function descriptors(): DistrictDocument[] {
  return Object.entries(values).flatMap(([name, codes]) =>
    codes.map((codeValue) => ({
      resource: `Ed-Fi:${name}`,
      document: { namespace: `uri://ed-fi.org/${name}`, codeValue, shortDescription: codeValue },
    })),
  );
}

const of = (name: string, document: DistrictDocument['document']): DistrictDocument => ({
  resource: `Ed-Fi:${name}`,
  document,
});

const term = (school: number, index: number) => ({
  schoolId: schoolId(school),
  schoolYear: year,
  sessionName: sessionName(index),
});

/** A section; sections are numbered across all schools, and each belongs to one term. */
const section = (index: number) => ({
  localCourseCode: `c${Math.floor(index / schools) % 40}`,
  ...term(index, Math.floor(index / schools)),
  sectionIdentifier: `x${index}`,
});

function organization(): DistrictDocument[] {
  const named = (index: number) => `School ${index + 1}`;
  return [
    of('SchoolYearType', { schoolYear: year, currentSchoolYear: true, schoolYearDescription: `${year - 1}-${year}` }),
    of('LocalEducationAgency', {
      localEducationAgencyId: lea,
      nameOfInstitution: 'District',
      localEducationAgencyCategoryDescriptor: uri('LocalEducationAgencyCategoryDescriptor', 0),
      categories: [{ educationOrganizationCategoryDescriptor: uri('EducationOrganizationCategoryDescriptor', 1) }],
    }),
    ...times(schools).map((index) =>
      of('School', {
        schoolId: schoolId(index),
        nameOfInstitution: named(index),
        localEducationAgencyReference: { localEducationAgencyId: lea },
        educationOrganizationCategories: [
          { educationOrganizationCategoryDescriptor: uri('EducationOrganizationCategoryDescriptor', 0) },
        ],
        gradeLevels: times(4).map((level) => ({ gradeLevelDescriptor: uri('GradeLevelDescriptor', level) })),
      }),
    ),
    ...times(schools * 2).map((index) =>
      of('Session', {
        beginDate: day(0),
        endDate: day(180),
        sessionName: sessionName(index),
        totalInstructionalDays: 90,
        schoolReference: { schoolId: schoolId(Math.floor(index / 2)) },
        schoolYearTypeReference: { schoolYear: year },
        termDescriptor: uri('TermDescriptor', index),
      }),
    ),
    ...times(schools * 2).map((index) =>
      of('GradingPeriod', {
        beginDate: day(0),
        endDate: day(40),
        gradingPeriodName: `Period ${index % 2}`,
        totalInstructionalDays: 30,
        schoolReference: { schoolId: schoolId(Math.floor(index / 2)) },
        schoolYearTypeReference: { schoolYear: year },
        gradingPeriodDescriptor: uri('GradingPeriodDescriptor', index),
      }),
    ),
    ...times(40).map((index) =>
      of('Course', {
        courseCode: `c${index}`,
        courseTitle: `Course ${index}`,
        numberOfParts: 1,
        educationOrganizationReference: { educationOrganizationId: lea },
        identificationCodes: [
          {
            identificationCode: `c${index}`,
            courseIdentificationSystemDescriptor: uri('CourseIdentificationSystemDescriptor', 0),
          },
        ],
      }),
    ),
    ...times(assessments).map((index) =>
      of('Assessment', {
        ...assessment(index),
        assessmentTitle: `Assessment ${index}`,
        academicSubjects: [{ academicSubjectDescriptor: uri('AcademicSubjectDescriptor', index) }],
      }),
    ),
    ...times(3).map((index) =>
      of('Program', {
        educationOrganizationReference: { educationOrganizationId: lea },
        programName: `Program ${index}`,
        programTypeDescriptor: uri('ProgramTypeDescriptor', index),
      }),
    ),
  ];
}

/** One course offering for each course, school and term that has a section. */
function offerings(sections: number): DistrictDocument[] {
  const distinct = new Map(
    times(sections).map((index) => {
      const { sectionIdentifier: _, ...offering } = section(index);
      return [JSON.stringify(offering), offering];
    }),
  );
  return [...distinct.values()].map(({ localCourseCode, ...session }) =>
    of('CourseOffering', {
      localCourseCode,
      schoolReference: { schoolId: session.schoolId },
      sessionReference: session,
      courseReference: { courseCode: localCourseCode, educationOrganizationId: lea },
    }),
  );
}

const studentSection = (index: number, students: number, sections: number) => ({
  ...section(index % sections),
  beginDate: day(0),
  studentUniqueId: studentId((index + Math.floor(index / sections)) % students),
});

const programs = [
  'StudentProgramAssociation',
  'StudentCTEProgramAssociation',
  'StudentSpecialEducationProgramAssociation',
];

/**
 * About `count` documents: a twelfth each are students and enrolments, a quarter each are sections of students, grades
 * and attendance events; a third of the students have taken an assessment.
 */
export function districtDocuments(count: number): DistrictDocument[] {
  const students = Math.floor(count / 12);
  const sections = Math.floor(count / 120);
  const reference = (index: number) => ({ studentUniqueId: studentId(index % students) });
  const courses = new Map<string, ReturnType<typeof studentSection>>();
  for (const index of times(Math.floor(count / 4))) {
    const value = studentSection(index, students, sections);
    courses.set(JSON.stringify(value), value);
  }
  const ofStudents = [...courses.values()];
  return [
    ...descriptors(),
    ...organization(),
    ...offerings(sections),
    ...times(sections).map((index) => {
      const { sectionIdentifier, ...offering } = section(index);
      return of('Section', { sectionIdentifier, courseOfferingReference: offering });
    }),
    ...times(students).map((index) =>
      of('Student', {
        studentUniqueId: studentId(index),
        firstName: `First ${index % 97}`,
        lastSurname: `Last ${index % 997}`,
        birthDate: '2010-05-04',
      }),
    ),
    ...times(students).map((index) =>
      of('StudentSchoolAssociation', {
        entryDate: day(0),
        entryGradeLevelDescriptor: uri('GradeLevelDescriptor', index),
        schoolReference: { schoolId: schoolId(index) },
        studentReference: reference(index),
      }),
    ),
    ...times(students).map((index) =>
      of('StudentEducationOrganizationAssociation', {
        educationOrganizationReference: { educationOrganizationId: lea },
        studentReference: reference(index),
        races: [{ raceDescriptor: uri('RaceDescriptor', index) }],
      }),
    ),
    ...times(Math.floor(students / 2)).map((index) =>
      of(programs[index % 3] ?? '', {
        beginDate: day(index % 30),
        educationOrganizationReference: { educationOrganizationId: schoolId(index) },
        programReference: {
          educationOrganizationId: lea,
          programName: `Program ${index % 3}`,
          programTypeDescriptor: uri('ProgramTypeDescriptor', index % 3),
        },
        studentReference: reference(index),
      }),
    ),
    ...times(Math.floor(students / 3)).map((index) =>
      of('StudentAssessment', {
        studentAssessmentIdentifier: `r${index}`,
        administrationDate: `${day(index % 30)}T09:00:00Z`,
        assessmentReference: assessment(index),
        studentReference: reference(index * 3),
        scoreResults: times(values.AssessmentReportingMethodDescriptor.length).map((method) => ({
          assessmentReportingMethodDescriptor: uri('AssessmentReportingMethodDescriptor', method),
          resultDatatypeTypeDescriptor: uri('ResultDatatypeTypeDescriptor', 0),
          result: String((index * 7 + method) % 100),
        })),
      }),
    ),
    ...ofStudents.map(({ studentUniqueId, beginDate, ...inSection }) =>
      of('StudentSectionAssociation', {
        beginDate,
        sectionReference: inSection,
        studentReference: { studentUniqueId },
      }),
    ),
    ...ofStudents.map((association, index) =>
      of('Grade', {
        gradeTypeDescriptor: uri('GradeTypeDescriptor', 0),
        letterGradeEarned: 'ABCD'[index % 4],
        numericGradeEarned: 60 + (index % 40),
        gradingPeriodReference: {
          gradingPeriodDescriptor: uri('GradingPeriodDescriptor', 0),
          gradingPeriodName: 'Period 0',
          schoolId: association.schoolId,
          schoolYear: year,
        },
        studentSectionAssociationReference: association,
      }),
    ),
    ...times(Math.floor(count / 4)).map((index) =>
      of('StudentSchoolAttendanceEvent', {
        eventDate: day(Math.floor(index / students) * 3),
        attendanceEventCategoryDescriptor: uri('AttendanceEventCategoryDescriptor', index),
        schoolReference: { schoolId: schoolId(index % students) },
        sessionReference: term(index % students, 0),
        studentReference: reference(index),
      }),
    ),
  ];
}
