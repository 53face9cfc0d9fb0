import { abstractResource, build, edFi, fields, modelOf, plain, subclassOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { fittingCopies, type RelationalModelSet } from './index.ts';

/* Types with room for all copies of a value. */

const { integer, reference, string } = build;

const referring = (name: string, to: string, code: build.JsonRecord) =>
  plain(name, { label: string(20), placeReference: fields({ code }) }, ['label'], {
    documentPathsMapping: { Place: reference(`Ed-Fi:${to}`, [['$.code', '$.placeReference.code']]) },
  });

const hall = plain('Hall', { code: string(60), size: integer() }, ['code'], subclassOf('Ed-Fi:Place'));

const abstractResources = { Place: abstractResource(['$.code']) };

/** The length of each column whose values follow from the code of a place. */
const lengths = ({ resources, abstractIdentityTables }: RelationalModelSet) =>
  Object.fromEntries(
    [
      ...resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder),
      ...abstractIdentityTables.map(({ table }) => table),
    ].flatMap(({ table, columns }) =>
      columns.flatMap(({ name, scalarType }) =>
        name.endsWith('Code') ? [[`${table.name}.${name}`, scalarType?.maxLength]] : [],
      ),
    ),
  );

describe('values for which all copies have room', () => {
  it('have the fewest letters that a reference to the same document or its abstract resource allows', () => {
    const model = modelOf(
      [
        edFi([hall, referring('Visit', 'Hall', string(30)), referring('Party', 'Place', string(12))], {
          abstractResources,
        }),
      ],
      'pgsql',
    );
    const fitting = fittingCopies(model);
    const names = ['Hall.Code', 'Visit.Place_Code', 'Party.Place_Code', 'PlaceIdentity.Code'];
    expect(lengths(model)).toEqual(Object.fromEntries(names.map((name, index) => [name, [60, 30, 12, 60][index]])));
    expect(lengths(fitting.model)).toEqual(Object.fromEntries(names.map((name) => [name, 12])));
    const [root] =
      fitting.model.resources.find(({ resourceKey }) => resourceKey.resourceName === 'Hall')?.tablesInDependencyOrder ??
      [];
    const declared = root?.columns.map((column) => [column.name, fitting.declaredType(root.table, column)?.maxLength]);
    expect(Object.fromEntries(declared ?? []).Code).toBe(60);
  });

  it('are those of the model itself if all copies have the same room', () => {
    const model = modelOf([edFi([hall, referring('Visit', 'Hall', string(60))], { abstractResources })], 'pgsql');
    expect(fittingCopies(model).model).toBe(model);
  });
});
