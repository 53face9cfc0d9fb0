import path from 'node:path';
import { verifiedUpgradeLines, verifyUpgradeInFolder } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { readMappingSetTask, renamesOption, runMappingSetTask, upgradeFolder } from '../mapping-set-task.ts';
import type { MappingSetOptions } from '../task-options.ts';

export default async function run(options: MappingSetOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  const read = () => readMappingSetTask('verify-upgrade', options, context);
  return runMappingSetTask(context, read, async (task) => {
    const { dialects, keptDialects, outputDirectory } = task;
    const upgradeFrom = path.join(context.root, upgradeFolder(task));
    const { verified, ...result } = await verifyUpgradeInFolder({
      ...renamesOption(task, context.root),
      upgradeFrom,
      outputDirectory,
      dialects,
      keptDialects,
    });
    return { ...result, report: verified.flatMap(verifiedUpgradeLines) };
  });
}
