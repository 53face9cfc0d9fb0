import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { counted, type Diagnostic, DmsError, failIfAny, formatDiagnostic, printableLines } from '@dms/diagnostics';
import { fileSystemError } from '@dms/files';
import { expectShortRun, type StepResult, sourcePositions } from '@dms/operations';
import { hashStart } from '@dms/values';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { unknownConfiguration } from '../asked-targets.ts';

/** A task of Nx, from the point of view of an executor. */
export interface Task {
  /** The absolute folder of the workspace. */
  readonly root: string;
  readonly project: string;
  readonly target: string;
}

/**
 * The report of a finished task. It is the same whether the task ran alone or in a batch, because Nx caches it with the
 * result.
 */
interface TaskReport {
  readonly success: boolean;
  /** Errors, warnings and notes. */
  readonly diagnostics: readonly string[];
  /** The results of the work. */
  readonly lines: readonly string[];
}

/** The part of the context of Nx that an executor needs. */
interface TaskContext {
  readonly root: string;
  readonly projectName?: string;
  readonly targetName?: string;
  /**
   * The requested configuration, even if the target does not have it; Nx itself ignores a configuration that a target
   * lacks.
   */
  readonly configurationName?: string;
  readonly projectsConfigurations: ExecutorContext['projectsConfigurations'];
}

/** Whether Nx caches the result of a task. */
export function isCached({ projectsConfigurations }: Projects, project: string, target: string): boolean {
  return projectsConfigurations.projects[project]?.targets?.[target]?.cache === true;
}

/** The projects of the workspace known to Nx. */
export type Projects = Pick<ExecutorContext, 'projectsConfigurations'>;

/** Prints a line at once, before the report. */
export const printLine = (line: string, root: string): void => console.log(lineText(line, root));

/** A line of a report: without control sequences of a terminal, and with paths relative to the workspace. */
const lineText = (line: string, root: string): string => printableLines(line).replaceAll(`${root}${path.sep}`, '');

/** Runs the work of an executor and prints its report; tells Nx whether it succeeded. */
export async function runTask(context: TaskContext, work: () => Promise<WorkResult>): Promise<{ success: boolean }> {
  expectShortRun();
  const { root, projectName = '', targetName = '' } = context;
  const { success, diagnostics, lines } = await reportTask({ root, project: projectName, target: targetName }, () => {
    refuseUnknownConfiguration(context);
    return work();
  });
  for (const entry of diagnostics) console.error(entry);
  for (const line of lines) console.log(line);
  return { success };
}

/** Throws `TASK_CONFIGURATION_UNKNOWN` if a program runs the target with a configuration that it does not have. */
function refuseUnknownConfiguration(context: TaskContext): void {
  const {
    projectName: project = '',
    targetName: target = '',
    configurationName: configuration,
    projectsConfigurations,
  } = context;
  const targets = projectsConfigurations.projects[project]?.targets ?? {};
  const unknown = unknownConfiguration({ project, target, configuration }, targets);
  failIfAny(unknown === undefined ? [] : [unknown]);
}

/**
 * The result of the work of a task: the result of a step with its diagnostics, or lines to print in place of its
 * artifacts.
 */
export type WorkResult =
  | (StepResult & { readonly report?: readonly string[] })
  | (Pick<StepResult, 'diagnostics'> & {
      readonly lines: readonly string[];
      /** Reasons for which the task fails although its work is done. */
      readonly failures?: readonly Diagnostic[];
    });

/**
 * Runs the work of a task. Reports mistakes of the user and throws bugs. The report does not depend on the machine:
 * paths are relative to the workspace, and it has no times (design 10 §7).
 */
export async function reportTask(task: Task, work: () => Promise<WorkResult>): Promise<TaskReport> {
  trace(task);
  try {
    const result = await work();
    const diagnostics = result.diagnostics.map((entry) => diagnosticText(entry, task.root));
    if ('lines' in result) {
      const failures = (result.failures ?? []).map((entry) => diagnosticText(entry, task.root));
      return {
        success: failures.length === 0,
        diagnostics: [...diagnostics, ...failures],
        lines: result.lines.map((line) => lineText(line, task.root)),
      };
    }
    const lines = result.artifacts.map(({ file, bytes, sha256 }) => {
      return `${path.relative(task.root, file).split(path.sep).join('/')}  ${counted(bytes, 'byte')}  ${hashStart(sha256)}`;
    });
    return {
      success: true,
      diagnostics,
      lines: [...(result.report ?? []), ...lines].map((line) => lineText(line, task.root)),
    };
  } catch (error) {
    const known = error instanceof DmsError ? error : fileSystemError(error);
    if (known === undefined) throw error;
    // Only for a failing task, which is not cached: a cached warning may be replayed after the lines of its file have
    // moved.
    const { locate } = sourcePositions({ folder: task.root });
    return {
      success: false,
      diagnostics: known.diagnostics.map((entry) => diagnosticText(locate(entry), task.root)),
      lines: [],
    };
  }
}

/** Writes a trace for tests of the tasks that really ran, because the output of Nx changes between versions. */
function trace({ project, target }: Task): void {
  const file = process.env.NX_DMS_TRACE;
  if (file) appendFileSync(file, `${project}:${target}\n`);
}

function diagnosticText(entry: Diagnostic, root: string): string {
  return formatDiagnostic(entry).replaceAll(`${root}${path.sep}`, '');
}
