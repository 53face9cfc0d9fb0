import type { DocumentSchemas } from '@dms/api-schema';
import type { Diagnostic } from '@dms/diagnostics';
import { type JsonObject, parseJson } from '@dms/values';
import { afterEach, expect, it, vi } from 'vitest';
import { schemaCheck } from './schema-check.ts';

/* Checks against JSON schemas that run out of time (design 14 §1.1). Each test takes twice the time limit. */

const json = (value: unknown) => parseJson(JSON.stringify(value), 'test.json');
const schemasOf = (schema: unknown): DocumentSchemas => new Map([['Campus:Pupil', [json(schema) as JsonObject]]]);
const text = (more: object) => ({ type: 'object', properties: { name: { type: 'string', ...more } } });
const place = (document: unknown, index: number) => ({ document: json(document), file: 'a.jsonl', line: index + 1 });

/** A check of documents with little time: the violations of each, and the warnings with their positions. */
function checked(schemas: DocumentSchemas, ...documents: unknown[]) {
  const warnings: (readonly [Diagnostic, number])[] = [];
  const check = schemaCheck(schemas, { document: 200, batch: 200 });
  const violations = check.diagnosticsOf('Campus:Pupil', documents.map(place), (...each) => void warnings.push(each));
  return { violations, warnings };
}

const endless = `${'a'.repeat(60)}b`;
const linear = '^(?!\\s).*(?<!\\s)$';

it.each([
  ['pattern', text({ pattern: '^(a+)+$' }), { name: endless }, { name: '\n' }, 'pattern "^(a+)+$"'],
  [
    'pattern in alternatives',
    text({ anyOf: [{ const: 'x' }, { pattern: '^(?:a|aa)+$' }] }),
    { name: endless },
    { name: '\n' },
    'pattern "^(?:a|aa)+$"',
  ],
  [
    'pattern of names',
    { patternProperties: { '^(a+)+$': { type: 'string' } } },
    { [endless]: 1 },
    { a: 1 },
    'pattern "^(a+)+$"',
  ],
  // for each colon the pattern looks for an @ after it, up to the end
  ['format', text({ format: 'url' }), { name: `http://${':a'.repeat(200_000)}` }, { name: 'b' }, 'format "url"'],
  [
    'one pattern of several',
    text({ allOf: [{ pattern: linear }, { pattern: '^(a+)+$' }, { pattern: '^(?:b|bb)+$' }] }),
    { name: endless },
    { name: '\n' },
    'pattern "^(a+)+$"',
  ],
])('calls a document unchecked whose %s takes too long, and checks the others of the batch', (_name, ...rest) => {
  const [schema, slow, wrong, keyword] = rest;
  const { violations, warnings } = checked(schemasOf(schema), slow, wrong);
  const codes = violations.map((each) => [...new Set(each.map(({ code }) => code))]);
  expect(codes).toEqual([[], ['DOCUMENT_SCHEMA_VIOLATED']]);
  expect(warnings).toEqual([
    [
      expect.objectContaining({
        code: 'DOCUMENT_SCHEMA_UNCHECKED',
        class: 'W',
        message: expect.stringContaining(`ran out of time at ${keyword}.`),
        where: { file: 'a.jsonl', line: 1, resource: 'Campus:Pupil' },
      }),
      0,
    ],
  ]);
  expect(warnings[0]?.[0].message).toContain('Set DMS_SCHEMA_CHECK_SECONDS to give');
});

it('names what may be slow, and no linear pattern, where the time runs out at one', () => {
  // many texts, each of which is checked fast
  const schema = {
    properties: { last: { pattern: '.*x' }, list: { items: { type: 'string', pattern: linear } } },
  };
  const list = Array.from({ length: 300_000 }, () => 'ab'.repeat(40));
  const warned: Diagnostic[] = [];
  const check = schemaCheck(schemasOf(schema), { document: 2, batch: 2 });
  check.diagnosticsOf('Campus:Pupil', [place({ list }, 0)], (warning) => void warned.push(warning));
  expect(warned.map(({ details }) => details.keywords)).toEqual([['pattern ".*x"']]);
});

afterEach(() => void vi.unstubAllEnvs());

it('ends a check after the time from the environment', () => {
  vi.stubEnv('DMS_SCHEMA_CHECK_SECONDS', '0.05');
  const warned: number[] = [];
  const check = schemaCheck(schemasOf(text({ pattern: '^(a+)+$' })));
  check.diagnosticsOf('Campus:Pupil', [place({ name: endless }, 0)], (_, index) => void warned.push(index));
  expect(warned).toEqual([0]);
});
