import { build } from '@dms/testing';
import { type JsonObject, parseJson } from '@dms/values';
import { expect, it } from 'vitest';
import { readLeaves } from './leaves.ts';
import { findScopes, type Scope } from './scopes.ts';

/* The segment of each scope (design 19 §2.2), from the keys and paths of a resource. */

const { descriptorPath, scalarPath } = build;

/** Scopes below the root as `path = Segment: keys of its leaves`; an asterisk marks a leaf collection. */
const shownScopes = (entries: build.JsonRecord): readonly string[] => {
  const schema = parseJson(JSON.stringify({ documentPathsMapping: entries }), 'resource') as JsonObject;
  const shown = ({ path, segment, isLeafCollection, leaves, children }: Scope): readonly string[] => {
    const keys = leaves.map(({ key }) => key.join('.')).join(' ');
    return [`${path} = ${segment}${isLeafCollection ? '*' : ''}: ${keys}`, ...children.flatMap(shown)];
  };
  return findScopes(readLeaves(schema)).children.flatMap(shown);
};

it.each<[rule: string, entries: build.JsonRecord, scopes: readonly string[]]>([
  [
    'several leaves keep a segment each',
    { 'Day.Hall.Name': scalarPath('$.halls[*].name'), 'Day.Hall': scalarPath('$.halls[*].hall') },
    ['$.halls[*] = Day: Day.Hall Day.Hall.Name'],
  ],
  [
    'a single leaf keeps a segment for an array below',
    { 'Group.Topic': scalarPath('$.topics[*].entries[*].value') },
    ['$.topics[*] = Group: ', '$.topics[*].entries[*] = Topic*: Group.Topic'],
  ],
  [
    'a single leaf of an object keeps its last segment',
    { 'Home.Street': scalarPath('$.street.text') },
    ['$.street = Home: Home.Street'],
  ],
  [
    'the longer share wins where two segments match the whole step',
    {
      'OfMeeting.Meeting.HeldOn': scalarPath('$.meetings[*].heldOn'),
      'OfMeeting.Meeting.Topic': scalarPath('$.meetings[*].topic'),
    },
    ['$.meetings[*] = Meeting: OfMeeting.Meeting.HeldOn OfMeeting.Meeting.Topic'],
  ],
  [
    'a match of the whole step beats the whole of a segment',
    {
      'Hour.TermOfficeHour.Begin': scalarPath('$.officeHours[*].begin'),
      'Hour.TermOfficeHour.End': scalarPath('$.officeHours[*].end'),
    },
    ['$.officeHours[*] = TermOfficeHour: Hour.TermOfficeHour.Begin Hour.TermOfficeHour.End'],
  ],
  [
    'the longer share of a segment wins where no segment matches the whole step',
    {
      'OldPlace.Spaces.Name': scalarPath('$.workSpaces[*].name'),
      'OldPlace.Spaces.Size': scalarPath('$.workSpaces[*].size'),
    },
    ['$.workSpaces[*] = Spaces: OldPlace.Spaces.Name OldPlace.Spaces.Size'],
  ],
  [
    'the outer one of two equal segments wins',
    { 'Plan.Plan.Name': scalarPath('$.plans[*].name'), 'Plan.Plan.Size': scalarPath('$.plans[*].size') },
    ['$.plans[*] = Plan: Plan.Plan.Name Plan.Plan.Size'],
  ],
  [
    'the last segment of a descriptor is compared without its last word',
    { 'LevelGroup.GradeDescriptor': descriptorPath('Core:GradeDescriptor', '$.grades[*].descriptor') },
    ['$.grades[*] = GradeDescriptor*: LevelGroup.GradeDescriptor'],
  ],
  [
    'the most frequent segment that matches the step is added to keys without one',
    {
      'Meeting.HeldOn': scalarPath('$.meetings[*].heldOn'),
      'Meeting.Topic': scalarPath('$.meetings[*].topic'),
      'Meetings.Hall': scalarPath('$.meetings[*].hall'),
      Seats: scalarPath('$.meetings[*].seats'),
    },
    ['$.meetings[*] = Meeting: Meeting.HeldOn Meeting.Topic Meeting.Meetings.Hall Meeting.Seats'],
  ],
  [
    'without a segment that matches, keys get the singular of the step, and lose it as their own beginning',
    { HeldOn: scalarPath('$.meetings[*].heldOn'), MeetingTopic: scalarPath('$.meetings[*].topic') },
    ['$.meetings[*] = Meeting: Meeting.HeldOn Meeting.Topic'],
  ],
])('%s', (_, entries, scopes) => {
  expect(shownScopes(entries)).toEqual(scopes);
});
