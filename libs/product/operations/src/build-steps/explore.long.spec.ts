import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DmsError } from '@dms/diagnostics';
import { dialects } from '@dms/sql';
import { ownSchemaFile } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { diagram as diagramOperation } from '../commands/diagram.ts';
import { explore as exploreOperation } from '../commands/explore.ts';
import { emitArtifacts, exploreInFolder } from '../index.ts';

let folder: string;
const at = (name: string) => path.join(folder, name);

const artifactsIn = (name: string) => ({ kind: 'artifacts', folder: at(name) }) as const;

const explore = async (name: string, options: Parameters<typeof exploreOperation.run>[0]['options'] = {}) =>
  (await exploreOperation.run({ options, source: artifactsIn(name) }, {})).file;

type DiagramInput = Parameters<typeof diagramOperation.run>[0];

const diagram = async (options: DiagramInput['options'], dialect?: DiagramInput['dialect']) =>
  (await diagramOperation.run({ options, source: artifactsIn('after'), dialect }, {})).text;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'explore-'));
  await emitArtifacts({ schemas: [ownSchemaFile('campus')], dialects, outputDirectory: at('before') });
  await emitArtifacts({
    schemas: [ownSchemaFile('campus'), ownSchemaFile('athletics')],
    dialects,
    outputDirectory: at('after'),
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('the command and the step write the same bytes, each time', async () => {
  const { artifacts } = await exploreInFolder({
    baseline: at('before'),
    hasEarlier: false,
    outputDirectory: at('after'),
    dialects,
  });
  expect(artifacts.map(({ file }) => path.basename(file))).toEqual(['model.html']);
  const file = await explore('after', { before: at('before'), output: at('page.html') });
  expect(file).toBe(at('page.html'));
  expect(readFileSync(file).equals(readFileSync(at('after/model.html')))).toBe(true);
  // without an output it is written beside the artifacts; without an earlier set it is another page
  expect(await explore('after')).toBe(at('after/model.html'));
  expect(readFileSync(file).equals(readFileSync(at('after/model.html')))).toBe(false);
});

it('the page allows no content except its own', () => {
  const page = readFileSync(at('page.html'), 'utf8');
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
  expect(policy.split('; ').map((rule) => rule.replace(/'sha256-[^']*'/g, 'hash'))).toEqual([
    "default-src 'none'",
    'script-src hash hash',
    'style-src hash',
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(page.match(/<script(?![^>]*type="text\/plain")/g)).toHaveLength(1);
  expect(page).not.toMatch(/<(link|img|iframe)\b|@import|\burl\(https?:/);
});

it('a set that emit writes again has no page of the earlier one', async () => {
  await explore('before');
  const { artifacts } = await emitArtifacts({
    schemas: [ownSchemaFile('campus')],
    dialects: ['pgsql'],
    outputDirectory: at('before'),
  });
  expect(artifacts.map(({ file }) => path.basename(file))).not.toContain('model.html');
  expect(() => readFileSync(at('before/model.html'))).toThrow('ENOENT');
});

it('a page of one dialect is a page', async () => {
  const file = await explore('before', { output: at('one.html') });
  expect(readFileSync(file, 'utf8')).toContain('<title>Campus');
});

it('a diagram is given, and written where a file is named', async () => {
  const options = {
    resource: 'Campus:Section',
    format: 'mermaid',
    depth: 1,
    of: 'resources',
  } as const;
  const text = await diagram({ ...options, output: at('section.mmd') });
  expect(text).toContain('["Section"]');
  expect(readFileSync(at('section.mmd'), 'utf8')).toBe(text);
  expect(await diagram(options, 'mssql')).toContain('["Section"]');
  await expect(diagram({ ...options, resource: 'Campus:Sektion' })).rejects.toThrow(DmsError);
});
