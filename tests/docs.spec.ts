import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

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

/** The anchors of a document: GitHub makes them of its headings. */
function anchorsOf(file: string): Set<string> {
  const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

const documents = [
  'README.md',
  'plugins/nx-dms/README.md',
  'libs/cli/README.md',
  ...['docs', 'docs/design', 'docs/reference'].flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
];

test.each(documents)('the links of %s lead to files and headings', (name) => {
  const file = path.join(root, name);
  const links = readFileSync(file, 'utf8').matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]*))?\)/g);
  const lost = [...links].flatMap(([link, target = '', anchor]) => {
    const place = target === '' ? file : path.resolve(path.dirname(file), target);
    if (!existsSync(place)) return [link];
    return anchor === undefined || anchorsOf(place).has(anchor) ? [] : [link];
  });
  expect(lost).toEqual([]);
});
