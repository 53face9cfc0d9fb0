import path from 'node:path';
import { deriveOdsMappingInFolder } from '@dms/pipeline';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { DeriveOdsMappingOptions } from '../../schema-options.d.ts';
import { readSchemasTask } from '../schemas-of-task.ts';
import { runTask } from '../task.ts';

export default async function run(options: DeriveOdsMappingOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(context, async () => {
    const task = await readSchemasTask('derive-ods-mapping', options, context);
    const { mappingSet, schemas, dialects, keptDialects, outputDirectory } = task;
    const { mappingVersion, odsOverrides } = mappingSet;
    const overrides = odsOverrides === null ? {} : { odsOverrides: path.join(context.root, odsOverrides) };
    return deriveOdsMappingInFolder({ schemas, mappingVersion, ...overrides, dialects, keptDialects, outputDirectory });
  });
}
