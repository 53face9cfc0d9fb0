import path from 'node:path';
import { deriveOdsMappingInFolder } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { runMappingSetTask } from '../mapping-set-task.ts';
import { readSchemasTask } from '../schemas-of-task.ts';
import type { MappingSetOptions } from '../task-options.ts';

export default async function run(options: MappingSetOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  const read = () => readSchemasTask('derive-ods-mapping', options, context);
  return runMappingSetTask(context, read, (task) => {
    const { mappingSet, schemas, dialects, keptDialects, outputDirectory } = task;
    const { mappingVersion, odsOverrides } = mappingSet;
    const overrides = odsOverrides === null ? {} : { odsOverrides: path.join(context.root, odsOverrides) };
    return deriveOdsMappingInFolder({ schemas, mappingVersion, ...overrides, dialects, keptDialects, outputDirectory });
  });
}
