import { dialectRules } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { renameOrder, temporaryNames } from './rename-order.ts';

/* In which order names are given, so that none meets one that is there (design 12 §5, step 4). */

/** The steps for renamings that are written `from to`. */
function steps(dialect: 'pgsql' | 'mssql', renames: readonly string[], stay: readonly string[] = []): string[] {
  const entries = renames.map((text) => {
    const [from = '', to = ''] = text.split(' ');
    return { from, to };
  });
  return renameOrder(entries, stay, dialectRules[dialect].comparedName).map(({ from, to }) => `${from} ${to}`);
}

describe.each(['pgsql', 'mssql'] as const)('renamings for %s', (dialect) => {
  it('stay in their order where every new name is free', () => {
    expect(steps(dialect, ['B C', 'A D'])).toEqual(['B C', 'A D']);
  });

  it('wait until the name is free that they take', () => {
    expect(steps(dialect, ['A B', 'B C', 'C D'])).toEqual(['C D', 'B C', 'A B']);
  });

  it('go through a temporary name in a circle', () => {
    expect(steps(dialect, ['A B', 'B A'])).toEqual(['A Upgrade_1', 'B A', 'Upgrade_1 B']);
  });

  it('take temporary names that nothing has', () => {
    expect(steps(dialect, ['A B', 'B A'], ['Upgrade_1'])).toEqual(['A Upgrade_2', 'B A', 'Upgrade_2 B']);
  });
});

describe('a name of which only the case changes', () => {
  it('is given at once: on SQL Server it meets itself alone', () => {
    expect(steps('mssql', ['School SCHOOL'])).toEqual(['School SCHOOL']);
    expect(steps('pgsql', ['School SCHOOL'])).toEqual(['School SCHOOL']);
  });

  it('is taken on SQL Server while another object has it', () => {
    expect(steps('mssql', ['A school', 'School B'])).toEqual(['School B', 'A school']);
    expect(steps('pgsql', ['A school', 'School B'])).toEqual(['A school', 'School B']);
  });
});

it('temporary names are compared as the engine does', () => {
  const next = (dialect: 'pgsql' | 'mssql') => temporaryNames(['UPGRADE_1'], dialectRules[dialect].comparedName)();
  expect(next('mssql')).toBe('Upgrade_2');
  expect(next('pgsql')).toBe('Upgrade_1');
});
