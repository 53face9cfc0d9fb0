import { fail } from '@dms/diagnostics';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { readMappingSetTask, runMappingSetTask } from '../mapping-set-task.ts';
import type { GoldenOptions } from '../task-options.ts';
import { comparedArtifacts, compareWithGolden } from './compare.ts';

export default async function run(options: GoldenOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  const read = () => readMappingSetTask('check-golden', options, context);
  return runMappingSetTask(context, read, async (task) => {
    const { file, mappingSet, dialects, outputFolder } = task;
    const { acceptCommand } = options;
    if (mappingSet.golden === null) {
      // Only if the target was added by hand: inference adds it only if there is a folder.
      const expected = 'a folder relative to dms.json';
      fail('CONFIG_INVALID', `/golden is missing; expected ${expected}.`, { file, path: '/golden' }, { expected });
    }
    const line = await compareWithGolden({
      root: context.root,
      outputDirectory: outputFolder,
      golden: mappingSet.golden,
      artifacts: comparedArtifacts(dialects, mappingSet.dialects),
      acceptCommand,
    });
    return { lines: [line], diagnostics: [] };
  });
}
