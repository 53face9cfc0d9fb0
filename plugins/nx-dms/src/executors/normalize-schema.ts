import path from 'node:path';
import { fail, failIfAny } from '@dms/diagnostics';
import { artifactFile, normalizeSchemaInFolder, type StepResult, sourceSpelling } from '@dms/operations';
import type { BatchExecutorTaskResult } from 'nx/src/config/misc-interfaces';
import type { ExecutorContext, TaskGraph } from 'nx/src/devkit-exports';
import { conflictDiagnostics } from '../conflicts.ts';
import { normalizedFile } from '../schema-projects.ts';
import { linkOfCachedTask, linkOnTheWay } from '../unseen-files.ts';
import { isCached, type Projects, reportTask, runTask, type Task } from './task.ts';
import type { SchemaTaskOptions } from './task-options.ts';

/** Normalizes one schema, as a task. */
export function normalizeSchema(options: SchemaTaskOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  const { root, projectName = '', targetName = '' } = context;
  return runTask(context, () => normalize(options, { root, isCached: isCached(context, projectName, targetName) }));
}

/**
 * The work of one task, alone or in a batch; `root` is the folder of the workspace; `isCached` says whether Nx caches
 * the result.
 */
async function normalize(
  { source, output = normalizedFile(source), others = [], namesakes = [] }: SchemaTaskOptions,
  { root, isCached }: { readonly root: string; readonly isCached: boolean },
): Promise<StepResult> {
  const folder = path.posix.dirname(output);
  const link = isCached ? linkOnTheWay(root, source) : undefined;
  const misspelt = sourceSpelling(root, source);
  failIfAny([
    ...conflictDiagnostics(source, { others, namesakes }, folder),
    ...(link === undefined ? [] : [linkOfCachedTask(link)]),
    ...(misspelt === undefined ? [] : [misspelt]),
  ]);
  const expected = `${folder}/${artifactFile('normalizedSchema')}`;
  if (output !== expected) {
    // Only if the option was set by hand: the steps of a mapping set expect this name.
    fail('CONFIG_INVALID', `The option "output" is ${output}; expected ${expected}.`, { file: output }, { expected });
  }
  const outputDirectory = path.join(root, folder);
  return normalizeSchemaInFolder({ source: path.join(root, source), name: source, outputDirectory });
}

/**
 * Normalizes many schemas in one process, because starting a process costs more than the work (design 10 §7). Nx prints
 * `terminalOutput` and caches it with the result. So it must equal the text of a separate run, and nothing is printed
 * here.
 */
export async function* normalizeSchemas(
  { tasks }: TaskGraph,
  optionsByTask: Readonly<Record<string, SchemaTaskOptions>>,
  _overrides: unknown,
  { root, ...projects }: Pick<ExecutorContext, 'root'> & Projects,
): AsyncGenerator<BatchExecutorTaskResult> {
  for (const [id, { target }] of Object.entries(tasks)) {
    const options = optionsByTask[id];
    if (!options) throw new Error(`There are no options for ${id}.`);
    const startTime = Date.now();
    const { success, text } = await runOne(options, { root, project: target.project, target: target.target }, projects);
    yield { task: id, result: { success, terminalOutput: text, startTime, endTime: Date.now() } };
  }
}

async function runOne(options: SchemaTaskOptions, task: Task, projects: Projects) {
  const { root, project, target } = task;
  try {
    const work = () => normalize(options, { root, isCached: isCached(projects, project, target) });
    const { success, diagnostics, lines } = await reportTask(task, work);
    return { success, text: [...diagnostics, ...lines].map((line) => `${line}\n`).join('') };
  } catch (error) {
    // A bug; throwing it would fail all other tasks too.
    return { success: false, text: `${error instanceof Error ? error.stack : error}\n` };
  }
}
