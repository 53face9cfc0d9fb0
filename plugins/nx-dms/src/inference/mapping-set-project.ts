import path from 'node:path';
import { formatDiagnostic } from '@dms/diagnostics';
import {
  type AddingMember,
  addingMembers,
  type DatabaseEntry,
  type Fleet,
  isPattern,
  type MappingSet,
  parseFleet,
  parseMappingSet,
  placeOnDisk,
} from '@dms/operations';
import { holdsMore, linkOfPlaces, unhashedFile } from '../unseen-files.ts';
import {
  fleetTargets,
  type NamedTargets,
  namedTarget,
  type ProjectTargets,
  type ReadFiles,
} from './target-configuration.ts';
import { mappingSetTargetNames, placesOfTarget, type TargetPlaces, targetDefinitions } from './targets.ts';

/** The facts that inference reads from a `dms.json`. */
export interface MappingSetFacts extends Omit<MappingSet, 'databases' | 'fleet'> {
  readonly kind: 'mapping-set';
  /** The members present in the file that add targets; also those with a mistake, which the target then reports. */
  readonly named: readonly AddingMember[];
  /** Whether verification needs nothing from outside the workspace, so that its result can be cached. */
  readonly isVerificationCached: boolean;
  /**
   * The names of the databases of its fleet, if a list gives them; or the file with that list, relative to the
   * workspace.
   */
  readonly fleet: { readonly databases: readonly string[] } | { readonly file: string };
  /** Whether it has a fleet, in whatever form. */
  readonly hasFleet: boolean;
  readonly description: string;
}

/**
 * The description of a mapping set before its schemas are known; `createMetadata` replaces it when the graph is
 * complete.
 */
export const plainDescription = 'Mapping set';

/**
 * Reads the facts of a `dms.json`. Members that cannot be read have their defaults; the tasks report them (design 10
 * §4.5).
 */
export function readMappingSetFacts(file: string, bytes: Uint8Array): MappingSetFacts {
  const { mappingSet, diagnostics } = parseMappingSet(bytes, file);
  const { databases, fleet, ...members } = mappingSet;
  // as for a separate fleet file: if it has a mistake, nothing of it is used
  const isFleetRight = diagnostics.every(({ member }) => member !== 'databases');
  return {
    ...members,
    kind: 'mapping-set',
    named: addingMembers.filter(
      (adding) => mappingSet[adding] !== null || diagnostics.some(({ member }) => member === adding),
    ),
    isVerificationCached: members.dialects.every((dialect) => isSelfContained(databases[dialect])),
    fleet:
      fleet?.kind === 'file' ? { file: fleet.file } : { databases: isFleetRight ? listedDatabases(fleet?.fleet) : [] },
    hasFleet: fleet !== null,
    description: diagnostics[0] ? formatDiagnostic(diagnostics[0].diagnostic) : plainDescription,
  };
}

/**
 * Whether the result follows from the inputs, because the database is not a server; the environment is not used (design 09b
 * §2.1).
 */
function isSelfContained(entry: DatabaseEntry | undefined): boolean {
  return entry === undefined || ['pglite:', 'static:'].includes(entry.target?.trim().toLowerCase() ?? '');
}

/**
 * The database names in a list. Names from variables or a query are not included, because inference never evaluates
 * these (design 18 §6).
 */
function listedDatabases(fleet: Fleet | null | undefined): readonly string[] {
  return fleet?.list.kind === 'listed' ? fleet.list.databases.map(({ name }) => name) : [];
}

/** The context of the targets of a mapping set, besides its own facts. */
interface MappingSetTargets extends Omit<ProjectTargets, 'dialects' | 'named'> {
  /** Whether its `dms.json` is reached through a symbolic link. */
  readonly isLinked: boolean;
  /** The names of the databases of its fleet. */
  readonly databases: readonly string[];
}

