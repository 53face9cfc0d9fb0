import { expect, it } from 'vitest';
import { codesPageOf } from './code-address.ts';

const page = 'https://git.ourplace.org/dms/dms/blob/v1.2.3/docs/reference/codes.md';

it.each([
  ['git+https://git.ourplace.org/dms/dms.git', page],
  ['https://git.ourplace.org/dms/dms', page],
  ['https://git.ourplace.org/dms/dms/', page],
  ['git+ssh://git@git.ourplace.org/dms/dms.git', page],
  ['git@git.ourplace.org:dms/dms.git', page],
  ['github:dms/dms', undefined],
  ['', undefined],
])('the page of the codes in %j is %j', (url, expected) => {
  expect(codesPageOf({ url }, '1.2.3')).toBe(expected);
  expect(codesPageOf(url, '1.2.3')).toBe(expected);
});

it('is nowhere if no repository is named', () => {
  expect([codesPageOf(undefined, '1.2.3'), codesPageOf({}, '1.2.3')]).toEqual([undefined, undefined]);
});
