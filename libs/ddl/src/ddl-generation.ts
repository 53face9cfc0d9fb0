import type { OwnerRole } from '@dms/catalog';
import type { DbTableName } from '@dms/model';
import type { SqlDialect, SqlWriter } from '@dms/sql';
import type { GenerationBodies } from './body-renderer.ts';

/** What the checks before a script compare the database with. */
export interface Expectation {
  readonly effectiveSchemaHash: string;
  readonly ownerRole: OwnerRole | null;
}

/** The parts of a script that a generation has of its own in each dialect. */
export interface GenerationScript {
  /** Refuses a database that the script is not for, and disarms the session (design 06 §6.1, 16 §5.1). */
  guards(writer: SqlWriter, expectation: Expectation): void;
  /** The rows of core tables that have no more than one (design 16 §5.2). */
  seedSingletons(writer: SqlWriter): void;
}

/** A core table whose one row has 1 in its key column. */
export interface SingletonTable {
  readonly table: DbTableName;
  readonly keyColumn: string;
}

/** The headings of the phases that generations call otherwise (design 06 §2.2, 16 §3). */
export interface PhaseTitles {
  readonly guards: string;
  readonly functions: string;
  readonly seed: { readonly number: number; readonly title: string };
}

/** What a generation of the mapping means for scripts and bodies. */
export interface DdlGeneration {
  readonly bodies: Readonly<Record<SqlDialect, GenerationBodies>>;
  readonly script: Readonly<Record<SqlDialect, GenerationScript>>;
  readonly titles: PhaseTitles;
  /** The tables that every complete database has a row in, besides `dms.EffectiveSchema` (design 16 §5.2). */
  readonly singletonTables: readonly SingletonTable[];
}
