import { append, type Diagnostic } from '@dms/diagnostics';
import { findDatabase, fleetTasks, provisionDatabase, provisionedLines } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { ProvisionDbOptions } from '../../schema-options.d.ts';
import { artifactsOfTask, databaseOfFleet, outcomeLine, requireDatabase, runOnDatabases } from '../database-task.ts';
import { readMappingSetTask } from '../mapping-set-task.ts';
import { printLine, runTask } from '../task.ts';

export default function run(options: ProvisionDbOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return databaseOfFleet(options) === undefined ? provisionNamed(options, context) : provisionOfFleet(options, context);
}

/** Provisions a database of the fleet; skips it if it is already provisioned. */
function provisionOfFleet(options: ProvisionDbOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOnDatabases(
    {
      target: 'provision-db',
      purpose: 'provision',
      prepare: (dialect, task) => fleetTasks.provision.prepare({ source: artifactsOfTask(task, options) }, dialect, {}),
      linesOf: (database, result) => [outcomeLine(database, result)],
    },
    options,
    context,
  );
}

/** Provisions the database that `dms.json` or an option names for each dialect. */
function provisionNamed(options: ProvisionDbOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(context, async () => {
    const task = await readMappingSetTask('provision-db', options, context);
    await requireDatabase(options, task, context);
    const { file, mappingSet, dialects, keptDialects, outputDirectory } = task;
    const { connectionEnv, connectionFile } = options;
    const runs = dialects.map((dialect) => ({
      dialect,
      sources: { connectionEnv, connectionFile, project: mappingSet.databases[dialect] },
      projectFile: file,
      environment: process.env,
      folder: context.root,
      source: { kind: 'artifacts', folder: outputDirectory, isOneOfSeveral: keptDialects.length > 0 } as const,
      onWaiting: (holder: string) => printLine(`Waiting for another provisioner (${holder}).`, context.root),
    }));
    // a mistake about the second database must be found before the first is provisioned
    for (const each of runs) findDatabase(each, 'provision');
    const diagnostics: Diagnostic[] = [];
    for (const each of runs) {
      const provisioned = await provisionDatabase(each);
      append(diagnostics, provisioned.diagnostics);
      // at once, because it is done even if the next one fails
      for (const line of provisionedLines(provisioned)) printLine(line, context.root);
    }
    return { lines: [], diagnostics };
  });
}
