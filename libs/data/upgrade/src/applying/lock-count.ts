import type { CatalogTable } from '@dms/catalog';
import { locksOfTables } from '@dms/databases';
import { core, qualified } from '@dms/model';
import type { ComparedSet } from '../comparing/compared-set.ts';
import type { StatementEffect, StatementKind } from '../ops/effect.ts';
import type { UpgradeStatement } from '../ops/statement.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';

/** How many objects PostgreSQL locks when it drops a thing, beside relations: the thing itself, and its parts. */
const partsOf: Readonly<Partial<Record<StatementKind, number>>> = {
  'drop trigger': 1,
  'drop function': 1,
  // its rule, and the types of its row and of arrays of it
  'drop view': 4,
  // the server has two triggers for it on either table
  'drop foreign key': 5,
  'drop constraint': 1,
  'drop schema': 1,
};

/** The locks for a view outside the schema set: the view, its rule and its types, when it is dropped and created again. */
const locksOfView = 8;

/** Locks on the system catalogs, with their indexes, that are read for what others gave and made. */
const keepingLocks = 20;

/** What a plan locks objects of. */
interface LockedObjects {
  readonly before: Pick<ComparedSet, 'catalog'>;
  readonly after: Pick<ComparedSet, 'catalog'>;
  readonly readsDocuments: boolean;
  readonly removesDocuments: boolean;
  /** Number of views outside the schema set that are created again. */
  readonly views: number;
}

/**
 * Number of locks that an upgrade takes in its transaction on PostgreSQL (design 09c §2): on the tables that its
 * statements work on, as they are before and after it, on the objects that it drops, and on the `views` outside the
 * schema set that it creates again. Where documents are read (`readsDocuments`, design 12a §6), also on all other tables
 * of the earlier set; where some may be removed (`removesDocuments`), also on the keys that are dropped meanwhile. A plan
 * that lacks a permission is counted as if it had it.
 */
export function locksOfUpgrade(
  { intended }: Pick<UpgradePlan, 'intended'>,
  { before, after, readsDocuments, removesDocuments, views }: LockedObjects,
): number {
  const effects = intended.flatMap((statement) => statement.effects);
  const touched = new Set(effects.flatMap(({ table, target }) => [table, target].flatMap((each) => each?.name ?? [])));
  const dropped = new Set(effects.flatMap(({ kind, table }) => (kind === 'drop table' && table ? [table.name] : [])));
  const isTouched = (table: CatalogTable) => touched.has(qualified(table));
  const earlier = before.catalog.tables.filter((table) => readsDocuments || isTouched(table));
  const known = new Map(earlier.map((table) => [qualified(table), table]));
  // a table that is dropped and one that is made under its name have locks of their own
  const isMade = (table: CatalogTable) => dropped.has(qualified(table)) || !known.has(qualified(table));
  const later = after.catalog.tables.filter((table) => isTouched(table) && isMade(table));
  // columns and indexes that tables get
  const more = after.catalog.tables.reduce((sum, table) => {
    const then = isTouched(table) && !isMade(table) ? known.get(qualified(table)) : undefined;
    return sum + (then === undefined ? 0 : Math.max(0, relationsOf(table) - relationsOf(then)));
  }, 0);
  const keys = removesDocuments ? keysToDocuments(effects, before) * (partsOf['drop foreign key'] ?? 0) : 0;
  const parts = more + droppedParts(intended, before) + keys + views * locksOfView;
  return locksOfTables([...earlier, ...later]) + parts + keepingLocks;
}

const relationsOf = (table: CatalogTable) => locksOfTables([table]) - locksOfTables([]);

/** The number of keys to documents that may be dropped while documents are removed; the plan has dropped others before. */
function keysToDocuments(effects: readonly StatementEffect[], { catalog }: Pick<ComparedSet, 'catalog'>): number {
  const touched = effects.flatMap(({ touches }) => touches);
  const dropped = new Set(
    touched.flatMap(({ how, kind, schema, table, name }) =>
      how === 'drop' && kind === 'constraint' ? [`${schema}.${table}.${name}`] : [],
    ),
  );
  const keys = catalog.tables.flatMap((table) =>
    table.foreignKeys.filter(
      ({ name, columns: [column], target }) =>
        column === 'DocumentId' &&
        `${target.schema}.${target.table}` === qualified(core.document) &&
        !dropped.has(`${qualified(table)}.${name}`),
    ),
  );
  return keys.length;
}

/** The objects beside relations that the statements drop. */
function droppedParts(statements: readonly UpgradeStatement[], { catalog }: Pick<ComparedSet, 'catalog'>): number {
  const tables = new Map(catalog.tables.map((table) => [qualified(table), table]));
  const views = new Set(catalog.views.map(qualified));
  let count = 0;
  for (const { effects } of statements)
    for (const { kind, table } of effects) {
      if (kind === 'drop table') {
        const found = table === null ? undefined : tables.get(table.name);
        count += found === undefined ? 0 : partsOfTable(found);
      } else if (kind !== 'drop view' || (table !== null && views.has(table.name))) count += partsOf[kind] ?? 0;
    }
  return count;
}

/** The parts of a table whose foreign keys are dropped before it: types, keys, checks, defaults, triggers. */
function partsOfTable({ columns, primaryKey, uniques, checks, triggers }: CatalogTable): number {
  const types = 2;
  const values = columns.filter((column) => column.default !== null || column.generated !== null).length;
  // newer servers have a constraint for each column that is not NULL
  const required = columns.filter(({ nullable }) => !nullable).length;
  return types + values + required + (primaryKey === null ? 0 : 1) + uniques.length + checks.length + triggers.length;
}
