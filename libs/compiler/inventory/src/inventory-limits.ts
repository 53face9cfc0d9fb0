import { counted, type Diagnostic } from '@dms/diagnostics';
import {
  type Column,
  type DbTableName,
  type LimitPlace,
  limitFinding,
  modelIndex,
  moreThanLimit,
  qualified,
  type RelationalModelSet,
  type ScalarType,
  type Table,
} from '@dms/model';
import {
  type DialectRules,
  dialectRules,
  engineLimits,
  exceeded,
  exceededByEntry,
  exceededByKey,
  exceededByRow,
  exceededInKey,
} from '@dms/sql';
import { compareOrdinal } from '@dms/values';
import type { DbIndex, Inventory, TrackedChangeTable } from './inventory.ts';
import { kindOfTrigger } from './trigger-kinds.ts';

/** Errors for objects that an engine cannot create, and warnings for objects that it creates but may refuse to fill. */
interface InventoryFindings {
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
}

interface Owner {
  readonly label: string;
  readonly table: Table;
  readonly columns: ReadonlyMap<string, Column>;
}

type Owners = ReadonlyMap<string, Owner>;

function findOwners(model: RelationalModelSet): Owners {
  return new Map(
    modelIndex(model).allTables.map(({ key, label, table }) => [
      key,
      { label, table, columns: new Map(table.columns.map((column) => [column.name, column])) },
    ]),
  );
}

/**
 * Checks indexes other than those of keys, whose limits derivation checks: their columns and the bytes of their
 * entries.
 */
function indexFindings(rules: DialectRules, index: DbIndex, { label, table, columns }: Owner): Diagnostic[] {
  const isOfKey = index.kind === 'PrimaryKey' || index.kind === 'UniqueConstraint';
  if (isOfKey || index.kind === 'ForeignKeySupport') return [];
  const found = (names: readonly string[]) =>
    names.flatMap((name) => {
      const column = columns.get(name);
      return column?.scalarType ? [{ column, type: column.scalarType }] : [];
    });
  const keyColumns = found(index.keyColumns);
  const included = found(index.includeColumns);
  const typesOf = (list: typeof keyColumns) => list.map(({ type }) => type);
  const measured = { columns: typesOf(keyColumns), included: typesOf(included), isIndexed: true };
  const shown = keyColumns.map(({ column, type }) => `${column.name} ${rules.typeName(type)}`);
  const ofTable: LimitPlace = {
    label,
    path: table.jsonScope.canonical,
    subject: `the index ${index.name} of ${qualified(table.table)}`,
    facts: { table: table.table.name, index: index.name, columns: shown },
  };
  return [
    ...keyColumns.flatMap(({ column, type }) =>
      exceededInKey(rules, type).map((limit) => {
        const path = column.sourcePath?.canonical ?? ofTable.path;
        const text = `has ${path} with ${counted(limit.count, 'letter')}, ${moreThanLimit(rules, limit)} in an index; give it a smaller maxLength, or leave it out of securableElements`;
        return limitFinding(rules, limit, { ...ofTable, path }, text);
      }),
    ),
    ...exceededByKey(rules, measured).map((limit) =>
      limitFinding(
        rules,
        limit,
        ofTable,
        `has ${counted(limit.count, 'column')}, ${moreThanLimit(rules, limit)}; secure the resource by fewer paths`,
      ),
    ),
    ...exceededByEntry(rules, measured).map((limit) => {
      const text = `(${shown.join(', ')}) may have values of ${counted(limit.count, 'byte')}, ${moreThanLimit(rules, limit, 'stores in an index')}; rows with longer values would be refused`;
      return limitFinding(rules, limit, ofTable, text);
    }),
  ];
}

