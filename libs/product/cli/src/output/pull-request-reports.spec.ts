import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DiagnosticCode, diagnostic, diagnosticClasses } from '@dms/diagnostics';
import { describe, expect, it, test } from 'vitest';
import { sarifLog } from './pull-request-reports.ts';

function uriOf(file: string): string | undefined {
  const { runs } = sarifLog([diagnostic('INPUT_FILE_NOT_FOUND', 'x', { file })], { version: '1.0.0' });
  return runs[0]?.results?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri;
}

describe('a path in a SARIF log', () => {
  /** Whether a path may begin with `c:` without meaning a drive. */
  const isPossible = (file: string) => process.platform !== 'win32' || !file.startsWith('c:');
  const cases = [
    ['.', '.'],
    ['a#b/x.json', 'a%23b/x.json'],
    ['a?b/x.json', 'a%3Fb/x.json'],
    ['c:d/x.json', './c%3Ad/x.json'],
    ['a/c:d.json', 'a/c%3Ad.json'],
    ['sp ace/ü.json', 'sp%20ace/%C3%BC.json'],
    ['p%23q/[1]&=+;,.json', 'p%2523q/%5B1%5D%26%3D%2B%3B%2C.json'],
    ['urn:x', './urn%3Ax'],
    ['\ud800.json', '%EF%BF%BD.json'],
  ] as const;
  it.each(cases.filter(([file]) => isPossible(file)))('%j is %j', (file, uri) => {
    expect(uriOf(file)).toBe(uri);
  });

  it.each(['a#b', 'a?b', 'c:d', 'p%23q', 'a;b=c', 'é'].filter(isPossible))('leads to the file %j', (name) => {
    const file = `${name}/ApiSchema.json`;
    const base = new URL('https://example.org/r/');
    const found = new URL(uriOf(file) ?? '', base);
    expect([found.hash, found.search, decodeURIComponent(found.pathname)]).toEqual(['', '', `/r/${file}`]);
  });

  it.skipIf(process.platform === 'win32')('outside of the folder is a file URL (absolute paths of POSIX)', () => {
    const file = path.join('/', 'out#side', 'a?b', 'c%d.json');
    expect(fileURLToPath(uriOf(file) ?? '')).toBe(file);
  });
});

test('each code of a report has a place, or is a notification of the run', () => {
  const codes = Object.keys(diagnosticClasses) as DiagnosticCode[];
  for (const where of [{}, { resource: 'Campus:School', path: '$.id' }]) {
    const entries = codes.map((code) => diagnostic(code, 'x', where));
    const { results = [], invocations = [] } =
      sarifLog(entries, { version: '1.0.0', place: 'sets/dms.json' }).runs[0] ?? {};
    expect(results.map(({ ruleId }) => ruleId)).toEqual(codes);
    for (const { locations } of results)
      expect(locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe('sets/dms.json');
    expect(invocations).toEqual([{ executionSuccessful: true }]);
    const ofDatabase = sarifLog(entries, { version: '1.0.0' }).runs[0];
    expect(ofDatabase?.results).toEqual([]);
    expect(ofDatabase?.invocations?.[0]?.toolExecutionNotifications?.map(({ descriptor }) => descriptor?.id)).toEqual(
      codes,
    );
  }
});
