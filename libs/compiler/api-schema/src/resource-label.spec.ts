import { expect, it } from 'vitest';
import { labelledResource, resourceLabel } from './index.ts';

it.each([
  ['Ed-Fi:Student', { projectName: 'Ed-Fi', resourceName: 'Student' }],
  ['Ed-Fi:A:B', { projectName: 'Ed-Fi', resourceName: 'A:B' }],
  [':Student', { projectName: '', resourceName: 'Student' }],
])('%s is the label of a name, and back', (label, name) => {
  expect([labelledResource(label), resourceLabel(name)]).toEqual([name, label]);
});

it('a label without a project is of none', () => {
  expect(labelledResource('Student')).toEqual({ projectName: '', resourceName: 'Student' });
});