/** Checks the number of indexes of a table, not counting the primary key. */
function indexCounts(rules: DialectRules, indexes: readonly DbIndex[], owners: Owners): Diagnostic[] {
  const counts = new Map<string, number>();
  for (const { kind, table } of indexes)
    if (kind !== 'PrimaryKey') counts.set(qualified(table), (counts.get(qualified(table)) ?? 0) + 1);
  return [...counts].flatMap(([name, count]) => {
    const owner = owners.get(name);
    if (!owner) return [];
    const { label, table } = owner;
    const place = {
      label,
      path: table.jsonScope.canonical,
      subject: `the table ${name}`,
      facts: { table: table.table.name },
    };
    return exceeded(rules, 'tableIndexes', count).map((limit) =>
      limitFinding(
        rules,
        limit,
        place,
        `has ${counted(count, 'index', 'indexes')}, ${moreThanLimit(rules, limit)}; name fewer uniqueness constraints`,
      ),
    );
  });
}

/** Checks the columns and rows of a tracked-change table, which has two columns for each value (design 15a §4). */
function trackedFindings(rules: DialectRules, tracked: TrackedChangeTable, owners: Owners): Diagnostic[] {
  const owner = owners.get(qualified(tracked.sourceTable));
  const name = qualified(tracked.table);
  const place: LimitPlace = {
    label: owner?.label ?? name,
    path: '$',
    subject: `the table of tracked changes ${name}`,
    facts: { table: tracked.table.name },
  };
  const uuid: ScalarType = { kind: 'String', maxLength: uuidLength, decimal: null };
  const types = [
    ...tracked.valueColumns.flatMap(({ scalarType }) => [scalarType, scalarType]),
    ...tracked.systemColumns.map(({ scalarType }) => scalarType ?? uuid),
  ];
  return [...exceeded(rules, 'tableColumns', types.length), ...exceededByRow(rules, types)].map((limit) => {
    const text = `has ${limit.count} ${engineLimits[limit.limit].what}, ${moreThanLimit(rules, limit)}; name fewer values in the identity`;
    return limitFinding(rules, limit, place, text);
  });
}

/** The length of a text that takes 16 bytes, like a uuid, for which there is no scalar type. */
const uuidLength = 8;

/** Warns of identity changes that nest triggers too deeply. */
function nestingWarnings(
  rules: DialectRules,
  model: RelationalModelSet,
  inventory: Inventory,
  owners: Owners,
): Diagnostic[] {
  const deepest = deepestTriggers(model, inventory);
  const owner = deepest && owners.get(deepest.start);
  if (!owner) return [];
  const place: LimitPlace = {
    label: owner.label,
    path: '$',
    subject: 'a new identity',
    facts: { tables: deepest.tables },
  };
  return exceeded(rules, 'triggerNesting', deepest.levels).map((limit) => {
    const text = `may fire triggers in ${counted(limit.count, 'level')} (${deepest.tables.join(', ')}), ${moreThanLimit(rules, limit)}; it would then be refused`;
    return limitFinding(rules, limit, place, text);
  });
}

/**
 * The indexes, tables and triggers of an inventory that an engine cannot create, `TABLE_LIMIT_EXCEEDED`, or may refuse
 * to fill, `TABLE_LIMIT_POSSIBLE` (design 02 §19).
 */
export function inventoryFindings(model: RelationalModelSet, inventory: Inventory): InventoryFindings {
  const rules = dialectRules[inventory.dialect];
  const owners = findOwners(model);
  const all = [
    ...inventory.indexes.flatMap((index) => {
      const owner = owners.get(qualified(index.table));
      return owner ? indexFindings(rules, index, owner) : [];
    }),
    ...indexCounts(rules, inventory.indexes, owners),
    ...inventory.trackedChangeTables.flatMap((tracked) => trackedFindings(rules, tracked, owners)),
    ...nestingWarnings(rules, model, inventory, owners),
  ];
  const isError = ({ code }: Diagnostic) => code === 'TABLE_LIMIT_EXCEEDED';
  return { errors: all.filter(isError), warnings: all.filter((entry) => !isError(entry)) };
}

