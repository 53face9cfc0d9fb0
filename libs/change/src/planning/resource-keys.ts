import { resourceLabel } from '@dms/api-schema';
import type { CatalogTable, Fingerprint } from '@dms/catalog';
import { core, qualified } from '@dms/model';
import { coreOwner } from '../matching/table-pairs.ts';
import type { Change } from './change.ts';
import { hindering } from './compare-keys.ts';
import type { Comparison } from './comparison.ts';

type ResourceKeyRow = Fingerprint['resourceKeys'][number];

/** What becomes of the rows of `dms.ResourceKey` (design 12 §3.4). */
export interface ResourceKeyPlan {
  /** Ids that change, by the old one. */
  readonly moves: readonly (readonly [from: number, to: number])[];
  /** Ids of resources that no longer exist. */
  readonly removed: readonly number[];
  /** Rows whose ids later belong to another resource or to none, and rows of renamed resources. */
  readonly deleted: readonly number[];
  /** New versions of the rows that stay, with their ids. */
  readonly reversioned: readonly { readonly version: string; readonly ids: readonly number[] }[];
  /** Rows that do not exist yet. */
  readonly inserted: readonly ResourceKeyRow[];
  /** Whether a row stays under its id and gets the name of its resource in the later set. */
  readonly isRenamed: boolean;
  /** Columns that hold ids, in tables that both sets have, with the uniques that they are part of. */
  readonly holders: readonly { readonly table: string; readonly column: string }[];
}

const keyTable = qualified(core.resourceKey);

const refersToKeys = ({ foreignKeys }: CatalogTable) =>
  foreignKeys.filter(({ target }) => `${target.schema}.${target.table}` === keyTable);

/** Finds the ids that change through the names of the resources. */
export function planResourceKeys({ before, after, renaming }: Comparison): {
  readonly resourceKeys: ResourceKeyPlan;
  readonly changes: readonly Change[];
} {
  const changes: Change[] = [];
  const now = new Map(after.info.resourceKeys.map((row) => [resourceLabel(row), row]));
  const then = new Map(before.info.resourceKeys.map((row) => [renaming.resource(resourceLabel(row)), row]));
  const renamed = new Set([...then].flatMap(([label, row]) => (label === resourceLabel(row) ? [] : [label])));
  const moves: [number, number][] = [];
  const removed: number[] = [];
  const deleted: number[] = [];
  const versions = new Map<string, number[]>();
  const holders = after.catalog.tables.flatMap((table) =>
    refersToKeys(table).flatMap(({ columns: [column = ''] }) => [{ table: qualified(table), column }]),
  );
  for (const [label, row] of then) {
    const later = now.get(label);
    if (!later) removed.push(row.id);
    else if (later.id !== row.id) {
      moves.push([row.id, later.id]);
      const change = { before: row.id, after: later.id, holders: holders.map(({ table }) => table) };
      changes.push({ kind: 'resource key', owner: coreOwner, path: [label], ...change });
    } else if (later.resourceVersion !== row.resourceVersion) {
      if (!renamed.has(label)) versions.set(later.resourceVersion, [...(versions.get(later.resourceVersion) ?? []), row.id]);
      const change = { before: row.resourceVersion, after: later.resourceVersion };
      changes.push({ kind: 'resource version', owner: coreOwner, path: [label], ...change });
    }
    if (later?.id !== row.id || renamed.has(label)) deleted.push(row.id);
  }
  const inserted = after.info.resourceKeys.filter((row) => {
    const label = resourceLabel(row);
    return then.get(label)?.id !== row.id || renamed.has(label);
  });
  const reversioned = [...versions].map(([version, ids]) => ({ version, ids }));
  const isRenamed = [...renamed].some((label) => then.get(label)?.id === now.get(label)?.id);
  return { resourceKeys: { moves, removed, deleted, reversioned, inserted, isRenamed, holders }, changes };
}

/**
 * The keys that would block a change of resource ids or names: foreign keys to `dms.ResourceKey` and, on an engine that checks them row by
 * row, unique constraints over ids that change.
 */
export function resourceKeyHindrances({ before, dialect }: Comparison, { moves, isRenamed }: ResourceKeyPlan): Set<string> {
  const names = new Set<string>();
  if (moves.length === 0 && !isRenamed) return names;
  for (const table of before.catalog.tables) {
    const keys = refersToKeys(table);
    for (const { name } of keys) names.add(hindering(qualified(table), name));
    if (keys.length === 0 || moves.length === 0 || !dialect.checksUniquesPerRow) continue;
    const columns = keys.flatMap((key) => key.columns);
    for (const unique of table.uniques)
      if (unique.columns.some((column) => columns.includes(column))) names.add(hindering(qualified(table), unique.name));
  }
  return names;
}
