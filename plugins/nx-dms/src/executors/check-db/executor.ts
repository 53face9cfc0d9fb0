import { type CheckResult, fleetFindingLines, fleetFindings, fleetTasks } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { CheckDbOptions } from '../../schema-options.d.ts';
import { artifactsOfTask, outcomeLine, runOnDatabases } from '../database-task.ts';

export default function run(options: CheckDbOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOnDatabases<CheckResult>(
    {
      target: 'check-db',
      purpose: 'check',
      prepare: (dialect, task) => fleetTasks.check.prepare({ source: artifactsOfTask(task, options) }, dialect, {}),
      linesOf: (database, result) => {
        const findings = fleetFindings([{ name: database.name, labels: {}, differences: result.diff.differences }]);
        return [outcomeLine(database, result), ...fleetFindingLines(findings)];
      },
    },
    options,
    context,
  );
}
