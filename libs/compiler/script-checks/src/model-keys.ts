import type { Catalog, CatalogTable } from '@dms/catalog';
import { authColumns, authTable, type TrackedChangeTable } from '@dms/inventory';
import { modelIndex, qualified, type ScalarType, type Table } from '@dms/model';
import { dialectRules, type QualifiedName, type SqlDialect } from '@dms/sql';
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
  const keyTexts = new Map<string, string>([
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
        keyTexts.set(`the unique key ${each.name}`, list(each.columns));
        break;
      case 'ForeignKey': {
        const target = qualified(each.targetTable);
        const { [each.onDelete]: onDelete, [each.onUpdate]: onUpdate } = actions;
        keyTexts.set(`the key ${each.name}`, keyText({ ...each, target, onDelete, onUpdate }));
        break;
      }
      default:
        keyTexts.set(`the check ${each.name}`, 'a check');
    }
  return keyTexts;
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

/** The length of a text, or the digits of a decimal, as an engine writes them; null for a type that has neither. */
function sizeOf(dialect: SqlDialect, { kind, decimal, ...limits }: ScalarType): string | null {
  if (decimal) return `(${decimal.precision},${decimal.scale})`;
  if (kind !== 'String') return null;
  const length = dialectRules[dialect].declaredLength({ kind, decimal, ...limits });
  return length === null ? '' : `(${length})`;
}

/** The columns of a table whose texts have another length, or whose decimals have other digits, than its model says. */
function otherSizes(
  dialect: SqlDialect,
  { columns, ...table }: CatalogTable,
  wanted: readonly (readonly [name: string, type: ScalarType | null])[],
): ScriptFinding[] {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  return wanted.flatMap(([name, scalar]) => {
    const size = scalar && sizeOf(dialect, scalar);
    const type = types.get(name);
    const found = type?.replace(/^[^(]*/, '').replace('(max)', '');
    if (size === null || found === size) return [];
    const text = `the column ${name} of ${qualified(table)} must be as long as ${size || 'any text'}, and is ${type ?? 'missing'}`;
    return [{ id: 'S20', text }];
  });
}

/** What the model or the inventory says about a table. */
interface WantedTable {
  readonly table: QualifiedName;
  readonly keys: ModelKeys;
  readonly types: readonly (readonly [name: string, type: ScalarType | null])[];
}

/** S20 (design 09b §2.4), for a catalog; S5 and the step `catalog` compare the catalog with the script. */
export function unlikeModel(
  { model, inventory }: Pick<CheckedScript, 'model' | 'inventory'>,
  { tables }: Pick<Catalog, 'tables'>,
): ScriptFinding[] {
  const byName = new Map(tables.map((table) => [qualified(table), table]));
  const wanted: readonly WantedTable[] = [
    ...modelIndex(model).allTables.map(({ table }) => ({
      table: table.table,
      keys: ofModel(table),
      types: table.columns.map(({ name, scalarType }) => [name, scalarType] as const),
    })),
    ...inventory.trackedChangeTables.map((tracked) => ({
      table: tracked.table,
      keys: ofTracked(tracked),
      types: tracked.valueColumns.flatMap(({ oldColumn, newColumn, scalarType }) =>
        [oldColumn, newColumn].map((name) => [name, scalarType] as const),
      ),
    })),
    ...(inventory.authEdOrgHierarchy ? [{ table: authTable, keys: ofHierarchy, types: [] }] : []),
  ];
  const keysAndNulls = wanted.flatMap(({ table, keys }) => {
    const place = qualified(table);
    const found = byName.get(place);
    return found ? differences(place, keys, ofCatalog(found)) : [{ id: 'S20', text: `${place} is missing` }];
  });
  const sizes = wanted.flatMap(({ table, types }) => {
    const found = byName.get(qualified(table));
    return found ? otherSizes(model.dialect, found, types) : [];
  });
  return [...keysAndNulls, ...sizes];
}
