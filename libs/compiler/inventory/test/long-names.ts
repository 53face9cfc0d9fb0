import { build } from '@dms/testing';

const {
  array,
  descriptor,
  descriptorPath,
  ext,
  extensionOf,
  integer,
  object,
  project,
  reference,
  resource,
  string,
  uri,
} = build;

export const longRoot = 'StudentEducationOrganizationAssessmentAccommodationParticipation';
export const longTarget = 'ResponsibleEducationOrganizationOfTheSupportingProgramAssociation';
export const longProperty = 'identifierOfTheEducationOrganizationThatIsResponsibleForTheProgram';

const longReference = reference(`Ed-Fi:${longTarget}`, [[`$.${longProperty}`, `$.targetReference.${longProperty}`]]);

export const longNamed = [
  project(
    'Ed-Fi',
    [
      descriptor('KindDescriptor'),
      resource(longTarget, {
        isSubclass: true,
        superclassProjectName: 'Ed-Fi',
        superclassResourceName: 'EducationOrganization',
        superclassIdentityJsonPath: '$.educationOrganizationIdThatIsUniqueAmongAll',
        identityJsonPaths: [`$.${longProperty}`],
        documentPathsMapping: {
          SupportingEducationOrganizationThatTheTargetDependsUpon: reference(
            'Ed-Fi:EducationOrganization',
            [
              [
                '$.educationOrganizationIdThatIsUniqueAmongAll',
                '$.parentReference.educationOrganizationIdThatIsUniqueAmongAll',
              ],
            ],
            false,
          ),
        },
        jsonSchemaForInsert: object(
          {
            [longProperty]: integer(),
            parentReference: object({
              educationOrganizationIdThatIsUniqueAmongAll: integer(),
            }),
          },
          [longProperty],
        ),
      }),
      resource(longRoot, {
        identityJsonPaths: [
          `$.targetReference.${longProperty}`,
          '$.kindOfTheAccommodationThatWasGivenToTheStudentInTheAssessmentDescriptor',
        ],
        equalityConstraints: [
          {
            sourceJsonPath: `$.targetReference.${longProperty}`,
            targetJsonPath: '$.accommodatingEducationOrganizationOfTheStudentAtTheTimeOfTheEvent',
          },
        ],
        documentPathsMapping: {
          SupportingTargetThatTheParticipationOfTheStudentIsReportedTo: longReference,
          Kind: descriptorPath(
            'Ed-Fi:KindDescriptor',
            '$.kindOfTheAccommodationThatWasGivenToTheStudentInTheAssessmentDescriptor',
          ),
        },
        jsonSchemaForInsert: object(
          {
            targetReference: object({ [longProperty]: integer() }, [longProperty]),
            accommodatingEducationOrganizationOfTheStudentAtTheTimeOfTheEvent: integer(),
            kindOfTheAccommodationThatWasGivenToTheStudentInTheAssessmentDescriptor: uri(),
            periods: array(object({ note: string(), details: array(object({ detail: string() })) })),
          },
          ['targetReference', 'kindOfTheAccommodationThatWasGivenToTheStudentInTheAssessmentDescriptor'],
        ),
      }),
    ],
    {
      abstractResources: {
        EducationOrganization: {
          identityJsonPaths: ['$.educationOrganizationIdThatIsUniqueAmongAll'],
        },
      },
    },
  ),
  project(
    'Sample',
    [
      extensionOf(longRoot, {
        jsonSchemaForInsert: object({
          _ext: ext('sample', object({ remark: string(), marks: array(object({ mark: string() })) })),
        }),
      }),
    ],
    { isExtension: true },
  ),
];
