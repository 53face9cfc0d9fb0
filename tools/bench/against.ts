/**
 * Compares this commit with another one: builds the other in a scratch clone, runs the commands of both as users run them,
 * in turn, and prints a table of ratios of this commit to the other: processor time of the command and of all processes
 * of the server, peak memory of the command, and bytes of what it writes. The documents are the same for both. Each figure
 * is the median of the runs, and each ratio the median of the ratios of the pairs. Works on the data standards 5.2 with TPDM and 6.1 where they
 * are beside the project, otherwise on the miniature of this repository. Uses a separate PostgreSQL server, from npm.
 * Needs Linux.
 *
 *   npm run bench -- --against <commit>              2,000 documents, three pairs
 *   npm run bench -- --against-last-tag              beside the last tag v*; without one it says so and ends with 0
 *   npm run bench -- --against <commit> --fail-above 1.15    ends with 1 if a ratio is above
 *   npm run bench -- --against <commit> --documents 20000 --runs 5 --mapping-version v2
 *   npm run bench -- --against <commit> --before <file> --after <file> --translation <file>    between other schemas
 *   npm run bench -- --against HEAD --beside ../earlier    beside the commit of a clone that is built already
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Benchmark, buildCommand, builtCommand, type MeasuredCost, total } from './benchmark.ts';
import { existingFile, published52, standard61, versionOf } from './data-standard.ts';
import { countOf, median, runsOf } from './runs.ts';

const root = path.resolve(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    'against-last-tag': { type: 'boolean', default: false },
    beside: { type: 'string' },
    'fail-above': { type: 'string' },
    documents: { type: 'string', default: '2000' },
    runs: { type: 'string', default: '3' },
    'mapping-version': { type: 'string', default: 'v1' },
    before: { type: 'string', multiple: true },
    after: { type: 'string', multiple: true },
    translation: { type: 'string' },
  },
});
const runs = runsOf(values.runs);
const documents = String(countOf('documents', values.documents));
const version = versionOf(values['mapping-version']);
const most = values['fail-above'] === undefined ? Number.POSITIVE_INFINITY : Number(values['fail-above']);
if (Number.isNaN(most)) throw new Error('--fail-above takes a number, such as 1.15.');

const git = (...args: readonly string[]) => spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' });

/** The last release before this commit; undefined if there is none. */
const lastTag = () => git('describe', '--tags', '--abbrev=0', '--match', 'v*', 'HEAD^').stdout.trim() || undefined;

function otherCommit(): string {
  const named = values['against-last-tag'] ? lastTag() : values.against;
  if (named === undefined && values['against-last-tag']) {
    console.log('There is no tag v* before this commit, so nothing is compared.');
    process.exit(0);
  }
  const { status, stdout } = git('rev-parse', '--verify', '--quiet', `${named ?? ''}^{commit}`);
  if (status === 0) return stdout.trim();
  console.error(`--against takes a commit of this repository; ${JSON.stringify(named ?? '')} is not one.`);
  return process.exit(2);
}

interface Schemas {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly translation: string;
}

/** The schemas of the options, the published ones if they are there, or the miniature. */
function schemaSets(): Schemas {
  const released = (name: string) => path.join(root, 'fixtures/released', name);
  const published = { before: published52[version], after: [standard61.stripped], translation: 'ed-fi-5.2-to-6.1' };
  const miniature = {
    before: [released('standard-1.0.0.json'), released('preparation-1.0.0.json')],
    after: [path.join(root, 'fixtures/schemas/standard/ApiSchema.json')],
    translation: released('standard-1-to-2.json'),
  };
  const usual = [...published.before, ...published.after].every((file) => existsSync(file)) ? published : miniature;
  return {
    before: values.before ?? usual.before,
    after: values.after ?? usual.after,
    translation: values.translation ?? usual.translation,
  };
}

