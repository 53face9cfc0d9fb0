import { expect, test } from 'vitest';
import { alternatives, listOfNames, nearNames } from './message-text.ts';

const many = Array.from({ length: 50 }, (_, index) => `Resource${String(index).padStart(2, '0')}`);

test('names that are written alike, the nearest first, whatever their case', () => {
  expect(nearNames('Studnet', ['School', 'Students', 'STUDENT', 'Student'])).toEqual(['STUDENT', 'Student']);
  expect(nearNames('x', ['completely', 'different'])).toEqual([]);
});

test('a list has at most 20 names, and says how many there are', () => {
  expect(listOfNames(['a', 'b'])).toBe('"a", "b"');
  const list = listOfNames(many);
  expect(list.match(/"/g)).toHaveLength(40);
  expect(list).toMatch(/"Resource19", … \(50 in all\)$/);
});

test.each([
  ['schols', ['schools', 'students'], '; did you mean "schools"?'],
  ['zzzzzzzz', ['b', 'a'], '; known: "a", "b".'],
  ['zzzzzzzz', [], '.'],
])('%s among %j', (name, known, text) => {
  expect(alternatives(name, known)).toBe(text);
});

test('at most three are meant', () => {
  expect(alternatives('Resource', many).match(/"/g)).toHaveLength(6);
});
