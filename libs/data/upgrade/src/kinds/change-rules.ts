import type { ChangeClass } from '@dms/catalog';
import type { PlainSql } from '@dms/sql';
import type { LossQuery, RowCheckQuery, RowQueries } from '../script/row-queries.ts';

/** The owner of a change, and its place: in the earlier set if something is removed, otherwise in the later set. */
export interface Place {
  /** `Project:Resource`, or `(core)`. */
  readonly owner: string;
  /** `schema.table` and the name inside it; for resources `Project:Resource`. */
  readonly path: readonly string[];
}

/** The state before and after, where a plan shows it. */
export interface Shown {
  readonly before?: string | number | undefined;
  readonly after?: string | number | undefined;
}

/** The objects that change. */
export type ChangedObject =
  | 'project'
  | 'resource'
  | 'resource key'
  | 'table'
  | 'column'
  | 'constraint'
  | 'index'
  | 'trigger'
  | 'view'
  | 'referential ids'
  | 'abstract identities'
  | 'hierarchy'
  | 'discriminator'
  | 'document rule';

/** A query about the rows of a table of the earlier set, `schema.name`. */
export interface RowQuery {
  readonly table: string;
  readonly sql: PlainSql;
}

/** The queries of a change: for the rows that do not allow it, and for the size of its losses (design 12 §3.1). */
export interface ChangeQueries {
  readonly checks: readonly RowCheckQuery[];
  readonly losses: readonly LossQuery[];
}

export const noQueries: ChangeQueries = { checks: [], losses: [] };

export const checks = (...queries: readonly RowCheckQuery[]): ChangeQueries => ({ checks: queries, losses: [] });
export const losses = (...queries: readonly LossQuery[]): ChangeQueries => ({ checks: [], losses: queries });

/** The diagnostics of documents that break a rule. */
export interface DocumentRule {
  readonly code: 'DOCUMENT_SCHEMA_VIOLATED' | 'DOCUMENT_EQUALITY_VIOLATED' | 'DOCUMENT_DUPLICATE_ELEMENT';
  /** Paths in documents of the later set, with `[*]` for every position. */
  readonly paths: readonly string[];
  /**
   * The keywords that the diagnostics name at these paths; null if they may name any keyword, at the paths or inside
   * them.
   */
  readonly keywords: readonly string[] | null;
}

/** A rule, and the resource whose documents may break it, `Project:Resource` in the earlier set. */
export interface CheckedRule {
  readonly resource: string;
  readonly rule: DocumentRule;
}

/** All facts about one kind of change except its statements, which are in the same file. */
export interface ChangeRules<Change> {
  readonly object: ChangedObject;
  readonly class: ChangeClass | ((change: Change) => ChangeClass);
  readonly queries?: (change: Change, queries: RowQueries) => ChangeQueries;
  /** The rule that documents of a resource of the earlier set may break; they are read and checked. */
  readonly documents?: (change: Change) => CheckedRule;
  /** The words for the change in a plan; by default its kind. */
  readonly words?: string;
  /** Why the change cannot be made as it is. */
  readonly reason?: (change: Change) => string | undefined;
  /** A description of the rows that do not allow the change, if no user can change them. */
  readonly fixedRows?: (change: Change) => string | undefined;
}

/** The changes of a union that may have a kind. */
export type OfKind<Change extends { readonly kind: string }, Kind extends string> = Change extends unknown
  ? Kind extends Change['kind']
    ? Change
    : never
  : never;

/** The rules of every kind of a union of changes. */
export type RulesOf<Change extends { readonly kind: string }> = {
  readonly [Kind in Change['kind']]: ChangeRules<OfKind<Change, Kind>>;
};

/** Receives the changes that a comparison finds. */
export interface Sink<Change> {
  push(change: Change): unknown;
}

/** A change that cannot be made because the new values cannot be computed. */
export interface Impossible {
  readonly reason: string;
}

export const impossible = <Object extends ChangedObject>(object: Object) =>
  ({ object, class: 'impossible', reason: ({ reason }: Impossible) => reason }) as const;
