import path from 'node:path';
import { apply } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { runOnDatabases } from '../database-task.ts';
import { folderOf, renamesOption } from '../mapping-set-task.ts';
import type { DatabaseTaskOptions } from '../task-options.ts';

export default function run(options: DatabaseTaskOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOnDatabases(
    {
      target: 'upgrade-db',
      operation: apply,
      input: (task) => {
        const before = path.join(context.root, folderOf(task, 'upgradeFrom'));
        const folders = { before, after: task.outputDirectory };
        return { source: undefined, options: { ...folders, ...renamesOption(task) } };
      },
    },
    options,
    context,
  );
}
