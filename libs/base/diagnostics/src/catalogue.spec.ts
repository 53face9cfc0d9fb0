import { hasSharedData, readSharedText } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { type DiagnosticCode, diagnosticClasses } from './index.ts';

const ownClasses: Readonly<Record<string, string>> = diagnosticClasses;

interface ListedCode {
  readonly code: string;
  readonly class: string;
  readonly section: string;
}

/** The rows of the published list: each code of the first column with its class; `R, R, M` gives one class per code. */
function listedCodes(markdown: string): ListedCode[] {
  const listed: ListedCode[] = [];
  let section = '';
  for (const line of markdown.split('\n')) {
    if (line.startsWith('## ')) section = line.slice(3);
    if (!line.startsWith('| `')) continue;
    const [codeCell = '', classCell = ''] = line.split(' | ');
    const classes = classCell.split(', ');
    [...codeCell.matchAll(/`([A-Z0-9_]+)`/g)].forEach((match, index) => {
      listed.push({ code: String(match[1]), class: String(classes[index] ?? classes[0]), section });
    });
  }
  return listed;
}

const listed = hasSharedData ? listedCodes(readSharedText('design', 'errors.md')) : [];

/** Codes of checks that the invariants of a model have replaced, all of class M: nothing raises them any more. */
const replacedByInvariants = new Set([
  'TRG_RESOURCE_MODEL_MISSING',
  'TRG_NO_DOCUMENT_ID_KEY',
  'TRG_IDENTITY_TYPE_MISSING',
  'TRG_IDENTITY_REF_NOT_COMPONENT',
  'TRG_IDENTITY_REF_EMPTY',
  'AUTH_NO_IDENTITY_TABLE',
  'AUTH_MEMBER_UNKNOWN',
  'FK_NO_COLUMNS',
  'FK_COLUMN_NOT_STORED',
  'FK_TARGET_UNKNOWN',
  'FK_DOCUMENT_TARGET',
  'KU_DIAGNOSTICS_INCONSISTENT',
  'KU_GROUP_COLUMN_MISSING',
  'KU_PRESENCE_INVALID',
  'KU_RESOURCE_NOT_FOUND',
]);

/**
 * Whether a listed code may be missing: it was replaced, or belongs to a part whose package adds it to the catalogue
 * later.
 */
const mayBeAbsent = ({ code, section }: ListedCode) =>
  replacedByInvariants.has(code) ||
  /^(?:Databases|Documents|Upgrade|Natural keys)/.test(section) ||
  /^(?:PACK|GENERATOR|KU_WRITE|PLAN|MAPPING)_/.test(code);

describe('the catalogue of codes', () => {
  it.each(Object.keys(diagnosticClasses))('%s is stable text in upper snake case of at least two words', (code) => {
    expect(code).toMatch(/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/);
  });

  it.each(Object.entries(ownClasses))('%s has one of the six classes (%s)', (_code, diagnosticClass) => {
    expect(['I', 'M', 'D', 'R', 'W', 'N']).toContain(diagnosticClass);
  });

  it.each<[DiagnosticCode, string]>([
    ['INPUT_JSON_INVALID', 'I'],
    ['DDL_OUTPUT_NOT_EMPTY', 'I'],
    ['CONFIG_MEMBER_UNKNOWN', 'I'],
    ['EFFECTIVE_SCHEMA_INVALID', 'M'],
    ['KU_ALIAS_CYCLE', 'M'],
    ['PROPAGATION_FALLBACK', 'N'],
  ])('%s has class %s', (code, diagnosticClass) => {
    expect(ownClasses[code]).toBe(diagnosticClass);
  });
});

describe.runIf(hasSharedData)('the published list of codes (needs the shared conformance data)', () => {
  it('is read with its one-code rows, its many-code rows and its rows of several classes', () => {
    const classOf = (code: string) => listed.find((entry) => entry.code === code)?.class;
    expect(classOf('INPUT_NO_FILES')).toBe('I');
    expect(classOf('KU_WRITE_REQUIRED')).toBe('R');
    expect(classOf('MAPPING_RESOURCE_UNKNOWN')).toBe('R');
    expect(classOf('MAPPING_INTERNAL')).toBe('M');
    expect(classOf('SEED_CASE_DIFFERS')).toBe('W');
    expect(listed.find((entry) => entry.code === 'DB_SQL')?.section).toMatch(/^Databases/);
  });

  it('lists no code twice', () => {
    const codes = listed.map(({ code }) => code);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  it.each(listed.filter(({ code }) => code in ownClasses))('gives $code the class $class, as here', (entry) => {
    expect(ownClasses[entry.code]).toBe(entry.class);
  });

  it.each(listed.filter((entry) => !mayBeAbsent(entry)))('has $code, and so has this catalogue', ({ code }) => {
    expect(Object.keys(ownClasses)).toContain(code);
  });
});
