import type { Catalog } from '@dms/catalog';
import { core, qualified, type RelationalModelSet, unqualified } from '@dms/model';
import { compareBy } from '@dms/values';
import type { PreparationStep, UpgradeStatement } from '../ops/statement.ts';
import { lockStrength, type TableLock } from './rules.ts';
import { hazardsOf } from './table-hazards.ts';

type PgsqlLock = TableLock<'pgsql'>;

/** A lock that an upgrade takes on a table or a view of the earlier set before its first statement. */
export interface StartLock {
  /** `schema.name` in the earlier set. */
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly lock: PgsqlLock;
}

/** The set that a database has before an upgrade. */
interface LockedSet {
  readonly catalog: Pick<Catalog, 'tables' | 'views'>;
  readonly model: Pick<RelationalModelSet, 'projects'>;
}

/** The statements of an upgrade, and the set that its database has before it. */
export interface LockedUpgrade {
  readonly statements: readonly Pick<UpgradeStatement, 'effects'>[];
  readonly before: LockedSet;
  /** `schema.name` of tables on which an index is created beside the plan. */
  readonly indexed: readonly string[];
  /** `schema.name` of tables from which rows are removed beside the plan. */
  readonly removable: readonly string[];
}

/** On the documents: nobody else writes a document between the first check and the commit. */
const ofDocuments: PgsqlLock = 'SHARE ROW EXCLUSIVE';

/** On a table whose rows are written: nobody else holds a lock on a row of it, not even for a foreign key. */
const ofWrittenRows: PgsqlLock = 'EXCLUSIVE';

/** On the target tables of such rows: nobody else removes a row of them. */
const ofTargets: PgsqlLock = 'SHARE';

/**
 * The locks that the statements of an upgrade take on PostgreSQL, plus locks that keep these statements from waiting
 * for single rows, in the order in which they are taken: views, then the tables of resources, then the core, each by
 * name (design 12a §2.1). A session that reads a view locks it before its tables, and a session that replaces a
 * document locks the tables of the resource before the core.
 */
export function locksAtStart({ statements, before, indexed, removable }: LockedUpgrade): readonly StartLock[] {
  const tables = new Map(before.catalog.tables.map((table) => [qualified(table), table]));
  const views = new Set(before.catalog.views.map((view) => qualified(view)));
  const found = new Map<string, PgsqlLock>();
  const add = (name: string, lock: PgsqlLock) => {
    if (!tables.has(name) && !views.has(name)) return;
    const known = found.get(name);
    if (known === undefined || lockStrength('pgsql', lock) > lockStrength('pgsql', known)) found.set(name, lock);
  };
  add(qualified(core.document), ofDocuments);
  for (const name of indexed) add(name, 'SHARE');
  for (const name of removable) add(name, ofWrittenRows);
  for (const { effects } of statements) {
    for (const { table, lock } of hazardsOf('pgsql', effects)) if (!table.isNew) add(table.name, lock as PgsqlLock);
    for (const { table, work } of effects) {
      if (table === null || table.isNew || work !== 'row writes') continue;
      add(table.name, ofWrittenRows);
      for (const { target } of tables.get(table.name)?.foreignKeys ?? [])
        add(`${target.schema}.${target.table}`, ofTargets);
    }
  }
  return inLockOrder(found, before);
}

function inLockOrder(locks: ReadonlyMap<string, PgsqlLock>, { catalog, model }: LockedSet): readonly StartLock[] {
  const views = new Set(catalog.views.map((view) => qualified(view)));
  const ofResources = new Set(model.projects.map(({ physicalSchema }) => String(physicalSchema)));
  const rank = (name: string) => {
    if (views.has(name)) return 0;
    return ofResources.has(unqualified(name).schema) ? 1 : 2;
  };
  return [...locks]
    .map(([name, lock]): StartLock => ({ name, kind: views.has(name) ? 'view' : 'table', lock }))
    .sort(compareBy(({ name }) => `${rank(name)} ${name}`));
}

/**
 * The locks that a step of a preparation takes on tables of the earlier set, in the same order (design 12a §5.2). A
 * step that runs outside transactions takes its lock by itself.
 */
export function locksOfStep(
  { subject, target, cost: { lock, targetLock = null }, isAlone }: PreparationStep,
  before: LockedSet,
): readonly StartLock[] {
  if (isAlone) return [];
  const tables = new Set(before.catalog.tables.map((table) => qualified(table)));
  const asked = [[subject, lock] as const, [target, targetLock] as const];
  const found = asked.flatMap(([name, each]): [string, PgsqlLock][] =>
    name !== null && each !== null && tables.has(name) ? [[name, each as PgsqlLock]] : [],
  );
  return inLockOrder(new Map(found), before);
}
