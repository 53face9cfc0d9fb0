import path from 'node:path';
import { planUpgradeInFolder, upgradeReport } from '@dms/operations';
import { folderOf, mappingSetExecutor, renamesOption } from '../mapping-set-task.ts';

export default mappingSetExecutor('plan-upgrade', async (task) => {
  const { root, dialects, keptDialects, outputDirectory } = task;
  const upgradeFrom = path.join(root, folderOf(task, 'upgradeFrom'));
  const run = { ...renamesOption(task), upgradeFrom, outputDirectory, dialects, keptDialects };
  const { plans, ...result } = await planUpgradeInFolder(run);
  return { ...result, report: [...upgradeReport(plans)] };
});
