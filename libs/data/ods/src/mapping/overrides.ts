import type { EffectiveSchemaSet } from '@dms/api-schema';
import { fail } from '@dms/diagnostics';
import { type QualifiedResourceName, readShape } from '@dms/model';
import { decodeUtf8 } from '@dms/values';
import * as z from 'zod/mini';

/** Facts about a leaf that ApiSchema lacks (design 19 §5.8). */
export interface LeafOverride {
  /** The role of a reference that no name shows. */
  readonly role?: string | undefined;
  /** A year, or a decimal that has the digits of money but is not money. */
  readonly type?: 'year' | 'decimal' | undefined;
  readonly notNull?: boolean | undefined;
}

/** By resource and key of `documentPathsMapping`: `Assessment|ContentStandard.Title`. */
export type LeafOverrides = Readonly<Record<string, LeafOverride>>;

const notNull = { notNull: true } as const;
const optional = { notNull: false } as const;
const year = { type: 'year' } as const;
const decimal = { type: 'decimal' } as const;

/**
 * Facts that the core lacks in 5.1 and 5.2: years without limits, required members of optional objects, and the single
 * responder of a survey.
 */
const coreFacts: LeafOverrides = {
  'Assessment|ContentStandard.PublicationDateChoice.PublicationYear': year,
  'Assessment|ContentStandard.Title': notNull,
  'EducationContent|LearningResourceChoice.LearningResource.PublicationDateChoice.PublicationYear': year,
  'GraduationPlan|RequiredAssessment.RequiredAssessmentPerformanceLevel.AssessmentReportingMethodDescriptor': notNull,
  'GraduationPlan|RequiredAssessment.RequiredAssessmentPerformanceLevel.PerformanceLevelDescriptor': notNull,
  'LearningStandard|ContentStandard.PublicationDateChoice.PublicationYear': year,
  'StaffEducationOrganizationContactAssociation|Address.AddressTypeDescriptor': notNull,
  'StaffEducationOrganizationContactAssociation|Address.City': notNull,
  'StaffEducationOrganizationContactAssociation|Address.PostalCode': notNull,
  'StaffEducationOrganizationContactAssociation|Address.StateAbbreviationDescriptor': notNull,
  'StaffEducationOrganizationContactAssociation|Address.StreetNumberName': notNull,
  'StudentAcademicRecord|ClassRanking.ClassRank': notNull,
  'StudentAcademicRecord|ClassRanking.TotalNumberInClass': notNull,
  'StudentAssessment|AssessmentPeriod.AssessmentPeriodDescriptor': notNull,
  'StudentTransportation|StudentBusDetails.BusNumber': notNull,
  'StudentTransportation|StudentBusDetails.BusRouteDescriptor': notNull,
  'SurveyResponse|SurveyResponderChoice.Contact': optional,
  'SurveyResponse|SurveyResponderChoice.Staff': optional,
  'SurveyResponse|SurveyResponderChoice.Student': optional,
};

/**
 * Facts of the published ODS scripts that the published ApiSchemas lack, by project name and version
 * (https://github.com/Ed-Fi-Alliance-OSS/Ed-Fi-ODS). The core 5.1 has the older format, which carries no roles of
 * references; the roles that neither a name nor a column shows (design 19 §3.2) are here.
 */
const shippedOverrides: Readonly<Record<string, LeafOverrides>> = {
  'Ed-Fi 5.1.0': {
    ...coreFacts,
    'CourseTranscript|Course': { role: 'Course' },
    'StaffProgramAssociation|Program': { role: 'Program' },
  },
  'Ed-Fi 5.2.0': coreFacts,
  'Ed-Fi 6.1.0': {
    'Assessment|ContentStandard.PublicationDateChoice.PublicationYear': year,
    'Candidate|TuitionCost': decimal,
    'EducationContent|LearningResourceChoice.LearningResource.PublicationDateChoice.PublicationYear': year,
    'FinancialAid|AidAmount': decimal,
    'LearningStandard|ContentStandard.PublicationDateChoice.PublicationYear': year,
    'StaffEducationOrganizationEmploymentAssociation|Salary.SalaryAmount': decimal,
  },
  'TPDM 1.1.0': {
    'FinancialAid|AidAmount': decimal,
  },
};

/** The overrides of a schema set. */
export interface OdsOverrides {
  of(resource: QualifiedResourceName, leafName: string): LeafOverride | undefined;
  /** Whether facts about the version of the project are shipped. */
  knows(projectName: string): boolean;
}

const overridesFormat = z.record(
  z.string(),
  z.strictObject({
    role: z.optional(z.string()),
    type: z.optional(z.enum(['year', 'decimal'])),
    notNull: z.optional(z.boolean()),
  }),
);

/** Reads a file of overrides. Throws `ODS_OVERRIDES_INVALID`. */
export function readOverrides(bytes: Uint8Array, file: string): LeafOverrides {
  const invalid = (reason: string): never => {
    const text = `${file} does not hold ODS overrides: ${reason}. An entry is "<Resource>|<key of documentPathsMapping>": { "role" | "type" | "notNull": … }.`;
    return fail('ODS_OVERRIDES_INVALID', text, { file }, { reason });
  };
  let json: unknown;
  try {
    json = JSON.parse(decodeUtf8(bytes, file));
  } catch {
    return invalid('it is not JSON');
  }
  const read = readShape(overridesFormat, json);
  return 'found' in read ? invalid(read.found) : read.value;
}

/** The overrides that are shipped for the published projects of a set, and those of a user, which take precedence. */
export function overridesFor(set: EffectiveSchemaSet, own: LeafOverrides = {}): OdsOverrides {
  const shipped = new Map(
    set.projects.map(({ projectName, projectVersion }) => [
      projectName,
      shippedOverrides[`${projectName} ${projectVersion}`],
    ]),
  );
  return {
    of({ projectName, resourceName }, leafName) {
      const name = `${resourceName}|${leafName}`;
      const known = shipped.get(projectName)?.[name];
      const mine = own[name];
      // most leaves have at most one, which needs no copy
      return mine === undefined ? known : { ...known, ...mine };
    },
    knows: (projectName) => shipped.get(projectName) !== undefined,
  };
}
