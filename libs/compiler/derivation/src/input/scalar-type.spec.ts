import { build, expectRejected, modelOf, resourceOf, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { columnLines } from '../../test/model-text.ts';

const withThing = (schema: build.JsonRecord, infos: readonly build.JsonRecord[] = []) =>
  build.project('Ed-Fi', [
    build.resource('Thing', {
      jsonSchemaForInsert: build.object({ value: schema }),
      decimalPropertyValidationInfos: infos,
    }),
  ]);

const typeOf = (schema: build.JsonRecord, infos?: readonly build.JsonRecord[]) =>
  columnLines(tableOf(modelOf([withThing(schema, infos)]), 'edfi.Thing'))[1]?.split(' ')[2];

const rejected = (schema: build.JsonRecord, code: Parameters<typeof expectRejected>[1]['code'], ...names: string[]) =>
  expectRejected([withThing(schema)], { code, resource: 'Ed-Fi:Thing', names });

describe('the type of a scalar', () => {
  it.each([
    [{ type: 'string', format: 'date' }, 'Date'],
    [{ type: 'string', format: 'date-time' }, 'DateTime'],
    [{ type: 'string', format: 'time' }, 'Time'],
    [{ type: 'string', maxLength: 30 }, 'String(30)'],
    [{ type: 'string', maxLength: 30, minLength: 5, pattern: '^P' }, 'String(30)'],
    [{ type: 'string', format: 'uri', maxLength: 255 }, 'String(255)'],
    [{ type: 'string', format: 'date', maxLength: 10 }, 'Date'],
    [{ type: 'integer' }, 'Int32'],
    [{ type: 'integer', format: 'int32' }, 'Int32'],
    [{ type: 'integer', format: 'int64' }, 'Int64'],
    [{ type: 'integer', minimum: -9007199254740991, maximum: 9007199254740991 }, 'Int32'],
    [{ type: 'boolean' }, 'Boolean'],
  ] as const)('%j is %s', (schema, type) => {
    expect(typeOf(schema)).toBe(type);
  });

  it('needs a "type"', () => {
    rejected({ maxLength: 20 }, 'SCALAR_TYPE_MISSING', '$.value');
    rejected({ type: null, maxLength: 20 }, 'SCALAR_TYPE_MISSING', '$.value');
  });

  it('must be one of the known ones', () => {
    rejected({ type: 'null' }, 'SCALAR_TYPE_UNSUPPORTED', '$.value', 'null');
    rejected({ type: 'float' }, 'SCALAR_TYPE_UNSUPPORTED', '$.value', 'float');
  });
});

describe('the maxLength of a string', () => {
  it('is mandatory', () => {
    const schema = build.object({ comment: { type: 'string' } });
    const document = build.project('Ed-Fi', [build.resource('Thing', { jsonSchemaForInsert: schema })]);
    expectRejected([document], { code: 'STRING_MAX_LENGTH_MISSING', resource: 'Ed-Fi:Thing', names: ['$.comment'] });
    rejected({ type: 'string', maxLength: null }, 'STRING_MAX_LENGTH_MISSING', '$.value');
    rejected({ type: 'string', format: 'uri' }, 'STRING_MAX_LENGTH_MISSING', '$.value');
  });
});

describe('the precision of a number', () => {
  const info = (totalDigits: number | null, decimalPlaces: number | null) => [
    { path: '$.value', totalDigits, decimalPlaces },
  ];

  const fallbacks = (infos: readonly build.JsonRecord[]) =>
    resourceOf(modelOf([withThing(build.number(), infos)]), 'Ed-Fi:Thing').decimalPrecisionFallbacks.map(
      ({ sourcePath, reason }) => `${sourcePath.canonical} ${reason}`,
    );

  it('comes from decimalPropertyValidationInfos', () => {
    expect(typeOf(build.number(), info(9, 2))).toBe('Decimal(9,2)');
    expect(typeOf(build.number(), info(5, 5))).toBe('Decimal(5,5)');
    expect(typeOf(build.number(), info(5, 0))).toBe('Decimal(5,0)');
    expect(fallbacks(info(9, 2))).toEqual([]);
  });

  it('is (18, 4) without an entry, and the path is recorded as missing', () => {
    expect(typeOf(build.number())).toBe('Decimal(18,4)');
    expect(fallbacks([])).toEqual(['$.value missing']);
    expect(fallbacks([{ path: '$.other', totalDigits: 5, decimalPlaces: 2 }])).toEqual(['$.value missing']);
  });

  it('is (18, 4) when the entry lacks one of the two numbers, and the path is recorded as incomplete', () => {
    expect(typeOf(build.number(), info(9, null))).toBe('Decimal(18,4)');
    expect(typeOf(build.number(), [{ path: '$.value', decimalPlaces: 2 }])).toBe('Decimal(18,4)');
    expect(fallbacks(info(9, null))).toEqual(['$.value incomplete']);
    expect(fallbacks(info(null, 2))).toEqual(['$.value incomplete']);
  });

  it('is recorded per resource by path', () => {
    const schema = build.object({
      b: build.number(),
      a: build.number(),
      rows: build.array(build.object({ n: build.number() })),
    });
    const model = modelOf([
      build.project('Ed-Fi', [
        build.resource('Thing', {
          jsonSchemaForInsert: schema,
          decimalPropertyValidationInfos: [{ path: '$.a', totalDigits: 3 }],
        }),
      ]),
    ]);
    expect(
      resourceOf(model, 'Ed-Fi:Thing').decimalPrecisionFallbacks.map(({ sourcePath, reason }) => [
        sourcePath.canonical,
        reason,
      ]),
    ).toEqual([
      ['$.a', 'incomplete'],
      ['$.b', 'missing'],
      ['$.rows[*].n', 'missing'],
    ]);
  });

  it.each([
    ['more decimal places than digits', 2, 5],
    ['no digits', 0, 0],
    ['negative digits', -3, -4],
    ['negative decimal places', 5, -1],
  ])('cannot have %s', (_, totalDigits, decimalPlaces) => {
    expectRejected([withThing(build.number(), info(totalDigits, decimalPlaces))], {
      code: 'DECIMAL_INFO_INVALID',
      resource: 'Ed-Fi:Thing',
      names: ['$.value'],
    });
  });

  it('is given once per path', () => {
    expectRejected([withThing(build.number(), [...info(9, 2), ...info(9, 2)])], {
      code: 'DECIMAL_INFO_DUPLICATE',
      resource: 'Ed-Fi:Thing',
      names: ['$.value'],
    });
  });

  it('must be given in an extension table, completely', () => {
    const school = build.resource('School', { jsonSchemaForInsert: build.object({}) });
    const extension = (infos: readonly build.JsonRecord[]) => [
      build.project('Ed-Fi', [school]),
      build.project(
        'Sample',
        [
          build.extensionOf('School', {
            jsonSchemaForInsert: build.object({ _ext: build.ext('sample', build.object({ fee: build.number() })) }),
            decimalPropertyValidationInfos: infos,
          }),
        ],
        { isExtension: true },
      ),
    ];
    const path = '$._ext.sample.fee';
    const fault = { code: 'DECIMAL_INFO_MISSING', resource: 'Sample:School', names: [path] } as const;
    expectRejected(extension([]), fault);
    expectRejected(extension([{ path, totalDigits: 9 }]), fault);
    const model = modelOf(extension([{ path, totalDigits: 9, decimalPlaces: 2 }]));
    expect(columnLines(tableOf(model, 'sample.SchoolExtension'))).toEqual([
      'DocumentId ParentKeyPart Int64 NOT NULL -',
      `Fee Scalar Decimal(9,2) NULL ${path}`,
    ]);
  });
});
