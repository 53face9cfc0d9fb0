import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { diagnosticClasses } from './catalogue.ts';
import { codeMeanings } from './code-meanings.ts';

const entries = Object.values(codeMeanings).flat();

test('every code has one meaning', () => {
  const codes = entries.flatMap((entry) => entry.codes);
  expect(codes.toSorted()).toEqual(Object.keys(diagnosticClasses).sort());
});

test('a meaning is a sentence', () => {
  expect(entries.filter(({ meaning }) => !/^[`A-Z].*[.)]$/s.test(meaning)).map(({ codes }) => codes)).toEqual([]);
});

test('a code names chapters that exist', () => {
  const chapters = readdirSync(path.resolve(import.meta.dirname, '../../../../docs/design')).map(
    (name) => name.split('-')[0],
  );
  const lost = entries.filter((entry) => !entry.chapters.split(', ').every((chapter) => chapters.includes(chapter)));
  expect(lost).toEqual([]);
});
