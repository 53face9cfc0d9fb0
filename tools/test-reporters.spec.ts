import { expect, test } from 'vitest';
import { leftLine, skippedLine } from './test-reporters.mjs';

test('skipped tests are counted by the reason in their names, and by name where they give none', () => {
  const names = [
    'scenarios on SQL Server (needs DMS_TEST_MSSQL_URL) > one',
    'published sets (need the shared data) > a',
    'scenarios on SQL Server (needs DMS_TEST_MSSQL_URL) > two',
    'published sets (need the shared data) > b (needs more runs)',
    'another test',
  ];
  expect(skippedLine(names)).toBe(
    'Skipped tests: 2 without DMS_TEST_MSSQL_URL; 1 without the shared data; 1 without the shared data or more runs; 1 for no stated reason, such as "another test"',
  );
});

test('what a run leaves is counted by files and by the calls that make tests', () => {
  const texts = [
    "it('one', () => {});\n  test.each([1])('two', () => {});\nfit();",
    "// it('none')\n  it.runIf(true)(\n    'three',\n  );",
  ];
  expect(leftLine(texts)).toBe('Left for `npm run test:rest`: 2 files with 3 tests or more, which take long (*.long.spec.ts).');
});
