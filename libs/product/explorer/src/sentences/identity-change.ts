import { resourceLabel } from '@dms/api-schema';
import type { ForeignKeyConstraint } from '@dms/model';
import type { PlainTrigger } from '../explored-set.ts';
import { type ExploredTable, type ModelLookup, ownerKey } from '../model-lookup.ts';

/** A column and the column that gets its value. */
interface ChangedPair {
  readonly source: string;
  readonly target: string;
}

/** How a change propagates from one table to another. */
type ChangeEdge =
  | {
      readonly kind: 'cascade' | 'covered' | 'refused';
      readonly key: ForeignKeyConstraint;
      readonly pairs: readonly ChangedPair[];
    }
  | { readonly kind: 'abstract' | 'fallback'; readonly trigger: PlainTrigger; readonly pairs: readonly ChangedPair[] };

/** A table that a change of identity reaches, and the steps from there. */
export interface ChangeNode {
  readonly table: ExploredTable;
  /** Null for the table where the change begins. */
  readonly edge: ChangeEdge | null;
  /** Triggers of the table that act on it. */
  readonly effects: readonly PlainTrigger[];
  /** Whether the identity of the documents in the table changes with it. */
  readonly changesIdentity: boolean;
  readonly children: readonly ChangeNode[];
  /** Whether another node shows the steps from this table. */
  readonly isShownElsewhere: boolean;
}

export interface IdentityChange {
  readonly root: ChangeNode;
  /** The tables whose rows are written, including the first one. */
  readonly tables: readonly ExploredTable[];
  /** Labels of the resources whose documents are written. */
  readonly resources: readonly string[];
  /** Labels of the resources whose referential ids are recomputed. */
  readonly referentialIds: readonly string[];
  /** Tables whose rows refuse the change while they refer to a changed row. */
  readonly refusingTables: readonly ExploredTable[];
}

/**
 * The stored columns whose change is a change of identity: for a root the columns of its triggers, for an abstract
 * table all columns with a path.
 */
function identityColumns({ owner, table, triggers }: ExploredTable): ReadonlySet<string> {
  if (owner.kind === 'abstract')
    return new Set(table.columns.filter(({ sourcePath }) => sourcePath !== null).map(({ name }) => name));
  const stamping = triggers.find(({ kind }) => kind === 'DocumentStamping');
  return new Set(stamping?.identityProjectionColumns ?? []);
}

function storedColumn({ columns }: ExploredTable, name: string): string {
  const storage = columns.get(name)?.storage;
  return storage?.kind === 'UnifiedAlias' ? storage.canonicalColumn : name;
}

interface ChangeStep {
  readonly edge: ChangeEdge;
  readonly to: ExploredTable;
}

/** The steps of a change of these columns from a table; `checked` keys propagate nothing, but must hold afterwards. */
function stepsFrom(
  lookup: ModelLookup,
  from: ExploredTable,
  changed: ReadonlySet<string>,
): {
  readonly moving: ChangeStep[];
  readonly checked: { readonly key: ForeignKeyConstraint; readonly to: ExploredTable; pairs: ChangedPair[] }[];
} {
  const moving: ChangeStep[] = [];
  const checked = [];
  for (const { from: receiver, key } of from.incoming) {
    const pairs = key.targetColumns.flatMap((target, index) => {
      const local = key.columns[index];
      return changed.has(target) && local !== undefined ? [{ source: `${target}`, target: `${local}` }] : [];
    });
    if (pairs.length === 0) continue;
    if (key.onUpdate === 'Cascade') moving.push({ edge: { kind: 'cascade', key, pairs }, to: receiver });
    else checked.push({ key, to: receiver, pairs });
  }
  for (const trigger of from.triggers) {
    const updates =
      trigger.kind === 'AbstractIdentityMaintenance'
        ? [{ kind: 'abstract' as const, table: trigger.targetTable, mappings: trigger.targetColumnMappings }]
        : trigger.kind === 'IdentityPropagationFallback'
          ? trigger.referrerUpdates.map(({ referrerTable, targetColumnMappings }) => {
              return { kind: 'fallback' as const, table: referrerTable, mappings: targetColumnMappings };
            })
          : [];
    for (const { kind, table, mappings } of updates) {
      const to = lookup.table(table);
      const pairs = mappings
        .filter(({ sourceColumn }) => changed.has(storedColumn(from, sourceColumn)))
        .map(({ sourceColumn, targetColumn }) => ({ source: `${sourceColumn}`, target: `${targetColumn}` }));
      if (to && pairs.length > 0) moving.push({ edge: { kind, trigger, pairs }, to });
    }
  }
  return { moving, checked };
}

