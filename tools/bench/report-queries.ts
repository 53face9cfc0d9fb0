/*
 * Queries of analysts, as written for the tables of an ODS: from published reports and exports, our own, and from a
 * middle tier that builds dimensions and facts from an ODS.
 */

export const queryKinds = ['public', 'own', 'middle tier'] as const;

export type QueryKind = (typeof queryKinds)[number];

export interface ReportQuery {
  readonly kind: QueryKind;
  readonly name: string;
  readonly text: string;
}

const natural = (names: string, left: string, right: string) =>
  names
    .split(' ')
    .map((name) => `${left}.${name} = ${right}.${name}`)
    .join(' AND ');

const section = (left: string, right: string) =>
  natural('LocalCourseCode SchoolId SchoolYear SectionIdentifier SessionName', left, right);

const offering = (left: string, right: string) =>
  natural('LocalCourseCode SchoolId SchoolYear SessionName', left, right);

const assessment = (left: string, right: string) => natural('AssessmentIdentifier Namespace', left, right);

const assessed = (left: string, right: string) =>
  `${assessment(left, right)} AND ${natural('StudentAssessmentIdentifier StudentUSI', left, right)}`;

const student = `(SELECT StudentUSI FROM edfi.Student WHERE StudentUniqueId = 's77')`;

const publicQueries = {
  'students by school and grade': `SELECT o.NameOfInstitution, d.CodeValue, count(DISTINCT a.StudentUSI) FROM edfi.StudentSchoolAssociation a
JOIN edfi.EducationOrganization o ON o.EducationOrganizationId = a.SchoolId JOIN edfi.Descriptor d ON d.DescriptorId = a.EntryGradeLevelDescriptorId
WHERE a.ExitWithdrawDate IS NULL GROUP BY o.NameOfInstitution, d.CodeValue`,
  'absences by student': `SELECT s.StudentUniqueId, count(*) FROM edfi.StudentSchoolAttendanceEvent e JOIN edfi.Student s ON s.StudentUSI = e.StudentUSI
JOIN edfi.Descriptor d ON d.DescriptorId = e.AttendanceEventCategoryDescriptorId WHERE d.CodeValue IN ('Excused Absence', 'Unexcused Absence') GROUP BY s.StudentUniqueId HAVING count(*) > 1`,
  'rosters of a school': `SELECT x.SectionIdentifier, s.StudentUniqueId, s.FirstName, s.LastSurname, a.BeginDate FROM edfi.Section x
JOIN edfi.StudentSectionAssociation a ON ${section('a', 'x')} JOIN edfi.Student s ON s.StudentUSI = a.StudentUSI WHERE x.SchoolId = 255003`,
  'report cards of a school': `SELECT s.StudentUniqueId, g.LocalCourseCode, p.BeginDate, d.CodeValue, g.LetterGradeEarned FROM edfi.Grade g JOIN edfi.Student s ON s.StudentUSI = g.StudentUSI
JOIN edfi.GradingPeriod p ON p.GradingPeriodDescriptorId = g.GradingPeriodDescriptorId AND p.GradingPeriodName = g.GradingPeriodName AND p.SchoolId = g.SchoolId AND p.SchoolYear = g.GradingPeriodSchoolYear
JOIN edfi.Descriptor d ON d.DescriptorId = g.GradeTypeDescriptorId WHERE g.SchoolId = 255003`,
  'races of students': `SELECT s.StudentUniqueId, d.CodeValue FROM edfi.Student s JOIN edfi.StudentEducationOrganizationAssociation a ON a.StudentUSI = s.StudentUSI
LEFT JOIN edfi.StudentEducationOrganizationAssociationRace r ON r.EducationOrganizationId = a.EducationOrganizationId AND r.StudentUSI = a.StudentUSI
LEFT JOIN edfi.Descriptor d ON d.DescriptorId = r.RaceDescriptorId`,
  'participation in programs': `SELECT p.ProgramName, d.CodeValue, count(*) FROM edfi.GeneralStudentProgramAssociation a
JOIN edfi.Program p ON p.EducationOrganizationId = a.ProgramEducationOrganizationId AND p.ProgramName = a.ProgramName AND p.ProgramTypeDescriptorId = a.ProgramTypeDescriptorId
JOIN edfi.Descriptor d ON d.DescriptorId = p.ProgramTypeDescriptorId GROUP BY p.ProgramName, d.CodeValue`,
  'results of assessments': `SELECT a.AssessmentIdentifier, d.CodeValue, count(*), max(r.Result) FROM edfi.StudentAssessment a
JOIN edfi.StudentAssessmentScoreResult r ON ${assessed('r', 'a')} JOIN edfi.Descriptor d ON d.DescriptorId = r.AssessmentReportingMethodDescriptorId GROUP BY a.AssessmentIdentifier, d.CodeValue`,
  'assessments by school': `SELECT e.SchoolId, a.AssessmentIdentifier, count(*) FROM edfi.StudentAssessment a JOIN edfi.StudentSchoolAssociation e ON e.StudentUSI = a.StudentUSI
GROUP BY e.SchoolId, a.AssessmentIdentifier`,
  'organizations of enrolments': `SELECT o.EducationOrganizationId, o.NameOfInstitution, o.LastModifiedDate, count(*) FROM edfi.EducationOrganization o
JOIN edfi.StudentSchoolAssociation a ON a.SchoolId = o.EducationOrganizationId GROUP BY o.EducationOrganizationId, o.NameOfInstitution, o.LastModifiedDate`,
  'export of events': `SELECT * FROM edfi.StudentSchoolAttendanceEvent`,
  'export of events of a school': `SELECT * FROM edfi.StudentSchoolAttendanceEvent WHERE SchoolId = 255003`,
  'changed enrolments': `SELECT Id, StudentUSI, SchoolId, LastModifiedDate FROM edfi.StudentSchoolAssociation WHERE LastModifiedDate > '2020-01-01'`,
} as const;

