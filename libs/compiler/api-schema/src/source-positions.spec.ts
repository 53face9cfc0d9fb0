import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Diagnostic, type DiagnosticCode, diagnostic } from '@dms/diagnostics';
import { afterAll, expect, test } from 'vitest';
import { sourcePositions } from './source-positions.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-positions-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Each `«n»` marks the value at place n; the marks are not part of the file. */
const marked = `{
  "apiSchemaVersion": «1»"1.0.0",
  "projectSchema": «2»{
    "projectName": «3»"Ed",
    "abstractResources": { "Org": «4»{ "identityJsonPaths": ["$.id"] } },
    "resourceSchemas": {
      "students": «5»{
        "resourceName": "Student",
        "identityJsonPaths": [«6»"$.studentId", "$.schoolReference.schoolId"],
        "documentPathsMapping": {
          "School.x": «7»{
            "referenceJsonPaths": [{ "identityJsonPath": «15»"$.schoolId", "referenceJsonPath": «8»"$.schoolReference.schoolId" }]
          }
        },
        "arrayUniquenessConstraints": [{ "paths": ["$.a[*].b", «9»"$.a[*].c"] }],
        "decimalPropertyValidationInfos": [{ "path": «10»"$.gpa", "totalDigits": 4 }],
        "relational": { "nameOverrides": { "$.a[*]": «11»"Ays" } },
        "jsonSchemaForInsert": «12»{
          "properties": {
            "studentId": «13»{ "type": "string" },
            "a": { "items": { "properties": { "b": «14»{ "type": "integer" } } } }
          }
        }
      }
    }
  }
}`;

/** Line and column of each mark, in the text without the marks. */
function placesOf(text: string): Map<number, string> {
  const places = new Map<number, string>();
  text.split('\n').forEach((line, index) => {
    let removed = 0;
    for (const match of line.matchAll(/«(\d+)»/g)) {
      places.set(Number(match[1]), `${index + 1}:${match.index - removed + 1}`);
      removed += match[0].length;
    }
  });
  return places;
}

const places = placesOf(marked);
const text = marked.replaceAll(/«\d+»/g, '');
const file = path.join(scratch, 'ApiSchema.json');
writeFileSync(file, text);

const placeOf = (entry: Diagnostic) => {
  const { line, column } = sourcePositions().locate(entry).where;
  return line === undefined ? undefined : `${line}:${column}`;
};

test.each<[number, DiagnosticCode, Diagnostic['where'], Diagnostic['details']?]>([
  [1, 'INPUT_VERSION_MISMATCH', { path: 'apiSchemaVersion' }],
  [3, 'INPUT_VALUE_UNSAFE', { path: 'projectSchema.projectName' }],
  [2, 'INPUT_PROJECT_MALFORMED', { path: 'projectSchema.projectVersion' }],
  [4, 'ABSTRACT_NO_MEMBERS', { resource: 'Ed:Org' }],
  [5, 'TRG_NO_IDENTITY', { resource: 'Ed:Student' }],
  [6, 'IDENTITY_PATH_NOT_IN_SCHEMA', { resource: 'Ed:Student', path: '$.studentId' }],
  [7, 'REFERENCE_TARGET_UNKNOWN', { resource: 'Ed:Student', path: 'School.x' }],
  [15, 'REFERENCE_IDENTITY_PATH_UNKNOWN', { resource: 'Ed:Student', path: '$.schoolId' }, { mappingKey: 'School.x' }],
  [7, 'REFERENCE_IDENTITY_PATH_UNKNOWN', { resource: 'Ed:Student', path: '$.x' }, { mappingKey: 'School.x' }],
  [8, 'REFERENCE_PATH_NOT_IN_SCHEMA', { resource: 'Ed:Student', path: '$.schoolReference.schoolId' }],
  [8, 'REFERENCE_OBJECT_DUPLICATE', { resource: 'Ed:Student', path: '$.schoolReference' }],
  [
    8,
    'JSONPATH_INVALID',
    { resource: 'Ed:Student', path: 'documentPathsMapping["School.x"].referenceJsonPaths[0].referenceJsonPath' },
  ],
  [9, 'ARRAY_UNIQUENESS_PATH_NOT_IN_SCHEMA', { resource: 'Ed:Student', path: '$.a[*].c' }],
  [10, 'DECIMAL_INFO_INVALID', { resource: 'Ed:Student', path: '$.gpa' }],
  [11, 'OVERRIDE_UNUSED', { resource: 'Ed:Student', path: '$.a[*]' }],
  [13, 'STRING_MAX_LENGTH_MISSING', { resource: 'Ed:Student', path: '$.studentId' }],
  [14, 'SCALAR_TYPE_UNSUPPORTED', { resource: 'Ed:Student', path: '$.a[*].b' }],
  [12, 'SCHEMA_KEYWORD_UNSUPPORTED', { resource: 'Ed:Student', path: 'jsonSchemaForInsert' }],
])('place %i: %s', (place, code, where, details = {}) => {
  expect(placeOf(diagnostic(code, '', { file, ...where }, details))).toBe(places.get(place));
});

