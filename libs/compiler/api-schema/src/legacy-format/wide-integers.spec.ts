import { build } from '@dms/testing';
import { canonicalText, toJsonValue } from '@dms/values';
import { expect, it } from 'vitest';
import { convertLegacySchema } from '../index.ts';

const { integer, object, reference, scalarPath, string } = build;

const subclass = (name: string, path: string, others: build.JsonRecord = {}, properties: build.JsonRecord = {}) => ({
  resourceName: name,
  isSubclass: true,
  superclassProjectName: 'Town',
  superclassResourceName: 'Place',
  superclassIdentityJsonPath: '$.placeId',
  identityJsonPaths: [path],
  documentPathsMapping: { Id: scalarPath(path), ...others },
  jsonSchemaForInsert: object({ [path.slice(2)]: integer(), seats: integer(), ...properties }),
});

const plain = (name: string, identity: readonly string[], mapping: build.JsonRecord, properties: build.JsonRecord) => ({
  resourceName: name,
  identityJsonPaths: identity,
  documentPathsMapping: mapping,
  jsonSchemaForInsert: object(properties),
});

/** A town of the older format: halls and fields are places, clubs meet in halls, matches are between clubs. */
const town = {
  projectName: 'Town',
  projectVersion: '1.0.0',
  isExtensionProject: false,
  abstractResources: { Place: { identityJsonPaths: ['$.placeId'] } },
  resourceSchemas: {
    halls: subclass('Hall', '$.hallId'),
    fields: subclass(
      'Field',
      '$.fieldId',
      {
        Hall: reference('Town:Hall', [['$.hallId', '$.nearestHallReference.hallId']], false),
      },
      { nearestHallReference: object({ hallId: integer() }) },
    ),
    clubs: plain(
      'Club',
      ['$.number', '$.hallReference.hallId'],
      { Number: scalarPath('$.number'), Hall: reference('Town:Hall', [['$.hallId', '$.hallReference.hallId']]) },
      { number: integer(), hallReference: object({ hallId: integer() }) },
    ),
    matches: plain(
      'Match',
      ['$.clubReference.number', '$.clubReference.hallId', '$.placeReference.placeId'],
      {
        Club: reference('Town:Club', [
          ['$.number', '$.clubReference.number'],
          ['$.hallReference.hallId', '$.clubReference.hallId'],
        ]),
        Place: reference('Town:Place', [['$.placeId', '$.placeReference.placeId']]),
        Guests: reference('Town:Club', [['$.hallReference.hallId', '$.guests[*].clubReference.hallId']], false),
      },
      {
        clubReference: object({ number: integer(), hallId: integer() }),
        placeReference: object({ placeId: integer('int32') }),
        guests: build.array(object({ clubReference: object({ hallId: integer() }) })),
      },
    ),
    codes: plain('Code', ['$.code'], { Code: scalarPath('$.code') }, { code: string() }),
  },
};

/** The paths with a format, by endpoint. */
function formats(project: unknown): Readonly<Record<string, readonly string[]>> {
  const root = toJsonValue({
    apiSchemaVersion: '1.0.0',
    projectNameMapping: { Town: 'town' },
    projectSchemas: { town: project },
  });
  const { schemas, report } = convertLegacySchema({ file: 'old.json', root });
  const text = canonicalText(schemas[0]?.root ?? null);
  const resources: Record<string, { jsonSchemaForInsert: object }> = JSON.parse(text).projectSchema.resourceSchemas;
  const formatsIn = (schema: object, path: string): string[] =>
    Object.entries(schema).flatMap(([name, value]) => {
      if (name === 'format') return [`${path} ${value}`];
      if (typeof value !== 'object' || value === null) return [];
      return formatsIn(value, name === 'properties' ? path : name === 'items' ? `${path}[*]` : `${path}.${name}`);
    });
  const found = Object.entries(resources).map(([endpoint, each]) => [
    endpoint,
    formatsIn(each.jsonSchemaForInsert, '$').sort(),
  ]);
  const wide = found.flatMap(([, paths]) => paths).filter((path) => path?.includes('int64')).length;
  expect(report.counts.format ?? 0).toBe(wide);
  return Object.fromEntries(found);
}

it('the identities of subclasses have 64 bits, and so has what repeats them', () => {
  expect(formats(town)).toEqual({
    halls: ['$.hallId int64'],
    fields: ['$.fieldId int64', '$.nearestHallReference.hallId int64'],
    clubs: ['$.hallReference.hallId int64'],
    // an existing format is kept
    matches: [
      '$.clubReference.hallId int64',
      '$.guests[*].clubReference.hallId int64',
      '$.placeReference.placeId int32',
    ],
    codes: [],
  });
});

it('an abstract resource with several identity paths makes nothing wide', () => {
  const { halls, clubs } = town.resourceSchemas;
  const Place = { identityJsonPaths: ['$.hallId', '$.seats'] };
  const hall = { ...halls, superclassIdentityJsonPath: null, identityJsonPaths: ['$.hallId', '$.seats'] };
  expect(formats({ ...town, abstractResources: { Place }, resourceSchemas: { halls: hall, clubs } })).toEqual({
    halls: [],
    clubs: [],
  });
});

it('references that lead back to themselves end', () => {
  const self = plain(
    'Ring',
    ['$.ringReference.id'],
    { Ring: reference('Town:Ring', [['$.ringReference.id', '$.ringReference.id']]) },
    { ringReference: object({ id: integer() }) },
  );
  expect(formats({ ...town, resourceSchemas: { rings: self } })).toEqual({ rings: [] });
});
