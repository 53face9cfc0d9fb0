import { emitCommentsStep } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { runArtifactStep } from '../mapping-set-task.ts';
import type { MappingSetOptions } from '../task-options.ts';

export default async function run(options: MappingSetOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runArtifactStep(emitCommentsStep, options, context);
}
