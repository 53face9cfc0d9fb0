import type { CoreTrigger, OwnerRole, RoutineDefinition, TableDefinition, Trigger, ViewDefinition } from '@dms/catalog';
import type { DbTrigger, DocumentStampingTrigger } from '@dms/inventory';
import type { DbTableName, ScalarType } from '@dms/model';
import type { PlainLines, PlainSql, SqlDialect, SqlWriter } from '@dms/sql';
import type { TableLookup, TriggerSource } from './trigger-source.ts';

/**
 * The texts that a dialect writes for identity values, by kind of the value. The texts of times differ between
 * generations, and those of dates in PostgreSQL (design 07 §9.2, 16 §6.4).
 */
export interface IdentityTexts
  extends Readonly<Record<ScalarType['kind'], (value: PlainSql, type: ScalarType) => PlainSql>> {
  /** The lower-case URI of a descriptor. */
  readonly Descriptor: (id: PlainSql) => PlainSql;
}

/** The bodies of a dialect that differ between generations. */
export interface GenerationBodies {
  coreTrigger(trigger: CoreTrigger, events: Trigger['events']): PlainLines;
  documentStamping(source: TriggerSource<DocumentStampingTrigger>): PlainLines;
  /** Whether triggers propagate copies of identities where keys do not cascade (design 11 §3, 16 §8). */
  readonly propagatesIdentities: boolean;
  /**
   * The lines that return from the trigger if the update assigns none of the columns; empty in a generation or dialect
   * without this check (design 16 §6.2).
   */
  leaveUnwritten(columns: readonly string[]): PlainLines;
  /**
   * A function that is not the body of a trigger, in the form that the engine keeps when everything is installed
   * normally.
   */
  routine(kind: RoutineDefinition['kind']): PlainLines;
  readonly identityTexts: IdentityTexts;
}

/** The bodies of one kind of trigger in each dialect (design 07 §9). */
export type TriggerBodies<Entry extends DbTrigger> = Readonly<
  Record<SqlDialect, (source: TriggerSource<Entry>, generation: GenerationBodies) => PlainLines>
>;

/** Renders every body of a dialect (design 06 §5, 07 §7, §9). */
export interface BodyRenderer extends GenerationBodies {
  /** The part of a trigger with this body that the engine stores; its hash is in the catalog (design 09a §1.5). */
  triggerText(table: TableDefinition, events: Trigger['events'], body: PlainLines): PlainLines;
  view(view: ViewDefinition, tables: TableLookup): PlainLines;
}

/** The values that the checks before a script compare with the database. */
export interface Expectation {
  readonly effectiveSchemaHash: string;
  readonly ownerRole: OwnerRole | null;
}

/** The parts of a script that differ between generations, in each dialect. */
interface GenerationScript {
  /** Refuses a database of another schema set or state, and disarms the session (design 06 §6.1, 16 §5.1). */
  guards(writer: SqlWriter, expectation: Expectation): void;
  /** Drops triggers of earlier versions whose names no statement of the script replaces (design 16 §6.3). */
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
interface PhaseTitles {
  readonly guards: string;
  readonly functions: string;
}

/** The rules of a generation for scripts and bodies. */
export interface DdlGeneration {
  readonly bodies: Readonly<Record<SqlDialect, GenerationBodies>>;
  readonly script: Readonly<Record<SqlDialect, GenerationScript>>;
  readonly titles: PhaseTitles;
  /** The tables besides `dms.EffectiveSchema` in which every complete database has a row (design 16 §5.2). */
  readonly singletonTables: readonly SingletonTable[];
}
