import { emitCommentsStep } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { EmitCommentsOptions } from '../../schema-options.d.ts';
import { runArtifactStep } from '../mapping-set-task.ts';

export default async function run(options: EmitCommentsOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runArtifactStep(emitCommentsStep, options, context);
}
