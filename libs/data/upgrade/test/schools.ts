import { build } from '@dms/testing';

/* A small schema set for tests to change: a core with organizations, rooms, sections and bookings, and an extension. */

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

// biome-ignore lint/suspicious/noExplicitAny: tests change what they need
export type Editable = any;

export const simple = (name: string) =>
  resource(name, { identityJsonPaths: ['$.code'], jsonSchemaForInsert: object({ code: string(20) }, ['code']) });

export const subclass = (name: string, superclass: string, members: build.JsonRecord = {}) => {
  const id = `${name.charAt(0).toLowerCase()}${name.slice(1)}Id`;
  const general = `${superclass.charAt(0).toLowerCase()}${superclass.slice(1)}Id`;
  return resource(name, {
    isSubclass: true,
    superclassProjectName: 'Core',
    superclassResourceName: superclass,
    superclassIdentityJsonPath: `$.${general}`,
    identityJsonPaths: [`$.${id}`],
    jsonSchemaForInsert: object({ [id]: integer(), label: string(30) }, [id]),
    ...members,
  });
};

/** Takes a resource out of its abstract resource. */
export function independent(schema: Editable): void {
  schema.isSubclass = false;
  for (const member of ['superclassProjectName', 'superclassResourceName', 'superclassIdentityJsonPath'])
    delete schema[member];
}

const part = { isPartOfIdentity: true };

export const schoolReference = (isPart = true) => ({
  ...reference('Core:School', [['$.schoolId', '$.schoolReference.schoolId']]),
  ...(isPart ? part : {}),
});

export const roomPairs = [
  ['$.roomCode', '$.roomReference.roomCode'],
  ['$.schoolReference.schoolId', '$.roomReference.schoolId'],
] as const;

const core = () =>
  project(
    'Core',
    [
      descriptor('GradeDescriptor'),
      descriptor('KindDescriptor'),
      subclass('District', 'EducationOrganization'),
      subclass('School', 'EducationOrganization', {
        documentPathsMapping: {
          District: reference('Core:District', [['$.districtId', '$.districtReference.districtId']], false),
        },
        decimalPropertyValidationInfos: [{ path: '$.fee', totalDigits: 9, decimalPlaces: 2 }],
        jsonSchemaForInsert: object(
          {
            schoolId: integer(),
            label: string(30),
            nickname: string(30),
            seats: integer(),
            fee: number(),
            districtReference: object({ districtId: integer() }, ['districtId']),
          },
          ['schoolId', 'label'],
        ),
      }),
      resource('Room', {
        identityJsonPaths: ['$.roomCode', '$.schoolReference.schoolId'],
        documentPathsMapping: { School: schoolReference() },
        jsonSchemaForInsert: object(
          { roomCode: string(20), floor: integer(), schoolReference: object({ schoolId: integer() }, ['schoolId']) },
          ['roomCode', 'schoolReference'],
        ),
      }),
      resource('Section', {
        identityJsonPaths: ['$.sectionCode', '$.schoolReference.schoolId'],
        documentPathsMapping: {
          School: schoolReference(),
          Room: reference('Core:Room', roomPairs, false),
          Grade: descriptorPath('Core:GradeDescriptor', '$.gradeDescriptor'),
          Owner: reference(
            'Core:EducationOrganization',
            [['$.educationOrganizationId', '$.ownerReference.educationOrganizationId']],
            false,
          ),
        },
        jsonSchemaForInsert: object(
          {
            sectionCode: string(20),
            title: string(30),
            credits: integer(),
            isOpen: boolean(),
            gradeDescriptor: uri(),
            schoolReference: object({ schoolId: integer() }, ['schoolId']),
            roomReference: object({ roomCode: string(20), schoolId: integer() }, ['roomCode', 'schoolId']),
            ownerReference: object({ educationOrganizationId: integer() }, ['educationOrganizationId']),
            meetings: array(
              object({ day: string(10), note: string(20), slots: array(object({ hour: integer() }, ['hour'])) }, [
                'day',
              ]),
            ),
          },
          ['sectionCode', 'schoolReference'],
        ),
      }),
      resource('Booking', {
        identityJsonPaths: ['$.bookingCode', '$.sectionReference.sectionCode', '$.sectionReference.schoolId'],
        documentPathsMapping: {
          Section: {
            ...reference('Core:Section', [
              ['$.sectionCode', '$.sectionReference.sectionCode'],
              ['$.schoolReference.schoolId', '$.sectionReference.schoolId'],
            ]),
            ...part,
          },
        },
        jsonSchemaForInsert: object(
          {
            bookingCode: string(20),
            one: integer(),
            two: integer(),
            sectionReference: object({ sectionCode: string(20), schoolId: integer() }, ['sectionCode', 'schoolId']),
          },
          ['bookingCode', 'sectionReference'],
        ),
      }),
    ],
    { abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } } },
  );

const extension = () =>
  project(
    'Extra',
    [
      extensionOf('Section', {
        jsonSchemaForInsert: object({
          _ext: ext('extra', object({ motto: string(20), awards: array(object({ award: string(20) }, ['award'])) })),
        }),
      }),
      simple('Volunteer'),
    ],
    { isExtension: true },
  );

/**
 * Documents that a test may change; `resources` are the core's resources by endpoint, `properties` the members of a
 * resource's documents.
 */
export interface EditableSet {
  readonly documents: Editable[];
  readonly core: Editable;
  readonly extra: Editable;
  resource(endpoint: string): Editable;
  properties(endpoint: string): Editable;
  required(endpoint: string): string[];
  mapping(endpoint: string): Editable;
  add(resource: build.BuiltResource, to?: 'core' | 'extra'): void;
}

export function schools(): EditableSet {
  const documents = structuredClone([core(), extension()]) as Editable[];
  const [first, second] = documents.map(({ projectSchema }) => projectSchema);
  const find = (endpoint: string) => first.resourceSchemas[endpoint];
  return {
    documents,
    core: first,
    extra: second,
    resource: find,
    properties: (endpoint) => find(endpoint).jsonSchemaForInsert.properties,
    required: (endpoint) => find(endpoint).jsonSchemaForInsert.required,
    mapping: (endpoint) => find(endpoint).documentPathsMapping,
    add: ({ endpoint, schema }, to = 'core') => {
      (to === 'core' ? first : second).resourceSchemas[endpoint] = structuredClone(schema);
    },
  };
}
