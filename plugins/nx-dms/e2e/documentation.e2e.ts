import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanEnvironment, repository, run } from './run-nx.ts';

/* Every command of the tutorial, of the page about CI and of the README, from an empty folder, with the packed packages alone. */

const documents = ['docs/tutorial.md', 'docs/ci.md', 'README.md'] as const;

/** What a reader of a document has before it. */
const preparations: Readonly<Record<string, string>> = {
  'README.md': 'rm -rf out data\ncp schemas/campus/ApiSchema.json .\n',
};

interface Step {
  readonly document: string;
  readonly title: string;
  readonly commands: string;
  /** Lines that must be printed, in this order; `…` stands for anything. */
  readonly expected: readonly string[];
}

/** The blocks of commands of a document, each with the block of text that follows it. */
function stepsOf(document: string): Step[] {
  const text = readFileSync(path.join(repository, document), 'utf8');
  const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, kind, content = '']) => ({ kind, content }));
  return blocks.flatMap(({ kind, content }, index) => {
    if (kind !== 'sh') return [];
    const next = blocks[index + 1];
    const expected = next?.kind === 'text' ? next.content.trimEnd().split('\n') : [];
    return [{ document, title: `${document}: ${content.split('\n')[0]}`, commands: content, expected }];
  });
}

const pattern = (line: string) =>
  new RegExp(
    line
      .split('…')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*'),
  );

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'dms-documentation-')));
const environment = cleanEnvironment({ NX_CACHE_DIRECTORY: path.join(folder, 'cache') });
const steps = documents.flatMap(stepsOf);
/** What each step has printed; those that were not reached are missing. */
let printed: readonly string[] = [];

function succeeded(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', env: environment });
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
  return stdout;
}

function packed(name: string): string {
  const cwd = path.join(repository, name);
  const [{ filename }] = JSON.parse(
    succeeded('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], cwd),
  );
  return path.join(folder, filename);
}

const { devDependencies } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8'));

/** The packages as they are here, in place of those that a registry would give. */
function withLocalPackages(commands: string, cli: string, plugin: string): string {
  const nx = `nx@${devDependencies.nx} ${plugin}`;
  return commands
    .replaceAll(/npm install (.*)\bnx nx-dms\b/g, `npm install --prefer-offline --no-audit --no-fund --ignore-scripts $1${nx}`)
    .replaceAll(/npm install (.*)\bdms-ddl\b/g, `npm install --prefer-offline --no-audit --no-fund $1${cli}`);
}

beforeAll(async () => {
  succeeded(process.execPath, ['libs/cli/build.mjs'], repository);
  const cli = packed('libs/cli');
  const plugin = packed('plugins/nx-dms');
  // one shell for all, as a reader has one
  const script = steps
    .map(({ document, commands }, index) => {
      const before = steps[index - 1]?.document === document ? '' : (preparations[document] ?? '');
      return `${before}printf '\\n@@step@@\\n'\n${withLocalPackages(commands, cli, plugin)}`;
    })
    .join('\n');
  // what npx finds is not what is tested here, and each start of it takes half a second
  const npx = 'npx() { local program=$1; shift; "./node_modules/.bin/$program" "$@"; }';
  writeFileSync(
    path.join(folder, 'script.sh'),
    `set -euo pipefail\n${npx}\nexport -f npx\n${script}\nprintf '\\n@@done@@\\n'\n`,
  );
  const { output } = await run('bash', ['script.sh'], folder, environment);
  printed = output.split('\n@@step@@\n').slice(1);
}, 1_800_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('every command of the documentation', () => {
  test('runs, to the last one', () => {
    expect(printed.at(-1)).toContain('@@done@@');
    expect(printed).toHaveLength(steps.length);
    expect(steps.length).toBeGreaterThan(12);
  });

  test.each(steps.map((step, index) => [step.title, index] as const))('%s prints what is said', (_, index) => {
    let rest = printed[index] ?? '';
    for (const line of steps[index]?.expected ?? []) {
      const found = pattern(line).exec(rest);
      expect(found, `${line}\nin:\n${rest}`).not.toBeNull();
      rest = rest.slice((found?.index ?? 0) + (found?.[0].length ?? 0));
    }
  });
});
