import type { ComparedSet } from '@dms/upgrade';
import type { BehaviourSession } from './behaviour/behaviour-session.ts';
import type { CoreRules } from './behaviour/core-checks.ts';
import type { ComputedRows } from './behaviour/referential-ids.ts';
import type { ResourceRules } from './behaviour/resource-behaviour.ts';
import type { DocumentCheck } from './derived-rows/data-finding.ts';

/** Rows that no second run of a script may change. */
interface KeptRows {
  readonly table: { readonly schema: string; readonly name: string };
  readonly columns: readonly string[];
}

/** A database that a script must refuse: how to make it from its own, and what the message must name. */
export interface RefusedDatabase {
  readonly what: string;
  /** As the dialect quotes names. */
  statements(
    table: (name: { readonly schema: string; readonly name: string }) => string,
    quote: (name: string) => string,
  ): readonly string[];
  readonly names: string;
}

/** The second half of design 09 §7.3, and what §7.6 and 12 §1 compare, for one generation. */
export interface VerificationGeneration {
  readonly core: CoreRules;
  readonly resources: ResourceRules;
  readonly keptRows: readonly KeptRows[];
  /** Turns on what is off in a new database, so that documents leave rows in every core table. */
  fillingStatements(session: BehaviourSession): readonly string[];
  /** In addition to a database of another schema set. */
  readonly refusedDatabases: readonly RefusedDatabase[];
  /** In the order in which they are repaired: a check may rely on what an earlier one has repaired. */
  readonly documentChecks: readonly DocumentCheck[];
  /** The rows of identities alone that triggers keep, which an upgrade must leave as if computed again. */
  computedIdentities(set: ComparedSet): readonly ComputedRows[];
  /** The referential id with which a document is read; null if it is not stored. */
  storedId(referentialId: string): string | null;
}
