import { status } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { StatusDbOptions } from '../../schema-options.d.ts';
import { runOnDatabases } from '../database-task.ts';

export default function run(options: StatusDbOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOnDatabases({ target: 'status-db', operation: status, input: () => ({ source: undefined }) }, options, context);
}
