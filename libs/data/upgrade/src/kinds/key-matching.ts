import type {
  CatalogKey,
  Check,
  ConstraintDefinition,
  ForeignKey,
  IndexDefinition,
  TableDefinition,
} from '@dms/catalog';
import { mustExist } from '@dms/model';
import { type Comparison, laterStorages, storageOf } from '../comparing/comparison.ts';
import { type TablePartKey, tablePartKey } from '../comparing/lookup-keys.ts';
import type { TableChange } from '../matching/table-change.ts';
import type { Value } from '../matching/value.ts';
import type { Place, Shown } from './change-rules.ts';

/** A key, check or index that is dropped, by its name and table in the earlier set. */
export interface DroppedKey {
  readonly kind: 'constraint' | 'foreignKey' | 'index';
  /** `schema.name`. */
  readonly table: string;
  readonly name: string;
  /** The tables and names of the later keys that replace it. */
  readonly replacedBy: readonly (readonly [table: string, name: string])[];
}

/** A key, check or index that stays but is renamed. */
export interface RenamedKey {
  readonly kind: 'constraint' | 'index';
  /** `schema.name` in the later set. */
  readonly table: string;
  readonly from: string;
  readonly to: string;
}

/** A key, check or index of the later set that is created. */
export type AddedKey =
  | { readonly kind: 'primaryKey'; readonly table: TableDefinition; readonly name: string }
  | { readonly kind: 'constraint'; readonly table: TableDefinition; readonly constraint: ConstraintDefinition }
  | { readonly kind: 'foreignKey'; readonly table: TableDefinition; readonly key: ForeignKey }
  | { readonly kind: 'index'; readonly table: TableDefinition; readonly index: IndexDefinition };

/** The plan for the keys, checks and indexes of tables that both sets have. */
export interface KeyPlan {
  readonly dropped: readonly DroppedKey[];
  /** Names that stay unchanged and that nothing else may take. */
  readonly kept: readonly RenamedKey[];
  readonly renamed: readonly RenamedKey[];
  readonly added: readonly AddedKey[];
}

/** A key, check or index that keeps its columns and gets another name. */
export interface KeyRenamed extends Place, Shown {
  readonly kind: 'constraint renamed' | 'index renamed';
}

/** Keys of the earlier set that must be dropped for a while in any case. */
type BlockingKeys = ReadonlySet<TablePartKey>;

/** The keys, checks and indexes of the tables that both sets have, while they are compared. */
export class KeyMatching {
  readonly dropped: DroppedKey[] = [];
  readonly kept: RenamedKey[] = [];
  readonly renamed: RenamedKey[] = [];
  readonly added: AddedKey[] = [];
  readonly comparison: Comparison;
  private readonly hinderingKeys: BlockingKeys;
  /**
   * Column sets of the dropped keys, by table of the earlier set. Foreign keys that refer to a dropped key must be
   * dropped too.
   */
  private readonly droppedTargets = new Map<string, Set<string>>();

  constructor(comparison: Comparison, hinderingKeys: BlockingKeys) {
    this.comparison = comparison;
    this.hinderingKeys = hinderingKeys;
  }

  /** Keeps a key under its name in the later set. */
  *keep(kind: RenamedKey['kind'], { pair }: TableChange, from: string, to: string): Generator<KeyRenamed> {
    const entry = { kind, table: pair.after.key, from, to };
    if (from === to) this.kept.push(entry);
    else {
      this.renamed.push(entry);
      yield { kind: `${kind} renamed`, owner: pair.after.owner, path: [pair.after.key, to], before: from, after: to };
    }
  }

  /** Drops a key; later keys of its table may replace it. */
  drop(kind: DroppedKey['kind'], { pair }: TableChange, name: string, replacing: readonly string[] = []): void {
    const replacedBy = replacing.map((later) => [pair.after.key, later] as const);
    this.dropped.push({ kind, table: pair.before.key, name, replacedBy });
  }

