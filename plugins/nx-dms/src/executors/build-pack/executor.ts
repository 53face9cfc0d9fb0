import { buildPackStep } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { BuildPackOptions } from '../../schema-options.d.ts';
import { runArtifactStep } from '../mapping-set-task.ts';

export default async function run(options: BuildPackOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runArtifactStep(buildPackStep, options, context);
}
