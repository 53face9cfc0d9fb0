import path from 'node:path';
import { formatDiagnostic } from '@dms/diagnostics';
import { type MappingSet, parseMappingSet } from '../mapping-set.ts';
import { isInside } from '../workspace-path.ts';
import { type NamedTargets, namedTarget, type ProjectTargets } from './target-configuration.ts';
import { mappingSetTargetNames } from './targets.ts';

/** What inference reads off a `dms.json`. */
export interface MappingSetFacts extends Omit<MappingSet, 'schemas' | 'databases'> {
  readonly kind: 'mapping-set';
  readonly hasGolden: boolean;
  readonly description: string;
}

/** Description of a mapping set whose schemas are not known yet; `createMetadata` replaces it when the graph is complete. */
export const plainDescription = 'Mapping set';

/** Reads the facts of a `dms.json`, with defaults for what cannot be read, which the tasks report (design 10 §4.5). */
export function readMappingSetFacts(file: string, bytes: Uint8Array): MappingSetFacts {
  const { mappingSet, problems } = parseMappingSet(bytes, file);
  const { dialects, outputDirectory, golden } = mappingSet;
  return {
    kind: 'mapping-set',
    dialects,
    outputDirectory,
    golden,
    hasGolden: golden !== null || problems.some(({ member }) => member === 'golden'),
    description: problems[0] ? formatDiagnostic(problems[0].diagnostic) : plainDescription,
  };
}

export function mappingSetTargets(
  root: string,
  { dialects, golden, hasGolden }: MappingSetFacts,
  project: Omit<ProjectTargets, 'dialects'>,
): NamedTargets {
  const options = { outputDirectory: project.outputDirectory };
  const goldenFiles = golden === null ? [] : [`${inputFolder(golden, root)}/**/*`];
  const targets = mappingSetTargetNames(hasGolden).map((target) =>
    namedTarget(target, { ...project, dialects }, { options, files: target === 'check-golden' ? goldenFiles : [] }),
  );
  return Object.assign({}, ...targets);
}

/** A folder in an input. With `{projectRoot}` Nx sees the files of the project only, and no file of the project lies outside. */
function inputFolder(folder: string, root: string): string {
  const fromRoot = path.posix.relative(root, folder);
  return isInside(fromRoot) ? `{projectRoot}/${fromRoot}` : `{workspaceRoot}/${folder}`;
}
