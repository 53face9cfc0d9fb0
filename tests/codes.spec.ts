import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { diagnosticClasses } from '../libs/diagnostics/src/catalogue.ts';

/* Every code of the catalogue is used by the product and named in a spec. Remove a code that is not. */

const root = fileURLToPath(new URL('..', import.meta.url));
const codes = Object.keys(diagnosticClasses);

const sources = ['libs', 'plugins'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name).replaceAll('\\', '/'))
    .filter((name) => /\.tsx?$/.test(name) && !/\/(?:node_modules|dist)\//.test(name)),
);

const isSpec = (name: string) => /\.(?:spec|e2e)\.ts$/.test(name);
const isOfTests = (name: string) => isSpec(name) || /\/(?:test|e2e)\//.test(name) || name.startsWith('libs/testing/');
const isCatalogue = (name: string) => name.startsWith('libs/diagnostics/src/catalogue.');

const text = (names: readonly string[]) => names.map((name) => readFileSync(path.join(root, name), 'utf8')).join('\n');

/** The product sources without comments and without comparisons, since a comparison reports nothing. */
const reporting = text(sources.filter((name) => !isOfTests(name) && !isCatalogue(name)))
  .replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
  .replace(/[!=]== '[A-Z0-9_]+'/g, '');
const specs = text(sources.filter((name) => isSpec(name) && !isCatalogue(name)));

test('every code is reported somewhere', () => {
  expect(codes.filter((code) => !reporting.includes(`'${code}'`))).toEqual([]);
});

test('every code is named in a test', () => {
  expect(codes.filter((code) => !new RegExp(`\\b${code}\\b`).test(specs))).toEqual([]);
});
