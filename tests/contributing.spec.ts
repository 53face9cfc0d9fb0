import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { diagnosticClasses } from '../libs/base/diagnostics/src/catalogue.ts';

/* Everything that the pages for contributors name exists: files, folders, functions, codes, scripts. */

const root = fileURLToPath(new URL('..', import.meta.url));
const text = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** Folders with handwritten files. */
const topFolders = ['docs', 'fixtures', 'golden', 'libs', 'plugins', 'tests', 'tools'];

const isForeign = (name: string) => /(?:^|\/)(?:node_modules|dist)(?:\/|$)/.test(name);

/** Every file of the repository, and every folder, with `/` at its end. */
const places: readonly string[] = [
  ...readdirSync(root).filter((name) => !topFolders.includes(name)),
  ...topFolders.map((folder) => `${folder}/`),
  ...topFolders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true }).map((entry) => {
      const name = path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/');
      return entry.isDirectory() ? `${name}/` : name;
    }),
  ),
].filter((name) => !isForeign(name));

const sources = places
  .filter(
    (name) => /^(?:libs|plugins|tests|tools)\/.*\.(?:ts|mjs)$/.test(name) && name !== 'tests/contributing.spec.ts',
  )
  .map(text)
  .join('\n');
const words = new Set(sources.match(/[A-Za-z_]\w*/g));

/** Expands `a/{b,c}.ts` to `a/b.ts` and `a/c.ts`. */
function expanded(name: string): string[] {
  const braces = /^(.*)\{([^}]*)\}(.*)$/.exec(name);
  if (!braces) return [name];
  const [, before = '', choices = '', after = ''] = braces;
  return choices.split(',').flatMap((choice) => expanded(`${before}${choice}${after}`));
}

/** Whether a place matches a name in which `<name>` and `*` stand for any part. */
function matches(name: string): boolean {
  const parts = name.replace(/\/$/, '').split(/<[^>]+>|\*/);
  const pattern = parts.map((part) => part.replaceAll(/[.+^$()|[\]\\{}]/g, '\\$&')).join('[^/]+');
  const whole = new RegExp(`^${name.includes('/') ? '' : '(?:.*/)?'}${pattern}/?$`);
  return places.some((place) => whole.test(place));
}

const codeSpans = (page: string) => {
  const prose = text(page).replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...new Set([...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span))];
};

const isPath = (span: string) => !/\s/.test(span) && topFolders.includes(span.split('/')[0] as string);
const isFile = (span: string) => /^[\w.*<>-]+\.(?:ts|mjs|json|md|golden)$/.test(span);

const lost = (spans: readonly string[]) => spans.flatMap(expanded).filter((span) => !matches(span));

const pages = ['docs/contributing.md', 'docs/testing.md', 'docs/architecture.md'];
const spansOfPages = pages.flatMap(codeSpans);

test.each(pages)('%s names files and folders that exist', (page) => {
  const paths = codeSpans(page).filter(isPath);
  expect(paths.length).toBeGreaterThan(5);
  expect(lost(paths)).toEqual([]);
});

test.each(['base', 'compiler', 'data', 'product'])('the page of libs/%s names files of its packages', (storey) => {
  const paths = codeSpans(`libs/${storey}/README.md`).filter(
    (span) => span.includes('/') && !/^(?:libs|plugins)\//.test(span),
  );
  expect(paths.length).toBeGreaterThan(1);
  expect(lost(paths.map((span) => `libs/${storey}/${span}`))).toEqual([]);
});

test('files are named by names that exist, wherever they are', () => {
  const files = spansOfPages.filter((span) => isFile(span) && span !== 'dms.json');
  expect(files.length).toBeGreaterThan(5);
  expect(lost(files)).toEqual([]);
});

test('functions, types and options that are named are in the sources', () => {
  const named = spansOfPages.flatMap((span) => {
    const [, word = ''] = /^@?([A-Za-z]\w*)(?:\(.*\))?$/.exec(span) ?? [];
    return /[a-z]/.test(word) && /[A-Z]/.test(word) ? [word] : [];
  });
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((word) => !words.has(word))).toEqual([]);
});

test('the table of rules names what stands in its files', () => {
  const [, table = ''] = /^## Where to find a rule\n([\s\S]*?)^## /m.exec(text('docs/architecture.md')) ?? [];
  const rows = table.split('\n').filter((line) => /^\|[^-]/.test(line) && !line.startsWith('| about'));
  expect(rows.length).toBeGreaterThan(50);
  const lost = rows.flatMap((row) => {
    const spans = [...(row.split(' | ').at(-1) ?? '').matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
    const files = spans.filter(isPath).flatMap(expanded);
    if (files.length === 0) return [row];
    const content = files.map((name) => (name.endsWith('/') ? '' : text(name))).join('\n');
    return spans.filter((span) => !isPath(span) && !new RegExp(`\\b${span}\\b`).test(content));
  });
  expect(lost).toEqual([]);
});

test('each kind of thing is made in at most three files, which have what the table names', () => {
  const [, table = ''] = /^## Where each kind of thing is made\n([\s\S]*)/m.exec(text('docs/contributing.md')) ?? [];
  const rows = table
    .split('\n')
    .filter((line) => /^\|[^-]/.test(line) && !line.startsWith('| what'))
    .map((row) => row.slice(2, -2).split(' | '));
  expect(rows.map(([what]) => what)).toEqual([
    'artifact',
    'target',
    'member of the model',
    'member of a pack',
    'property type',
    'kind of change',
    'kind of trigger',
    'dialect fact',
    'diagnostic code',
    'operation',
    'option',
    'environment variable',
  ]);
  for (const [what, made = ''] of rows) {
    const spans = [...made.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
    const files = new Set(spans.filter(isPath));
    expect(files.size, what).toBeGreaterThan(0);
    expect(files.size, what).toBeLessThanOrEqual(3);
    const content = [...files].map((name) => (name.endsWith('/') ? '' : text(name))).join('\n');
    const lost = spans.filter((span) => /^[A-Za-z]\w*$/.test(span) && !new RegExp(`\\b${span}\\b`).test(content));
    expect(lost, what).toEqual([]);
  }
});

test('codes, variables and scripts that are named exist', () => {
  const spans = spansOfPages;
  const capitals = spans.filter((span) => /^[A-Z]+(?:_[A-Z]+)+$/.test(span));
  expect(capitals.length).toBeGreaterThan(1);
  expect(capitals.filter((span) => !Object.hasOwn(diagnosticClasses, span) && !words.has(span))).toEqual([]);
  const { scripts } = JSON.parse(text('package.json'));
  const run = spans.flatMap((span) => /^npm run ([\w:-]+)/.exec(span)?.[1] ?? []);
  expect(run.length).toBeGreaterThan(2);
  expect(run.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
});
