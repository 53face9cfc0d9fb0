import { describe, expect, it } from 'vitest';
import { batches, findingsOfTokens } from '../../test/tsql.ts';
import { frame } from './statement-checks.ts';

/* The frame of a script (design 06 §2.4). */

const opening =
  'SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER, XACT_ABORT ON;\nSET NUMERIC_ROUNDABORT OFF;\nBEGIN TRANSACTION';
const guard =
  "IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END";
const preflight = [
  'IF 1 = 1',
  'BEGIN',
  '    IF 2 = 2',
  '    BEGIN',
  '        SELECT 1;',
  '        IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END',
  "        RAISERROR(N'%s', 16, 1, @preflight_message);",
  '        SET NOEXEC ON;',
  '    END',
  'END',
].join('\n');
const last = 'SELECT 1;\nCOMMIT TRANSACTION';
const closing = 'IF @@ERROR <> 0 AND @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END\nSET NOEXEC OFF;';

const faults = {
  opening: expect.stringMatching(/^the first batch does not set the session options and begin the transaction: /),
  preflight: 'the preflight does not end by rolling back, raising the mismatch and disarming the session',
  commit: 'the last batch with changes does not commit',
  closing: 'the script does not end by turning execution on',
};

const collectedError =
  "IF @refusal IS NOT NULL\nBEGIN\n    IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END\n    RAISERROR(N'%s', 16, 1, @refusal);\n    SET NOEXEC ON;\nEND";

const script = (parts: Partial<Record<'opening' | 'guard' | 'preflight' | 'last' | 'closing', string>> = {}) => {
  const whole = { opening, guard, preflight, last, closing, ...parts };
  return batches(whole.opening, whole.guard, whole.preflight, guard, 'SELECT 2;', guard, whole.last, whole.closing);
};

it.each([
  ['with one refusal', script()],
  ['with a refusal that several guards may give', script({ preflight: collectedError })],
  ['with a block before the end', script({ last: 'BEGIN\n    SELECT 1;\nEND\nCOMMIT TRANSACTION' })],
])('a frame is whole %s', (_, text) => {
  expect(findingsOfTokens(frame, text)).toEqual([]);
});

describe('an incomplete frame', () => {
  it.each([
    ['without an option', opening.replace('ARITHABORT, ', '')],
    ['without the option that ends a failed transaction', opening.replace(', XACT_ABORT', '')],
    ['with an additional option', opening.replace(' ON;', ', NOCOUNT ON;')],
    ['with an option that is on instead of off', opening.replace(' OFF;', ' ON;')],
    ['with a statement before the options', `SELECT 1;\n${opening}`],
    ['without a transaction', opening.replace('\nBEGIN TRANSACTION', '')],
  ])('%s', (_, text) => {
    expect(findingsOfTokens(frame, script({ opening: text }))).toEqual([faults.opening]);
  });

  it.each([
    ['that does not switch execution off', preflight.replace('        SET NOEXEC ON;\n', '')],
    [
      'that switches execution off before it raises',
      preflight.replace(/( *RAISERROR[^\n]*\n)( *SET NOEXEC ON;\n)/, '$2$1'),
    ],
    [
      'that throws, which ends only the batch',
      preflight.replace(/RAISERROR\([^)]*\)/, 'THROW 50000, @preflight_message, 1'),
    ],
    ['that leaves its transaction open', preflight.replace(/ *IF @@TRANCOUNT[^\n]*\n/, '')],
    ['with a statement after its block', `${preflight}\nSELECT 1;`],
    ['that raises whether or not there is a refusal', collectedError.replace('IF @refusal IS NOT NULL\n', '')],
    ['that is missing', 'SELECT 1;'],
  ])('with a preflight %s', (_, text) => {
    expect(findingsOfTokens(frame, script({ preflight: text }))).toEqual([faults.preflight]);
  });

  it.each([
    ['that does not check the error', guard.replace('@@ERROR <> 0 OR ', '')],
    ['that does not check the transaction', guard.replace(' OR XACT_STATE() <> 1', '')],
    ['that leaves the session armed', guard.replace('SET NOEXEC ON; ', '')],
    ['that rolls nothing back', guard.replace('IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END ', '')],
  ])('with a guard %s', (_, text) => {
    const findings = findingsOfTokens(frame, script({ guard: text }));
    expect(findings).toContain('line 7: no guard precedes the batch');
  });

  it('without a guard', () => {
    const text = batches(opening, guard, preflight, 'SELECT 2;', guard, last, closing);
    expect(findingsOfTokens(frame, text)).toEqual(['line 18: no guard precedes the batch']);
  });

  it.each([
    ['is missing', 'SELECT 1;'],
    ['is not the last statement', 'COMMIT TRANSACTION\nSELECT 1;'],
  ])('when the commit %s', (_, text) => {
    expect(findingsOfTokens(frame, script({ last: text }))).toEqual([faults.commit]);
  });

  it.each([
    ['execution stays off', 'SELECT 1;'],
    ['a refused last batch leaves its transaction open', 'SET NOEXEC OFF;'],
    ['something follows', `${closing}\nSELECT 2;`],
  ])('when %s', (_, text) => {
    expect(findingsOfTokens(frame, script({ closing: text }))).toEqual([faults.closing]);
  });

  it('in an empty script', () => {
    expect(findingsOfTokens(frame, '')).toEqual([faults.opening, faults.preflight, faults.commit, faults.closing]);
  });
});
