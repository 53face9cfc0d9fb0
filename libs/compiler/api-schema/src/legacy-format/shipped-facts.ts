import { groupBy, isJsonObject, type JsonObject, type JsonValue, toJsonValue } from '@dms/values';
import { parseJsonPath } from '../json-path.ts';
import type { ApiSchemaDocument } from '../load.ts';
import { schemaAt } from './mapping-entry.ts';

/** The digits of a number: all digits, and those after the point. */
type Digits = readonly [totalDigits: number, decimalPlaces: number];

/**
 * Digits of numbers that files of the older format lack, by project name and version, then by endpoint and JSON path
 * (design 01 §12.2). They are the digits of the columns in the published database scripts of the ODS
 * (https://github.com/Ed-Fi-Alliance-OSS/Ed-Fi-ODS), found through the mapping of design 19.
 */
export const shippedDigits: Readonly<Record<string, Readonly<Record<string, Digits>>>> = {
  'Ed-Fi 5.1.0': {
    'assessmentItems $.maxRawScore': [15, 5],
    'assessments $.maxRawScore': [15, 5],
    'courseTranscripts $.attemptedCreditConversion': [9, 2],
    'courseTranscripts $.attemptedCredits': [9, 3],
    'courseTranscripts $.earnedAdditionalCredits[*].credits': [9, 3],
    'courseTranscripts $.earnedCreditConversion': [9, 2],
    'courseTranscripts $.earnedCredits': [9, 3],
    'courseTranscripts $.finalNumericGradeEarned': [9, 2],
    'courseTranscripts $.partialCourseTranscriptAwards[*].earnedCredits': [9, 3],
    'courses $.maximumAvailableCreditConversion': [9, 2],
    'courses $.maximumAvailableCredits': [9, 3],
    'courses $.minimumAvailableCreditConversion': [9, 2],
    'courses $.minimumAvailableCredits': [9, 3],
    'disciplineActions $.actualDisciplineActionLength': [5, 2],
    'disciplineActions $.disciplineActionLength': [5, 2],
    'disciplineIncidents $.incidentCost': [19, 4],
    'educationContents $.cost': [19, 4],
    'gradebookEntries $.maxPoints': [9, 2],
    'grades $.learningStandardGrades[*].numericGradeEarned': [9, 2],
    'grades $.numericGradeEarned': [9, 2],
    'graduationPlans $.creditsByCourses[*].creditConversion': [9, 2],
    'graduationPlans $.creditsByCourses[*].credits': [9, 3],
    'graduationPlans $.creditsByCreditCategories[*].creditConversion': [9, 2],
    'graduationPlans $.creditsByCreditCategories[*].credits': [9, 3],
    'graduationPlans $.creditsBySubjects[*].creditConversion': [9, 2],
    'graduationPlans $.creditsBySubjects[*].credits': [9, 3],
    'graduationPlans $.totalRequiredCreditConversion': [9, 2],
    'graduationPlans $.totalRequiredCredits': [9, 3],
    'localActuals $.amount': [19, 4],
    'localBudgets $.amount': [19, 4],
    'localContractedStaffs $.amount': [19, 4],
    'localEducationAgencies $.federalFunds[*].innovativeDollarsSpent': [19, 4],
    'localEducationAgencies $.federalFunds[*].innovativeDollarsSpentStrategicPriorities': [19, 4],
    'localEducationAgencies $.federalFunds[*].innovativeProgramsFundsReceived': [19, 4],
    'localEducationAgencies $.federalFunds[*].schoolImprovementAllocation': [19, 4],
    'localEducationAgencies $.federalFunds[*].schoolImprovementReservedFundsPercentage': [5, 4],
    'localEducationAgencies $.federalFunds[*].stateAssessmentAdministrationFunding': [5, 4],
    'localEducationAgencies $.federalFunds[*].supplementalEducationalServicesFundsSpent': [19, 4],
    'localEducationAgencies $.federalFunds[*].supplementalEducationalServicesPerPupilExpenditure': [19, 4],
    'localEncumbrances $.amount': [19, 4],
    'localPayrolls $.amount': [19, 4],
    'objectiveAssessments $.maxRawScore': [15, 5],
    'objectiveAssessments $.percentOfAssessment': [5, 4],
    'programEvaluationElements $.elementMaxNumericRating': [6, 3],
    'programEvaluationElements $.elementMinNumericRating': [6, 3],
    'programEvaluationElements $.programEvaluationLevels[*].maxNumericRating': [6, 3],
    'programEvaluationElements $.programEvaluationLevels[*].minNumericRating': [6, 3],
    'programEvaluationObjectives $.objectiveMaxNumericRating': [6, 3],
    'programEvaluationObjectives $.objectiveMinNumericRating': [6, 3],
    'programEvaluationObjectives $.programEvaluationLevels[*].maxNumericRating': [6, 3],
    'programEvaluationObjectives $.programEvaluationLevels[*].minNumericRating': [6, 3],
    'programEvaluations $.evaluationMaxNumericRating': [6, 3],
    'programEvaluations $.evaluationMinNumericRating': [6, 3],
    'programEvaluations $.levels[*].maxNumericRating': [6, 3],
    'programEvaluations $.levels[*].minNumericRating': [6, 3],
    'reportCards $.gradePointAverages[*].gradePointAverageValue': [18, 4],
    'reportCards $.gradePointAverages[*].maxGradePointAverageValue': [18, 4],
    'reportCards $.numberOfDaysAbsent': [18, 4],
    'reportCards $.numberOfDaysInAttendance': [18, 4],
    'sections $.availableCreditConversion': [9, 2],
    'sections $.availableCredits': [9, 3],
    'staffAbsenceEvents $.hoursAbsent': [18, 2],
    'staffEducationOrganizationAssignmentAssociations $.fullTimeEquivalency': [5, 4],
    'staffEducationOrganizationEmploymentAssociations $.annualWage': [19, 4],
    'staffEducationOrganizationEmploymentAssociations $.fullTimeEquivalency': [5, 4],
    'staffEducationOrganizationEmploymentAssociations $.hourlyWage': [19, 4],
    'staffSectionAssociations $.percentageContribution': [5, 4],
    'staffs $.yearsOfPriorProfessionalExperience': [5, 2],
    'staffs $.yearsOfPriorTeachingExperience': [5, 2],
    'stateEducationAgencies $.federalFunds[*].federalProgramsFundingAllocation': [19, 4],
    'studentAcademicRecords $.cumulativeAttemptedCreditConversion': [9, 2],
    'studentAcademicRecords $.cumulativeAttemptedCredits': [9, 3],
    'studentAcademicRecords $.cumulativeEarnedCreditConversion': [9, 2],
    'studentAcademicRecords $.cumulativeEarnedCredits': [9, 3],
    'studentAcademicRecords $.gradePointAverages[*].gradePointAverageValue': [18, 4],
    'studentAcademicRecords $.gradePointAverages[*].maxGradePointAverageValue': [18, 4],
    'studentAcademicRecords $.sessionAttemptedCreditConversion': [9, 2],
    'studentAcademicRecords $.sessionAttemptedCredits': [9, 3],
    'studentAcademicRecords $.sessionEarnedCreditConversion': [9, 2],
    'studentAcademicRecords $.sessionEarnedCredits': [9, 3],
    'studentAssessments $.items[*].rawScoreResult': [15, 5],
    'studentGradebookEntries $.numericGradeEarned': [9, 2],
    'studentGradebookEntries $.pointsEarned': [9, 2],
    'studentInterventionAttendanceEvents $.eventDuration': [3, 2],
    'studentProgramAttendanceEvents $.eventDuration': [3, 2],
    'studentProgramEvaluations $.studentEvaluationElements[*].evaluationElementNumericRating': [6, 3],
    'studentProgramEvaluations $.studentEvaluationObjectives[*].evaluationObjectiveNumericRating': [6, 3],
    'studentProgramEvaluations $.summaryEvaluationNumericRating': [6, 3],
    'studentSchoolAssociations $.fullTimeEquivalency': [5, 4],
    'studentSchoolAttendanceEvents $.eventDuration': [3, 2],
    'studentSectionAttendanceEvents $.eventDuration': [3, 2],
    'studentSpecialEducationProgramAssociations $.schoolHoursPerWeek': [5, 2],
    'studentSpecialEducationProgramAssociations $.specialEducationHoursPerWeek': [5, 2],
    'studentTransportations $.studentBusDetails.mileage': [5, 2],
    'surveySectionResponses $.sectionRating': [9, 3],
  },
};

