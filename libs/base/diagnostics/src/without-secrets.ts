import { type Diagnostic, DmsError } from './diagnostic.ts';
import type { Redact } from './secret.ts';

/** An error of the program is printed with its stack and its cause, which may have words of a driver. */
function redactedError(error: Error, redact: Redact): Error {
  error.message = redact(error.message);
  if (error.stack !== undefined) error.stack = redact(error.stack);
  if (error.cause instanceof Error) redactedError(error.cause, redact);
  return error;
}

/**
 * Whatever was thrown in work on a database, without secrets (design 09 §1.3). The diagnostics of a `DmsError` have
 * none; the warnings that came before it are reported after them.
 */
export function withoutSecrets(error: unknown, redact: Redact, warnings: readonly Diagnostic[]): unknown {
  if (error instanceof DmsError) {
    const [first, ...rest] = error.diagnostics;
    return new DmsError([first, ...rest, ...warnings]);
  }
  return error instanceof Error ? redactedError(error, redact) : new Error(redact(String(error)));
}
