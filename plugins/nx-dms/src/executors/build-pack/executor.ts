import { buildPackStep } from '@dms/pipeline';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { runArtifactStep } from '../mapping-set-task.ts';
import type { BuildPackOptions } from './schema.d.ts';

export default async function run(options: BuildPackOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runArtifactStep(buildPackStep, options, context);
}
