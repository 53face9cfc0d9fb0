import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { descriptor, isRequiredOf, key, kitOf, reference, value } from '../../test/legacy-format/toy-kit.ts';

const { array, object, string } = build;

describe('step 3: isPartOfIdentity', () => {
  const mapping = (members: object): build.JsonRecord => ({
    Entry: { isReference: false, path: '$.code', ...members },
  });
  const identity = { identityJsonPaths: ['$.code'] };
  const flag = (entries: build.JsonRecord, members: build.JsonRecord) =>
    kitOf(entries, object({ code: string() }), members).documentPathsMapping.Entry.isPartOfIdentity;

  it('is true, when absent, for a path of identityJsonPaths', () => {
    expect(flag(mapping({}), identity)).toBe(true);
  });

  it('is false, when absent, for any other path', () => {
    expect(flag(mapping({}), { identityJsonPaths: ['$.codes', '$.other'] })).toBe(false);
    expect(flag(mapping({}), {})).toBe(false);
  });

  it('is false, when absent, for an entry without a path of its own', () => {
    const { isPartOfIdentity: _dropped, ...rest } = reference(['$.makerReference.makerCode']);
    expect(flag({ Entry: rest }, { identityJsonPaths: ['$.makerReference.makerCode'] })).toBe(false);
  });

  it.each([true, false])('stays as it is when present: %s', (isPartOfIdentity) => {
    expect(flag(mapping({ isPartOfIdentity }), {})).toBe(isPartOfIdentity);
    expect(flag(mapping({ isPartOfIdentity }), identity)).toBe(isPartOfIdentity);
  });
});

describe('step 4: isRequired', () => {
  const item = (properties: build.JsonRecord, required: readonly string[] = []) =>
    object({ parts: array(object(properties, required)) }, ['parts']);
  const makerReference = object({ makerCode: string() }, ['makerCode']);

  it.each<[string, build.JsonRecord, build.JsonRecord, boolean]>([
    ['a property listed in required', value('$.a'), object({ a: string() }, ['a']), true],
    ['a property not listed', value('$.a'), object({ a: string() }, ['b']), false],
    ['a part of the identity not listed', key('$.a'), object({ a: string() }), false],
    ['a nested property listed in its own object', value('$.o.a'), object({ o: object({ a: string() }, ['a']) }), true],
    [
      'a nested property listed in an outer object only',
      value('$.o.a'),
      object({ o: object({ a: string() }) }, ['o', 'a']),
      false,
    ],
    [
      'a property of items with several properties, listed',
      value('$.parts[*].a'),
      item({ a: string(), b: string() }, ['a']),
      true,
    ],
    [
      'a property of items with several properties, not listed',
      key('$.parts[*].a'),
      item({ a: string(), b: string() }, ['b']),
      false,
    ],
    [
      'the only property of items, listed but no part of the identity',
      value('$.parts[*].a'),
      item({ a: string() }, ['a']),
      false,
    ],
    ['the only property of items, part of the identity', key('$.parts[*].a'), item({ a: string() }), true],
    [
      'the only property of items but for _ext',
      value('$.parts[*].a'),
      item({ a: string(), _ext: build.ext('attic', object({ b: string() })) }, ['a']),
      false,
    ],
    [
      'a property nested in the only property of items',
      value('$.parts[*].o.a'),
      item({ o: object({ a: string() }, ['a']) }),
      true,
    ],
    [
      'a descriptor listed',
      descriptor('$.colorDescriptor'),
      object({ colorDescriptor: string() }, ['colorDescriptor']),
      true,
    ],
    ['a descriptor as the only property of items', descriptor('$.parts[*].c'), item({ c: string() }, ['c']), false],
    ['a value that is the item itself', value('$.names[*]'), object({ names: array(string()) }, ['names']), false],
    [
      'a value that is the item itself, part of the identity',
      key('$.names[*]'),
      object({ names: array(string()) }),
      true,
    ],
    [
      'a reference whose object is listed',
      reference(['$.makerReference.makerCode']),
      object({ makerReference }, ['makerReference']),
      true,
    ],
    [
      'a reference whose object is not listed',
      reference(['$.makerReference.makerCode']),
      object({ makerReference }),
      false,
    ],
    [
      'a reference in items, listed',
      reference(['$.parts[*].makerReference.makerCode']),
      item({ makerReference, b: string() }, ['makerReference']),
      true,
    ],
    [
      'a reference as the only property of items',
      reference(['$.parts[*].makerReference.makerCode']),
      item({ makerReference }, ['makerReference']),
      false,
    ],
    [
      'a reference as the only property of items, part of the identity',
      reference(['$.parts[*].makerReference.makerCode'], true),
      item({ makerReference }),
      true,
    ],
    ['a property that the insert schema does not have', value('$.gone'), object({ a: string() }, ['a']), false],
  ])('is derived for %s', (_name, entry, schema, expected) => {
    expect(isRequiredOf({ Entry: entry }, schema)).toBe(expected);
  });

  it.each([true, false])('stays as it is when present: %s', (isRequired) => {
    const entry = { ...value('$.a'), isRequired };
    expect(isRequiredOf({ Entry: entry }, object({ a: string() }, ['a']))).toBe(isRequired);
    expect(isRequiredOf({ Entry: entry }, object({ a: string() }))).toBe(isRequired);
  });
});
