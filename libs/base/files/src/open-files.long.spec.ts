import type * as Promised from 'node:fs/promises';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DmsError } from '@dms/diagnostics';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { system } from '../test/open-files.ts';
import { newFolder, replaceFiles } from './index.ts';
import { patience } from './patient-changes.ts';

/*
 * Random schedules of replacements and of programs that open files on Windows (design 06 §9.1). `npm run search --
 * open-files` tries 1,670.
 */

vi.mock('node:fs/promises', async (original) => {
  const { refusingPromises } = await import('../test/open-files.ts');
  return refusingPromises(await original());
});
vi.mock('node:fs', async (original) => {
  const { refusing } = await import('../test/open-files.ts');
  return refusing(await original());
});

const { milliseconds, longestPause } = patience;
let folder = '';

beforeEach(async () => {
  vi.stubGlobal('process', Object.create(process, { platform: { value: 'win32' } }));
  Object.assign(patience, { milliseconds: 30, longestPause: 2 });
  folder = await mkdtemp(path.join(tmpdir(), 'dms-open-'));
});

afterEach(async () => {
  vi.unstubAllGlobals();
  Object.assign(patience, { milliseconds, longestPause });
  system.open.clear();
  system.scanned = () => false;
  const { rm } = await vi.importActual<typeof Promised>('node:fs/promises');
  await rm(folder, { recursive: true, force: true });
});

const setNames = ['a', 'b', 'c', 'd', 'manifest', 'first'];
const markers = ['first', 'manifest'];
const setOf = (content: string, names = setNames) => names.map((name) => ({ name, content: `${content} ${name}` }));

const replace = (content: string, names?: string[]) =>
  replaceFiles(folder, { writer: 'test', files: setOf(content, names), earlier: setNames, markers });

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => {
      if (!(error instanceof DmsError)) throw error;
      return error;
    },
  );

/** The visible files of the folder. */
async function contents(): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name), 'utf8')])),
  );
}

const asSet = (content: string, names = setNames) =>
  Object.fromEntries(setOf(content, names).map(({ name, content: text }) => [name, text]));

it('a folder is always one whole set, old or new, or the message says what to do', async () => {
  const seen = { replaced: 0, refused: 0 };
  const top = folder;
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          names: fc.subarray(setNames, { minLength: 2 }),
          open: fc.subarray(setNames, { maxLength: 2 }),
          scanned: fc.array(
            fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
            { maxLength: 30 },
          ),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      async (runs) => {
        folder = await mkdtemp(path.join(top, 'set-'));
        let now: Record<string, string> = {};
        for (const [index, { names, open, scanned }] of runs.entries()) {
          system.open = new Set(open.map((name) => path.join(folder, name)));
          const left = [...scanned];
          system.scanned = () => left.shift() ?? false;
          const error = await failureOf(replace(`run ${index}`, names));
          system.open.clear();
          system.scanned = () => false;
          seen[error === null ? 'replaced' : 'refused'] += 1;
          if (error === null) now = asSet(`run ${index}`, names);
          if (error?.message.includes('run the command again')) return;
          expect(await contents()).toEqual(now);
        }
      },
    ),
  );
  folder = top;
  expect(Math.min(seen.replaced, seen.refused), JSON.stringify(seen)).toBeGreaterThan(5);
});

const scans = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  { maxLength: 30 },
);

/* Like the new folders of `dump` and of an embedded database: the last file marks the folder as complete. */
it.each([
  ['of documents', false],
  ['of a database', true],
])('a new folder %s is whole, or its marker is not there', async (_, isPrivate) => {
  const seen = { kept: 0, refused: 0 };
  const top = folder;
  const names = ['data', 'more', 'marker'];
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(fc.record({ open: fc.subarray(names, { maxLength: 1 }), isOpenBefore: fc.boolean(), scanned: scans }), {
        minLength: 1,
        maxLength: 3,
      }),
      async (isThere, runs) => {
        folder = await mkdtemp(path.join(top, 'new-'));
        const place = path.join(folder, 'made');
        if (isThere) await mkdir(place);
        const found = () => readdir(place).catch(() => [] as string[]);
        for (const { open, isOpenBefore, scanned } of [...runs, { open: [], isOpenBefore: false, scanned: [] }]) {
          if ((await found()).includes('marker')) return;
          const made = await newFolder(place, { isPrivate });
          for (const name of names) await writeFile(path.join(made.place, name), name);
          const where = isOpenBefore ? made.place : place;
          system.open = new Set(open.map((name) => path.join(where, name)));
          const left = [...scanned];
          system.scanned = () => left.shift() ?? false;
          const error = await failureOf(made.keep('marker'));
          system.open.clear();
          system.scanned = () => false;
          made.discard();
          seen[error === null ? 'kept' : 'refused'] += 1;
          const now = (await found()).filter((name) => !name.startsWith('.')).sort();
          if (error === null) expect(now).toEqual([...names].sort());
          else {
            expect(error.code).toMatch(/^OUTPUT_/);
            expect(now).not.toContain('marker');
          }
        }
        expect((await readdir(folder)).sort()).toEqual(['made']);
      },
    ),
  );
  folder = top;
  expect(Math.min(seen.kept, seen.refused), JSON.stringify(seen)).toBeGreaterThan(5);
});
