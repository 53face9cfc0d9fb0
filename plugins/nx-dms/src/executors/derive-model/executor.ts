import { deriveModelInFolder } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { DeriveModelOptions } from '../../schema-options.d.ts';
import { readSchemasTask } from '../schemas-of-task.ts';
import { runTask } from '../task.ts';

export default async function run(options: DeriveModelOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(context, async () => {
    const { mappingSet, schemas, dialects, keptDialects, outputDirectory } = await readSchemasTask(
      'derive-model',
      options,
      context,
    );
    return deriveModelInFolder({ schemas, mappingVersion: mappingSet.mappingVersion, dialects, keptDialects, outputDirectory });
  });
}
