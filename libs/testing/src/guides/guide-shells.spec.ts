import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { blocksOfGuide } from './guide-blocks.ts';
import { isOfEveryShell, isOfPosixAlone, saidBy } from './shells.ts';

/* Each block of commands runs unchanged in bash, PowerShell and cmd, or is followed by a form for PowerShell. */

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const files = ['', 'docs', 'docs/for', 'plugins/nx-dms', 'libs/product/cli'].flatMap((folder) =>
  readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md')
    .map((name) => path.posix.join(folder, name)),
);
const pages = files
  .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }))
  .filter(({ text }) => /^```(?:sh|console|powershell)$/m.test(text));

const linesOf = (text: string) => text.trimEnd().split('\n');

it.each(pages)('$file runs in every shell', ({ text }) => {
  const blocks = blocksOfGuide(text).filter(({ file }) => file === undefined);
  const powershell = blocks.filter(({ kind }) => kind === 'powershell');
  const setUp = powershell.map(({ content }) => content).join('');
  const found: string[] = [];
  for (const [index, { kind, content, end }] of blocks.entries()) {
    const lines = kind === 'console' ? [content.split('\n')[0]?.replace(/^\$ /, '') ?? ''] : linesOf(content);
    if (kind !== 'sh' && kind !== 'console') continue;
    const other = lines.filter((line) => !isOfEveryShell(line, setUp));
    const next = blocks[index + 1];
    const hasForm = next?.kind === 'powershell' && text.slice(end, next.start).trim() === '';
    if (other.length > 0 && !hasForm) found.push(...other);
    // refuse a PowerShell form for commands that every shell reads alike
    if (hasForm) expect(other.length, content).toBeGreaterThan(0);
    if (hasForm) expect(saidBy(next.content), content).toEqual(saidBy(content));
  }
  expect(found).toEqual([]);
  expect(powershell.filter(({ content }) => isOfPosixAlone(content))).toEqual([]);
});

it('the pages with commands are read', () => {
  expect(pages.length).toBeGreaterThan(10);
  expect(pages.map(({ file }) => file)).toContain('README.md');
});

describe('a line that bash reads in another way than PowerShell or cmd', () => {
  it.each([
    'export A=b',
    'npx dms-ddl emit $SETS',
    "git commit --message 'two words'",
    'npx dms-ddl get Campus:School > schools.jsonl',
    'npm ci && npm test',
    'npx dms-ddl load samples/*.xml',
    'npx nx run a:b   # a comment',
    'npx dms-ddl impact --fail-on loss,impossible',
    'mkdir -p a/b',
    'mkdir a/b',
    'npx dms-ddl emit \\',
    'sh ci.sh HEAD~1',
    'A=b npx dms-ddl emit',
  ])('%s', (line) => expect(isOfEveryShell(line)).toBe(false));

  it.each([
    'npx dms-ddl emit --schema ../a/ApiSchema.json --output out',
    'npm install --save-dev nx ./packages/nx-dms-0.1.0.tgz',
    'git commit --quiet --message "two words"',
    'npx nx run schools:emit-ddl --dialect=pgsql',
    'npx dms-ddl pack verify packs/pgsql/a.mpack',
    'mkdir "../tutorial/packages"',
    'cd ../tutorial',
  ])('but not %s', (line) => expect(isOfEveryShell(line)).toBe(true));

  it('a program is known by the name that PowerShell gave it', () =>
    expect(isOfEveryShell('sh ci.sh HEAD~1', 'Set-Alias sh C:/Git/bin/sh.exe')).toBe(true));
});

it('forms say the same with the same commands, variables and paths', () => {
  const posix = 'export A_DB=pglite:data/a B_DB=$A_DB\nnpx dms-ddl check out/a --quiet || echo "exit code $?"\n';
  const same =
    '$env:A_DB = "pglite:data/a"\n$env:B_DB = $env:A_DB\nnpx dms-ddl check out/a --quiet; "exit code $LASTEXITCODE"\n';
  expect(saidBy(same)).toEqual(saidBy(posix));
  for (const [from, to] of [
    ['--quiet', '--json'],
    ['B_DB', 'C_DB'],
    ['data/a', 'data/b'],
  ] as const)
    expect(saidBy(same.replace(from, to))).not.toEqual(saidBy(posix));
});
