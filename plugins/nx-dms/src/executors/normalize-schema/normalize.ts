import path from 'node:path';
import { fail, failIfAny } from '@dms/diagnostics';
import { artifactFile, normalizeSchema, type StepResult } from '@dms/operations';
import { conflictDiagnostics } from '../../conflicts.ts';
import { linkOfCachedTask, linkOnTheWay } from '../../linked-files.ts';
import { normalizedFile } from '../../schema-projects.ts';
import type { SchemaOptions } from '../task-options.ts';

/**
 * The work of one task, alone or in a batch; `root` is the folder of the workspace; `isCached` says whether Nx caches
 * the result.
 */
export async function normalize(
  { source, output = normalizedFile(source), others = [], namesakes = [] }: SchemaOptions,
  { root, isCached }: { readonly root: string; readonly isCached: boolean },
): Promise<StepResult> {
  const folder = path.posix.dirname(output);
  const link = isCached ? linkOnTheWay(root, source) : undefined;
  failIfAny([
    ...conflictDiagnostics(source, { others, namesakes }, folder),
    ...(link === undefined ? [] : [linkOfCachedTask(link)]),
  ]);
  const expected = `${folder}/${artifactFile('normalizedSchema')}`;
  if (output !== expected) {
    // Only if the option was set by hand: the steps of a mapping set look for this name.
    fail('CONFIG_INVALID', `The option "output" is ${output}; expected ${expected}.`, { file: output }, { expected });
  }
  return normalizeSchema({ source: path.join(root, source), name: source, outputDirectory: path.join(root, folder) });
}
