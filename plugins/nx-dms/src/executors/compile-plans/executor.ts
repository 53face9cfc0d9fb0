import { compilePlansStep } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { CompilePlansOptions } from '../../schema-options.d.ts';
import { runArtifactStep } from '../mapping-set-task.ts';

export default async function run(options: CompilePlansOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runArtifactStep(compilePlansStep, options, context);
}
