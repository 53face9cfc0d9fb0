import type { Row } from '@dms/databases';
import { mustExist } from '@dms/model';
import { isMergeTable } from '@dms/plans';
import type { PlacedRows, ReadingRules } from '../reading/reading-rules.ts';
import { cachedByResource } from '../resource-plans.ts';
import { type ColumnKey, tableColumnKeys } from '../statements/column-keys.ts';
import { boundQueryFields } from './page-filters.ts';

/**
 * The indexes of the tables of a resource, each after its parent. (The list of a plan has companions before their base
 * tables.)
 */
export const parentsFirst = cachedByResource(({ shape }): readonly number[] => {
  const ordered = new Set<number>();
  const visit = (index: number) => {
    if (ordered.has(index)) return;
    const parent = shape.tables[index]?.parent ?? null;
    if (parent !== null) visit(parent);
    ordered.add(index);
  };
  for (const { index } of shape.tables) visit(index);
  return [...ordered];
});

/** The columns of a table from which the place of a row is found. */
interface LocatorKeys {
  readonly document: ColumnKey;
  readonly rowIdentity: ColumnKey;
  /** Null for a root. */
  readonly parent: ColumnKey | null;
  readonly isMerged: boolean;
  /** The index of the table with the parent rows; null if that is the root. */
  readonly parentTable: number | null;
  readonly depth: number;
}

const locatorKeys = cachedByResource((plans): readonly LocatorKeys[] =>
  plans.shape.tables.map(({ table, parent, depth, index }) => {
    const keys = mustExist(tableColumnKeys(plans)[index], `the columns of ${table.table.name}`);
    const keyOf = ([column]: readonly string[], what: string) => {
      const name = `the ${what} of ${table.table.name}`;
      return mustExist(keys.get(mustExist(column, name)), name);
    };
    const { rootLocator, rowIdentity, parentLocator } = table.identity;
    return {
      document: keyOf(rootLocator, 'root locator'),
      rowIdentity: keyOf(rowIdentity, 'row identity'),
      parent: parentLocator.length === 0 ? null : keyOf(parentLocator, 'parent locator'),
      isMerged: isMergeTable(table),
      parentTable: parent,
      depth,
    };
  }),
);

type Place = readonly number[];

const comparePlaces = (a: Place, b: Place) => {
  for (let level = 0; level < a.length; level += 1) {
    const difference = mustExist(a[level], 'a level of a place') - mustExist(b[level], 'a level of a place');
    if (difference !== 0) return difference;
  }
  return 0;
};

interface PlacedRow {
  readonly row: Row;
  readonly document: unknown;
  readonly place: Place;
}

/**
 * The rows of a table with their places. An item comes after its siblings with a smaller `Ordinal`; gaps do not count.
 * A companion has the place of its base row.
 */
function placed(keys: LocatorKeys, rows: readonly Row[], parents: ReadonlyMap<string, Place> | null): PlacedRow[] {
  const counts = new Map<string, number>();
  const result: PlacedRow[] = [];
  for (const row of rows) {
    const document = row[keys.document];
    const parent = keys.parent === null ? '' : String(row[keys.parent]);
    const around = keys.depth === 0 || parents === null ? [] : parents.get(parent);
    // its parent was inserted or deleted between two reads
    if (around === undefined) continue;
    if (!keys.isMerged) {
      result.push({ row, document, place: around });
      continue;
    }
    const position = counts.get(parent) ?? 0;
    counts.set(parent, position + 1);
    result.push({ row, document, place: [...around, position] });
  }
  return result;
}

/** Groups the rows of a document, in the order of their places; documents keep their order. */
function sorted(rows: readonly PlacedRow[]): readonly PlacedRow[] {
  const order = new Map<unknown, number>();
  for (const { document } of rows) if (!order.has(document)) order.set(document, order.size);
  const orderOf = ({ document }: PlacedRow) => mustExist(order.get(document), 'the order of a document');
  return rows.toSorted((a, b) => orderOf(a) - orderOf(b) || comparePlaces(a.place, b.place));
}

/** The locator of a row names its parent row (design 17 §4.2, §8). */
export const readingRulesV2: ReadingRules = {
  documentColumns: ({ shape }) =>
    shape.tables.map(({ table }) =>
      mustExist(table.identity.rootLocator[0], `the root locator of ${table.table.name}`),
    ),
  boundFilters: boundQueryFields,
  scansRoots: true,
  place(plans, answers) {
    const allKeys = locatorKeys(plans);
    const places = new Map<number, ReadonlyMap<string, Place>>();
    const tables = new Map<number, readonly PlacedRow[]>();
    for (const index of parentsFirst(plans)) {
      const keys = mustExist(allKeys[index], 'the keys of a table');
      const parents = keys.parentTable === null ? null : (places.get(keys.parentTable) ?? new Map());
      const rows = placed(keys, answers[index] ?? [], parents);
      places.set(index, new Map(rows.map(({ row, place }) => [String(row[keys.rowIdentity]), place])));
      // rows of the same parent come in order; rows of several parents come by the ids of the parents
      const isInOrder = keys.depth === 0 || (keys.depth === 1 && keys.isMerged);
      tables.set(index, isInOrder ? rows : sorted(rows));
    }
    return allKeys.map(({ depth }, index): PlacedRows => {
      const rows = tables.get(index) ?? [];
      return {
        rows: rows.map(({ row }) => row),
        depth,
        documentAt: (position) => rows[position]?.document,
        ordinalAt: (position, level) => mustExist(rows[position]?.place[level], 'the position of an item'),
      };
    });
  },
};
