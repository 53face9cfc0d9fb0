import { deriveInventoryStep } from '@dms/pipeline';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { runArtifactStep } from '../mapping-set-task.ts';
import type { DeriveInventoryOptions } from './schema.d.ts';

export default async function run(options: DeriveInventoryOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runArtifactStep(deriveInventoryStep, options, context);
}
