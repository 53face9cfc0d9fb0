import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { NormalizeSchemaOptions } from '../../schema-options.d.ts';
import { isCached, runTask } from '../task.ts';
import { normalize } from './normalize.ts';

export default async function run(options: NormalizeSchemaOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  const { root, projectName = '', targetName = '' } = context;
  return runTask(context, () => normalize(options, { root, isCached: isCached(context, projectName, targetName) }));
}