/** The targets of a mapping set, and those of each database of its fleet. */
export function mappingSetTargets(
  { dialects, named, isVerificationCached, fleet, hasFleet, ...mappingSet }: MappingSetFacts,
  { isLinked, databases, ...project }: MappingSetTargets,
): NamedTargets {
  const { workspaceRoot, root } = project;
  const options = { outputDirectory: project.outputDirectory };
  const filesOf = ({ folder, documents, files }: TargetPlaces): readonly ReadFiles[] => [
    ...[folder, documents].flatMap((each) => (each === null ? [] : [filesIn(each, project)])),
    ...files.map((file) => fileAt(file, project)),
  ];
  const targets = mappingSetTargetNames(named).map((target) => {
    const { usesDatabases = false } = targetDefinitions[target];
    const places = placesOfTarget(target, mappingSet);
    const isMisspelt = misspeltPlace(workspaceRoot, root, places) !== undefined;
    const readsLinks = isLinked || linkOfPlaces(workspaceRoot, places) !== undefined;
    const around = { root, outputDirectory: project.outputDirectory };
    const readsUnhashed = unhashedFile(workspaceRoot, { ...places, ...around }, project.isIgnoredHashed) !== undefined;
    return namedTarget(
      target,
      { ...project, dialects, named },
      {
        options,
        files: filesOf(places),
        cache: !usesDatabases || isVerificationCached,
        isUnhashable: isPattern(root) || isMisspelt || readsLinks || readsUnhashed,
        hasFleet,
      },
    );
  });
  const fleetFile = 'file' in fleet && !isPattern(fleet.file) ? [fileAt(fleet.file, project)] : [];
  const ofFleet = mappingSetTargetNames(named).map((target) => {
    const isUnhashable = isPattern(root) || isLinked;
    return fleetTargets(
      target,
      { ...project, dialects, named },
      { databases, files: [...fleetFile, ...filesOf(placesOfTarget(target, mappingSet))], isUnhashable },
    );
  });
  return Object.assign({}, ...targets, ...ofFleet);
}

/**
 * The first place of a target that the disk spells otherwise. Nx finds no file for it, and would take a result from the
 * cache after the file has changed; the task reports it.
 */
function misspeltPlace(workspaceRoot: string, root: string, { folder, documents, files }: TargetPlaces) {
  return [folder, documents, ...files].find((each) => each !== null && placeOnDisk(workspaceRoot, root, each));
}

/** The files of a folder, with those that Git ignores unless the folder holds more than files to read. */
const filesIn = (
  folder: string,
  { root, outputDirectory, isIgnoredHashed }: Pick<ProjectTargets, 'root' | 'outputDirectory' | 'isIgnoredHashed'>,
): ReadFiles => ({
  pattern: path.posix.join(folder, '**/*'),
  includesIgnored: isIgnoredHashed && !holdsMore(folder, { root, outputDirectory }),
});

/** A file that a target reads, even if Git ignores it. */
const fileAt = (pattern: string, { isIgnoredHashed }: Pick<ProjectTargets, 'isIgnoredHashed'>): ReadFiles => ({
  pattern,
  includesIgnored: isIgnoredHashed,
});

/** The facts that inference reads from a fleet file. */
export interface FleetFacts {
  readonly kind: 'fleet';
  readonly databases: readonly string[];
  /** The first diagnostic about the file. */
  readonly diagnostic: string | null;
}

/**
 * Reads the facts of a `fleet.json`. If it has a mistake, nothing of it is used, and the description of the project
 * reports the mistake.
 */
export function readFleetFacts(file: string, bytes: Uint8Array): FleetFacts {
  const { fleet, diagnostics } = parseFleet(bytes, file);
  const [entry] = diagnostics;
  return {
    kind: 'fleet',
    databases: entry === undefined ? listedDatabases(fleet) : [],
    diagnostic: entry === undefined ? null : formatDiagnostic(entry),
  };
}
