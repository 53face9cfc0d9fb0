import type { CatalogColumn } from '@dms/catalog';
import type { DialectRules, QualifiedName, SqlDialect } from '@dms/sql';
import type { StatementKind } from '../hazards/statement-effect.ts';
import type { Conversion } from '../matching/value.ts';

/** Changes to the columns of a table that happen together, after the values have been moved. */
export interface ColumnChanges {
  readonly drops: readonly string[];
  /** Columns in their later form, with the properties that change. */
  readonly changes: readonly {
    readonly column: CatalogColumn;
    /** The earlier state of the column; null if it was added. */
    readonly before: CatalogColumn | null;
    readonly type: boolean;
    readonly nullability: boolean;
    readonly default: boolean;
    /** The name of its default at that point; null where it has none. */
    readonly defaultName: string | null;
    /** The default as the dialect writes it, constraint name included; null where there is none. */
    readonly defaultText: string | null;
  }[];
  readonly adds: readonly ComputedColumn[];
}

export interface ComputedColumn {
  readonly name: string;
  /** As ADD writes it. */
  readonly clause: string;
}

/** A statement about the columns of a table, with each kind of its effects and the affected columns. */
export interface ColumnStatement {
  readonly sql: string;
  readonly does: readonly { readonly kind: StatementKind; readonly columns: readonly string[] }[];
}

/** New values for columns in all rows of a table; the values use the table alias `t`. */
interface Assignment {
  readonly column: string;
  readonly value: string;
}

/** The query of a check, as a script runs it. */
export interface ScriptCheck {
  readonly id: string;
  readonly text: string;
  readonly sql: string;
}

/** The parts of an upgrade that differ between the engines; every entry of a list is a statement (design 12 §5). */
export interface UpgradeDialect {
  readonly name: SqlDialect;
  readonly rules: DialectRules;
  /** Whether generated columns and views follow the new name of a column that they use. */
  readonly dependentsFollowRenames: boolean;
  /** Whether keys and indexes prevent a change of nullability too. */
  readonly keysHinderNullability: boolean;
  /** Whether a unique constraint is checked row by row while a statement runs. */
  readonly checksUniquesPerRow: boolean;
  /** Whether rows with NULL in a unique constraint are equal to each other. */
  readonly nullsAreEqual: boolean;
  /** The scope in which the name of an index must be unique; the name of a constraint must be unique in its schema. */
  readonly indexNamesAreAloneIn: 'schema' | 'table';
  /** How to run the script without this tool. */
  readonly scriptHint: string;
  /** The lines that end a batch. */
  readonly batchEnd: readonly string[];
  /** The lines of the first batch, where a script opens its own transaction. */
  readonly opening: readonly string[];
  /**
   * The text before every other batch, for clients that continue after an error; null if no client of the engine does.
   */
  readonly guard: string | null;
  /**
   * A statement as a batch of the script. If it names columns that the upgrade removes, the batch can be compiled after
   * the upgrade, too: a session that executes nothing still compiles every batch.
   */
  batch(sql: string): string;
  preflight(before: string, after: string): string;
  /** Refuses if a check finds rows, and reports how much is lost. */
  checks(checks: readonly ScriptCheck[], losses: readonly ScriptCheck[]): string;
  /** The statements that must run before constraints are added. */
  settle(): readonly string[];
  /** The end of the script, with the statements that write the fingerprint. */
  end(fingerprint: readonly string[]): readonly string[];
  dropTrigger(table: QualifiedName, name: string): string;
  dropFunction(name: QualifiedName): string;
  dropView(view: QualifiedName): string;
  dropConstraint(table: QualifiedName, name: string): string;
  dropIndex(table: QualifiedName, name: string): string;
  dropTable(table: QualifiedName): string;
  dropSchema(name: string): string;
  /** Drops columns together, dependents before the columns that they use. */
  dropColumns(table: QualifiedName, names: readonly string[], defaults: readonly string[]): readonly ColumnStatement[];
  addColumns(table: QualifiedName, columns: readonly string[]): string;
  update(table: QualifiedName, assignments: readonly Assignment[]): string;
  changeColumns(table: QualifiedName, changes: ColumnChanges): readonly ColumnStatement[];
  moveTable(table: QualifiedName, schema: string): string;
  renameTable(table: QualifiedName, name: string): string;
  renameColumn(table: QualifiedName, from: string, to: string): string;
  renameConstraint(table: QualifiedName, from: string, to: string): string;
  renameIndex(table: QualifiedName, from: string, to: string): string;
  /** Gives rows other resource key ids; each row changes once. */
  moveResourceKeys(
    table: QualifiedName,
    column: string,
    moves: readonly (readonly [from: number, to: number])[],
  ): string;
  /** The length of a text, in the unit that its type counts. */
  textLength(value: string): string;
  /** A value in a type of another family, as documents write it. */
  convert(conversion: Conversion, value: string): string;
  /** Whether two values differ; NULL counts as a value. */
  differ(left: string, right: string): string;
  /**
   * Queries for the number of rows of `check`, and for the first of their documents; a condition on the rows, as `o`,
   * goes before `order`.
   */
  found(check: string): { readonly count: string; readonly first: string; readonly order: string };
}
