import { type Diagnostic, DmsError } from './diagnostic.ts';
import type { Redact } from './secret.ts';

/** Redacts the message, stack and causes of a program error; they are printed and may contain texts of a driver. */
function redactedError(error: Error, redact: Redact): Error {
  error.message = redact(error.message);
  if (error.stack !== undefined) error.stack = redact(error.stack);
  if (error.cause instanceof Error) redactedError(error.cause, redact);
  return error;
}

/**
 * An error from work on a database, without secrets (design 09 §1.3). The diagnostics of a `DmsError` contain none;
 * earlier warnings are appended to them.
 */
export function withoutSecrets(error: unknown, redact: Redact, warnings: readonly Diagnostic[]): unknown {
  if (error instanceof DmsError) {
    const [first, ...rest] = error.diagnostics;
    return new DmsError([first, ...rest, ...warnings]);
  }
  return error instanceof Error ? redactedError(error, redact) : new Error(redact(String(error)));
}