/**
 * Durations, such as `PT30M`, that files of the older format declare as numbers: in the published scripts and in every
 * later file they are texts of up to 30 characters. By project name and version, and endpoint.
 */
const shippedDurations: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'Ed-Fi 5.1.0': {
    assessmentItems: ['$.expectedTimeAssessed'],
    educationContents: ['$.timeRequired'],
    studentAssessments: ['$.items[*].timeAssessed'],
  },
};

/** The shipped facts about one project that were used. */
export interface ShippedFacts {
  /** Name and version: `Ed-Fi 5.1.0`. */
  readonly project: string;
  /** The number of numbers with known digits. */
  readonly numbers: number;
  /** The number of durations that the file declares as numbers. */
  readonly durations: number;
}

/** A supplement of an endpoint. */
type ShippedMembers = Map<string, JsonValue>;

/**
 * A supplement with the shipped facts about published projects, by project name and version: digits of numbers, and
 * durations that are declared as numbers (design 01 §12.2 step 7). Facts of the file itself or of the user's supplement
 * take precedence. There are no facts about other projects.
 */
export function withShippedFacts(
  { file, root }: ApiSchemaDocument,
  own?: ApiSchemaDocument,
): { readonly supplement: ApiSchemaDocument | undefined; readonly shipped: readonly ShippedFacts[] } {
  const projects = isJsonObject(root) ? root.get('projectSchemas') : undefined;
  // the conversion reports malformed input
  if (!isJsonObject(projects) || (own !== undefined && !isJsonObject(own.root)))
    return { supplement: own, shipped: [] };
  const members = new Map<string, JsonValue>(own !== undefined && isJsonObject(own.root) ? own.root : []);
  const shipped: ShippedFacts[] = [];
  for (const project of projects.values()) {
    if (!isJsonObject(project)) continue;
    const name = `${project.get('projectName')} ${project.get('projectVersion')}`;
    const resources = project.get('resourceSchemas');
    const numbers = numbersByEndpoint(name);
    const durations = shippedDurations[name] ?? {};
    const known = { project: name, numbers: 0, durations: 0 };
    for (const endpoint of new Set([...numbers.keys(), ...Object.keys(durations)])) {
      const resource = isJsonObject(resources) ? resources.get(endpoint) : undefined;
      const given = members.get(endpoint);
      if (!isJsonObject(resource) || (given !== undefined && !isJsonObject(given))) continue;
      const own: ShippedMembers = new Map(given);
      known.numbers += addDigits(numbers.get(endpoint) ?? [], resource, own);
      known.durations += addDurations(durations[endpoint] ?? [], resource, own);
      if (own.size > (given?.size ?? 0)) members.set(endpoint, own);
    }
    if (known.numbers + known.durations > 0) shipped.push(known);
  }
  return { supplement: members.size === 0 ? own : { file: own?.file ?? file, root: members }, shipped };
}

