import type { ExecutorContext } from 'nx/src/devkit-exports';
import { runTask } from '../task.ts';
import { normalize } from './normalize.ts';
import type { NormalizeSchemaOptions } from './schema.d.ts';

export default async function run(options: NormalizeSchemaOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(context, () => normalize(options, context.root));
}
