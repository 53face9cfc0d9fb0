import { build } from '@dms/testing';

/** A reference object with a school, and its mapping. */
export const schoolReference = build.object({ schoolId: build.integer() }, ['schoolId']);
export const toSchool = (objectPath: string, isRequired?: boolean) =>
  build.reference('Ed-Fi:School', [['$.schoolId', `${objectPath}.schoolId`]], isRequired);

export const session = build.resource('Session', {
  allowIdentityUpdates: true,
  identityJsonPaths: ['$.schoolReference.schoolId', '$.schoolYear', '$.sessionName'],
  documentPathsMapping: { School: toSchool('$.schoolReference') },
  jsonSchemaForInsert: build.object({ schoolReference, schoolYear: build.integer(), sessionName: build.string(60) }, [
    'schoolReference',
    'schoolYear',
    'sessionName',
  ]),
});

/** Its identity contains the school twice, as one value. */
export const courseOffering = build.resource('CourseOffering', {
  identityJsonPaths: [
    '$.localCourseCode',
    '$.schoolReference.schoolId',
    '$.sessionReference.schoolId',
    '$.sessionReference.schoolYear',
    '$.sessionReference.sessionName',
  ],
  documentPathsMapping: {
    School: toSchool('$.schoolReference'),
    Session: build.reference('Ed-Fi:Session', [
      ['$.schoolReference.schoolId', '$.sessionReference.schoolId'],
      ['$.schoolYear', '$.sessionReference.schoolYear'],
      ['$.sessionName', '$.sessionReference.sessionName'],
    ]),
  },
  equalityConstraints: [
    { sourceJsonPath: '$.schoolReference.schoolId', targetJsonPath: '$.sessionReference.schoolId' },
  ],
  jsonSchemaForInsert: build.object(
    {
      localCourseCode: build.string(60),
      schoolReference,
      sessionReference: build.object(
        { schoolId: build.integer(), schoolYear: build.integer(), sessionName: build.string(60) },
        ['schoolId', 'schoolYear', 'sessionName'],
      ),
    },
    ['localCourseCode', 'schoolReference', 'sessionReference'],
  ),
});

/** The members of a resource that refers to a course offering and repeats the school once. */
export const offered = {
  documentPathsMapping: {
    CourseOffering: build.reference('Ed-Fi:CourseOffering', [
      ['$.localCourseCode', '$.courseOfferingReference.localCourseCode'],
      ['$.schoolReference.schoolId', '$.courseOfferingReference.schoolId'],
      ['$.sessionReference.schoolId', '$.courseOfferingReference.schoolId'],
      ['$.sessionReference.schoolYear', '$.courseOfferingReference.schoolYear'],
      ['$.sessionReference.sessionName', '$.courseOfferingReference.sessionName'],
    ]),
  },
  jsonSchemaForInsert: build.object({
    courseOfferingReference: build.object({
      localCourseCode: build.string(60),
      schoolId: build.integer(),
      schoolYear: build.integer(),
      sessionName: build.string(60),
    }),
  }),
};
