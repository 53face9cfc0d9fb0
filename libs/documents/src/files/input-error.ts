import { DmsError, diagnostic } from '@dms/diagnostics';

/** A failure to read a file as a diagnostic: `INPUT_FILE_NOT_FOUND`, `INPUT_FILE_UNREADABLE`. Anything else stays what it is. */
export function inputError(error: unknown, file: string): unknown {
  if (error instanceof DmsError || !(error instanceof Error) || !('code' in error)) return error;
  const cause = String(error.code);
  const [code, text] =
    cause === 'ENOENT'
      ? (['INPUT_FILE_NOT_FOUND', `${file} does not exist; check the path.`] as const)
      : (['INPUT_FILE_UNREADABLE', `${file} cannot be read (${cause}).`] as const);
  return new DmsError([diagnostic(code, text, { file }, { path: file, cause })]);
}
