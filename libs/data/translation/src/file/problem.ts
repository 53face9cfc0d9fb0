import type { DiagnosticCode } from '@dms/diagnostics';

/** What a check of a translation found (design 20 §4). */
export interface Problem {
  readonly code: DiagnosticCode;
  /** The rules that it is about; empty if it is about none. */
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