/** Builds a commit in a clone in `folder`; returns the file of its command. */
function commandOf(commit: string, folder: string): string {
  const clone = path.join(folder, 'clone');
  const run = (file: string, ...args: readonly string[]) =>
    execFileSync(file, args, { cwd: existsSync(clone) ? clone : folder, stdio: ['ignore', 'ignore', 'inherit'] });
  console.error(`building ${commit.slice(0, 8)}`);
  run('git', 'clone', '--quiet', '--no-checkout', root, clone);
  run('git', 'checkout', '--quiet', commit);
  run('npm', 'ci', '--no-audit', '--no-fund', '--loglevel', 'error');
  return builtCommand(clone);
}

const builtClone = (clone: string) =>
  existingFile(builtCommand(path.resolve(clone)), 'Name a clone with --beside, after npm ci in it.');

/** The commit of a clone that is built already. */
function commitOf(clone: string): string {
  builtClone(clone);
  return execFileSync('git', ['-C', path.resolve(clone), 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
}

/** The bytes of a file, or of all files in a folder. */
function bytesOf(place: string): number {
  const stat = statSync(place);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(place).reduce((sum, name) => sum + bytesOf(path.join(place, name)), 0);
}

interface ComparedMeasure extends MeasuredCost {
  /** The bytes of what the command has written; 0 if no output folder is measured. */
  readonly bytes: number;
}

/** A commit that is measured: its command, and the start of the names of its folders and databases. */
interface BenchedCommit {
  readonly name: 'this' | 'other';
  readonly command: string;
}

/** A step of a run: the arguments of a command, the database that it works on, and the folder that it fills. */
interface BenchStep {
  readonly title: string;
  readonly args: readonly string[];
  readonly database?: string;
  readonly output?: string;
  /** Whether documents may be rejected, so that the command may end with 1. */
  readonly mayReject?: boolean;
  /** The step first creates its database: empty, or as a copy of another one. */
  readonly copy?: { readonly of?: string };
}

function stepsOf(sets: Schemas, place: (name: string) => string, sample: string): readonly BenchStep[] {
  const emit = (name: 'before' | 'after') => [
    ...['emit', '--mapping-version', version, '--output', place(name)],
    ...sets[name].flatMap((file) => ['--schema', file]),
  ];
  const database = ['--connection-env', 'BENCH_URL'];
  const of = (folder: string) => ['--artifacts', place(folder), ...database];
  const both = ['--before', place('before'), '--after', place('after'), '--translation', sets.translation];
  const rejects = (name: string) => ['--rejects', place(`${name}.jsonl`)];
  return [
    { title: 'start', args: ['--version'] },
    { title: 'emit', args: emit('before'), output: 'before' },
    { title: 'emit, later', args: emit('after'), output: 'after' },
    // the first run of a turn knows no shapes, the second those that the first one proved
    ...['verify', 'verify again'].map((title) => ({
      title,
      args: ['verify', '--artifacts', place('before'), '--dialect', 'pgsql'],
    })),
    { title: 'provision', args: ['provision', '--dialect', 'pgsql', ...of('before')], database: 'empty', copy: {} },
    { title: 'load', args: ['load', sample, ...of('before')], database: 'loaded', copy: { of: 'empty' } },
    {
      title: 'load --bulk',
      args: ['load', sample, '--bulk', ...of('before')],
      database: 'given',
      copy: { of: 'empty' },
    },
    { title: 'dump', args: ['dump', ...of('before'), '--output', place('dump')], database: 'given', output: 'dump' },
    { title: 'check --data', args: ['check', '--data', ...of('before')], database: 'given' },
    {
      title: 'translate',
      args: ['translate', place('dump'), ...both, '--output', place('later'), '--continue', ...rejects('translated')],
      output: 'later',
      mayReject: true,
    },
    {
      title: 'upgrade apply',
      args: ['upgrade', 'apply', ...both, ...database, ...rejects('applied')],
      database: 'given',
    },
  ];
}

const measures = {
  CPU: (cost: ComparedMeasure) => total(cost),
  MB: ({ megabytes }: ComparedMeasure) => megabytes,
  bytes: ({ bytes }: ComparedMeasure) => bytes,
} as const;

type Pair = Readonly<Record<BenchedCommit['name'], ComparedMeasure>>;

/** The rows of the table, and the ratios above `--fail-above`. */
function compared(pairs: ReadonlyMap<string, readonly Pair[]>) {
  const above: string[] = [];
  const rows = [...pairs].map(([title, of]) => {
    const cells = Object.entries(measures).flatMap(([name, measure]) => {
      const value = (side: BenchedCommit['name']) => median(of.map((pair) => measure(pair[side])));
      if (value('other') === 0) return ['', '', ''];
      const ratio = median(of.map((pair) => measure(pair.this) / measure(pair.other)));
      if (ratio > most) above.push(`${title}: ${name} ${ratio.toFixed(2)}`);
      const shown = (number: number) => (name === 'CPU' ? number.toFixed(2) : String(Math.round(number)));
      return [shown(value('other')), shown(value('this')), ratio.toFixed(2)];
    });
    return [title, ...cells];
  });
  return { rows, above };
}

const line = ([title = '', ...cells]: readonly string[]) =>
  `${title.padEnd(16)}${cells.map((cell, index) => cell.padStart(index < 6 ? 8 : 12)).join('')}`.trimEnd();

const commit = values.beside === undefined ? otherCommit() : commitOf(values.beside);
const sets = schemaSets();
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-bench-against-'));
try {
  const command = buildCommand();
  const sides: readonly BenchedCommit[] = [
    { name: 'this', command },
    { name: 'other', command: values.beside ? builtClone(values.beside) : commandOf(commit, scratch) },
  ];
  await Benchmark.run(command, async (bench) => {
    const place = (side: BenchedCommit['name']) => (name: string) => path.join(bench.folder, `${side}-${name}`);
    const sample = path.join(bench.folder, 'sample');
    const set = path.join(bench.folder, 'set');
    bench.command([
      ...['emit', '--dialect', 'pgsql', '--mapping-version', version, '--output', set],
      ...sets.before.flatMap((file) => ['--schema', file]),
    ]);
    bench.command(['sample', '--artifacts', set, '--documents', documents, '--output', sample]);
    const run = async ({ name, command }: BenchedCommit, step: BenchStep): Promise<ComparedMeasure> => {
      const database = step.database === undefined ? 'postgres' : `${name}_${step.database}`;
      const { copy, output } = step;
      if (copy !== undefined) await bench.create(database, copy.of === undefined ? undefined : `${name}_${copy.of}`);
      const cost = await bench.measure([command, ...step.args], database, {
        expected: step.mayReject ? [0, 1] : [0],
        caches: place(name)('caches'),
      });
      return { ...cost, bytes: output === undefined ? 0 : bytesOf(place(name)(output)) };
    };
    const pairs = new Map<string, Pair[]>();
    const steps = { this: stepsOf(sets, place('this'), sample), other: stepsOf(sets, place('other'), sample) };
    for (let turn = 0; turn < runs; turn += 1) {
      for (const [index, { title }] of steps.this.entries()) {
        console.error(`run ${turn + 1} of ${runs}: ${title}`);
        const found: Partial<Record<BenchedCommit['name'], ComparedMeasure>> = {};
        for (const side of turn % 2 === 0 ? sides : sides.toReversed()) {
          const step = steps[side.name][index];
          if (step !== undefined) found[side.name] = await run(side, step);
        }
        pairs.set(title, [...(pairs.get(title) ?? []), found as Pair]);
      }
      for (const side of sides)
        for (const name of readdirSync(bench.folder).filter((each) => each.startsWith(`${side.name}-`)))
          rmSync(path.join(bench.folder, name), { recursive: true });
    }
    const { rows, above } = compared(pairs);
    const of = Object.keys(measures).flatMap((name) => [name, 'now', 'ratio']);
    console.log(
      `This commit beside ${commit.slice(0, 8)}, ${version}, ${documents} documents; pairs of runs: ${runs}.\n`,
    );
    for (const cells of [['', ...of], ...rows]) console.log(line(cells));
    if (above.length > 0) {
      console.log(`\nAbove ${most}:\n${above.join('\n')}`);
      process.exitCode = 1;
    }
  });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
