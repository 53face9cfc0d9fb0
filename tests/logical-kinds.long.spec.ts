import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

/*
 * A kind of logical type that is added does not compile before every place that tells kinds apart has its case
 * (docs/contributing.md, "A kind of property type"). The test adds one to a copy of the packages.
 */

const root = path.resolve(import.meta.dirname, '..');
const copy = mkdtempSync(path.join(tmpdir(), 'dms-logical-kinds-'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Copies the code of the packages, without tests, beside links to everything that they import. */
function copyPackages(): void {
  for (const name of readdirSync(path.join(root, 'libs'))) {
    if (name === 'testing' || !existsSync(path.join(root, 'libs', name, 'src'))) continue;
    const isWanted = (file: string) => !/[/\\](?:node_modules|test|[^/\\]*\.spec\.ts)$/.test(file);
    cpSync(path.join(root, 'libs', name), path.join(copy, 'libs', name), { recursive: true, filter: isWanted });
  }
  mkdirSync(path.join(copy, 'node_modules'));
  for (const name of readdirSync(path.join(root, 'node_modules')))
    if (name !== '@dms') symlinkSync(path.join(root, 'node_modules', name), path.join(copy, 'node_modules', name));
  mkdirSync(path.join(copy, 'node_modules/@dms'));
  for (const name of readdirSync(path.join(copy, 'libs')))
    symlinkSync(path.join(copy, 'libs', name), path.join(copy, 'node_modules/@dms', name));
  const { compilerOptions } = JSON.parse(readFileSync(path.join(root, 'tsconfig.json'), 'utf8'));
  writeFileSync(path.join(copy, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['libs/*/src/**/*.ts'] }));
}

/** The files that do not compile, by path. */
function refused(): readonly string[] {
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', copy, '--pretty', 'false'], {
    cwd: copy,
    encoding: 'utf8',
  });
  const files = [...stdout.matchAll(/^(\S+)\(\d+,\d+\): error/gm)].map(([, file = '']) => file.replaceAll('\\', '/'));
  return [...new Set(files)].sort();
}

test('a kind of type that is added fails to compile wherever kinds are told apart', { timeout: 120_000 }, () => {
  copyPackages();
  const file = path.join(copy, 'libs/sql/src/dialect.ts');
  const text = readFileSync(file, 'utf8');
  const changed = text.replace("'Time'] as const", "'Time', 'Added'] as const");
  expect(changed).not.toBe(text);
  writeFileSync(file, changed);
  expect(refused()).toEqual([
    'libs/ddl/src/mssql/identity-rows.ts',
    'libs/ddl/src/pgsql/identity-rows.ts',
    'libs/derivation/src/input/scalar-type.ts',
    'libs/documents/src/sampling/sample-values.ts',
    'libs/documents/src/statements/mssql-statements.ts',
    'libs/documents/src/values/stored-value.ts',
    'libs/loading/src/interchange/json-values.ts',
    'libs/ods/src/views/view-text.ts',
    'libs/packs/src/wire/tokens.ts',
    'libs/plans/src/manifest-parts.ts',
    'libs/plans/src/v2/query-capability.ts',
    'libs/sql/src/dialect.ts',
    'libs/sql/src/mssql.ts',
    'libs/sql/src/pgsql.ts',
    'libs/verification/src/behaviour/column-values.ts',
    'libs/verification/src/behaviour/referential-ids.ts',
  ]);
});
