import { DmsError } from '@dms/diagnostics';

/** The error with which `action` is refused. Throws other errors, and an error if nothing is refused. */
export async function errorOf(action: () => Promise<unknown>): Promise<DmsError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof DmsError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