  /** Drops a key that foreign keys may refer to. */
  dropTarget(change: TableChange, { name, columns }: CatalogKey): void {
    this.drop('constraint', change, name);
    const { key } = change.pair.before;
    const targets = this.droppedTargets.get(key) ?? new Set<string>();
    this.droppedTargets.set(key, targets.add(asSet(columns)));
  }

  isDroppedTarget(table: string, columns: readonly string[]): boolean {
    return this.droppedTargets.get(table)?.has(asSet(columns)) ?? false;
  }

  isBlocking({ pair }: TableChange, name: string): boolean {
    return this.hinderingKeys.has(tablePartKey(pair.before.key, name));
  }

  /** For each column of the earlier set, the stored columns of the later one that hold the same values. */
  later(change: TableChange, columns: readonly string[]): Candidates {
    return columns.map((column) => laterStorages(change, column));
  }

  plan(): KeyPlan {
    const { dropped, kept, renamed, added } = this;
    return { dropped, kept, renamed, added };
  }
}

/**
 * Pairs the keys of both sets that are the same, those of one name first: `kept` has the earlier key of a later one;
 * `free` and `added` have no partner.
 */
export function sameKeys<Key extends { readonly name: string }>(
  earlier: readonly Key[],
  later: readonly Key[],
  isSame: (then: Key, now: Key) => boolean,
): { readonly kept: ReadonlyMap<Key, Key>; readonly free: readonly Key[]; readonly added: readonly Key[] } {
  const free = new Set(earlier);
  const kept = new Map<Key, Key>();
  for (const now of later) {
    const same = [...free].filter((then) => isSame(then, now));
    const then = same.find(({ name }) => name === now.name) ?? same[0];
    if (!then) continue;
    kept.set(now, then);
    free.delete(then);
  }
  return { kept, free: [...free], added: later.filter((now) => !kept.has(now)) };
}

/** The later name of a column that stays in place, unchanged; undefined for other columns. */
export const exactName = ({ kept, touched }: TableChange, column: string) =>
  touched.has(column) ? undefined : kept.get(column);

export function exactNames(change: TableChange, columns: readonly string[]): string[] | null {
  const names = columns.map((column) => exactName(change, column));
  return names.some((name) => name === undefined) ? null : (names as string[]);
}

export const sameList = (left: readonly string[] | null, right: readonly string[]) =>
  left !== null && left.length === right.length && left.every((entry, index) => entry === right[index]);

export const asSet = (names: readonly (string | null)[]) => JSON.stringify([...new Set(names)].sort());

/** For each column of a key of the earlier set, the columns of the later one that may replace it. */
export type Candidates = readonly (readonly string[])[];

/** The value of a column of a key as the key compares it: by the collation that the column gets. */
export function collatedAs({ pair, recollated }: TableChange, column: string, value: Value): Value {
  const stored = recollated.get(storageOf(pair.after, column));
  return stored === undefined ? value : { kind: 'collated', value, collation: stored.collation };
}

/** Whether every column of an earlier key is among those of a later one. */
export const isWithin = (then: Candidates, now: readonly string[]) =>
  then.every((names) => names.some((name) => now.includes(name)));

/** Whether an earlier key and a later one cover the same values. */
export const isSameSet = (then: Candidates, now: readonly string[]) =>
  isWithin(then, now) && now.every((name) => then.some((names) => names.includes(name)));

export const isLost = ({ dropped }: TableChange, columns: readonly string[]): boolean =>
  dropped.some((entry) => entry.isLost && columns.includes(entry.column.name));

/** The definition of a unique constraint or check of the later set. */
export function findConstraint({ pair: { after } }: TableChange, { name }: CatalogKey | Check): ConstraintDefinition {
  const { inlineConstraints, addedConstraints } = after.definition;
  const found = [...inlineConstraints, ...addedConstraints].find((entry) => entry.name === name);
  return mustExist(found, `the definition of ${after.key} ${name}`);
}
