import path from 'node:path';
import { formatDiagnostic } from '@dms/diagnostics';
import { type DatabaseEntry, isInside, type MappingSet, parseMappingSet } from '@dms/pipeline';
import { type NamedTargets, namedTarget, type ProjectTargets } from './target-configuration.ts';
import { type FolderMember, folderMembers, mappingSetTargetNames, type TargetName, targetDefinitions } from './targets.ts';

/** What inference reads off a `dms.json`. */
export interface MappingSetFacts extends Omit<MappingSet, 'schemas' | 'verify' | 'databases'> {
  readonly kind: 'mapping-set';
  /** The folders of artifacts that it names, also where the name is a mistake: the target then reports it. */
  readonly named: readonly FolderMember[];
  /** Whether verification needs nothing from outside of the workspace, so that its result can be kept. */
  readonly isVerificationCached: boolean;
  readonly description: string;
}

/** Description of a mapping set whose schemas are not known yet; `createMetadata` replaces it when the graph is complete. */
export const plainDescription = 'Mapping set';

/** Reads the facts of a `dms.json`, with defaults for what cannot be read, which the tasks report (design 10 §4.5). */
export function readMappingSetFacts(file: string, bytes: Uint8Array): MappingSetFacts {
  const { mappingSet, problems } = parseMappingSet(bytes, file);
  const { name, dialects, outputDirectory, golden, baseline, upgradeFrom, databases } = mappingSet;
  return {
    kind: 'mapping-set',
    name,
    dialects,
    outputDirectory,
    golden,
    baseline,
    upgradeFrom,
    named: folderMembers.filter((folder) => mappingSet[folder] !== null || problems.some(({ member }) => member === folder)),
    isVerificationCached: dialects.every((dialect) => isSelfContained(databases[dialect])),
    description: problems[0] ? formatDiagnostic(problems[0].diagnostic) : plainDescription,
  };
}

/** Without a server the result follows from the inputs; the environment is never looked at (design 09 §7.1). */
function isSelfContained(entry: DatabaseEntry | undefined): boolean {
  return entry === undefined || ['pglite:', 'static:'].includes(entry.target?.trim().toLowerCase() ?? '');
}

export function mappingSetTargets(
  root: string,
  { dialects, named, isVerificationCached, ...folders }: MappingSetFacts,
  project: Omit<ProjectTargets, 'dialects'>,
): NamedTargets {
  const options = { outputDirectory: project.outputDirectory };
  const filesOf = (target: TargetName): readonly string[] => {
    const member = targetDefinitions[target].folder;
    const folder = member && folders[member];
    return folder ? [`${inputFolder(folder, root)}/**/*`] : [];
  };
  const targets = mappingSetTargetNames(named).map((target) => {
    const cache = targetDefinitions[target].usesDatabases !== true || isVerificationCached;
    return namedTarget(target, { ...project, dialects }, { options, files: filesOf(target), cache });
  });
  return Object.assign({}, ...targets);
}

/** A folder in an input. With `{projectRoot}` Nx sees the files of the project only, and no file of the project lies outside. */
function inputFolder(folder: string, root: string): string {
  const fromRoot = path.posix.relative(root, folder);
  return isInside(fromRoot) ? `{projectRoot}/${fromRoot}` : `{workspaceRoot}/${folder}`;
}
