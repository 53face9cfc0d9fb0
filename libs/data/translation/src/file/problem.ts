import type { DiagnosticCode } from '@dms/diagnostics';

/** A finding of the check of a translation (design 20 §4). */
export interface Problem {
  readonly code: DiagnosticCode;
  /** The rules that the problem concerns; empty if it concerns none. */
  readonly rules: readonly string[];
  readonly place: string;
  readonly text: string;
}

export const problem = (
  code: DiagnosticCode,
  rule: string | readonly string[],
  place: string,
  text: string,
): Problem => ({ code, rules: typeof rule === 'string' ? (rule === '' ? [] : [rule]) : rule, place, text });