/** A numeric property with known digits. */
interface KnownNumber {
  readonly endpoint: string;
  readonly path: string;
  readonly digits: Digits;
}

const numbersByEndpoint = (project: string): ReadonlyMap<string, readonly KnownNumber[]> =>
  groupBy(
    Object.entries(shippedDigits[project] ?? {}).map(([place, digits]): KnownNumber => {
      const [endpoint = '', path = ''] = place.split(' ');
      return { endpoint, path, digits };
    }),
    ({ endpoint }) => endpoint,
  );

/**
 * Adds the known digits, unless the file or the user has digits of the resource. Returns the number of added digits.
 */
function addDigits(known: readonly KnownNumber[], resource: JsonObject, members: ShippedMembers): number {
  const member = 'decimalPropertyValidationInfos';
  const infos = digitsOf(known, resource);
  if (infos.length === 0 || resource.has(member) || members.has(member)) return 0;
  members.set(member, toJsonValue(infos));
  return infos.length;
}

/** The known digits of the numbers that the resource really has. */
const digitsOf = (known: readonly KnownNumber[], resource: JsonObject) =>
  known
    .filter(({ path }) => isNumber(resource, path))
    .map(({ path, digits: [totalDigits, decimalPlaces] }) => ({ path, totalDigits, decimalPlaces }));

const isNumber = (resource: JsonObject, text: string): boolean => {
  const parsed = parseJsonPath(text);
  return 'path' in parsed && schemaAt(resource.get('jsonSchemaForInsert'), parsed.path)?.get('type') === 'number';
};

/** Adds the known durations, unless the user lists durations of the resource. Returns the number of added durations. */
function addDurations(known: readonly string[], resource: JsonObject, members: ShippedMembers): number {
  const paths = known.filter((path) => isNumber(resource, path));
  if (paths.length === 0 || members.has('durations')) return 0;
  members.set('durations', paths);
  return paths.length;
}
