import { describe, expect, it } from 'vitest';
import { lockStrength, ruleSources, statementRules } from './rules.ts';
import { addedColumnKind, alterationKinds, changedTypeKind, effectOn, statementKinds } from './statement-effect.ts';
import { hazardsOf } from './table-hazards.ts';

/** The oldest server versions that the tool supports (design 09 §1.5). */
const oldest = { pgsql: 14, mssql: 2019 };

const rules = statementKinds.flatMap((kind) =>
  (['pgsql', 'mssql'] as const).map((dialect) => ({ kind, dialect, rule: statementRules[dialect][kind] })),
);

describe('the table of rules', () => {
  it('holds for every server version that the tool supports', () => {
    const later = rules.filter(({ dialect, rule }) => (rule.since ?? 0) > oldest[dialect]);
    expect(later).toEqual([]);
  });

  it('names a source of its own server for every rule, and has no unused source', () => {
    for (const { dialect, rule } of rules)
      expect(rule.source.startsWith(dialect === 'pgsql' ? 'pg ' : 'ms ')).toBe(true);
    expect(Object.keys(ruleSources).filter((source) => !rules.some(({ rule }) => rule.source === source))).toEqual([]);
  });

  it('blocks everybody where it rewrites', () => {
    const gentle = rules.filter(({ dialect, rule }) => {
      const strongest = dialect === 'pgsql' ? 'ACCESS EXCLUSIVE' : 'Sch-M';
      return rule.work === 'rewrite' && rule.lock !== strongest;
    });
    expect(gentle).toEqual([]);
  });

  it('locks a second table only if a foreign key refers to it', () => {
    const kinds = rules.filter(({ rule }) => rule.targetLock !== undefined).map(({ kind }) => kind);
    expect([...new Set(kinds)]).toEqual(['drop foreign key', 'add foreign key']);
  });
});

describe('the strength of locks', () => {
  it('follows the order of the documentation', () => {
    expect(lockStrength('pgsql', 'SHARE')).toBeGreaterThan(lockStrength('pgsql', 'ROW EXCLUSIVE'));
    expect(lockStrength('pgsql', 'ACCESS EXCLUSIVE')).toBeGreaterThan(lockStrength('pgsql', 'SHARE ROW EXCLUSIVE'));
    expect(lockStrength('mssql', 'Sch-M')).toBeGreaterThan(lockStrength('mssql', 'X'));
  });
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
    const table = { name: 'a.T', isNew: true };
    const [hazard] = hazardsOf('pgsql', [{ kind: 'add unique', table }]);
    expect(hazard).toEqual({ table, lock: 'ACCESS EXCLUSIVE', blocks: 'nobody', work: 'none' });
  });

  it('make writers wait for rows that an update holds', () => {
    expect(hazardsOf('pgsql', [effectOn('update rows', 'a.T')])[0]?.blocks).toBe('writers');
    expect(hazardsOf('pgsql', [effectOn('insert rows', 'a.T')])[0]?.blocks).toBe('nobody');
  });
});

describe('a column that is added', () => {
  const plain = { generated: null, isIdentity: false, default: null };

  it.each([
    ['add columns', plain],
    ['add columns with defaults', { ...plain, default: { kind: 'number', value: 0 } }],
    ['add columns with defaults', { ...plain, default: { kind: 'text', value: 'a' } }],
    ['add columns with defaults', { ...plain, default: { kind: 'call', function: 'now', arguments: [] } }],
    ['add computed columns', { ...plain, default: { kind: 'nextValue', sequence: { schema: 'dms', name: 'S' } } }],
    ['add computed columns', { ...plain, isIdentity: true }],
    ['add computed columns', { ...plain, generated: { kind: 'column', name: 'Other' } }],
  ] as const)('is: %s', (kind, definition) => {
    expect(addedColumnKind(definition)).toBe(kind);
  });
});

describe('a type that changes', () => {
  it.each([
    ['varchar(20)', 'varchar(40)', 'widen type'],
    ['nvarchar(20)', 'nvarchar(40)', 'widen type'],
    ['numeric(5,2)', 'numeric(9,2)', 'widen type'],
    // the rows store the decimal places
    ['numeric(5,2)', 'numeric(9,4)', 'change type'],
    // SQL Server stores more digits in more bytes
    ['decimal(5,2)', 'decimal(19,2)', 'change type'],
    ['varchar(40)', 'varchar(20)', 'change type'],
    ['nvarchar(20)', 'nvarchar(max)', 'change type'],
    ['integer', 'bigint', 'change type'],
    ['integer', 'numeric(12,2)', 'change type'],
  ] as const)('from %s to %s: %s', (before, after, kind) => {
    expect(changedTypeKind(before, after)).toBe(kind);
  });

  it('is listed with everything else that changes in the column', () => {
    const change = { before: { type: 'integer' }, type: true, nullability: true, default: true };
    expect(alterationKinds({ ...change, column: { type: 'bigint', nullable: false } })).toEqual([
      ...['change type', 'require value', 'change default'],
    ]);
    expect(alterationKinds({ ...change, type: false, column: { type: 'integer', nullable: true } })).toEqual([
      ...['allow null', 'change default'],
    ]);
  });
});
