import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { emit } from '../libs/pipeline/src/index.ts';
import { ownSchemaFile, ownSchemas } from '../libs/testing/src/own-fixtures.ts';

/*
 * A generation `test`, made of the values of the first one, runs through every step: nothing asks for a version, everything asks the
 * tables of generations (docs/contributing.md, "A rule that differs between generations").
 */

vi.mock('../libs/api-schema/src/mapping-version.ts', async (original) => {
  const known = await original<typeof import('../libs/api-schema/src/mapping-version.ts')>();
  return {
    ...known,
    mappingVersions: [...known.mappingVersions, 'test'],
    mappingVersionOf: (text: string, subject: string) => (text === 'test' ? text : known.mappingVersionOf(text, subject)),
  };
});

/** Adds the version to a table that is one of a module's exports. */
const withTest = vi.hoisted(() => async (original: () => Promise<object>) => {
  const known = Object.entries(await original());
  const isTable = (value: unknown): value is { v1: unknown } => typeof value === 'object' && value !== null && 'v1' in value;
  return Object.fromEntries(known.map(([name, value]) => [name, isTable(value) ? { ...value, test: value.v1 } : value]));
});

vi.mock('../libs/model/src/generations.ts', withTest);
vi.mock('../libs/derivation/src/generations.ts', withTest);
vi.mock('../libs/inventory/src/generations.ts', withTest);
vi.mock('../libs/inventory/src/manifest/manifest-forms.ts', withTest);
vi.mock('../libs/bulk/src/generations.ts', withTest);
vi.mock('../libs/catalog/src/generations.ts', withTest);
vi.mock('../libs/ddl/src/generations.ts', withTest);
vi.mock('../libs/documents/src/generations.ts', withTest);
vi.mock('../libs/plans/src/generations.ts', withTest);
vi.mock('../libs/packs/src/generations.ts', withTest);
vi.mock('../libs/ods/src/generations.ts', withTest);
vi.mock('../libs/change/src/generations.ts', withTest);
vi.mock('../libs/verification/src/generations.ts', withTest);

const root = mkdtempSync(path.join(tmpdir(), 'dms-stub-generation-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const emitted = async (mappingVersion: string) => {
  const outputDirectory = path.join(root, mappingVersion);
  await emit({
    schemas: ownSchemas.map(ownSchemaFile),
    mappingVersion: mappingVersion as 'v1',
    dialects: ['pgsql', 'mssql'],
    outputDirectory,
  });
  const names = readdirSync(outputDirectory).sort();
  return new Map(names.map((name) => [name, readFileSync(path.join(outputDirectory, name), 'utf8')]));
};

test('every table of generations is known to this test', () => {
  const source = readFileSync(import.meta.filename, 'utf8');
  const mocked = [...source.matchAll(/^vi\.mock\('\.\.\/([^']+)'/gm)].map(([, name]) => name);
  const libs = path.resolve(import.meta.dirname, '..');
  const tables = readdirSync(path.join(libs, 'libs'), { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join('libs', name.replaceAll('\\', '/')))
    .filter(
      (name) => /^libs\/[^/]+\/src\/.*\.ts$/.test(name) && !name.endsWith('.spec.ts') && existsSync(path.join(libs, name)),
    )
    .filter((name) => /Record<MappingVersion,/.test(readFileSync(path.join(libs, name), 'utf8')));
  expect(mocked.toSorted()).toEqual([...new Set([...tables, 'libs/api-schema/src/mapping-version.ts'])].sort());
});

test('a generation of the first one’s rules gives the first one’s artifacts, but for its name and the fingerprint', async () => {
  const [first, stub] = [await emitted('v1'), await emitted('test')];
  expect([...stub.keys()]).toEqual([...first.keys()]);
  const fingerprint = (texts: ReadonlyMap<string, string>): string =>
    JSON.parse(texts.get('effective-schema.manifest.json') ?? '{}').effective_schema_hash;
  const [before, after] = [fingerprint(first), fingerprint(stub)];
  expect(after).not.toBe(before);
  for (const [name, text] of stub) {
    const unhashed = (file = '') => file.replace(/^"modelHash": .*$/m, '');
    const named = unhashed(text)
      .replaceAll(after, before)
      .replaceAll(/(["'])test\1/g, '$1v1$1');
    const isHashed = name === 'ddl.manifest.json' || /^catalog\./.test(name);
    if (!isHashed) expect(named === unhashed(first.get(name)), name).toBe(true);
  }
});
