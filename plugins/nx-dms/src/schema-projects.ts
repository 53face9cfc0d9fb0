import path from 'node:path';
import { artifactFile, mappingSetFile, nxPath, type SchemaProjectFolder, usualOutputFolder } from '@dms/operations';
import { compareBy } from '@dms/values';
import type { ProjectConfiguration, TargetConfiguration } from 'nx/src/devkit-exports';

/** A schema project from the point of view of mapping sets; all paths are relative to the workspace. */
export interface SchemaProject extends SchemaProjectFolder {
  /** The ApiSchema file that is normalized. */
  readonly source: string;
  /** The normalized schema. */
  readonly output: string;
  /** The name of the target that writes the normalized schema; an option of the plugin may add a prefix. */
  readonly target: string;
}

/** The default path of the normalized schema of an ApiSchema file; both relative to the workspace. */
export function normalizedFile(source: string): string {
  return nxPath(artifactFile('normalizedSchema'), usualOutputFolder(path.posix.dirname(source)));
}

/** Finds the target without a list of all targets, because a mapping set may have thousands. */
function normalizingTarget(
  targets: NonNullable<ProjectConfiguration['targets']>,
): { readonly target: string; readonly options: TargetConfiguration['options'] } | undefined {
  for (const target in targets)
    if (targets[target]?.executor === 'nx-dms:normalize-schema') return { target, options: targets[target]?.options };
  return undefined;
}

/** The schema projects among `projects`, recognized by their target, because users may change tags and names. */
export function schemaProjectsOf(projects: Readonly<Record<string, ProjectConfiguration>>): SchemaProject[] {
  return Object.entries(projects)
    .flatMap(([name, { root, targets = {} }]) => {
      const { target, options } = normalizingTarget(targets) ?? {};
      if (!options || target === undefined) return [];
      const source = String(options.source);
      const output = String(options.output ?? normalizedFile(source));
      return [{ name, root, files: [source, ...othersBeside(source, options.others)], source, target, output }];
    })
    .sort(compareBy(({ name }) => name));
}

/** The other ApiSchema files in the folder of a project, from the option that the plugin fills in. */
const othersBeside = (source: string, others: unknown): readonly string[] =>
  (Array.isArray(others) ? others : []).filter(
    (file): file is string =>
      typeof file === 'string' &&
      path.posix.dirname(file) === path.posix.dirname(source) &&
      path.posix.basename(file) !== mappingSetFile,
  );
