import { build } from '@dms/testing';

/* A small set of schemas for tests to change: Ed-Fi, and TPDM, which extends it. */

const {
  array,
  boolean,
  descriptor,
  descriptorPath,
  ext,
  extensionOf,
  integer,
  number,
  object,
  project,
  reference,
  resource,
} = build;
const { string, uri } = build;

const isPart = { isPartOfIdentity: true };

const schoolReference = {
  ...reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]),
  ...isPart,
};

const periodPairs = [
  ['$.classPeriodName', '$.classPeriodReference.classPeriodName'],
  ['$.schoolReference.schoolId', '$.classPeriodReference.schoolId'],
] as const;

const edFi = () =>
  project(
    'Ed-Fi',
    [
      descriptor('GradeDescriptor'),
      resource('ClassPeriod', {
        identityJsonPaths: ['$.classPeriodName', '$.schoolReference.schoolId'],
        documentPathsMapping: { School: schoolReference },
        jsonSchemaForInsert: object(
          {
            classPeriodName: string(60),
            official: boolean(),
            schoolReference: object({ schoolId: integer() }, ['schoolId']),
          },
          ['classPeriodName', 'schoolReference'],
        ),
      }),
      resource('School', {
        isSubclass: true,
        superclassProjectName: 'Ed-Fi',
        superclassResourceName: 'EducationOrganization',
        superclassIdentityJsonPath: '$.educationOrganizationId',
        identityJsonPaths: ['$.schoolId'],
        decimalPropertyValidationInfos: [{ path: '$.fee', totalDigits: 9, decimalPlaces: 2 }],
        jsonSchemaForInsert: object(
          {
            schoolId: integer(),
            nameOfInstitution: string(75),
            nickname: string(30),
            seats: integer(),
            area: integer('int64'),
            fee: number(),
            addresses: array(object({ city: string(30), street: string(60) }, ['city'])),
          },
          ['schoolId', 'nameOfInstitution'],
        ),
      }),
      resource('Section', {
        identityJsonPaths: ['$.sectionCode'],
        documentPathsMapping: {
          ClassPeriod: { ...reference('Ed-Fi:ClassPeriod', periodPairs, false) },
          Grade: descriptorPath('Ed-Fi:GradeDescriptor', '$.gradeDescriptor'),
        },
        jsonSchemaForInsert: object(
          {
            sectionCode: string(20),
            gradeDescriptor: uri(),
            one: integer(),
            two: integer(),
            classPeriodReference: object({ classPeriodName: string(60), schoolId: integer() }, [
              'classPeriodName',
              'schoolId',
            ]),
          },
          ['sectionCode'],
        ),
      }),
    ],
    {
      endpoint: 'ed-fi',
      version: '5.2.0',
      abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } },
    },
  );

const tpdm = () =>
  project(
    'TPDM',
    [
      extensionOf('School', { jsonSchemaForInsert: object({ _ext: ext('tpdm', object({ motto: string(20) })) }) }),
      resource('Candidate', {
        identityJsonPaths: ['$.candidateCode'],
        jsonSchemaForInsert: object({ candidateCode: string(20) }, ['candidateCode']),
      }),
    ],
    { isExtension: true },
  );

// biome-ignore lint/suspicious/noExplicitAny: tests change what they need
export type EditableJson = any;

/**
 * Documents that a test may change; `resources` are those of Ed-Fi by endpoint, `properties` the members of one
 * resource.
 */
export interface EditableSchools {
  documents: EditableJson[];
  readonly project: EditableJson;
  readonly resources: EditableJson;
  properties(endpoint: string): EditableJson;
  required(endpoint: string): string[];
  mapping(endpoint: string): EditableJson;
}

export function schoolSchemas(): EditableSchools {
  const documents = structuredClone([edFi(), tpdm()]) as EditableJson[];
  const { projectSchema } = documents[0];
  const resources = projectSchema.resourceSchemas;
  return {
    documents,
    project: projectSchema,
    resources,
    properties: (endpoint) => resources[endpoint].jsonSchemaForInsert.properties,
    required: (endpoint) => resources[endpoint].jsonSchemaForInsert.required,
    mapping: (endpoint) => resources[endpoint].documentPathsMapping,
  };
}
