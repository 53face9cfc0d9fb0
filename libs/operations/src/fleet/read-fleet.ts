import path from 'node:path';
import { type Diagnostic, fail, failIfAny } from '@dms/diagnostics';
import { readInput } from '@dms/files';
import { parseMappingSet } from '../sources/mapping-set/mapping-set.ts';
import { workspaceOf } from '../sources/mapping-set/workspace-of.ts';
import { type Fleet, type FleetReference, parseFleet } from './check-fleet.ts';

/** A fleet and the folder that paths in it are relative to. */
export interface ReadFleet {
  readonly fleet: Fleet;
  /** Absolute. */
  readonly folder: string;
}

/** Whether a file is a `dms.json`: a fleet has no schemas. */
function isMappingSet(bytes: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null && 'schemas' in value;
  } catch {
    return false;
  }
}

/** The fleet that was found, if nothing is wrong with it. */
function accepted(fleet: Fleet | null, problems: readonly Diagnostic[]): Fleet {
  failIfAny(problems);
  if (fleet === null) throw new Error('A fleet without problems could not be read.');
  return fleet;
}

/**
 * The fleet of a reference in a `dms.json`, from the file that it names, if any (design 18 §1). Throws
 * `CONFIG_INVALID`, `CONFIG_MEMBER_UNKNOWN` and `INPUT_*`.
 */
export async function referencedFleet(reference: FleetReference, workspace: string): Promise<Fleet> {
  if (reference.kind === 'inline') return reference.fleet;
  const { fleet, problems } = parseFleet(
    await readInput(path.join(workspace, reference.file), reference.file),
    reference.file,
  );
  return accepted(fleet, problems);
}

/**
 * Reads a fleet from a `fleet.json`, or from `databases.fleet` of a `dms.json`. Throws `CONFIG_INVALID`,
 * `CONFIG_MEMBER_UNKNOWN` and `INPUT_*`.
 */
export async function readFleet(file: string): Promise<ReadFleet> {
  const bytes = await readInput(file);
  const folder = workspaceOf(file);
  if (!isMappingSet(bytes)) {
    const { fleet, problems } = parseFleet(bytes, file);
    return { fleet: accepted(fleet, problems), folder };
  }
  const inWorkspace = path.relative(folder, path.resolve(file)).split(path.sep).join('/');
  const { mappingSet, problems } = parseMappingSet(bytes, inWorkspace);
  const found = problems.filter(({ member }) => member === undefined || member === 'databases');
  failIfAny(found.map(({ diagnostic }) => ({ ...diagnostic, where: { ...diagnostic.where, file } })));
  if (mappingSet.fleet !== null) return { fleet: await referencedFleet(mappingSet.fleet, folder), folder };
  const text = '/databases/fleet is missing; expected a list of databases, or the name of a file with one.';
  return fail('CONFIG_INVALID', text, { file, path: '/databases/fleet' });
}
