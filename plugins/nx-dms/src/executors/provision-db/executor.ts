import type { Diagnostic } from '@dms/diagnostics';
import { findDatabase, provisionDatabase, provisionedLines } from '@dms/pipeline';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { readMappingSetTask } from '../mapping-set-task.ts';
import { runTask } from '../task.ts';
import type { ProvisionDbOptions } from './schema.d.ts';

export default async function run(options: ProvisionDbOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(context, async () => {
    const { file, mappingSet, dialects, spared, outputDirectory } = await readMappingSetTask('provision-db', options, context);
    const { connectionEnv, connectionFile } = options;
    const runs = dialects.map((dialect) => ({
      dialect,
      sources: { connectionEnv, connectionFile, project: mappingSet.databases[dialect] },
      projectFile: file,
      environment: process.env,
      folder: context.root,
      source: { kind: 'artifacts', folder: outputDirectory, isOneOfSeveral: spared.length > 0 } as const,
      onWaiting: (holder: string) => console.log(`Waiting for another provisioner (${holder}).`),
    }));
    // what is wrong with the second must not be found when the first is done
    for (const each of runs) findDatabase(each, 'provision');
    const diagnostics: Diagnostic[] = [];
    for (const each of runs) {
      const provisioned = await provisionDatabase(each);
      diagnostics.push(...provisioned.diagnostics);
      // at once: it is done, whatever happens to the next one
      for (const line of provisionedLines(provisioned)) console.log(line.replace(`${context.root}/`, ''));
    }
    return { lines: [], diagnostics };
  });
}