test('a JSON pointer, also to what is missing', () => {
  const config = path.join(scratch, 'dms.json');
  writeFileSync(config, '{\r\n  "schemas": [\r\n    "a",\r\n    "b"\r\n  ],\r\n  "a/b": 1\r\n}\r\n');
  const at = (pointer: string) => placeOf(diagnostic('CONFIG_INVALID', '', { file: config, path: pointer }));
  expect([at('/schemas/1'), at('/a~1b'), at('/schemas/7'), at('/golden')]).toEqual(['4:5', '6:10', '2:14', '1:1']);
});

test('what says its line already keeps it', () => {
  expect(placeOf(diagnostic('INPUT_JSON_INVALID', '', { file, line: 3, column: 9 }))).toBe('3:9');
});

test('nothing is said where there is nothing to point at', () => {
  const folder = diagnostic('CONFIG_INVALID', '', { file: scratch, path: '/x' });
  const gone = diagnostic('CONFIG_INVALID', '', { file: path.join(scratch, 'gone.json'), path: '/x' });
  const script = path.join(scratch, 'pgsql.sql');
  writeFileSync(script, 'SELECT 1;');
  const noJson = diagnostic('CONFIG_INVALID', '', { file: script, path: '/x' });
  const another = diagnostic('GOLDEN_DIFFERS', '', { file });
  expect([folder, gone, noJson, another, diagnostic('INPUT_NO_FILES', '')].map(placeOf)).toEqual(
    Array(5).fill(undefined),
  );
});

test('a text that was never on the disk, and a byte order mark', () => {
  const content = Buffer.from('\ufeff{\n "a": 1 }');
  const { locate } = sourcePositions({ texts: () => [{ name: '<stdin>', content }] });
  expect(locate(diagnostic('CONFIG_INVALID', '', { file: '<stdin>', path: '/a' })).where).toMatchObject({
    line: 2,
    column: 7,
  });
});

test('OpenAPI payloads before and around a value do not move its place', () => {
  const payload = { paths: { é: ['\n', '😀'] }, more: [{}, {}] };
  const root = {
    apiSchemaVersion: '1.0.0',
    projectSchema: {
      abstractResources: { Org: { openApiFragment: payload, identityJsonPaths: ['$.é'] } },
      openApiBaseDocuments: payload,
      projectName: 'Ed',
      resourceSchemas: { é: { openApiFragments: payload, resourceName: 'Student', identityJsonPaths: ['$.a', '$.b'] } },
    },
  };
  for (const [indentation, start] of [
    [undefined, ''],
    [2, '\ufeff'],
    ['\t', ''],
  ] as const)
    for (const lineEnd of ['\n', '\r\n', '\r']) {
      const text = start + JSON.stringify(root, null, indentation).replaceAll('\n', lineEnd);
      const file = path.join(scratch, 'payloads.json');
      writeFileSync(file, text);
      const found = sourcePositions({ folder: scratch }).find(
        diagnostic('IDENTITY_PATH_UNMAPPED', '', { file: 'payloads.json', resource: 'Ed:Student', path: '$.b' }),
      );
      const before = text.slice(0, text.indexOf('"$.b"')).replace('\ufeff', '').split(lineEnd);
      const last = before.at(-1) ?? '';
      expect(found).toMatchObject({ line: before.length, column: last.length + 1, endColumn: last.length + 6 });
      expect(found?.lines).toEqual(text.replace('\ufeff', '').split(lineEnd));
    }
});
