import { existsSync } from 'node:fs';
import path from 'node:path';
import { diagnostic, failIfAny } from '@dms/diagnostics';
import { deriveModelInFolder, type MappingSet } from '@dms/pipeline';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { DeriveModelOptions } from '../../schema-options.d.ts';
import { resolveSchemas, schemaProjectsOf } from '../../schema-projects.ts';
import { readMappingSetTask } from '../mapping-set-task.ts';
import { runTask } from '../task.ts';

export default async function run(options: DeriveModelOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(context, async () => {
    const schemaProjects = schemaProjectsOf(context.projectsConfigurations.projects);
    const resolve = ({ schemas }: MappingSet, file: string) => resolveSchemas(schemas, file, schemaProjects);
    const task = await readMappingSetTask(
      'derive-model',
      options,
      context,
      (mappingSet, file) => resolve(mappingSet, file).problems,
    );
    const { file, mappingSet, dialects, spared, outputDirectory } = task;
    const { resolved } = resolve(mappingSet, file);
    const missing = resolved.filter(({ output }) => !existsSync(path.join(context.root, output)));
    failIfAny(
      missing.map(({ name, output }) => {
        const message = `${output} does not exist; run ${name}:normalize-schema first.`;
        return diagnostic('INPUT_FILE_NOT_FOUND', message, { file: output }, { path: output });
      }),
    );
    // Messages name the file that people edit, not the normalized one.
    const schemas = resolved.map(({ source, output }) => ({ file: path.join(context.root, output), name: source }));
    const { mappingVersion } = mappingSet;
    return deriveModelInFolder({ schemas, mappingVersion, dialects, spared, outputDirectory });
  });
}
