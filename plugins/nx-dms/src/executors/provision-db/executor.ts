import { provision } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { artifactsOfTask, runOnDatabases } from '../database-task.ts';
import type { DatabaseTaskOptions } from '../task-options.ts';

export default function run(options: DatabaseTaskOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOnDatabases(
    {
      target: 'provision-db',
      operation: provision,
      input: (task) => ({ source: artifactsOfTask(task, options) }),
      isCommand: true,
    },
    options,
    context,
  );
}
