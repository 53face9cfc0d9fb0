import path from 'node:path';
import { fail } from '@dms/diagnostics';
import { impactReport, reportImpactInFolder } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { readMappingSetTask, renamesOption, runMappingSetTask } from '../mapping-set-task.ts';
import type { MappingSetOptions } from '../task-options.ts';

export default async function run(options: MappingSetOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  const read = () => readMappingSetTask('report-impact', options, context);
  return runMappingSetTask(context, read, async (task) => {
    const { file, mappingSet, dialects, keptDialects, outputDirectory } = task;
    if (mappingSet.baseline === null) {
      // Only if the target was added by hand: inference adds it only if there is a folder.
      const expected = 'a folder relative to dms.json';
      fail('CONFIG_INVALID', `/baseline is missing; expected ${expected}.`, { file, path: '/baseline' }, { expected });
    }
    const baseline = path.join(context.root, mappingSet.baseline);
    const { impacts, ...result } = await reportImpactInFolder({
      ...renamesOption(task, context.root),
      baseline,
      outputDirectory,
      dialects,
      keptDialects,
    });
    return { ...result, report: impacts.flatMap((impact) => impactReport(impact).split('\n')) };
  });
}
