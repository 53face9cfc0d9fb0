import { build, schemaSet } from '@dms/testing';
import { canonicalText, type JsonObject, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { deriveMapping } from '../index.ts';
import { documentFitting } from './fitted-documents.ts';

const { array, integer, object, project, reference, resource, scalarPath, string } = build;

const place = resource('Place', {
  identityJsonPaths: ['$.placeId', '$.floor'],
  documentPathsMapping: { PlaceId: scalarPath('$.placeId'), Floor: scalarPath('$.floor') },
  jsonSchemaForInsert: object({ placeId: string(), floor: integer() }, ['placeId', 'floor']),
});

const pairs = [
  ['$.placeId', '$.placeReference.placeId'],
  ['$.floor', '$.placeReference.floor'],
] as const;

/** A club whose key equals the key of the place that it may refer to. */
const club = resource('Club', {
  identityJsonPaths: ['$.placeId', '$.floor'],
  documentPathsMapping: {
    PlaceId: scalarPath('$.placeId'),
    Floor: scalarPath('$.floor'),
    Name: scalarPath('$.name'),
    Place: reference('Core:Place', pairs, false),
  },
  equalityConstraints: pairs.map(([sourceJsonPath, targetJsonPath]) => ({ sourceJsonPath, targetJsonPath })),
  jsonSchemaForInsert: object(
    {
      placeId: string(),
      floor: integer(),
      name: string(),
      placeReference: object({ placeId: string(), floor: integer() }, ['placeId', 'floor']),
    },
    ['placeId', 'floor'],
  ),
});

/** A visit with one stop per room. The note in a reference to a room equals the id of the room. */
const visit = resource('Visit', {
  identityJsonPaths: ['$.visitId'],
  documentPathsMapping: {
    VisitId: scalarPath('$.visitId'),
    Room: reference('Core:Room', [['$.roomId', '$.stops[*].roomReference.roomId']], false),
    Note: scalarPath('$.stops[*].roomReference.note'),
    Remark: scalarPath('$.stops[*].roomReference.remark'),
  },
  arrayUniquenessConstraints: [{ paths: ['$.stops[*].roomReference.roomId'] }],
  equalityConstraints: [
    { sourceJsonPath: '$.stops[*].roomReference.note', targetJsonPath: '$.stops[*].roomReference.roomId' },
  ],
  jsonSchemaForInsert: object(
    {
      visitId: string(),
      stops: array(
        object({ roomReference: object({ roomId: string(), note: string(), remark: string() }, ['roomId']) }),
      ),
    },
    ['visitId', 'stops'],
  ),
});

const room = resource('Room', {
  identityJsonPaths: ['$.roomId'],
  documentPathsMapping: { RoomId: scalarPath('$.roomId') },
  jsonSchemaForInsert: object({ roomId: string() }, ['roomId']),
});

it('an item goes with the object that its key is in', () => {
  const { mapping } = deriveMapping(schemaSet(project('Core', [visit, room])));
  const stop = (roomId: string, note: string) => ({ roomReference: { roomId, note, remark: 'x' } });
  const fitted = documentFitting(mapping).fitted(
    'Core:Visit',
    toJsonValue({ visitId: 'v', stops: [stop('a', 'b'), stop('c', 'c'), {}] }) as JsonObject,
  );
  expect(fitted && JSON.parse(canonicalText(fitted))).toEqual({ visitId: 'v', stops: [stop('c', 'c')] });
});

/** A team whose captain has a room that is equal to one that the object around it names. */
const team = resource('Team', {
  identityJsonPaths: ['$.teamId'],
  documentPathsMapping: {
    TeamId: scalarPath('$.teamId'),
    Name: scalarPath('$.captain.name'),
    RoomId: scalarPath('$.captain.roomId'),
    Room: reference('Core:Room', [['$.roomId', '$.captain.roomReference.roomId']], false),
  },
  equalityConstraints: [{ sourceJsonPath: '$.captain.roomReference.roomId', targetJsonPath: '$.captain.roomId' }],
  jsonSchemaForInsert: object(
    {
      teamId: string(),
      captain: object({
        name: string(),
        roomId: string(),
        roomReference: object({ roomId: string() }, ['roomId']),
      }),
    },
    ['teamId'],
  ),
});

it('an object with a row of its own does not count as a reference', () => {
  const { mapping } = deriveMapping(schemaSet(project('Core', [team, room])));
  const captain = { name: 'n', roomId: 'a' };
  const fitted = (document: object) => {
    const found = documentFitting(mapping).fitted('Core:Team', toJsonValue(document) as JsonObject);
    return found && JSON.parse(canonicalText(found));
  };
  const whole = { teamId: 't', captain: { ...captain, roomReference: { roomId: 'a' } } };
  expect([fitted(whole), fitted({ teamId: 't', captain })]).toEqual([whole, { teamId: 't' }]);
});

describe('a reference whose columns other members fill', () => {
  const fitted = (document: object) => {
    const { mapping } = deriveMapping(schemaSet(project('Core', [place, club])));
    const { foreignKeys = [] } = mapping.tables.find(({ name }) => name === 'Club') ?? {};
    expect(foreignKeys.map(({ columns, targetTable }) => [targetTable.name, [...columns].sort()])).toEqual([
      ['Place', ['Floor', 'PlaceId']],
    ]);
    return documentFitting(mapping).fitted('Core:Club', toJsonValue(document) as JsonObject) !== undefined;
  };

  it('has to be there, because an ODS refuses a row without the row that it refers to', () => {
    const key = { placeId: 'a', floor: 1 };
    expect(fitted(key)).toBe(false);
    expect(fitted({ ...key, placeReference: key })).toBe(true);
  });
});

it.each([
  { isReferred: true, what: 'refers to it' },
  { isReferred: false, what: 'has the value alone' },
])('a longer reference takes the place of a shorter one if its target $what: $isReferred', ({ isReferred }) => {
  const level = resource('Level', {
    identityJsonPaths: ['$.code'],
    documentPathsMapping: { Code: scalarPath('$.code') },
    jsonSchemaForInsert: object({ code: string() }, ['code']),
  });
  const codePath = isReferred ? '$.levelReference.code' : '$.code';
  const levelReference = object({ code: string() }, ['code']);
  const hall = resource('Hall', {
    identityJsonPaths: ['$.hallId', codePath],
    documentPathsMapping: {
      HallId: scalarPath('$.hallId'),
      ...(isReferred
        ? { Level: reference('Core:Level', [['$.code', '$.levelReference.code']], true) }
        : { Code: scalarPath('$.code') }),
    },
    jsonSchemaForInsert: object(
      isReferred ? { hallId: string(), levelReference } : { hallId: string(), code: string() },
      ['hallId', isReferred ? 'levelReference' : 'code'],
    ),
  });
  const stay = resource('Stay', {
    identityJsonPaths: ['$.stayId', '$.hallReference.hallId', '$.hallReference.code'],
    documentPathsMapping: {
      StayId: scalarPath('$.stayId'),
      Hall: reference(
        'Core:Hall',
        [
          ['$.hallId', '$.hallReference.hallId'],
          [codePath, '$.hallReference.code'],
        ],
        true,
      ),
      Level: reference('Core:Level', [['$.code', '$.levelReference.code']], false),
    },
    equalityConstraints: [{ sourceJsonPath: '$.hallReference.code', targetJsonPath: '$.levelReference.code' }],
    jsonSchemaForInsert: object(
      {
        stayId: string(),
        hallReference: object({ hallId: string(), code: string() }, ['hallId', 'code']),
        levelReference,
      },
      ['stayId', 'hallReference'],
    ),
  });
  const { mapping } = deriveMapping(schemaSet(project('Core', [level, hall, stay])));
  const document = { stayId: 's', hallReference: { hallId: 'h', code: 'c' } };
  const isFitted = (each: object) =>
    documentFitting(mapping).fitted('Core:Stay', toJsonValue(each) as JsonObject) !== undefined;
  expect(isFitted(document)).toBe(isReferred);
  expect(isFitted({ ...document, levelReference: { code: 'c' } })).toBe(true);
});
