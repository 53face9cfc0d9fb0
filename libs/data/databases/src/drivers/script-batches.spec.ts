import { describe, expect, it } from 'vitest';
import { failedStatement } from '../failures/pgsql-failure.ts';
import { scriptBatches } from './mssql-driver.ts';

describe('batches of a SQL Server script', () => {
  it('are cut at lines of GO in any case, trimmed, with the line that each begins at', () => {
    expect(scriptBatches('A;\nGO\n\n  B;\nB2;\n\n go \nGO\nC;\n')).toEqual([
      { text: 'A;', line: 1 },
      { text: 'B;\nB2;', line: 4 },
      { text: 'C;', line: 9 },
    ]);
  });

  it('are not cut elsewhere', () => {
    const text = "GO 5\nGO;\n-- GO\nSELECT 'GO'";
    expect(scriptBatches(text)).toEqual([{ text, line: 1 }]);
    expect(scriptBatches('GO\n\nGO')).toEqual([]);
  });
});

describe('the statement that PostgreSQL points at', () => {
  const script = '-- Phase\n-- title\n\nSELECT 1;\n\n-- a comment\nCREATE TABLE t (\n    a nonsense\n);\n';

  it('has line, column and its first line', () => {
    const position = script.indexOf('nonsense') + 1;
    expect(failedStatement(script, String(position))).toEqual({ line: 8, column: 7, text: 'CREATE TABLE t (' });
  });

  it('is found behind characters beyond the basic plane, which count once', () => {
    expect(failedStatement("SELECT '😀😀', nonsense", '14')).toEqual({
      line: 1,
      column: 16,
      text: "SELECT '😀😀', nonsense",
    });
  });

  it('is cut at 200 characters', () => {
    expect(failedStatement(`SELECT ${'x'.repeat(300)}`, '1')?.text).toBe(`SELECT ${'x'.repeat(193)}…`);
  });

  it('is unknown without a position', () => {
    expect([failedStatement(script, undefined), failedStatement(script, ''), failedStatement(script, '0')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
