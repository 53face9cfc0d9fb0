import type { Catalog, CatalogTable } from '@dms/catalog';
import { authColumns, authTable, type TrackedChangeTable } from '@dms/inventory';
import { modelIndex, qualified, type Table } from '@dms/model';
import type { QualifiedName } from '@dms/sql';
import type { CheckedScript } from './checked-script.ts';
import type { ScriptFinding } from './text-form.ts';

/*
 * S20: the tables of resources, and the tables that follow from them, have exactly the keys of the model. The rows of a
 * world cannot show all of them: no row can exist in a table that requires a row of itself, and the rows of a large set
 * show only the actions of some keys.
 */

const actions = { NoAction: 'NO ACTION', Cascade: 'CASCADE' } as const;

/** Texts of the keys and columns of a table, by kind and name. */
type ModelKeys = ReadonlyMap<string, string>;

const list = (columns: readonly string[]) => `(${columns.join(', ')})`;

interface ModelKeyFacts {
  readonly columns: readonly string[];
  readonly target: string;
  readonly targetColumns: readonly string[];
  readonly onDelete: string;
  readonly onUpdate: string;
  /** Whether the key is deferrable in the engine, which may have no deferrable keys. */
  readonly deferrable: boolean | 'InitiallyImmediate';
}

function keyText({ columns, target, targetColumns, onDelete, onUpdate, deferrable }: ModelKeyFacts): string {
  const ends = `ON DELETE ${onDelete} ON UPDATE ${onUpdate}`;
  const deferral = deferrable ? `, deferred: ${deferrable}` : '';
  return `${list(columns)} to ${target} ${list(targetColumns)} ${ends}${deferral}`;
}

const ofPrimaryKey = (name: string, columns: readonly string[]) => [`the primary key ${name}`, list(columns)] as const;

const ofColumn = (name: string, isNullable: boolean) =>
  [`the column ${name}`, isNullable ? 'NULL' : 'NOT NULL'] as const;

function ofModel({ key, columns, constraints }: Table): ModelKeys {
  const found = new Map<string, string>([
    ofPrimaryKey(
      key.constraintName,
      key.columns.map(({ name }) => name),
    ),
    ...columns
      .filter(({ storage }) => storage.kind === 'Stored')
      .map(({ name, isNullable }) => ofColumn(name, isNullable)),
  ]);
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

/**
 * The keys of a tracked-change table: its primary key, and the nullability of its columns. An old value is nullable
 * only if its document may lack it.
 */
const ofTracked = ({ primaryKeyName, valueColumns, systemColumns }: TrackedChangeTable): ModelKeys =>
  new Map([
    ofPrimaryKey(
      primaryKeyName,
      systemColumns.filter(({ isPrimaryKey }) => isPrimaryKey).map(({ column }) => column),
    ),
    ...valueColumns.flatMap(({ oldColumn, isOldColumnNullable, newColumn, isNewColumnNullable }) => [
      ofColumn(oldColumn, isOldColumnNullable),
      ofColumn(newColumn, isNewColumnNullable),
    ]),
    ...systemColumns.map(({ column }) => ofColumn(column, false)),
  ]);

const ofHierarchy: ModelKeys = new Map([
  ofPrimaryKey(`PK_${authTable.name}`, [authColumns.source, authColumns.target]),
  ofColumn(authColumns.source, false),
  ofColumn(authColumns.target, false),
]);

function ofCatalog({ primaryKey, columns, uniques, foreignKeys, checks }: CatalogTable): ModelKeys {
  const found = new Map<string, string>([
    ...(primaryKey ? [ofPrimaryKey(primaryKey.name, primaryKey.columns)] : []),
    ...columns.filter(({ generated }) => generated === null).map(({ name, nullable }) => ofColumn(name, nullable)),
  ]);
  for (const each of uniques) found.set(`the unique key ${each.name}`, list(each.columns));
  for (const each of foreignKeys)
    found.set(`the key ${each.name}`, keyText({ ...each, target: `${each.target.schema}.${each.target.table}` }));
  for (const { name } of checks) found.set(`the check ${name}`, 'a check');
  return found;
}

function differences(place: string, wanted: ModelKeys, found: ModelKeys): ScriptFinding[] {
  const missing = [...wanted].flatMap(([what, text]) => {
    const is = found.get(what);
    return is === text ? [] : [`${what} of ${place} must be ${text}, and is ${is ?? 'missing'}`];
  });
  const more = [...found.keys()]
    .filter((what) => !wanted.has(what))
    .map((what) => `${what} of ${place} is not in the model`);
  return [...missing, ...more].map((text) => ({ id: 'S20', text }));
}

/** S20 (design 09b §2.4), for a catalog; S5 and the step `catalog` compare the catalog with the script. */
export function unlikeModel(
  { model, inventory }: Pick<CheckedScript, 'model' | 'inventory'>,
  { tables }: Pick<Catalog, 'tables'>,
): ScriptFinding[] {
  const byName = new Map(tables.map((table) => [qualified(table), table]));
  const ofTables = modelIndex(model).allTables.map(({ table }): readonly [QualifiedName, ModelKeys] => [
    table.table,
    ofModel(table),
  ]);
  const ofInventory = inventory.trackedChangeTables.map((tracked): readonly [QualifiedName, ModelKeys] => [
    tracked.table,
    ofTracked(tracked),
  ]);
  const wanted = [
    ...ofTables,
    ...ofInventory,
    ...(inventory.authEdOrgHierarchy ? [[authTable, ofHierarchy] as const] : []),
  ];
  return wanted.flatMap(([table, keys]) => {
    const place = qualified(table);
    const found = byName.get(place);
    return found ? differences(place, keys, ofCatalog(found)) : [{ id: 'S20', text: `${place} is missing` }];
  });
}
