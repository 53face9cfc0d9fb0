import { describe, expect, it } from 'vitest';
import { normalExpression } from './normal-expression.ts';

const allOrNone =
  '("School_DocumentId" IS NULL AND "School_SchoolId" IS NULL) OR ("School_DocumentId" IS NOT NULL AND "School_SchoolId" IS NOT NULL)';
const alias = 'CASE WHEN "Assessment_DocumentId" IS NULL THEN NULL ELSE "Namespace_Unified" END';

describe('the normal form of what an engine prints', () => {
  it.each([
    ['a script', allOrNone, allOrNone],
    [
      'PostgreSQL',
      '((("School_DocumentId" IS NULL) AND ("School_SchoolId" IS NULL)) OR (("School_DocumentId" IS NOT NULL) AND ("School_SchoolId" IS NOT NULL)))',
      allOrNone,
    ],
    [
      'SQL Server',
      '([School_DocumentId] IS NULL AND [School_SchoolId] IS NULL OR [School_DocumentId] IS NOT NULL AND [School_SchoolId] IS NOT NULL)',
      allOrNone,
    ],
    ['a script', alias, alias],
    [
      'PostgreSQL',
      '\nCASE\n    WHEN ("Assessment_DocumentId" IS NULL) THEN NULL::character varying\n    ELSE "Namespace_Unified"\nEND',
      alias,
    ],
    ['SQL Server', '(case when [Assessment_DocumentId] IS NULL then NULL else [Namespace_Unified] end)', alias],
    ['PostgreSQL', `(btrim(("ApiSchemaFormatVersion")::text) <> ''::text)`, `btrim("ApiSchemaFormatVersion") <> ''`],
    ['PostgreSQL', `(jsonb_typeof("DocumentJson") = 'object'::text)`, `jsonb_typeof("DocumentJson") = 'object'`],
    ['SQL Server', '([EffectiveSchemaSingletonId]=(1))', '"EffectiveSchemaSingletonId" = 1'],
    [
      'SQL Server',
      '(len(ltrim(rtrim([ApiSchemaFormatVersion])))>(0))',
      'len(ltrim(rtrim("ApiSchemaFormatVersion"))) > 0',
    ],
    ['PostgreSQL', `nextval('dms."ChangeVersionSequence"'::regclass)`, 'nextval(dms.ChangeVersionSequence)'],
    ['SQL Server', '(NEXT VALUE FOR [dms].[ChangeVersionSequence])', 'nextval(dms.ChangeVersionSequence)'],
    ['PostgreSQL', 'pg_catalog.now()', 'now()'],
    ['SQL Server', '(sysutcdatetime())', 'sysutcdatetime()'],
    [
      'PostgreSQL',
      `(("State")::text = ANY ((ARRAY['On'::character varying, 'Off'::character varying])::text[]))`,
      `"State" IN ('On', 'Off')`,
    ],
    ['PostgreSQL', `("State" = ANY (ARRAY['On'::text, 'Off'::text]))`, `"State" IN ('On', 'Off')`],
    [
      'PostgreSQL',
      '(((old."A")::text IS DISTINCT FROM (new."A")::text) OR (old."B" IS DISTINCT FROM new."B"))',
      'OLD."A" IS DISTINCT FROM NEW."A" OR OLD."B" IS DISTINCT FROM NEW."B"',
    ],
    ['SQL Server', "(isjson([J])=(1) AND left(ltrim([J]),(1))=N'{')", `isjson("J") = 1 AND left(ltrim("J"), 1) = '{'`],
  ])('%s: %s', (_origin, text, expected) => {
    expect(normalExpression(text)).toBe(expected);
    expect(normalExpression(expected)).toBe(expected);
  });

  it.each([
    ['a AND (b AND c)', '"a" AND "b" AND "c"'],
    ['((a OR b) OR (c))', '"a" OR "b" OR "c"'],
    ['b AND a', '"b" AND "a"'],
    ['(a OR b) AND c', '("a" OR "b") AND "c"'],
    ['a OR b AND c', '"a" OR ("b" AND "c")'],
    ['a != 1', '"a" <> 1'],
    ['NOT (a IS NULL)', '"a" IS NOT NULL'],
    ['NOT (a = 1 AND b = 2)', 'NOT ("a" = 1 AND "b" = 2)'],
    ["CASE a WHEN 1 THEN 'x' END", `CASE WHEN "a" = 1 THEN 'x' ELSE NULL END`],
    ['(a = b) IS NULL', '("a" = "b") IS NULL'],
    ['(a = b) = c', '("a" = "b") = "c"'],
    ['(a + b) * c', '("a" + "b") * "c"'],
    ['a + b * c', '"a" + "b" * "c"'],
    ['a - (b - c)', '"a" - ("b" - "c")'],
    ['(a - b) - c', '"a" - "b" - "c"'],
    ['a IS DISTINCT FROM b', '"a" IS DISTINCT FROM "b"'],
    ['a > -5', '"a" > -5'],
    ['t.a = true', '"a" = TRUE'],
    ["'it''s'::text", "'it''s'"],
    ['1::numeric(9,2)', '1'],
    ['a::numeric(9,2)', 'CAST("a" AS numeric(9,2))'],
    ['CONVERT([date],[a])', 'CAST("a" AS date)'],
    ['a::character varying(5)', 'CAST("a" AS character varying(5))'],
    ['a::timestamp with time zone', 'CAST("a" AS timestamp with time zone)'],
    // a cast to regclass is dropped only from a literal
    ["'a'::regclass", "'a'"],
    ['a::regclass', 'CAST("a" AS regclass)'],
    ['"Q"."F"(a, CURRENT_DATE)', '"Q"."F"("a", CURRENT_DATE)'],
    ['"a""b" = c', '"a""b" = "c"'],
  ])('%s is %s', (text, expected) => {
    expect(normalExpression(text)).toBe(expected);
    // the normal form of a normal form is the same
    expect(normalExpression(expected)).toBe(expected);
  });

  it.each([
    "a ~ 'x'",
    "a LIKE 'x%'",
    "E'\\n'",
    'a BETWEEN 1 AND 2',
    'a = ANY (b)',
    'a = ANY (ARRAY[1, 2)',
    'a IN (SELECT 1)',
    'a IN ()',
    'a NOT IN (1)',
    '(a',
    '',
    'a b',
    'count(*)',
  ])('%s is outside of the grammar and equals only itself', (text) => {
    expect(normalExpression(` ${text.replaceAll(' ', '\n  ')} `)).toBe(`raw:${text}`);
  });

  it('compares truth values of SQL Server as such', () => {
    expect(normalExpression('([P] IS NULL OR [P]=(1))', new Set(['P']))).toBe('"P" IS NULL OR "P" = TRUE');
    expect(normalExpression('([P] IS NULL OR [Q]=(1))', new Set(['P']))).toBe('"P" IS NULL OR "Q" = 1');
  });

  it('is found for nested expressions of any depth', () => {
    const depth = 500;
    expect(normalExpression(`${'('.repeat(depth)}a = 1${')'.repeat(depth)}`)).toBe('"a" = 1');
  });
});

describe('parentheses of what others have written (design 09a §1.5)', () => {
  it.each([
    ['(("A" = 1) OR ("B" = 2)) AND ("C" = 3)', '("A" = 1 OR "B" = 2) AND "C" = 3'],
    ['("A" = 1) OR (("B" = 2) AND ("C" = 3))', '"A" = 1 OR ("B" = 2 AND "C" = 3)'],
    ['NOT ("A" = 1)', 'NOT ("A" = 1)'],
    ['-("A" + 1) > 0', '-("A" + 1) > 0'],
    ['("A" = 1) = ("B" = 2)', '("A" = 1) = ("B" = 2)'],
    ['(("A" + 1) * 2) > 3', '("A" + 1) * 2 > 3'],
    ['(("A" * 2) + 1) > 3', '"A" * 2 + 1 > 3'],
    ['("A" - ("B" - 1)) > 3', '"A" - ("B" - 1) > 3'],
    ['(("A" - "B") - 1) > 3', '"A" - "B" - 1 > 3'],
    ['(lower(("A")) = (\'x\'))', 'lower("A") = \'x\''],
  ])('%s', (written, expected) => {
    expect(normalExpression(written)).toBe(expected);
  });
});
