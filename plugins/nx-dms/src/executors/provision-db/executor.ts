import { append, type Diagnostic } from '@dms/diagnostics';
import { findDatabase, optionValues, provision, runOnDatabase } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { artifactsOfTask, databaseOfFleet, requireDatabase, runOnDatabases } from '../database-task.ts';
import { readMappingSetTask } from '../mapping-set-task.ts';
import { printLine, runTask } from '../task.ts';
import type { DatabaseTaskOptions } from '../task-options.ts';

export default function run(options: DatabaseTaskOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  if (databaseOfFleet(options) === undefined) return provisionNamed(options, context);
  return runOnDatabases(
    { target: 'provision-db', operation: provision, input: (task) => ({ source: artifactsOfTask(task, options) }) },
    options,
    context,
  );
}

/** Provisions the database that `dms.json` or an option names for each dialect. */
function provisionNamed(options: DatabaseTaskOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(context, async () => {
    const task = await readMappingSetTask('provision-db', options, context);
    await requireDatabase(options, task, context);
    const { connectionEnv, connectionFile } = options;
    const runs = task.dialects.map((dialect) => ({
      dialect,
      sources: { connectionEnv, connectionFile, project: task.mappingSet.databases[dialect] },
      projectFile: task.file,
      environment: process.env,
      folder: context.root,
    }));
    // a mistake about the second database must be found before the first is provisioned
    for (const each of runs) findDatabase(each, 'provision');
    const diagnostics: Diagnostic[] = [];
    const onWaiting = (holder: string) => printLine(`Waiting for another provisioner (${holder}).`, context.root);
    for (const { dialect, ...place } of runs) {
      const input = {
        dialect,
        source: artifactsOfTask(task, options),
        options: optionValues(provision, { ...options }),
      };
      const provisioned = await runOnDatabase(provision, input, place, { onWaiting });
      append(diagnostics, provisioned.diagnostics);
      // at once, because it is done even if the next one fails
      for (const line of provision.lines(provisioned, input)) printLine(line, context.root);
    }
    return { lines: [], diagnostics };
  });
}
