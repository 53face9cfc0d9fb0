import { mustExist } from '@dms/model';
import type { Catalog, CatalogTable, Check, ForeignKey, Index, Key, Trigger } from '../catalog.ts';

/** How bad a difference between a database and its desired catalog is. */
export type Severity = 'error' | 'warning' | 'info';

/** Kinds of objects that can differ, in the order in which differences are listed (design 09 §4.1). */
export const objectKinds = [
  'schema',
  'extension',
  'sequence',
  'table',
  'column',
  'columnOrder',
  'primaryKey',
  'unique',
  'foreignKey',
  'check',
  'index',
  'trigger',
  'view',
  'function',
  'tableType',
  'role',
  'grant',
  'seed',
] as const;

export type ObjectKind = (typeof objectKinds)[number];

/** What is wrong with an object: it is missing, it differs, or it is not expected. */
export type ChangeKind = 'missing' | 'changed' | 'extra';

/** A value of a catalog, as JSON. */
export type CatalogValue =
  | string
  | number
  | boolean
  | null
  | readonly CatalogValue[]
  | { readonly [name: string]: CatalogValue };

/** `schema.name`, then the name of the part. */
export type ObjectPath = readonly [string, ...string[]];

/** The table of a part of it, and the name of the part. */
export function partPath([table, name]: ObjectPath): readonly [string, string] {
  return [table, mustExist(name, `the name of a part of ${table}`)];
}

/** One difference of a catalog from the expected one. */
export interface Difference {
  readonly object: ObjectKind;
  readonly path: ObjectPath;
  readonly change: ChangeKind;
  /** Only of a change. */
  readonly field?: string;
  readonly expected?: CatalogValue;
  readonly actual?: CatalogValue;
  readonly severity: Severity;
  /** The path of an object whose renaming would explain the difference. */
  readonly because?: string;
}

/** A missing and an extra object that may be the same. */
export interface RenameHint {
  readonly object: ObjectKind;
  readonly expected: ObjectPath;
  readonly actual: ObjectPath;
  /** 0 to 1, two decimals. */
  readonly score: number;
}

export interface CatalogDiff {
  readonly differences: readonly Difference[];
  readonly renames: readonly RenameHint[];
}

/**
 * `normal`: the expected catalog was made from a model, so bodies that only an engine knows are not compared.
 * `reference`: both were read from an engine (design 09 §4.1).
 */
export type DiffMode = 'normal' | 'reference';

/** Two catalogs of the same dialect. */
export interface CatalogPair {
  readonly expected: Catalog;
  readonly actual: Catalog;
}

/** Kinds that are parts of a table. */
export const tableParts = ['unique', 'foreignKey', 'check', 'index', 'trigger'] as const;
export type TablePart = (typeof tableParts)[number];

/** The parts of one kind. */
export function partsOf(table: CatalogTable, part: TablePart): readonly (Key | ForeignKey | Check | Index | Trigger)[] {
  switch (part) {
    case 'unique':
      return table.uniques;
    case 'foreignKey':
      return table.foreignKeys;
    case 'check':
      return table.checks;
    case 'index':
      return table.indexes;
    case 'trigger':
      return table.triggers;
  }
}
