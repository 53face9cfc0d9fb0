import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeOfRun } from './place-of-run.ts';

const before = process.cwd();
const folder = mkdtempSync(path.join(tmpdir(), 'place-'));

beforeAll(() => {
  for (const name of ['dms.json', 'a.json']) writeFileSync(path.join(folder, name), '{}');
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

/** A command with the usual options, whose first argument is called `name`. */
const parsed = (name: string, ...args: readonly string[]) =>
  new Command()
    .argument(`[${name}]`)
    .option('--artifacts <dir>')
    .option('--schema <file...>')
    .action(() => {})
    .parse(args, { from: 'user' });

describe('the place of a run', () => {
  it.each([
    ['config', [], 'dms.json'],
    ['config', ['.'], 'dms.json'],
    ['config', ['a.json'], 'a.json'],
    ['config', ['--artifacts', '.'], '.'],
    ['config', ['--schema', 'none.json', 'a.json'], 'a.json'],
    // a command that takes no dms.json does not read the one of the current folder
    ['file', [], undefined],
    ['file', ['a.json'], 'a.json'],
    ['file', ['none.json'], undefined],
  ] as const)('of a command with [%s], given %j, is %s', (name, args, place) => {
    expect(placeOfRun(parsed(name, ...args))).toBe(place);
  });
});
