import path from 'node:path';
import { apply } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { UpgradeDbOptions } from '../../schema-options.d.ts';
import { runOnDatabases } from '../database-task.ts';
import { renamesOption, upgradeFolder } from '../mapping-set-task.ts';

export default function run(options: UpgradeDbOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOnDatabases(
    {
      target: 'upgrade-db',
      operation: apply,
      input: (task) => {
        const before = path.join(context.root, upgradeFolder(task));
        const folders = { before, after: task.outputDirectory };
        return { source: undefined, options: { ...folders, ...renamesOption(task, context.root) } };
      },
    },
    options,
    context,
  );
}
