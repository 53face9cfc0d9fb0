import { compareBy } from '@dms/canonical-json';
import { fail, failIfAny } from '@dms/diagnostics';
import { type DbTableName, FullNames, findCollisions, type NameRegistration, type RelationalModelSet } from '@dms/model';
import { dialectRules, limitIdentifier, type SqlDialect } from '@dms/sql';
import { deriveHierarchy, hierarchyTriggers } from './derive-hierarchy.ts';
import { deriveIndexes, hierarchyIndex } from './derive-indexes.ts';
import { deriveTriggers } from './derive-triggers.ts';
import type { DbIndex, DbTrigger, Inventory } from './inventory.ts';

type ObjectKind = 'index' | 'trigger';

/** What a name must be unique in: index names per schema in PostgreSQL, per table in SQL Server; trigger names the reverse. */
const nameScopes: Readonly<Record<SqlDialect, Readonly<Record<ObjectKind, 'schema' | 'table'>>>> = {
  pgsql: { index: 'schema', trigger: 'table' },
  mssql: { index: 'table', trigger: 'schema' },
};

interface Entry {
  readonly name: string;
  readonly table: DbTableName;
}

function registration(
  kind: ObjectKind,
  dialect: SqlDialect,
  fullName: string,
  finalName: string,
  names: FullNames,
  table: DbTableName,
): NameRegistration {
  const scopeTable = nameScopes[dialect][kind] === 'table' ? table.name : '';
  return {
    scope: { kind, schema: table.schema, table: scopeTable },
    originalName: fullName,
    finalName,
    describe: () => `${kind} ${fullName} on ${table.schema}.${names.table(table)}`,
    label: '',
    path: '',
  };
}

/** Equal names of equal origin, which the collision report treats as one (design 05 §6). */
function checkDuplicates(kind: ObjectKind, dialect: SqlDialect, entries: readonly Entry[]): void {
  const isPerTable = nameScopes[dialect][kind] === 'table';
  const seen = new Set<string>();
  const duplicates = new Map<string, Entry>();
  for (const { name, table } of entries) {
    const place = isPerTable ? `${table.schema}.${table.name}:${name}` : `${table.schema}:${name}`;
    if (seen.has(place)) duplicates.set(place, { name, table: isPerTable ? table : { ...table, name: '' } });
    seen.add(place);
  }
  if (duplicates.size === 0) return;
  const list = [...duplicates].sort(([, a], [, b]) => entryOrder(a, b)).map(([place]) => place);
  fail(
    'NAME_INVENTORY_DUPLICATE',
    `The inventory lists ${kind} names twice: ${list.join(', ')}.`,
    {},
    { kind, duplicates: list },
  );
}

const entryOrder = compareBy<Entry>(
  ({ table }) => table.schema,
  ({ table }) => table.name,
  ({ name }) => name,
);

/**
 * Derives the indexes and triggers of a finished model, without SQL (design 05). The model may come from its file: names are
 * made of the full-length names that it keeps. Both lists are sorted by table schema, table, name. Throws the `TRG_*` and
 * `AUTH_*` codes, `NAME_COLLISION`, `NAME_INVENTORY_DUPLICATE`.
 */
export function deriveInventory(model: RelationalModelSet): Inventory {
  const { dialect } = model;
  const rules = dialectRules[dialect];
  const names = new FullNames(model);
  const hierarchy = deriveHierarchy(model, names);
  const hasHierarchy = hierarchy !== null && hierarchy.entities.length > 0;
  const namedIndexes = [...deriveIndexes(model, names), ...(hasHierarchy ? [hierarchyIndex] : [])];
  const namedTriggers = [...deriveTriggers(model, names), ...(hasHierarchy ? hierarchyTriggers(hierarchy) : [])];
  const registrations: NameRegistration[] = [];
  const finish = <Named extends { readonly fullName: string; readonly table: DbTableName }>(
    kind: ObjectKind,
    { fullName, ...entry }: Named,
  ) => {
    const name = limitIdentifier(rules, fullName);
    registrations.push(registration(kind, dialect, fullName, name, names, entry.table));
    return { name, ...entry };
  };
  const indexes: DbIndex[] = namedIndexes.map((index) => finish('index', index));
  const triggers = namedTriggers.map((trigger) => finish('trigger', trigger) as DbTrigger);
  failIfAny(findCollisions(registrations, dialect));
  checkDuplicates('index', dialect, indexes);
  checkDuplicates('trigger', dialect, triggers);
  return { dialect, indexes: indexes.sort(entryOrder), triggers: triggers.sort(entryOrder), authEdOrgHierarchy: hierarchy };
}
