import type { ChangeClass } from '@dms/catalog';
import type { DroppedAgain, LaterObjects, OthersRead } from '@dms/databases';
import { empty, type PlainSql, type SqlDialect } from '@dms/sql';
import type { PlanPurpose } from '../history/history-text.ts';
import type { DocumentRule } from '../kinds/change-rules.ts';
import type { AffectedRows, StatementEffect, TouchedObject } from '../ops/effect.ts';
import type { Preparation, PreparationStep, UpgradeStatement } from '../ops/statement.ts';
import type { Rename, Renaming } from '../renaming/renaming.ts';
import type { RowComplaint } from '../script/row-queries.ts';
import type { UpgradeTranslation } from '../translating/translation-in-place.ts';
import type { UpgradeSide } from './upgrade-side.ts';

/** The rows of the later set, as queries that a database of the earlier set answers. */
export interface LaterRows {
  /**
   * The query, in parentheses, for the rows that a table of a resource will have; `table` is its `schema.name` in the
   * later set.
   */
  relationOf(table: string): PlainSql;
}

/** A change, with its owner and its place. */
export interface UpgradeItem {
  readonly class: ChangeClass;
  /** `column added`, `string longer`. */
  readonly change: string;
  /** `Project:Resource`, for a table of an extension with the project that declares it; or `(core)`. */
  readonly owner: string;
  /** The resource whose documents have it: `Project:Resource`, or `(core)`. */
  readonly resource: string;
  /** `schema.table` and the name inside it; for resources `Project:Resource`. */
  readonly path: readonly string[];
  readonly before?: string | number | undefined;
  readonly after?: string | number | undefined;
  /** Why it cannot be done. */
  readonly reason?: string | undefined;
  /** A description of the rows that do not allow it, if no user can change them. */
  readonly fixedRows?: string | undefined;
  /** Its effects on the server (design 12a §2). */
  readonly effects: readonly StatementEffect[];
}

/** A query about the rows of a database, for an item. */
export interface UpgradeQuery {
  readonly id: string;
  /** Position in the list of items, counted from 0. */
  readonly item: number;
  readonly sql: PlainSql;
}

/**
 * A query for the rows that do not allow a change: one row per offending row, with the uuid of its document where it
 * has one.
 */
export interface UpgradeCheck extends UpgradeQuery {
  /** `schema.name`, in the earlier set, of the table whose rows are looked at. */
  readonly table: string;
  /** Its columns whose values are wrong. */
  readonly columns: readonly string[];
  readonly complaint: RowComplaint;
}

/** A query for the number of values or rows that a change loses. */
export interface UpgradeLoss extends UpgradeQuery {
  /** A query for the number of documents that have them; null if they belong to no documents. */
  readonly documents: PlainSql | null;
}

/**
 * Documents of a resource that are read and checked, because a rule of the later set may refuse some of them (design 12
 * §3.8).
 */
export interface DocumentsCheck {
  readonly id: string;
  /** `Project:Resource`, in the earlier and in the later set. */
  readonly resource: { readonly before: string; readonly after: string };
  /** Its rows in the table of all documents. */
  readonly rows: AffectedRows;
  /** `schema.name`, in the earlier set, of the tables that are read. */
  readonly tables: readonly string[];
  readonly rules: readonly { readonly item: number; readonly rule: DocumentRule }[];
  /** Whether documents that break a rule may stay as they are. */
  readonly isAllowed: boolean;
}

