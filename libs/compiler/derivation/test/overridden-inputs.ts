import { build, rows } from '@dms/testing';

const toSchool = build.reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]);
export const schoolReference = build.object({ schoolId: build.integer(), note: build.string() });

export const person = (relational: build.Json, members: build.JsonRecord = {}) =>
  build.resource('Person', {
    documentPathsMapping: {
      School: toSchool,
      Kind: build.descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor'),
      Kinds: build.descriptorPath('Ed-Fi:KindDescriptor', '$.kinds[*]'),
    },
    relational,
    jsonSchemaForInsert: build.object({
      home: build.object({ streetNumberName: build.string() }),
      kindDescriptor: build.uri(),
      kinds: build.array(build.uri()),
      schoolReference,
      addresses: rows({ periods: rows({ begin: build.date(), days: rows({}) }) }),
    }),
    ...members,
  });
