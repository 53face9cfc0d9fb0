import path from 'node:path';
import { planUpgradeInFolder, upgradeReport } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { readMappingSetTask, renamesOption, runMappingSetTask, upgradeFolder } from '../mapping-set-task.ts';
import type { MappingSetOptions } from '../task-options.ts';

export default async function run(options: MappingSetOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  const read = () => readMappingSetTask('plan-upgrade', options, context);
  return runMappingSetTask(context, read, async (task) => {
    const { dialects, keptDialects, outputDirectory } = task;
    const upgradeFrom = path.join(context.root, upgradeFolder(task));
    const { plans, ...result } = await planUpgradeInFolder({
      ...renamesOption(task, context.root),
      upgradeFrom,
      outputDirectory,
      dialects,
      keptDialects,
    });
    return { ...result, report: [...upgradeReport(plans)] };
  });
}
