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

interface KeyFacts {
  readonly columns: readonly string[];
  readonly target: string;
  readonly targetColumns: readonly string[];
  readonly onDelete: string;
  readonly onUpdate: string;
  /** That of the engine, which may have none. */
  readonly deferrable: boolean | 'InitiallyImmediate';
}

function keyText({ columns, target, targetColumns, onDelete, onUpdate, deferrable }: KeyFacts): string {
  const ends = `ON DELETE ${onDelete} ON UPDATE ${onUpdate}`;
  const deferral = deferrable ? `, deferred: ${deferrable}` : '';
  return `${list(columns)} to ${target} ${list(targetColumns)} ${ends}${deferral}`;
}

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
        const target = qualified(each.targetTable);
        const { [each.onDelete]: onDelete, [each.onUpdate]: onUpdate } = actions;
        found.set(`the key ${each.name}`, keyText({ ...each, target, onDelete, onUpdate }));
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
  for (const each of foreignKeys)
    found.set(`the key ${each.name}`, keyText({ ...each, target: `${each.target.schema}.${each.target.table}` }));
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
