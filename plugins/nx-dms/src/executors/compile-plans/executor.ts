import { compilePlansStep } from '@dms/pipeline';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { runArtifactStep } from '../mapping-set-task.ts';
import type { CompilePlansOptions } from './schema.d.ts';

export default async function run(options: CompilePlansOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runArtifactStep(compilePlansStep, options, context);
}
