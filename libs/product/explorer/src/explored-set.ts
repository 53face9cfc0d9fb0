import type { JsonPath } from '@dms/api-schema';
import type { CatalogTable } from '@dms/catalog';
import type * as inventory from '@dms/inventory';
import type * as model from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { SchemaImpact } from '@dms/upgrade';
import type { ExploredEarlierTable } from './earlier-lookup.ts';
import type { ExploredOdsTable } from './ods-lookup.ts';

/** The page's data about a mapping set in one dialect: its artifacts unchanged, without texts of statements. */
export interface ExploredSet {
  readonly dialect: SqlDialect;
  readonly effectiveSchemaHash: string;
  readonly relationalMappingVersion: string;
  readonly model: ExploredModel;
  readonly inventory: PlainInventory;
  /** The tables that belong to no resource: the tables of `dms`, the hierarchy, and the tables of tracked changes. */
  readonly coreTables: readonly CatalogTable[];
  /** The impact of the change from an earlier set; null if there is nothing to compare with. */
  readonly impact: SchemaImpact | null;
  /** The tables of an ODS; null if the mapping was not derived. */
  readonly odsTables: readonly ExploredOdsTable[] | null;
  /** The tables of the ODS of an earlier version; null on a page without one. */
  readonly earlierTables: readonly ExploredEarlierTable[] | null;
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

/** A value in the form of a file: JSON paths are texts. */
type Plain<Value> = Value extends string
  ? Value
  : Value extends JsonPath
    ? string
    : Value extends readonly (infer Item)[]
      ? readonly Plain<Item>[]
      : Value extends object
        ? { readonly [Name in keyof Value]: Plain<Value[Name]> }
        : Value;

/** Converts a value to the form of a file. */
export function plain<Value>(value: Value): Plain<Value> {
  return JSON.parse(JSON.stringify(value)) as Plain<Value>;
}

export type PlainIdentityTable = Plain<model.AbstractIdentityTable>;
export type PlainUnionView = Plain<model.AbstractUnionView>;
export type PlainColumn = Plain<model.Column>;
export type PlainDescriptorEdge = Plain<model.DescriptorEdgeSource>;
export type PlainReference = Plain<model.DocumentReferenceBinding>;
export type PlainResource = Plain<model.ResourceModel>;
export type PlainTable = Plain<model.Table>;
export type PlainIndex = Plain<inventory.DbIndex>;
export type PlainTrigger = Plain<inventory.DbTrigger>;
export type PlainTrackedTable = Plain<inventory.TrackedChangeTable>;
type PlainInventory = Plain<inventory.Inventory>;
/** The model without its list of resource keys, because each resource has its key. */
type ExploredModel = Plain<Omit<model.RelationalModelSet, 'effectiveSchema'>>;
