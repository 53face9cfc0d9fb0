import type { CatalogDifference } from '@dms/catalog';
import { transitSet } from '@dms/testing';
import { expect, it } from 'vitest';
import { type VerificationReport, verificationReportLines, verificationText } from './verification-report.ts';

/* The report for people (design 09b §1.1). */

const difference = (severity: CatalogDifference['severity'], name: string): CatalogDifference => ({
  object: 'index',
  path: ['campus.School', name],
  change: 'missing',
  severity,
});

const report: VerificationReport = {
  dialect: 'pgsql',
  effectiveSchemaHash: '',
  relationalMappingVersion: 'v1',
  scriptSha256: '',
  engine: { kind: 'embedded', product: 'PostgreSQL', version: '17.5' },
  result: 'passed',
  steps: [{ name: 'catalog', result: 'passed' }],
  catalog: transitSet.catalogOf('pgsql'),
  diff: { differences: [difference('warning', 'IX_A'), difference('info', 'IX_B')], renames: [] },
  behaviour: {
    documents: 1,
    tablesFilled: 2,
    tablesSkipped: [],
    shapes: null,
    triesEveryShape: false,
    knownShapes: 0,
    provedShapes: [],
    failures: [],
  },
  triedDocuments: null,
  documents: null,
  diagnostics: [],
};

it('names each warning about the catalog of a script that passes', () => {
  expect(verificationReportLines(report)).toEqual([
    'pgsql: passed; the script was run on the embedded engine (PostgreSQL 17.5)',
    '  catalog: passed',
    '  2 differences (1 warning, 1 info); 1 document, 2 tables filled',
    '    - W index campus.School.IX_A',
  ]);
});

it('says what an earlier run has proved, and counts nothing as tried', () => {
  const shapes = { tables: 4, shapes: 2, tried: 3, columnsTried: 3, withoutForm: [], failed: [] };
  const known: VerificationReport = {
    ...report,
    behaviour: { ...report.behaviour, shapes, knownShapes: 'all' },
    triedDocuments: { resources: new Set(), known: 690, keys: [] },
    documents: { resources: 690, written: 700, replaced: 690, skipped: [], failures: [] },
  };
  expect(verificationReportLines(known).slice(2)).toEqual([
    '  2 differences (1 warning, 1 info)',
    '    - W index campus.School.IX_A',
    '  resource-behaviour: proved by an earlier run of the same script; nothing was tried',
    '  documents: proved by an earlier run; none was written',
  ]);
  // a step before failed
  expect(verificationReportLines({ ...known, documents: null }).at(-1)).toBe(
    '  resource-behaviour: proved by an earlier run of the same script; nothing was tried',
  );
  const tried = { ...known, behaviour: { ...known.behaviour, knownShapes: 0 }, triedDocuments: null };
  expect(verificationText(known)).toBe(verificationText(tried));
});

it('names the tables for which a failed one stands', () => {
  const counts = { tables: 4, shapes: 2, tried: 3, columnsTried: 3, withoutForm: [] };
  const failed = [{ table: 'campus.School', members: ['campus.Course'] }];
  const behaviour = { ...report.behaviour, shapes: { ...counts, failed } };
  expect(verificationReportLines({ ...report, behaviour }).at(-1)).toBe(
    '    campus.School failed; it stands for 1 table that was not tried: campus.Course',
  );
  expect(JSON.parse(verificationText({ ...report, behaviour })).behaviour.shapes.failed).toEqual(failed);
});

it('says why every table was tried, and separately why no shapes could be formed', () => {
  const lastLine = (triesEveryShape: boolean) => {
    const behaviour = { ...report.behaviour, shapes: 'sequence dms.S is missing', triesEveryShape };
    return verificationReportLines({ ...report, behaviour }).at(-1);
  };
  expect(lastLine(false)).toBe('  every table tried: sequence dms.S is missing');
  expect(lastLine(true)).toBe('  every table tried (--every-shape); shapes unknown: sequence dms.S is missing');
});
