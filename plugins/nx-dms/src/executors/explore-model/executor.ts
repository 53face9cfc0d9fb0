import path from 'node:path';
import { exploreInFolder } from '@dms/pipeline';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { ExploreModelOptions } from '../../schema-options.d.ts';
import { readMappingSetTask, renamesOption } from '../mapping-set-task.ts';
import { runTask } from '../task.ts';

export default async function run(options: ExploreModelOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(context, async () => {
    const task = await readMappingSetTask('explore-model', options, context);
    const { mappingSet, dialects, outputDirectory } = task;
    const baseline = mappingSet.baseline === null ? null : path.join(context.root, mappingSet.baseline);
    return exploreInFolder({ ...renamesOption(task, context.root), baseline, outputDirectory, dialects });
  });
}
