import type { DocumentSchemas } from '@dms/api-schema';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { type JsonObject, parseJson } from '@dms/values';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { mergedDiagnostics, schemaCheck } from './schema-check.ts';

const json = (value: unknown) => parseJson(JSON.stringify(value), 'test.json');

const schemasOf = (...schemas: unknown[]): DocumentSchemas =>
  new Map([['Campus:Pupil', schemas.map((each) => json(each) as JsonObject)]]);

const text = (more: object) => ({ type: 'object', properties: { name: { type: 'string', ...more } } });

const place = (document: unknown, index: number) => ({
  document: json(document),
  file: 'a.jsonl',
  line: index + 1,
});

/**
 * The result of a check of documents with little time: the violations of each, and the warnings with their positions.
 */
function checked(schemas: DocumentSchemas, ...documents: unknown[]) {
  const warnings: (readonly [Diagnostic, number])[] = [];
  const check = schemaCheck(schemas, { document: 200, batch: 200 });
  const violations = check.diagnosticsOf('Campus:Pupil', documents.map(place), (...each) => void warnings.push(each));
  return { violations, warnings };
}

const diagnostics = (schemas: DocumentSchemas, ...documents: unknown[]) => {
  const { violations, warnings } = checked(schemas, ...documents);
  expect(warnings).toEqual([]);
  return violations;
};

const messages = (schema: unknown, document: unknown) =>
  diagnostics(schemasOf(schema), document)[0]?.map(({ message }) => message);

describe('the check against JSON schemas', () => {
  it.each([
    [
      'minLength',
      text({ minLength: 1 }),
      { name: '' },
      '$.name is ""; by the schema it must not have fewer than 1 character.',
    ],
    [
      'maxLength',
      text({ maxLength: 2 }),
      { name: 'abc' },
      '$.name is "abc"; by the schema it must not have more than 2 characters.',
    ],
    [
      'pattern',
      text({ pattern: '^(?!\\s)(.*\\S)$' }),
      { name: ' u9 ' },
      '$.name is " u9 "; by the schema it must match pattern "^(?!\\s)(.*\\S)$".',
    ],
    [
      'format',
      text({ format: 'email' }),
      { name: 'nobody' },
      '$.name is "nobody"; by the schema it must match format "email".',
    ],
    [
      'minimum',
      { properties: { year: { type: 'integer', minimum: 1900 } } },
      { year: 3 },
      '$.year is 3; by the schema it must be >= 1900.',
    ],
    [
      'minItems of an array in an array',
      { properties: { a: { items: { properties: { b: { type: 'array', minItems: 1 } } } } } },
      { a: [{ b: [1] }, { b: [] }] },
      '$.a[1].b is an array; by the schema it must not have fewer than 1 item.',
    ],
    [
      'additionalProperties, where a member has the name of the prototype',
      { additionalProperties: false, properties: { name: {} } },
      // a literal would set the prototype
      JSON.parse('{ "name": "a", "__proto__": { "name": "b" } }'),
      '$ is an object; by the schema it must not have additional properties.',
    ],
    ['required', { required: ['name'] }, {}, '$.name is required by the schema.'],
    [
      'required, where only the prototype would have it',
      { required: ['name'] },
      JSON.parse('{ "__proto__": { "name": "b" } }'),
      '$.name is required by the schema.',
    ],
    ['required, for what is null', { required: ['name'] }, { name: null }, '$.name is required by the schema.'],
  ])('refuses a value by %s', (_, schema, document, message) => {
    expect(messages(schema, document)).toEqual([`Campus:Pupil ${message}`]);
  });

  it.each([
    ['what fits', text({ minLength: 1, pattern: '^[a-z]+$' }), { name: 'abc' }],
    ['what is null where it need not be there', text({ minLength: 1 }), { name: null }],
    ['a time without a zone, which the model checks', text({ format: 'time' }), { name: '08:30:00' }],
    ['a number that is whole', { properties: { n: { type: 'integer' } } }, { n: 5 }],
    [
      'a value by a pattern that is valid only outside of the mode for Unicode',
      text({ pattern: '^a\\-b$' }),
      { name: 'a-b' },
    ],
  ])('accepts %s', (_, schema, document) => {
    expect(messages(schema, document)).toEqual([]);
  });

  it('does not take inherited members for members', () => {
    expect(messages({ required: ['constructor'] }, {})).toEqual([
      'Campus:Pupil $.constructor is required by the schema.',
    ]);
  });

  it('says where a document stands, which path is refused, and by what', () => {
    const [first, second] = diagnostics(schemasOf(text({ minLength: 1 })), { name: 'x' }, { name: '' });
    expect(first).toEqual([]);
    expect(second).toMatchObject([
      {
        code: 'DOCUMENT_SCHEMA_VIOLATED',
        where: { file: 'a.jsonl', line: 2, resource: 'Campus:Pupil', path: '$.name' },
        details: { resource: 'Campus:Pupil', path: '$.name', keyword: 'minLength' },
      },
    ]);
  });

  it('applies the schemas of extensions to the same document', () => {
    const extension = {
      properties: { _ext: { properties: { sport: { properties: { team: { type: 'string', minLength: 2 } } } } } },
    };
    const [found] = diagnostics(schemasOf(text({ minLength: 1 }), extension), {
      name: '',
      _ext: { sport: { team: 'x' } },
    });
    expect(found?.map(({ where }) => where.path)).toEqual(['$.name', '$._ext.sport.team']);
  });

  it('reports at most 100 problems of a document', () => {
    const schema = { properties: { list: { items: { type: 'string' } } } };
    expect(messages(schema, { list: Array.from({ length: 1000 }, () => 1) })).toHaveLength(100);
  });

  describe('with a time from the environment', () => {
    afterEach(() => void vi.unstubAllEnvs());

    it.each(['0', '-1', 'many', '1e9'])('refuses %s', (seconds) => {
      vi.stubEnv('DMS_SCHEMA_CHECK_SECONDS', seconds);
      expect(() => schemaCheck(schemasOf({}))).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    });
  });

  describe('of different items', () => {
    const items = (more: object = {}) => ({ properties: { list: { type: 'array', uniqueItems: true, ...more } } });
    const numbers = Array.from({ length: 50 }, (_, index) => index);
    const lists = [
      ['objects', numbers.map((n) => ({ phone: String(n), label: 'home' }))],
      ['arrays', numbers.map((n) => ['a', n])],
      ['texts', numbers.map(String)],
      ['values of all types', numbers.flatMap((n) => [n, String(n), [n], { n }])],
    ] as const;

    it.each(lists)('accepts many %s at once', (_, list) => {
      expect(diagnostics(schemasOf(items()), { list })).toEqual([[]]);
    });

    it.each(lists)('finds the last of many %s equal to the first', (_, list) => {
      const last = list.length;
      expect(messages(items(), { list: [...list, list[0]] })).toEqual([
        `Campus:Pupil $.list is an array; by the schema it must not have duplicate items (items ## 0 and ${last} are identical).`,
      ]);
    });

    it.each([
      ['contains', items({ contains: { properties: { n: { const: 49 } } } })],
      ['oneOf', items({ items: { oneOf: [{ required: ['n'] }, { required: ['m'] }] } })],
      ['in arrays in arrays', { properties: { list: { uniqueItems: true, items: items() } } }],
    ])('has no limit with %s', (_, schema) => {
      const check = schemaCheck(schemasOf(schema));
      expect(check.isLinear('Campus:Pupil')).toBe(true);
      expect(diagnostics(schemasOf(schema), { list: numbers.map((n) => ({ n })) })).toEqual([[]]);
    });

    it.each([
      ['members in another order', [{ a: 1, b: [2] }, JSON.parse('{ "b": [2], "a": 1 }')], false],
      ['numbers written in another way', [1, JSON.parse('1')], false],
      ['the name of a prototype twice', ['__proto__', '__proto__'], false],
      ['a number and its text', [1, '1'], true],
      ['an array and its text', [['a'], '["a"]'], true],
      ['texts that would be one if joined', [['a', 'b'], ['a,b']], true],
      ['true and its text', [true, 'true'], true],
    ])('compares %s by value', (_, list, areDifferent) => {
      expect(messages(items(), { list })).toHaveLength(areDifferent ? 0 : 1);
    });
  });

  it('refuses a schema that cannot be compiled before any document', () => {
    const check = schemaCheck(schemasOf({ type: 'objekt' }));
    expect(() => check.prepare('Campus:Pupil')).toThrow(
      expect.objectContaining({ code: 'DOCUMENT_SCHEMA_INVALID', message: expect.stringContaining('Campus:Pupil') }),
    );
  });
});

