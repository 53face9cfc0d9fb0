import { verificationLines, verifyInFolder } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { VerifyDbOptions } from '../../schema-options.d.ts';
import { readMappingSetTask } from '../mapping-set-task.ts';
import { runTask } from '../task.ts';

export default async function run(options: VerifyDbOptions, context: ExecutorContext): Promise<{ success: boolean }> {
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
