/*
 * Plants mistakes in the product and reports which of them the tests find: `npm run search -- product --out
 * mutants.json`.
 *
 *   --count 100    number of mistakes (300)
 *   --seed 2       seed, for other mistakes (1)
 *   --list a.json  the mistakes of an earlier report, found again by the text of their lines, in place of new ones
 *   --out b.json   the report, written after every mistake; a run with an existing report continues it
 *
 * A mistake is one changed operator, constant or removed statement in a random line. For each mistake, the specs that
 * reach the file through their imports run until one fails: the nearest first, those of `npm test` before the others.
 * The search changes files of this workspace and restores them, so run nothing else in it, and commit first.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { globSync } from 'tinyglobby';
import { packageFolders } from '../packages.ts';
import { type Change, changesOf } from './changes.ts';
import { nearestSpecs, usersOf } from './imports.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    list: { type: 'string' },
    out: { type: 'string', default: 'mutants.json' },
  },
});

/** The maximum numbers of specs of a tier that run for a mistake, in batches: the nearest specs find most mistakes. */
const tiers = [
  { name: 'quick', batches: [3, 12, 25] },
  { name: 'rest', batches: [3, 9] },
];

/** The milliseconds that a run may take, and each of its specs, because a mistake can make a program hang. */
const patience = { run: 120_000, spec: 30_000 };

interface Mutant extends Change {
  readonly file: string;
}

/** The tier and the test that find a mistake; null if none does. */
interface SpecVerdict {
  readonly tier: string | null;
  readonly by: string | null;
  readonly specs: number;
}

interface JsonReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Random numbers from 0 to 1, reproducible by seed (mulberry32). */
function randomNumbers(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function newMutants(product: readonly string[], count: number, seed: number): readonly Mutant[] {
  const random = randomNumbers(seed);
  const lines = product.flatMap((file) => {
    const byLine = new Map<number, Mutant[]>();
    for (const change of changesOf(readFileSync(path.join(root, file), 'utf8')))
      byLine.set(change.line, [...(byLine.get(change.line) ?? []), { file, ...change }]);
    return [...byLine.values()];
  });
  const found: Mutant[] = [];
  while (found.length < count && lines.length > 0) {
    const [changes = []] = lines.splice(Math.floor(random() * lines.length), 1);
    found.push(...changes.slice(Math.floor(random() * changes.length)).slice(0, 1));
  }
  return found;
}

/**
 * The text of the file with the mistake; null if its line is gone. The line may have moved: the nearest line with its
 * text counts.
 */
function changedFile({ file, line, text, changed }: Mutant) {
  const place = path.join(root, file);
  if (!existsSync(place)) return null;
  const lines = readFileSync(place, 'utf8').split('\n');
  const places = [...lines.keys()].filter((index) => lines[index] === text);
  if (places.length === 0) return null;
  const nearest = places.reduce((a, b) => (Math.abs(b + 1 - line) < Math.abs(a + 1 - line) ? b : a));
  return lines.with(nearest, changed).join('\n');
}

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-mutants-'));
let putBack = () => {};
process.on('exit', () => {
  putBack();
  rmSync(scratch, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** Runs specs; returns the failed test, or null. */
function failureOf(specs: readonly string[], tier: string): Promise<string | null> {
  const report = path.join(scratch, 'report.json');
  rmSync(report, { force: true });
  const args = [
    'run',
    ...specs,
    '--mode',
    tier,
    '--bail',
    '1',
    '--passWithNoTests',
    '--reporter',
    'json',
    '--outputFile',
    report,
  ];
  const run = spawn('npx', ['vitest', ...args], {
    cwd: root,
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, CI: 'true' },
  });
  return new Promise((resolve) => {
    const limit = setTimeout(
      () => {
        if (run.pid) process.kill(-run.pid, 'SIGKILL');
        resolve('no end');
      },
      patience.run + patience.spec * specs.length,
    );
    run.on('exit', (code) => {
      clearTimeout(limit);
      if (code === 0) resolve(null);
      else resolve(existsSync(report) ? failedTest(JSON.parse(readFileSync(report, 'utf8'))) : 'no report');
    });
  });
}

function failedTest({ testResults }: JsonReport): string {
  const failed = testResults.find(({ status }) => status === 'failed');
  if (!failed) return 'the run';
  const test = failed.assertionResults.find(({ status }) => status === 'failed');
  return `${path.relative(root, failed.name)} > ${test?.fullName ?? failed.message.split('\n')[0]}`;
}

async function verdictOn(specs: readonly string[]): Promise<SpecVerdict> {
  let tried = 0;
  for (const { name, batches } of tiers) {
    const left = specs.filter((spec) => spec.endsWith('.long.spec.ts') === (name === 'rest'));
    for (const size of batches) {
      const batch = left.splice(0, size);
      if (batch.length === 0) break;
      tried += batch.length;
      const by = await failureOf(batch, name);
      if (by !== null) return { tier: name, by, specs: tried };
    }
  }
  return { tier: null, by: null, specs: tried };
}

const found = (...patterns: string[]) =>
  globSync(patterns, { cwd: root, ignore: ['**/node_modules/**', '**/dist/**'] }).sort();
const files = found(...packageFolders(root).map((folder) => `${folder}/{src,test}/**/*.ts`), 'tools/**/*.ts');
const product = files.filter(
  (file) =>
    /^(?:libs|plugins)\/(?:[^/]+\/)?[^/]+\/src\//.test(file) && !/\.(?:spec|d)\.ts$|^libs\/testing\//.test(file),
);
const users = usersOf(root, files);
const mutants: readonly Mutant[] = values.list
  ? JSON.parse(readFileSync(values.list, 'utf8'))
  : newMutants(product, Number(values.count), Number(values.seed));
const report: (Mutant & SpecVerdict & { readonly seconds: number })[] = existsSync(values.out)
  ? JSON.parse(readFileSync(values.out, 'utf8'))
  : [];

for (const { file, kind, line, text, changed } of mutants.slice(report.length, Number(values.count))) {
  const mutant = { file, kind, line, text, changed };
  const content = changedFile(mutant);
  const started = Date.now();
  let verdict: SpecVerdict = { tier: null, by: 'The line is gone.', specs: 0 };
  if (content !== null) {
    const place = path.join(root, file);
    const original = readFileSync(place);
    putBack = () => writeFileSync(place, original);
    writeFileSync(place, content);
    verdict = await verdictOn(nearestSpecs(file, users));
    putBack();
  }
  report.push({ ...mutant, ...verdict, seconds: Math.round((Date.now() - started) / 1000) });
  writeFileSync(values.out, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`${report.length} ${file}:${line} ${verdict.tier ?? 'survived'} ${verdict.by ?? changed.trim()}`);
}
const count = (tier: string | null) => report.filter((each) => each.tier === tier).length;
console.log(
  `${report.length} mistakes: npm test finds ${count('quick')}, the rest ${count('rest')}; ${count(null)} are not found.`,
);
