import path from 'node:path';
import { fleetTasks } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { UpgradeDbOptions } from '../../schema-options.d.ts';
import { outcomeLine, runOnDatabases } from '../database-task.ts';
import { renamesOption, upgradeFolder } from '../mapping-set-task.ts';

export default function run(options: UpgradeDbOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOnDatabases(
    {
      target: 'upgrade-db',
      purpose: 'check',
      prepare: (dialect, task) => {
        const before = path.join(context.root, upgradeFolder(task));
        return fleetTasks.upgradeApply.prepare(
          { before, after: task.outputDirectory, ...renamesOption(task, context.root) },
          dialect,
          {},
        );
      },
      linesOf: (database, result) => [outcomeLine(database, result)],
    },
    options,
    context,
  );
}
