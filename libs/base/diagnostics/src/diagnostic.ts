import { type DiagnosticClass, type DiagnosticCode, diagnosticClasses } from './catalogue.ts';

/** A value in the details of a diagnostic; always JSON. */
export type DetailValue =
  | string
  | number
  | boolean
  | null
  | readonly DetailValue[]
  | { readonly [name: string]: DetailValue };

/** The place of a diagnostic: a file, a resource (`ProjectName:ResourceName`) and a JSONPath or mapping key in it. */
export interface DiagnosticLocation {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly resource?: string | undefined;
  readonly path?: string | undefined;
}

/** One finding with a stable code; `message` is one sentence with the fault and the remedy. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly class: DiagnosticClass;
  readonly message: string;
  readonly where: DiagnosticLocation;
  readonly details: { readonly [name: string]: DetailValue };
}

/** Makes a diagnostic; its class follows from its code. */
export function diagnostic(
  code: DiagnosticCode,
  message: string,
  where: DiagnosticLocation = {},
  details: { readonly [name: string]: DetailValue } = {},
): Diagnostic {
  return { code, class: diagnosticClasses[code], message, where, details };
}

/** Stops a step: one or more diagnostics, reported together. `code` is the code of the first. */
export class DmsError extends Error {
  readonly diagnostics: readonly [Diagnostic, ...Diagnostic[]];

  constructor(diagnostics: readonly [Diagnostic, ...Diagnostic[]]) {
    // whoever catches an error prints this text
    super(diagnostics.map((entry) => `${entry.code}: ${entry.message}`).join('\n'));
    this.name = 'DmsError';
    this.diagnostics = diagnostics;
  }

  get code(): DiagnosticCode {
    return this.diagnostics[0].code;
  }
}

/** Throws one diagnostic as a `DmsError`. */
export function fail(
  code: DiagnosticCode,
  message: string,
  where: DiagnosticLocation = {},
  details: { readonly [name: string]: DetailValue } = {},
): never {
  throw new DmsError([diagnostic(code, message, where, details)]);
}

/** Throws all `diagnostics` if there is at least one. */
export function failIfAny(diagnostics: readonly Diagnostic[]): void {
  const [first, ...rest] = diagnostics;
  if (first) throw new DmsError([first, ...rest]);
}
