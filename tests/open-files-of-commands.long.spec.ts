import { createHash } from 'node:crypto';
import type * as Promised from 'node:fs/promises';
import { cp, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { patience } from '../libs/base/files/src/patient-changes.ts';
import { system } from '../libs/base/files/test/open-files.ts';
import { ran } from '../libs/product/cli/test/ran.ts';
import { propertyRuns } from '../libs/testing/src/runs/property-runs.ts';

/*
 * Random schedules of commands on a file system that refuses the same operations as Windows, sometimes for a moment, as
 * a scanner does (design 06 §9.1). `npm run search -- open-files` tries 500.
 */

vi.mock('node:fs/promises', async (original) => {
  const { refusingPromises } = await import('../libs/base/files/test/open-files.ts');
  return refusingPromises(await original());
});
vi.mock('node:fs', async (original) => {
  const { refusing } = await import('../libs/base/files/test/open-files.ts');
  return refusing(await original());
});

const root = path.resolve(import.meta.dirname, '..');
const usual = { ...patience };
let folder = '';
const place = (...names: string[]) => path.join(folder, ...names);

/** The hashes of the files of a folder, without hidden files; empty if the folder does not exist. */
async function contents(of: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(of, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(of, path.join(entry.parentPath, entry.name)))
    .filter((name) => !name.startsWith('.'));
  const hash = async (name: string) =>
    createHash('sha256')
      .update(await readFile(path.join(of, name)))
      .digest('hex');
  return Object.fromEntries(await Promise.all(files.sort().map(async (name) => [name, await hash(name)])));
}

const emitted = (set: string, output: string) => ['emit', '--schema', place(`${set}.json`), '--output', output];
const dumped = (output: string) => [
  ...['dump', '--artifacts', place('small'), '--connection', `pglite:${place('db')}`],
  ...['--output', output],
];
const provisioned = (database: string) => [
  ...['provision', '--artifacts', place('small'), '--dialect', 'pgsql', '--connection', `pglite:${database}`],
];

async function done(args: readonly string[]): Promise<void> {
  const { code, err } = await ran(args);
  expect([code, code === 0 ? '' : err], args.join(' ')).toEqual([0, '']);
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dms-open-commands-'));
  // the schema of the tutorial, unchanged and with another property
  const [, schema = ''] =
    /```json schemas\/campus\/ApiSchema\.json\n([\s\S]*?)^```$/m.exec(
      await readFile(path.join(root, 'docs/tutorial.md'), 'utf8'),
    ) ?? [];
  await writeFile(place('small.json'), schema);
  await writeFile(
    place('large.json'),
    schema.replace('"maxLength": 75 }', '"maxLength": 75 }, "since": { "type": "integer" }'),
  );
  for (const set of ['small', 'large']) await done(emitted(set, place(set)));
  await done(['sample', '--artifacts', place('small'), '--documents', '4', '--output', place('sample')]);
  await done(provisioned(place('db')));
  await done(['load', place('sample'), '--artifacts', place('small'), '--connection', `pglite:${place('db')}`]);
  await done(dumped(place('dumped')));
  vi.stubGlobal('process', Object.create(process, { platform: { value: 'win32' } }));
  Object.assign(patience, { milliseconds: 30, longestPause: 2 });
});

afterAll(async () => {
  vi.unstubAllGlobals();
  Object.assign(patience, usual);
  const { rm } = await vi.importActual<typeof Promised>('node:fs/promises');
  await rm(folder, { recursive: true, force: true });
});

interface Disturbance {
  readonly open: readonly string[];
  readonly scanned: readonly boolean[];
}

/** The disturbances of a run: open files, and changes that a scanner refuses for a moment. */
const disturbances = (names: readonly string[]): fc.Arbitrary<Disturbance> =>
  fc.record({
    open: fc.subarray([...names], { maxLength: 2 }),
    scanned: fc.array(
      fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      { maxLength: 40 },
    ),
  });

/** Runs a command while files of its output are open; returns its error output if it failed. */
async function disturbed(args: readonly string[], output: string, { open, scanned }: Disturbance) {
  const left = [...scanned];
  system.open = new Set(open.map((name) => path.join(output, name)));
  system.scanned = () => left.shift() ?? false;
  try {
    const { code, err } = await ran(args);
    if (code !== 0) expect(err).toMatch(/error OUTPUT_/);
    return code === 0 ? null : err;
  } finally {
    system.open = new Set();
    system.scanned = () => false;
  }
}

const seen = { done: 0, refused: 0 };
const count = (said: string | null) => {
  seen[said === null ? 'done' : 'refused'] += 1;
};

it('emit leaves one whole set, old or new, or says what to do', async () => {
  const sets = { small: await contents(place('small')), large: await contents(place('large')) };
  const names = Object.keys(sets.small);
  const run = fc.record({ set: fc.constantFrom('small', 'large'), disturbance: disturbances(names) });
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 3 }), async (runs) => {
      const output = await mkdtemp(place('emit-'));
      await cp(place('small'), output, { recursive: true });
      let now = sets.small;
      for (const { set, disturbance } of runs) {
        const said = await disturbed(emitted(set, output), output, disturbance);
        count(said);
        if (said === null) now = sets[set as keyof typeof sets];
        if (said?.includes('run the command again')) {
          await done(emitted(set, output));
          now = sets[set as keyof typeof sets];
        }
        expect(await contents(output)).toEqual(now);
      }
    }),
    { numRuns: propertyRuns(24) },
  );
});

it.each([
  ['dump', dumped, 'documents.manifest.json'],
  ['provision pglite:', provisioned, 'PG_VERSION'],
] as const)('%s leaves a whole folder, or none that is taken for one', async (command, argsOf, marker) => {
  const names = command === 'dump' ? Object.keys(await contents(place('dumped'))) : ['PG_VERSION', 'base', 'global'];
  const expectWhole = async (output: string) => {
    if (command === 'dump') expect(await contents(output)).toEqual(await contents(place('dumped')));
    else {
      const { code, err } = await ran([...provisioned(output), '--if-same', 'skip']);
      expect([code, code === 0 ? '' : err]).toEqual([0, '']);
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.boolean(), disturbances(names), async (isThere, disturbance) => {
      const parent = await mkdtemp(place('new-'));
      const output = isThere ? parent : path.join(parent, 'made');
      const said = await disturbed(argsOf(output), output, disturbance);
      count(said);
      if (said !== null) {
        if (command !== 'dump') expect(Object.keys(await contents(output))).not.toContain(marker);
        await done(argsOf(output));
      }
      await expectWhole(output);
    }),
    { numRuns: propertyRuns(4) },
  );
});

it('some runs were refused, and most were not', () => {
  expect(Math.min(seen.done, seen.refused), JSON.stringify(seen)).toBeGreaterThan(2);
});
