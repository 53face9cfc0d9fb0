import { emitReportingInFolder } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { readMappingSetTask } from '../mapping-set-task.ts';
import { runTask } from '../task.ts';
import type { MappingSetOptions } from '../task-options.ts';

export default async function run(options: MappingSetOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(context, async () => {
    const { mappingSet, dialects, keptDialects, outputDirectory } = await readMappingSetTask(
      'emit-reporting',
      options,
      context,
    );
    return emitReportingInFolder({ reporting: mappingSet.reporting, dialects, keptDialects, outputDirectory });
  });
}
