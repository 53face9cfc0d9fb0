import { dialects, type SqlDialect } from '@dms/sql';
import { build, mainGenerations } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { compiled } from '../bench.ts';
import { schools } from '../schools.ts';

/*
 * A text that SQL Server cannot declare with its length is `nvarchar(max)`: its length is a rule for documents only
 * (design 02 §19, 12 §3.8).
 */

describe.each(mainGenerations)('a text whose longest length changes: %s', (version) => {
  const items = (before: number, after: number, dialect: SqlDialect) => {
    const of = (maxLength: number) => {
      const set = schools();
      set.properties('schools').essay = build.string(maxLength);
      return compiled(set.documents, dialect, version);
    };
    return planUpgrade(of(before), of(after)).items.map(
      ({ class: itemClass, change, path }) => `${itemClass} ${change} ${path.at(-1)}`,
    );
  };

  it.each(dialects)('is a column that changes up to 4,000 letters: %s', (dialect) => {
    expect(items(3000, 4000, dialect)).toEqual(['free type wider Essay']);
    expect(items(4000, 3000, dialect)).toEqual(['checked type narrower Essay']);
  });

  it('is a column that changes beyond, on PostgreSQL', () => {
    expect(items(6000, 5000, 'pgsql')).toEqual(['checked type narrower Essay']);
  });

  it('is a rule of documents beyond, on SQL Server', () => {
    expect(items(6000, 5000, 'mssql')).toEqual(['checked length narrower $.essay']);
    expect(items(5000, 6000, 'mssql')).toEqual(['free length wider $.essay']);
  });

  it('is one column that changes where the length becomes too long to declare, or no longer is', () => {
    expect(items(3000, 5000, 'mssql')).toEqual(['free type wider Essay']);
    expect(items(5000, 3000, 'mssql')).toEqual(['checked type narrower Essay']);
  });
});
