import path from 'node:path';
import { planUpgradeInFolder, upgradeReport } from '@dms/pipeline';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { PlanUpgradeOptions } from '../../schema-options.d.ts';
import { readMappingSetTask, renamesOption, upgradeFolder } from '../mapping-set-task.ts';
import { runTask } from '../task.ts';

export default async function run(options: PlanUpgradeOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(context, async () => {
    const task = await readMappingSetTask('plan-upgrade', options, context);
    const { dialects, keptDialects, outputDirectory } = task;
    const upgradeFrom = path.join(context.root, upgradeFolder(task));
    const { plans, ...result } = await planUpgradeInFolder({
      ...renamesOption(task, context.root),
      upgradeFrom,
      outputDirectory,
      dialects,
      keptDialects,
    });
    return { ...result, report: plans.flatMap((plan) => [...upgradeReport(plan)]) };
  });
}
