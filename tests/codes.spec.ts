import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { diagnosticClasses } from '../libs/base/diagnostics/src/catalogue.ts';
import { codeMeanings } from '../libs/base/diagnostics/src/code-meanings.ts';

/*
 * Every code of the catalogue is used by the product, expected by a spec and described in its chapters. Otherwise
 * remove the code.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const codes = Object.keys(diagnosticClasses);

const sources = ['libs', 'plugins', 'tests'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name).replaceAll('\\', '/'))
    .filter((name) => /\.tsx?$/.test(name) && !/\/(?:node_modules|dist)\//.test(name)),
);

const isSpec = (name: string) => /\.(?:spec|e2e)\.ts$/.test(name);
const isOfTests = (name: string) => isSpec(name) || /\/(?:test|e2e)\//.test(name) || name.startsWith('libs/testing/');
const isCatalogue = (name: string) => /^libs\/base\/diagnostics\/src\/(?:catalogue|code-meanings)\./.test(name);

const text = (names: readonly string[]) => names.map((name) => readFileSync(path.join(root, name), 'utf8')).join('\n');

/** The product sources without comments and without comparisons, because a comparison reports nothing. */
const reporting = text(sources.filter((name) => !isOfTests(name) && !isCatalogue(name)))
  .replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
  .replace(/[!=]== '[A-Z0-9_]+'/g, '');
const specs = text(sources.filter((name) => isSpec(name) && !name.startsWith('libs/base/diagnostics/')));

test('every code is reported somewhere', () => {
  expect(codes.filter((code) => !reporting.includes(`'${code}'`))).toEqual([]);
});

/** The lines of specs that are neither comments nor titles, without the specs that use codes as examples. */
const expecting = specs
  .split('\n')
  .filter((line) => !/^\s*(?:\*|\/[/*])/.test(line))
  .map((line) => line.replace(/^\s*(?:\}?\]?\)?\s*\(|(?:it|test|describe)\b[^'"`]*)(?:'[^']*'|"[^"]*"|`[^`]*`)/, ''))
  .join('\n');

test('every code is expected by a test, which provokes it', () => {
  expect(codes.filter((code) => !new RegExp(`\\b${code}\\b`).test(expecting))).toEqual([]);
});

/** The codes with the chapters that describe them. */
const rows = Object.values(codeMeanings)
  .flat()
  .flatMap(({ codes: variants, chapters }) => variants.map((code) => ({ code, chapters: chapters.split(', ') })));

test('every code is named in a chapter that its row names', () => {
  expect(rows.map(({ code }) => code).sort()).toEqual([...codes].sort());
  const chapters = new Map(
    readdirSync(path.join(root, 'docs/design')).flatMap((name) => {
      const [, number] = /^(\d\d[a-z]?)-/.exec(name) ?? [];
      return number === undefined
        ? []
        : [[number, readFileSync(path.join(root, 'docs/design', name), 'utf8')] as const];
    }),
  );
  // `OUTPUT_*` and `ABSTRACT_PATH_…` stand for all codes that begin so
  const names = (chapter: string, code: string) =>
    chapter.includes(code) ||
    [...chapter.matchAll(/`([A-Z0-9_]+_)[…*]/g)].some(([, start = '']) => code.startsWith(start));
  const lost = rows.filter(
    ({ code, chapters: wanted }) =>
      !wanted.some((number) => names(chapters.get(number.split(' ')[0] ?? '') ?? '', code)),
  );
  expect(lost).toEqual([]);
});
