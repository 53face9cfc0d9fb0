import { type DetailValue, type Diagnostic, type DiagnosticLocation, DmsError } from './diagnostic.ts';
import type { Redact } from './hide-secrets.ts';

function redacted(value: DetailValue, redact: Redact): DetailValue {
  if (typeof value === 'string') return redact(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((entry: DetailValue) => redacted(entry, redact));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, redacted(member, redact)]));
}

/** A diagnostic whose texts contain no secret. */
export function redactedDiagnostic({ message, where, details, ...rest }: Diagnostic, redact: Redact): Diagnostic {
  return {
    ...rest,
    message: redact(message),
    where: redacted({ ...where } as DetailValue, redact) as DiagnosticLocation,
    details: redacted(details, redact) as Diagnostic['details'],
  };
}

/** An error of the program is printed with its stack and its cause. */
function redactedError(error: Error, redact: Redact): Error {
  error.message = redact(error.message);
  if (error.stack !== undefined) error.stack = redact(error.stack);
  if (error.cause instanceof Error) redactedError(error.cause, redact);
  return error;
}

/**
 * Whatever was thrown, without secrets (design 09 §1.3, 3); the warnings that came before it are reported with it,
 * after its own diagnostics.
 */
export function withoutSecrets(error: unknown, redact: Redact, warnings: readonly Diagnostic[]): unknown {
  if (error instanceof DmsError) {
    const [first, ...rest] = error.diagnostics;
    const others = [...rest, ...warnings].map((entry) => redactedDiagnostic(entry, redact));
    return new DmsError([redactedDiagnostic(first, redact), ...others]);
  }
  return error instanceof Error ? redactedError(error, redact) : new Error(redact(String(error)));
}
