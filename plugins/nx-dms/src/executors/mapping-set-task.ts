import path from 'node:path';
import { readInput } from '@dms/canonical-json';
import { fail, failIfAny } from '@dms/diagnostics';
import {
  type AnyStep,
  type MappingSet,
  mappingSetFile,
  nxPath,
  parseMappingSet,
  type SqlDialect,
  stepInFolder,
} from '@dms/pipeline';
import type { ExecutorContext } from '@nx/devkit';
import { conflictDiagnostics } from '../conflicts.ts';
import { checksMember, type TargetName } from '../inference/targets.ts';
import { runTask } from './task.ts';

/** What the options of all targets of a mapping set have in common. */
export interface MappingSetOptions {
  readonly dialect?: SqlDialect;
  readonly outputDirectory: string;
  readonly others?: readonly string[];
}

/** A mapping set, read and checked for one target. */
export interface MappingSetTask {
  /** The `dms.json`, relative to the workspace. */
  readonly file: string;
  readonly mappingSet: MappingSet;
  /** Those of this run. */
  readonly dialects: readonly SqlDialect[];
  /** Absolute. */
  readonly outputDirectory: string;
}

/**
 * Reads the `dms.json` of the project and checks what `target` reads of it (design 10 §6.1): the other members are not among the
 * hashed inputs of the task, so its result must not depend on them.
 */
export async function readMappingSetTask(
  target: TargetName,
  { dialect, outputDirectory, others = [] }: MappingSetOptions,
  { root, projectName = '', projectsConfigurations }: ExecutorContext,
): Promise<MappingSetTask> {
  const project = projectsConfigurations.projects[projectName];
  if (!project) throw new Error(`There is no project ${projectName}.`);
  const file = nxPath(mappingSetFile, project.root);
  const { mappingSet, problems } = parseMappingSet(await readInput(path.join(root, file), file), file);
  const relevant = problems.filter(({ member }) => member === undefined || checksMember(target, member));
  failIfAny([...conflictDiagnostics(file, others, outputDirectory), ...relevant.map((problem) => problem.diagnostic)]);
  if (dialect !== undefined && !mappingSet.dialects.includes(dialect)) {
    const expected = mappingSet.dialects.join(' or ');
    const message = `/dialects does not list ${dialect}, which this run asks for; add it there, or choose ${expected}.`;
    fail('CONFIG_INVALID', message, { file, path: '/dialects' }, { expected });
  }
  return {
    file,
    mappingSet,
    dialects: dialect === undefined ? mappingSet.dialects : [dialect],
    outputDirectory: path.join(root, outputDirectory),
  };
}

/** Runs a step that reads the artifacts of the mapping set and writes further ones. */
export async function runArtifactStep(
  step: AnyStep,
  options: MappingSetOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(context, async () => {
    const { outputDirectory, dialects } = await readMappingSetTask(step.name, options, context);
    return stepInFolder(step, { outputDirectory, dialects }, () => undefined);
  });
}
