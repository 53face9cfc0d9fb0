import path from 'node:path';
import { impactReport, reportImpactInFolder } from '@dms/operations';
import { folderOf, mappingSetExecutor, renamesOption } from '../mapping-set-task.ts';

export default mappingSetExecutor('report-impact', async (task) => {
  const { root, dialects, keptDialects, outputDirectory } = task;
  const baseline = path.join(root, folderOf(task, 'baseline'));
  const run = { ...renamesOption(task), baseline, outputDirectory, dialects, keptDialects };
  const { impacts, ...result } = await reportImpactInFolder(run);
  return { ...result, report: impacts.flatMap((impact) => impactReport(impact).split('\n')) };
});
