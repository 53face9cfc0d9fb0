import { formatDiagnostic } from '@dms/diagnostics';
import { type Fleet, parseFleet } from '@dms/operations';

/** The facts that inference reads from the file of a fleet. */
export interface FleetFacts {
  readonly kind: 'fleet';
  readonly databases: readonly string[];
  /** The first mistake in the file. */
  readonly problem: string | null;
}

/**
 * The names in a list. Names from variables or a query are not included, because inference never evaluates these
 * (design 18 §6).
 */
export function listedDatabases(fleet: Fleet | null | undefined): readonly string[] {
  return fleet?.list.kind === 'listed' ? fleet.list.databases.map(({ name }) => name) : [];
}

/**
 * Reads the facts of a `fleet.json`. If it has a mistake, nothing of it is used, and the description of the project
 * says what is wrong.
 */
export function readFleetFacts(file: string, bytes: Uint8Array): FleetFacts {
  const { fleet, problems } = parseFleet(bytes, file);
  const [problem] = problems;
  return {
    kind: 'fleet',
    databases: problem === undefined ? listedDatabases(fleet) : [],
    problem: problem === undefined ? null : formatDiagnostic(problem),
  };
}
