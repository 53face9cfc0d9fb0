import type { PreparedObject } from '@dms/databases';
import type { SqlDialect } from '@dms/sql';
import type { TableLock, Work } from '../hazards/rules.ts';
import type { StatementEffect } from '../hazards/statement-effect.ts';

type Lock<Dialect extends SqlDialect> = { readonly [Each in Dialect]: TableLock<Each> }[Dialect];

interface PreparationRule<Dialect extends SqlDialect = SqlDialect> {
  /** The lock on its table; null if no other session can wait for it. */
  readonly lock: Lock<Dialect> | null;
  /** The lock on the table that a foreign key refers to. */
  readonly targetLock?: Lock<Dialect>;
  readonly work: Work;
  /** Whether the server runs it outside transactions only. */
  readonly isAlone?: true;
  /** Whether only some editions of the server build indexes this way. */
  readonly needsOnline?: true;
}

type PreparationRules<Dialect extends SqlDialect> = Readonly<Record<string, PreparationRule<Dialect>>>;

/**
 * The locks and the work of the steps of a preparation (design 12 §14.1). A lock that blocks readers or writers is held
 * for the moment of one statement that reads no rows. Steps that read rows block sessions for a moment at most. SQL
 * Server: «How online index operations work».
 */
const preparationRules = {
  pgsql: {
    'create schema': { lock: null, work: 'none' },
    'create table': { lock: null, work: 'none' },
    'add key of new table': { lock: null, work: 'none' },
    'create index of new table': { lock: null, work: 'none' },
    'add foreign key of new table': { lock: null, targetLock: 'SHARE ROW EXCLUSIVE', work: 'none' },
    'add columns': { lock: 'ACCESS EXCLUSIVE', work: 'none' },
    'create index concurrently': { lock: 'SHARE UPDATE EXCLUSIVE', work: 'index build', isAlone: true },
    'make index a key': { lock: 'ACCESS EXCLUSIVE', work: 'none' },
    'add check': { lock: 'ACCESS EXCLUSIVE', work: 'none' },
    'validate check': { lock: 'SHARE UPDATE EXCLUSIVE', work: 'scan' },
    'add foreign key': { lock: 'SHARE ROW EXCLUSIVE', targetLock: 'SHARE ROW EXCLUSIVE', work: 'none' },
    'validate foreign key': { lock: 'SHARE UPDATE EXCLUSIVE', targetLock: 'ROW SHARE', work: 'key validation' },
  } satisfies PreparationRules<'pgsql'>,
  mssql: {
    'create schema': { lock: null, work: 'none' },
    'create table': { lock: null, work: 'none' },
    'add key of new table': { lock: null, work: 'none' },
    'create index of new table': { lock: null, work: 'none' },
    'add foreign key of new table': { lock: null, targetLock: 'Sch-M', work: 'none' },
    'add columns': { lock: 'Sch-M', work: 'none' },
    'create index online': { lock: 'S', work: 'index build', needsOnline: true },
    'add unique online': { lock: 'Sch-M', work: 'index build', needsOnline: true },
  } satisfies PreparationRules<'mssql'>,
} as const;

type PreparationKind = keyof (typeof preparationRules)['pgsql'] | keyof (typeof preparationRules)['mssql'];

/** The rule of a kind of step. */
export function preparationRule(dialect: SqlDialect, kind: PreparationKind): PreparationRule {
  const rules: PreparationRules<SqlDialect> = preparationRules[dialect];
  const rule = rules[kind];
  if (rule === undefined) throw new Error(`${dialect} has no step "${kind}"`);
  return rule;
}

/** One statement of a preparation. */
export interface PreparationStep {
  readonly kind: PreparationKind;
  /** `schema.name` of its table, or the name of a schema. */
  readonly subject: string;
  /** `schema.name` of the table that its foreign key refers to; null for other steps. */
  readonly target: string | null;
  readonly objects: readonly PreparedObject[];
  readonly sql: string;
}

/** How a statement of an upgrade is made before it, while the service works with the earlier set. */
export interface Preparation {
  readonly steps: readonly PreparationStep[];
  /** The part that is left for the upgrade; null if none. */
  readonly rest: { readonly sql: string; readonly effects: readonly StatementEffect[] } | null;
}

/**
 * The steps that an edition without online index builds leaves to the upgrade: those that build an index, and the
 * foreign keys to their tables, which may need it (design 12 §14.5).
 */
export function stepsNeedingOnline(
  dialect: SqlDialect,
  steps: readonly PreparationStep[],
): ReadonlySet<PreparationStep> {
  const builds = steps.filter(({ kind }) => preparationRule(dialect, kind).needsOnline);
  const tables = new Set(builds.map(({ subject }) => subject));
  return new Set([...builds, ...steps.filter(({ target }) => target !== null && tables.has(target))]);
}