const ownQueries = {
  'students by name': `SELECT FirstName, LastSurname FROM edfi.Student WHERE LastSurname LIKE 'Last 12%'`,
  'roll of a school': `SELECT StudentUSI, EntryDate, EntryGradeLevelDescriptorId FROM edfi.StudentSchoolAssociation WHERE SchoolId = 255003`,
  'grades of a student': `SELECT LocalCourseCode, LetterGradeEarned FROM edfi.Grade WHERE StudentUSI = ${student}`,
  'events of a student': `SELECT EventDate, AttendanceEventCategoryDescriptorId FROM edfi.StudentSchoolAttendanceEvent WHERE StudentUSI = ${student}`,
  'enrolment by school': `SELECT SchoolId, count(*) FROM edfi.StudentSchoolAssociation GROUP BY SchoolId`,
  'events by category': `SELECT AttendanceEventCategoryDescriptorId, count(*) FROM edfi.StudentSchoolAttendanceEvent GROUP BY AttendanceEventCategoryDescriptorId`,
  'events of a week by category': `SELECT AttendanceEventCategoryDescriptorId, count(*) FROM edfi.StudentSchoolAttendanceEvent WHERE EventDate BETWEEN '2025-08-15' AND '2025-08-20' GROUP BY AttendanceEventCategoryDescriptorId`,
  'grades by school': `SELECT SchoolId, count(*), avg(NumericGradeEarned) FROM edfi.Grade WHERE SchoolYear = 2026 GROUP BY SchoolId`,
  'students by section': `SELECT x.SectionIdentifier, count(*) FROM edfi.StudentSectionAssociation a JOIN edfi.Section x ON ${section('x', 'a')} GROUP BY x.SectionIdentifier`,
  'grades of a school by section': `SELECT x.SectionIdentifier, avg(g.NumericGradeEarned) FROM edfi.Grade g JOIN edfi.Section x ON ${section('x', 'g')} WHERE g.SchoolId = 255003 GROUP BY x.SectionIdentifier`,
  'grades by enrolment in a section': `SELECT a.SectionIdentifier, avg(g.NumericGradeEarned) FROM edfi.Grade g JOIN edfi.StudentSectionAssociation a ON ${section('a', 'g')} AND ${natural('BeginDate StudentUSI', 'a', 'g')} GROUP BY a.SectionIdentifier`,
  'schools with names': `SELECT o.NameOfInstitution, count(*) FROM edfi.EducationOrganization o JOIN edfi.StudentSchoolAssociation a ON a.SchoolId = o.EducationOrganizationId GROUP BY o.NameOfInstitution`,
  'students by program': `SELECT ProgramName, count(DISTINCT StudentUSI) FROM edfi.GeneralStudentProgramAssociation GROUP BY ProgramName`,
  'roster of a school': `SELECT s.StudentUniqueId, s.LastSurname, a.EntryDate FROM edfi.StudentSchoolAssociation a JOIN edfi.Student s ON s.StudentUSI = a.StudentUSI WHERE a.SchoolId = 255003`,
  'events by category, by name': `SELECT d.CodeValue, count(*) FROM edfi.StudentSchoolAttendanceEvent e JOIN edfi.Descriptor d ON d.DescriptorId = e.AttendanceEventCategoryDescriptorId GROUP BY d.CodeValue`,
} as const;

