import type { BehaviourSession } from './behaviour/behaviour-session.ts';
import type { CoreRules } from './behaviour/core-checks.ts';
import type { ResourceRules } from './behaviour/resource-behaviour.ts';

/** Rows that no second run of a script may change. */
export interface KeptRows {
  readonly table: { readonly schema: string; readonly name: string };
  readonly columns: readonly string[];
}

/** A database that a script must refuse: how to change a database that the script made, and what the refusal must name. */
export interface RefusedDatabase {
  readonly what: string;
  /** As the dialect quotes names. */
  statements(
    table: (name: { readonly schema: string; readonly name: string }) => string,
    quote: (name: string) => string,
  ): readonly string[];
  readonly names: string;
}

/** The second half of design 09 §7.3 for one generation. */
export interface VerificationGeneration {
  readonly core: CoreRules;
  readonly resources: ResourceRules;
  readonly keptRows: readonly KeptRows[];
  /** Turns on the features that are off in a new database, so that writing documents leaves rows in every core table. */
  fillingStatements(session: BehaviourSession): readonly string[];
  /** In addition to a database of another schema set. */
  readonly refusedDatabases: readonly RefusedDatabase[];
}
