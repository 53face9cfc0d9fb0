import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { allOptions, operations } from '@dms/operations';
import { ownSchemaFile } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestedSource } from '../../src/commands/run-input.ts';
import { ran } from '../ran.ts';

/* Commands that take --artifacts, in a folder with a dms.json, which names what they work on (design 10 §5). */

const before = process.cwd();
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-configured-'));
const set = {
  schemas: [path.relative(scratch, ownSchemaFile('campus'))],
  dialects: ['pgsql'],
  outputDirectory: 'out',
  databases: { pgsql: { target: 'pglite:database' } },
};

beforeAll(async () => {
  process.chdir(scratch);
  writeFileSync('dms.json', JSON.stringify(set));
  mkdirSync('elsewhere');
  expect((await ran(['emit'])).code).toBe(0);
  expect((await ran(['provision'])).code).toBe(0);
});

afterAll(() => {
  process.chdir(before);
  rmSync(scratch, { recursive: true, force: true });
});

/** The source that each command takes from a dms.json: schemas that it compiles, or the folder of the artifacts. */
const sources: Readonly<Record<string, 'schemas' | 'artifacts'>> = {
  adopt: 'schemas',
  changes: 'schemas',
  check: 'schemas',
  'comments apply': 'schemas',
  'comments emit': 'schemas',
  diagram: 'artifacts',
  dictionary: 'artifacts',
  doctor: 'schemas',
  dump: 'schemas',
  explore: 'artifacts',
  get: 'schemas',
  load: 'schemas',
  'pack build': 'schemas',
  'pack verify': 'schemas',
  provision: 'schemas',
  'read-ods': 'schemas',
  'reporting apply': 'schemas',
  'reporting drop': 'schemas',
  'reporting emit': 'schemas',
  sample: 'schemas',
  'seed-descriptors': 'schemas',
  verify: 'schemas',
};

describe('a dms.json names the source', () => {
  it('of every command that takes --artifacts', async () => {
    const known = (await Promise.all(Object.values(operations).map(({ load }) => load()))).flat();
    const taking = known.filter((operation) => allOptions(operation).artifacts !== undefined);
    const found = { schemas: ['ApiSchema.json'], outputDirectory: 'out' } as unknown as Parameters<
      typeof requestedSource
    >[2];
    const kinds = taking.map((operation) => [
      operation.name,
      operation.worksOn.config === undefined ? undefined : requestedSource(operation, {}, found)?.kind,
    ]);
    expect(Object.fromEntries(kinds)).toEqual(sources);
  });

  it.each([
    ['explore', [], 'Page written to out/model.html\n'],
    ['explore of a folder', ['.'], 'Page written to out/model.html\n'],
    ['diagram', ['Campus:Section', '--format', 'mermaid'], /^flowchart LR\n/],
    ['dictionary', [], /^resource,/],
    ['sample', ['--documents', '5', '--output', 'documents'], / written to documents\n$/],
    ['upgrade status', [], /^Schema set: /],
    ['load', ['documents', '--continue'], /11 documents written/],
    ['get', ['Campus:School', '--json'], /"schoolId"/],
  ] as const)('of %s', async (command, options, out) => {
    const words = command.replace(' of a folder', '').split(' ');
    const result = await ran([...words, ...options]);
    expect([result.code, result.err]).toEqual([0, '']);
    expect(result.out).toMatch(out);
  });

  it('by --config, where the command has other arguments', async () => {
    process.chdir('elsewhere');
    const without = await ran(['get', 'Campus:School']);
    const found = await ran(['get', 'Campus:School', '--config', '..', '--limit', '1', '--json']);
    process.chdir(scratch);
    expect([without.code, without.err]).toEqual([2, expect.stringContaining('one of a dms.json and the options')]);
    expect([found.code, found.err]).toEqual([0, '']);
  });

  it('whose folder does not exist, and says what writes it', async () => {
    writeFileSync('elsewhere/dms.json', JSON.stringify({ ...set, schemas: [`../${set.schemas[0]}`] }));
    const { code, err } = await ran(['explore', 'elsewhere']);
    expect([code, err]).toEqual([1, expect.stringContaining('elsewhere/out does not exist; dms-ddl emit elsewhere ')]);
    rmSync('elsewhere/dms.json');
  });

  it('but a command that only needs a database takes the one that is named', async () => {
    writeFileSync('elsewhere/dms.json', 'damaged');
    process.chdir('elsewhere');
    const { code } = await ran(['upgrade', 'status', '--connection', 'pglite:../database']);
    process.chdir(scratch);
    expect([code, existsSync('elsewhere/database')]).toEqual([0, false]);
  });
});
