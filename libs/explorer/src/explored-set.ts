import type { CatalogTable } from '@dms/catalog';
import type { SqlDialect } from '@dms/sql';
import type { SchemaImpact } from '@dms/upgrade';
import type { ExploredOdsTable } from './ods-lookup.ts';
import type { ExploredModel, Inventory } from './plain-artifacts.ts';

/** The page's data about a mapping set in one dialect: its artifacts unchanged, without texts of statements. */
export interface ExploredSet {
  readonly dialect: SqlDialect;
  readonly effectiveSchemaHash: string;
  readonly relationalMappingVersion: string;
  readonly model: ExploredModel;
  readonly inventory: Inventory;
  /** The tables that belong to no resource: the tables of `dms`, the hierarchy, and the tables of tracked changes. */
  readonly coreTables: readonly CatalogTable[];
  /** The impact of the change from an earlier set; null if there is nothing to compare with. */
  readonly impact: SchemaImpact | null;
  /** The tables of an ODS; null where the mapping was not derived. */
  readonly odsTables: readonly ExploredOdsTable[] | null;
}

/** A statement of the script, or the few statements of one trigger. */
export interface ObjectStatement {
  readonly kind: 'table' | 'constraint' | 'foreignKey' | 'index' | 'trigger' | 'view';
  readonly name: string;
  readonly text: string;
}

/** The statements that write and read the rows of a table; null if there are none (design 08 §6, §7). */
export interface TablePlans {
  readonly insert: string;
  readonly update: string | null;
  readonly delete: string | null;
  readonly read: string;
}

/** All SQL that concerns one table or view. */
export interface TableTexts {
  readonly schema: string;
  readonly name: string;
  readonly statements: readonly ObjectStatement[];
  readonly plans: TablePlans | null;
}
