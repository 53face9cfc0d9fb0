import { expect, it } from 'vitest';
import { type CountedValues, TallyCounts } from './tally-counts.ts';

const titles: CountedValues = { rule: 'r', fate: 'dropped', group: null, count: 2, path: '$.titles[*]' };
const carried: CountedValues = { ...titles, fate: 'made', group: 'own' };
const identity: CountedValues = { ...titles, fate: 'made', group: 'identity 0' };

function counted(countsPlaces: boolean, ...values: readonly CountedValues[]) {
  const counts = new TallyCounts('Core:Book', countsPlaces);
  for (const each of values) counts.add(each);
  return counts.all().map(({ group, count, places }) => ({ group, count, places: Object.fromEntries(places) }));
}

it('values with the same fate are one tally, with the sum at each place', () => {
  expect(counted(false, titles, { ...titles, count: 3 }, { ...titles, count: 1, path: null })).toEqual([
    { group: null, count: 6, places: { 'Core:Book.$.titles[*]': 5, 'Core:Book': 1 } },
  ]);
});

it('tallies are in the order of their first values, also if others come between', () => {
  expect(counted(false, titles, carried, titles).map(({ group, count }) => [group, count])).toEqual([
    [null, 4],
    ['own', 2],
  ]);
});

it('values that are carried have places only if these are asked for, or if they may be dropped in the end', () => {
  const places = { 'Core:Book.$.titles[*]': 2 };
  expect(counted(false, carried, identity).map((each) => each.places)).toEqual([{}, places]);
  expect(counted(true, carried, identity).map((each) => each.places)).toEqual([places, places]);
});

it('no values are no tally', () => {
  expect(counted(false, { ...titles, count: 0 })).toEqual([]);
});
