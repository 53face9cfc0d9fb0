import { status } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { runOnDatabases } from '../database-task.ts';
import type { DatabaseTaskOptions } from '../task-options.ts';

export default function run(options: DatabaseTaskOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOnDatabases(
    { target: 'status-db', operation: status, input: () => ({ source: undefined }) },
    options,
    context,
  );
}
