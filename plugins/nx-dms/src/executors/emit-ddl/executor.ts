import { emitDdlStep } from '@dms/pipeline';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { runArtifactStep } from '../mapping-set-task.ts';
import type { EmitDdlOptions } from './schema.d.ts';

export default async function run(options: EmitDdlOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runArtifactStep(emitDdlStep, options, context);
}
