import path from 'node:path';
import { failIfAny } from '@dms/diagnostics';
import { normalizeSchema, type StepResult } from '@dms/pipeline';
import { conflictDiagnostics } from '../../conflicts.ts';
import type { NormalizeSchemaOptions } from './schema.d.ts';

/** The work of one task, alone or in a batch; `root` is the folder of the workspace. */
export async function normalize({ source, output, others = [] }: NormalizeSchemaOptions, root: string): Promise<StepResult> {
  failIfAny(conflictDiagnostics(source, others, path.posix.dirname(output)));
  return normalizeSchema({ source: path.join(root, source), name: source, output: path.join(root, output) });
}
