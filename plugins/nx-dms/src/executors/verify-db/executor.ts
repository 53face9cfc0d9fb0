import { verificationLines, verifyInFolder } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { readMappingSetTask } from '../mapping-set-task.ts';
import { runTask } from '../task.ts';
import type { MappingSetOptions } from '../task-options.ts';

export default async function run(options: MappingSetOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(context, async () => {
    const { file, mappingSet, dialects, keptDialects, outputDirectory } = await readMappingSetTask(
      'verify-db',
      options,
      context,
    );
    const result = await verifyInFolder({
      ...mappingSet.verify,
      dialects,
      keptDialects,
      projectFile: file,
      outputDirectory,
      sources: (dialect) => ({ project: mappingSet.databases[dialect] }),
      environment: process.env,
      folder: context.root,
    });
    return { lines: verificationLines(result), diagnostics: result.diagnostics, failures: result.failures };
  });
}
