import type { ColumnDefinition, ForeignKey, TableDefinition, Trigger } from '@dms/catalog';
import { fail } from '@dms/diagnostics';
import type { AuthEdOrgHierarchy, DbTrigger, DocumentStampingTrigger, TrackedChangeTable } from '@dms/inventory';
import type { SqlDialect } from '@dms/sql';

/** The tables of a definition by `schema.name`, for bodies that name columns of other tables. */
export type TableLookup = ReadonlyMap<string, TableDefinition>;

/** A foreign key that cascades on update, with the table that has it. */
interface Cascade {
  readonly receiver: TableDefinition;
  readonly key: ForeignKey;
}

/** A foreign key of a table below a root by which a document can refer to itself (design 16 §8.1). */
export interface OwnReference {
  readonly table: TableDefinition;
  readonly key: ForeignKey;
  /** The column with the document id of a row. */
  readonly documentColumn: string;
}

/** The facts about the database that every body may use. */
export interface BodyScope {
  readonly dialect: SqlDialect;
  readonly tables: TableLookup;
  /** The cascading keys by the `schema.name` that they reference. */
  readonly cascades: ReadonlyMap<string, readonly Cascade[]>;
  /**
   * The keys by which a document can refer to itself and that its trigger defers, by the `schema.name` that they
   * reference.
   */
  readonly ownReferences: ReadonlyMap<string, readonly OwnReference[]>;
  readonly hierarchy: AuthEdOrgHierarchy | null;
  /** Tracked-change tables by `schema.name`. */
  readonly trackedChangeTables: ReadonlyMap<string, TrackedChangeTable>;
}

/** A trigger of the inventory with its table and the events that its body handles. */
export interface TriggerSource<Entry extends DbTrigger = DbTrigger> extends BodyScope {
  readonly trigger: Entry;
  readonly table: TableDefinition;
  readonly events: Trigger['events'];
  /**
   * Whether the trigger runs for each row, and sees `OLD` and `NEW` instead of all rows of the statement (PostgreSQL).
   */
  readonly runsForRows: boolean;
}

export type StampingSource = TriggerSource<DocumentStampingTrigger>;

export function columnOf(table: TableDefinition, name: string): ColumnDefinition {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (!column) throw new Error(`${table.schema}.${table.name} has no column ${name}`);
  return column;
}

/** The only key column of a stamping trigger; throws `DDL_STAMP_KEY` if there is not exactly one (design 07 §9.1). */
export function stampKey({ trigger }: TriggerSource): string {
  const [key, ...others] = trigger.keyColumns;
  if (key !== undefined && others.length === 0) return key;
  const text = `The stamping trigger ${trigger.name} has ${trigger.keyColumns.length} key columns instead of one.`;
  return fail('DDL_STAMP_KEY', text, {}, { trigger: trigger.name, count: trigger.keyColumns.length });
}
