import { fleetTasks, type StatusResult } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { StatusDbOptions } from '../../schema-options.d.ts';
import { outcomeLine, runOnDatabases } from '../database-task.ts';

export default function run(options: StatusDbOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOnDatabases<StatusResult>(
    {
      target: 'status-db',
      purpose: 'check',
      prepare: (dialect) => fleetTasks.upgradeStatus.prepare({}, dialect, {}),
      linesOf: (database, result) => [outcomeLine(database, result)],
    },
    options,
    context,
  );
}
