import type { DatabaseDefinition } from '@dms/catalog';
import type { Place } from '../kinds/change-rules.ts';
import type { EarlierValues } from '../matching/earlier-values.ts';
import type { TableChange } from '../matching/table-change.ts';
import { modelColumn, type SideTable, type TableMatch } from '../matching/table-pairs.ts';
import type { Renaming } from '../renaming/renaming.ts';
import type { UpgradeDialect } from '../script/upgrade-dialect.ts';
import type { ComparedSet } from './compared-set.ts';

/** The parts of a comparison that all its steps may read. */
export interface Comparison {
  readonly before: ComparedSet;
  readonly after: ComparedSet;
  /** Maps the names of the earlier set to the names of the later one. */
  readonly renaming: Renaming;
  /** The database of the later set. */
  readonly definition: DatabaseDefinition;
  readonly dialect: UpgradeDialect;
  /** The collation of the database, where a column gets another one or loses its own; otherwise null. */
  readonly collation: string | null;
  readonly match: TableMatch;
  readonly values: EarlierValues;
  /** Changes of the tables of both sets, in the order of the later catalog. */
  readonly changes: readonly TableChange[];
  /** The same by `schema.name` of the earlier set. */
  readonly changesByBefore: ReadonlyMap<string, TableChange>;
  /** The same by `schema.name` of the later set. */
  readonly changesByAfter: ReadonlyMap<string, TableChange>;
  /** Whether the loss of an object is permitted. */
  readonly permits: (place: Pick<Place, 'owner' | 'path'>) => boolean;
}
/**
 * The stored columns of the later set that hold the values of a column of the earlier set: usually one; several if the
 * column was split; none if its values are lost.
 */
export function laterStorages({ pair }: TableChange, column: string): readonly string[] {
  const holders = new Map([...pair.after.roles].flatMap(([name, roles]) => roles.map((role) => [role, name] as const)));
  const found = (pair.before.roles.get(column) ?? []).flatMap((role) => {
    const holder = holders.get(role) ?? holders.get(role.replace(/^class /, ''));
    return holder === undefined ? [] : [storageOf(pair.after, holder)];
  });
  return [...new Set(found)];
}

/** The stored column behind a column. */
export function storageOf(side: SideTable, column: string): string {
  const storage = modelColumn(side, column)?.storage;
  return storage?.kind === 'UnifiedAlias' ? storage.canonicalColumn : column;
}
