import { isJsonObject, type JsonObject, parseJson, toJsonValue } from '@dms/files';
import { describe, expect, it } from 'vitest';
import { failuresOfSet, toy } from '../test/toy.ts';
import { findUnsafeStrings } from './check-strings.ts';

/** The faults of a schema whose `value` has this `maxLength`, as written in the file. */
function diagnosticsOf(lexeme: string) {
  const schema = parseJson(`{"properties":{"value":{"type":"string","maxLength":${lexeme}}}}`, 'schema.json');
  if (!isJsonObject(schema)) throw new Error('the schema must be an object');
  return findUnsafeStrings(schema).map(({ code, path, text }) => [code, path, text]);
}

describe('a maxLength (design 01 §2.7)', () => {
  it.each(['1', '30', '10485760', 'null'])('may be %s', (lexeme) => {
    expect(diagnosticsOf(lexeme)).toEqual([]);
  });

  it.each(['7.5', '1e3', '1E23', '3.0', '"20"', 'true', '[]'])('%s is not an integer', (lexeme) => {
    expect(diagnosticsOf(lexeme)).toEqual([['SCHEMA_SHAPE_INVALID', '$.value', 'must be an integer']]);
  });

  it.each(['0', '-1', '10485761', '100000000000000000000000'])('%s fits no column', (lexeme) => {
    const text = `is ${lexeme}; it must be between 1 and 10485760`;
    expect(diagnosticsOf(lexeme)).toEqual([['STRING_MAX_LENGTH_INVALID', '$.value', text]]);
  });

  it('is found wherever the schema has one, also in arrays and below _ext', () => {
    const bad = { type: 'string', maxLength: -1 };
    const items = { type: 'object', properties: { city: bad } };
    const properties = {
      name: bad,
      addresses: { type: 'array', items },
      kinds: { type: 'array', items: bad },
      _ext: { type: 'object', properties: { sample: { type: 'object', properties: { code: bad } } } },
    };
    const failures = failuresOfSet([
      toy((root) => {
        root.projectSchema.resourceSchemas.widgets.jsonSchemaForInsert = { type: 'object', properties };
      }),
    ]);
    expect(failures.map(({ code, where }) => [code, where.file, where.resource, where.path]).sort()).toEqual([
      ['STRING_MAX_LENGTH_INVALID', 'schemas/0.json', 'Toy:Widget', '$._ext.sample.code'],
      ['STRING_MAX_LENGTH_INVALID', 'schemas/0.json', 'Toy:Widget', '$.addresses[*].city'],
      ['STRING_MAX_LENGTH_INVALID', 'schemas/0.json', 'Toy:Widget', '$.kinds[*]'],
      ['STRING_MAX_LENGTH_INVALID', 'schemas/0.json', 'Toy:Widget', '$.name'],
    ]);
    expect(failures[0]?.message).toMatch(/^core \(schemas\/0\.json\): Toy:Widget: the maxLength of \$\./);
  });
});

describe('a rule for texts that derivation does not read', () => {
  const found = (keyword: string, lexeme: string) => {
    const schema = parseJson(`{"properties":{"value":{"type":"string","${keyword}":${lexeme}}}}`, 'schema.json');
    if (!isJsonObject(schema)) throw new Error('the schema must be an object');
    return findUnsafeStrings(schema).map(({ code, keyword: about, path, text }) => [code, about, path, text]);
  };

  it.each(['0', '5', '3.0', '1e2', 'null'])('may be a minLength of %s', (lexeme) => {
    expect(found('minLength', lexeme)).toEqual([]);
  });

  it.each(['-1', '60.5', '"5"', 'true', '[]', '{}', '1e400'])('refuses %s as minLength', (lexeme) => {
    expect(found('minLength', lexeme)).toEqual([
      ['SCHEMA_SHAPE_INVALID', 'minLength', '$.value', 'must be an integer that is not negative'],
    ]);
  });

  it.each(['"date"', '"of our own"', 'null'])('may be a format of %s', (lexeme) => {
    expect(found('format', lexeme)).toEqual([]);
  });

  it.each(['5', 'false', '[]', '{}'])('refuses %s as format', (lexeme) => {
    expect(found('format', lexeme)).toEqual([['SCHEMA_SHAPE_INVALID', 'format', '$.value', 'must be a text']]);
  });
});

it('a schema may have more properties than a function can have arguments', () => {
  const properties = Object.fromEntries(
    Array.from({ length: 200_000 }, (_, index) => [`p${index}`, { type: 'string' }]),
  );
  expect(findUnsafeStrings(toJsonValue({ type: 'object', properties }) as JsonObject)).toEqual([]);
});

describe('a pattern of a JSON schema', () => {
  const failures = (pattern: unknown) =>
    failuresOfSet([
      toy((root) => {
        const items = { type: 'object', properties: { code: { type: 'string', maxLength: 5, pattern } } };
        root.projectSchema.resourceSchemas.widgets.jsonSchemaForInsert = {
          type: 'object',
          properties: { codes: { type: 'array', items } },
        };
      }),
    ]).map(({ code, where, message }) => [code, where.resource, where.path, message]);

  it.each(['(', '[z-a]', 'a{2,1}', '*'])(
    'that is not a regular expression is reported with its path: %s',
    (pattern) => {
      expect(failures(pattern)).toEqual([
        [
          'SCHEMA_PATTERN_INVALID',
          'Toy:Widget',
          '$.codes[*].code',
          expect.stringMatching(
            /: the pattern of \$\.codes\[\*\]\.code is not a regular expression \(Invalid regular expression: .*; correct it\.$/,
          ),
        ],
      ]);
    },
  );

  it('must be a text', () => {
    expect(failures(5)).toEqual([
      ['SCHEMA_SHAPE_INVALID', 'Toy:Widget', '$.codes[*].code', expect.stringContaining('must be a text')],
    ]);
  });

  it.each(['^\\S(.*\\S)?$', '\\p{L}+', '[\\w-\\.]', '(a+)+$'])(
    'that the check of documents can use is accepted: %s',
    (pattern) => {
      expect(findUnsafeStrings(toJsonValue({ type: 'string', pattern }) as JsonObject)).toEqual([]);
    },
  );
});
