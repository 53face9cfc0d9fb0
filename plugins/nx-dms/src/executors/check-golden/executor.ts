import { folderOf, type MappingSetTask, mappingSetExecutor } from '../mapping-set-task.ts';
import type { GoldenOptions } from '../task-options.ts';
import { comparedArtifacts, compareWithGolden } from './compare.ts';

export default mappingSetExecutor('check-golden', async (task: MappingSetTask, { acceptCommand }: GoldenOptions) => {
  const line = await compareWithGolden({
    root: task.root,
    outputDirectory: task.outputFolder,
    golden: folderOf(task, 'golden'),
    artifacts: comparedArtifacts(task.dialects, task.mappingSet.dialects),
    acceptCommand,
  });
  return { lines: [line], diagnostics: [] };
});
