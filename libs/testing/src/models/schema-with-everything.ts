import * as build from '../schema-builder.ts';
import type { Document } from './derived.ts';
import { rows } from './document-parts.ts';

const schoolReference = build.object({ schoolId: build.integer() }, ['schoolId']);
const toSchool = (objectPath: string, isRequired?: boolean) =>
  build.reference('Ed-Fi:School', [['$.schoolId', `${objectPath}.schoolId`]], isRequired);

const kindPath = (path: string) => build.descriptorPath('Ed-Fi:KindDescriptor', path);

const school = build.resource('School', {
  isSubclass: true,
  superclassProjectName: 'Ed-Fi',
  superclassResourceName: 'Organization',
  superclassIdentityJsonPath: '$.organizationId',
  identityJsonPaths: ['$.schoolId'],
  documentPathsMapping: { A: kindPath('$.aDescriptor'), B: kindPath('$.bDescriptor'), Kinds: kindPath('$.kinds[*]') },
  equalityConstraints: [
    { sourceJsonPath: '$.aDescriptor', targetJsonPath: '$.bDescriptor' },
    { sourceJsonPath: '$.one', targetJsonPath: '$.two' },
  ],
  arrayUniquenessConstraints: [{ paths: ['$.addresses[*].city'] }],
  jsonSchemaForInsert: build.object(
    {
      schoolId: build.integer(),
      name: build.string(),
      one: build.integer(),
      two: build.integer(),
      fee: build.number(),
      aDescriptor: build.uri(),
      bDescriptor: build.uri(),
      kinds: build.array(build.uri()),
      addresses: rows({ city: build.string(), periods: rows({ begin: build.date() }) }, ['city']),
      home: build.object({ rooms: rows({ name: build.string() }) }),
      _ext: build.ext('sample', build.object({ hidden: build.string() })),
    },
    ['schoolId', 'aDescriptor', 'bDescriptor'],
  ),
});

const session = build.resource('Session', {
  allowIdentityUpdates: true,
  identityJsonPaths: ['$.schoolReference.schoolId', '$.sessionName', '$.termDescriptor'],
  documentPathsMapping: { School: toSchool('$.schoolReference'), Term: kindPath('$.termDescriptor') },
  jsonSchemaForInsert: build.object({ schoolReference, sessionName: build.string(60), termDescriptor: build.uri() }, [
    'schoolReference',
    'sessionName',
    'termDescriptor',
  ]),
});

const sessionPairs = (objectPath: string): [string, string][] => [
  ['$.schoolReference.schoolId', `${objectPath}.schoolId`],
  ['$.sessionName', `${objectPath}.sessionName`],
  ['$.termDescriptor', `${objectPath}.termDescriptor`],
];
const sessionReference = build.object(
  { schoolId: build.integer(), sessionName: build.string(60), termDescriptor: build.uri() },
  ['schoolId', 'sessionName', 'termDescriptor'],
);

const courseOffering = build.resource('CourseOffering', {
  identityJsonPaths: [
    '$.code',
    '$.schoolReference.schoolId',
    '$.sessionReference.schoolId',
    '$.sessionReference.sessionName',
    '$.sessionReference.termDescriptor',
  ],
  documentPathsMapping: {
    School: toSchool('$.schoolReference'),
    Session: build.reference('Ed-Fi:Session', sessionPairs('$.sessionReference')),
  },
  equalityConstraints: [
    { sourceJsonPath: '$.schoolReference.schoolId', targetJsonPath: '$.sessionReference.schoolId' },
  ],
  jsonSchemaForInsert: build.object({ code: build.string(20), schoolReference, sessionReference }, [
    'code',
    'schoolReference',
    'sessionReference',
  ]),
});

const section = build.resource('Section', {
  identityJsonPaths: ['$.sectionId'],
  documentPathsMapping: {
    Offering: build.reference('Ed-Fi:CourseOffering', [
      ['$.sessionReference.sessionName', '$.offeringReference.sessionName'],
      ['$.sessionReference.termDescriptor', '$.offeringReference.termDescriptor'],
      ['$.code', '$.offeringReference.code'],
      ['$.schoolReference.schoolId', '$.offeringReference.schoolId'],
      ['$.sessionReference.schoolId', '$.offeringReference.schoolId'],
    ]),
    Visitor: build.reference(
      'Ed-Fi:Organization',
      [['$.organizationId', '$.visits[*].organizationReference.organizationId']],
      false,
    ),
  },
  jsonSchemaForInsert: build.object(
    {
      sectionId: build.string(20),
      offeringReference: build.object(
        {
          code: build.string(20),
          schoolId: build.integer(),
          sessionName: build.string(60),
          termDescriptor: build.uri(),
          link: build.object({ rel: { type: 'string' }, href: { type: 'string' } }),
          comment: build.string(20),
        },
        ['code', 'schoolId', 'sessionName', 'termDescriptor'],
      ),
      visits: rows({ organizationReference: build.object({ organizationId: build.integer() }), on: build.date() }),
    },
    ['sectionId', 'offeringReference'],
  ),
});

const extension = build.extensionOf('School', {
  documentPathsMapping: {
    Session: build.reference('Ed-Fi:Session', sessionPairs('$._ext.sample.sessionReference'), false),
    Kind: kindPath('$._ext.sample.kindDescriptor'),
  },
  arrayUniquenessConstraints: [
    { paths: ['$._ext.sample.authors[*].name'] },
    { paths: ['$._ext.sample.addresses[*].periods[*].begin'] },
  ],
  jsonSchemaForInsert: build.object({
    _ext: build.ext(
      'sample',
      build.object({
        nickName: build.string(),
        kindDescriptor: build.uri(),
        sessionReference,
        authors: rows({ name: build.string() }, ['name']),
        addresses: rows({
          _ext: build.ext('sample', build.object({ terms: rows({ word: build.string() }), note: build.string() })),
        }),
      }),
    ),
  }),
});

export const everything: readonly Document[] = [
  build.project('Ed-Fi', [school, session, courseOffering, section, build.descriptor('KindDescriptor')], {
    abstractResources: { Organization: { identityJsonPaths: ['$.organizationId'] } },
  }),
  build.project(
    'Sample',
    [
      extension,
      build.resource('Club', {
        identityJsonPaths: ['$.name'],
        documentPathsMapping: { Home: toSchool('$.homeReference', false) },
        jsonSchemaForInsert: build.object({ name: build.string(), homeReference: schoolReference }, ['name']),
      }),
    ],
    { isExtension: true },
  ),
];
