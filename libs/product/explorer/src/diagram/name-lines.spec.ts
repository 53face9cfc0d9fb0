import { expect, it } from 'vitest';
import { nameLines } from './name-lines.ts';

it.each([
  ['School', ['School']],
  ['StudentEducationOrganization', ['StudentEducationOrganization']],
  ['StudentEducationOrganizationAssociation', ['StudentEducationOrganization', 'Association']],
  [
    'StudentSpecialEducationProgramEligibilityAssociation',
    ['StudentSpecialEducation', 'ProgramEligibility', 'Association'],
  ],
  ['IDEAEvent', ['IDEAEvent']],
  ['', ['']],
  ['x'.repeat(60), ['x'.repeat(28), 'x'.repeat(28), 'xxxx']],
  ['😀'.repeat(29), ['😀'.repeat(28), '😀']],
])('%s is whole, in lines that end between words', (name, lines) => {
  expect(nameLines(name, 28)).toEqual(lines);
  expect(nameLines(name, 28).join('')).toBe(name);
});
