import path from 'node:path';
import { exploreInFolder } from '@dms/operations';
import { mappingSetExecutor, renamesOption } from '../mapping-set-task.ts';

export default mappingSetExecutor('explore-model', (task) => {
  const { root, mappingSet, dialects, outputDirectory } = task;
  const baseline = mappingSet.baseline === null ? null : path.join(root, mappingSet.baseline);
  return exploreInFolder({ ...renamesOption(task), baseline, outputDirectory, dialects });
});
