import { formatDiagnostic } from '@dms/diagnostics';
import { type Fleet, parseFleet } from '@dms/pipeline';

/** What inference reads off the file of a fleet. */
export interface FleetFacts {
  readonly kind: 'fleet';
  readonly databases: readonly string[];
  /** The first thing that is wrong with the file. */
  readonly problem: string | null;
}

/** The names that a list has; none of those that variables or a query give, which inference never asks (design 18 §6). */
export function listedDatabases(fleet: Fleet | null | undefined): readonly string[] {
  return fleet?.list.kind === 'listed' ? fleet.list.databases.map(({ name }) => name) : [];
}

/** Reads the facts of a `fleet.json`; of one with a mistake nothing is used, and the description of the project says what is wrong. */
export function readFleetFacts(file: string, bytes: Uint8Array): FleetFacts {
  const { fleet, problems } = parseFleet(bytes, file);
  const [problem] = problems;
  return {
    kind: 'fleet',
    databases: problem === undefined ? listedDatabases(fleet) : [],
    problem: problem === undefined ? null : formatDiagnostic(problem),
  };
}
