import { describe, expect, it } from 'vitest';
import {
  aliasValue,
  all,
  allOrNone,
  any,
  type CheckExpression,
  call,
  column,
  equal,
  greater,
  isNotNull,
  isNull,
  normalForm,
  notEqual,
  nullOrTrue,
  number,
  printExpression,
  text,
} from './expression.ts';

/* Normal forms of expressions (design 09a §1.5); the expected texts are those of the chapter. */

describe('normal form', () => {
  const cases: readonly (readonly [string, CheckExpression, string])[] = [
    [
      'all or none of two columns',
      allOrNone(['School_DocumentId', 'School_SchoolId']),
      '("School_DocumentId" IS NULL AND "School_SchoolId" IS NULL) OR ("School_DocumentId" IS NOT NULL AND "School_SchoolId" IS NOT NULL)',
    ],
    [
      'all or none of three columns, in their order',
      allOrNone(['B', 'A', 'C']),
      '("B" IS NULL AND "A" IS NULL AND "C" IS NULL) OR ("B" IS NOT NULL AND "A" IS NOT NULL AND "C" IS NOT NULL)',
    ],
    [
      'a gated alias',
      aliasValue('Namespace_Unified', 'Assessment_DocumentId'),
      'CASE WHEN "Assessment_DocumentId" IS NULL THEN NULL ELSE "Namespace_Unified" END',
    ],
    ['an alias without gate', aliasValue('Namespace_Unified', null), '"Namespace_Unified"'],
    [
      'a presence flag',
      nullOrTrue('ClassOfYear_Present'),
      '"ClassOfYear_Present" IS NULL OR "ClassOfYear_Present" = TRUE',
    ],
    [
      'a comparison with a text',
      notEqual(call('btrim', column('ApiSchemaFormatVersion')), text('')),
      `btrim("ApiSchemaFormatVersion") <> ''`,
    ],
    [
      'a comparison with a word',
      equal(call('jsonb_typeof', column('DocumentJson')), text('object')),
      `jsonb_typeof("DocumentJson") = 'object'`,
    ],
    [
      'a comparison with a number',
      equal(column('EffectiveSchemaSingletonId'), number(1)),
      '"EffectiveSchemaSingletonId" = 1',
    ],
    [
      'functions in lower case',
      greater(call('LEN', call('LTRIM', call('RTRIM', column('ApiSchemaFormatVersion')))), number(0)),
      'len(ltrim(rtrim("ApiSchemaFormatVersion"))) > 0',
    ],
    ['arguments with one blank after commas', call('LEFT', column('a'), number(1)), 'left("a", 1)'],
    ['a function without arguments', call('NOW'), 'now()'],
    [
      'the next value of a sequence',
      { kind: 'nextValue', sequence: { schema: 'dms', name: 'ChangeVersionSequence' } },
      'nextval(dms.ChangeVersionSequence)',
    ],
    ['quotes in names and texts are doubled', equal(column('a"b'), text("it's")), `"a""b" = 'it''s'`],
    [
      'OR inside AND has parentheses',
      all(any(isNull(column('a')), isNull(column('b'))), isNotNull(column('c'))),
      '("a" IS NULL OR "b" IS NULL) AND "c" IS NOT NULL',
    ],
    [
      'AND inside OR has parentheses',
      any(isNull(column('a')), all(isNull(column('b')), isNull(column('c')))),
      '"a" IS NULL OR ("b" IS NULL AND "c" IS NULL)',
    ],
    [
      'operands of one kind are flat, in their order',
      any(any(isNull(column('c')), isNull(column('a'))), isNull(column('b'))),
      '"c" IS NULL OR "a" IS NULL OR "b" IS NULL',
    ],
    [
      'operands of AND are flat too',
      all(isNull(column('c')), all(isNull(column('a')), isNull(column('b')))),
      '"c" IS NULL AND "a" IS NULL AND "b" IS NULL',
    ],
    [
      'two comparisons',
      all(
        equal(call('ISJSON', column('DocumentJson')), number(1)),
        equal(call('LEFT', call('LTRIM', column('DocumentJson')), number(1)), text('{')),
      ),
      `isjson("DocumentJson") = 1 AND left(ltrim("DocumentJson"), 1) = '{'`,
    ],
  ];

  it.each(cases)('%s', (_title, expression, form) => {
    expect(normalForm(expression)).toBe(form);
  });
});

describe('printing with other leaves', () => {
  it('uses them for names, texts, TRUE, sequences and functions, and nothing else', () => {
    const leaves = {
      column: (name: string) => `[${name}]`,
      text: (value: string) => `N'${value}'`,
      true: '1',
      nextValue: ({ schema, name }: { schema: string; name: string }) => `NEXT VALUE FOR ${schema}.${name}`,
      function: (name: string) => name.toUpperCase(),
      collation: (name: string) => name,
    };
    const print = (expression: CheckExpression) => printExpression(expression, leaves);
    expect(print(nullOrTrue('x'))).toBe('[x] IS NULL OR [x] = 1');
    expect(print(aliasValue('c', 'p'))).toBe('CASE WHEN [p] IS NULL THEN NULL ELSE [c] END');
    expect(print(equal(call('len', column('x')), text('a')))).toBe("LEN([x]) = N'a'");
    expect(print({ kind: 'nextValue', sequence: { schema: 'dms', name: 'S' } })).toBe('NEXT VALUE FOR dms.S');
  });
});
