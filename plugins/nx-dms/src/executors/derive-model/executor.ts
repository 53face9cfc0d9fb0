import { deriveModelInFolder } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { readSchemasTask } from '../schemas-of-task.ts';
import { runTask } from '../task.ts';
import type { MappingSetOptions } from '../task-options.ts';

export default async function run(options: MappingSetOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(context, async () => {
    const { mappingSet, schemas, dialects, keptDialects, outputDirectory } = await readSchemasTask(
      'derive-model',
      options,
      context,
    );
    return deriveModelInFolder({
      schemas,
      mappingVersion: mappingSet.mappingVersion,
      dialects,
      keptDialects,
      outputDirectory,
    });
  });
}
