import { withTarget } from '@dms/databases';
import type { SqlDialect } from '@dms/sql';
import type { FleetDatabase } from '../fleet/fleet-databases.ts';
import type { TaskResult } from '../fleet/run-fleet.ts';
import type { Context, DatabaseOperation, DatabaseWork, Input, OptionsOf, Outcome, Place } from './operation.ts';
import type { Shape } from './option.ts';
import { expectForDialect } from './option-relations.ts';
import type { Sources } from './subject.ts';

/** Runs an operation on the database that a place names. The result includes the diagnostics of the search for it. */
export async function runOnDatabase<
  Options extends Shape,
  Arguments extends Shape,
  Kind extends keyof Sources,
  Prepared,
  Result extends Outcome,
  Kept,
>(
  operation: DatabaseOperation<Options, Arguments, Kind, Prepared, Result, Kept>,
  input: Input<OptionsOf<Options & Arguments>, Sources[Kind]>,
  place: Place,
  context: Context,
): Promise<Result> {
  const { purpose } = operation;
  const at = (dialect: SqlDialect, prepared: () => Promise<Prepared> | Prepared) => {
    expectForDialect(operation.options, input.options, dialect);
    return withTarget({ ...place, dialect }, purpose, async (target) =>
      operation.run({ target, dialect, prepared: await prepared() }, input, context),
    );
  };
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

/** Works on one database of a fleet. Throws the errors of the work on a single database. */
type WorkInFleet<Kept = unknown> = (
  place: Place & { readonly dialect: SqlDialect },
  context: Context,
  entry: Pick<FleetDatabase, 'name' | 'ods'>,
) => Promise<DatabaseResultInFleet<Kept>>;

/** Prepares the input that all databases of a fleet share; returns the work on one of them. */
export async function preparedForFleet<Options, Kind extends keyof Sources, Prepared, Result extends Outcome, Kept>(
  work: DatabaseWork<Options, Kind, Prepared, Result, Kept>,
  input: Input<Options, Sources[Kind]>,
  dialect: SqlDialect,
  context: Context,
): Promise<WorkInFleet<Kept>> {
  expectForDialect(work.options ?? {}, Object.fromEntries(Object.entries(input.options ?? {})), dialect);
  const ofFleet = { ...input, dialect, isFleet: true };
  const prepared = await work.prepare(ofFleet, context);
  return async (place, own, entry) => {
    const { found, failures, diagnostics } = await withTarget(
      { ...place, signal: own.signal },
      work.purpose,
      async (target) => {
        const result = await work.run({ target, dialect: place.dialect, prepared, entry }, ofFleet, own);
        if (work.entry === undefined) throw new Error('Work that reports no entry cannot run on fleets.');
        const { diagnostics: told, failures: failed = [] } = result;
        return { found: work.entry(result, ofFleet), failures: failed, diagnostics: told };
      },
    );
    const { outcome, detail = '', value = {}, kept } = found;
    return { outcome, detail, value, kept, diagnostics, failures };
  };
}
