import path from 'node:path';
import { exploreInFolder } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { readMappingSetTask, renamesOption, runMappingSetTask } from '../mapping-set-task.ts';
import type { MappingSetOptions } from '../task-options.ts';

export default async function run(options: MappingSetOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  const read = () => readMappingSetTask('explore-model', options, context);
  return runMappingSetTask(context, read, async (task) => {
    const { mappingSet, dialects, outputDirectory } = task;
    const baseline = mappingSet.baseline === null ? null : path.join(context.root, mappingSet.baseline);
    return exploreInFolder({ ...renamesOption(task, context.root), baseline, outputDirectory, dialects });
  });
}
