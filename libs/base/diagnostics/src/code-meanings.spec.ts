import { readdirSync } from 'node:fs';
import path from 'node:path';
import { assertType, expect, test } from 'vitest';
import { diagnosticClasses } from './catalogue.ts';
import { type Complete, codeMeanings } from './code-meanings.ts';

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

test('the compiler names a code without a row, and a row without a code', () => {
  const some = { 'Input files': { 'CODE_A CODE_B CODE_C': '01: Several variants.', CODE_D: '01: One.' } } as const;
  type KnownCode = 'CODE_A' | 'CODE_B' | 'CODE_C' | 'CODE_D';
  assertType<Complete<typeof some, KnownCode>>(some);
  // @ts-expect-error: CODE_E has no row
  assertType<Complete<typeof some, KnownCode | 'CODE_E'>>(some);
  // @ts-expect-error: CODE_C is no code
  assertType<Complete<typeof some, Exclude<KnownCode, 'CODE_C'>>>(some);
});
