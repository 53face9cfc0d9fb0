import { textOf } from '@dms/sql';
import { expectDiagnostic } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import {
  deduplicateNames,
  parameter,
  parameterBaseName,
  parameterNames,
  sanitizeParameterName,
} from './parameter-names.ts';

describe('base names (design 08 §5.1)', () => {
  it.each([
    ['School_DocumentId', 'school_DocumentId'],
    ['schoolId', 'schoolId'],
    ['SCHOOL', 'sCHOOL'],
    ['_School', '_School'],
    ['1School', '1School'],
    ['Ärzte', 'ärzte'],
    ['', ''],
  ])('%s becomes %s', (column, expected) => {
    expect(parameterBaseName(column)).toBe(expected);
  });
});

describe('clean names (design 08 §5.2)', () => {
  it.each([
    ['school-id', 'school_id'],
    ['abc__def', 'abc_def'],
    ['abc_-_def', 'abc_def'],
    ['1school', '_1school'],
    ['-1', '_1'],
    ['  ', '_'],
    ['', 'p'],
    ['uX__7a552118a6', 'uX_7a552118a6'],
    ['ärzte', '_rzte'],
    ['a_', 'a_'],
    ['😀x', '_x'],
  ])('"%s" becomes "%s"', (name, expected) => {
    expect(sanitizeParameterName(name)).toBe(expected);
  });
});

describe('distinct names (design 08 §5.3)', () => {
  it.each<[readonly string[], readonly string[]]>([
    [
      ['a', 'a', 'a_2'],
      ['a', 'a_2', 'a_3'],
    ],
    [
      ['a', 'A', 'a_2', 'A_2'],
      ['a', 'A_2', 'a_3', 'A_4'],
    ],
    [
      ['a', 'a', 'a_2', 'A', 'a_4', 'a'],
      ['a', 'a_2', 'a_3', 'A_4', 'a_5', 'a_6'],
    ],
    [
      ['schoolId', 'SchoolId', 'SCHOOLID', 'schoolYear', 'schoolid'],
      ['schoolId', 'SchoolId_2', 'SCHOOLID_3', 'schoolYear', 'schoolid_4'],
    ],
    // a suffix seen before raises the next one, whether or not the base was used
    [
      ['a_7', 'a', 'a'],
      ['a_7', 'a', 'a_8'],
    ],
    [
      ['a_1', 'a_1', 'a'],
      ['a_1', 'a_2', 'a'],
    ],
    [
      ['a_2147483647', 'a', 'a'],
      ['a_2147483647', 'a', 'a_2147483648'],
    ],
    // no suffix: zero, too large, nothing before the underscore, nothing after it
    [
      ['a_0', 'a', 'a'],
      ['a_0', 'a', 'a_2'],
    ],
    [
      ['a_0', 'a_0'],
      ['a_0', 'a_0_2'],
    ],
    [
      ['a_2147483648', 'a_2147483648', 'a', 'a'],
      ['a_2147483648', 'a_2147483648_2', 'a', 'a_2'],
    ],
    [
      ['_2', '_2'],
      ['_2', '_2_2'],
    ],
    [
      ['a_', 'a_'],
      ['a_', 'a__2'],
    ],
    // the suffix is the part after the last underscore; leading zeros count
    [
      ['a_b_2', 'a_b_2'],
      ['a_b_2', 'a_b_3'],
    ],
    [
      ['a_02', 'a_02'],
      ['a_02', 'a_3'],
    ],
  ])('%s become %s', (names, expected) => {
    expect(deduplicateNames(names)).toEqual(expected);
  });

  it('refuses an empty name by its index', () => {
    expectDiagnostic(
      () => deduplicateNames(['a', '', 'b']),
      'PLAN_PARAM_INVALID',
      'index 1',
      '^[a-zA-Z_][a-zA-Z0-9_]*$',
    );
    expectDiagnostic(() => deduplicateNames(['a', 'b', ' \t']), 'PLAN_PARAM_INVALID', 'index 2');
  });
});

describe('all three steps', () => {
  it.each<[readonly string[], readonly string[]]>([
    [
      ['documentId', 'DocumentId', 'SchoolYear'],
      ['documentId', 'documentId_2', 'schoolYear'],
    ],
    [
      ['SchoolId', 'schoolId', 'School-ID', 'School__ID', '1School Name'],
      ['schoolId', 'schoolId_2', 'school_ID', 'school_ID_2', '_1School_Name'],
    ],
    [
      ['', '---'],
      ['p', '_'],
    ],
  ])('%s become %s', (columns, expected) => {
    expect(parameterNames(columns)).toEqual(expected);
  });

  it('a parameter is its name behind an @, in the pattern of design 08 §4', () => {
    expect(['a', '_', '_1', 'schoolId_2'].map((name) => textOf(parameter(name)))).toEqual([
      '@a',
      '@_',
      '@_1',
      '@schoolId_2',
    ]);
    for (const name of ['', '1a', 'a b', 'a-b', '@a', 'ä', 'a\n']) {
      expectDiagnostic(() => parameter(name), 'PLAN_PARAM_INVALID', name, '^[a-zA-Z_][a-zA-Z0-9_]*$');
    }
  });
});
