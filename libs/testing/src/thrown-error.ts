import { DmsError } from '@dms/diagnostics';

/** The refusal of `action`. Throws other errors, and an error where nothing is refused. */
export async function errorOf(action: () => Promise<unknown>): Promise<DmsError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof DmsError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
