import type { Connection } from '@dms/databases';
import type { DocumentPlans } from '@dms/documents';
import type { Dialect, PlainSql } from '@dms/sql';
import type { ComparedSet } from '@dms/upgrade';
import type { JsonObject } from '@dms/values';
import type { BehaviourSession } from './behaviour/behaviour-session.ts';
import type { CoreRules } from './behaviour/core-checks.ts';
import type { ComputedRows } from './behaviour/referential-ids.ts';
import type { ResourceRules } from './behaviour/resource-behaviour.ts';

/** Rows that a second run of the script must not change. */
interface KeptRows {
  readonly table: { readonly schema: string; readonly name: string };
  readonly columns: readonly string[];
}

/**
 * A database that a script must refuse: the statements that make it from the script's own database, and a name that the
 * message must contain.
 */
export interface RefusedDatabase {
  readonly what: string;
  statements(dialect: Dialect): readonly PlainSql[];
  readonly names: string;
}

/** A document that was written. */
interface WrittenDocument {
  readonly resource: string;
  readonly document: JsonObject;
  readonly uuid: string;
}

export interface ProbeFailure {
  readonly resource: string;
  readonly found: string;
}

/**
 * Seeks the documents, all of which are in the database, by their identities, and tries identities that no document
 * may have. Changes nothing.
 */
export type ProbeCheck = (
  connection: Connection,
  plans: DocumentPlans,
  documents: readonly WrittenDocument[],
) => Promise<readonly ProbeFailure[]>;

/** The rules of one generation for the resources of design 09b §2.3, and for the comparisons of 09c §4 and 12 §1. */
export interface VerificationGeneration {
  readonly core: CoreRules;
  readonly resources: ResourceRules;
  readonly keptRows: readonly KeptRows[];
  /**
   * Statements that enable features that are off in a new database, so that documents leave rows in every core table.
   */
  fillingStatements(session: BehaviourSession): readonly PlainSql[];
  /** Databases that the script must refuse, in addition to a database of another schema set. */
  readonly refusedDatabases: readonly RefusedDatabase[];
  /** The rows of identity tables that triggers maintain; an upgrade must leave them as if recomputed. */
  computedIdentities(set: ComparedSet): readonly ComputedRows[];
  /** The expected referential id of a document that is read; null if it is not stored. */
  storedId(referentialId: string): string | null;
  /** Tries the probes of natural keys; null where documents are found by their referential ids. */
  readonly probes: ProbeCheck | null;
}
