import { describe, expect, it } from 'vitest';
import { dollarTag } from './index.ts';

describe('the dollar tag of a body is the first that does not occur in it', () => {
  it.each([
    ['a body without dollars', 'BEGIN END', '$$'],
    ['an empty body', '', '$$'],
    ['single dollars', "a $ b $1 'x$y'", '$$'],
    ['a body with $$', "INSERT 'a$$b'", '$dms$'],
    ['a body with three dollars', 'a$$$b', '$dms$'],
    ['a body with $dms$ alone', 'a $dms$ b', '$$'],
    ['a body with $$ and $dms$', 'a $$ b $dms$ c', '$dms1$'],
    ['a body with $$, $dms$ and $dms1$', '$$ $dms$ $dms1$', '$dms2$'],
    ['a body with $$, $dms$ and $dms2$', '$$ $dms$ $dms2$', '$dms1$'],
    ['a body with $$ and another tag', '$$ $DMS$ $dms', '$dms$'],
    [
      'a body with many tags',
      `$$ $dms$ ${Array.from({ length: 11 }, (_, index) => `$dms${index + 1}$`).join(' ')}`,
      '$dms12$',
    ],
  ])('%s', (_name, body, tag) => {
    expect(dollarTag(body)).toBe(tag);
    expect(body).not.toContain(tag);
  });

  it.each([
    ['BEGIN END', '$fn$'],
    ['a $$ b', '$fn$'],
    ['a $fn$ b', '$dms$'],
    ['a $fn$ b $dms$', '$dms1$'],
  ])('where the caller wants a tag of its own, that one first: %j', (body, tag) => {
    expect(dollarTag(body, '$fn$')).toBe(tag);
  });
});
