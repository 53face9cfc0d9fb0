import type { CatalogColumn, CatalogTable, DatabaseDefinition, TableDefinition } from '@dms/catalog';
import { type Column, mustExist, qualified } from '@dms/model';
import { groupBy } from '@dms/values';
import { comparableText } from '../comparing/comparable-text.ts';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { noRenaming, type Renaming } from '../renaming/renaming.ts';
import type { UpgradeTranslation } from '../translating/translation-in-place.ts';
import { type ColumnRoles, columnRoles, type RowDocument, type TableRole, tableRoles, trackedRoles } from './roles.ts';

/** One side of a table pair: the table of the catalog, and its table in the model (null for core tables). */
export interface SideTable {
  /** `schema.name`. */
  readonly key: string;
  readonly owner: string;
  readonly catalog: CatalogTable;
  readonly model: TableRole | null;
  readonly roles: ColumnRoles;
  /** How its rows identify their documents; null if they belong to no document. */
  readonly document: RowDocument | null;
  /** Whether it records deletes and key changes of a resource whose documents are written again (design 12a §6). */
  readonly followsWritten: boolean;
  /** The names of defaults by column, for defaults that have names (SQL Server). */
  readonly defaultNames: ReadonlyMap<string, string>;
}

/** A column of the table, as the database has it. */
export const catalogColumn = ({ catalog }: SideTable, name: string | undefined): CatalogColumn | undefined =>
  catalog.columns.find((column) => column.name === name);

/** A column of the table in the model; undefined for a core column. */
export const modelColumn = ({ model }: SideTable, name: string): Column | undefined =>
  model?.table.columns.find((column) => column.name === name);

export interface AfterTable extends SideTable {
  readonly definition: TableDefinition;
}

/** A table of both sets. */
export interface TablePair {
  readonly before: SideTable;
  readonly after: AfterTable;
}

/** The tables of two sets, matched by role (design 12 §2). */
export interface TableMatch {
  readonly pairs: readonly TablePair[];
  readonly added: readonly AfterTable[];
  readonly removed: readonly SideTable[];
  /**
   * `schema.name` of tables that are among `added` and among `removed`, and differ in nothing but foreign keys and
   * triggers: they stay, and their rows are written again (design 12a §6).
   */
  readonly emptied: ReadonlySet<string>;
}

export const coreOwner = '(core)';

/** The parts of a translation that concern tables that are created anew, and copies of what these hold. */
type Apart = Pick<UpgradeTranslation, 'rewritten' | 'laterPart' | 'copiedPart'>;

const noneApart: Apart = { rewritten: new Set(), laterPart: () => undefined, copiedPart: () => undefined };

/**
 * Matches the tables of two sets by their definitions, after a renaming was applied to the names of the earlier set.
 * Each list has the order of the catalogs. The tables of rewritten resources match none.
 */
export function matchTables(
  before: ComparedSet,
  after: ComparedSet,
  { before: definitionBefore, after: definition }: Readonly<Record<'before' | 'after', DatabaseDefinition>>,
  renaming: Renaming = noRenaming,
  apart: Apart = noneApart,
): TableMatch {
  const definitions = definitionsOf(definition);
  const earlier = sideTables(before, definitionsOf(definitionBefore), renaming, apart);
  const later = sideTables(after, definitions, noRenaming, noneApart);
  const pairs: TablePair[] = [];
  const added: AfterTable[] = [];
  for (const [role, side] of later) {
    const full = { ...side, definition: mustExist(definitions.get(side.key), `the definition of ${side.key}`) };
    const match = earlier.get(role);
    if (match) pairs.push({ before: match, after: full });
    else added.push(full);
  }
  const removed = [...earlier].flatMap(([role, side]) => (later.has(role) ? [] : [side]));
  const gone = new Map(removed.map((side) => [side.key, side]));
  const isEmptied = (side: SideTable) => {
    const earlierSide = gone.get(side.key);
    return side.model !== null && earlierSide !== undefined && shapeOf(side) === shapeOf(earlierSide);
  };
  const emptied = new Set(added.filter(isEmptied).map(({ key }) => key));
  return { pairs, added, removed, emptied };
}

