import type { DroppedAgain, OthersRead } from '@dms/databases';
import type { Dialect, PlainLines, PlainSql, SqlDialect } from '@dms/sql';
import type { PlanPurpose } from '../history/history-text.ts';
import type { Conversion } from '../matching/value.ts';
import type { UpgradeSide } from '../plan/upgrade-side.ts';

/** The query of a check, as a script runs it. */
export interface ScriptedCheck {
  readonly id: string;
  readonly text: string;
  readonly sql: PlainSql;
}

/** What a script drops and makes again. */
interface LostByScript {
  readonly purpose: PlanPurpose;
  readonly dropped: readonly DroppedAgain[];
  readonly again: readonly OthersRead[];
}

/** The frame of a script, and the expressions of queries, as an engine has them (design 12 §5). */
export interface UpgradeDialect {
  readonly name: SqlDialect;
  readonly rules: Dialect;
  /** Whether generated columns and views follow the new name of a column that they use. */
  readonly dependentsFollowRenames: boolean;
  /** Whether a view hinders changes of what it reads, and changes of its columns, so that it is dropped first. */
  readonly viewsHinderChanges: boolean;
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
   * A statement as a batch of the script. A query or a data statement names columns that the upgrade may remove, so its
   * batch can be compiled after the upgrade too: a session that executes nothing still compiles every batch.
   */
  batch(statement: { readonly sql: PlainSql; readonly isOnRows: boolean }): PlainSql;
  /**
   * Lets a script go on only in a database of the earlier set, with the shape of its generation and, unless it is null,
   * the collation.
   */
  preflight(before: UpgradeSide, after: UpgradeSide, collation: string | null): PlainLines;
  /**
   * Refuses if others have something that the script would lose: it gives nothing back. Null where this is not asked.
   */
  readonly refuseLoss: ((plan: LostByScript) => PlainLines) | null;
  /** Refuses if a check finds rows, and reports how much is lost. */
  checks(checks: readonly ScriptedCheck[], losses: readonly ScriptedCheck[]): PlainLines;
  /** The batches at the end of the script, with the statements that write the fingerprint. */
  end<Text>(fingerprint: readonly Text[]): readonly (readonly (Text | string)[])[];
  /** The length of a text, in the unit that its type counts. */
  textLength(value: PlainSql): PlainSql;
  /** A value in a type of another family, as documents write it. */
  convert(conversion: Conversion, value: PlainSql): PlainSql;
  /**
   * Whether two values differ; NULL counts as a value. Checks are part of the hash of a plan, which prepared databases
   * hold, so that PostgreSQL keeps its form without parentheses.
   */
  differ(left: PlainSql, right: PlainSql): PlainSql;
  /**
   * Queries for the number of rows of `check`, and for the first of their documents; a condition on the rows, as `o`,
   * goes before `order`.
   */
  found(check: PlainSql): { readonly count: PlainSql; readonly first: PlainSql; readonly order: PlainSql };
}
