import { readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';
import { expect, test } from 'vitest';
import { leftLine, skippedLine } from './test-reporters.ts';

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
  expect(leftLine(texts)).toBe(
    'Left for `npm run test:rest`: 2 files with 3 tests or more, which take long (*.long.spec.ts).',
  );
});

test('a test that the conformance data may skip names them', () => {
  const files = globSync('{libs,plugins,tools}/**/*.spec.ts', { ignore: ['**/node_modules/**', '**/dist/**'] });
  const unnamed = files.flatMap((file) => {
    const conditions = [...readFileSync(file, 'utf8').matchAll(/\.runIf\(hasSharedData[^;]{0,300}/g)].map(
      ([text]) => text,
    );
    return conditions
      .filter((text) => !/\(needs? [^)]*shared/.test(text))
      .map((text) => `${file}: ${text.slice(0, 80)}`);
  });
  expect(files.length).toBeGreaterThan(400);
  expect(unnamed).toEqual([]);
});
