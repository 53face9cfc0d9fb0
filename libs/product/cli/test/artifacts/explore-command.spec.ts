import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ownSchemaFile } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ran } from '../ran.ts';

/* dms-ddl explore and diagram (design 13). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-cli-explore-'));
const artifacts = path.join(scratch, 'out');

beforeAll(async () => {
  const { code } = await ran([
    'emit',
    '--schema',
    ownSchemaFile('campus'),
    '--output',
    artifacts,
    '--dialect',
    'pgsql',
  ]);
  expect(code).toBe(0);
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it('explore writes the page beside the artifacts, or where requested', async () => {
  const file = path.join(artifacts, 'model.html');
  expect(await ran(['explore', '--artifacts', artifacts])).toEqual({
    code: 0,
    out: `Page written to ${file}\n`,
    err: '',
  });
  expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>\n/);
  const other = path.join(scratch, 'page.html');
  const { code, out } = await ran([
    'explore',
    '--artifacts',
    artifacts,
    '--before',
    artifacts,
    '--output',
    other,
    '--json',
  ]);
  expect([code, JSON.parse(out)]).toEqual([0, { type: 'result', command: 'explore', file: other }]);
});

it('explore says what is missing', async () => {
  const { code, err } = await ran(['explore', '--artifacts', path.join(scratch, 'nothing')]);
  expect(code).toBe(1);
  expect(err).toContain('error INPUT_FILE_NOT_FOUND');
});

it('diagram prints, or writes a file', async () => {
  const { code, out } = await ran(['diagram', '--artifacts', artifacts, 'Campus:Section', '--format', 'mermaid']);
  expect(code).toBe(0);
  expect(out).toMatch(/^flowchart LR\n/);
  const file = path.join(scratch, 'section.dot');
  const written = ['diagram', '--artifacts', artifacts, 'Campus:Section', '--format', 'dot', '--output', file];
  expect(await ran(written)).toEqual({ code: 0, out: `Diagram written to ${file}\n`, err: '' });
  expect(readFileSync(file, 'utf8')).toMatch(/^digraph model \{\n/);
});

it.each([
  [['Campus:Sektion'], 1, 'EXPLORE_RESOURCE_UNKNOWN'],
  [['Campus:Section', '--depth', '4'], 2, 'It must be 1, 2 or 3.'],
  [['Campus:Section', '--format', 'gif'], 2, 'Allowed choices are svg, mermaid, dot.'],
])('diagram refuses %j', async (options, code, text) => {
  const result = await ran(['diagram', '--artifacts', artifacts, ...options]);
  expect(result.code).toBe(code);
  expect(result.err).toContain(text);
});

it.each([
  ['--rename', 'Campus=Kampus', '--rename <before=after>'],
  ['--translation', 'moves.json', '--translation <name>'],
])('%s without --before is wrong use', async (option, value, named) => {
  const { code, err } = await ran(['explore', '--artifacts', artifacts, option, value]);
  expect([code, err]).toEqual([2, expect.stringContaining(`option '${named}' needs '--before <dir>'`)]);
});