export interface UpgradePlan {
  readonly purpose: PlanPurpose;
  readonly dialect: SqlDialect;
  readonly before: UpgradeSide;
  readonly after: UpgradeSide;
  /** The collation that the database must have; null if any will do. */
  readonly collation: string | null;
  readonly verdict: ChangeClass;
  /**
   * SHA-256 of the effects of the plan; the history of a database names the plan by it. Null if the plan is impossible
   * or not permitted.
   */
  readonly hash: string | null;
  readonly allowedLosses: readonly string[];
  /** Maps the names of the earlier set to those of the later set, from the requested renames. */
  readonly renaming: Renaming;
  /** The translation that gives the new names; null without one. */
  readonly translation: UpgradeTranslation | null;
  /** Removed and new objects that may be renames. They are only proposed. */
  readonly candidates: readonly Rename[];
  /** Removed and new objects that may be the same at another place, which a plan cannot follow. */
  readonly moves: readonly Rename[];
  /** Losses without a permission. */
  readonly unpermitted: readonly UpgradeItem[];
  readonly items: readonly UpgradeItem[];
  readonly checks: readonly UpgradeCheck[];
  readonly losses: readonly UpgradeLoss[];
  /** Checks that no query can make; the script does not contain them. */
  readonly documentChecks: readonly DocumentsCheck[];
  /** The rows that the documents of the later set will have. */
  readonly laterRows: LaterRows;
  /**
   * The objects that the plan touches and the names that it needs, also when losses are not permitted; no object is
   * touched if the plan is impossible.
   */
  readonly objects: PlannedObjects;
  /** The later names of the tables of the earlier set and of their parts. */
  readonly laterNames: LaterObjects;
  /** What is dropped and made again, and the columns whose types change. */
  readonly dropped: readonly DroppedAgain[];
  /** The tables and views among them that keep their names. */
  readonly again: readonly OthersRead[];
  /** All statements between the preflight and the end; empty when the plan is impossible or not permitted. */
  readonly statements: readonly UpgradeStatement[];
  /** The statements if every loss were permitted, for reports; empty when the plan is impossible. */
  readonly intended: readonly UpgradeStatement[];
  /**
   * The file `upgrade.<dialect>.sql`; null if the plan is impossible or not permitted, or if a translation rewrites
   * documents.
   */
  readonly script: string | null;
  /** The line of the script, from 1, on which each statement begins; empty without a script. */
  readonly scriptLines: ReadonlyMap<UpgradeStatement, number>;
}

/** A namespace in which an engine keeps names: those of relations and types in a schema, those of parts in a table. */
export type NameSpace = 'relation' | 'type' | 'function' | 'column' | 'constraint' | 'index';

/** A name that the upgrade gives to an object, and that nothing of the earlier set has. */
export interface MadeName {
  readonly space: NameSpace;
  readonly schema: string;
  /** The earlier name of the table that holds the part; null for objects of a schema. */
  readonly table: string | null;
  readonly name: string;
  /** How many parameters a function takes; null for others. */
  readonly parameters: number | null;
  /** The object that gets the name: `table core.Room`. */
  readonly makes: string;
}

/** The effects of a plan on objects, whether or not its losses are permitted. */
export interface PlannedObjects {
  /** Each object once, in the order of the statements. */
  readonly touched: readonly TouchedObject[];
  readonly made: readonly MadeName[];
}

/** A statement of an upgrade that can be made before it. */
export interface PreparableStatement extends UpgradeStatement {
  readonly preparation: Preparation;
}

/**
 * The statements of a plan that can be made before the upgrade, in the order in which a preparation makes them. Foreign
 * keys come after the indexes with which the server finds their rows.
 */
export function preparableStatements({ statements }: Pick<UpgradePlan, 'statements'>): readonly PreparableStatement[] {
  const found = statements.filter(isPreparable);
  return [...found.filter((each) => !makesForeignKey(each)), ...found.filter(makesForeignKey)];
}

const isPreparable = (statement: UpgradeStatement): statement is PreparableStatement =>
  statement.preparation !== undefined;

const makesForeignKey = ({ preparation: { steps } }: PreparableStatement) =>
  steps.some(({ target }) => target !== null);

/** The steps of a preparation, in their order. */
export const preparationSteps = (plan: Pick<UpgradePlan, 'statements'>): readonly PreparationStep[] =>
  preparableStatements(plan).flatMap(({ preparation }) => preparation.steps);

/**
 * The statements of an upgrade after its preparation, with their numbers unchanged. A statement of which nothing is
 * left does nothing any more: it has no operations, no text and no effects.
 */
export function switchStatements({ statements }: Pick<UpgradePlan, 'statements'>): readonly UpgradeStatement[] {
  return statements.map((statement) => {
    if (!isPreparable(statement)) return statement;
    const { step, subject, isOnRows, preparation } = statement;
    return { step, subject, isOnRows, ...(preparation.rest ?? { ops: [], sql: empty, lines: [], effects: [] }) };
  });
}
