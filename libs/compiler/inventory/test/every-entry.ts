import { dialects } from '@dms/sql';
import { build, ownSchema } from '@dms/testing';
import { organization } from './schemas.ts';

const {
  array,
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
  string,
  uri,
} = build;

type InventoriedDocuments = readonly build.JsonRecord[];

/**
 * Documents with every kind of index and, in mssql, of trigger; names that pgsql shortens; types with a length and with
 * digits.
 */
export const everything: InventoriedDocuments = [
  project(
    'Ed-Fi',
    [
      descriptor('TermDescriptor'),
      organization('LocalEducationAgency', 'localEducationAgencyId'),
      organization(
        'School',
        'schoolId',
        {
          allowIdentityUpdates: true,
          documentPathsMapping: {
            Agency: reference(
              'Ed-Fi:LocalEducationAgency',
              [['$.localEducationAgencyId', '$.agencyReference.localEducationAgencyId']],
              false,
            ),
            Parent: reference('Ed-Fi:School', [['$.schoolId', '$.parentReference.schoolId']], false),
          },
        },
        {
          agencyReference: object({ localEducationAgencyId: integer() }, ['localEducationAgencyId']),
          parentReference: object({ schoolId: integer() }, ['schoolId']),
          grades: array(object({ grade: string() }, ['grade'])),
        },
      ),
      resource('AssessmentAdministrationParticipationOfTheStudentInTheSchool', {
        identityJsonPaths: ['$.code', '$.share', '$.termDescriptor', '$.schoolReference.schoolId'],
        decimalPropertyValidationInfos: [{ path: '$.share', totalDigits: 9, decimalPlaces: 4 }],
        documentPathsMapping: {
          Term: descriptorPath('Ed-Fi:TermDescriptor', '$.termDescriptor'),
          School: reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]),
        },
        jsonSchemaForInsert: object(
          {
            code: string(20),
            share: number(),
            termDescriptor: uri(),
            schoolReference: object({ schoolId: integer() }, ['schoolId']),
          },
          ['code', 'share', 'termDescriptor', 'schoolReference'],
        ),
      }),
    ],
    { abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } } },
  ),
  project(
    'Sample',
    [extensionOf('School', { jsonSchemaForInsert: object({ _ext: ext('sample', object({ motto: string() })) }) })],
    { isExtension: true },
  ),
];

const schemas: readonly (readonly [string, InventoriedDocuments])[] = [
  ['the campus schema', [ownSchema('campus')]],
  ['the campus and athletics schemas', [ownSchema('campus'), ownSchema('athletics')]],
  ['a schema with every kind of entry', everything],
];

export const cases = schemas.flatMap(([name, documents]) =>
  dialects.map((dialect) => [name, dialect, documents] as const),
);
