import { expect, it } from 'vitest';
import { nearestName } from './message-text.ts';

const labels = ['Ed-Fi:Student', 'Ed-Fi:School', 'Sample:Bus'];

it.each([
  ['Ed-Fi:Studnet', 'Ed-Fi:Student'],
  ['ed-fi:SCHOOL', 'Ed-Fi:School'],
  ['Student', 'Ed-Fi:Student'],
  ['Studnet', 'Ed-Fi:Student'],
  [':Bus', 'Sample:Bus'],
  ['Ed-Fi:Assessment', null],
  ['Assessment', null],
])('%s most likely means %s', (name, nearest) => {
  expect(nearestName(name, labels)).toEqual({ nearest, hint: nearest === null ? '.' : `; did you mean "${nearest}"?` });
});

it.each([
  ['Student', '"Ed-Fi:Student", "Sample:Student" or "TPDM:Student"'],
  ['Studnet', '"Ed-Fi:Student", "Sample:Student" or "TPDM:Student"'],
  [':Student', '"Ed-Fi:Student", "Sample:Student" or "TPDM:Student"'],
  ['Sample:Studnet', '"Sample:Student"'],
])('%s may mean a resource of each project', (name, meant) => {
  const known = ['Ed-Fi:Student', 'Ed-Fi:School', 'Sample:Student', 'TPDM:Student'];
  expect(nearestName(name, known).hint).toBe(`; did you mean ${meant}?`);
});

it('nothing is near where nothing is known', () => {
  expect(nearestName('x', [])).toEqual({ nearest: null, hint: '.' });
});
