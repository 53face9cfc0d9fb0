import type { CatalogDifference } from '@dms/catalog';
import { describe, expect, it } from 'vitest';
import { type DriftOfDatabase, fleetFindingLines, fleetFindings } from './fleet-findings.ts';

const index = (name: string): CatalogDifference => ({
  object: 'index',
  path: ['campus.School', name],
  change: 'missing',
  severity: 'warning',
});
const type: CatalogDifference = {
  object: 'column',
  path: ['campus.School', 'Name'],
  change: 'changed',
  field: 'type',
  severity: 'error',
  expected: 'varchar(40)',
  actual: 'text',
};
const extra: CatalogDifference = { object: 'table', path: ['campus.Old'], change: 'extra', severity: 'warning' };

const database = (name: string, differences: readonly CatalogDifference[], labels: DriftOfDatabase['labels'] = {}) => ({
  name,
  labels,
  differences,
});

describe('the findings of a fleet', () => {
  it('are the differences, each with the databases that have it: errors first, then what more databases have', () => {
    const findings = fleetFindings([
      database('a', [index('IX_1'), extra]),
      database('b', [type, { ...index('IX_1'), because: 'IX_2' }]),
      database('c', []),
    ]);
    expect(findings).toEqual([
      { ...type, databases: ['b'], shares: [] },
      { ...index('IX_1'), databases: ['a', 'b'], shares: [] },
      { ...extra, databases: ['a'], shares: [] },
    ]);
  });

  it('are apart when a value is another one', () => {
    const findings = fleetFindings([database('a', [type]), database('b', [{ ...type, actual: 'varchar(20)' }])]);
    expect(findings.map(({ actual, databases }) => [actual, databases])).toEqual([
      ['text', ['a']],
      ['varchar(20)', ['b']],
    ]);
  });

  it('say how many databases of each value of a label have them, where the label tells them apart', () => {
    const labels = (year: string, district: string) => ({ year, district, server: 'db1' });
    const [finding] = fleetFindings([
      database('a', [index('IX_1')], labels('2025', 'north')),
      database('b', [index('IX_1')], labels('2025', 'south')),
      database('c', [index('IX_1')], labels('2026', 'north')),
      database('d', [], labels('2026', 'south')),
      database('e', [], labels('2027', 'west')),
      database('f', []),
    ]);
    expect(finding?.shares).toEqual([
      { label: 'district', value: 'north', found: 2, of: 2 },
      { label: 'district', value: 'south', found: 1, of: 2 },
      { label: 'year', value: '2025', found: 2, of: 2 },
      { label: 'year', value: '2026', found: 1, of: 2 },
    ]);
  });

  it('are printed as sentences', () => {
    const six = Array.from({ length: 6 }, (_, each) => database(`d${each}`, [index('IX_1')], { year: '2025' }));
    const lines = fleetFindingLines(
      fleetFindings([...six, database('e', [type], { year: '2026' }), database('f', [extra], { year: '2026' })]),
    );
    expect(lines).toEqual([
      'error: 1 database differs in type of column campus.School.Name: text in place of varchar(40)',
      '  e',
      '  by year: 2026 (1 of 2)',
      'warning: 6 databases lack index campus.School.IX_1',
      '  d0, d1, d2, d3, d4, … (6 in all)',
      '  by year: 2025 (6 of 6)',
      'warning: 1 database has table campus.Old, which the schema set does not make',
      '  f',
      '  by year: 2026 (1 of 2)',
    ]);
  });

  it('do not print the order of columns', () => {
    const order = {
      ...type,
      object: 'columnOrder',
      path: ['campus.School'],
      field: 'columns',
      severity: 'info',
    } as const;
    expect(fleetFindingLines(fleetFindings([database('a', [order]), database('b', [order])]))).toEqual([
      'info: 2 databases differ in the order of the columns of campus.School',
      '  a, b',
    ]);
  });

  it('are cut at 200 lines unless all are asked for', () => {
    const many = Array.from({ length: 150 }, (_, each) => index(`IX_${each}`));
    const findings = fleetFindings([database('a', many)]);
    expect(fleetFindingLines(findings)).toHaveLength(201);
    expect(fleetFindingLines(findings).at(-1)).toBe('… and 100 more lines; --all prints them');
    expect(fleetFindingLines(findings, { all: true })).toHaveLength(300);
  });
});
