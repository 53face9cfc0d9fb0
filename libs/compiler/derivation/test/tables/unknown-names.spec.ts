import { build, edFi, failureOf, modelOf } from '@dms/testing';
import { expect, test } from 'vitest';

/* The error for a misspelled name suggests the names that may have been meant. */

const { descriptor, descriptorPath, integer, object, reference, resource, string, uri } = build;

const school = resource('School', {
  identityJsonPaths: ['$.schoolId'],
  jsonSchemaForInsert: object({ schoolId: integer('int64') }, ['schoolId']),
});

const student = (members: Parameters<typeof resource>[1]) =>
  edFi([
    school,
    descriptor('KindDescriptor'),
    resource('Student', {
      identityJsonPaths: ['$.studentId'],
      jsonSchemaForInsert: object(
        { studentId: string(), schoolReference: object({ schoolId: integer('int64') }, ['schoolId']) },
        ['studentId'],
      ),
      ...members,
    }),
  ]);

const toSchool = (label: string, identityPath: string, referencePath = '$.schoolReference.schoolId') => ({
  documentPathsMapping: { School: reference(label, [[identityPath, referencePath]], false) },
});

test.each([
  ['a resource', toSchool('Ed-Fi:Schol', '$.schoolId'), 'REFERENCE_TARGET_UNKNOWN', '"Ed-Fi:School"?'],
  ['an identity path', toSchool('Ed-Fi:School', '$.schoolIdd'), 'REFERENCE_IDENTITY_PATH_UNKNOWN', '"$.schoolId"?'],
  [
    'a path of a reference',
    toSchool('Ed-Fi:School', '$.schoolId', '$.schoolReference.scholId'),
    'REFERENCE_PATH_NOT_IN_SCHEMA',
    '"$.schoolReference.schoolId"',
  ],
  ['a path of the identity', { identityJsonPaths: ['$.studentID'] }, 'IDENTITY_PATH_NOT_IN_SCHEMA', '"$.studentId"?'],
  [
    'a path of a descriptor',
    {
      documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptr') },
      jsonSchemaForInsert: object({ studentId: string(), kindDescriptor: uri() }, ['studentId']),
    },
    'DESCRIPTOR_PATH_NOT_IN_SCHEMA',
    '"$.kindDescriptor"?',
  ],
  [
    'an overridden path',
    { relational: { nameOverrides: { '$.studentIds': 'Number' } } },
    'OVERRIDE_UNUSED',
    '"$.studentId"?',
  ],
])('%s', (_, members, code, meant) => {
  const error = failureOf(() => modelOf([student(members)]));
  expect(error.diagnostics.map((entry) => entry.code)).toEqual([code]);
  expect(error.diagnostics[0].message).toMatch(/; did you mean .+\?$/);
  expect(error.diagnostics[0].message).toContain(`did you mean ${meant}`);
});
