import type { CatalogTable, SchemaImpact } from '@dms/catalog';
import type { SqlDialect } from '@dms/sql';
import type { ExploredModel, Inventory } from './plain-artifacts.ts';

/** What the page knows of a mapping set in one dialect: its artifacts as they are, without texts of statements. */
export interface ExploredSet {
  readonly dialect: SqlDialect;
  readonly effectiveSchemaHash: string;
  readonly relationalMappingVersion: string;
  readonly model: ExploredModel;
  readonly inventory: Inventory;
  /** The tables that no resource has: those of `dms`, that of the hierarchy, and those of tracked changes. */
  readonly coreTables: readonly CatalogTable[];
  /** What the change from an earlier set does; null when there is nothing to compare with. */
  readonly impact: SchemaImpact | null;
}

/** A statement of the script, or the few that belong to one trigger. */
export interface ObjectStatement {
  readonly kind: 'table' | 'constraint' | 'foreignKey' | 'index' | 'trigger' | 'view';
  readonly name: string;
  readonly text: string;
}

/** The statements that write and read the rows of a table; null where there is none (design 08 §6, §7). */
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
