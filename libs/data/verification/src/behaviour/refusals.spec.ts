import { dialectOf, textOf } from '@dms/sql';
import { expect, it } from 'vitest';
import { isNamed, isRefusedWith, namesObject, withMissingNumbers } from './behaviour-session.ts';

/* Whether a refusal names an object: names are the same in every language, and one may be a part of another. */

it.each([
  ['null value in column "Name" of relation "School"', 'Name'],
  ['NULL-Wert in Spalte »Name« von Relation »School«', 'Name'],
  ["Cannot insert the value NULL into column 'Name', table 'd.edfi.School'; column does not allow nulls.", 'School'],
  ["Violation of UNIQUE KEY constraint 'UX_A'.", 'UX_A'],
  ['NameOfSchool, Name', 'Name'],
])('%s names %s', (message, name) => expect(namesObject(message, name)).toBe(true));

it.each([
  ['null value in column "NameOfSchool" of relation "School"', 'Name'],
  ['null value in column "LastName" of relation "School"', 'Name'],
  ["Violation of UNIQUE KEY constraint 'UX_A_NK'.", 'UX_A'],
  ["Violation of UNIQUE KEY constraint 'EUX_A'.", 'UX_A'],
  ['column "Naméx"', 'Namé'],
  ['', 'Name'],
])('%j does not name %s', (message, name) => expect(namesObject(message, name)).toBe(false));

it('a refusal by another constraint whose name begins with the wanted one is not the wanted one', () => {
  const refused = (constraint: string | null) => ({ code: '2627', constraint, message: "constraint 'UX_A_NK'." });
  expect(isRefusedWith(refused(null), '2627', 'UX_A')).toBe(false);
  expect(isRefusedWith(refused(null), '2627', 'UX_A_NK')).toBe(true);
  expect(isNamed(refused(null), 'UX_A')).toBe(false);
  expect(isNamed(refused('UX_A_NK'), 'UX_A_NK')).toBe(true);
});

it.each([
  Number.NaN,
  // the greatest number of no rows
  Math.max(),
])('%s, which no query returned, is NaN in a statement', (missing) => {
  const { literal, literals } = withMissingNumbers(dialectOf.pgsql);
  expect([textOf(literal(missing)), textOf(literals([1, missing]))]).toEqual(['NaN', '1, NaN']);
});
