import type { Diagnostic } from '@dms/diagnostics';

/** One step of a long piece of work: for people, for the line of a fleet, and for machines where they are reported. */
export interface StepNote {
  readonly text: string;
  /** Without the object that the step is about. */
  readonly short?: string | undefined;
  readonly value?: Readonly<Record<string, unknown>> | undefined;
}

/** A question with answers to choose from. */
export interface Question {
  readonly text: string;
  readonly answers: readonly { readonly value: string; readonly label: string; readonly hint?: string }[];
  /** What is chosen at first. */
  readonly chosen: readonly string[];
  /** Whether several answers can be chosen, at least one; otherwise it is exactly one. */
  readonly several: boolean;
}

/** What an operation tells while it runs, and the signal that ends it. It is passed on whole. */
export interface Context {
  /** Ends the operation when it is aborted; a database is then unchanged. */
  readonly signal?: AbortSignal | undefined;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
  /** Called with how far a part is. */
  readonly onCount?: ((text: string) => void) | undefined;
  /** Called when another session holds what is needed. */
  readonly onWaiting?: ((holder: string) => void) | undefined;
  readonly onStep?: ((note: StepNote) => void) | undefined;
  /** Called with what people should know at once. */
  readonly onNotice?: ((text: string) => void) | undefined;
  /** Called with where to look next. */
  readonly onHint?: ((text: string) => void) | undefined;
  /** Called with what must be known before the work goes on; without it, warnings are in the result. */
  readonly onWarning?: ((warning: Diagnostic) => void) | undefined;
  /** Asks somebody, and returns what was chosen; absent where nobody can answer. */
  readonly onQuestion?: ((question: Question) => Promise<readonly string[]>) | undefined;
  /** Shows a file to people, in the program that they use for it. */
  readonly onOpen?: ((file: string) => Promise<void>) | undefined;
  /** Called with lines of the result that are not kept. */
  readonly onLines?: ((lines: readonly string[]) => void) | undefined;
}
