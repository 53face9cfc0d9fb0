import { dialects } from '@dms/sql';
import { build, modelOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { identityMayChange } from './changed-identity.ts';

/* Whether the foreign keys of a model allow the identity of a document to change (design 14 §3). */

const { array, integer, object, project, reference, resource } = build;

const target = (name: string, members: build.JsonRecord = {}) =>
  resource(name, { identityJsonPaths: ['$.id'], jsonSchemaForInsert: object({ id: integer() }, ['id']), ...members });

const naming = (name: string, ...targets: readonly string[]) =>
  resource(name, {
    identityJsonPaths: ['$.id'],
    documentPathsMapping: Object.fromEntries(
      targets.map((each) => [
        each,
        reference(`Core:${each}`, [['$.id', `$.${each.toLowerCase()}Reference.id`]], false),
      ]),
    ),
    jsonSchemaForInsert: object(
      Object.fromEntries([
        ['id', integer()],
        ...targets.map((each) => [`${each.toLowerCase()}Reference`, object({ id: integer() }, ['id'])]),
      ]),
      ['id'],
    ),
  });

const subclass = { isSubclass: true, superclassProjectName: 'Core', superclassResourceName: 'Place' };
const place = { abstractResources: { Place: { identityJsonPaths: ['$.id'] } } };

describe.each(dialects)('the identity of a document on %s', (dialect) => {
  const mayChange = (label: string, resources: readonly build.BuiltResource[], options: build.ProjectOptions = {}) => {
    const model = modelOf([project('Core', resources, options)], dialect);
    const found = model.resources.find(({ resourceKey }) => resourceKey.resourceName === label);
    return identityMayChange(model, found!);
  };

  it('may change if nothing refers to it', () => {
    expect(mayChange('Room', [target('Room')])).toBe(true);
  });

  it('may change if only its own collections refer to it', () => {
    const seats = array(object({ number: integer() }, ['number']));
    const room = target('Room', { jsonSchemaForInsert: object({ id: integer(), seats }, ['id']) });
    expect(mayChange('Room', [room])).toBe(true);
  });

  it('may change if its copies in referring tables follow, and not otherwise', () => {
    expect(mayChange('Room', [target('Room', { allowIdentityUpdates: true }), naming('Visit', 'Room')])).toBe(true);
    expect(mayChange('Room', [target('Room'), naming('Visit', 'Room')])).toBe(false);
    // the referring document may still change its own identity
    expect(mayChange('Visit', [target('Room'), naming('Visit', 'Room')])).toBe(true);
  });

  it('may not change if only its abstract resource is referenced', () => {
    expect(mayChange('Room', [target('Room', subclass), naming('Visit', 'Place')], place)).toBe(false);
    expect(mayChange('Room', [target('Room', subclass)], place)).toBe(true);
  });

  it('may change as its direct references allow, even if its abstract resource is referenced too', () => {
    const named = (allowIdentityUpdates: boolean) =>
      mayChange(
        'Room',
        [target('Room', { ...subclass, allowIdentityUpdates }), naming('Visit', 'Place', 'Room')],
        place,
      );
    expect([named(true), named(false)]).toEqual([true, false]);
  });
});

it('an identity may change on SQL Server if only a trigger updates the copies', () => {
  const room = target('Room', { allowIdentityUpdates: true });
  const roomId = object({ id: integer() }, ['id']);
  const ofRoom = (name: string) =>
    resource(name, {
      identityJsonPaths: ['$.roomReference.id'],
      documentPathsMapping: { Room: reference('Core:Room', [['$.id', '$.roomReference.id']]) },
      jsonSchemaForInsert: object({ roomReference: roomId }, ['roomReference']),
    });
  // a new id of a room reaches the report through both other tables: SQL Server allows only one of the two cascades
  const report = resource('Report', {
    identityJsonPaths: ['$.id'],
    documentPathsMapping: {
      Booking: reference('Core:Booking', [['$.roomReference.id', '$.bookingReference.id']], false),
      Closing: reference('Core:Closing', [['$.roomReference.id', '$.closingReference.id']], false),
    },
    jsonSchemaForInsert: object({ id: integer(), bookingReference: roomId, closingReference: roomId }, ['id']),
  });
  const model = modelOf([project('Core', [room, ofRoom('Booking'), ofRoom('Closing'), report])], 'mssql');
  const cascading = model.resources.flatMap(({ tablesInDependencyOrder }) =>
    tablesInDependencyOrder.flatMap(({ constraints }) =>
      constraints.flatMap((each) =>
        each.kind === 'ForeignKey' && each.onUpdate === 'Cascade' ? [each.targetTable.name] : [],
      ),
    ),
  );
  const [moved, ...others] = model.propagationFallbacks.map(({ targetTable }) => targetTable.name);
  expect(others).toEqual([]);
  expect(cascading).not.toContain(moved);
  const resources = ['Booking', 'Closing'].map(
    (name) => model.resources.find(({ resourceKey }) => resourceKey.resourceName === name)!,
  );
  expect(resources.map((each) => identityMayChange(model, each))).toEqual([true, true]);
});

it('an identity may change on SQL Server if a cascade of one key covers the columns of another', () => {
  const room = target('Room', { allowIdentityUpdates: true });
  const roomId = object({ id: integer() }, ['id']);
  const booking = resource('Booking', {
    identityJsonPaths: ['$.number', '$.roomReference.id'],
    documentPathsMapping: { Room: reference('Core:Room', [['$.id', '$.roomReference.id']]) },
    jsonSchemaForInsert: object({ number: integer(), roomReference: roomId }, ['number', 'roomReference']),
  });
  // the room of the report and the room of its booking share one column
  const report = resource('Report', {
    identityJsonPaths: ['$.id'],
    documentPathsMapping: {
      Room: reference('Core:Room', [['$.id', '$.roomReference.id']]),
      Booking: reference('Core:Booking', [
        ['$.number', '$.bookingReference.number'],
        ['$.roomReference.id', '$.bookingReference.roomId'],
      ]),
    },
    equalityConstraints: [{ sourceJsonPath: '$.roomReference.id', targetJsonPath: '$.bookingReference.roomId' }],
    jsonSchemaForInsert: object(
      {
        id: integer(),
        roomReference: roomId,
        bookingReference: object({ number: integer(), roomId: integer() }, ['number', 'roomId']),
      },
      ['id', 'roomReference', 'bookingReference'],
    ),
  });
  const model = modelOf([project('Core', [room, booking, report])], 'mssql');
  const keysToRoom = model.resources.flatMap(({ tablesInDependencyOrder }) =>
    tablesInDependencyOrder.flatMap(({ table, constraints }) =>
      constraints.flatMap((each) =>
        each.kind === 'ForeignKey' && each.targetTable.name === 'Room' ? [`${table.name} ${each.onUpdate}`] : [],
      ),
    ),
  );
  expect(keysToRoom).toEqual(['Booking Cascade', 'Report NoAction']);
  expect(model.propagationFallbacks).toEqual([]);
  const found = model.resources.find(({ resourceKey }) => resourceKey.resourceName === 'Room')!;
  expect(identityMayChange(model, found)).toBe(true);
});
