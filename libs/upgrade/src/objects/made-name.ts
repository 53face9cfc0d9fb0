import type { TouchedObject } from '../hazards/statement-effect.ts';

/** A namespace in which an engine keeps names: those of relations and types in a schema, those of parts in a table. */
export type NameSpace = 'relation' | 'type' | 'function' | 'column' | 'constraint';

/** A name that the upgrade gives to an object, and that nothing of the earlier set has. */
export interface MadeName {
  readonly space: NameSpace;
  readonly schema: string;
  /** The name that the table of a part has before the upgrade; null for objects of a schema. */
  readonly table: string | null;
  readonly name: string;
  /** How many parameters a function takes; null for others. */
  readonly parameters: number | null;
  /** What the upgrade makes: `table core.Room`. */
  readonly makes: string;
}

/** What a plan does to objects, whether or not its losses are permitted. */
export interface PlannedObjects {
  /** Each once, in the order of the statements. */
  readonly touched: readonly TouchedObject[];
  readonly made: readonly MadeName[];
}
