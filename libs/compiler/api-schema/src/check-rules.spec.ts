import { isJsonObject, type JsonObject, parseJson, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { failuresOfSet, toy } from '../test/toy.ts';
import { findUnusableRules } from './check-rules.ts';

/** The findings for a schema whose `value` has this `maxLength`, as written in the file. */
function diagnosticsOf(lexeme: string) {
  const schema = parseJson(`{"properties":{"value":{"type":"string","maxLength":${lexeme}}}}`, 'schema.json');
  if (!isJsonObject(schema)) throw new Error('the schema must be an object');
  return findUnusableRules(schema).map(({ code, path, text }) => [code, path, text]);
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
    return findUnusableRules(schema).map(({ code, keyword: about, path, text }) => [code, about, path, text]);
  };

  it.each(['0', '5', '3.0', '1e2', 'null'])('may be a minLength of %s', (lexeme) => {
    expect(found('minLength', lexeme)).toEqual([]);
  });

  it.each(['-1', '60.5', '"5"', 'true', '[]', '{}', '1e400'])('refuses %s as minLength', (lexeme) => {
    expect(found('minLength', lexeme)).toEqual([
      ['SCHEMA_SHAPE_INVALID', 'minLength', '$.value', 'must be an integer that is not negative'],
    ]);
  });

  it.each([
    '"date"',
    '"date-time"',
    '"int64"',
    '"email"',
    '"idn-email"',
    '"uint32"',
    '"url"',
    'null',
    '"currency"',
    '""',
  ])('may be a format of %s', (lexeme) => {
    expect(found('format', lexeme)).toEqual([]);
  });

  it.each([
    ['DATE', 'date'],
    ['dateTime', 'date-time'],
    ['date_time', 'date-time'],
    ['Int64', 'int64'],
  ])('refuses %j, which is mistyped', (format, meant) => {
    expect(found('format', JSON.stringify(format))).toEqual([
      ['SCHEMA_FORMAT_MISTYPED', 'format', '$.value', `is "${format}", which nothing knows; write "${meant}"`],
    ]);
  });

  it.each(['5', 'false', '[]', '{}'])('refuses %s as format', (lexeme) => {
    expect(found('format', lexeme)).toEqual([['SCHEMA_SHAPE_INVALID', 'format', '$.value', 'must be a text']]);
  });
});

describe('a rule for values', () => {
  const found = (members: string, type = 'integer') => {
    const schema = parseJson(`{"properties":{"value":{"type":"${type}",${members}}}}`, 'schema.json');
    if (!isJsonObject(schema)) throw new Error('the schema must be an object');
    return findUnusableRules(schema).map(({ code, keyword, path, text }) => [code, keyword, path, text]);
  };

  it.each([
    ['"minLength":6,"maxLength":5', 'minLength', 'is 6, and the maxLength is 5'],
    ['"minItems":2,"maxItems":1', 'minItems', 'is 2, and the maxItems is 1'],
    ['"minProperties":2,"maxProperties":1.0', 'minProperties', 'is 2, and the maxProperties is 1.0'],
    ['"minimum":1,"maximum":0', 'minimum', 'is 1, and the maximum is 0'],
    ['"minimum":0.5,"maximum":-1e3', 'minimum', 'is 0.5, and the maximum is -1e3'],
    ['"minimum":5,"exclusiveMaximum":5', 'minimum', 'is 5, and the exclusiveMaximum is 5'],
    ['"exclusiveMinimum":5,"maximum":5', 'exclusiveMinimum', 'is 5, and the maximum is 5'],
    ['"exclusiveMinimum":5,"exclusiveMaximum":5', 'exclusiveMinimum', 'is 5, and the exclusiveMaximum is 5'],
  ])('that contradicts another one is reported: %s', (members, keyword, text) => {
    expect(found(members)).toEqual([
      ['SCHEMA_LIMITS_CONTRADICTORY', keyword, '$.value', `${text}, so no value obeys both; correct one of them`],
    ]);
  });

  it.each([
    '"minLength":5,"maxLength":5',
    '"minItems":0,"maxItems":0',
    '"minimum":-1,"maximum":-1',
    '"minimum":4,"exclusiveMaximum":4.5',
    '"minimum":9,"maximum":null',
    '"uniqueItems":true,"multipleOf":0.01',
  ])('that some value obeys is accepted: %s', (members) => {
    expect(found(members)).toEqual([]);
  });

  it.each([
    ['"minimum":"5"', 'minimum', 'must be a number'],
    ['"exclusiveMaximum":true', 'exclusiveMaximum', 'must be a number'],
    ['"multipleOf":0', 'multipleOf', 'must be a number above 0'],
    ['"minItems":-1', 'minItems', 'must be an integer that is not negative'],
    ['"maxProperties":1.5', 'maxProperties', 'must be an integer that is not negative'],
    ['"uniqueItems":"yes"', 'uniqueItems', 'must be true or false'],
  ])('that the check of documents could not use is reported: %s', (members, keyword, text) => {
    expect(found(members)).toEqual([['SCHEMA_SHAPE_INVALID', keyword, '$.value', text]]);
  });

  it('is found in descriptors too, with its place', () => {
    const failures = failuresOfSet([
      toy((root) => {
        const [name] = Object.keys(root.projectSchema.resourceSchemas);
        const resource = root.projectSchema.resourceSchemas[name ?? ''];
        resource.isDescriptor = true;
        resource.jsonSchemaForInsert = {
          type: 'object',
          properties: {
            namespace: { type: 'string', minLength: 300, maxLength: 255 },
            codeValue: { type: 'string', maxLength: 50, format: 'DATE' },
          },
        };
      }),
    ]);
    expect(failures.map(({ code, where }) => [code, where.path]).sort()).toEqual([
      ['SCHEMA_FORMAT_MISTYPED', '$.codeValue'],
      ['SCHEMA_LIMITS_CONTRADICTORY', '$.namespace'],
    ]);
  });
});

it('a schema may have more properties than a function can have arguments', () => {
  const properties = Object.fromEntries(
    Array.from({ length: 200_000 }, (_, index) => [`p${index}`, { type: 'string' }]),
  );
  expect(findUnusableRules(toJsonValue({ type: 'object', properties }) as JsonObject)).toEqual([]);
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
      expect(findUnusableRules(toJsonValue({ type: 'string', pattern }) as JsonObject)).toEqual([]);
    },
  );
});
