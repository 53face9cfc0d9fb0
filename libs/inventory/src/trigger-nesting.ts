import { compareOrdinal } from '@dms/files';
import { allTables, type DbTableName, qualified, type RelationalModelSet } from '@dms/model';
import type { Inventory } from './inventory.ts';

/** The longest chain of triggers that a new identity can fire. */
interface TriggerChain {
  /** The table of the first trigger. */
  readonly start: string;
  readonly levels: number;
  /** The tables whose triggers write the next one. */
  readonly tables: readonly string[];
}

/** A way on which the values of a table reach another: a trigger, or a cascade of a foreign key. */
interface Way {
  readonly from: string;
  readonly to: string;
  /**
   * A trigger writes the table: its triggers fire one level deeper. A cascade belongs to the statement that started it.
   */
  readonly isDeeper: boolean;
  readonly read: ReadonlySet<string>;
  readonly written: ReadonlySet<string>;
}

/** The stamp of a row writes the document, whose own triggers fire in turn. */
const levelsOfStamp = 2;

function findWays(model: RelationalModelSet, { triggers }: Inventory): Way[] {
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
  const mapped = (mappings: readonly { readonly sourceColumn: string; readonly targetColumn: string }[]) =>
    [mappings.map(({ sourceColumn }) => sourceColumn), mappings.map(({ targetColumn }) => targetColumn)] as const;
  const ofTriggers = triggers.flatMap((trigger): Way[] => {
    if (trigger.kind === 'AbstractIdentityMaintenance')
      return [way(trigger.table, trigger.targetTable, true, ...mapped(trigger.targetColumnMappings))];
    if (trigger.kind !== 'IdentityPropagationFallback') return [];
    return trigger.referrerUpdates.map(({ referrerTable, targetColumnMappings }) =>
      way(trigger.table, referrerTable, true, ...mapped(targetColumnMappings)),
    );
  });
  if (ofTriggers.length === 0) return [];
  const cascades = allTables(model).flatMap(({ table }) =>
    table.constraints.flatMap((constraint): Way[] =>
      constraint.kind === 'ForeignKey' && constraint.onUpdate === 'Cascade'
        ? // a document keeps its id
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
 * The longest chain of triggers that write tables with triggers of their own: those that propagate new identities and
 * those of abstract identity tables (design 05 §3), over the cascades between them, as far as each reads what the one
 * before has written. Undefined without such triggers. A way counts once in a chain, because a round that changes
 * nothing ends a circle (design 07 §9.4).
 */
export function deepestTriggers(model: RelationalModelSet, inventory: Inventory): TriggerChain | undefined {
  const ways = findWays(model, inventory);
  const byTable = new Map<string, Way[]>();
  for (const way of ways) byTable.set(way.from, [...(byTable.get(way.from) ?? []), way]);
  const known = new Map<Way, { readonly depth: number; readonly tables: readonly string[] }>();
  const open = new Set<Way>();
  const longest = (way: Way): { readonly depth: number; readonly tables: readonly string[] } => {
    const before = known.get(way);
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
    known.set(way, own);
    return own;
  };
  const [deepest] = ways
    .map((way) => ({ start: way.from, ...longest(way) }))
    .sort((one, other) => other.depth - one.depth || compareOrdinal(one.start, other.start));
  if (!deepest || deepest.depth === 0) return undefined;
  return { start: deepest.start, levels: 1 + deepest.depth + levelsOfStamp, tables: deepest.tables };
}
