import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type OwnSchema, ownSchemaFile } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jsonLines, ran } from '../test/ran.ts';

/* schemas as somebody types it (design 10 §5). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-schemas-'));
const place = (...names: string[]) => path.join(scratch, ...names);
const copied = (schema: OwnSchema, ...names: string[]) => {
  mkdirSync(path.dirname(place(...names)), { recursive: true });
  cpSync(ownSchemaFile(schema), place(...names));
};

beforeAll(() => {
  copied('athletics', 'installed', 'a', 'ApiSchema-EXTENSION.json');
  copied('campus', 'installed', 'node_modules', 'core', 'apischema.json');
  writeFileSync(place('installed', 'ApiSchemaNotes.json'), '{"about": "no schema"}');
  writeFileSync(place('installed', 'package.json'), '{}');
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it('prints a dms.json with the core before its extensions, which emit takes', async () => {
  const { code, out, err } = await ran(['schemas', place('installed')]);
  expect([code, err]).toEqual([0, '']);
  const files = [
    place('installed', 'node_modules', 'core', 'apischema.json'),
    place('installed', 'a', 'ApiSchema-EXTENSION.json'),
  ];
  expect(JSON.parse(out)).toEqual({ schemas: files.map((file) => file.replaceAll('\\', '/')) });
  writeFileSync(place('dms.json'), out);
  expect((await ran(['hash', place('dms.json')])).out).toBe(
    (await ran(['hash', '--schema', ownSchemaFile('campus'), ownSchemaFile('athletics')])).out,
  );
});

it('--json says the project and the version of each file', async () => {
  const { out } = await ran(['schemas', place('installed'), '--json']);
  expect(jsonLines(out)).toMatchObject([
    {
      command: 'schemas',
      schemas: [
        { project: 'Campus', isExtension: false },
        { project: 'Athletics', isExtension: true },
      ],
      older: [],
    },
  ]);
});

it('a file of an older format is named, and left out', async () => {
  mkdirSync(place('older'));
  writeFileSync(place('older', 'ApiSchema.json'), '{"projectSchemas": {}}');
  const { out } = await ran(['schemas', place('older'), place('installed'), '--json']);
  expect(jsonLines(out)).toMatchObject([{ older: [place('older', 'ApiSchema.json')], schemas: { length: 2 } }]);
  // also where the output goes to a file
  const { code, err } = await ran(['schemas', place('older'), place('installed'), '--quiet']);
  expect(code).toBe(0);
  expect(err).toMatch(
    /^warning INPUT_LEGACY_LEFT_OUT \S*older\S*ApiSchema\.json:1:1: .* dms-ddl convert writes a file to use\.\n$/,
  );
});

it('two versions of a project are refused, with both files', async () => {
  copied('campus', 'twice', 'one', 'ApiSchema.json');
  copied('campus', 'twice', 'two', 'ApiSchema.json');
  const { code, out, err } = await ran(['schemas', place('twice')]);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain('error CONFIG_SCHEMA_DUPLICATE');
  for (const name of ['one', 'two']) expect(err).toContain(place('twice', name, 'ApiSchema.json'));
});

it('a folder without such a file, or that is not there, is an error', async () => {
  mkdirSync(place('empty'));
  for (const name of ['empty', 'nowhere'])
    expect(await ran(['schemas', place(name)])).toMatchObject({
      code: 1,
      err: expect.stringContaining('error INPUT_FILE_NOT_FOUND'),
    });
});
