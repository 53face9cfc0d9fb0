import { type JsonObject, toJsonValue } from '@dms/files';
import { build, schemaSet } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveMapping } from '../index.ts';
import { documentFitting } from './fitted-documents.ts';

const { integer, object, project, reference, resource, scalarPath, string } = build;

const place = resource('Place', {
  identityJsonPaths: ['$.placeId', '$.floor'],
  documentPathsMapping: { PlaceId: scalarPath('$.placeId'), Floor: scalarPath('$.floor') },
  jsonSchemaForInsert: object({ placeId: string(), floor: integer() }, ['placeId', 'floor']),
});

const pairs = [
  ['$.placeId', '$.placeReference.placeId'],
  ['$.floor', '$.placeReference.floor'],
] as const;

/** A club whose own key is equal to that of the place it may refer to. */
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
