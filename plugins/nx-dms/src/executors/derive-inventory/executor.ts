import { deriveInventoryStep } from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import type { DeriveInventoryOptions } from '../../schema-options.d.ts';
import { runArtifactStep } from '../mapping-set-task.ts';

export default async function run(options: DeriveInventoryOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runArtifactStep(deriveInventoryStep, options, context);
}