/** The longest chain of triggers that a new identity can fire. */
interface TriggerChain {
  /** The table of the first trigger. */
  readonly start: string;
  readonly levels: number;
  /** The tables on the chain; the triggers of each one write the next one. */
  readonly tables: readonly string[];
}

/** A step by which values of a table get into another one: a trigger, or a cascade of a foreign key. */
interface WayOfLimit {
  readonly from: string;
  readonly to: string;
  /**
   * Whether a trigger writes the table, so that its triggers fire one level deeper. A cascade belongs to the statement
   * that started it.
   */
  readonly isDeeper: boolean;
  readonly read: ReadonlySet<string>;
  readonly written: ReadonlySet<string>;
}

/** The stamp of a row writes the document, whose own triggers fire in turn. */
const levelsOfStamp = 2;

function findWays(model: RelationalModelSet, { triggers }: Inventory): WayOfLimit[] {
  const way = (
    from: DbTableName,
    to: DbTableName,
    isDeeper: boolean,
    read: readonly string[],
    written: readonly string[],
  ) => ({
    from: qualified(from),
    to: qualified(to),
    isDeeper,
    read: new Set(read),
    written: new Set(written),
  });
  const ofTriggers = triggers.flatMap((trigger) =>
    kindOfTrigger(trigger)
      .copies(trigger)
      .map(({ table, mappings }) => {
        const read = mappings.map(({ sourceColumn }) => sourceColumn);
        const written = mappings.map(({ targetColumn }) => targetColumn);
        return way(trigger.table, table, true, read, written);
      }),
  );
  if (ofTriggers.length === 0) return [];
  const cascades = modelIndex(model).allTables.flatMap(({ table }) =>
    table.constraints.flatMap((constraint): WayOfLimit[] =>
      constraint.kind === 'ForeignKey' && constraint.onUpdate === 'Cascade'
        ? // a document id never changes
          [
            way(
              constraint.targetTable,
              table.table,
              false,
              constraint.targetColumns.slice(1),
              constraint.columns.slice(1),
            ),
          ]
        : [],
    ),
  );
  return [...ofTriggers, ...cascades];
}

const isRead = (written: ReadonlySet<string>, read: ReadonlySet<string>) =>
  [...read].some((column) => written.has(column));

/**
 * The longest chain of triggers that write tables with their own triggers: those that propagate new identities and
 * those of abstract identity tables (design 05 §3), with the cascades between them. Each step must read columns that
 * the previous one has written. Undefined without such triggers. A step counts once in a chain, because a round that
 * changes nothing ends a circle (design 07 §9.4).
 */
function deepestTriggers(model: RelationalModelSet, inventory: Inventory): TriggerChain | undefined {
  const ways = findWays(model, inventory);
  const byTable = new Map<string, WayOfLimit[]>();
  for (const way of ways) byTable.set(way.from, [...(byTable.get(way.from) ?? []), way]);
  const chains = new Map<WayOfLimit, { readonly depth: number; readonly tables: readonly string[] }>();
  const open = new Set<WayOfLimit>();
  const longest = (way: WayOfLimit): { readonly depth: number; readonly tables: readonly string[] } => {
    const before = chains.get(way);
    if (before) return before;
    open.add(way);
    let best: { readonly depth: number; readonly tables: readonly string[] } = { depth: 0, tables: [] };
    for (const next of byTable.get(way.to) ?? []) {
      if (open.has(next) || !isRead(way.written, next.read)) continue;
      const found = longest(next);
      if (found.depth > best.depth) best = found;
    }
    open.delete(way);
    const own = way.isDeeper ? { depth: best.depth + 1, tables: [way.from, ...best.tables] } : best;
    chains.set(way, own);
    return own;
  };
  const [deepest] = ways
    .map((way) => ({ start: way.from, ...longest(way) }))
    .sort((one, other) => other.depth - one.depth || compareOrdinal(one.start, other.start));
  if (!deepest || deepest.depth === 0) return undefined;
  return { start: deepest.start, levels: 1 + deepest.depth + levelsOfStamp, tables: deepest.tables };
}
