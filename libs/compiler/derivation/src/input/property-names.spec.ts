import { build, expectDiagnostics, failureOf, schemaSet } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../derive-model.ts';

const { array, ext, object, string } = build;

const deriving = (properties: build.JsonRecord) => () =>
  deriveModel(
    schemaSet(
      build.project('Ed-Fi', [build.resource('Thing', { jsonSchemaForInsert: object(properties) })]),
      build.project('Sample', [], { isExtension: true }),
    ),
    'pgsql',
  );

// design 02 §1: a path that contained such a name would be another path, or invalid
describe('a property name of an insert schema that a JSONPath cannot hold', () => {
  it.each(['', 'a b', 'first.name', 'tags[*]', '$id', "it's", 'ma\u0301s', '😀'])('is JSONPATH_INVALID: %j', (name) => {
    const found = deriving({ [name]: string() });
    expectDiagnostics(found, { code: 'JSONPATH_INVALID', resource: 'Ed-Fi:Thing' });
    expect(found).toThrow(JSON.stringify(name));
  });

  it.each<[string, string, number]>([
    ['', 'empty-property', 0],
    ['a b', 'invalid-property-character', 1],
    ['ma\u0301s', 'invalid-property-character', 2],
    ['first.name', 'invalid-property-character', 5],
    ['tags[*]', 'invalid-property-character', 4],
    ['a.b c', 'invalid-property-character', 1],
    ['a b.c', 'invalid-property-character', 1],
  ])('is reported with text, reason, offset and place: %j', (name, reason, offset) => {
    const [found] = failureOf(deriving({ inner: object({ [name]: string() }) })).diagnostics;
    expect(found?.details).toMatchObject({
      text: name,
      reason,
      offset,
      member: `$.properties.inner.properties.${name}`,
    });
  });

  it.each<[string, build.JsonRecord]>([
    ['of an object', { 'a b': object({}) }],
    ['of an array', { 'a b': array(object({})) }],
    ['in array items', { rows: array(object({ 'a b': string() })) }],
    ['below _ext', { _ext: ext('sample', object({ 'a b': string() })) }],
  ])('is refused wherever it stands: %s', (_, properties) => {
    expectDiagnostics(deriving(properties), { code: 'JSONPATH_INVALID', resource: 'Ed-Fi:Thing' });
  });
});

it.each(['_ext2', 'a-b', 'a_b', '9lives', 'größe', '٣', '__proto__', 'constructor'])(
  'a property name may be %s',
  (name) => {
    expect(
      deriving({ rows: array(object(JSON.parse(`{${JSON.stringify(name)}: {"type": "integer"}}`))) }),
    ).not.toThrow();
  },
);