/** The triggers of a table that react to a change of these columns. */
function effectsOn({ triggers }: ExploredTable, changed: ReadonlySet<string>): PlainTrigger[] {
  return triggers.filter((trigger) => {
    if (trigger.kind === 'DocumentStamping') return true;
    if (trigger.kind === 'AuthHierarchyMaintenance') {
      const { identityColumn, parentFks } = trigger.entity;
      const servesUpdates =
        trigger.triggerEvent === 'Update' || (trigger.triggerEvent === 'Insert' && parentFks.length === 0);
      const watched = [
        identityColumn,
        ...parentFks.map(({ denormalizedParentIdColumn }) => denormalizedParentIdColumn),
      ];
      return servesUpdates && watched.some((column) => changed.has(column));
    }
    return trigger.identityProjectionColumns.some((column) => changed.has(column));
  });
}

/**
 * All effects in the database of a change of the identity of documents in a root table: over cascading keys, triggers
 * and abstract identity tables (design 05 §7.6, 11). Keys that do not cascade refuse the change if no other key updates
 * their columns.
 */
export function identityChange(lookup: ModelLookup, start: ExploredTable): IdentityChange {
  const changed = new Map<ExploredTable, Set<string>>([[start, new Set(identityColumns(start))]]);
  const queue = [start];
  for (let table = queue.shift(); table; table = queue.shift()) {
    for (const { edge, to } of stepsFrom(lookup, table, changed.get(table) ?? new Set()).moving) {
      const known = changed.get(to) ?? new Set();
      const size = known.size;
      for (const { target } of edge.pairs) known.add(storedColumn(to, target));
      changed.set(to, known);
      if (known.size > size) queue.push(to);
    }
  }
  const shown = new Set<ExploredTable>();
  const refusingTables = new Set<ExploredTable>();
  const childrenOf = (table: ExploredTable, columns: ReadonlySet<string>): ChangeNode[] => {
    const { moving, checked } = stepsFrom(lookup, table, columns);
    const children = moving.map((step) => node(step.to, step.edge));
    for (const { key, to, pairs } of checked) {
      const moved = changed.get(to);
      const kind = pairs.every(({ target }) => moved?.has(target)) ? ('covered' as const) : ('refused' as const);
      if (kind === 'refused') refusingTables.add(to);
      children.push({ ...leaf, table: to, edge: { kind, key, pairs } });
    }
    return children;
  };
  const node = (table: ExploredTable, edge: ChangeEdge | null): ChangeNode => {
    const columns = changed.get(table) ?? new Set<string>();
    const isShownElsewhere = shown.has(table);
    shown.add(table);
    const projection = identityColumns(table);
    const children = isShownElsewhere ? [] : childrenOf(table, columns);
    return {
      table,
      edge,
      effects: effectsOn(table, columns),
      changesIdentity: table.isRoot && [...columns].some((column) => projection.has(column)),
      children,
      isShownElsewhere,
    };
  };
  const root = node(start, null);
  const tables = [...changed.keys()];
  const withNewIds = tables.filter((table) =>
    effectsOn(table, changed.get(table) ?? new Set()).some(({ kind }) => kind === 'ReferentialIdentityMaintenance'),
  );
  const labels = (entries: readonly ExploredTable[]) => [
    ...new Set(entries.map((entry) => resourceLabel(ownerKey(entry)))),
  ];
  return {
    root,
    tables,
    resources: labels(tables.filter(({ owner }) => owner.kind === 'resource')),
    referentialIds: labels(withNewIds),
    refusingTables: [...refusingTables],
  };
}

const leaf = { effects: [], changesIdentity: false, children: [], isShownElsewhere: false } as const;

/** All effects for a resource of any kind; null if it has no table. */
export function identityChangeOf(lookup: ModelLookup, label: string): IdentityChange | null {
  const resource = lookup.resourceByLabel.get(label);
  const [root] = resource ? lookup.tablesOf(resource) : [];
  return root ? identityChange(lookup, root) : null;
}
