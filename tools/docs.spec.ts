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
      const chapter = /^(\d\d)-.*\.md$/.exec(name)?.[1];
      if (!chapter) return [];
      const headings = readFileSync(path.join(designFolder, name), 'utf8').matchAll(/^#+ (\d+(?:\.\d+)*)\.? /gm);
      return [chapter, ...[...headings].map(([, number]) => `${chapter} §${number}`)];
    }),
  );

  test('a reference to a chapter in the sources leads to one of its sections', () => {
    const lost = [...sourceFiles('libs'), ...sourceFiles('plugins')].flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\b(?:design )?([01]\d §\d+(?:\.\d+)*)/g)]
        .map(([, reference]) => reference as string)
        .filter((reference) => !sections.has(reference))
        .map((reference) => `${path.relative(root, file)}: ${reference}`),
    );
    expect([...new Set(lost)].sort()).toEqual([]);
  });
});

test('links between documents lead to files', () => {
  const documents = [
    'README.md',
    'plugins/nx-dms/README.md',
    'docs/architecture.md',
    'docs/contributing.md',
    'docs/performance.md',
    'docs/tutorial.md',
    'docs/ci.md',
    'docs/comparison.md',
    'docs/upgrade.md',
  ].concat(
    readdirSync(designFolder).map((name) => `docs/design/${name}`),
    readdirSync(path.join(root, 'docs', 'reference')).map((name) => `docs/reference/${name}`),
  );
  const lost = documents.flatMap((name) => {
    const file = path.join(root, name);
    const links = readFileSync(file, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g);
    return [...links]
      .map(([, target]) => path.resolve(path.dirname(file), target as string))
      .filter((target) => !existsSync(target))
      .map((target) => `${name}: ${target}`);
  });
  expect(lost).toEqual([]);
});
