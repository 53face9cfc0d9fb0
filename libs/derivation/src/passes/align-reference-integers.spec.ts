import { build, modelOf, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';

/* The width of integers that a reference copies (design 02 §8.3). */

const { integer, object, project, reference, resource, string } = build;

const long = integer('int64');

/** A resource with an id of that type. */
const target = (name: string, type: build.JsonRecord, members: build.JsonRecord = {}, id = 'id') =>
  resource(name, { identityJsonPaths: [`$.${id}`], jsonSchemaForInsert: object({ [id]: type }, [id]), ...members });

/** A resource that is identified by a reference to another one, which it declares with that type. */
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

/** Type of the copied id in the table of a resource. */
function copied(
  name: string,
  resources: readonly build.BuiltResource[],
  options: build.ProjectOptions = {},
): string | undefined {
  const { columns } = tableOf(modelOf([project('Core', resources, options)]), `core.${name}`);
  return columns.find((column) => column.sourcePath?.canonical === '$.ofReference.id')?.scalarType?.kind;
}

describe('an integer of a reference', () => {
  it.each([
    [integer(), long],
    [long, integer()],
  ])('has the width in which its target is stored', (own, declared) => {
    const wanted = own === long ? 'Int64' : 'Int32';
    expect(copied('Visit', [target('Room', own), naming('Visit', 'Core:Room', declared)])).toBe(wanted);
  });

  // resources are visited by name: the one between may come first or last
  it.each([
    ['Booking', 'Visit'],
    ['Visit', 'Booking'],
  ])('has the width of the one that it leads to over other references: over %s from %s', (between, source) => {
    const resources = [
      target('Room', long),
      naming(between, 'Core:Room', integer()),
      naming(source, `Core:${between}`, integer(), '$.ofReference.id'),
    ];
    expect([copied(between, resources), copied(source, resources)]).toEqual(['Int64', 'Int64']);
  });

  it.each([
    ['of which one has 64 bits', integer(), long, 'Int64'],
    ['of which the other has 64 bits', long, integer(), 'Int64'],
    ['of which none has 64 bits', integer(), integer(), 'Int32'],
  ])('to an abstract resource has the width of the members, %s', (_, first, second, wanted) => {
    const declared = wanted === 'Int64' ? integer() : long;
    for (const [firstId, secondId] of [
      ['id', 'id'],
      // the members may call it otherwise
      ['hallId', 'parkId'],
    ] as const) {
      const members = [target('Hall', first, member(firstId), firstId), target('Park', second, member(secondId), secondId)];
      expect(copied('Visit', [...members, naming('Visit', 'Core:Place', declared)], place)).toBe(wanted);
    }
  });

  it('is no text', () => {
    expect(copied('Visit', [target('Room', string()), naming('Visit', 'Core:Room', string())])).toBe('String');
  });
});
