import { build } from '@dms/testing';
import { canonicalText, toJsonValue } from '@dms/values';
import { expect, it } from 'vitest';
import { convertLegacySchema } from '../index.ts';

const { array, date, integer, object, reference, string } = build;

const own = (path: string, isPartOfIdentity: boolean, type = 'string') => ({
  isReference: false,
  isPartOfIdentity,
  path,
  type,
});

const kinds = { isDescriptor: false, isResourceExtension: false };

/**
 * A meeting has a club and a day, which is in an inlined object; talks belong to a meeting, and questions to a talk.
 */
const resourceSchemas = {
  meetings: {
    ...kinds,
    resourceName: 'Meeting',
    identityJsonPaths: ['$.club'],
    documentPathsMapping: {
      Club: own('$.club', true),
      'Event.Day': own('$.day', true, 'date'),
      'Event.Number': own('$.number', true, 'number'),
      'Event.Place': own('$.place', false),
      'Event.Period.Begin': own('$.period.begin', true),
      'Guest.Name': own('$.guests[*].name', true),
    },
    jsonSchemaForInsert: object(
      {
        club: string(),
        day: date(),
        number: integer(),
        place: string(),
        period: object({ begin: string() }),
        guests: array(object({ name: string() }, ['name'])),
      },
      ['club', 'day', 'number'],
    ),
  },
  talks: {
    ...kinds,
    resourceName: 'Talk',
    identityJsonPaths: ['$.meetingReference.club', '$.title'],
    documentPathsMapping: {
      Title: own('$.title', true),
      Meeting: reference('Town:Meeting', [['$.club', '$.meetingReference.club']]),
      EarlierMeeting: reference('Town:Meeting', [['$.club', '$.earlier[*].earlierMeetingReference.club']], false),
    },
    jsonSchemaForInsert: object({
      title: string(),
      meetingReference: object({ club: string() }, ['club']),
      earlier: array(object({ earlierMeetingReference: object({ club: string() }, ['club']) })),
    }),
  },
  questions: {
    ...kinds,
    resourceName: 'Question',
    identityJsonPaths: ['$.text'],
    documentPathsMapping: {
      Text: own('$.text', true),
      Talk: reference('Town:Talk', [
        ['$.meetingReference.club', '$.talkReference.club'],
        ['$.title', '$.talkReference.title'],
      ]),
    },
    jsonSchemaForInsert: object({
      text: string(),
      talkReference: object({ club: string(), title: string() }, ['club', 'title']),
    }),
  },
};

function converted(resources: object) {
  const project = { projectName: 'Town', projectVersion: '1.0.0', isExtensionProject: false, abstractResources: {} };
  const root = toJsonValue({
    apiSchemaVersion: '1.0.0',
    projectNameMapping: { Town: 'town' },
    projectSchemas: { town: { ...project, resourceSchemas: resources } },
  });
  const { schemas, report } = convertLegacySchema({ file: 'old.json', root });
  return { resources: JSON.parse(canonicalText(schemas[0]?.root ?? null)).projectSchema.resourceSchemas, report };
}

it('an identity gets the properties of inlined objects that belong to it, and so does what repeats it', () => {
  const { resources, report } = converted(resourceSchemas);
  const { meetings, talks, questions } = resources;
  expect(meetings.identityJsonPaths).toEqual(['$.club', '$.day', '$.number']);
  expect(talks.identityJsonPaths).toEqual([
    ...['$.meetingReference.club', '$.meetingReference.day', '$.meetingReference.number', '$.title'],
  ]);
  expect(
    talks.documentPathsMapping.EarlierMeeting.referenceJsonPaths.map(
      ({ referenceJsonPath }: build.JsonRecord) => referenceJsonPath,
    ),
  ).toEqual([
    ...['$.earlier[*].earlierMeetingReference.club', '$.earlier[*].earlierMeetingReference.day'],
    '$.earlier[*].earlierMeetingReference.number',
  ]);
  expect(talks.jsonSchemaForInsert.properties.meetingReference).toEqual(
    object({ club: string(), day: date(), number: integer() }, ['club', 'day', 'number']),
  );
  expect(talks.numericJsonPaths).toEqual([
    ...['$.earlier[*].earlierMeetingReference.number', '$.meetingReference.number'],
  ]);
  // the reference is not part of the identity, but it is complete
  expect(questions.identityJsonPaths).toEqual(['$.text']);
  expect(questions.documentPathsMapping.Talk.referenceJsonPaths[2]).toEqual({
    identityJsonPath: '$.meetingReference.day',
    referenceJsonPath: '$.talkReference.day',
    type: 'date',
  });
  expect(report.counts.identityJsonPaths).toBe(4);
  expect(report.notes.filter((note) => /belongs to the identity| has \$/.test(note))).toEqual([
    'Town:Meeting: guessed: $.day belongs to the identity',
    'Town:Meeting: guessed: $.number belongs to the identity',
    'Town:Talk: guessed: the reference Meeting has $.meetingReference.day',
    'Town:Talk: guessed: $.meetingReference.day belongs to the identity',
    'Town:Talk: guessed: the reference EarlierMeeting has $.earlier[*].earlierMeetingReference.day',
    'Town:Talk: guessed: the reference Meeting has $.meetingReference.number',
    'Town:Talk: guessed: $.meetingReference.number belongs to the identity',
    'Town:Talk: guessed: the reference EarlierMeeting has $.earlier[*].earlierMeetingReference.number',
    'Town:Question: guessed: the reference Talk has $.talkReference.day',
    'Town:Question: guessed: the reference Talk has $.talkReference.number',
  ]);
});

it('a whole identity stays as it is, and so does a reference that has a member of that name', () => {
  const { meetings, talks } = resourceSchemas;
  const whole = { ...meetings, identityJsonPaths: ['$.number', '$.day', '$.club'] };
  expect(converted({ meetings: whole, talks }).resources.meetings.identityJsonPaths).toEqual([
    '$.number',
    '$.day',
    '$.club',
  ]);
  const named = object({ club: string(), day: string(), number: integer() }, ['club']);
  const other = { ...talks, jsonSchemaForInsert: object({ title: string(), meetingReference: named }) };
  expect(converted({ meetings, talks: other }).resources.talks.jsonSchemaForInsert.properties.meetingReference).toEqual(
    named,
  );
});