/** The role of a table with its columns, keys, checks and indexes, as a text; columns have no order. */
function shapeOf(side: SideTable): string {
  const { columns, foreignKeys: _, triggers: __, ...shape } = side.catalog;
  const byName = Object.fromEntries(columns.map((column) => [column.name, column]));
  return comparableText([side.model?.role, byName, shape, Object.fromEntries(side.defaultNames)]);
}

/** The tables of a definition by `schema.name`. */
type DefinitionsByTable = ReadonlyMap<string, TableDefinition>;

const definitionsOf = ({ tables }: DatabaseDefinition): DefinitionsByTable =>
  new Map(tables.map((table) => [qualified(table), table]));

function sideTables(
  { model, inventory, catalog }: ComparedSet,
  definitions: DefinitionsByTable,
  renaming: Renaming,
  { rewritten: apart, laterPart, copiedPart }: Apart,
): Map<string, SideTable> {
  const roles = new Map(tableRoles(model, renaming).map((entry) => [qualified(entry.table.table), entry]));
  const tracked = trackedRoles(model, inventory, renaming, (resource, path) => {
    const part = apart.has(resource) ? laterPart(resource, path) : undefined;
    return part === undefined ? renaming.path(resource, path) : part;
  });
  const partOf = (resource: string, path: string) => copiedPart(resource, path) ?? renaming.path(resource, path);
  return new Map(
    catalog.tables.map((table): [string, SideTable] => {
      const key = qualified(table);
      const defaultNames = new Map(
        (definitions.get(key)?.columns ?? []).flatMap(({ name, defaultName }) =>
          defaultName === null ? [] : [[name, defaultName]],
        ),
      );
      const common = { key, catalog: table, defaultNames };
      const changes = tracked.get(key);
      if (changes) {
        const { role, owner, columns, document } = changes;
        const followsWritten = owner !== null && apart.has(owner);
        return [role, { ...common, owner: owner ?? coreOwner, model: null, roles: columns, document, followsWritten }];
      }
      const role = roles.get(key) ?? null;
      const columns: ColumnRoles = role
        ? columnRoles(role, renaming, partOf)
        : new Map(table.columns.map(({ name }) => [name, [`name ${name}`]]));
      const side = { ...common, owner: role?.owner ?? coreOwner, model: role, roles: columns, followsWritten: false };
      // the tables of a rewritten resource match none
      const name = role && apart.has(role.owner) ? `apart ${key}` : (role?.role ?? `core ${key}`);
      return [name, { ...side, document: documentOf(role, table) }];
    }),
  );
}

/** The document of a row of a table: its locator; the key in an abstract identity table; the id in a core table. */
function documentOf(role: TableRole | null, { columns }: CatalogTable): RowDocument | null {
  if (role === null)
    return columns.some(({ name }) => name === 'DocumentId') ? { by: 'id', column: 'DocumentId' } : null;
  const { identity, key } = role.table;
  const column = identity.rootLocator[0] ?? key.columns[0]?.name;
  return column === undefined ? null : { by: 'id', column };
}

/**
 * Matches the columns of two tables by their roles. If several columns of `before` have a role, the first one counts.
 */
export function matchColumns({ before, after }: TablePair): {
  /** Column of before by column of after. */
  readonly earlier: ReadonlyMap<string, string>;
  /** Columns of after by column of before. */
  readonly later: ReadonlyMap<string, readonly string[]>;
} {
  const holders = new Map<string, string>();
  for (const [name, roles] of before.roles) for (const role of roles) if (!holders.has(role)) holders.set(role, name);
  const earlier = new Map<string, string>();
  for (const [name, roles] of after.roles) {
    const found = roles.map((role) => holders.get(role)).find((holder) => holder !== undefined);
    if (found !== undefined) earlier.set(name, found);
  }
  const groups = groupBy([...earlier], ([, holder]) => holder);
  return { earlier, later: new Map([...groups].map(([holder, entries]) => [holder, entries.map(([name]) => name)])) };
}
