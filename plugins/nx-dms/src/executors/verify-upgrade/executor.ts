import path from 'node:path';
import { verifiedUpgradeLines, verifyUpgradeInFolder } from '@dms/pipeline';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { VerifyUpgradeOptions } from '../../schema-options.d.ts';
import { readMappingSetTask, renamesOption, upgradeFolder } from '../mapping-set-task.ts';
import { runTask } from '../task.ts';

export default async function run(options: VerifyUpgradeOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(context, async () => {
    const task = await readMappingSetTask('verify-upgrade', options, context);
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
