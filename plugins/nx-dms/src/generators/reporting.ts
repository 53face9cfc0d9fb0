import { DmsError, formatDiagnostic } from '@dms/diagnostics';

/**
 * Runs a generator so that Nx, which prints the message of an exception, prints the same as for a task: code, file and
 * place.
 */
export async function reporting<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DmsError) error.message = error.diagnostics.map((entry) => formatDiagnostic(entry)).join('\n');
    throw error;
  }
}
