import { type Diagnostic, DmsError } from '@dms/diagnostics';

/** What a step throws when it stops; fails when it does not stop. */
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
