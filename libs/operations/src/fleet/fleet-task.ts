import type { Diagnostic } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type { Context } from '../operation/context.ts';
import type { Fleet } from './check-fleet.ts';
import type { DatabasePlace, FleetDatabase } from './fleet-databases.ts';
import type { TaskResult } from './run-fleet.ts';

/** Works on one database. Throws what the command on a single database throws. */
export type WorkOnDatabase<Result extends TaskResult = TaskResult> = (
  place: DatabasePlace,
  signals: Context,
  entry: Pick<FleetDatabase, 'name' | 'ods'>,
) => Promise<Result>;

/** What a command does to each database of a fleet. */
export interface FleetTask<Options, Result extends TaskResult = TaskResult> {
  /** As on the command line. */
  readonly command: string;
  readonly purpose: 'provision' | 'check';
  /** Whether a repeated run leaves the databases alone in which it is done. */
  readonly skipsDone: boolean;
  /** What is wrong with the selected databases for this task; none of them is then opened. */
  problems?(options: Options, databases: readonly FleetDatabase[], fleet: Pick<Fleet, 'file'>): readonly Diagnostic[];
  /** Reads once what is the same for all databases, so that a mistake in it is found before any of them is opened. */
  prepare(options: Options, dialect: SqlDialect, signals: Context): Promise<WorkOnDatabase<Result>>;
}
