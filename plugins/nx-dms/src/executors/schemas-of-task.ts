import path from 'node:path';
import { diagnostic, failIfAny } from '@dms/diagnostics';
import { isThere } from '@dms/files';
import type { MappingSet } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { TargetName } from '../inference/targets.ts';
import { linkToSchema } from '../linked-files.ts';
import { resolveSchemas, schemaProjectsOf } from '../schema-projects.ts';
import { executorReading, type MappingSetTask, readMappingSetTask } from './mapping-set-task.ts';
import type { WorkResult } from './task.ts';
import type { MappingSetOptions } from './task-options.ts';

/** A mapping set with the normalized schemas of its projects. */
interface SchemasTask extends MappingSetTask {
  /** Messages name the file that people edit, not the normalized one. */
  readonly schemas: readonly { readonly file: string; readonly name: string }[];
}

/**
 * Reads the `dms.json` of a target that works on schemas. Throws `CONFIG_*`, and `INPUT_FILE_NOT_FOUND` for a schema
 * that is not normalized.
 */
async function readSchemasTask(
  target: TargetName,
  options: MappingSetOptions,
  context: ExecutorContext,
): Promise<SchemasTask> {
  const schemaProjects = schemaProjectsOf(context.projectsConfigurations.projects);
  const linkTo = (folder: string) => linkToSchema(context.root, folder);
  const resolve = ({ schemas }: MappingSet, file: string) => resolveSchemas(schemas, file, schemaProjects, linkTo);
  const problems = (mappingSet: MappingSet, file: string) => resolve(mappingSet, file).problems;
  const task = await readMappingSetTask(target, options, context, problems);
  const { resolved } = resolve(task.mappingSet, task.file);
  const missing = resolved.filter(({ output }) => !isThere(path.join(context.root, output)));
  failIfAny(
    missing.map(({ name, target, output }) => {
      const message = `${output} does not exist; run ${name}:${target} first.`;
      return diagnostic('INPUT_FILE_NOT_FOUND', message, { file: output }, { path: output });
    }),
  );
  return {
    ...task,
    schemas: resolved.map(({ source, output }) => ({ file: path.join(context.root, output), name: source })),
  };
}

/** The executor of a target that works on schemas. */
export const schemasExecutor = (target: TargetName, work: (task: SchemasTask) => Promise<WorkResult>) =>
  executorReading<MappingSetOptions, SchemasTask>(readSchemasTask, target, work);
