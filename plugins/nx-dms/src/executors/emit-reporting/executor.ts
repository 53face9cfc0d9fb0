import { emitReportingInFolder } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { EmitReportingOptions } from '../../schema-options.d.ts';
import { readMappingSetTask } from '../mapping-set-task.ts';
import { runTask } from '../task.ts';

export default async function run(options: EmitReportingOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(context, async () => {
    const { mappingSet, dialects, keptDialects, outputDirectory } = await readMappingSetTask(
      'emit-reporting',
      options,
      context,
    );
    return emitReportingInFolder({ reporting: mappingSet.reporting, dialects, keptDialects, outputDirectory });
  });
}
