import { createHash } from 'node:crypto';
import { dialectRules, type SqlDialect } from '@dms/sql';
import { hasSharedData, readSharedJson } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { ddlManifestText, normalizeSql, statementCount } from '../../src/index.ts';

interface CountCase {
  readonly dialect: SqlDialect;
  readonly title: string;
  readonly input: string;
  readonly normalized: string;
  readonly sha256: string;
  readonly statementCount: number;
}

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

describe.runIf(hasSharedData)('counting vectors (needs the shared conformance data)', () => {
  const cases: readonly CountCase[] = hasSharedData
    ? readSharedJson('design', 'vectors', 'ddl-manifest-counts.json').cases
    : [];

  it('are 28', () => expect(cases).toHaveLength(28));

  it.each(cases)('$dialect: $title', ({ dialect, input, normalized, sha256: hash, statementCount: count }) => {
    expect(normalizeSql(input)).toBe(normalized);
    expect(sha256(normalizeSql(input))).toBe(hash);
    expect(statementCount(dialect, input)).toBe(count);
    const fingerprint = { effectiveSchemaHash: 'a'.repeat(64), relationalMappingVersion: 'v1' } as const;
    expect(JSON.parse(ddlManifestText(fingerprint, [{ dialect, script: input }])).ddl).toEqual([
      { dialect, normalized_sql_sha256: hash, statement_count: count },
    ]);
  });
});

describe('normalization (design 06 §8.1)', () => {
  it.each([
    ['\r\n', 'a\r\nb', 'a\nb'],
    ['\r', 'a\rb', 'a\nb'],
    ['form feed', 'a\fb', 'a\nb'],
    ['next line', 'a\u0085b', 'a\nb'],
    ['line separator', 'a\u2028b', 'a\nb'],
    ['paragraph separator', 'a\u2029b', 'a\nb'],
    ['\n\r', 'a\n\rb', 'a\n\nb'],
    ['blanks of every kind before a line end', 'a \t\u00a0\u3000\v\nb ', 'a\nb'],
    ['a byte order mark is not a white space', 'a\ufeff\nb', 'a\ufeff\nb'],
    ['leading blanks and final newlines stay', '  a\n\n\n', '  a\n\n\n'],
  ])('%s', (_title, input, normalized) => {
    expect(normalizeSql(input)).toBe(normalized);
  });
});

describe('statement count, pgsql (design 06 §8.2)', () => {
  it.each([
    ['the worked example', 'DO $$\nBEGIN\n    PERFORM 1;\nEND $$;\nSELECT 1;\n', 2],
    ['two blanks after END: the block never closes', 'DO $$\nBEGIN\n    PERFORM 1;\nEND  $$;\nSELECT 1;\n', 0],
    ['a comment that ends with a semicolon', '-- x;\n', 1],
    ['several statements on one line', 'SELECT 1; SELECT 2;\n', 1],
    ['a tag in the middle of a line', 'DO $$ BEGIN END $$ LANGUAGE plpgsql;\nSELECT 1;\n', 2],
    ['tags are matched by spelling', 'AS $func$\nx;\n$$;\n$func$;\n', 1],
    ['the shortest suffix is the tag', 'AS $a$$\nx;\n$$;\n', 1],
    ['a closing tag at a line start without END', 'AS $f$\nx;\n$f$ LANGUAGE sql;\n', 1],
    ['the line that opens a tag does not count, nor do those in it', 'SELECT 1; $t$\ny;\n', 0],
  ])('%s', (_title, text, count) => {
    expect(statementCount('pgsql', text)).toBe(count);
  });
});

describe('statement count, mssql (design 06 §8.3)', () => {
  it.each([
    ['a module batch counts one', 'SELECT 1;\nGO\nCREATE OR ALTER TRIGGER x\nAS\nBEGIN\n    a;\n    b;\nEND;\nGO\n', 2],
    ['in any case of letters', 'create or alter function f\na;\nb;\n', 1],
    ['a procedure too, and plain CREATE and ALTER', 'CREATE PROCEDURE p\na;\nb;\ngo\nALTER TRIGGER t\na;\nb;\n', 2],
    ['a view counts its terminators', 'CREATE OR ALTER VIEW v AS\nSELECT 1;\n', 1],
    ['two blanks are another beginning', 'CREATE OR ALTER  TRIGGER t\na;\nb;\n', 2],
    ['nested lines count, comments and blank lines do not', 'IF 1 = 1\nBEGIN\n    a;\n    -- b;\n\n    c;\nEND\n', 2],
    ['a batch of comments counts nothing', '-- a;\nGO\n-- b;\n', 0],
    ['a comment before a module is dropped first', '-- a;\nCREATE OR ALTER TRIGGER t\na;\nb;\n', 1],
    ['the text after the last separator is a batch', 'a;\nGO\nb;\nc;', 3],
    ['GO with more on its line is none', 'a;\nGO;\nb;\n', 3],
  ])('%s', (_title, text, count) => {
    expect(statementCount('mssql', text)).toBe(count);
  });
});

it('the line about the encoding of a PostgreSQL script does not count as a statement', () => {
  const script = 'CREATE TABLE "Größe" (a integer);\n';
  const text = dialectRules.pgsql.scriptText(script);
  expect(text).toMatch(/^SET client_encoding = 'UTF8'; --/);
  expect([statementCount('pgsql', text), statementCount('pgsql', script)]).toEqual([1, 1]);
  expect(dialectRules.pgsql.scriptText('SELECT 1;\n')).toBe('SELECT 1;\n');
  expect(dialectRules.mssql.scriptText(script)).toBe(script);
});
