import { dialectOf, dialects, textOf } from '@dms/sql';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ruleSources } from '../hazards/rules.ts';
import type { Texts } from './act.ts';
import { acts, actsOf, everyAct, operationNames } from './acts.ts';
import { type AlterColumn, isWiderType } from './alter-column.ts';
import { addedColumnKind } from './columns.ts';
import { statementKinds } from './effect.ts';
import { phases, placeOf, stepFacts } from './order.ts';
import { textsOf } from './statement.ts';

/* What operations mean on an engine (design 12a §2), and the order in which an upgrade makes them (§5). */

/** The oldest server versions that the tool supports (design 09 §1.5). */
const oldest = { pgsql: 14, mssql: 2019 };

const all = dialects.flatMap((dialect) => everyAct(dialect).map(({ op, act }) => ({ op, dialect, act })));

afterEach(() => vi.restoreAllMocks());

describe('the acts', () => {
  it('hold for every server version that the tool supports', () => {
    expect(all.filter(({ dialect, act }) => (act.since ?? 0) > oldest[dialect])).toEqual([]);
  });

  it('name a source of their own server, and no source is unused', () => {
    for (const { op, dialect, act } of all)
      expect(act.source.startsWith(dialect === 'pgsql' ? 'pg ' : 'ms '), op).toBe(true);
    expect(Object.keys(ruleSources).filter((source) => !all.some(({ act }) => act.source === source))).toEqual([]);
  });

  it('block everybody where they rewrite', () => {
    const gentle = all.filter(
      ({ dialect, act }) => act.work === 'rewrite' && act.lock !== (dialect === 'pgsql' ? 'ACCESS EXCLUSIVE' : 'Sch-M'),
    );
    expect(gentle).toEqual([]);
  });

  it('lock a second table only if a foreign key refers to it', () => {
    const names = all.filter(({ act }) => act.targetLock !== undefined).map(({ op }) => op);
    expect([...new Set(names)]).toEqual(['dropForeignKey', 'addForeignKey']);
  });

  it('have a clause or a text, and never both', () => {
    for (const { op, dialect, act } of all)
      expect(
        [act.clause, act.sql].filter((each) => each !== undefined),
        `${op} on ${dialect}`,
      ).toHaveLength(1);
  });

  it('take the same lock for the same words of reports', () => {
    for (const dialect of dialects) {
      const costs = new Map<string, Set<string>>();
      for (const { act } of everyAct(dialect)) {
        const { does, lock, targetLock = null, work, rowsBlock = 'nobody' } = act;
        costs.set(does, (costs.get(does) ?? new Set()).add(JSON.stringify([lock, targetLock, work, rowsBlock])));
      }
      expect([...costs].filter(([, found]) => found.size > 1)).toEqual([]);
      // PostgreSQL compares texts exactly; SQL Server has no checks that wait for the end of a transaction
      const without = statementKinds.filter((kind) => !costs.has(kind));
      expect(without).toEqual(dialect === 'pgsql' ? ['change collation'] : ['run deferred checks']);
    }
  });

  it('take early no lock that blocks longer than the one of the upgrade', () => {
    for (const { op, act } of all)
      for (const steps of Object.values(act.early ?? {}))
        for (const { lock, work, makes } of steps) {
          expect(makes, op).toMatch(/^(?:schema|table|column|index|constraint)$/);
          expect(lock === 'ACCESS EXCLUSIVE' ? work : 'none', op).toBe('none');
        }
  });
});

describe('the order', () => {
  it('has the name of every operation in exactly one phase', () => {
    const named = Object.values(phases).flatMap(({ ops }) => (ops as readonly (readonly string[])[]).flat());
    expect([...named].sort()).toEqual([...operationNames].sort());
  });

  it('numbers the phases as scripts and messages do', () => {
    expect(stepFacts('checks')).toEqual({ number: 1, title: 'Check the rows' });
    expect(stepFacts('fingerprint').number).toBe(Object.keys(phases).length - 1);
    expect(placeOf('createTrigger').step).toBe('make code');
  });
});

it('acts of an operation with equal texts share a statement', () => {
  const [create] = acts.createSchema.pgsql;
  if (create === undefined) throw new Error('a schema is created');
  const twice = [create, create].map((act) => ({ ...act, sql: () => dialectOf.pgsql.sql`CREATE SCHEMA a;` }));
  vi.spyOn(acts.createSchema, 'pgsql', 'get').mockReturnValue(twice);
  const op = { op: 'createSchema', subject: 'a', on: [], for: [], name: 'a', early: null } as const;
  expect(textsOf(op, { dialect: { name: 'pgsql' } } as Texts).map(textOf)).toEqual(['CREATE SCHEMA a;']);
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
  const alter = (from: string, to: string): AlterColumn => ({
    op: 'changeType',
    subject: 'a.T',
    on: [{ name: 'a.T', isNew: false }],
    for: [],
    table: { schema: 'a', name: 'T' },
    from: { name: 'C', type: from, nullable: true },
    to: { name: 'C', type: to, nullable: true },
  });

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
  ] as const)('from %s to %s: %s', (from, to, kind) => {
    expect(isWiderType(from, to)).toBe(kind === 'widen type');
    for (const dialect of dialects) expect(actsOf(dialect, alter(from, to)).map(({ does }) => does)).toEqual([kind]);
  });
});
