import type { Catalog, CatalogTable } from '../catalog.ts';
import { compareCatalogs } from './compare-catalogs.ts';
import {
  type CatalogDiff,
  type CatalogDifference,
  type CatalogPair,
  type DiffMode,
  partPath,
  type RenameHint,
} from './difference.ts';
import { renameHints } from './rename-hints.ts';

/**
 * Compares two catalogs of one dialect (design 09a §2): lists the missing, extra and changed objects of `actual`, and
 * the pairs of a missing and an extra object that are probably one renamed object. Pure; verification, drift and impact
 * all use it.
 */
export function diffCatalogs(expected: Catalog, actual: Catalog, mode: DiffMode = 'normal'): CatalogDiff {
  if (expected.dialect !== actual.dialect)
    throw new Error(`catalogs of ${expected.dialect} and ${actual.dialect} are compared`);
  const pair: CatalogPair = { expected, actual };
  const differences = compareCatalogs(pair, mode);
  const renames = renameHints(pair, differences);
  return { differences: withMildNames(withReasons(pair, mode, differences, renames), renames), renames };
}

const nameIsAll = new Set(['unique', 'foreignKey', 'check']);

/** Makes the differences of a renamed constraint warnings, because it still has its effect. */
function withMildNames(
  differences: readonly CatalogDifference[],
  renames: readonly RenameHint[],
): readonly CatalogDifference[] {
  const mild = new Set(
    renames
      .filter(({ object }) => nameIsAll.has(object))
      .flatMap(({ object, expected, actual }) => [
        `${object} missing ${pathKey(expected)}`,
        `${object} extra ${pathKey(actual)}`,
      ]),
  );
  if (mild.size === 0) return differences;
  return differences.map((difference) =>
    mild.has(`${difference.object} ${difference.change} ${pathKey(difference.path)}`)
      ? { ...difference, severity: 'warning' }
      : difference,
  );
}

const pathKey = (path: readonly string[]) => path.join('\n');

/** Adds to each difference the renaming that would remove it, if there is one (design 09a §2.2). */
function withReasons(
  pair: CatalogPair,
  mode: DiffMode,
  differences: readonly CatalogDifference[],
  renames: readonly RenameHint[],
): readonly CatalogDifference[] {
  const moving = renames.filter(({ object }) => object === 'table' || object === 'column');
  if (moving.length === 0) return differences;
  const left = new Set(
    compareCatalogs({ expected: renamedCatalog(pair.expected, moving), actual: pair.actual }, mode).map(differenceKey),
  );
  const hinted = new Set(
    moving.flatMap(({ object, expected, actual }) => [
      `${object} ${pathKey(expected)}`,
      `${object} ${pathKey(actual)}`,
    ]),
  );
  const byTable = new Map<string, RenameHint>();
  // in reverse, so that the best hint of a table is kept
  for (const rename of [...moving].reverse()) {
    byTable.set(rename.expected[0], rename);
    byTable.set(rename.actual[0], rename);
  }
  const referred = new Map([...referredTables(pair.actual), ...referredTables(pair.expected)]);
  return differences.map((difference) => {
    const { object, path } = difference;
    if (left.has(differenceKey(difference)) || hinted.has(`${object} ${pathKey(path)}`)) return difference;
    const reason = byTable.get(path[0]) ?? byTable.get(referred.get(pathKey(path)) ?? '');
    return reason === undefined ? difference : { ...difference, because: reason.expected.join('.') };
  });
}

/** A catalog in which all names of tables and columns are changed according to the hints. */
function renamedCatalog(catalog: Catalog, renames: readonly RenameHint[]): Catalog {
  const names = collectNames(renames);
  return { ...catalog, tables: catalog.tables.map((table) => renamedTable(table, names)) };
}

/** New names by old names: tables by `schema.name`, columns by the table's old `schema.name`. */
interface RenamedObjects {
  readonly tables: ReadonlyMap<string, string>;
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

function collectNames(renames: readonly RenameHint[]): RenamedObjects {
  const tables = new Map<string, string>();
  const columns = new Map<string, Map<string, string>>();
  for (const { object, expected, actual } of renames) {
    if (object === 'table') tables.set(expected[0], actual[0].slice(expected[0].indexOf('.') + 1));
    if (object !== 'column') continue;
    const [table, column] = partPath(expected);
    const [, newColumn] = partPath(actual);
    columns.set(table, (columns.get(table) ?? new Map<string, string>()).set(column, newColumn));
  }
  return { tables, columns };
}

function renamedTable(table: CatalogTable, names: RenamedObjects): CatalogTable {
  const key = `${table.schema}.${table.name}`;
  const columns = names.columns.get(key);
  const column = (name: string) => columns?.get(name) ?? name;
  const expression = <Text extends string | null>(text: Text): Text => {
    if (text === null || columns === undefined) return text;
    return text.replace(/"(?:[^"]|"")*"/g, (found) => quoted(column(found.slice(1, -1).replaceAll('""', '"')))) as Text;
  };
  const renamedKey = <Entry extends { readonly columns: readonly string[] }>(entry: Entry): Entry => ({
    ...entry,
    columns: entry.columns.map(column),
  });
  return {
    ...table,
    name: names.tables.get(key) ?? table.name,
    columns: table.columns.map((entry) => ({
      ...entry,
      name: column(entry.name),
      generated: entry.generated && { ...entry.generated, expression: expression(entry.generated.expression) },
    })),
    primaryKey: table.primaryKey && renamedKey(table.primaryKey),
    uniques: table.uniques.map(renamedKey),
    foreignKeys: table.foreignKeys.map((entry) => {
      const target = `${entry.target.schema}.${entry.target.table}`;
      const targetColumns = names.columns.get(target);
      return {
        ...renamedKey(entry),
        target: { ...entry.target, table: names.tables.get(target) ?? entry.target.table },
        targetColumns: entry.targetColumns.map((name) => targetColumns?.get(name) ?? name),
      };
    }),
    checks: table.checks.map((entry) => ({ ...entry, expression: expression(entry.expression) })),
    indexes: table.indexes.map((entry) => ({
      ...renamedKey(entry),
      include: entry.include.map(column),
      predicate: expression(entry.predicate),
    })),
    triggers: table.triggers.map((entry) => ({ ...entry, updateOf: entry.updateOf.map(column) })),
  };
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

const differenceKey = ({ object, path, change, field = '' }: CatalogDifference) =>
  [object, change, field, ...path].join('\n');

/** The referenced tables of the foreign keys of a catalog, by the path of the key. */
function referredTables({ tables }: Catalog): Map<string, string> {
  return new Map(
    tables.flatMap((table) =>
      table.foreignKeys.map(({ name, target }) => [
        pathKey([`${table.schema}.${table.name}`, name]),
        `${target.schema}.${target.table}`,
      ]),
    ),
  );
}
