import path from 'node:path';
import { verifiedUpgradeLines, verifyUpgradeInFolder } from '@dms/operations';
import { folderOf, mappingSetExecutor, renamesOption } from '../mapping-set-task.ts';

export default mappingSetExecutor('verify-upgrade', async (task) => {
  const { root, dialects, keptDialects, outputDirectory } = task;
  const upgradeFrom = path.join(root, folderOf(task, 'upgradeFrom'));
  const run = { ...renamesOption(task), upgradeFrom, outputDirectory, dialects, keptDialects };
  const { verified, ...result } = await verifyUpgradeInFolder(run);
  return { ...result, report: verified.flatMap(verifiedUpgradeLines) };
});
