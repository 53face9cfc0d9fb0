import type { RelationalModelSet } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import { hasSharedData, readSharedJson, shortName, shortNameIn } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveInventory } from '../../src/index.ts';
import { handMadeModel } from '../hand-made.ts';
import { indexLines, triggerNames } from '../inventory-lookup.ts';

const limits = { pgsql: 63, mssql: 128 } as const;

/** Name of the support index of a hand-made table with one foreign key. */
function supportName(dialect: SqlDialect, table: string, ...columns: string[]): string | undefined {
  const { indexes } = deriveInventory(handMadeModel(dialect, { name: table, columns, foreignKeys: [columns] }));
  return indexes.find(({ kind }) => kind === 'ForeignKeySupport')?.name;
}

describe('the length of a name', () => {
  it.each(dialects)('may reach the limit of %s; one more, and the name ends in `_` and ten hex digits', (dialect) => {
    const limit = limits[dialect];
    const fitting = 'c'.repeat(limit - 'IX_T_'.length);
    expect(supportName(dialect, 'T', fitting)).toBe(`IX_T_${fitting}`);
    const tooLong = supportName(dialect, 'T', `${fitting}c`) ?? '';
    expect(tooLong).toHaveLength(limit);
    expect(tooLong).toMatch(/^IX_T_c+_[0-9a-f]{10}$/);
    expect(tooLong).toBe(shortNameIn(dialect, `IX_T_${fitting}c`));
  });

  it('is counted in bytes in pgsql, without cutting a character, and in UTF-16 units in mssql', () => {
    const column = 'é'.repeat(30);
    const full = `IX_T_${column}`;
    expect(Buffer.byteLength(full)).toBe(65);
    const shortened = supportName('pgsql', 'T', column) ?? '';
    // 5 bytes of `IX_T_` and 23 characters of 2 bytes are 51; with one more character it would be 53
    expect(shortened.startsWith(`IX_T_${'é'.repeat(23)}_`)).toBe(true);
    expect(shortened).toBe(shortName(full));
    expect(supportName('mssql', 'T', column)).toBe(full);
  });

  it('of a composite index beyond 63 bytes is 63 in pgsql and stays in mssql (case 13)', () => {
    const columns = ['Assessment_DocumentId', 'Assessment_AssessmentIdentifier', 'Assessment_Namespace'];
    const full = `IX_StudentAssessment_${columns.join('_')}`;
    expect(full.length).toBeGreaterThan(63);
    expect(supportName('mssql', 'StudentAssessment', ...columns)).toBe(full);
    const shortened = supportName('pgsql', 'StudentAssessment', ...columns) ?? '';
    expect(Buffer.byteLength(shortened)).toBe(63);
    expect(shortened.slice(0, 52)).toBe(full.slice(0, 52));
    expect(shortened.slice(52)).toMatch(/^_[0-9a-f]{10}$/);
    expect(shortened).toBe(shortName(full));
  });

  it('beyond both limits gives the same hash in both dialects', () => {
    const columns = ['First', 'Second', 'Third'].map((name) => `${name}${'Part'.repeat(12)}`);
    const [pgsql = '', mssql = ''] = dialects.map((dialect) => supportName(dialect, 'T', ...columns));
    expect(pgsql).toHaveLength(63);
    expect(mssql).toHaveLength(128);
    expect(pgsql.slice(-10)).toBe(mssql.slice(-10));
  });
});

describe('a name of exactly the limit', () => {
  it('is kept where the other dialect would shorten it', () => {
    const table = 'T'.repeat(54);
    const inventory = (dialect: SqlDialect) => deriveInventory(handMadeModel(dialect, { name: table }));
    expect(triggerNames(inventory('pgsql'))).toContain(`edfi.${table} TR_${table}_Stamp`);
    expect(indexLines(inventory('pgsql'), `edfi.${table}`)).toEqual([`PrimaryKey PK_${table} (DocumentId)`]);
    expect(triggerNames(inventory('pgsql'))).not.toContain(`edfi.${table} TR_${table}_ReferentialIdentity`);
    expect(triggerNames(inventory('mssql'))).toContain(`edfi.${table} TR_${table}_ReferentialIdentity`);
  });
});

describe.runIf(hasSharedData)('the names of triggers (needs the shared conformance data)', () => {
  interface TriggerName {
    readonly table: string;
    readonly purpose: string;
    readonly trigger: string;
    readonly mssqlTrigger?: string;
  }
  const vectors: TriggerName[] = hasSharedData ? readSharedJson('design', 'vectors', 'names.json').triggerNames : [];
  const stamps = vectors.filter(({ purpose }) => purpose === 'Stamp' || purpose === 'ReferentialIdentity');

  it('are given by vectors, with and without shortening', () => {
    expect(stamps.some(({ mssqlTrigger }) => mssqlTrigger !== undefined)).toBe(true);
    expect(stamps.some(({ mssqlTrigger }) => mssqlTrigger === undefined)).toBe(true);
  });

  it.each(stamps)('are those of the vector for $purpose on $table', ({ table, trigger, mssqlTrigger }) => {
    const model = (dialect: SqlDialect): RelationalModelSet => {
      const final = shortNameIn(dialect, table);
      const shortenedNames =
        final === table ? [] : [{ kind: 'table' as const, schema: 'edfi', table: null, name: final, fullName: table }];
      return { ...handMadeModel(dialect, { name: final }), shortenedNames };
    };
    expect(triggerNames(deriveInventory(model('pgsql')), `edfi.${shortName(table)}`)).toContain(trigger);
    expect(triggerNames(deriveInventory(model('mssql')), `edfi.${table}`)).toContain(mssqlTrigger ?? trigger);
  });
});
