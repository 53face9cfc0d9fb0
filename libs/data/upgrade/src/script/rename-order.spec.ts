import { dialectRules } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { renameOrder, temporaryNames } from './name-changes.ts';

/* The order of renamings, in which no new name collides with an existing one (design 12 §5, step 4). */

/** The steps for renamings given as `from to`. */
function steps(dialect: 'pgsql' | 'mssql', renames: readonly string[], stay: readonly string[] = []): string[] {
  const entries = renames.map((text) => {
    const [from = '', to = ''] = text.split(' ');
    return { from, to };
  });
  return renameOrder(entries, stay, dialectRules[dialect].comparedName).map(({ from, to }) => `${from} ${to}`);
}

describe.each(['pgsql', 'mssql'] as const)('renamings for %s', (dialect) => {
  it('keep their order if every new name is free', () => {
    expect(steps(dialect, ['B C', 'A D'])).toEqual(['B C', 'A D']);
  });

  it('wait until their new name is free', () => {
    expect(steps(dialect, ['A B', 'B C', 'C D'])).toEqual(['C D', 'B C', 'A B']);
  });

  it('use a temporary name in a circle', () => {
    expect(steps(dialect, ['A B', 'B A'])).toEqual(['A Upgrade_1', 'B A', 'Upgrade_1 B']);
  });

  it('use temporary names that are free', () => {
    expect(steps(dialect, ['A B', 'B A'], ['Upgrade_1'])).toEqual(['A Upgrade_2', 'B A', 'Upgrade_2 B']);
  });
});

describe('a name that changes only its case', () => {
  it('is free: on SQL Server only its own object has it', () => {
    expect(steps('mssql', ['School SCHOOL'])).toEqual(['School SCHOOL']);
    expect(steps('pgsql', ['School SCHOOL'])).toEqual(['School SCHOOL']);
  });

  it('is not free on SQL Server while another object has it', () => {
    expect(steps('mssql', ['A school', 'School B'])).toEqual(['School B', 'A school']);
    expect(steps('pgsql', ['A school', 'School B'])).toEqual(['A school', 'School B']);
  });
});

it('temporary names are compared in the way of the engine', () => {
  const next = (dialect: 'pgsql' | 'mssql') => temporaryNames(['UPGRADE_1'], dialectRules[dialect].comparedName)();
  expect(next('mssql')).toBe('Upgrade_2');
  expect(next('pgsql')).toBe('Upgrade_1');
});
