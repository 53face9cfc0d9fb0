import { describe, expect, it } from 'vitest';
import { batches, findingsOfTokens } from '../../../test/tsql.ts';
import { frame } from './frame-checks.ts';

/* The frame of a script (design 06 §2.4). */

const options =
  'SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER ON;\nSET NUMERIC_ROUNDABORT OFF;';
const preflight = [
  'IF 1 = 1',
  'BEGIN',
  '    IF 2 = 2',
  '    BEGIN',
  "        RAISERROR(N'%s', 16, 1, @preflight_message);",
  '        SET NOEXEC ON;',
  '    END',
  'END',
].join('\n');
const end = 'SELECT 1;\nSET NOEXEC OFF;';

const faults = {
  options: expect.stringMatching(/^the first batch is not that of the session options: /),
  preflight: 'the preflight does not end by raising the mismatch and disarming the session',
  end: 'the script does not end by switching execution on',
};

const collectedRefusal = "IF @refusal IS NOT NULL\nBEGIN\n    RAISERROR(N'%s', 16, 1, @refusal);\n    SET NOEXEC ON;\nEND";

it.each([
  ['with a statement before the end', batches(options, preflight, end)],
  ['with a block before the end', batches(options, preflight, 'BEGIN\n    SELECT 1;\nEND\nSET NOEXEC OFF;')],
  ['with a refusal that several guards may give', batches(options, collectedRefusal, end)],
])('a frame is whole %s', (_, text) => {
  expect(findingsOfTokens(frame, text)).toEqual([]);
});

describe('a frame is not whole', () => {
  it.each([
    ['without an option', batches(options.replace('ARITHABORT, ', ''), preflight, end)],
    ['with an additional option', batches(options.replace(' ON;', ', XACT_ABORT ON;'), preflight, end)],
    ['with an option that is on instead of off', batches(options.replace(' OFF;', ' ON;'), preflight, end)],
    ['with a statement before the options', batches(`SELECT 1;\n${options}`, preflight, end)],
  ])('%s', (_, text) => {
    expect(findingsOfTokens(frame, text)).toEqual([faults.options]);
  });

  it.each([
    ['that does not switch execution off', preflight.replace('        SET NOEXEC ON;\n', '')],
    ['that switches execution off before it raises', preflight.replace(/( *RAISERROR[^\n]*\n)( *SET NOEXEC ON;\n)/, '$2$1')],
    ['that throws, which ends only the batch', preflight.replace(/RAISERROR\([^)]*\)/, 'THROW 50000, @preflight_message, 1')],
    ['with a statement after its block', `${preflight}\nSELECT 1;`],
    ['that raises whether or not there is a refusal', collectedRefusal.replace('IF @refusal IS NOT NULL\n', '')],
    ['that is missing', 'SELECT 1;'],
  ])('with a preflight %s', (_, text) => {
    expect(findingsOfTokens(frame, batches(options, text, end))).toEqual([faults.preflight]);
  });

  it.each([
    ['execution stays off', 'SELECT 1;'],
    ['something follows', `${end}\nSELECT 2;`],
    ['its end is part of another statement', 'SELECT 1 SET NOEXEC OFF;'],
  ])('when %s', (_, text) => {
    expect(findingsOfTokens(frame, batches(options, preflight, text))).toEqual([faults.end]);
  });

  it('in an empty script', () => {
    expect(findingsOfTokens(frame, '')).toEqual([faults.options, faults.preflight, faults.end]);
  });
});
