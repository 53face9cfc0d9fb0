import type { ExecutorContext } from 'nx/src/devkit-exports';
import { isCached, runTask } from '../task.ts';
import type { SchemaOptions } from '../task-options.ts';
import { normalize } from './normalize.ts';

export default async function run(options: SchemaOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  const { root, projectName = '', targetName = '' } = context;
  return runTask(context, () => normalize(options, { root, isCached: isCached(context, projectName, targetName) }));
}