const middleTier = {
  schooldim: `SELECT s.SchoolId::text AS SchoolKey, o.NameOfInstitution, coalesce(t.CodeValue, '') AS SchoolType, coalesce(l.NameOfInstitution, '') AS LeaName, s.LocalEducationAgencyId,
GREATEST(o.LastModifiedDate, t.LastModifiedDate, l.LastModifiedDate) AS LastModifiedDate FROM edfi.School s
JOIN edfi.EducationOrganization o ON o.EducationOrganizationId = s.SchoolId LEFT JOIN edfi.Descriptor t ON t.DescriptorId = s.SchoolTypeDescriptorId
LEFT JOIN edfi.EducationOrganization l ON l.EducationOrganizationId = s.LocalEducationAgencyId`,
  leadim: `SELECT l.LocalEducationAgencyId::text AS LeaKey, o.NameOfInstitution, d.CodeValue, o.LastModifiedDate FROM edfi.LocalEducationAgency l
JOIN edfi.EducationOrganization o ON o.EducationOrganizationId = l.LocalEducationAgencyId JOIN edfi.Descriptor d ON d.DescriptorId = l.LocalEducationAgencyCategoryDescriptorId`,
  studentschooldim: `SELECT s.StudentUniqueId, a.SchoolId::text AS SchoolKey, s.FirstName, s.LastSurname, a.EntryDate, g.CodeValue AS GradeLevel, GREATEST(s.LastModifiedDate, a.LastModifiedDate) AS LastModifiedDate
FROM edfi.Student s JOIN edfi.StudentSchoolAssociation a ON a.StudentUSI = s.StudentUSI JOIN edfi.Descriptor g ON g.DescriptorId = a.EntryGradeLevelDescriptorId
LEFT JOIN edfi.StudentEducationOrganizationAssociation e ON e.StudentUSI = s.StudentUSI AND e.EducationOrganizationId = a.SchoolId
WHERE a.ExitWithdrawDate IS NULL OR a.ExitWithdrawDate >= '2025-08-20'`,
  demographicsbridge: `SELECT s.StudentUniqueId, a.SchoolId, d.CodeValue FROM edfi.StudentSchoolAssociation a JOIN edfi.Student s ON s.StudentUSI = a.StudentUSI
JOIN edfi.School c ON c.SchoolId = a.SchoolId
JOIN edfi.StudentEducationOrganizationAssociationRace r ON r.StudentUSI = s.StudentUSI AND r.EducationOrganizationId = c.LocalEducationAgencyId JOIN edfi.Descriptor d ON d.DescriptorId = r.RaceDescriptorId`,
  sectiondim: `SELECT x.SectionIdentifier, x.SessionName, f.LocalCourseTitle, c.CourseTitle, t.CodeValue AS Term, o.NameOfInstitution, x.SchoolYear,
GREATEST(x.LastModifiedDate, f.LastModifiedDate, c.LastModifiedDate, e.LastModifiedDate) AS LastModifiedDate FROM edfi.Section x
JOIN edfi.CourseOffering f ON ${offering('f', 'x')} JOIN edfi.Course c ON c.CourseCode = f.CourseCode AND c.EducationOrganizationId = f.EducationOrganizationId
JOIN edfi.Session e ON ${natural('SchoolId SchoolYear SessionName', 'e', 'x')} JOIN edfi.Descriptor t ON t.DescriptorId = e.TermDescriptorId
JOIN edfi.EducationOrganization o ON o.EducationOrganizationId = x.SchoolId`,
  studentsectiondim: `SELECT s.StudentUniqueId, a.SectionIdentifier, a.LocalCourseCode, c.CourseTitle, a.BeginDate, a.EndDate, GREATEST(a.LastModifiedDate, f.LastModifiedDate, c.LastModifiedDate) AS LastModifiedDate
FROM edfi.StudentSectionAssociation a JOIN edfi.Student s ON s.StudentUSI = a.StudentUSI JOIN edfi.CourseOffering f ON ${offering('f', 'a')}
JOIN edfi.Course c ON c.CourseCode = f.CourseCode AND c.EducationOrganizationId = f.EducationOrganizationId`,
  enrolmentfact: `SELECT a.SchoolId, a.EntryDate, g.CodeValue, o.NameOfInstitution, count(*), max(a.LastModifiedDate) FROM edfi.StudentSchoolAssociation a
JOIN edfi.Descriptor g ON g.DescriptorId = a.EntryGradeLevelDescriptorId JOIN edfi.School c ON c.SchoolId = a.SchoolId
JOIN edfi.EducationOrganization o ON o.EducationOrganizationId = c.LocalEducationAgencyId GROUP BY a.SchoolId, a.EntryDate, g.CodeValue, o.NameOfInstitution`,
  attendancefact: `SELECT s.StudentUniqueId, a.SchoolId, e.EventDate, max(CASE WHEN d.CodeValue = 'In Attendance' THEN 1 ELSE 0 END) AS IsPresent, max(CASE WHEN d.CodeValue = 'Tardy' THEN 1 ELSE 0 END) AS IsTardy
FROM edfi.StudentSchoolAssociation a JOIN edfi.Student s ON s.StudentUSI = a.StudentUSI
JOIN edfi.StudentSchoolAttendanceEvent e ON e.StudentUSI = a.StudentUSI AND e.SchoolId = a.SchoolId JOIN edfi.Descriptor d ON d.DescriptorId = e.AttendanceEventCategoryDescriptorId
GROUP BY s.StudentUniqueId, a.SchoolId, e.EventDate`,
  assessmentfact: `SELECT a.AssessmentIdentifier, a.AssessmentTitle, s.StudentUniqueId, t.StudentAssessmentIdentifier, t.AdministrationDate, r.Result, d.CodeValue, t.LastModifiedDate
FROM edfi.Assessment a JOIN edfi.StudentAssessment t ON ${assessment('t', 'a')} JOIN edfi.Student s ON s.StudentUSI = t.StudentUSI
LEFT JOIN edfi.StudentAssessmentScoreResult r ON ${assessed('r', 't')} LEFT JOIN edfi.Descriptor d ON d.DescriptorId = r.ResultDatatypeTypeDescriptorId`,
  programdim: `SELECT s.StudentUniqueId, p.ProgramName, p.BeginDate, o.NameOfInstitution, p.LastModifiedDate FROM edfi.GeneralStudentProgramAssociation p
JOIN edfi.Student s ON s.StudentUSI = p.StudentUSI JOIN edfi.EducationOrganization o ON o.EducationOrganizationId = p.EducationOrganizationId
JOIN edfi.Descriptor d ON d.DescriptorId = p.ProgramTypeDescriptorId`,
} as const;

const texts: Readonly<Record<QueryKind, Readonly<Record<string, string>>>> = {
  public: publicQueries,
  own: ownQueries,
  'middle tier': middleTier,
};

/** The queries of all kinds, in printing order. */
export const reportQueries: readonly ReportQuery[] = queryKinds.flatMap((kind) =>
  Object.entries(texts[kind]).map(([name, text]) => ({ kind, name, text })),
);
