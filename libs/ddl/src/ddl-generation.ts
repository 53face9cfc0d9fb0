import type { OwnerRole } from '@dms/catalog';
import type { DbTableName } from '@dms/model';
import type { SqlDialect, SqlWriter } from '@dms/sql';
import type { GenerationBodies } from './body-renderer.ts';

/** The values that the checks before a script compare with the database. */
export interface Expectation {
  readonly effectiveSchemaHash: string;
  readonly ownerRole: OwnerRole | null;
}

/** The parts of a script that differ between generations, in each dialect. */
export interface GenerationScript {
  /** Refuses a database that the script is not made for, and disarms the session (design 06 §6.1, 16 §5.1). */
  guards(writer: SqlWriter, expectation: Expectation): void;
  /**
   * Drops triggers that earlier versions made under names that no statement of the script replaces (design 16 §6.3).
   */
  dropEarlierTriggers(writer: SqlWriter): void;
  /** The rows of core tables that have at most one row (design 16 §5.2). */
  seedSingletons(writer: SqlWriter): void;
}

/** A core table whose only row has 1 in its key column. */
export interface SingletonTable {
  readonly table: DbTableName;
  readonly keyColumn: string;
}

/** The headings of the phases that differ between generations (design 06 §2.2, 16 §3). */
export interface PhaseTitles {
  readonly guards: string;
  readonly functions: string;
  readonly seed: { readonly number: number; readonly title: string };
}

/** The rules of a generation for scripts and bodies. */
export interface DdlGeneration {
  readonly bodies: Readonly<Record<SqlDialect, GenerationBodies>>;
  readonly script: Readonly<Record<SqlDialect, GenerationScript>>;
  readonly titles: PhaseTitles;
  /** The tables besides `dms.EffectiveSchema` in which every complete database has a row (design 16 §5.2). */
  readonly singletonTables: readonly SingletonTable[];
}
