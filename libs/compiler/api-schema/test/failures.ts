import { type Diagnostic, DmsError } from '@dms/diagnostics';

/** Returns the error that a step throws; fails if it throws none. */
export function failureOf(run: () => unknown): DmsError {
  try {
    run();
  } catch (error) {
    if (error instanceof DmsError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

export const failuresOf = (run: () => unknown): readonly Diagnostic[] => failureOf(run).diagnostics;
