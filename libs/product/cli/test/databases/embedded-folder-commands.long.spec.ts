import { spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ran } from '../ran.ts';

/* provision, check and inspect in a folder of the embedded engine, on the command line (design 09 §1.7). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-embedded-commands-'));
const artifacts = path.join(scratch, 'artifacts');

beforeAll(async () => {
  const { integer, object, project, resource } = build;
  const room = { identityJsonPaths: ['$.code'], jsonSchemaForInsert: object({ code: integer() }, ['code']) };
  const schema = path.join(scratch, 'rooms.json');
  // one small resource is enough: most of the time goes into opening the folder
  writeFileSync(schema, JSON.stringify(project('Ed-Fi', [resource('Room', room)])));
  expect((await ran(['emit', '--schema', schema, '--dialect', 'pgsql', '--output', artifacts])).code).toBe(0);
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it('a folder of the embedded engine is provisioned, twice without change, checked and inspected', async () => {
  const connection = ['--dialect', 'pgsql', '--connection', `pglite:${path.join(scratch, 'embedded')}`];
  const provisioned = await ran(['provision', '--artifacts', artifacts, ...connection]);
  expect([provisioned.code, provisioned.out]).toEqual([0, expect.stringContaining('0 differences')]);
  const first = await ran(['inspect', ...connection]);
  expect(first.out).toContain('"Room"');
  const again = await ran(['provision', '--artifacts', artifacts, ...connection]);
  expect([again.code, again.out]).toEqual([0, expect.stringMatching(/^Already provisioned, applied again\n/)]);
  expect((await ran(['check', '--artifacts', artifacts, ...connection])).code).toBe(0);
  expect((await ran(['inspect', ...connection])).out).toBe(first.out);
  // through a link into its target file, and into a pipe without replacing it
  const [file, link, pipe] = ['catalog.json', 'link.json', 'pipe'].map((name) => path.join(scratch, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(file, 'old');
  symlinkSync(file, link);
  expect((await ran(['inspect', ...connection, '--output', link])).code).toBe(0);
  expect([lstatSync(link).isSymbolicLink(), readFileSync(file, 'utf8')]).toEqual([true, first.out]);
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
  const read = readFile(pipe, 'utf8');
  expect((await ran(['inspect', ...connection, '--output', pipe])).code).toBe(0);
  expect([lstatSync(pipe).isFIFO(), await read]).toEqual([true, first.out]);
});
