import type { BatchExecutorTaskResult } from 'nx/src/config/misc-interfaces';
import type { ExecutorContext, TaskGraph } from 'nx/src/devkit-exports';
import { isCached, type Projects, reportTask, type Task } from '../task.ts';
import type { SchemaOptions } from '../task-options.ts';
import { normalize } from './normalize.ts';

/**
 * Normalizes many schemas in one process: starting one costs more than the work (design 10 §7). Nx prints
 * `terminalOutput` and caches it with the result. So it must equal the text of a separate run, and nothing is printed
 * here.
 */
export default async function* runBatch(
  { tasks }: TaskGraph,
  optionsByTask: Readonly<Record<string, SchemaOptions>>,
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

async function runOne(options: SchemaOptions, task: Task, projects: Projects) {
  const { root, project, target } = task;
  try {
    const work = () => normalize(options, { root, isCached: isCached(projects, project, target) });
    const { success, problems, lines } = await reportTask(task, work);
    return { success, text: [...problems, ...lines].map((line) => `${line}\n`).join('') };
  } catch (error) {
    // A bug. If thrown, it would fail all other tasks too.
    return { success: false, text: `${error instanceof Error ? error.stack : error}\n` };
  }
}
