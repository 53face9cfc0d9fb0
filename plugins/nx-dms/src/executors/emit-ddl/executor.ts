import { emitDdlStep } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { EmitDdlOptions } from '../../schema-options.d.ts';
import { runArtifactStep } from '../mapping-set-task.ts';

export default async function run(options: EmitDdlOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runArtifactStep(emitDdlStep, options, context);
}
