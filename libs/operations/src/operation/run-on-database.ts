import type { SqlDialect } from '@dms/sql';
import { withTarget } from '../databases/with-database.ts';
import type { FleetDatabase } from '../fleet/fleet-databases.ts';
import type { FleetTask } from '../fleet/fleet-task.ts';
import type { TaskResult } from '../fleet/run-fleet.ts';
import type { Context } from './context.ts';
import type { DatabaseOperation, Input, OptionsOf, Outcome, Place } from './operation.ts';
import type { Shape, Sources } from './subject.ts';

/** An operation with its types. */
type Typed<
  Options extends Shape,
  Arguments extends Shape,
  Kind extends keyof Sources,
  Prepared,
  Result extends Outcome,
  Kept,
> = DatabaseOperation<Options, Arguments, Kind, Prepared, Result, Kept>;

type InputOf<Options extends Shape, Arguments extends Shape, Kind extends keyof Sources> = Input<
  OptionsOf<Options & Arguments>,
  Sources[Kind]
>;

/** Runs an operation on the database that a place names. What the search for it has to say is among the diagnostics. */
export async function runOnDatabase<
  Options extends Shape,
  Arguments extends Shape,
  Kind extends keyof Sources,
  Prepared,
  Result extends Outcome,
  Kept,
>(
  operation: Typed<Options, Arguments, Kind, Prepared, Result, Kept>,
  input: InputOf<Options, Arguments, Kind>,
  place: Place,
  context: Context,
): Promise<Result> {
  const { purpose } = operation;
  const at = (dialect: SqlDialect, prepared: (dialect: SqlDialect) => Promise<Prepared> | Prepared) =>
    withTarget({ ...place, dialect }, purpose, async (target) =>
      operation.run({ target, dialect, prepared: await prepared(dialect) }, input, context),
    );
  if (operation.dialectOf === undefined) {
    const { dialect } = input;
    if (dialect === undefined) throw new Error(`${operation.name} needs a dialect.`);
    return at(dialect, () => operation.prepare(input, context));
  }
  const prepared = await operation.prepare(input, context);
  return at(operation.dialectOf(prepared, input), () => prepared);
}

/** The result of the work on one database of a fleet. */
export interface DatabaseResultInFleet<Kept = unknown> extends TaskResult {
  readonly kept: Kept | undefined;
}

/** Works on one database of a fleet. */
export type WorkOnDatabase<Kept = unknown> = (
  place: Place & { readonly dialect: SqlDialect },
  context: Context,
  entry: Pick<FleetDatabase, 'name' | 'ods'>,
) => Promise<DatabaseResultInFleet<Kept>>;

/** Reads what all databases of a fleet share; what it returns works on one of them. */
export async function preparedForFleet<
  Options extends Shape,
  Arguments extends Shape,
  Kind extends keyof Sources,
  Prepared,
  Result extends Outcome,
  Kept,
>(
  operation: Typed<Options, Arguments, Kind, Prepared, Result, Kept>,
  input: InputOf<Options, Arguments, Kind>,
  dialect: SqlDialect,
  context: Context,
): Promise<WorkOnDatabase<Kept>> {
  const ofFleet = { ...input, dialect, isFleet: true };
  const prepared = await operation.prepare(ofFleet, context);
  return async (place, own, entry) => {
    const { found, failures, diagnostics } = await withTarget(
      { ...place, signal: own.signal },
      operation.purpose,
      async (target) => {
        const result = await operation.run({ target, dialect: place.dialect, prepared, entry }, ofFleet, own);
        if (operation.entry === undefined) throw new Error(`${operation.name} does not work on fleets.`);
        const { diagnostics: told, failures: failed = [] } = result;
        return { found: operation.entry(result, ofFleet), failures: failed, diagnostics: told };
      },
    );
    const { outcome, detail = '', value = {}, kept } = found;
    return { outcome, detail, value, kept, diagnostics, failures };
  };
}

/** An operation as the work of a fleet. */
export const asFleetTask = (
  operation: DatabaseOperation,
): FleetTask<InputOf<Shape, Shape, keyof Sources>, DatabaseResultInFleet> => ({
  command: operation.name,
  purpose: operation.purpose,
  skipsDone: operation.skipsDone,
  problems: ({ options }, databases, fleet) => operation.problems?.(options, databases, fleet) ?? [],
  prepare: (input, dialect, context) => preparedForFleet(operation, input, dialect, context),
});
