import type { Catalog, CatalogTable } from '@dms/catalog';
import { qualified, type RelationalModelSet, type Table } from '@dms/model';
import type { Finding } from './text-form.ts';

/*
 * S20: the tables of resources have the keys of the model, and no others: rows of a world cannot show all of them. No
 * row can exist in a table that requires a row of its own, and the rows of a large set show the actions of some keys.
 */

const actions = { NoAction: 'NO ACTION', Cascade: 'CASCADE' } as const;

/** What a table says of its keys, by kind and name, as text. */
type Keys = ReadonlyMap<string, string>;

const list = (columns: readonly string[]) => `(${columns.join(', ')})`;

/** Deferral is that of the engine, which may have none. */
function ofModel({ key, columns, constraints }: Table): Keys {
  const found = new Map<string, string>([
    [`the primary key ${key.constraintName}`, list(key.columns.map(({ name }) => name))],
  ]);
  for (const { name, storage, isNullable } of columns)
    if (storage.kind === 'Stored') found.set(`the column ${name}`, isNullable ? 'NULL' : 'NOT NULL');
  for (const each of constraints)
    switch (each.kind) {
      case 'Unique':
        found.set(`the unique key ${each.name}`, list(each.columns));
        break;
      case 'ForeignKey': {
        const target = `${qualified(each.targetTable)} ${list(each.targetColumns)}`;
        const ends = `ON DELETE ${actions[each.onDelete]} ON UPDATE ${actions[each.onUpdate]}`;
        const deferral = each.deferrable ? `, deferred: ${each.deferrable}` : '';
        found.set(`the key ${each.name}`, `${list(each.columns)} to ${target} ${ends}${deferral}`);
        break;
      }
      default:
        found.set(`the check ${each.name}`, 'a check');
    }
  return found;
}

function ofCatalog({ primaryKey, columns, uniques, foreignKeys, checks }: CatalogTable): Keys {
  const found = new Map<string, string>();
  if (primaryKey) found.set(`the primary key ${primaryKey.name}`, list(primaryKey.columns));
  for (const { name, generated, nullable } of columns)
    if (generated === null) found.set(`the column ${name}`, nullable ? 'NULL' : 'NOT NULL');
  for (const each of uniques) found.set(`the unique key ${each.name}`, list(each.columns));
  for (const { name, columns: own, target, targetColumns, onDelete, onUpdate, deferrable } of foreignKeys) {
    const ends = `ON DELETE ${onDelete} ON UPDATE ${onUpdate}`;
    const deferral = deferrable ? `, deferred: ${deferrable}` : '';
    found.set(
      `the key ${name}`,
      `${list(own)} to ${target.schema}.${target.table} ${list(targetColumns)} ${ends}${deferral}`,
    );
  }
  for (const { name } of checks) found.set(`the check ${name}`, 'a check');
  return found;
}

function differences(place: string, wanted: Keys, found: Keys): Finding[] {
  const missing = [...wanted].flatMap(([what, text]) => {
    const is = found.get(what);
    return is === text ? [] : [`${what} of ${place} must be ${text}, and is ${is ?? 'missing'}`];
  });
  const more = [...found.keys()]
    .filter((what) => !wanted.has(what))
    .map((what) => `${what} of ${place} is not in the model`);
  return [...missing, ...more].map((text) => ({ id: 'S20', text }));
}

/** S20 (design 09 §7.4), of what the catalog says; S5 and the step `catalog` compare it with the script. */
export function unlikeModel(
  { resources, abstractIdentityTables }: RelationalModelSet,
  { tables }: Pick<Catalog, 'tables'>,
): Finding[] {
  const byName = new Map(tables.map((table) => [qualified(table), table]));
  const own = [
    ...resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder),
    ...abstractIdentityTables.map(({ table }) => table),
  ];
  return own.flatMap((table) => {
    const place = qualified(table.table);
    const found = byName.get(place);
    return found ? differences(place, ofModel(table), ofCatalog(found)) : [{ id: 'S20', text: `${place} is missing` }];
  });
}
