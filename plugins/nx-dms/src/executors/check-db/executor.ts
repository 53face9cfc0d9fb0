import { check, fleetFindingLines, fleetFindings } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { CheckDbOptions } from '../../schema-options.d.ts';
import { artifactsOfTask, runOnDatabases } from '../database-task.ts';

export default function run(options: CheckDbOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOnDatabases(
    {
      target: 'check-db',
      operation: check,
      input: (task) => ({ source: artifactsOfTask(task, options) }),
      linesOf: ({ name }, { differences }) => fleetFindingLines(fleetFindings([{ name, labels: {}, differences }])),
    },
    options,
    context,
  );
}
