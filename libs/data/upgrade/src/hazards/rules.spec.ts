import { describe, expect, it } from 'vitest';
import { effectOn, effectOnNew } from '../../test/effects.ts';
import { blockedBy, lockStrength } from './rules.ts';
import { hazardsOf } from './table-hazards.ts';

describe('the strength of locks', () => {
  it('follows the order of the documentation', () => {
    expect(lockStrength('pgsql', 'SHARE')).toBeGreaterThan(lockStrength('pgsql', 'ROW EXCLUSIVE'));
    expect(lockStrength('pgsql', 'ACCESS EXCLUSIVE')).toBeGreaterThan(lockStrength('pgsql', 'SHARE ROW EXCLUSIVE'));
    expect(lockStrength('mssql', 'Sch-M')).toBeGreaterThan(lockStrength('mssql', 'X'));
  });
});

describe('who waits for a lock', () => {
  // PostgreSQL, «Explicit Locking», table 13.2: reading takes ACCESS SHARE, writing ROW EXCLUSIVE
  it.each([
    ['ACCESS SHARE', 'nobody'],
    ['ROW SHARE', 'nobody'],
    ['ROW EXCLUSIVE', 'nobody'],
    ['SHARE UPDATE EXCLUSIVE', 'nobody'],
    ['SHARE', 'writers'],
    ['SHARE ROW EXCLUSIVE', 'writers'],
    ['EXCLUSIVE', 'writers'],
    ['ACCESS EXCLUSIVE', 'readers and writers'],
  ])('%s of PostgreSQL blocks %s', (lock, blocked) => expect(blockedBy('pgsql', lock)).toBe(blocked));

  // SQL Server, lock modes: reading takes IS and S, writing IX and X, and every statement Sch-S
  it.each([
    ['Sch-S', 'nobody'],
    ['IS', 'nobody'],
    ['IX', 'nobody'],
    ['S', 'writers'],
    ['X', 'readers and writers'],
    ['Sch-M', 'readers and writers'],
  ])('%s of SQL Server blocks %s', (lock, blocked) => expect(blockedBy('mssql', lock)).toBe(blocked));
});

describe('hazards of several effects', () => {
  it('become one per table: the strongest lock, the heaviest work, everybody who waits', () => {
    const effects = [effectOn('update rows', 'a.T'), effectOn('create index', 'a.T'), effectOn('check rows', 'a.U')];
    expect(hazardsOf('pgsql', effects)).toEqual([
      { table: { name: 'a.T', isNew: false }, lock: 'SHARE', blocks: 'writers', work: 'row writes' },
      { table: { name: 'a.U', isNew: false }, lock: 'ACCESS SHARE', blocks: 'nobody', work: 'scan' },
    ]);
  });

  it('block nobody on a table that the upgrade creates', () => {
    const [hazard] = hazardsOf('pgsql', [effectOnNew('add unique', 'a.T')]);
    expect(hazard).toEqual({
      table: { name: 'a.T', isNew: true },
      lock: 'ACCESS EXCLUSIVE',
      blocks: 'nobody',
      work: 'none',
    });
  });

  it('make writers wait for rows that an update holds', () => {
    expect(hazardsOf('pgsql', [effectOn('update rows', 'a.T')])[0]?.blocks).toBe('writers');
    expect(hazardsOf('pgsql', [effectOn('insert rows', 'a.T')])[0]?.blocks).toBe('nobody');
  });
});
