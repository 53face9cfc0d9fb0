import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { pages } from './pages.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const designFolder = path.join(root, 'docs', 'design');

function sourceFiles(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/(^|[\\/])(node_modules|dist)[\\/]/.test(name))
    .map((name) => path.join(root, folder, name));
}

describe('chapters', () => {
  const sections = new Set(
    readdirSync(designFolder).flatMap((name) => {
      const chapter = /^(\d\d[a-z]?)-.*\.md$/.exec(name)?.[1];
      if (!chapter) return [];
      const headings = readFileSync(path.join(designFolder, name), 'utf8').matchAll(/^#+ (\d+(?:\.\d+)*)\.? /gm);
      return [chapter, ...[...headings].map(([, number]) => `${chapter} §${number}`)];
    }),
  );

  test('a reference to a chapter in the sources leads to one of its sections', () => {
    const lost = [...sourceFiles('libs'), ...sourceFiles('plugins')].flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\b(?:design )?([01]\d[a-z]? §\d+(?:\.\d+)*)/g)]
        .map(([, reference]) => reference as string)
        .filter((reference) => !sections.has(reference))
        .map((reference) => `${path.relative(root, file)}: ${reference}`),
    );
    expect([...new Set(lost)].sort()).toEqual([]);
  });
});

/** The anchors of a document, as GitHub makes them from its headings. */
function anchorsOf(file: string): ReadonlySet<string> {
  const known = anchors.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, 'utf8');
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  const found = new Set([...headings, ...[...text.matchAll(/<a id="(\w+)">/g)].map(([, id = '']) => id)]);
  anchors.set(file, found);
  return found;
}

const anchors = new Map<string, ReadonlySet<string>>();

test.each(pages)('the links of %s lead to files and headings', (name) => {
  const file = path.join(root, name);
  const links = readFileSync(file, 'utf8').matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]*))?\)/g);
  const lost = [...links].flatMap(([link, target = '', anchor]) => {
    const place = target === '' ? file : path.resolve(path.dirname(file), target);
    if (!existsSync(place)) return [link];
    return anchor === undefined || anchorsOf(place).has(anchor) ? [] : [link];
  });
  expect(lost).toEqual([]);
});

test('the README has at most 100 lines', () => {
  expect(readFileSync(path.join(root, 'README.md'), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(100);
});

test.each(readdirSync(designFolder))('the chapter %s has at most 8,000 words', (name) => {
  expect(readFileSync(path.join(designFolder, name), 'utf8').split(/\s+/).length).toBeLessThanOrEqual(8000);
});

test('the page of figures has at most 2,500 words', () => {
  expect(readFileSync(path.join(root, 'docs/performance.md'), 'utf8').split(/\s+/).length).toBeLessThanOrEqual(2500);
});

test('the comparison says of each tool when to take it, with a source', () => {
  const text = readFileSync(path.join(root, 'docs/comparison.md'), 'utf8');
  const [, table = ''] = /\| take \| when \|\n\|---\|---\|\n((?:\|.*\n)+)/.exec(text) ?? [];
  const rows = table.trimEnd().split('\n');
  const tools = [
    ...['Data Management Service', 'ODS/API', 'Analytics Middle Tier', 'Flyway', 'Liquibase', 'Atlas'],
    ...['SQL Server Data Tools', 'EF Core migrations'],
  ];
  for (const tool of tools)
    expect(
      rows.some((row) => row.includes(`[${tool}](https://`)),
      tool,
    ).toBe(true);
  expect(rows.filter((row) => !row.includes('](https://'))).toEqual([]);
});

/**
 * Names in code form in chapters that the repository does not contain: members of examples, and names of other
 * programs.
 */
const foreign = new Set([
  ...['schoolTypes', 'specialEducationProgramServices', 'fundDimensionReference'],
  ...['innerHTML', 'execProtocolStream', 'NPM_TOKEN', 'SCHEMA_PACKAGES'],
]);

describe('names in code form', () => {
  const files = ['libs', 'plugins', 'tools', 'tests', 'fixtures'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(folder, name).replaceAll('\\', '/'))
      .filter(
        (name) => /\.(?:tsx?|[mc]?js|json|html|proto)$/.test(name) && !/(?:node_modules|\/dist\/|ApiSchema)/.test(name),
      )
      // this file contains names that do not exist
      .filter((name) => name !== 'tests/docs.spec.ts'),
  );
  const sources = files.map((name) => readFileSync(path.join(root, name), 'utf8')).join('\n');
  const words = new Set(sources.match(/[A-Za-z_]\w*/g));

  /** The texts between backticks, outside of code blocks. */
  const named = (name: string) =>
    [
      ...readFileSync(path.join(root, name), 'utf8')
        .replaceAll(/```[\s\S]*?```/g, '')
        .matchAll(/`([^`\n]+)`/g),
    ].map(([, text = '']) => text);

  const alternatives = (file: string): readonly string[] => {
    const [braces, list] = /\{([^}]*)\}/.exec(file) ?? [];
    return braces === undefined ? [file] : (list ?? '').split(',').map((one) => file.replace(braces, one));
  };

  test.each(pages)('of %s: files and folders are there', (name) => {
    const paths = named(name).filter((text) =>
      /^(?:libs|tools|plugins|docs|fixtures|golden|tests)\/[\w./{},-]+$/.test(text),
    );
    expect(paths.flatMap(alternatives).filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });

  test.each(pages)('of %s: functions, members and codes are in the sources', (name) => {
    const isName = (text: string) => /^[a-z]+[A-Z]\w*(?:\(\))?$/.test(text);
    const isCode = (text: string) => /^[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+$/.test(text);
    const lost = named(name).filter((text) => {
      if (foreign.has(text)) return false;
      // a code may be the end of a longer name
      if (isCode(text)) return !sources.includes(text);
      return isName(text) && !words.has(text.replace('()', ''));
    });
    expect(lost).toEqual([]);
  });
});
