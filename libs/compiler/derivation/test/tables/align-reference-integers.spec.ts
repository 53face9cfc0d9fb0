import { build, modelOf, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';

/* The width of integers in the columns of a reference (design 02 §8.3). */

const { integer, object, project, reference, resource, string } = build;

const long = integer('int64');

/** A resource whose id has the given type. */
const target = (name: string, type: build.JsonRecord, members: build.JsonRecord = {}, id = 'id') =>
  resource(name, { identityJsonPaths: [`$.${id}`], jsonSchemaForInsert: object({ [id]: type }, [id]), ...members });

/** A resource identified by a reference that declares the id with the given type. */
const naming = (name: string, label: string, type: build.JsonRecord, identityPath = '$.id') =>
  resource(name, {
    identityJsonPaths: ['$.ofReference.id'],
    documentPathsMapping: { Of: reference(label, [[identityPath, '$.ofReference.id']]) },
    jsonSchemaForInsert: object({ ofReference: object({ id: type }, ['id']) }, ['ofReference']),
  });

const member = (id: string) => ({
  isSubclass: true,
  superclassProjectName: 'Core',
  superclassResourceName: 'Place',
  ...(id === 'id' ? {} : { superclassIdentityJsonPath: '$.id' }),
});
const place = { abstractResources: { Place: { identityJsonPaths: ['$.id'] } } };

/** The type of the reference's id column in the table of a resource. */
function copied(
  name: string,
  resources: readonly build.BuiltResource[],
  options: build.ProjectOptions = {},
): string | undefined {
  const { columns } = tableOf(modelOf([project('Core', resources, options)]), `core.${name}`);
  return columns.find((column) => column.sourcePath?.canonical === '$.ofReference.id')?.scalarType?.kind;
}

describe('an integer in a reference', () => {
  it.each([
    [integer(), long],
    [long, integer()],
  ])('has the width of the target column', (own, declared) => {
    const wanted = own === long ? 'Int64' : 'Int32';
    expect(copied('Visit', [target('Room', own), naming('Visit', 'Core:Room', declared)])).toBe(wanted);
  });

  // resources are visited by name, so the one in the middle may come first or last
  it.each([
    ['Booking', 'Visit'],
    ['Visit', 'Booking'],
  ])('has the width of the last target of a chain of references: through %s from %s', (between, source) => {
    const resources = [
      target('Room', long),
      naming(between, 'Core:Room', integer()),
      naming(source, `Core:${between}`, integer(), '$.ofReference.id'),
    ];
    expect([copied(between, resources), copied(source, resources)]).toEqual(['Int64', 'Int64']);
  });

  it.each([
    ['of which only the second has 64 bits', integer(), long, 'Int64'],
    ['of which only the first has 64 bits', long, integer(), 'Int64'],
    ['of which neither has 64 bits', integer(), integer(), 'Int32'],
  ])('to an abstract resource has the width of the widest member, %s', (_, first, second, wanted) => {
    const declared = wanted === 'Int64' ? integer() : long;
    for (const [firstId, secondId] of [
      ['id', 'id'],
      // a member may use another name for it
      ['hallId', 'parkId'],
    ] as const) {
      const members = [
        target('Hall', first, member(firstId), firstId),
        target('Park', second, member(secondId), secondId),
      ];
      expect(copied('Visit', [...members, naming('Visit', 'Core:Place', declared)], place)).toBe(wanted);
    }
  });

  it('leaves a text as it is', () => {
    expect(copied('Visit', [target('Room', string()), naming('Visit', 'Core:Room', string())])).toBe('String');
  });
});
