import { type Diagnostic, DiagnosticCollector, failIfAny } from '@dms/diagnostics';

/** Throws the first mistake instead of collecting it, for specs of a single rule. */
class FailFast extends DiagnosticCollector {
  override add(diagnostics: readonly Diagnostic[]): void {
    failIfAny(diagnostics);
  }

  override attempt<Result>(work: () => Result): Result {
    return work();
  }
}

export const failFast: DiagnosticCollector = new FailFast();