describe('a process that makes no code from texts', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('is refused with the option of Node, whatever the schema', () => {
    // as V8 does with --disallow-code-generation-from-strings
    vi.stubGlobal('Function', function refuse() {
      throw new EvalError('Code generation from strings disallowed for this context');
    });
    const check = schemaCheck(schemasOf(text({ minLength: 1 })));
    expect(() => check.prepare('Campus:Pupil')).toThrow(
      expect.objectContaining({
        code: 'PROCESS_CODE_GENERATION',
        message: expect.stringContaining('--disallow-code-generation-from-strings'),
      }),
    );
  });
});

describe('the problems of both checks', () => {
  const at = (code: 'DOCUMENT_VALUE_MISSING' | 'DOCUMENT_SCHEMA_VIOLATED', path: string) =>
    diagnostic(code, path, { path });
  const ofSchema = ['$.name', '$.names', '$.schoolReference.schoolId', '$.list'].map((path) =>
    at('DOCUMENT_SCHEMA_VIOLATED', path),
  );

  it('name what is wrong at one place once', () => {
    const ofModel = ['$.name', '$.schoolReference', '$.list[0].code'].map((path) => at('DOCUMENT_VALUE_MISSING', path));
    const merged = mergedDiagnostics(ofModel, ofSchema);
    expect(merged.map(({ code, where }) => `${code} ${where.path}`)).toEqual([
      'DOCUMENT_VALUE_MISSING $.name',
      'DOCUMENT_VALUE_MISSING $.schoolReference',
      'DOCUMENT_VALUE_MISSING $.list[0].code',
      'DOCUMENT_SCHEMA_VIOLATED $.names',
    ]);
  });
});
